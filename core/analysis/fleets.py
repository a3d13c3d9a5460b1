"""How many servers hold the load of a future, of which configuration, and how full they are.

Between re-runs, what one replica carries and how a lone request does on it follow lengths, cached
prompts and the engine's error smoothly; whole replicas and whole servers do not, nor does the
choice of the configuration. So the smooth part is fitted, for every configuration that a run
takes, and the steps are taken anew in every future, by the rule and as the sizing takes them
(``core.choice``, ``venues.pools``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.analysis.curves import Curves, Table, curves_of
from core.analysis.engine_runs import CarryingRun, distance_ms
from core.candidates import key_of
from core.choice import Configurations, Times, chosen, densest
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
    """Accelerators kept busy by the stated load at what further ones carry here, shape (rows,).

    Of the configurations that carry most: what is taken for its latency on the same units, as long
    as these suffice, does not make them more."""


@dataclass(frozen=True)
class Fleet:
    """What an option's servers are made of."""

    workloads: tuple[Curves, ...]
    loads: Floats
    """Busiest hour of each year as stated, requests per second at one site, (workloads, years)."""
    per_unit: int
    """Accelerators in a server or instance."""
    headroom: float
    filled: bool = False
    """The base of a hybrid: no more servers than the work fills."""

    def in_futures(self, places: Floats, load: Floats) -> Held:
        """At places of a ``Response``, with ``load`` a multiple of the stated, (futures, years)."""
        rows = len(places)
        shape = (rows, len(self.workloads))
        taken, used, lone = np.zeros(shape, dtype=np.int64), np.ones(shape), np.zeros(shape)
        replicas, capacities = [], []
        asked = [
            _configurations(curves, places[:, 1:], load * stated)
            for curves, stated in zip(self.workloads, self.loads, strict=True)
        ]
        if any(len(curves.sizes) > 1 for curves in self.workloads):
            taken = self._taken(asked, load.shape[1])
        for workload, (known, stated) in enumerate(zip(asked, self.loads, strict=True)):
            which = taken[:, workload]
            lone[:, workload] = known.lone[np.arange(rows), which]
            capacity = known.capacity.rows(np.arange(rows) * len(known.sizes) + which)
            capacities.append(capacity)
            replicas.append(_whole(capacity, load * stated * (1.0 + self.headroom)))
        units, held = self._packed(taken, replicas)
        work = np.zeros(rows)
        for workload, (capacity, stated) in enumerate(zip(capacities, self.loads, strict=True)):
            count = held[workload]
            share = load * stated / np.maximum(capacity.together_each(count), 1e-30)
            used[:, workload] = share.max(axis=1)
            work += stated.sum() * asked[workload].least_work
        return Held(np.maximum.accumulate(units, axis=1), taken, used, lone, work)

    def _taken(self, asked: Sequence[Configurations], years: int) -> Ints:
        """The configuration of each workload, (futures, workloads)."""
        if self.filled:
            return densest(asked, self.per_unit)
        times = Times(np.ones(years, dtype=np.int64), slice(None))
        return chosen(asked, self.per_unit, self.headroom, times)

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


def _configurations(curves: Curves, places: Floats, load: Floats) -> Configurations:
    """Those of one workload in every future, at these loads, (futures, years)."""
    known = curves.at_places(places)
    lone = np.stack([one for one, _carried in known], axis=1)
    begin, slope = np.zeros((2, *lone.shape, len(curves.at)))
    able = np.zeros(lone.shape, dtype=np.bool_)
    for number, (one, carried) in enumerate(known):
        if carried is not None:
            begin[:, number], slope[:, number] = carried.begin, carried.slope
            able[:, number] = one < 1.0
    flat = lone.size, len(curves.at)
    shared = SplitCapacity(curves.at, begin.reshape(flat), slope.reshape(flat))
    return Configurations(np.array(curves.sizes), lone, shared, able, load)


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
    # of a hybrid's servings the first are those of its own servers
    base = stated.venue == "hybrid" and servings.start == 0
    fleet = Fleet(tuple(workloads), loads, per_unit, runs.studies[0].headroom, base)
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
