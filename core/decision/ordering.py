"""When an option has to be ordered so that it serves on the day it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from core.recommendation import Spread


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
    need, today = date.fromisoformat(date_needed), date.fromisoformat(as_of)
    safe, expected, latest = (
        need - timedelta(days=_days(value)) for value in (weeks.high, weeks.base, weeks.low)
    )
    return OrderBy(
        safe.isoformat(), expected.isoformat(), latest.isoformat(), (safe - today).days / 7.0
    )


@dataclass(frozen=True, slots=True)
class Milestones:
    """Days of a project from the day of the answer on, ISO dates."""

    order: str
    """The safe day to order; the expected one where that is past, else the day of the answer."""
    ready: str
    """In service, ordered on that day with the expected lead time."""
    safe: bool
    """Whether that day is early enough for the longest lead time."""
    review: str
    """Three months after the day of need, or after being ready where that is later."""


REVIEW_WEEKS = 13


def milestones(as_of: str, date_needed: str, weeks: Spread) -> Milestones:
    """When to order, be ready and look back. Raises ValueError for malformed dates."""
    found = order_by(as_of, date_needed, weeks)
    order = next((day for day in (found.safe, found.expected) if day >= as_of), as_of)
    ready = _later(order, weeks.base)
    return Milestones(
        order, ready, order == found.safe, _later(max(ready, date_needed), REVIEW_WEEKS)
    )


def _later(day: str, weeks: float) -> str:
    return (date.fromisoformat(day) + timedelta(days=_days(weeks))).isoformat()


def _days(weeks: float) -> int:
    """Whole days that hold this many weeks."""
    return -int(-weeks * 7.0 // 1)
