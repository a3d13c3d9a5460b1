"""Which catalog tables hold facts too old to rely on at a given day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.catalog.types import Provenance

PRICE_LIMIT_DAYS = 90
SPECIFICATION_LIMIT_DAYS = 365
"""Also for electricity (published twice a year) and planning values."""


@dataclass(frozen=True, slots=True)
class StaleTable:
    """A table with stale rows: how many of how many, the oldest date ("" where undated)."""

    table: str
    count: int
    oldest: str
    limit_days: int
    total: int


def is_stale(as_of: str, today: date, limit_days: int) -> bool:
    """Is a fact of date ``as_of`` (ISO date, month or year) older than the limit?

    A partial date counts from its first day, so that the doubt makes it older; a date that is
    only a year is no date for a price, and nothing at all is always stale.
    """
    parts = [int(p) for p in as_of.split("-")] if as_of else []
    if not parts or (len(parts) == 1 and limit_days <= PRICE_LIMIT_DAYS):
        return True
    year, month, day = (*parts, 1, 1)[:3]
    return (today - date(year, month, day)).days > limit_days


def stale_table(
    table: str, facts: Iterable[Provenance], today: date, limit_days: int
) -> StaleTable | None:
    """The stale facts of a table, or ``None`` where there are none."""
    everything = list(facts)
    old = [f.as_of for f in everything if is_stale(f.as_of, today, limit_days)]
    if not old:
        return None
    dated = sorted(d for d in old if d)
    return StaleTable(table, len(old), dated[0] if dated else "", limit_days, len(everything))
