"""A chart as a picture that fits its place, drawn away from the window.

Drawing takes 0.1 to 0.4 s: in the window's own thread it would hold up typing and scrolling, so
matplotlib's Agg draws in a worker and the window only shows the finished pixels. The figure is
kept to find out what stands under the pointer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontInfo,
    QImage,
    QMouseEvent,
    QPalette,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QLabel, QScrollArea, QStyle, QToolTip, QVBoxLayout, QWidget

from core.charts.records import Chart
from core.charts.theme import DARK, HIGH_CONTRAST, LIGHT, PRINT, Theme
from core.words import _
from gui.results import hover
from gui.theme import em
from gui.workers import Newest

REDRAW_MS = 60
WIDEST_EM = 72
"""Wider, a chart becomes a ribbon."""
TALLEST = 1.35
"""How much of a tall window a chart may take, relative to its own good height."""


def theme_of(palette: QPalette) -> Theme:
    """The chart theme that goes with a window's palette."""
    base = palette.color(QPalette.ColorRole.Base)
    if base.lightness() > 127:
        return LIGHT
    return HIGH_CONTRAST if base.lightness() < 6 else DARK


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to draw: the chart, its look, its size in pixels of the window, and the resolution."""

    chart: Chart
    theme: Theme
    width: int
    height: int
    dpi: float
    """Pixels of the window per inch of the figure: text then has the window's own size."""
    ratio: float
    """Pixels of the screen per pixel of the window."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished drawing."""

    wanted: Wanted
    figure: Any
    image: QImage


def draw(wanted: Wanted) -> Drawn:
    """Draw a chart to pixels (in any thread: nothing global is touched)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    inches = (wanted.width / wanted.dpi, wanted.height / wanted.dpi)
    figure = Figure(figsize=inches, dpi=wanted.dpi * wanted.ratio)
    untyped: Any = FigureCanvasAgg
    canvas = untyped(figure)
    wanted.chart.draw(figure, wanted.theme)
    canvas.draw()
    pixels = canvas.buffer_rgba()
    height, width = pixels.shape[:2]
    format_ = QImage.Format.Format_RGBA8888
    image = QImage(bytes(pixels), width, height, 4 * width, format_).copy()
    image.setDevicePixelRatio(wanted.ratio)
    return Drawn(wanted, figure, image)


class Picture(QLabel):
    """The pixels; tells where the pointer is."""

    pointed = Signal(QPointF, QPoint)
    """Place in the picture and on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointed.emit(event.position(), event.globalPosition().toPoint())
        super().mouseMoveEvent(event)


class ChartArea(QScrollArea):
    """Draws a chart to fit: on first sight, after a resize, and in other colours."""

    changed = Signal()
    """Another drawing is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart: Chart | None = None
        self.drawn: Drawn | None = None
        self._asked: Wanted | None = None
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setWidgetResizable(True)
        content = QWidget(self)
        self.picture = Picture(content)
        self.picture.pointed.connect(self._point)
        self.caption = QLabel(content)
        self.caption.setWordWrap(True)
        self.caption.setTextFormat(Qt.TextFormat.PlainText)
        self.caption.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.picture)
        column.addWidget(self.caption)
        column.addStretch(1)
        self.setWidget(content)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.draw_now)
        self._worker = Newest(self)
        self._worker.done.connect(self._arrived)
        self._worker.failed.connect(self._failed)
        # Nothing may run on when the chart is gone. A closure, since the collector may already
        # have taken the Python side of this widget apart.
        worker = self._worker
        self.destroyed.connect(lambda: worker.close())

    def show_chart(self, chart: Chart | None) -> None:
        """Show a chart (soon, and only while visible); ``None`` clears."""
        other = chart is None or self.chart is None or chart.key != self.chart.key
        self.chart = chart
        for told in (self, self.picture):  # the area has the focus, to be scrolled by keys
            told.setAccessibleName(chart.title if chart else "")
            told.setAccessibleDescription(chart.alt_text if chart else "")
        parts = (chart.alt_text, chart.note) if chart else ()
        self.caption.setText(" ".join(part for part in parts if part))
        if other:
            self._say(_("Drawing…") if chart else "")
        self._soon(0)

    def draw_now(self) -> None:
        """Have the chart drawn for the present size and colours, where it is not already."""
        chart = self.chart
        if chart is None or not self.isVisible() or self.viewport().width() < 40:
            return
        wanted = self._wanted(chart)
        if wanted == (self._asked if self._worker.running else self.drawn and self.drawn.wanted):
            return
        self._asked = wanted
        self._worker.start(lambda ticket: draw(wanted))

    def close_down(self) -> None:
        """Wait until nothing is being drawn."""
        self._timer.stop()
        self._worker.close()

    def _wanted(self, chart: Chart) -> Wanted:
        """The width there is, and a height that suits the chart."""
        dpi = 72.0 * max(QFontInfo(self.font()).pixelSize(), 8) / LIGHT.text_pt
        # Room for the scroll bar is kept, so that its coming never changes the width.
        width = self.width() - self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        width = min(width, em(self, WIDEST_EM))
        said = self.caption.heightForWidth(width) + self.fontMetrics().height() // 2
        room = self.viewport().height() - said
        scale = dpi / 25.4
        good = chart.height_mm(width / scale) * LIGHT.text_pt / PRINT.text_pt * scale
        height = round(min(max(good, room), good * TALLEST))
        return Wanted(chart, theme_of(self.palette()), width, height, dpi, self.devicePixelRatioF())

    def _arrived(self, drawn: Drawn) -> None:
        if drawn.wanted.chart is not self.chart:
            return
        self.drawn = drawn
        self.picture.setPixmap(QPixmap.fromImage(drawn.image))
        self.picture.setFixedHeight(drawn.wanted.height)
        self.changed.emit()

    def _failed(self, error: Exception) -> None:
        self._say(_("The chart could not be drawn: {error}").format(error=error))

    def _say(self, text: str) -> None:
        self.drawn = None
        self.picture.setPixmap(QPixmap())
        self.picture.setText(text)
        if text:
            self.picture.setFixedHeight(max(self.viewport().height() // 2, 40))

    def _soon(self, wait_ms: int) -> None:
        if self.isVisible():
            self._timer.start(wait_ms)

    def _point(self, place: QPointF, on_screen: QPoint) -> None:
        drawn = self.drawn
        if drawn is None:
            return
        ratio, height = drawn.wanted.ratio, drawn.wanted.height
        # Figures count from the bottom.
        text = hover.text_at(
            drawn.wanted.chart, drawn.figure, place.x() * ratio, (height - place.y()) * ratio
        )
        if text:
            QToolTip.showText(on_screen, text, self.picture)
        else:
            QToolTip.hideText()

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
