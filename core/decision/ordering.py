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


def _days(weeks: float) -> int:
    """Whole days that hold this many weeks."""
    return -int(-weeks * 7.0 // 1)
