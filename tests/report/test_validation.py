from __future__ import annotations

from core.performance.own_measurements import FamilyErrors, OwnMeasurements, SiteTerm
from core.report.content import Callout, Para, Table
from core.report.sections.validation import refitted, tables

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
    assert isinstance(coverage, Table) and coverage.rows == (("Model", "81 %", "–"),)


def test_without_tables_nothing_is_claimed() -> None:
    (only,) = tables({})
    assert isinstance(only, Callout) and "no accuracy is claimed" in str(only.text)


def test_an_own_refit_is_printed_with_what_it_gains() -> None:
    own = OwnMeasurements(
        file="own.csv",
        date="2026-11-24",
        data_sha256="a" * 64,
        base_sha256="b" * 64,
        values=48,
        configurations=4,
        terms=(SiteTerm("decode", "vllm", "hopper", 0.78, 48),),
        errors=(FamilyErrors("tpot", 16, 0.259, 0.019, 0.031),),
        seen=(),
    )
    _heading, intro, errors, terms, base = refitted(own)
    assert isinstance(intro, Para) and "48 values of 4 configurations from own.csv" in intro.text
    assert "vLLM on Hopper" in intro.text and "26 and 3 %" in intro.text
    assert isinstance(errors, Table)
    assert errors.rows == (("Time per output token", "16", "26 %", "1.9 %", "3.1 %"),)
    assert isinstance(terms, Table) and terms.rows[0][-1] == "0.78"
    assert isinstance(base, Para) and "b" * 16 in base.text
