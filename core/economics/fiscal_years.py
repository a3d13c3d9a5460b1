"""From years of the project to the fiscal years that accounts are kept in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta


def start_of_service(as_of: date, needed: str | None, weeks: float | None) -> date | None:
    """The day the service starts: the date needed, else when it can be ready, else ``as_of``.

    ``None`` where it lies beyond the calendar, which ends with the year 9999.
    """
    if needed is not None:
        return date.fromisoformat(needed)
    try:
        return as_of + timedelta(weeks=weeks or 0.0)
    except OverflowError:
        return None


def by_fiscal_year(
    yearly_usd: Sequence[float], start: date, first_month: int = 1, *, at_end: bool = False
) -> tuple[tuple[int, float], ...]:
    """Amounts of project years as (fiscal year, amount), by whole months from the start's.

    A fiscal year starts with ``first_month`` (1 is January) and is named after the calendar year
    in which it ends. Each amount is spread evenly over the twelve months of its project year, or
    falls into the last of them (``at_end``); the sum stays. Years of nothing at the end are left
    out.
    """
    within = (11,) if at_end else range(12)
    ahead = (13 - first_month) % 12  # months from the fiscal year's start to January
    months: dict[int, list[float]] = {}
    for number, usd in enumerate(yearly_usd):
        for month in within:
            place = start.month - 1 + ahead + 12 * number + month
            months.setdefault(start.year + place // 12, []).append(usd / len(within))
    found = [(year, math.fsum(parts)) for year, parts in months.items()]
    while found and found[-1][1] == 0.0:
        found.pop()
    return tuple(found)
