"""The load that an owned base of some units carries, and what is left for the burst."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.performance.types import Floats, Ints
from core.venues import waiting
from core.venues.demand import Demand
from core.venues.pools import Sizing
from core.venues.sizing import parted
from core.venues.study import Study


@dataclass(frozen=True)
class Split:
    """The load that ``units`` of the base carry, and what is left, by pool."""

    units: Ints
    """Owned units in each year, shape (years,)."""
    served: tuple[Floats, ...]
    """Requests per second on the base, shape (years, 168) per pool."""
    above: tuple[Floats, ...]
    """What it cannot serve by the hour, shape (years, 168) per pool."""
    left: tuple[Floats, ...]
    """Work that can wait and that it leaves to a queue of the burst's, over that of the first
    year, shape (years,) per pool; nothing where such work is served by the hour like any other."""
    replicas: tuple[Ints, ...]
    """Replicas on the base, shape (years, 1) per pool."""
    owned_share: float
    """Share of all tokens served on the base over the horizon."""


def split_load(study: Study, sizing: Sizing, base_units: int, *, queue: bool = False) -> Split:
    """Give each pool its share of the base's accelerators and clip its load at what they carry.

    The base holds ``base_units`` in every year that needs as many; the share of a pool is its
    share of the peak's accelerators, in whole replicas (``parted``). With a ``queue`` at the burst
    the base takes as much of the work that can wait as it serves in time, and leaves the rest to
    that.
    """
    units = np.minimum(base_units, sizing.units)
    serving = np.minimum(base_units, sizing.needed)
    whole = serving >= sizing.needed
    pools = sizing.pools
    parts = parted([p.replicas for p in pools], [p.size for p in pools], serving, sizing.per_unit)
    served, above, left, held = [], [], [], []
    owned_tokens = all_tokens = 0.0
    for pool, part in zip(pools, parts, strict=True):
        replicas = np.where(whole, pool.replicas, part)
        load = pool.demand.planned.hours_by_year
        limit = pool.capacity.together(replicas) / (1.0 + study.headroom)
        beyond = np.zeros(study.years)
        if queue and pool.demand.waiting_share:
            here, over, beyond = _queue_split(pool.demand.planned, limit, whole)
        else:
            here = np.where(whole[:, None], load, np.minimum(load, limit[:, None]))
            over = load - here
        served.append(here)
        above.append(over)
        left.append(beyond)
        held.append(replicas.astype(np.int64)[:, None])
        tokens = pool.demand.profile.input_tokens_mean + pool.demand.profile.output_tokens_mean
        owned_tokens += float(here.sum()) * tokens
        all_tokens += float(load.sum()) * tokens
    share = owned_tokens / max(all_tokens, 1e-30)
    return Split(units, tuple(served), tuple(above), tuple(left), tuple(held), share)


def _queue_split(
    demand: Demand, limit: Floats, whole: npt.NDArray[np.bool_]
) -> tuple[Floats, Floats, Floats]:
    """(on the base, above it by the hour, ``left``) of one pool, what cannot wait first.

    ``limit`` is what the base carries in each year, ``whole`` whether it serves all; (years,).
    """
    here, left = demand.hours_by_year.copy(), np.zeros(len(limit))
    above = np.zeros(here.shape)
    for year, growth in enumerate(demand.growth.tolist()):
        if whole[year] or growth <= 0:
            continue
        most = float(limit[year])
        fixed, work = growth * demand.fixed_hours, growth * demand.waiting_hours
        at_once = np.minimum(fixed, most)
        share = waiting.share_in_time(at_once, work, demand.window_h, most)
        here[year] = at_once + waiting.up_to(at_once, share * work, most)
        above[year] = fixed - at_once
        left[year] = growth * (1.0 - share)
    return here, above, left


def limited(sizing: Sizing, split: Split) -> Sizing:
    """The base's sizing cut to the split: whole replicas on the units that are there."""
    needed = np.minimum(split.units, sizing.needed)
    return dataclasses.replace(sizing, needed=needed, spares=split.units - needed)


def base_utilisation(sizing: Sizing, split: Split) -> Floats:
    """Load over capacity of the base's accelerators, average of each year, shape (years,)."""
    busy = np.zeros(len(split.units))
    for pool, served, held in zip(sizing.pools, split.served, split.replicas, strict=True):
        if pool.fits:
            capacity = np.maximum(pool.capacity.each(held[:, 0].astype(np.float64)), 1e-30)
            busy = busy + served.mean(axis=1) / capacity * pool.size
    return np.asarray(busy / np.maximum(split.units * sizing.per_unit, 1))
