"""Where a yes turns into a no: bracketing and bisection on one input, told as a round number."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.notation import rounded

Holds = Callable[[float], bool]
DIGITS = 3
"""Significant figures of the value told (whole numbers are told exactly)."""
MOST_DIGITS = 6
MOST_STEPS = 64


@dataclass(frozen=True, slots=True)
class Turn:
    """``holds`` is a value at which the condition holds, ``fails`` the nearest tried where not."""

    holds: float
    fails: float


def first(holds: Holds, values: Iterable[float]) -> Turn | None:
    """The first of ``values`` at which a condition holds, with the one before it.

    The first value is where the search starts and is taken not to hold. ``None`` where the
    condition holds at none.
    """
    steps = iter(values)
    before = next(steps)
    for value in steps:
        if holds(value):
            return Turn(value, before)
        before = value
    return None


def narrowed(
    holds: Holds, turn: Turn, *, whole: bool = False, share: float = 0.002, close: float = 0.0
) -> Turn:
    """Bisect a turn until both sides are within ``share`` of each other, or neighbours.

    Or until they are ``close`` to each other, for values around zero.

    The value that holds is then rounded away from the one that fails, to ``DIGITS`` figures or as
    few more as let the condition hold there too: what is told is what was tried.
    """
    good, bad = turn.holds, turn.fails
    for _step in range(MOST_STEPS):
        if abs(good - bad) <= (1.0 if whole else max(share * max(abs(good), abs(bad)), close)):
            break
        middle = between(good, bad, whole=whole)
        if middle in (good, bad):
            break
        good, bad = (middle, bad) if holds(middle) else (good, middle)
    if whole:
        return Turn(good, bad)
    for digits in range(DIGITS, MOST_DIGITS + 1):
        told = rounded(good, up=good > bad, digits=digits)
        if told == good or holds(told):
            return Turn(told, bad)
    return Turn(good, bad)


def between(one: float, other: float, *, whole: bool = False) -> float:
    """The middle of two values: geometric where both are positive and far apart."""
    if one > 0 and other > 0 and max(one, other) > 2 * min(one, other):
        middle = math.sqrt(one * other)
    else:
        middle = (one + other) / 2.0
    return float(round(middle)) if whole else middle


def ladder(start: float, end: float, factor: float = 2.0) -> list[float]:
    """``start``, then values growing (or shrinking) by ``factor`` up to ``end``, included.

    Both must be positive.
    """
    found, value = [start], start
    up = end > start
    while (value < end) if up else (value > end):
        value = min(value * factor, end) if up else max(value / factor, end)
        found.append(value)
    return found


def confirmed(
    turn: Turn,
    quick: Holds,
    full: Holds,
    values: Iterable[float],
    *,
    whole: bool = False,
    share: float = 0.002,
    close: float = 0.0,
) -> tuple[Turn, bool]:
    """A turn found by a quick condition, narrowed and held against the full one on both sides.

    Where the full condition disagrees the search is repeated with it along ``values``. Returns
    the turn and whether the full condition turns there.
    """
    found = narrowed(quick, turn, whole=whole, share=share, close=close)
    if full(found.holds) and not full(found.fails):
        return found, True
    again = first(full, values)
    if again is None:
        return found, False
    found = narrowed(full, again, whole=whole, share=share, close=close)
    return found, not full(found.fails)
