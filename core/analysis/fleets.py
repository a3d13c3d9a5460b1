"""How many servers hold the load of a future, of which configuration, and how full they are.

Between re-runs, what one replica carries and how a lone request does on it follow lengths, cached
prompts and the engine's error smoothly; whole replicas and whole servers do not, nor does the
choice of the configuration that gets most out of them. So the smooth part is fitted, for every
configuration that a run takes, and the steps are taken anew in every future, as the sizing takes
them (``candidates.choose``, ``venues.pools``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.analysis.curves import Curves, Table, curves_of
from core.analysis.engine_runs import CarryingRun, distance_ms
from core.candidates import key_of
from core.performance.splitting import SplitCapacity
from core.performance.types import Floats, Ints
from core.recommendation import Option
from core.venues.sizing import filled
from core.venues.study import Study

ALIKE = 0.2
"""Logarithm by which the load of the runs may differ from what is worked out here, as a mean."""


@dataclass(frozen=True)
class Runs:
    """Where an option was run again, and what was run beside that."""

    studies: Sequence[Study]
    """Of every run, the stated case first."""
    places: Floats
    """Shape (runs, ``PLACES``)."""
    load: Floats
    """Multiples of the stated one, shape (runs, years)."""
    further: Sequence[CarryingRun]
    further_places: Floats


@dataclass(frozen=True)
class Held:
    """An option's workloads on its servers, in runs or futures (rows)."""

    units: Floats
    """Servers or instances of each year at one site, none given back, shape (rows, years)."""
    taken: Ints
    """Configuration of each workload, shape (rows, workloads)."""
    used: Floats
    """Load over capacity in the busiest hour of the busiest year, shape (rows, workloads)."""
    lone: Floats
    """Latency of a lone request over the tightest target, shape (rows, workloads)."""
    work: Floats
    """Accelerators kept busy by the stated load at what further ones carry here, shape (rows,)."""


@dataclass(frozen=True)
class Fleet:
    """What an option's servers are made of."""

    workloads: tuple[Curves, ...]
    loads: Floats
    """Busiest hour of each year as stated, requests per second at one site, (workloads, years)."""
    per_unit: int
    """Accelerators in a server or instance."""
    headroom: float

    def in_futures(self, places: Floats, load: Floats) -> Held:
        """At places of a ``Response``, with ``load`` a multiple of the stated, (futures, years)."""
        rows = len(places)
        shape = (rows, len(self.workloads))
        taken, used, lone = np.zeros(shape, dtype=np.int64), np.ones(shape), np.zeros(shape)
        replicas, capacities = [], []
        for workload, (curves, stated) in enumerate(zip(self.workloads, self.loads, strict=True)):
            known = curves.at_places(places[:, 1:])
            chosen = self._choice(curves.sizes, known, load * stated)
            taken[:, workload] = chosen
            lone[:, workload] = np.stack([one for one, _carried in known])[chosen, np.arange(rows)]
            capacity = _picked([carried for _one, carried in known], chosen)
            capacities.append(capacity)
            replicas.append(_whole(capacity, load * stated * (1.0 + self.headroom)))
        units, held = self._packed(taken, replicas)
        work = np.zeros(rows)
        for workload, (capacity, stated) in enumerate(zip(capacities, self.loads, strict=True)):
            count = held[workload]
            share = load * stated / np.maximum(capacity.together_each(count), 1e-30)
            used[:, workload] = share.max(axis=1)
            sizes = np.array(self.workloads[workload].sizes)[taken[:, workload]]
            work += stated.sum() * sizes / np.maximum(capacity.further, 1e-30)
        return Held(np.maximum.accumulate(units, axis=1), taken, used, lone, work)

    def _choice(
        self,
        sizes: Sequence[int],
        known: Sequence[tuple[Floats, SplitCapacity | None]],
        load: Floats,
    ) -> Ints:
        """As ``candidates.choose``: fewest units, of these the most carried; else the nearest."""
        if len(sizes) == 1:
            return np.zeros(len(load), dtype=np.int64)
        rank = []
        for size, (lone, carried) in zip(sizes, known, strict=True):
            # an able one takes finitely many units; of others the least that misses a target
            cost = 1e12 * (1.0 + np.minimum(lone, 1e3))
            if carried is not None:
                each = max(self.per_unit // size, 1)
                units = -(-_whole(carried, load * (1.0 + self.headroom)) // each)
                most = carried.together_each(units.max(axis=1) * each)
                # what they carry decides only between equal numbers of units
                able = units.sum(axis=1) + 0.5 / (1.0 + most / np.maximum(load.max(axis=1), 1e-30))
                cost = np.where(lone < 1.0, able, cost)
            rank.append(cost)
        return np.asarray(np.argmin(np.stack(rank), axis=0))

    def _packed(self, taken: Ints, replicas: Sequence[Ints]) -> tuple[Ints, list[Ints]]:
        """Servers, and the replicas of each workload when all their accelerators serve."""
        units = np.zeros_like(replicas[0])
        held = [np.ones_like(r) for r in replicas]
        kinds, which = np.unique(taken, axis=0, return_inverse=True)
        for number, kind in enumerate(kinds):
            rows = np.flatnonzero(np.asarray(which).reshape(-1) == number)
            sizes = [c.sizes[i] for c, i in zip(self.workloads, kind.tolist(), strict=True)]
            needed = [r[rows] for r in replicas]
            whole = sum(r * size for r, size in zip(needed, sizes, strict=True))
            units[rows] = -(-np.asarray(whole) // self.per_unit)
            for one, more in zip(
                held, filled(needed, sizes, units[rows], self.per_unit), strict=True
            ):
                one[rows] = more
        return units, held


def _whole(capacity: SplitCapacity, load: Floats) -> Ints:
    """Whole replicas for loads of each row, at least one; a ceiling where none would do."""
    wanted = np.ceil(np.minimum(capacity.replicas_each(load), 1e9) - 1e-9)
    return np.maximum(wanted, 1.0).astype(np.int64)


def _picked(known: Sequence[SplitCapacity | None], chosen: Ints) -> SplitCapacity:
    """Of each row the capacity of its configuration; where that has none, that of another."""
    able = next(c for c in known if c is not None)
    begin, slope = able.begin.copy(), able.slope.copy()
    for number, capacity in enumerate(known):
        if capacity is not None and capacity is not able:
            rows = chosen == number
            begin[rows], slope[rows] = capacity.begin[rows], capacity.slope[rows]
    return SplitCapacity(able.at, begin, slope)


def fleet_of(
    found: Sequence[Option],
    runs: Runs,
    servings: range,
    per_unit: int,
) -> tuple[Fleet, Held] | None:
    """The fleet of some servings of an option as it is (first) and in futures, and these runs.

    ``None`` where it is sized in another way than followed here.
    """
    stated = found[0]
    sites = max(stated.fleet.sites, 1)
    distances = [distance_ms(o, s) for o, s in zip(found, runs.studies, strict=True)]
    further = [distances[0]] * len(runs.further)
    at_rest = np.concatenate([runs.places, runs.further_places])[:, 1:]
    workloads, taken, used, lone = [], [], [], []
    for workload, serving in enumerate(servings):
        served = [option.servings[serving] for option in found]
        if any(s.accelerator_id is None or not s.replicas_by_year for s in served):
            return None
        keys = list(dict.fromkeys(key_of(s) for s in served))
        known = [
            *(study.candidates[workload] for study in runs.studies),
            *(run.candidates[workload] for run in runs.further),
        ]
        tables = [
            Table.of(candidates, distance, served[0].accelerator_id, keys)
            for candidates, distance in zip(known, [*distances, *further], strict=True)
        ]
        curves = curves_of(keys, tables, at_rest)
        if curves is None:
            return None
        workloads.append(curves)
        taken.append([keys.index(key_of(s)) for s in served])
        there = list(zip(tables, taken[-1], served, strict=False))
        used.append([t.used(k, s, sites) for t, k, s in there])
        lone.append([t.lone[k] for t, k, _serving in there])
    loads = np.array([stated.servings[s].peak_req_s_by_year for s in servings]) / sites
    fleet = Fleet(tuple(workloads), loads, per_unit, runs.studies[0].headroom)
    again = fleet.in_futures(runs.places, runs.load)
    held = Held(again.units, np.array(taken).T, np.array(used).T, np.array(lone).T, again.work)
    able = (held.lone < 1.0) & (held.used > 0.0)
    apart = np.log(np.maximum(again.used, 1e-9) / np.where(able, held.used, 1.0))[able]
    if not able.any() or float(np.abs(apart).mean()) > ALIKE:
        return None
    if (again.taken[0] != held.taken[0]).any():
        return None
    # what is worked out here holds for the stated case, so that futures begin at its very scores
    held.used[0], held.lone[0] = again.used[0], again.lone[0]
    return fleet, held
