"""Lines of measurement files: a bad one is told by its number and loses no other."""

from __future__ import annotations

import csv
import io
import random

import pytest

from core.catalog.load import load_catalog
from core.performance.measurement_format import COLUMNS, read_rows
from core.performance.measurement_lines import LONGEST_LINE, plain_number, split_lines
from core.performance.validate import validate
from tests.core.performance.test_validation import GOOD, text


def test_an_unclosed_quote_costs_its_own_line_only() -> None:
    lines = text(*[GOOD | {"point_id": f"p{i}"} for i in range(200)]).splitlines()
    lines[4] = lines[4].replace("p3,test", 'p3,"test')
    lines[90] += '"'
    rows, problems = read_rows("\n".join(lines))
    assert len(rows) == 198
    assert [p.line for p in problems] == [5, 91]
    assert all("quotation mark" in p.message for p in problems)


def test_a_line_of_immoderate_length_is_told() -> None:
    good = text(GOOD, GOOD)
    rows, problems = read_rows(good + "p3," + "x" * 200_000 + "\n" + good.splitlines()[1])
    assert len(rows) == 3
    assert [p.line for p in problems] == [4]
    assert f"{LONGEST_LINE:,}" in problems[0].message


def test_a_heading_that_cannot_be_read_is_told() -> None:
    with pytest.raises(ValueError, match="heading"):
        read_rows('point_id,"model\np1,x\n')
    with pytest.raises(ValueError, match="lacks the columns"):
        read_rows("")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_cells_are_those_of_the_csv_module(end: str) -> None:
    """Where no quoted cell spans lines both read the same."""
    random.seed(3)
    table = [["".join(random.choices('ab", \u2028é', k=4)) for _ in range(5)] for _ in range(50)]
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows(table)
    assert [found for _line, found in split_lines(out.getvalue())] == table


def test_columns_in_any_order_and_unknown_ones_are_read() -> None:
    header = [*reversed(COLUMNS), "more"]
    line = [GOOD.get(c, "") for c in header]
    rows, problems = read_rows(",".join(header) + "\n\n" + ",".join(line) + "\n")
    assert not problems
    assert rows[0].line == 3
    assert (rows[0].point_id, rows[0].value) == ("p1", 15.0)


def test_a_point_in_two_scenarios_is_two_runs_and_keeps_its_id() -> None:
    """llama.cpp tells the prefill and the decode of one test in two rows of one point."""
    text = (
        "point_id,model,accelerator,engine,scenario,isl,osl,metric,value\n"
        "p,Llama-3.1-8B,RTX-4090,llama.cpp,decode_only,,128,decode_tok_s,50\n"
        "p,Llama-3.1-8B,RTX-4090,llama.cpp,prefill_only,512,,prefill_tok_s,5000\n"
    )
    rows, _problems = read_rows(text)
    decode, prefill = validate(rows, load_catalog()).predictions
    assert (decode.point_id, prefill.point_id) == ("p", "p")
    (alone,) = validate(rows[1:], load_catalog()).predictions
    assert prefill.predicted == alone.predicted
    assert prefill.predicted > 10 * decode.predicted


def table(separator: str, point: str, group: str) -> str:
    """Three measured values as a spreadsheet of some country writes them."""
    rows = [
        GOOD | {"isl": "1024", "value": "1234.5"},
        GOOD | {"point_id": "p2", "concurrency": "qps=1.5", "scenario": "open_loop_poisson"},
        GOOD | {"point_id": "p3", "value": "0.25", "version_date": "2026-03-01", "notes": "a, b"},
    ]
    lines = [separator.join(COLUMNS)]
    for row in rows:
        numbers = row | {
            column: row.get(column, "").replace(".", point) for column in ("value", "concurrency")
        }
        if row["value"] == "1234.5":
            numbers |= {"isl": f"1{group}024", "value": f"1{group}234{point}5"}
        if point == "," and row.get("version_date"):
            numbers["version_date"] = "01.03.2026"
        cells = [numbers.get(column, "") for column in COLUMNS]
        lines.append(separator.join(f'"{c}"' if separator in c else c for c in cells))
    return "\r\n".join(lines)


@pytest.mark.parametrize(
    ("separator", "point", "group"),
    [
        (",", ".", ""),
        (";", ",", "."),
        (";", ",", ""),
        ("\t", ",", "."),
        ("\t", ".", ","),
        (";", ".", ""),
    ],
)
def test_one_table_as_spreadsheets_of_several_countries_write_it(
    separator: str, point: str, group: str
) -> None:
    rows, problems = read_rows(table(separator, point, group))
    assert not problems
    first, second, third = rows
    assert (first.value, plain_number(first.cells["isl"])) == (1234.5, 1024.0)
    assert second.cells["concurrency"] == "qps=1.5"
    assert (third.value, third.cells["version_date"]) == (0.25, "2026-03-01")
    assert third.cells["notes"] == "a, b"


def test_a_line_that_says_the_separator_is_not_the_heading() -> None:
    rows, problems = read_rows("sep=;\n" + text(GOOD).replace(",", ";") + "x;y\n")
    assert [row.line for row in rows] == [3] and [p.line for p in problems] == [4]


def test_a_value_that_may_be_a_thousand_or_a_fraction_is_told() -> None:
    rows, problems = read_rows(text(GOOD | {"value": "1.234"}, GOOD).replace(",", ";"))
    assert [row.value for row in rows] == [15.0]
    assert "1.234 may be a thousand or a fraction" in problems[0].message


def test_a_heading_twice_is_refused_for_nothing_tells_which_counts() -> None:
    with pytest.raises(ValueError, match="value twice"):
        read_rows(",".join([*COLUMNS, "value"]) + "\n")


@pytest.mark.parametrize("value", ["1e308", "1e-308", "1e16"])
def test_a_value_that_nothing_measures_is_told(value: str) -> None:
    rows, problems = read_rows(text(GOOD, GOOD | {"value": value}))
    assert len(rows) == 1
    assert [p.line for p in problems] == [3]
    assert value in problems[0].message


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"model": "Llama-3.3-70B-tubro"}, "Did you mean Llama 3.3 70B"),
        ({"accelerator": "H100 SXN"}, "Did you mean H100 SXM"),
        ({"weight_precision": "fp3"}, "fp3"),
        ({"isl": "1e308"}, "number of tokens"),
        ({"tp": "3"}, "attention heads"),
        ({"concurrency": "-3"}, "concurrency"),
    ],
)
def test_a_wrong_cell_in_any_row_of_a_run_is_told_and_costs_that_row_only(
    wrong: dict[str, str], why: str
) -> None:
    metrics = ["tpot_ms_mean", "ttft_ms_mean", "output_tok_s"]
    for bad in range(3):
        lines = [GOOD | {"metric": m} | (wrong if i == bad else {}) for i, m in enumerate(metrics)]
        rows, problems = read_rows(text(*lines))
        assert not problems
        found = validate(rows, load_catalog()).predictions
        assert [p.predicted is None for p in found] == [i == bad for i in range(3)]
        assert why in found[bad].reason
        assert [p.point_id for p in found] == ["p1"] * 3
