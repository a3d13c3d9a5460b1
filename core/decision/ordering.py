"""When an option has to be ordered so that it serves on the day it is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core.recommendation import LeadStep, Spread


@dataclass(frozen=True, slots=True)
class OrderBy:
    """The last day to order, ISO dates: with a long, the expected and a short lead time."""

    safe: str
    expected: str
    latest: str
    """Too late wherever the lead time is not at its shortest."""
    weeks_left: float
    """From the day of the answer to the safe day; negative where that is past."""


def order_by(as_of: str, date_needed: str, weeks: Spread) -> OrderBy:
    """Count the lead time (weeks) back from the day of need; part days are rounded up.

    Raises ValueError for malformed dates.
    """
    safe, expected, latest = (
        _earlier(date_needed, value) for value in (weeks.high, weeks.base, weeks.low)
    )
    left = date.fromisoformat(safe) - date.fromisoformat(as_of)
    return OrderBy(safe, expected, latest, left.days / 7.0)


@dataclass(frozen=True, slots=True)
class Milestones:
    """Days of a project from the day of the answer on, ISO dates."""

    order: str
    """The safe day to order; where that is past as soon as test and quotations are done, but no
    later than the expected day, nor before the day of the answer."""
    ready: str
    """In service, ordered on that day with the expected lead time."""
    when: Literal["safe", "soon", "last"]
    """Which day to order that is: the safe one, the soonest, or the last with the expected lead
    time (or later)."""
    review: str
    """Three months after the day of need, or after being ready where that is later."""


@dataclass(frozen=True, slots=True)
class DatedStep:
    """A part of the lead time, counted back from the day of need; ISO dates."""

    step: LeadStep
    safe: str
    """Last day to begin where it and all that follows take their longest."""
    expected: str
    """The same with the expected weeks."""
    ready: str
    """Day on which it must be done, with the expected weeks of what follows."""
    late: Literal["no", "safe_day", "expected_day"]
    """Which of the days to begin is past already; the expected one is never before the safe."""


def preparation(as_of: str, date_needed: str, steps: Iterable[LeadStep]) -> tuple[DatedStep, ...]:
    """When each part has to begin. Raises ValueError for malformed dates."""
    found = []
    for step in steps:
        safe = _earlier(date_needed, step.weeks.high + step.then.high)
        expected = _earlier(date_needed, step.weeks.base + step.then.base)
        found.append(
            DatedStep(
                step,
                safe,
                expected,
                _earlier(date_needed, step.then.base),
                "expected_day" if expected < as_of else "safe_day" if safe < as_of else "no",
            )
        )
    return tuple(found)


REVIEW_WEEKS = 13
PREPARATION_WEEKS = 6.0
"""For open points, test and quotations before an order. Assumption: planning practice, no citable
source."""


def milestones(as_of: str, date_needed: str, weeks: Spread) -> Milestones:
    """When to order, be ready and look back. Raises ValueError for malformed dates."""
    found = order_by(as_of, date_needed, weeks)
    when: Literal["safe", "soon", "last"] = "safe"
    order = found.safe
    if order < as_of:
        prepared = _later(as_of, PREPARATION_WEEKS)
        order = max(min(prepared, found.expected), as_of)
        when = "soon" if prepared < found.expected else "last"
    ready = _later(order, weeks.base)
    return Milestones(order, ready, when, _later(max(ready, date_needed), REVIEW_WEEKS))


def _later(day: str, weeks: float) -> str:
    start = date.fromisoformat(day)
    return (start + timedelta(days=min(_days(weeks), (date.max - start).days))).isoformat()


def _earlier(day: str, weeks: float) -> str:
    end = date.fromisoformat(day)
    return (end - timedelta(days=min(_days(weeks), (end - date.min).days))).isoformat()


def _days(weeks: float) -> int:
    """Whole days that hold this many weeks."""
    return -int(-weeks * 7.0 // 1)
