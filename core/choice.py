"""Which configuration each workload takes on units (servers, instances) of one kind.

The fewest units come first: they are what is paid. Of configurations with which as many units
carry the load, the one with the most room for latency counts, told by two ends that are known of
each: a lone request takes the share l of its tightest target, and a replica that carries all it
can takes all of it. Latency bends upwards between the two, so at the share u of what is carried
it takes at most

    l + (1 - l) u,

which leaves the product of both margins, (1 - l) (1 - u). That changes little by little with load,
lengths and targets, so where two configurations change places their latencies are about the same.
Latency has all its points at ``FULL_SHARE`` of a target: who is below takes what carries most, then
the widest weights.

The same rule chooses in an assessment (``venues.pools``) and, for every sampled future, in an
analysis (``analysis.fleets``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.performance.splitting import SplitCapacity
from core.performance.types import Bools, Floats, Ints

FULL_SHARE = 0.5
"""Share of a target up to which less latency is worth nothing more: there it has all its points
(``decision.anchors``)."""
FAR = 1e12
"""Accelerators counted for what cannot carry the load."""


@dataclass(frozen=True)
class Times:
    """When loads are: the columns of ``Configurations.load``."""

    weight: Ints
    """How often each occurs, 0 where it pays nothing of its own, shape (h,)."""
    busiest: slice
    """Those in which latency counts: the busiest hour of each year."""


@dataclass(frozen=True)
class Configurations:
    """Those of one workload to choose from, in one case or many futures; of equals the first."""

    sizes: Ints
    """Accelerators of a replica, shape (n,)."""
    lone: Floats
    """Share of the tightest target that a lone request takes, shape (cases, n)."""
    capacity: SplitCapacity
    """What replicas carry together, of rows (cases x n,), case by case."""
    able: Bools
    """Whether replicas meet every target, however many it takes, shape (cases, n)."""
    load: Floats
    """Requests per second at certain times, shape (cases, h)."""

    def replicas(self, headroom: float) -> Ints:
        """That carry the load with headroom, one at least where there is any, (cases, n, h)."""
        cases, n = self.lone.shape
        load = np.repeat(self.load * (1.0 + headroom), n, axis=0)
        wanted = np.ceil(np.minimum(self.capacity.replicas_each(load), 1e9) - 1e-9)
        return np.maximum(wanted, load > 0.0).astype(np.int64).reshape(cases, n, -1)

    def used(self, replicas: Ints, when: slice) -> Floats:
        """Load over what so many replicas carry, (cases, n, h), at some times."""
        cases, n, _h = replicas.shape
        held = replicas[:, :, when].reshape(cases * n, -1)
        carried = self.capacity.together_each(held).reshape(cases, n, -1)
        return np.asarray(self.load[:, None, when] / np.maximum(carried, 1e-30))

    @property
    def least_work(self) -> Floats:
        """Accelerators that one request per second keeps busy at least, (cases,)."""
        further = self.capacity.further.reshape(self.lone.shape)
        each = self.sizes / np.maximum(further, 1e-30)
        none = ~self.able.any(axis=1, keepdims=True)
        return np.asarray(np.where(self.able | none, each, np.inf).min(axis=1))

    def ordered(self, total: Floats | Ints, share: Floats, used: Floats) -> Ints:
        """The best of each case, (cases,): units, then room for latency, then what is free."""
        far = FAR * (1.0 + np.minimum(self.lone, 1e3))  # nearest to a target that none meets
        return _first(np.where(self.able, total, far), np.maximum(share, FULL_SHARE), used)


def _first(*keys: Floats) -> Ints:
    """The first with the least of each key in turn, shape (cases,) of keys (cases, n)."""
    left = np.ones(keys[0].shape, dtype=np.bool_)
    for key in keys:
        key = np.where(left, key, np.inf)
        left = key <= key.min(axis=1, keepdims=True)
    return np.asarray(left.argmax(axis=1))


def share_of_target(lone: Floats, used: Floats) -> Floats:
    """Of the tightest target: l + (1 - l) u, at least l where that is above 1."""
    return np.asarray(lone + np.maximum(1.0 - lone, 0.0) * used)


def chosen(
    workloads: Sequence[Configurations], per_unit: int, headroom: float, times: Times
) -> Ints:
    """The configuration of each workload on units of ``per_unit`` that they share.

    Shape (cases, workloads).
    """
    replicas = [w.replicas(headroom) for w in workloads]
    if len(workloads) == 1:
        return _alone(workloads[0], replicas[0], per_unit, times)[:, None]
    return _Shared(workloads, replicas, per_unit, times).found()


def densest(workloads: Sequence[Configurations], per_unit: int) -> Ints:
    """The configuration of each that carries most on a unit, however many it takes.

    For units that are never more than what their work fills: the base of a hybrid, and what runs
    by the hour from a queue. Shape (cases, workloads).
    """
    found = []
    for one in workloads:
        each = np.maximum(per_unit // one.sizes, 1)
        units = 1.0 / np.maximum(one.capacity.further.reshape(one.lone.shape) * each, 1e-30)
        found.append(one.ordered(units, np.zeros_like(units), np.zeros_like(units)))
    return np.stack(found, axis=1)


def _alone(one: Configurations, replicas: Ints, per_unit: int, times: Times) -> Ints:
    """Of a workload that has the units for itself, (cases,)."""
    each = np.maximum(per_unit // one.sizes, 1)[:, None]
    units = -(-replicas // each)
    used = one.used(units * each, times.busiest).max(axis=2)
    share = share_of_target(one.lone, used)
    return one.ordered((units * times.weight).sum(axis=2), share, used)


class _Shared:
    """Several workloads on the same units.

    They begin with what takes fewest accelerators of each. Then each in turn takes what leaves all
    of them most room on the units that they need together, twice: the second time beside what the
    others took the first.
    """

    def __init__(
        self,
        workloads: Sequence[Configurations],
        replicas: Sequence[Ints],
        per_unit: int,
        times: Times,
    ) -> None:
        self.workloads, self.replicas = workloads, replicas
        self.per_unit, self.times = per_unit, times
        self.rows = np.arange(len(replicas[0]))
        pairs = list(zip(workloads, replicas, strict=True))
        self.accelerators = [r * w.sizes[:, None] for w, r in pairs]
        self.used = [w.used(r, times.busiest) for w, r in pairs]
        self.taken = []
        for one, there, used in zip(workloads, self.accelerators, self.used, strict=True):
            most = used.max(axis=2)
            total = (there * times.weight).sum(axis=2)
            self.taken.append(one.ordered(total, share_of_target(one.lone, most), most))
        # of what is taken: accelerators (workloads, cases, h), lone requests, load over capacity
        numbers = range(len(workloads))
        self.held = np.stack([self._picked(self.accelerators[i], i) for i in numbers])
        self.lone = np.stack([self._picked(workloads[i].lone, i) for i in numbers])
        self.full = np.stack([self._picked(self.used[i], i) for i in numbers])

    def _picked(self, table: Floats | Ints, workload: int) -> Floats | Ints:
        return table[self.rows, self.taken[workload]]

    def found(self) -> Ints:
        """Configurations, shape (cases, workloads)."""
        free = [i for i, w in enumerate(self.workloads) if len(w.sizes) > 1]
        for turn in (*free, *free):
            self._turn(turn)
        return np.stack(self.taken, axis=1)

    def _turn(self, turn: int) -> None:
        workload, times = self.workloads[turn], self.times
        others = self.held.sum(axis=0) - self.held[turn]
        here = self.accelerators[turn] + others[:, None, :]
        units = -(-here // self.per_unit)
        # accelerators that would idle take further replicas, in proportion
        filled = units * self.per_unit / np.maximum(here, 1)
        own = workload.used(self.replicas[turn] * filled, times.busiest).max(axis=2)
        beside = np.arange(len(self.workloads)) != turn
        spread = self.full[beside][:, :, None, :] / filled[:, :, times.busiest]
        used = spread.max(axis=3)
        share = share_of_target(self.lone[beside][:, :, None], used).max(axis=0)
        share = np.maximum(share, share_of_target(workload.lone, own))
        total = (units * times.weight).sum(axis=2)
        self.taken[turn] = workload.ordered(total, share, own + used.sum(axis=0))
        self.held[turn] = self._picked(self.accelerators[turn], turn)
        self.lone[turn] = self._picked(workload.lone, turn)
        self.full[turn] = self._picked(self.used[turn], turn)
