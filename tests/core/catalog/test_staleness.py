"""What counts as stale: prices after 90 days, the rest after 365, the undated always."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.load import Catalog, load_catalog
from core.catalog.staleness import is_stale, stale_table
from core.catalog.types import Currency, Provenance

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("as_of", "limit", "stale"),
    [
        ("2026-08-26", 90, False),  # 90 days before
        ("2026-08-25", 90, True),
        ("2026-11", 90, False),
        ("2026-08", 90, True),  # counts from the first day of the month
        ("2026", 90, True),  # a crawl that keeps only its year
        ("2026", 365, False),
        ("2025", 365, True),
        ("", 90, True),
        ("", 365, True),
        ("2027-01-01", 90, False),  # tomorrow's price list is not old
    ],
)
def test_age_against_the_limit(as_of, limit, stale):
    assert is_stale(as_of, TODAY, limit) is stale


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.integers(0, 400))
def test_what_is_stale_stays_stale(fact, age, more):
    day = fact + timedelta(days=age)
    if is_stale(fact.isoformat(), day, 90):
        assert is_stale(fact.isoformat(), day + timedelta(days=more), 90)


def test_counts_and_the_oldest():
    facts = [Provenance("s", d, "high") for d in ("2026-11-01", "2025-02", "", "2024-12-31")]
    found = stale_table("prices", facts, TODAY, 90)
    assert found is not None
    assert (found.count, found.total, found.oldest, found.limit_days) == (3, 4, "2024-12-31", 90)
    assert stale_table("prices", facts[:1], TODAY, 90) is None


def test_a_fresh_catalog_has_nothing_stale():
    fresh = Currency("EUR", 0.9, Provenance("s", "2026-11-20", "high"))
    catalog = Catalog(currencies={"EUR": fresh})
    assert catalog.stale(TODAY) == ()
    (found,) = catalog.stale(date(2027, 11, 24))
    assert found.table == "currencies"


def test_the_shipped_crawls_are_shown_as_stale():
    tables = {t.table: t for t in load_catalog().stale(TODAY)}
    assert tables["cloud prices"].oldest == "2025-03-06"
    assert tables["cloud prices"].count < tables["cloud prices"].total
    assert "models" not in tables
