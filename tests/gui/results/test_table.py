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


def test_on_a_wide_screen_titles_stand_in_one_line(qtbot: QtBot) -> None:
    model = RowsModel((Column("Rank", numeric=True), Column("Option"), Column("Evidence")))
    model.show_rows([Row("a", (Cell("1", 1.0), Cell(TITLES[0] * 2), Cell("measured")))])
    table = ResultTable(model, "Options")
    qtbot.addWidget(table)
    table.keep_in_view(1, ())
    table.resize(2400, 300)
    table.show()
    table.fit_columns(10)
    assert table.columnWidth(1) >= table.fontMetrics().horizontalAdvance(TITLES[0] * 2)
    assert not table.wordWrap()


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


def test_a_text_takes_the_room_of_the_empty_cells_after_it(qtbot: QtBot) -> None:
    heads = (Column("Option"), Column("Why"), Column("Needed"), Column("Takes"))
    model = RowsModel(heads)
    why = "5.6 points behind: 14.8 times the cost of the best; weaker in time to deploy. " * 3
    behind = Row("b", (Cell("Behind", "b"), Cell(why), Cell("–"), Cell("–")))
    refused = Row("a", (Cell("Refused", "a"), Cell(why), Cell("12 of 10 kW"), Cell("2 kW more")))
    model.show_rows([refused, behind])
    table = ResultTable(model, "Why not")
    qtbot.addWidget(table)
    table.share_room(most_lines=9)
    table.spread(1, over=(2, 3))
    table.setSortingEnabled(True)
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    table.resize(500, 300)
    table.show()
    table.fit_columns(60)
    assert [table.columnSpan(row, 1) for row in (0, 1)] == [1, 3]
    assert table.rowHeight(1) < table.rowHeight(0)  # more room, fewer lines
    table.sortByColumn(0, Qt.SortOrder.DescendingOrder)  # spans are of rows, not of places
    qtbot.waitUntil(lambda: [table.columnSpan(row, 1) for row in (0, 1)] == [3, 1])


def test_figures_stand_clear_of_the_words_after_them(qtbot: QtBot) -> None:
    model = RowsModel((Column("Weeks", numeric=True), Column("Evidence")))
    model.show_rows([Row("a", (Cell("14", 14.0), Cell("Measured")))])
    table = ResultTable(model, "Options")
    qtbot.addWidget(table)
    table.resize(300, 100)
    table.show()
    table.fit_columns()
    place = table.visualRect(model.index(0, 0))
    picture = table.viewport().grab(place).toImage()
    back = picture.pixel(picture.width() - 1, 2)
    inked = [x for x in range(picture.width()) for y in range(4, picture.height() - 4)
             if picture.pixel(x, y) != back]  # fmt: skip  # across, then down
    assert inked and picture.width() - max(inked) >= table.fontMetrics().averageCharWidth()
    assert table.as_text() == "Weeks\tEvidence\n14\tMeasured"  # the gap is not copied
