"""When work that can wait runs, hour by hour through the week, and how long it waits.

Work waits until its turn comes, first in, first out; it never runs before it arrives, and never
later than its window allows. Two plans, both exact for work that arrives and is served evenly
within each hour of a week that repeats itself:

- ``level``: the lowest height to which a fleet can fill its hours so that nothing is late. What
  is paid for anyway (own servers, standing instances) serves the queue up to such a height.
- ``in_full_hours``: instances paid by the hour start for an hour's full work, or when something
  would be late.

All rates are requests per second, of shape (168,) from Monday 00:00 on.
"""

from __future__ import annotations

import math

import numpy as np

from core.hours import HOURS_PER_WEEK, MS_PER_HOUR
from core.performance.types import Floats, Ints

USUAL_DEADLINE_H = 24.0
"""Within which work that can wait is done where no limit says otherwise: that of batch APIs."""
KEPT_SHARE = 0.1
"""Part of the deadline that the plan leaves for serving itself and for restarts (assumption)."""
KEPT_FOR_SPOT = 0.5
"""The same where instances run by the hour: to run earlier costs no more, and instances may be
taken back, or none be free (assumption)."""
_NO_WAIT_H = 1e-9
_POINTS = 2000
"""Requests of a week that the distribution of waits is read from."""


def deadline_h(e2e_ms: float | None) -> float:
    """Hours within which waiting work must be done: a day, or what the whole answer may take.

    The latter where it counts the wait.
    """
    if e2e_ms is None or not counts_the_wait(e2e_ms):
        return USUAL_DEADLINE_H
    return float(e2e_ms / MS_PER_HOUR)


def counts_the_wait(e2e_ms: float) -> bool:
    """Whether a limit of the whole answer is of waiting work too: an hour or longer.

    A shorter one is of work that has begun.
    """
    return e2e_ms >= MS_PER_HOUR


def window_h(e2e_ms: float | None, kept: float = KEPT_SHARE) -> int:
    """Whole hours that work is planned to wait at most, below a week."""
    planned = math.floor(deadline_h(e2e_ms) * (1.0 - kept) + 1e-9)
    return min(planned, HOURS_PER_WEEK - 1)


def level(fixed: Floats, waiting: Floats, window: int) -> float:
    """Lowest rate to which ``fixed`` load may be filled up with ``waiting`` work, nothing late.

    Work of the hours i to k must run in the hours i to k + window, whatever else does: the level
    is at least the mean of both over that span, for every span. First in, first out then meets
    every deadline (all allow the same wait).
    """
    work, other, hours = _spans(fixed, waiting, window)
    whole = float(fixed.mean() + waiting.mean())
    return max(float(((work + other) / hours).max()), whole, float(fixed.max()))


def share_in_time(fixed: Floats, waiting: Floats, window: int, height: float) -> float:
    """Largest share of ``waiting``, 0..1, that a fleet which carries ``height`` serves in time.

    Beside ``fixed`` load, which is nowhere above ``height``: the share whose ``level`` that is.
    """
    mean = float(waiting.mean())
    if mean <= 0.0:
        return 1.0
    work, other, hours = _spans(fixed, waiting, window)
    room = np.where(work > 0.0, (height * hours - other) / np.maximum(work, 1e-300), 1.0)
    most = min(float(room.min()), (height - float(fixed.mean())) / mean)
    return min(max(most, 0.0), 1.0)


def _spans(fixed: Floats, waiting: Floats, window: int) -> tuple[Floats, Floats, Ints]:
    """Of each span of hours: waiting work that arrives, fixed load until its window ends, hours."""
    n = HOURS_PER_WEEK
    before = np.concatenate([[0.0], np.cumsum(np.tile(fixed, 3))])
    work = np.concatenate([[0.0], np.cumsum(np.tile(waiting, 2))])
    start, length = np.arange(n)[:, None], np.arange(1, n + 1)[None, :]
    end = start + length + window
    return work[start + length] - work[start], before[end] - before[start], end - start


def up_to(fixed: Floats, waiting: Floats, height: float) -> Floats:
    """Waiting work served in each hour by a fleet that carries ``height`` in all.

    As it arrives, as far as ``fixed`` load leaves room. ``height`` is at least the ``level``.
    """
    net = np.tile(waiting - np.maximum(height - fixed, 0.0), 2)
    walked = np.cumsum(net)
    queue = walked - np.minimum(np.minimum.accumulate(walked), 0.0)
    left = queue[HOURS_PER_WEEK - 1 :]  # at the ends of the hours of the second week, and before
    return np.asarray(np.maximum(waiting + left[:-1] - left[1:], 0.0))


def in_full_hours(waiting: Floats, each: float, most: int, window: int) -> Floats:
    """Waiting work served in each hour by up to ``most`` instances that carry ``each``.

    Instances start for a whole hour of work; for less, and for more of them, only where something
    would be late, or at the hour of the week at which the queue is shortest, which then empties.
    """
    height = most * each
    served = up_to(np.zeros(HOURS_PER_WEEK), waiting, max(height, float(waiting.mean())))
    queue = np.cumsum(waiting - served)
    first = int(np.argmin(queue)) + 1
    order = [(first + i) % HOURS_PER_WEEK for i in range(HOURS_PER_WEEK)]
    arrives = waiting[order].tolist()
    found, left, due, none = [0.0] * HOURS_PER_WEEK, 0.0, 0.0, 1e-9 * each
    last = HOURS_PER_WEEK - 1
    # plain comparisons: a loop that is walked some hundred times for an answer
    for i, new in enumerate(arrives):
        left += new
        if i >= window:
            due += arrives[i - window]  # must have run by the end of this hour
        late = left if i == last else due
        full = int(left / each + 1e-9)
        now = (full if full < most else most) * each
        if now < late - none:
            now = math.ceil(late / each - 1e-9) * each
        if now > left:
            now = left
        found[order[i]] = now
        left -= now
        due -= now
    return np.array(found)


def waits_h(waiting: Floats, served: Floats) -> Floats:
    """Hours that requests of a week wait for their turn, rising, shape (n,): one in n of them."""
    whole = float(waiting.sum())
    if whole <= 0:
        return np.zeros(1)
    queue = np.cumsum(waiting - served)
    start = float(-queue.min())  # queue at Monday 00:00, so that none is ever negative
    times = np.arange(-HOURS_PER_WEEK, HOURS_PER_WEEK + 1.0)
    arrived = start + np.concatenate([[0.0], np.cumsum(np.tile(waiting, 2))]) - whole
    gone = np.concatenate([[0.0], np.cumsum(served)])
    request = (np.arange(_POINTS) + 0.5) / _POINTS * whole
    out = np.interp(request, gone, times[HOURS_PER_WEEK:])
    come = np.interp(request, arrived, times)
    waits = out - come
    waits[waits < _NO_WAIT_H] = 0.0  # the last digits of a sum are no wait
    return np.sort(waits)
