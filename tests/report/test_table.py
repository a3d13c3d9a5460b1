from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.report.content import Column, Table, without_empty
from core.report.table import (
    CELL,
    FEWEST_CARRIED,
    FEWEST_KEPT,
    GAP,
    SMALL_SUM,
    SMALL_TABLE,
    TableBox,
    table_box,
)
from core.report.text import width_of

WIDTH = 480.0
NUMBERS = Table(
    (Column("Name"), Column("Cost", "USD", "decimal")),
    tuple((f"row {i}", text) for i, text in enumerate(("1.5", "12", "1,234.25", "0.125", "–"))),
)


def point_of(box: TableBox, row: int) -> float:
    """Where the decimal point of a number stands, from the left edge of its column."""
    cell = box.rows[row].cells[1]
    text = "".join(p.text for p in cell.lines[0])
    return cell.shifts[0] + width_of(text.split(".")[0], "AdvisorSans", CELL)


def test_decimals_stand_below_each_other() -> None:
    box = table_box(NUMBERS, WIDTH)
    places = [point_of(box, row) for row in range(4)]
    assert max(places) - min(places) < 1e-6


@given(
    st.lists(
        st.tuples(st.text(max_size=60), st.text(max_size=200), st.text(max_size=12)),
        min_size=1,
        max_size=20,
    ),
    st.floats(120.0, 500.0),
)
def test_a_table_keeps_to_its_room(rows: list[tuple[str, str, str]], width: float) -> None:
    columns = (Column("A"), Column("Long words"), Column("N", "kW", "decimal"))
    box = table_box(Table(columns, tuple(rows)), width)
    assert sum(box.widths) + GAP * 2 <= width + 0.1
    for row in box.rows:
        for cell, wide in zip(row.cells, box.widths, strict=True):
            for line, shift in zip(cell.lines, cell.shifts, strict=True):
                text = "".join(p.text for p in line)
                if len(text) > 1:
                    assert shift + width_of(text, "AdvisorSans", CELL) <= wide + 0.5


@given(st.integers(1, 60), st.floats(40.0, 700.0))
def test_parts_hold_every_row_once_in_order(count: int, room: float) -> None:
    table = Table(
        (Column("A"), Column("B")), tuple((str(i), "x " * (i % 40)) for i in range(count))
    )
    box: TableBox | None = table_box(table, 200.0)
    seen, first = [], True
    while box is not None:
        parts = box.split(room if first else 700.0, 700.0) if box.height > 700.0 or first else None
        first = False
        if parts is None:
            seen += [row.index for row in box.rows]
            break
        head, box = parts  # type: ignore[assignment]  # parts of a table are tables
        assert isinstance(head, TableBox)
        seen += [row.index for row in head.rows]
    assert list(dict.fromkeys(seen)) == list(range(count))


@given(st.integers(12, 60), st.floats(100.0, 700.0))
def test_no_table_ends_with_a_row_or_two_on_the_next_page(count: int, room: float) -> None:
    table = Table((Column("A"),), tuple((str(i),) for i in range(count)))
    box = table_box(table, 200.0)
    parts = box.split(room, 700.0) if box.height > room else None
    if parts is None:
        return
    head, rest = parts
    assert isinstance(head, TableBox) and isinstance(rest, TableBox)
    assert len(rest.rows) >= FEWEST_CARRIED and len(head.rows) >= FEWEST_KEPT
    assert head.height <= room


def test_the_heading_of_a_group_that_goes_on_is_repeated() -> None:
    lines = [("first group",), *((f"a{i}",) for i in range(20)), ("second group",)]
    lines += [(f"b{i}",) for i in range(20)]
    table = Table((Column("A"),), tuple(lines), groups=frozenset((0, 21)))
    whole = table_box(table, 200.0)
    row = whole.rows[1].height

    def heading(box: object) -> str | None:
        assert isinstance(box, TableBox)
        return None if box.group is None else "".join(p.text for p in box.group.cells[0].lines[0])

    parts = whole.split(whole.head_height + 10.5 * row, 700.0)
    assert parts is not None
    first, rest = parts
    assert (heading(first), heading(rest)) == (None, "first group")
    assert isinstance(rest, TableBox) and rest.height == pytest.approx(
        rest.titles_height + row + sum(r.height for r in rest.rows)
    )
    again = rest.split(rest.head_height + 20.5 * row, 700.0)  # the last of the second group
    assert again is not None
    assert (heading(again[0]), heading(again[1])) == ("first group", "second group")
    at_group = whole.split(whole.head_height + 21.5 * row, 700.0)  # where a group begins
    assert at_group is not None and heading(at_group[1]) is None


def test_continued_parts_know_it() -> None:
    table = Table((Column("A"),), tuple((str(i),) for i in range(40)))
    parts = table_box(table, 200.0).split(200.0, 700.0)
    assert parts is not None
    first, second = parts
    assert isinstance(first, TableBox) and isinstance(second, TableBox)
    assert (first.continued, second.continued) == (False, True)
    assert second.head == first.head


def test_a_row_higher_than_a_page_is_cut() -> None:
    table = Table((Column("A"), Column("B")), (("name", "W" * 20_000),))
    parts = table_box(table, 300.0).split(700.0, 700.0)
    assert parts is not None
    assert parts[0].height <= 700.0


def test_columns_that_say_nothing_are_dropped() -> None:
    table = Table((Column("A"), Column("B"), Column("C")), (("", "–", "1"), ("", "", "2")))
    assert [c.title for c in without_empty(table).columns] == ["A", "C"]


def test_short_tables_stay_narrow() -> None:
    box = table_box(Table((Column("Trend"), Column("Value", "", "decimal")), (("A", "1"),)), WIDTH)
    assert sum(box.widths) < WIDTH / 2


def test_a_total_stays_with_what_it_adds_up() -> None:
    rows = tuple((f"line {i}", str(i)) for i in range(9))
    columns = (Column("Line"), Column("Amount", "", "decimal"))
    bill = table_box(Table(columns, (*rows, ("Total", "36")), strong=frozenset((9,))), WIDTH)
    assert SMALL_TABLE < bill.height <= SMALL_SUM
    assert bill.first == bill.height
    assert all(bill.split(room, 700.0) is None for room in (60.0, bill.height - 1.0))
    # a list whose first row stands out adds nothing up
    ranked = table_box(Table(columns, (*rows, ("last", "36")), strong=frozenset((0,))), WIDTH)
    assert ranked.split(bill.height - 20.0, 700.0) is not None


def test_a_small_table_is_never_broken_over_pages() -> None:
    small = table_box(NUMBERS, WIDTH)
    assert small.height <= SMALL_TABLE
    assert small.first == small.height
    assert all(small.split(room, 700.0) is None for room in (10.0, 60.0, small.height - 1.0))
    rows = tuple((f"row {i}", str(i)) for i in range(40))
    large = table_box(Table(NUMBERS.columns, rows), WIDTH)
    assert large.height > SMALL_TABLE
    assert large.split(large.height / 2.0, 700.0) is not None
