"""From years of the project to the calendar years that accounts are kept in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta


def start_of_service(as_of: date, needed: str | None, weeks: float | None) -> date:
    """The day the service starts: the date needed, else when it can be ready, else ``as_of``."""
    if needed is not None:
        return date.fromisoformat(needed)
    return as_of + timedelta(weeks=weeks or 0.0)


def by_calendar_year(yearly_usd: Sequence[float], start: date) -> tuple[tuple[int, float], ...]:
    """Amounts of project years as (calendar year, amount), by whole months from the start's.

    Each amount is spread evenly over the twelve months of its project year; the sum stays. Years
    of nothing at the end are left out.
    """
    months: dict[int, list[float]] = {}
    for number, usd in enumerate(yearly_usd):
        for month in range(12):
            place = start.month - 1 + 12 * number + month
            months.setdefault(start.year + place // 12, []).append(usd / 12.0)
    found = [(year, math.fsum(parts)) for year, parts in months.items()]
    while found and found[-1][1] == 0.0:
        found.pop()
    return tuple(found)
