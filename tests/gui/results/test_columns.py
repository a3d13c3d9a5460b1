"""Widths that columns share, and headings of several lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui.results.columns import fitting, heading_width, shared
from gui.results.rows import Cell, Column, Row, RowsModel
from gui.results.table import ResultTable

WIDTHS = st.dictionaries(st.integers(0, 9), st.integers(1, 900), min_size=1)


@given(WIDTHS, st.integers(50, 3000), st.integers(10, 100))
def test_columns_fit_together_or_are_as_narrow_as_they_may_be(
    wanted: dict[int, int], room: int, least: int
) -> None:
    found = shared(wanted, room, least)
    assert all(found[c] <= width for c, width in wanted.items())
    if sum(wanted.values()) <= room:
        assert found == wanted
    elif sum(found.values()) > room:
        assert all(found[c] == min(width, least) for c, width in wanted.items())
    # who gives way is never left narrower than one that does not
    narrowed = [found[c] for c in wanted if found[c] < wanted[c]]
    assert all(found[c] <= min(narrowed, default=10_000) for c in wanted if found[c] == wanted[c])


def test_scenarios_side_by_side_fit_the_window_and_wrap(qtbot: QtBot) -> None:
    names = [f"Clinical documentation and staff knowledge, variant {n}" for n in range(4)]
    text = "On-premises: 5 to 9 x PCIe server, 8x RTX PRO 6000 Blackwell SE"
    model = RowsModel([Column("What"), *map(Column, names)])
    told = {"Recommended": text, "Cost": "USD 1"}
    model.show_rows(
        [Row(what, (Cell(what), *(Cell(cell) for _name in names))) for what, cell in told.items()]
    )
    table = ResultTable(model, "Results")
    table.share_room(most_lines=4)
    qtbot.addWidget(table)
    table.resize(1000, 400)
    table.show()
    table.fit_columns()
    assert table.horizontalScrollBar().maximum() == 0
    metrics = table.fontMetrics()
    assert table.rowHeight(0) >= table.rowHeight(1) + metrics.lineSpacing()
    header = table.horizontalHeader()
    qtbot.waitUntil(lambda: header.height() >= 2 * metrics.lineSpacing())
    assert metrics.horizontalAdvance(names[0]) > table.columnWidth(1)


@given(
    st.dictionaries(st.integers(1, 9), st.integers(1, 400)),
    st.integers(1, 900),
    st.integers(50, 3000),
    st.permutations(range(1, 10)),
)
def test_columns_leave_in_their_order_and_no_more_than_must(
    others: dict[int, int], title: int, room: int, order: list[int]
) -> None:
    leaving = [column for column in order if column in others]
    found = fitting({0: title, **others}, room, 0, 100, leaving)
    gone = [column for column in leaving if column not in found]
    assert gone == leaving[: len(gone)]
    assert all(found[column] == others[column] for column in found if column)
    assert found[0] <= title
    if sum(found.values()) > room:
        assert len(gone) == len(leaving) and found[0] == min(title, 100)
    elif gone:  # with one more it would not have fitted
        back = others[gone[-1]] + sum(w for c, w in found.items() if c)
        assert back + min(title, 100) > room


def test_a_heading_of_several_words_takes_two_lines(qtbot: QtBot) -> None:
    table = ResultTable(RowsModel((Column("Rank"),)), "Options")
    qtbot.addWidget(table)
    metrics = table.fontMetrics()
    text = "IT power, nameplate, kW"
    width = heading_width(text, metrics)
    assert metrics.horizontalAdvance("nameplate,") <= width < metrics.horizontalAdvance(text) * 0.7
    assert heading_width("Score", metrics) == metrics.horizontalAdvance("Score")
    assert heading_width("", metrics) == 0
