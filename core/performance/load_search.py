"""The search for the largest load within every target, many questions at a time.

A question is a replica, the burstiness it sees and the milliseconds its targets leave. Looks at a
few loads, the same for all, bracket the answers; what a replica does at a load is worked out once
for all distances. Then each answer is closed in on by Chandrupatla's method [1]: inverse quadratic
interpolation where the last three looks allow it, else halving. The logarithm of the worst latency
over its target is followed along -log(1 - load / saturation), for waits grow with 1 / (1 - load).

[1] Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear
    function without using derivatives", Advances in Engineering Software 28 (1997).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from core.performance import load as loads
from core.performance.load import Requests, State
from core.performance.percentiles import percentiles_of
from core.performance.replicas import Replicas
from core.performance.types import Bools, Floats, Ints

_AIM = 1e-5
"""The search aims at a worst latency so much (a share) below its target."""
_NEAR = 5e-6
"""It stops this near to its aim: latencies themselves are computed to about a millionth."""
_CLOSE = 1e-5
"""It also stops where what is left of saturation is known to so much: latencies can jump."""
_ROUNDS = 40
_LOOKS = (0.5, 0.85)
"""Shares of what could be answered at most that are looked at first; the last look is at all."""
_BLOCK = 1024
"""Questions searched together: their states fit into the processor's cache."""
_FEWER = 0.8
"""The answered leave when less than this share is still open: taking rows costs time too."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Targets on some latencies of a state, at one percentile."""

    names: tuple[str, ...]
    """Attributes of ``State``."""
    level: float
    """0..1."""

    def reached_ms(self, states: Sequence[State]) -> Floats:
        """The latencies of n replicas in several states at the percentile, (n, states, targets)."""
        asked = [getattr(state, name) for name in self.names for state in states]
        found = percentiles_of(asked, self.level)
        return found.reshape(len(self.names), len(states), -1).T


def worst(reached_ms: Floats, spare_ms: Floats) -> tuple[Floats, Ints]:
    """(logarithm of the largest ratio of latency to what is left for it, which target).

    Both of the shape of the arguments, broadcast, without its last axis (targets). What nothing
    is left for is missed without end.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(spare_ms > 0.0, reached_ms / spare_ms, np.inf)
        return np.log(np.maximum.reduce(ratio, axis=-1)), np.argmax(ratio, axis=-1)


@dataclass(frozen=True, slots=True)
class Questions:
    """n replicas, each with the requests it sees: ``requests.arrival_cv`` is of shape (n,)."""

    queues: Replicas
    requests: Requests

    @classmethod
    def of(cls, queues: Replicas, requests: Requests, rows: Ints, cv: Floats) -> Questions:
        """Of some ``rows`` of ``queues``, repeats allowed."""
        return cls(queues.take(rows), dataclasses.replace(requests, arrival_cv=cv))

    def __len__(self) -> int:
        return len(self.queues.limit)

    def take(self, rows: Ints) -> Questions:
        """Some of them, repeats allowed."""
        cv = np.asarray(self.requests.arrival_cv)[rows]
        return Questions.of(self.queues, self.requests, rows, cv)

    def reached_ms(self, goal: Goal, share: Floats) -> Floats:
        """Latencies at shares (n,) of saturation, shape (n, targets)."""
        return self.looked_ms(goal, [share])[:, 0]

    def looked_ms(self, goal: Goal, shares: Iterable[Floats | float]) -> Floats:
        """Latencies at several shares of saturation, each common or (n,), (n, shares, targets)."""
        top = self.queues.saturation_per_ms
        return goal.reached_ms(
            [loads.state(self.queues, self.requests, share * top) for share in shares]
        )


def largest_loads(
    asked: Questions, goal: Goal, spare_ms: Floats, least: float, most: float
) -> tuple[Floats, Ints]:
    """(largest load over saturation that meets the goal, target that stops it or -1).

    Both of shape (n, distances). ``spare_ms`` (distances, targets) is what the network leaves of
    the targets. Answers are shares of saturation from ``least`` to ``most``, or 0 where ``least``
    is too much.
    """
    n, distances = len(asked), len(spare_ms)
    share, stop = np.full((n, distances), most), np.full((n, distances), -1, dtype=np.int64)
    at_most, target = worst(asked.reached_ms(goal, np.full(n, most))[:, None, :], spare_ms)
    over = np.flatnonzero((~(at_most <= 0.0)).any(axis=1))
    if not len(over):
        return share, stop
    asked = asked.take(over)
    looks = np.array([least, *(most * np.array(_LOOKS))])
    value, which = _looked(asked, goal, spare_ms, looks)
    seen = _Seen(
        np.tile(np.append(looks, most), (len(over), 1)),
        np.concatenate([value, at_most[over, None]], axis=1),
        np.concatenate([which, target[over, None]], axis=1),
    )
    near = slice(0, 1)
    share[over, near], stop[over, near] = _answered(asked, goal, spare_ms, seen, near, most)
    if distances > 1:
        # what is served at the nearest is where to look for the others, and often their answer
        at = np.maximum(share[over, 0], least)
        value, which = worst(asked.reached_ms(goal, at)[:, None, :], spare_ms)
        seen, rest = seen.with_look(at, value, which), slice(1, None)
        share[over, rest], stop[over, rest] = _answered(asked, goal, spare_ms, seen, rest, most)
    return share, stop


@dataclass(frozen=True, slots=True)
class _Seen:
    """Looks at replicas, (n, looks), by rising share of saturation."""

    point: Floats
    value: Floats
    """Logarithm of the worst ratio at each distance, (n, looks, distances)."""
    which: Ints
    """The target that it belongs to, same shape."""

    def with_look(self, point: Floats, value: Floats, which: Ints) -> _Seen:
        """One more look at each replica, (n,) and twice (n, distances)."""
        points = np.concatenate([self.point, point[:, None]], axis=1)
        order = np.argsort(points, axis=1, kind="stable")
        row = np.arange(len(points))[:, None]
        values = np.concatenate([self.value, value[:, None]], axis=1)
        targets = np.concatenate([self.which, which[:, None]], axis=1)
        return _Seen(points[row, order], values[row, order], targets[row, order])


def _answered(
    asked: Questions, goal: Goal, spare_ms: Floats, seen: _Seen, distances: slice, most: float
) -> tuple[Floats, Ints]:
    """``largest_loads`` at some distances, from what was seen; 0 where the first look misses."""
    spare_ms, value, which = spare_ms[distances], seen.value[:, :, distances], seen.which
    missed = ~(value <= 0.0)
    upper = np.argmax(missed, axis=1)  # the first that misses; what is above it does not matter
    row, far = np.indices(upper.shape)
    stop = np.where(missed.any(axis=1), which[:, :, distances][row, upper, far], -1)
    share = np.where(stop < 0, most, 0.0)
    row, far = np.nonzero((stop >= 0) & (upper > 0))
    looks = _three(value, upper[row, far], row, far)
    hunt = _Hunt(
        asked,
        row,
        spare_ms[far],
        _along(seen.point[row, looks]),
        value[row, looks, far] + _AIM,
        stop[row, far],
    )
    share[row, far], stop[row, far] = _closed_in(hunt, goal)
    return share, stop


def loads_between(
    asked: Questions, goal: Goal, spare_ms: Floats, least: Floats, most: Floats, start: Floats
) -> Floats:
    """Largest loads over saturation, (n,), between ``least``, which meet the goal, and ``most``.

    ``spare_ms`` (n, targets) is each one's own; ``start`` is where each is looked for first.
    """
    n, share = len(least), most.copy()
    if not n:
        return share
    ends = asked.take(np.tile(np.arange(n), 2))
    reached = ends.reached_ms(goal, np.concatenate([least, most]))
    value, which = worst(reached, np.tile(spare_ms, (2, 1)))
    low, high = value[:n] + _AIM, value[n:] + _AIM
    share[~(low <= _AIM)] = least[~(low <= _AIM)]
    rows = np.flatnonzero((low <= _AIM) & ~(high <= _AIM))
    point, value = _along(np.stack([most, least, least])), np.stack([high, low, low])
    hunt = _Hunt(asked, rows, spare_ms[rows], point[:, rows], value[:, rows], which[n + rows])
    share[rows], _stop = _closed_in(hunt, goal, _along(start[rows]))
    return share


def _looked(asked: Questions, goal: Goal, spare_ms: Floats, points: Floats) -> tuple[Floats, Ints]:
    """(logarithm of the worst ratio, which target), each (n, points, distances)."""
    size = _BLOCK // len(points)
    seen = []
    for first in range(0, len(asked), size):
        rows = np.arange(first, min(first + size, len(asked)))
        reached = asked.take(rows).looked_ms(goal, points)
        seen.append(worst(reached[:, :, None, :], spare_ms))
    values, targets = zip(*seen, strict=True)
    return np.concatenate(values), np.concatenate(targets)


def _three(value: Floats, upper: Ints, row: Ints, far: Ints) -> Ints:
    """Looks to begin with, (3, n): one end of the bracket, the other, and one beyond the first.

    ``upper`` is the look that ends the bracket above. It begins at the end that is nearer to the
    root, if there is a look beyond it to bend the line by.
    """
    last = value.shape[1] - 1
    nearer = value[row, upper, far] < -value[row, upper - 1, far]
    from_above = (upper < last) & ((upper < 2) | nearer)
    return np.stack(
        [
            np.where(from_above, upper, upper - 1),
            np.where(from_above, upper - 1, upper),
            np.where(from_above, np.minimum(upper + 1, last), np.maximum(upper - 2, 0)),
        ]
    )


def _along(share: Floats) -> Floats:
    """Where a share of saturation lies along the search."""
    return -np.log1p(-share)


def _share(along: Floats) -> Floats:
    """The share of saturation there."""
    return -np.expm1(-along)


@dataclass(slots=True)
class _Hunt:
    """Roots that are closed in on.

    ``point`` (3, n), as ``_along``: the newest look, the one across the root from it, one beyond
    the newest; ``value`` there, aim included, is positive where a target is missed. Root i is of
    replica ``rows[i]`` of those asked about; ``stop`` (n,) is the target that is missed above it.
    """

    asked: Questions
    rows: Ints
    spare_ms: Floats
    point: Floats
    value: Floats
    stop: Ints

    def take(self, some: Ints) -> _Hunt:
        """Some of them, with nothing kept of the others."""
        return _Hunt(
            self.asked.take(self.rows[some]),
            np.arange(len(some)),
            self.spare_ms[some],
            self.point[:, some],
            self.value[:, some],
            self.stop[some],
        )


def _closed_in(hunt: _Hunt, goal: Goal, start: Floats | None = None) -> tuple[Floats, Ints]:
    """(largest shares found to meet the goal, the target that stops each), in blocks."""
    n = len(hunt.rows)
    found, stop = np.empty(n), np.empty(n, dtype=np.int64)
    for first in range(0, n, _BLOCK):
        part = np.arange(first, min(first + _BLOCK, n))
        begin = None if start is None else start[part]
        found[part], stop[part] = _roots(hunt.take(part), goal, begin)
    return _share(found), stop


def _roots(hunt: _Hunt, goal: Goal, start: Floats | None) -> tuple[Floats, Ints]:
    """The same for one block, as ``_along``."""
    root, stop = np.where(hunt.value[0] <= _NEAR, hunt.point[0], hunt.point[1]), hunt.stop.copy()
    still = np.arange(len(root))
    answered = np.any(np.abs(hunt.value[:2]) <= _NEAR, axis=0)
    step = _step(hunt.point, hunt.value)
    if start is not None:
        step = np.clip((start - hunt.point[0]) / (hunt.point[1] - hunt.point[0]), 0.0, 1.0)
    for _turn in range(_ROUNDS):
        if answered.all():
            break
        if answered.sum() > (1.0 - _FEWER) * len(still):
            left = np.flatnonzero(~answered)
            hunt, still, step, answered = hunt.take(left), still[left], step[left], answered[left]
        point, value = hunt.point, hunt.value
        at = point[0] + step * (point[1] - point[0])
        found, which = worst(hunt.asked.reached_ms(goal, _share(at)), hunt.spare_ms)
        found += _AIM
        same = (found <= 0.0) == (value[0] <= 0.0)
        # those that are answered stay, so that no answer depends on what else is asked
        hunt.point = np.where(answered, point, _moved(point, at, same))
        hunt.value = np.where(answered, value, _moved(value, found, same))
        root[still] = np.where(hunt.value[0] <= _NEAR, hunt.point[0], hunt.point[1])
        stop[still] = np.where(answered | (found <= 0.0), stop[still], which)
        close = np.abs(hunt.point[0] - hunt.point[1]) <= _CLOSE
        answered = answered | close | (np.abs(found) <= _NEAR)
        step = _step(hunt.point, hunt.value)
    return root, stop


def _moved(three: Floats, new: Floats, same: Bools) -> Floats:
    """Newest, across and beyond after a new one, on the ``same`` side as the newest or not."""
    return np.stack([new, np.where(same, three[1], three[0]), np.where(same, three[0], three[1])])


def _step(point: Floats, value: Floats) -> Floats:
    """Share of the way from the newest look to the one across the root, for the next look."""
    a, b, c = point
    fa, fb, fc = value
    with np.errstate(all="ignore"):  # infinite values and equal points: halved
        xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
        curved = fa / (fb - fa) * fc / (fb - fc)
        curved += (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        fits = (phi**2 < xi) & ((1.0 - phi) ** 2 < 1.0 - xi) & np.isfinite(curved)
        least = np.minimum(0.5 * _CLOSE / np.abs(a - b), 0.5)
    return np.clip(np.where(fits, curved, 0.5), least, 1.0 - least)
