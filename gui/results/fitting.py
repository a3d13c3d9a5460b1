"""Layouts for small windows and large text: what does not fit folds, or scrolls as a whole."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QTabWidget, QWidget


class Area(QScrollArea):
    """A frameless area on the page's own background that scrolls up and down only.

    Scroll areas do not ask how high wrapped text gets in a given width, so this one does, a
    moment after anything changed (``fit``).
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.fit)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)

    def needed(self) -> int:
        """The least height of the content at the present width."""
        layout = self._content.layout()
        if layout is None:
            return 0
        return max(layout.minimumHeightForWidth(self.viewport().width()), 0)

    def fit(self) -> None:
        """Give the content the height it needs."""
        needed = self.needed()
        if needed != self._content.minimumHeight():
            self._content.setMinimumHeight(needed)
            # Makes the area look at its content again.
            self.setWidgetResizable(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._timer.start(0)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._timer.start(0)


class Tabs(QTabWidget):
    """Tabs whose pages fit themselves: neither the widest nor the highest page sets a limit."""

    _least: tuple[int, int] | None = None
    """Letters and lines, kept for when the font changes."""

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        """What it needs at least: an area around it scrolls for more than that."""
        hint = super().sizeHint()
        return hint if self._least is None else QSize(hint.width(), self.minimumHeight())

    def least(self, letters: int, lines: int) -> None:
        """Never smaller than this many letters and lines of text."""
        self._least = letters, lines
        metrics = self.fontMetrics()
        self.setMinimumSize(metrics.averageCharWidth() * letters, metrics.height() * lines)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._least is not None:
            self.least(*self._least)


def is_narrow(widget: QWidget, letters: int) -> bool:
    """Whether a widget is narrower than so many average letters of its font."""
    return widget.width() < widget.fontMetrics().averageCharWidth() * letters


def fold(layout: QBoxLayout, narrow: bool) -> None:
    """Stack a row's parts where there is no room for them side by side."""
    layout.setDirection(
        QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
    )
