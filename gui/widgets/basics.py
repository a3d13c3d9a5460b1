"""Qt widgets with the manners this program wants: undo goes to the document, wheels scroll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGroupBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QWidget,
)

from gui.icons import icon
from gui.theme import HIGH_CONTRAST, colours, em, theme, tone

if TYPE_CHECKING:  # every class of Qt costs the first window its share
    from PySide6.QtGui import QDragEnterEvent, QFocusEvent, QWheelEvent

_UNDO = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


def leaves_undo_to_the_document(event: QEvent) -> bool:
    """Whether an event is a text box reserving Ctrl+Z for itself, which ours do not."""
    if event.type() != QEvent.Type.ShortcutOverride:
        return False
    from PySide6.QtGui import QKeyEvent

    return isinstance(event, QKeyEvent) and any(event.matches(key) for key in _UNDO)


def outline(widget: QWidget, surface: QWidget) -> None:
    """Draw a text box's edge: seen in every theme, marked with the focus and where wrong."""
    wrong = bool(widget.property("wrong"))
    strong = wrong or widget.hasFocus()
    tint = colours().bad if wrong else colours().accent if strong else colours().border
    width = 2.0 if strong else 1.0
    painter = QPainter(surface)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(tint), width))
    inset = width / 2
    painter.drawRoundedRect(QRectF(surface.rect()).adjusted(inset, inset, -inset, -inset), 3, 3)
    painter.end()


class LineEdit(QLineEdit):
    """A text box whose undo is the document's; files dropped on it are for the window."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFrame():
            outline(self, self)

    def event(self, event: QEvent) -> bool:
        if leaves_undo_to_the_document(event):
            event.ignore()
            return False
        return super().event(event)


class SpinBox(QSpinBox):
    """A whole number to step, with an edge that is seen in every theme."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        outline(self, self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class CheckBox(QCheckBox):
    """A box whose edge is seen on dark windows too."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        # Loaded when the first box is seen: these two take longer than all the rest of this page.
        from PySide6.QtWidgets import QStyle, QStyleOptionButton

        option = QStyleOptionButton()
        self.initStyleOption(option)
        part = QStyle.SubElement.SE_CheckBoxIndicator
        edge = QRectF(self.style().subElementRect(part, option, self))
        painter = QPainter(self)
        if theme().colours is not HIGH_CONTRAST:
            painter.setPen(QColor(colours().accent if self.hasFocus() else colours().border))
            painter.drawRect(edge.adjusted(0.5, 0.5, -0.5, -0.5))
        elif self.isChecked():
            # Its style sheet fills the box, but knows no mark without a picture in a file.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colours().on_accent), edge.height() / 7))
            mark = ((0.22, 0.52), (0.42, 0.74), (0.8, 0.26))
            painter.drawPolyline(
                [edge.topLeft() + QPointF(x * edge.width(), y * edge.height()) for x, y in mark]
            )
        painter.end()


class Group(QGroupBox):
    """Fields that belong together, in a frame that is seen on dark windows too."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not theme().colours.dark or theme().colours is HIGH_CONTRAST:
            return
        tint = QColor(colours().border)
        tint.setAlphaF(0.6)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tint, 1.0))
        title = self.fontMetrics().height() + 3 if self.title() else 0
        frame = QRectF(self.rect()).adjusted(0.5, title + 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, 3, 3)
        painter.end()


class Label(QLabel):
    """Plain text that wraps and is never taken for markup."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, colour: str = "") -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self._colour = ""
        self._follows = False
        self.setText(text)
        self.set_colour(colour)
        self._align()

    def _align(self) -> None:
        """Begin at the side where the layout does, whatever language the text is in.

        Qt aligns plain text by the text's own direction: in a mirrored window it would stand far
        from the field that it is about.
        """
        side = Qt.AlignmentFlag.AlignLeft
        if self.isRightToLeft():
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
        self.setAlignment(side | (self.alignment() & Qt.AlignmentFlag.AlignVertical_Mask))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def set_colour(self, colour: str) -> None:
        """Another of the theme's colours."""
        if colour == self._colour:
            return
        self._colour = colour
        tone(self, colour)
        if not self._follows:
            # Plain text takes its colour from the palette and need not be told of a change.
            self._follows = True
            theme().changed.connect(self._retone)

    def _retone(self) -> None:
        if self._colour:
            tone(self, self._colour)


class Hint(Label):
    """A remark below a field: one line, cut where it is too long, unless it must be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, colour="muted")
        self._full = ""
        self._cut = True
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def full_text(self) -> str:
        """The whole remark."""
        return self._full

    def say(self, text: str, *, wrap: bool) -> None:
        """Show a remark; ``wrap`` gives it as many lines as it needs."""
        self._full, self._cut = text, not wrap
        self.setWordWrap(wrap)
        self.setVisible(bool(text))
        self._fit()

    def _fit(self) -> None:
        text = self._full
        if self._cut:
            elide = Qt.TextElideMode.ElideRight
            text = self.fontMetrics().elidedText(text, elide, max(self.width(), 60))
        self.setToolTip(self._full if text != self._full else "")
        if text != self.text():
            self.setText(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class IconButton(QToolButton):
    """A small button with an icon, reachable by keyboard, with a name for screen readers."""

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIcon(icon(name))
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        side = em(self, 1.0)
        self.setIconSize(QSize(side, side))
        return super().sizeHint()


class ScrollArea(QScrollArea):
    """Scrolls up and down only; whatever inside gets the focus comes into view."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.widest_em = 0.0
        """Letter heights that the content never grows beyond; 0 for no such limit."""
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        # The scroll area itself takes no focus: its fields do, and they pull themselves in.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._bound_width()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self._bound_width()  # rows that are filled later may need more
        return super().eventFilter(watched, event)

    def _bound_width(self) -> None:
        content = self.widget()
        if content is None:
            return
        width = self.viewport().width()
        if self.widest_em:
            width = min(width, em(self, self.widest_em))
        content.setMaximumWidth(max(width, content.minimumSizeHint().width()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focusNextChild()


class Heading(Label):
    """A group's title."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        font = self.font()
        font.setBold(True)
        self.setFont(font)
