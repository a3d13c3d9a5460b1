"""Autoscaled fleets through the week, and the work that waits for instances of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.economics.commitments import Slots, slots_of
from core.hours import HOURS_PER_WEEK, WEEKS_PER_YEAR
from core.lazy import lazy
from core.performance.types import (
    Floats,
    Ints,
)
from core.venues.pools import Sizing


@dataclass(frozen=True)
class QueuedWork:
    """Work that can wait on instances of its own, which run only while they are full.

    One array per pool, each of shape (years, 168).
    """

    served: tuple[Floats, ...]
    """Requests per second done in each hour, each counted once."""
    by_pool: tuple[Floats, ...]
    """Instance-hours run in each hour, what is repeated included."""
    repeated: float
    """Work done again after interruptions, over all that is counted once."""

    @lazy
    def hours(self) -> Floats:
        """Instance-hours in each hour of the week, shape (years, 168)."""
        return np.asarray(np.sum(self.by_pool, axis=0))

    @lazy
    def hours_by_year(self) -> Floats:
        """Instance-hours, shape (years,)."""
        return np.asarray(self.hours.sum(axis=1) * WEEKS_PER_YEAR)


@dataclass(frozen=True)
class Elastic:
    """An autoscaled fleet through the week."""

    sizing: Sizing
    running: tuple[Ints, ...]
    """Replicas of each pool, shape (years, 168), those of ``queued`` work left out."""
    instances: Ints
    """Spares included, shape (years, 168), those of ``queued`` work left out."""
    queued: QueuedWork | None = None
    """Work that can wait, where it has instances of its own."""

    @lazy
    def present(self) -> Ints:
        """Instances up at some time of each hour, shape (years, 168)."""
        if self.queued is None:
            return self.instances
        return self.instances + np.ceil(self.queued.hours - 1e-9).astype(np.int64)

    @lazy
    def mean_instances(self) -> Floats:
        """Average of each year, shape (years,)."""
        paid = self.instances if self.queued is None else self.instances + self.queued.hours
        return np.asarray(paid.sum(axis=1) / HOURS_PER_WEEK)

    @lazy
    def slots(self) -> Slots:
        """The fleet as slots that can be committed."""
        return slots_of(self.instances)
