"""The answer on top of the page: the sentence, how sure it is, and the key figures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.recommendation import Analysis, Recommendation
from core.words import _
from gui.results import texts
from gui.results.overview import KeyFigure, key_figures
from gui.theme import colours, theme


def _label(parent: QWidget, *, bold: bool = False, scale: float = 1.0) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if bold or scale != 1.0:
        theme().size(label, scale, bold=bold)
    return label


class Tile(QAbstractButton):
    """One key figure; pressed, it leads to how it is computed and from which sources."""

    def __init__(self, figure: KeyFigure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.target = figure.target
        spoken = f"{figure.label}: {figure.value}"
        self.setAccessibleName(f"{spoken}, {figure.detail}" if figure.detail else spoken)
        self.setAccessibleDescription(_("How it is computed, with its sources"))
        self.setToolTip(f"{self.accessibleName()}\n{self.accessibleDescription()}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        name, value, detail = (
            _label(self),
            _label(self, bold=True, scale=1.25),
            _label(self),
        )
        name.setText(figure.label)
        value.setText(figure.value)
        detail.setText(figure.detail)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(0)
        for label in (name, value, detail):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            layout.addWidget(label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return super().sizeHint() if layout is None else layout.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        strong = self.hasFocus() or self.underMouse()
        edge = colours().accent if strong else self.palette().color(QPalette.ColorRole.Mid).name()
        width = 2.0 if self.hasFocus() else 1.0
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(self.palette().color(QPalette.ColorRole.AlternateBase))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 3, 3)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Tiles(QWidget):
    """Key figures side by side, in as many rows as the width asks for."""

    asked = Signal(str)
    """How a figure is computed: the name of the section that tells."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: list[Tile] = []
        self._before: QWidget | None = None
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_figures(self, figures: Sequence[KeyFigure]) -> None:
        """Replace the tiles."""
        for tile in self._tiles:
            tile.hide()
            tile.deleteLater()
        self._tiles = [Tile(figure, self) for figure in figures]
        for tile in self._tiles:
            tile.clicked.connect(partial(self.asked.emit, tile.target))
        self.order_after(self._before)
        self._columns = 0
        self._arrange()

    @property
    def has_figures(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._tiles)

    def order_after(self, widget: QWidget | None) -> None:
        """Tab comes here from a widget, new tiles included, and goes on where it went from it."""
        self._before = widget
        if widget is not None:
            for one, other in pairwise((widget, *self._tiles)):
                self.setTabOrder(one, other)

    def sizeHint(self) -> QSize:
        rows = -(-len(self._tiles) // max(self._columns, 1)) if self._tiles else 0
        height = max((tile.sizeHint().height() for tile in self._tiles), default=0)
        return QSize(200, rows * height + max(rows - 1, 0) * self._grid.spacing())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        if not self._tiles:
            return
        widest = max(tile.sizeHint().width() for tile in self._tiles)
        spacing = self._grid.spacing()
        fit = max(1, (self.width() + spacing) // (widest + spacing))
        count = len(self._tiles)
        if fit < count and sum(t.sizeHint().width() + spacing for t in self._tiles) <= self.width():
            fit = count
        rows = -(-count // min(fit, count))
        columns = -(-count // rows)
        if columns == self._columns:
            return
        for column in range(count):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for number, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, number // columns, number % columns)
        if rows > 1:
            for column in range(columns):
                self._grid.setColumnStretch(column, 1)
        self.updateGeometry()


class Header(QWidget):
    """Headline, confidence and key figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = _label(self, bold=True, scale=1.2)
        self.confidence = _label(self)
        for label in (self.headline, self.confidence):
            label.setWordWrap(True)
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self.tiles = Tiles(self)
        self.tiles.order_after(self.confidence)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.headline)
        layout.addWidget(self.confidence)
        layout.addWidget(self.tiles)

    def keep_short(self, short: bool) -> None:
        """Only the sentence, where what stands below needs the height."""
        self.confidence.setVisible(not short)
        self.tiles.setVisible(not short and self.tiles.has_figures)

    def show_recommendation(
        self, recommendation: Recommendation, analysis: Analysis | None
    ) -> None:
        """Show an answer."""
        recommendation = recommendation.settled(analysis)
        self.headline.setText(recommendation.headline)
        self.headline.setAccessibleName(_("Recommendation"))
        self.headline.setAccessibleDescription(recommendation.headline)
        if recommendation.winner is None:
            text = recommendation.confidence_reason
        else:
            text = _("Confidence: {level}. {reason}").format(
                level=texts.confidence_word(recommendation.confidence),
                reason=recommendation.confidence_reason,
            )
        self.confidence.setText(text)
        self.tiles.show_figures(key_figures(recommendation, analysis))
