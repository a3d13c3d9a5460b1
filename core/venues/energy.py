"""Electricity: what a fleet draws through the week, and what it draws in a year.

The energy of a year is the integral of power over its hours: 168 hourly averages, each hour of
the week 8,760 / 168 times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.hours import HOURS_PER_WEEK, HOURS_PER_YEAR, WEEKS_PER_YEAR
from core.lazy import lazy
from core.performance.types import Floats, Ints
from core.venues.pools import Sizing
from core.venues.service import ServiceBook

A_LITTLE = 0.01
"""More load, a share, by which the energy of the next tokens is found."""
_LOADS = np.array((1.0, 1.0 + A_LITTLE))


@dataclass(frozen=True, slots=True)
class Energy:
    """IT energy of a fleet, kWh of each year, shape (years,)."""

    kwh: Floats
    next_kwh: Floats
    """What more load would add per unit of relative growth, on the same servers: the slope of
    ``kwh`` against the load. Idle and spare servers draw as before, so it is below ``kwh``."""

    def times(self, sites: int) -> Energy:
        """Of so many equal sites."""
        return Energy(self.kwh * sites, self.next_kwh * sites)


@dataclass(frozen=True)
class Draw:
    """IT power of a fleet at one site, servers included."""

    kw_by_hour: Floats
    """Shape (years, 168)."""
    next_kw_by_hour: Floats
    """Slope of it against the load, per unit of relative growth, shape (years, 168)."""

    @lazy
    def kwh_by_year(self) -> Floats:
        """Integral over the year, shape (years,)."""
        return np.asarray(self.kw_by_hour.sum(axis=1) * WEEKS_PER_YEAR)

    @lazy
    def energy(self) -> Energy:
        """Of each year."""
        return Energy(self.kwh_by_year, self.next_kw_by_hour.sum(axis=1) * WEEKS_PER_YEAR)

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
    shape = (len(units), HOURS_PER_WEEK)
    watts: Floats = np.zeros(shape)
    more: Floats = np.zeros(shape)
    busy: Floats | float = 0.0
    for i, pool in enumerate(sizing.pools):
        if not pool.fits:
            continue
        replicas = pool.replicas[:, None] if running is None else running[i]
        count = np.asarray(replicas, dtype=np.float64)
        asked = pool.demand.hours_by_year if loads is None else loads[i]
        load = asked / np.maximum(count, 1.0)
        # asked once: most of what it takes is the asking
        here, there = book.power_w(pool, np.multiply.outer(_LOADS, load))
        watts = watts + here * count
        more = more + (there - here) * count
        busy = busy + count * pool.size
    present = (units[:, None] if units_by_hour is None else units_by_hour) * sizing.per_unit
    idle_w, overhead_w = book.standing_power_w(accelerator, sizing.per_unit)
    watts = watts + np.maximum(present - busy, 0) * idle_w
    boxes = present / sizing.per_unit
    kw_by_hour = (watts + boxes * overhead_w) / 1000.0
    known = bool(np.isfinite(kw_by_hour).all())
    return Draw(kw_by_hour, more / (A_LITTLE * 1000.0)) if known else None


def with_full_hours(
    draw: Draw, book: ServiceBook, sizing: Sizing, accelerator_id: str, hours: Sequence[Floats]
) -> Draw:
    """A draw with instances that run full for some hours and are off otherwise.

    ``hours`` are instance-hours in each hour of the week by pool, shape (years, 168) each.
    """
    accelerator = book.study.accelerator(accelerator_id)
    idle_w, overhead_w = book.standing_power_w(accelerator, sizing.per_unit)
    kw: Floats = np.zeros(draw.kw_by_hour.shape)
    for pool, taken in zip(sizing.pools, hours, strict=True):
        held = sizing.per_unit // pool.size
        full = float(book.power_w(pool, pool.capacity.further))
        idle = (sizing.per_unit - held * pool.size) * idle_w
        kw = kw + taken * (held * full + idle + overhead_w) / 1000.0
    return Draw(draw.kw_by_hour + kw, draw.next_kw_by_hour + kw)
