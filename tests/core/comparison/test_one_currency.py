"""Amounts follow the rate; what is no amount stays."""

from __future__ import annotations

import pytest

from core.assessment import entries, with_value
from core.catalog.load import load_catalog
from core.comparison.one_currency import MONEY, in_one_currency
from core.presets import new_assessment


def test_amounts_are_converted_and_all_else_is_kept():
    catalog = load_catalog()
    euros = catalog.currency("EUR").per_usd
    first = with_value(new_assessment(None, catalog), "economics.currency", "EUR")
    second = with_value(first, "economics.currency", "USD")
    for path in MONEY:
        second = with_value(second, path, 0.5)
    found, notes = in_one_currency([first, second, first], ["A", "B", "C"], catalog)
    assert found[0] is first and found[2] is first
    assert len(notes) == 1 and notes[0].startswith("“B” was entered in USD")
    assert f"{euros:.4g} EUR per USD" in notes[0] and "2026-10-30" in notes[0]
    changed = {
        e.path: (e.value, o.value)
        for e, o in zip(entries(found[1]), entries(second), strict=True)
        if e.value != o.value
    }
    assert set(changed) == {"economics.currency", *MONEY}
    for path in MONEY:
        assert changed[path][0] == pytest.approx(0.5 * euros)
