"""One chart: drawn when it is seen, with its table, its sentence, copy and save."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.charts.records import Absent, Chart
from core.charts.theme import LIGHT
from core.interchange.files import write_atomic
from core.words import _
from gui.direction import in_order
from gui.results import chart_files, texts
from gui.results.chart_area import ChartArea
from gui.results.fitting import fold, is_narrow
from gui.results.rows import Cell, Column, Row, RowsModel, number_cell
from gui.results.table import ResultTable
from gui.save_dialog import ask_where, file_name, named
from gui.workers import Newest, Ticket

NARROW = 55
"""Letters below which the buttons stand under the title."""


class ChartPanel(QWidget):
    """A chart with its title, table view, sentence, and buttons."""

    saved = Signal(str)
    """A sentence about what was written or copied."""
    refused = Signal(str)
    """Why a file could not be written."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item: Chart | Absent | None = None
        self.ask_path: Callable[[str, str], str] = self._ask_path
        self.title = QLabel(self)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.title.setWordWrap(True)
        self.table_button = self._button(_("Table"), _("Show the numbers as a table"))
        self.table_button.setCheckable(True)
        self.table_button.toggled.connect(self._turn)
        self.copy_button = self._button(_("Copy"), _("Copy the picture and its numbers"))
        self.copy_button.clicked.connect(self.copy)
        self.save_button = self._button(_("Save as"), _("Save the chart in a file"))
        menu = QMenu(self.save_button)
        for label, kind in ((_("Picture (PNG)…"), "png"), (_("Drawing (SVG)…"), "svg"),
                            (_("Table (CSV)…"), "csv")):  # fmt: skip  # a list of three
            menu.addAction(in_order(label)).triggered.connect(
                lambda _checked=False, kind=kind: self.save(kind)
            )
        self.save_button.setMenu(menu)
        self._bar = QHBoxLayout()
        self._bar.addWidget(self.title, 1)
        buttons = QHBoxLayout()
        for button in (self.table_button, self.copy_button, self.save_button):
            buttons.addWidget(button)
        self._bar.addLayout(buttons)

        self._writer = Newest(self)
        self._writer.done.connect(lambda text: self.saved.emit(text))
        self._writer.failed.connect(lambda error: self.refused.emit(str(error)))
        writer = self._writer
        self.destroyed.connect(lambda: writer.close())
        self.area = ChartArea(self)
        self.model = RowsModel((), self)
        self.table = ResultTable(self.model, _("Numbers of the chart"), self)
        self.table.setSortingEnabled(True)
        self.absent = _text_label(self)
        self.absent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget(self)
        for page in (self.area, self.table, self.absent):
            self.stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 0, 0)
        layout.addLayout(self._bar)
        layout.addWidget(self.stack, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fold(self._bar, is_narrow(self, NARROW))

    def show_item(self, item: Chart | Absent | None) -> None:
        """Show a chart, or why there is none."""
        self.item = item
        drawn = isinstance(item, Chart)
        self.title.setText(item.title if item else "")
        for button in (self.table_button, self.copy_button, self.save_button):
            button.setEnabled(drawn)
        if isinstance(item, Chart):
            self.area.show_chart(item)
            self._fill_table(item)
        else:
            self.area.show_chart(None)
            self.absent.setText(item.reason if item else _("No chart is chosen."))
        self._turn()

    def close_down(self) -> None:
        """Wait until nothing is being drawn or written."""
        self.area.close_down()
        self._writer.close()

    def copy(self) -> None:
        """Put the picture and the table on the clipboard; a program takes what it can use."""
        if not isinstance(self.item, Chart):
            return
        data = QMimeData()
        data.setText(self.table.as_text())
        drawn = self.area.drawn
        if drawn is not None and self.stack.currentWidget() is self.area:
            data.setImageData(drawn.image)
        QGuiApplication.clipboard().setMimeData(data)
        self.saved.emit(_("Copied: {title}").format(title=self.item.title))

    def save(self, kind: str) -> bool:
        """Ask for a name and write the chart as ``png``, ``svg`` or ``csv``; a signal tells."""
        if not isinstance(self.item, Chart):
            return False
        path = self.ask_path(file_name(self.item.title, f".{kind}"), kind)
        if not path:
            return False
        target = named(path, f".{kind}")
        chart = self.item

        def work(ticket: Ticket) -> str:
            write_atomic(target, _content(chart, kind))
            return _("Saved: {path}").format(path=target)

        self._writer.start(work)
        return True

    def _ask_path(self, name: str, kind: str) -> str:
        pattern = f"{kind.upper()} (*.{kind})"
        return ask_where(self, _("Save the chart"), name, pattern, f".{kind}")

    def _fill_table(self, chart: Chart) -> None:
        numeric = [
            any(isinstance(row[c], int | float) for row in chart.rows)
            for c in range(len(chart.columns))
        ]
        columns = [
            Column(title, "", numeric=is_number)
            for title, is_number in zip(chart.columns, numeric, strict=True)
        ]
        rows = [Row(str(n), tuple(_cell(v) for v in row)) for n, row in enumerate(chart.rows)]
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.model.show_rows(rows, columns)
        self.table.fit_columns()

    def _turn(self) -> None:
        if isinstance(self.item, Chart):
            self.stack.setCurrentWidget(self.table if self.table_button.isChecked() else self.area)
        else:
            self.stack.setCurrentWidget(self.absent)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setAccessibleDescription(tip)
        return button


def _content(chart: Chart, kind: str) -> bytes | str:
    if kind == "csv":
        return chart_files.as_csv(chart)
    return (chart_files.as_svg if kind == "svg" else chart_files.as_png)(chart, LIGHT)


def _text_label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label


def _cell(value: str | float | None) -> Cell:
    text = texts.cell_text(value)
    if isinstance(value, str):
        return Cell(text, value)
    return number_cell(text, value)
