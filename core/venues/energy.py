"""Electricity: what a fleet draws through the week, and what it draws in a year.

The energy of a year is the integral of power over its hours: 168 hourly averages, each hour of
the week 8,760 / 168 times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.hours import HOURS_PER_WEEK, HOURS_PER_YEAR
from core.performance.types import Floats, Ints
from core.venues.pools import Sizing
from core.venues.service import ServiceBook


@dataclass(frozen=True)
class Draw:
    """IT power of a fleet at one site, servers included."""

    kw_by_hour: Floats
    """Shape (years, 168)."""

    @cached_property
    def kwh_by_year(self) -> Floats:
        """Integral over the year, shape (years,)."""
        return np.asarray(self.kw_by_hour.sum(axis=1) * (HOURS_PER_YEAR / HOURS_PER_WEEK))

    @property
    def average_kw(self) -> float:
        """First year's average."""
        return float(self.kwh_by_year[0] / HOURS_PER_YEAR)

    @property
    def peak_kw(self) -> float:
        """Highest hourly average of the horizon."""
        return float(self.kw_by_hour.max())


def fleet_draw(
    book: ServiceBook,
    sizing: Sizing,
    units: Ints,
    accelerator_id: str,
    running: tuple[Ints, ...] | None = None,
    units_by_hour: Ints | None = None,
    loads: Sequence[Floats] | None = None,
) -> Draw | None:
    """Power of a fleet by hour; ``None`` where the accelerator's power is not published.

    An owned fleet keeps every server on: its load spreads over the replicas of the year
    (``running`` absent) and accelerators without a replica idle. An elastic fleet runs
    ``running`` replicas of each pool, shape (years, 168), on ``units_by_hour`` instances.
    ``loads`` replaces the pools' own demand (requests per second, shape (years, 168) each).
    """
    accelerator = book.study.accelerator(accelerator_id)
    watts: Floats | float = 0.0
    busy: Floats | float = 0.0
    for i, pool in enumerate(sizing.pools):
        if not pool.fits:
            continue
        replicas = pool.replicas[:, None] if running is None else running[i]
        count = np.asarray(replicas, dtype=np.float64)
        asked = pool.demand.hours_by_year if loads is None else loads[i]
        load = asked / np.maximum(count, 1.0)
        watts = watts + book.power_w(pool, load) * count
        busy = busy + count * pool.size
    present = (units[:, None] if units_by_hour is None else units_by_hour) * sizing.per_unit
    idle_w, overhead_w = book.standing_power_w(accelerator, sizing.per_unit)
    watts = watts + np.maximum(present - busy, 0) * idle_w
    boxes = present / sizing.per_unit
    kw_by_hour = np.broadcast_to((watts + boxes * overhead_w) / 1000.0, (len(units), 168))
    return Draw(kw_by_hour) if np.isfinite(kw_by_hour).all() else None
