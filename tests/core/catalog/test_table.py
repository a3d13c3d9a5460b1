"""Reading one table: what is refused, and how the message names the place."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.errors import CatalogError
from core.catalog.table import Row, by_id, parse_table, read_table
from core.catalog.types import Provenance

WHERE = Provenance("a source", "2026-09-06", "high")


def row(**cells: str) -> Row:
    return Row("things.csv", 7, cells)


def test_the_message_names_file_line_column_value_and_what_is_allowed():
    with pytest.raises(CatalogError) as caught:
        row(price="-3").number("price", 0, 10)
    text = str(caught.value)
    for part in ("things.csv", "line 7", "'price'", "'-3'", "from 0 to 10"):
        assert part in text


@pytest.mark.parametrize("cell", ["nan", "inf", "-inf", "1,5", "12 kW", "--1"])
def test_only_finite_plain_numbers_are_numbers(cell):
    with pytest.raises(CatalogError):
        row(x=cell).optional("x", -math.inf)


def test_empty_is_unknown_where_optional_and_wrong_where_required():
    assert row(x="").optional("x") is None
    with pytest.raises(CatalogError, match="at least 0"):
        row(x="").number("x")
    with pytest.raises(CatalogError, match="text is required"):
        row(x="").text("x")


def test_a_missing_column_is_named():
    with pytest.raises(CatalogError, match=r"column 'y'.*missing"):
        row(x="1").number("y")


@pytest.mark.parametrize("cell", ["1.5", "-1"])
def test_whole_numbers_only(cell):
    with pytest.raises(CatalogError):
        row(n=cell).integer("n", 0)


def test_flags_and_choices_are_exact():
    assert row(f="yes").flag("f") is True
    assert row(f="no").flag("f") is False
    with pytest.raises(CatalogError, match="yes, no"):
        row(f="Yes").flag("f")


@pytest.mark.parametrize("date", ["", "2026", "2026-11", "2026-11-30"])
def test_dates_may_be_partial(date):
    found = row(source="s", as_of=date, confidence="low").provenance()
    assert found == Provenance("s", date, "low")


@pytest.mark.parametrize(
    "date", ["2026-13", "2026-1-1", "Q1 2026", "2026 crawl", "26", "2026-11-32"]
)
def test_other_dates_are_refused(date):
    with pytest.raises(CatalogError):
        row(source="s", as_of=date, confidence="low").provenance()


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3))
def test_ranges_are_ordered(values):
    cells = dict(zip(("low", "base", "high"), map(repr, values), strict=True))
    if values == sorted(values):
        found = row(**cells).span("USD", WHERE)
        assert [found.low, found.base, found.high] == values
    else:
        with pytest.raises(CatalogError, match="low <= base <= high"):
            row(**cells).span("USD", WHERE)


def test_a_range_is_given_whole_or_not_at_all():
    cells = {"low": "", "base": "", "high": "", "s": "x", "d": "", "c": "low"}
    assert row(**cells).optional_span("USD", ("s", "d", "c")) is None
    with pytest.raises(CatalogError, match="must be empty"):
        row(**{**cells, "low": "3"}).optional_span("USD", ("s", "d", "c"))


def test_line_numbers_are_those_of_an_editor_even_after_quoted_line_breaks():
    rows = parse_table("t.csv", 'id,text\na,"one\ntwo"\n\nb,three\n')
    assert [(r.line, r.text("id")) for r in rows] == [(2, "a"), (5, "b")]


def test_ragged_lines_and_empty_files_are_refused():
    with pytest.raises(CatalogError, match=r"line 3.*2 cells are required"):
        parse_table("t.csv", "id,x\na,1\nb,1,2\n")
    with pytest.raises(CatalogError, match="header"):
        parse_table("t.csv", "")


def test_ids_are_unique_and_the_table_is_read_only():
    rows = parse_table("t.csv", "id\na\nb\na\n")
    with pytest.raises(CatalogError, match=r"line 4.*once"):
        by_id(rows, lambda r: r.line)
    table = by_id(rows[:2], lambda r: r.line)
    with pytest.raises(TypeError):
        table["c"] = 1  # type: ignore[index]  # read-only is what is tested


def test_a_missing_file_is_named():
    with pytest.raises(CatalogError, match=r"nothing\.csv.*missing"):
        read_table("nothing")
