"""Rows of a result table: of two lines where their own title does not fit, else of one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.results.rows import Cell, Column, Row, RowsModel
from gui.results.table import ResultTable

TITLES = ("On-premises: 5 to 9 x Edge server, 2x L40S", "On-premises: 3 to 5 x Edge server, 4x L4")


def test_titles_that_do_not_fit_have_two_lines(qtbot: QtBot) -> None:
    model = RowsModel((Column("Rank", numeric=True), Column("Option"), Column("Evidence")))
    model.show_rows(
        [Row(str(n), (Cell(str(n), n), Cell(text), Cell("measured")))
         for n, text in enumerate(TITLES)]
    )  # fmt: skip  # one row each
    table = ResultTable(model, "Options")
    qtbot.addWidget(table)
    table.keep_in_view(1, ())
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


def test_only_the_rows_that_need_it_are_higher_in_any_order(qtbot: QtBot) -> None:
    model = RowsModel((Column("Rank", numeric=True), Column("Option"), Column("Evidence")))
    titles = ("API", TITLES[0], "Cloud")
    model.show_rows(
        [Row(str(n), (Cell(str(n), float(n)), Cell(text, text), Cell("measured")))
         for n, text in enumerate(titles)]
    )  # fmt: skip  # one row each
    table = ResultTable(model, "Options")
    qtbot.addWidget(table)
    table.keep_in_view(1, ())
    table.setSortingEnabled(True)
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    table.resize(300, 300)
    table.show()
    table.fit_columns(60)
    plain, line = table.rowHeight(0), table.fontMetrics().lineSpacing()
    assert [table.rowHeight(row) for row in range(3)] == [plain, plain + line, plain]
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)  # the long one comes first, by its letter
    qtbot.waitUntil(lambda: table.rowHeight(0) == plain + line)
    assert [table.rowHeight(row) for row in (1, 2)] == [plain, plain]
    model.show_rows([Row("a", (Cell("1", 1.0), Cell("API"), Cell("measured")))])
    qtbot.waitUntil(lambda: table.rowHeight(0) == plain)
