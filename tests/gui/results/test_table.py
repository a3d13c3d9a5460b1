"""Rows of a result table: of two lines where a title does not fit its column, else of one."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from gui.results.table import Cell, Column, ResultTable, Row, RowsModel

TITLES = ("On-premises: 5 to 9 x Edge server, 2x L40S", "On-premises: 3 to 5 x Edge server, 4x L4")


def test_titles_that_do_not_fit_have_two_lines(qtbot: QtBot) -> None:
    model = RowsModel((Column("Rank", numeric=True), Column("Option"), Column("Evidence")))
    model.show_rows(
        [Row(str(n), (Cell(str(n), n), Cell(text), Cell("measured")))
         for n, text in enumerate(TITLES)]
    )  # fmt: skip  # one row each
    table = ResultTable(model, "Options")
    qtbot.addWidget(table)
    table.keep_in_view(2, giving=1)
    table.resize(1000, 300)
    table.show()
    table.fit_columns(60)
    plain = table.rowHeight(0)
    assert not table.wordWrap()
    table.resize(300, 300)
    qtbot.waitUntil(table.wordWrap)
    assert table.rowHeight(0) == plain + table.fontMetrics().lineSpacing()
    table.resize(1000, 300)
    qtbot.waitUntil(lambda: not table.wordWrap())
    assert table.rowHeight(0) == plain
