"""Rented instances of their own for work that can wait: they run only while they are full."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from core.performance.types import Floats, Ints
from core.venues import waiting
from core.venues.demand import Demand
from core.venues.elastic import Elastic, QueuedWork
from core.venues.pools import Pool, Sizing
from core.venues.sizing import replicas_for, servers_for
from core.venues.study import Study


def apart(study: Study, sizing: Sizing, repeated: float) -> Elastic | None:
    """The fleet of a sizing with what can wait on instances of its own; ``None`` without any.

    ``repeated`` is the share of that work that is done again after interruptions. Nor is there
    one where a workload that can wait misses its targets on these instances.
    """
    waits = [pool for pool in sizing.pools if pool.demand.waiting_share]
    if not waits or not all(pool.fits and pool.meets_targets for pool in sizing.pools):
        return None
    key = ("apart", *(id(pool) for pool in sizing.pools), sizing.per_unit, repeated)
    key = (*key, *sizing.spares.tolist())
    if key not in study.pools:
        study.pools[key] = _apart(study, sizing, repeated)
    found: Elastic = study.pools[key]
    return found


def _apart(study: Study, sizing: Sizing, repeated: float) -> Elastic:
    served, hours, running, pools = [], [], [], []
    for pool in sizing.pools:
        done, taken = queued_hours(study, pool, sizing.per_unit, repeated, pool.demand.growth)
        now = _now(study, pool)
        served.append(done)
        hours.append(taken)
        running.append(now)
        pools.append(_pool(pool, now, taken, sizing.per_unit))
    queued = QueuedWork(tuple(served), tuple(hours), repeated)
    sizes = [pool.size for pool in pools]
    units = servers_for(list(zip(running, sizes, strict=True)), sizing.per_unit)
    spares = np.where(units.any(axis=1), sizing.spares, 0)
    fleet = Elastic(sizing, tuple(running), units + spares[:, None], queued)
    needed = fleet.present.max(axis=1) - spares
    held = dataclasses.replace(sizing, pools=tuple(pools), needed=needed, spares=spares)
    return dataclasses.replace(fleet, sizing=held)


def queued_hours(
    study: Study, pool: Pool, per_unit: int, repeated: float, times: Floats
) -> tuple[Floats, Floats]:
    """(requests per second done, instance-hours run) in each hour, shape (years, 168) each.

    ``times`` the first year's work that can wait comes in each year, shape (years,).
    """
    demand = pool.demand
    shape = (study.years, len(demand.hours))
    done = np.zeros(shape)
    work = demand.waiting_hours
    if not work.any():
        return done, done
    each = float(pool.capacity.further) * (per_unit // pool.size) / (1.0 + repeated)
    for year, growth in enumerate(times.tolist()):
        if growth > 0:
            most = math.ceil(demand.queue_level * growth * (1.0 + study.headroom) / each)
            done[year] = waiting.in_full_hours(work * growth, each, most, demand.queue_window_h)
    return done, done / each


def _now(study: Study, pool: Pool) -> Ints:
    """Replicas that serve what cannot wait, shape (years, 168)."""
    demand = pool.demand
    if not demand.fixed_hours.any():
        return np.zeros((study.years, len(demand.hours)), dtype=np.int64)
    load = demand.growth[:, None] * demand.fixed_hours[None, :]
    return replicas_for(load, pool.capacity, study.headroom, demand.least_replicas[:, None])


def _pool(pool: Pool, now: Ints, taken: Floats, per_unit: int) -> Pool:
    """What is told of a pool: the replicas of what cannot wait, else those of the queue."""
    demand: Demand = pool.demand
    if demand.fixed_hours.any():
        only = dataclasses.replace(
            demand, served_hours=demand.growth[:, None] * demand.fixed_hours[None, :]
        )
        return dataclasses.replace(pool, demand=only, replicas=now.max(axis=1))
    most = np.ceil(taken.max(axis=1) - 1e-9).astype(np.int64) * (per_unit // pool.size)
    return dataclasses.replace(pool, replicas=most, full=True)
