"""Replica pools: how many replicas of each workload, on how many units, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.lazy import lazy
from core.performance.splitting import SplitCapacity, split_cv
from core.performance.types import Floats, Ints
from core.records import changed
from core.venues import sizing as packing
from core.venues.chosen import rows_for
from core.venues.demand import Demand
from core.venues.sizing import replicas_for, servers_for
from core.venues.spares import fleet_availability, spares_for, unit_unavailability
from core.venues.study import Study


@dataclass(frozen=True)
class Pool:
    """The replicas of one workload at one site (or in one cloud region)."""

    workload: int
    family: int
    """The first workload served by the same candidates: what the engine says is shared."""
    row: int
    rtt_ms: float
    size: int
    """Accelerators per replica."""
    fits: bool
    meets_targets: bool
    capacity: SplitCapacity
    """What replicas that share the load carry; nothing where the model does not fit."""
    replicas: Ints
    """At the peak of each year, shape (years,)."""
    demand: Demand
    """Of this site, served as these replicas do."""
    full: bool = False
    """Fed from a queue that never lets it idle, one load and no bursts: work that all waits."""

    @lazy
    def _carried(self) -> Floats:
        """What the replicas of each year (one where there is none) carry together, (years,)."""
        return self.capacity.together(np.maximum(self.replicas, 1))

    @lazy
    def _busiest(self) -> int:
        """The year whose busiest hour is nearest to what its replicas carry."""
        return int(np.argmax(self.demand.peak_req_s / np.maximum(self._carried, 1e-30)))

    @lazy
    def peak_req_s(self) -> Floats:
        """Load in the busiest hour of each year, shape (years,), while replicas run."""
        if self.full:
            return np.asarray(self.replicas * self.capacity.further, dtype=np.float64)
        return self.demand.peak_req_s

    @lazy
    def peak_load_req_s(self) -> float:
        """Busiest-hour load per replica in the busiest year."""
        if self.full:
            return float(self.capacity.further)
        year = self._busiest
        return float(self.demand.peak_req_s[year] / max(self.replicas[year], 1))

    @lazy
    def capacity_req_s(self) -> float:
        """Most that each replica of the busiest year carries within the targets."""
        if self.full:
            return float(self.capacity.further)
        year = self._busiest
        return float(self._carried[year] / max(self.replicas[year], 1))

    @lazy
    def busy_accelerators(self) -> Floats:
        """Accelerators that the mean load of each year keeps busy, shape (years,)."""
        mean = self.demand.mean_req_s * self.demand.growth
        each = self._carried / np.maximum(self.replicas, 1)
        return np.asarray(mean / np.maximum(each, 1e-30) * self.size)

    @lazy
    def arrival_cv(self) -> float:
        """Burstiness that each replica of the busiest year sees."""
        if self.full:
            return min(self.demand.arrival_cv, 1.0)
        return float(split_cv(self.demand.arrival_cv, self.replicas[self._busiest]))


@dataclass(frozen=True)
class Sizing:
    """Units (servers, racks or instances) that hold the pools, shape (years,), per site."""

    pools: tuple[Pool, ...]
    per_unit: int
    """Accelerators per unit."""
    needed: Ints
    spares: Ints
    unavailability: float

    @lazy
    def units(self) -> Ints:
        """Needed and spare; owned fleets never shrink, so the running maximum counts."""
        return np.maximum.accumulate(self.needed + self.spares)

    @lazy
    def fits(self) -> bool:
        """Every model fits in memory."""
        return all(pool.fits for pool in self.pools)

    @lazy
    def availability(self) -> float:
        """Worst year's probability that the peak is served."""
        return min(
            fleet_availability(needed, spares, self.unavailability)
            for needed, spares in zip(self.needed.tolist(), self.spares.tolist(), strict=True)
        )


def _pools(
    study: Study,
    accelerator_id: str,
    per_unit: int,
    rtt_ms: float,
    demands: Sequence[Demand],
    *,
    elastic: bool,
    filled: bool,
) -> list[Pool] | None:
    """The best configurations for workloads on these units; ``None`` where one has none."""
    # every venue at the same distance asks for the same pools: chosen once, then looked up
    places = [(i, rtt_ms, float(d.hours[0]), d.peak, study.headroom) for i, d in enumerate(demands)]
    question = (*places, accelerator_id, per_unit, elastic, filled)
    if question not in study.pools:
        rows = rows_for(
            study, accelerator_id, per_unit, rtt_ms, demands, elastic=elastic, filled=filled
        )
        for place, row, demand in zip(places, rows or (), demands, strict=False):
            if (*place, row) not in study.pools:
                study.pools[*place, row] = _pool(study, place[0], row, rtt_ms, demand)
        study.pools[question] = rows and [
            study.pools[*place, row] for place, row in zip(places, rows, strict=True)
        ]
    found: list[Pool] | None = study.pools[question]
    return found


def _pool(study: Study, workload: int, row: int, rtt_ms: float, demand: Demand) -> Pool:
    candidates = study.candidates[workload]
    near = candidates.capacities[rtt_ms]
    capacity = near.sized_on(row)
    fits = bool(candidates.usable[row]) and float(capacity.further) > 0
    replicas = (
        replicas_for(demand.peak_req_s, capacity, study.headroom, demand.least_replicas)
        if fits
        else np.zeros(len(demand.growth), dtype=np.int64)
    )
    return Pool(
        workload=workload,
        family=study.family[workload],
        row=row,
        rtt_ms=rtt_ms,
        size=int(candidates.size[row]),
        fits=fits,
        meets_targets=bool(near.able[row]),
        capacity=capacity,
        replicas=replicas,
        demand=demand,
    )


def size_units(
    study: Study,
    accelerator_id: str,
    per_unit: int,
    rtt_ms: float,
    demands: Sequence[Demand],
    *,
    failures_key: str,
    repair_hours: float,
    elastic: bool = False,
    filled: bool = False,
) -> Sizing | None:
    """Size units for all workloads together; ``None`` where a workload has no configuration.

    ``elastic`` and ``filled`` as of ``chosen.rows_for``.
    """
    pools = _pools(study, accelerator_id, per_unit, rtt_ms, demands, elastic=elastic, filled=filled)
    if pools is None:
        return None
    # servers and instances that hold the same are sized once; the pools live as long as the study
    question = (
        "sizing",
        *(id(pool) for pool in pools),
        per_unit,
        failures_key,
        repair_hours,
        study.assessment.site.availability,
        elastic,
    )
    if question not in study.pools:
        study.pools[question] = pack(
            study,
            pools,
            per_unit,
            failures_key=failures_key,
            repair_hours=repair_hours,
            elastic=elastic,
        )
    found: Sizing = study.pools[question]
    return found


def pack(
    study: Study,
    pools: Sequence[Pool],
    per_unit: int,
    *,
    failures_key: str,
    repair_hours: float,
    elastic: bool = False,
) -> Sizing:
    """Units that hold some pools together, with the spares that the availability asks for.

    Units that stand there, ``elastic`` ones do not, serve work that can wait as it arrives.
    """
    years = study.years
    if not all(pool.fits for pool in pools):
        none = np.zeros(years, dtype=np.int64)
        return Sizing(tuple(pools), per_unit, none, none, 0.0)
    needed = servers_for([(pool.replicas, pool.size) for pool in pools], per_unit)
    down = unit_unavailability(per_unit * study.assume.base(failures_key), repair_hours)
    availability = study.assessment.site.availability
    spares = np.array(
        [spares_for(int(n), down, availability) for n in needed],
        dtype=np.int64,
    )
    held = _filled(study, pools, needed, per_unit, elastic=elastic)
    return Sizing(held, per_unit, needed, spares, down)


def _filled(
    study: Study, pools: Sequence[Pool], units: Ints, per_unit: int, *, elastic: bool
) -> tuple[Pool, ...]:
    """The pools with replicas on every accelerator of the units that their peak needs."""
    more = packing.filled(
        [pool.replicas for pool in pools], [p.size for p in pools], units, per_unit
    )
    found = []
    for pool, replicas in zip(pools, more, strict=True):
        # pools alike stay one pool, so that what is known of one is known of all
        key = ("filled", id(pool), tuple(replicas.tolist()), elastic)
        if key not in study.pools:
            demand = pool.demand.planned
            if not elastic:
                most = pool.capacity.together(replicas.astype(np.float64))
                demand = demand.on_fleet(most / (1.0 + study.headroom))
            same = demand is pool.demand and bool((replicas == pool.replicas).all())
            other = changed(pool, replicas=replicas, demand=demand)
            study.pools[key] = pool, pool if same else other
        found.append(study.pools[key][1])
    return tuple(found)


def replicas_by_hour(pool: Pool, headroom: float) -> Ints:
    """Replicas that an autoscaled pool runs in each hour, shape (years, 168), at least one."""
    loads, _times, index = pool.demand.distinct_hours
    needed = replicas_for(loads, pool.capacity, headroom, 0)[index]
    return np.maximum(needed, pool.demand.least_replicas[:, None])


def utilisation(sizing: Sizing, units: Ints | Floats) -> Floats:
    """Demand over capacity of all accelerators present, average of each year, shape (years,)."""
    busy: Floats = np.zeros(len(units))
    for pool in sizing.pools:
        if pool.fits:
            busy = busy + pool.busy_accelerators
    return np.asarray(busy / np.maximum(units * sizing.per_unit, 1))
