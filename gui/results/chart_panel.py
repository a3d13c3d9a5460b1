"""One chart: drawn when it is seen, with its table, its sentence, copy and save."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontInfo,
    QGuiApplication,
    QImage,
    QPalette,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from core.charts.records import Absent, Chart
from core.charts.theme import DARK, HIGH_CONTRAST, LIGHT, PRINT, Theme
from core.interchange.files import write_atomic
from core.words import _
from gui.results import chart_files, hover, texts
from gui.results.table import Cell, Column, ResultTable, Row, RowsModel, RowsSorter, number_cell

REDRAW_MS = 60
TALLEST = 1.35
"""How much of a tall window a chart may take, relative to its own good height."""


def theme_of(palette: QPalette) -> Theme:
    """The chart theme that goes with a window's palette."""
    base = palette.color(QPalette.ColorRole.Base)
    if base.lightness() > 127:
        return LIGHT
    return HIGH_CONTRAST if base.lightness() < 6 else DARK


def new_canvas(figure: Any) -> QWidget:
    """A Qt widget that shows a figure. Heavy on its first call in a process."""
    os.environ.setdefault("QT_API", "pyside6")
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg

    untyped: Any = FigureCanvasQTAgg
    canvas: QWidget = untyped(figure)
    return canvas


class ChartArea(QScrollArea):
    """Draws a chart to fit: on first sight, after a resize, and in other colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart: Chart | None = None
        self.canvas: QWidget | None = None
        self.figure: Any = None
        self._dpi = 96.0
        self._drawn: tuple[Any, ...] = ()
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.draw_now)

    def show_chart(self, chart: Chart | None) -> None:
        """Show a chart (soon, and only while visible); ``None`` clears."""
        self.chart = chart
        self.setAccessibleName(chart.title if chart else "")
        self.setAccessibleDescription(chart.alt_text if chart else "")
        self._soon(0)

    def draw_now(self) -> None:
        """Draw the chart for the present size and colours, where it is not drawn already."""
        chart = self.chart
        if chart is None or not self.isVisible() or self.viewport().width() < 40:
            return
        theme = theme_of(self.palette())
        self._dpi = 8.0 * max(QFontInfo(self.font()).pixelSize(), 8)
        width, height = self._size(chart)
        wanted = (chart, theme, width, height, self._dpi)
        if wanted == self._drawn:
            return
        inches = (width / self._dpi, height / self._dpi)
        if self.figure is None or self._drawn[4:] != (self._dpi,):
            self._renew(inches)
        else:
            self.figure.set_size_inches(*inches, forward=False)
        canvas = self.canvas
        assert canvas is not None
        chart.draw(self.figure, theme)
        self._drawn = wanted
        canvas.setAccessibleName(chart.title)
        canvas.setAccessibleDescription(chart.alt_text)
        canvas.resize(width, height)
        canvas.show()
        # What the chart leaves free is of its own colour.
        colours = self.viewport().palette()
        colours.setColor(QPalette.ColorRole.Window, QColor(theme.background))
        self.viewport().setPalette(colours)
        self.figure.canvas.draw_idle()

    def image(self) -> QImage | None:
        """What is drawn, as a picture."""
        return None if self.canvas is None else self.canvas.grab().toImage()

    def _renew(self, inches: tuple[float, float]) -> None:
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=inches, dpi=self._dpi)
        self.canvas = new_canvas(self.figure)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas.installEventFilter(self)
        self.figure.canvas.mpl_connect("motion_notify_event", self._hover)
        self.setWidget(self.canvas)

    def _size(self, chart: Chart) -> tuple[int, int]:
        """Width and height in pixels: the width there is, a height that suits the chart."""
        width, room = self.viewport().width(), self.viewport().height()
        scale = self._dpi / 25.4
        good = chart.height_mm(width / scale) * LIGHT.text_pt / PRINT.text_pt * scale
        return width, round(min(max(good, room), good * TALLEST))

    def _soon(self, wait_ms: int) -> None:
        if self.isVisible():
            self._timer.start(wait_ms)

    def _hover(self, event: Any) -> None:
        if self.chart is None or self.canvas is None or event.guiEvent is None:
            return
        text = hover.text_at(self.chart, self.figure, event)
        if text:
            QToolTip.showText(event.guiEvent.globalPosition().toPoint(), text, self.canvas)
        else:
            QToolTip.hideText()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and watched is self.canvas:
            # The canvas would keep the wheel for itself.
            QCoreApplication.sendEvent(self.verticalScrollBar(), event)
            return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon(REDRAW_MS)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._soon(0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._soon(REDRAW_MS)


class ChartPanel(QWidget):
    """A chart with its title, table view, sentence, and buttons."""

    saved = Signal(str)
    """A sentence about a file that was written, or why it could not be."""

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
            menu.addAction(label).triggered.connect(
                lambda _checked=False, kind=kind: self.save(kind)
            )
        self.save_button.setMenu(menu)
        bar = QHBoxLayout()
        bar.addWidget(self.title, 1)
        for button in (self.table_button, self.copy_button, self.save_button):
            bar.addWidget(button)

        self.area = ChartArea(self)
        self.model = RowsModel((), self)
        sorter = RowsSorter(self)
        sorter.setSourceModel(self.model)
        self.table = ResultTable(sorter, _("Numbers of the chart"), self)
        self.table.setSortingEnabled(True)
        self.absent = _text_label(self)
        self.absent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget(self)
        for page in (self.area, self.table, self.absent):
            self.stack.addWidget(page)
        self.caption = _text_label(self)
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 0, 0)
        layout.addLayout(bar)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.caption)

    def show_item(self, item: Chart | Absent | None) -> None:
        """Show a chart, or why there is none."""
        self.item = item
        drawn = isinstance(item, Chart)
        self.title.setText(item.title if item else "")
        for button in (self.table_button, self.copy_button, self.save_button):
            button.setEnabled(drawn)
        if isinstance(item, Chart):
            self.area.show_chart(item)
            self.caption.setText(" ".join(part for part in (item.alt_text, item.note) if part))
            self._fill_table(item)
        else:
            self.area.show_chart(None)
            self.caption.setText("")
            self.absent.setText(item.reason if item else _("No chart is chosen."))
        self.caption.setVisible(drawn)
        self._turn()

    def copy(self) -> None:
        """Put the picture and the table on the clipboard; a program takes what it can use."""
        if not isinstance(self.item, Chart):
            return
        data = QMimeData()
        data.setText(self.table.as_text())
        image = self.area.image() if self.stack.currentWidget() is self.area else None
        if image is not None:
            data.setImageData(image)
        QGuiApplication.clipboard().setMimeData(data)
        self.saved.emit(_("Copied: {title}").format(title=self.item.title))

    def save(self, kind: str) -> bool:
        """Ask for a name and write the chart as ``png``, ``svg`` or ``csv``."""
        if not isinstance(self.item, Chart):
            return False
        path = self.ask_path(f"{self.item.key}.{kind}", kind)
        if not path:
            return False
        target = Path(path)
        if not target.suffix:
            target = target.with_suffix(f".{kind}")
        try:
            write_atomic(target, self._content(self.item, kind))
        except OSError as error:
            self.saved.emit(str(error))
            return False
        self.saved.emit(_("Saved: {path}").format(path=target))
        return True

    def _content(self, chart: Chart, kind: str) -> bytes | str:
        if kind == "csv":
            return chart_files.as_csv(chart)
        return (chart_files.as_svg if kind == "svg" else chart_files.as_png)(chart, LIGHT)

    def _ask_path(self, name: str, kind: str) -> str:
        pattern = f"{kind.upper()} (*.{kind})"
        path, _pattern = QFileDialog.getSaveFileName(self, _("Save the chart"), name, pattern)
        return path

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
