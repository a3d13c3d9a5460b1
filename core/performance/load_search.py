"""The search for the largest load within every target, many questions at a time.

A question is a replica, the burstiness it sees and the milliseconds its targets leave. A look at a
few loads, the same for all, brackets the answers; what a replica does at a load is worked out once
for all distances. Then each question is searched by Chandrupatla's method [1]: inverse quadratic
interpolation where the last three points allow it, else halving; it leaves when it is answered.

[1] Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear
    function without using derivatives", Advances in Engineering Software 28 (1997).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from core.performance import load as loads
from core.performance.load import Requests, State
from core.performance.percentiles import percentiles_of
from core.performance.replicas import Replicas
from core.performance.types import Bools, Floats, Ints

_AIM = 1e-5
"""The search stops where the worst latency is below its target by at most twice this share."""
_CLOSE = 1e-5
"""It also stops where the load, a share of saturation, is known to so much: latencies can jump."""
_ROUNDS = 40
_LOOKS = (0.45,0.8)
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

    def reached_ms(self, state: State) -> Floats:
        """The latencies at the percentile, shape (n, targets)."""
        return percentiles_of([getattr(state, name) for name in self.names], self.level).T


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
        load = share * self.queues.saturation_per_ms
        return goal.reached_ms(loads.state(self.queues, self.requests, load))


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
    top, target = worst(asked.reached_ms(goal, np.full(n, most))[:, None, :], spare_ms)
    over = np.flatnonzero((~(top <= 0.0)).any(axis=1))
    if len(over):
        found, stops = _searched(
            asked.take(over), goal, spare_ms, (least, most), top[over], target[over]
        )
        share[over], stop[over] = found, stops
    return share, stop


def _searched(
    asked: Questions,
    goal: Goal,
    spare_ms: Floats,
    ends: tuple[float, float],
    top: Floats,
    target: Ints,
) -> tuple[Floats, Ints]:
    """The same for those that may not reach the upper end, where ``top`` (n, distances) is seen."""
    n, distances = top.shape
    least, most = ends
    points = np.array([least, *(most * np.array(_LOOKS)), most])
    value = np.empty((n, len(points), distances))
    which = np.empty(value.shape, dtype=np.int64)
    value[:, -1], which[:, -1] = top, target
    looks = points[:-1]
    size = _BLOCK // len(looks)
    for first in range(0, n, size):
        rows = np.arange(first, min(first + size, n))
        grid = asked.take(np.repeat(rows, len(looks)))
        reached = grid.reached_ms(goal, np.tile(looks, len(rows)))
        seen, target = worst(reached[:, None, :], spare_ms)
        value[rows, :-1] = seen.reshape(len(rows), -1, distances)
        which[rows, :-1] = target.reshape(len(rows), -1, distances)
    missed = ~(value <= 0.0)
    upper = np.argmax(missed, axis=1)  # the first that misses; what is above it does not matter
    row, far = np.indices(upper.shape)
    stop = np.where(missed.any(axis=1), which[row, upper, far], -1)
    share = np.where(stop < 0, most, 0.0)
    row, far = np.nonzero((stop >= 0) & (upper > 0))
    upper = upper[row, far]
    low, high = value[row, upper - 1, far], value[row, upper, far]
    last = len(points) - 1
    # begin at the end that is nearer to the root, if there is a point beyond it to bend the line
    from_high = (upper < last) & ((upper < 2) | (high < -low))
    newest = np.where(from_high, upper, upper - 1)
    across = np.where(from_high, upper - 1, upper)
    beyond = np.where(from_high, np.minimum(upper + 1, last), np.maximum(upper - 2, 0))
    looked = np.stack([newest, across, beyond])
    found = _closed_in(
        asked.take(row),
        goal,
        spare_ms[far],
        points[looked],
        value[row, looked, far] + _AIM,
        stop[row, far],
    )
    share[row, far], stop[row, far] = found
    return share, stop


def loads_between(
    asked: Questions, goal: Goal, spare_ms: Floats, least: Floats, most: Floats, start: Floats
) -> Floats:
    """Largest loads over saturation, (n,), between ``least``, which meet the goal, and ``most``.

    ``spare_ms`` (n, targets) is each one's own; ``start`` is where each is looked for first.
    """
    n = len(least)
    share = most.copy()
    if not n:
        return share
    ends = asked.take(np.tile(np.arange(n), 2))
    reached = ends.reached_ms(goal, np.concatenate([least, most]))
    value, which = worst(reached, np.tile(spare_ms, (2, 1)))
    low, high = value[:n] + _AIM, value[n:] + _AIM
    share[~(low < 0.0)] = least[~(low < 0.0)]
    rows = np.flatnonzero((low < 0.0) & ~(high <= _AIM))
    point = np.stack([most, least, least])[:, rows]
    value = np.stack([high, low, low])[:, rows]
    share[rows], _stop = _closed_in(
        asked.take(rows), goal, spare_ms[rows], point, value, which[n:][rows], start[rows]
    )
    return share


def _closed_in(
    asked: Questions,
    goal: Goal,
    spare_ms: Floats,
    point: Floats,
    value: Floats,
    stop: Ints,
    start: Floats | None = None,
) -> tuple[Floats, Ints]:
    """``_roots`` in blocks."""
    if len(stop) <= _BLOCK:
        return _roots(asked, goal, spare_ms, point, value, stop, start)
    found = []
    for first in range(0, len(stop), _BLOCK):
        rows = np.arange(first, min(first + _BLOCK, len(stop)))
        found.append(
            _roots(
                asked.take(rows),
                goal,
                spare_ms[rows],
                point[:, rows],
                value[:, rows],
                stop[rows],
                None if start is None else start[rows],
            )
        )
    shares, stops = zip(*found, strict=True)
    return np.concatenate(shares), np.concatenate(stops)


def _roots(
    asked: Questions,
    goal: Goal,
    spare_ms: Floats,
    point: Floats,
    value: Floats,
    stop: Ints,
    start: Floats | None,
) -> tuple[Floats, Ints]:
    """(largest shares found to meet the goal, the target that stops each).

    ``point`` (3, n): the newest, the one across the root from it, and one beyond the newest;
    ``value`` there is positive where a target is missed.
    """
    share, stop = np.where(value[0] <= 0.0, point[0], point[1]), stop.copy()
    rows, answered = np.arange(len(stop)), np.zeros(len(stop), dtype=bool)
    step = _step(point, value)
    if start is not None:
        step = np.clip((start - point[0]) / (point[1] - point[0]), 0.0, 1.0)
    for _turn in range(_ROUNDS):
        if answered.all():
            break
        if answered.sum() > (1.0 - _FEWER) * len(rows):
            left = np.flatnonzero(~answered)
            asked, spare_ms = asked.take(left), spare_ms[left]
            rows, step, answered = rows[left], step[left], answered[left]
            point, value = point[:, left], value[:, left]
        at = point[0] + step * (point[1] - point[0])
        found, which = worst(asked.reached_ms(goal, at), spare_ms)
        found += _AIM
        met, there = found <= 0.0, np.abs(found) <= _AIM
        same = met == (value[0] <= 0.0)
        # those that are answered stay, so that no answer depends on what else is asked
        point = np.where(answered, point, _moved(point, at, same))
        value = np.where(answered, value, _moved(value, found, same))
        share[rows] = np.where((value[0] <= 0.0) | (np.abs(value[0]) <= _AIM), point[0], point[1])
        stop[rows] = np.where(answered | met, stop[rows], which)
        answered |= there | (np.abs(point[0] - point[1]) <= _CLOSE)
        step = _step(point, value)
    return share, stop


def _moved(three: Floats, new: Floats, same: Bools) -> Floats:
    """Newest, across and beyond after a new one, on the ``same`` side as the newest or not."""
    return np.stack([new, np.where(same, three[1], three[0]), np.where(same, three[0], three[1])])


def _step(point: Floats, value: Floats) -> Floats:
    """Share of the way from the newest point to the one across the root, for the next look."""
    a, b, c = point
    fa, fb, fc = value
    with np.errstate(all="ignore"):  # infinite values and equal points: halved
        xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
        curved = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (
            fc - fb
        )
        fits = (phi**2 < xi) & ((1.0 - phi) ** 2 < 1.0 - xi) & np.isfinite(curved)
        least = np.minimum(0.5 * _CLOSE / np.abs(a - b), 0.5)
    return np.clip(np.where(fits, curved, 0.5), least, 1.0 - least)
