from __future__ import annotations

from core.report.content import Callout, Para, Table
from core.report.sections.validation import tables

ENTRY = {"n": 1200, "median": 0.093, "mean": 0.21, "p90": 0.4, "ratio": 1.02}


def test_stored_errors_are_printed_left_out_groups_first() -> None:
    found = list(
        tables(
            {
                "date": "2026-11-24",
                "values": 3600,
                "tables": {
                    "fit": {"tpot": ENTRY, "power": {"n": 0}},
                    "left_out": {"model": {"tpot": {**ENTRY, "median": 0.118}}},
                    "coverage": {"model": {"tpot": 0.81, "ttft": None}},
                },
            }
        )
    )
    intro, left_out, fitted, coverage = found
    assert isinstance(intro, Para) and "2026-11-24 with 3,600" in str(intro.text)
    assert isinstance(left_out, Table) and "model left out" in left_out.caption
    assert left_out.rows == (("Time per output token", "1,200", "12 %", "21 %", "40 %", "1.02"),)
    assert isinstance(fitted, Table) and fitted.rows[0][2] == "9.3 %"
    assert isinstance(coverage, Table) and coverage.rows == (("model", "81 %", "–"),)


def test_without_tables_nothing_is_claimed() -> None:
    (only,) = tables({})
    assert isinstance(only, Callout) and "no accuracy is claimed" in str(only.text)
