"""A choice from a list: wheels scroll the page, long names are cut where there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from gui.direction import in_order
from gui.theme import colours, em, theme
from gui.widgets.basics import outline

if TYPE_CHECKING:  # every class of Qt costs the first window its share
    from PySide6.QtGui import QWheelEvent

INSET = 2
"""Pixels that Qt keeps free beside the text of a box."""


class ComboBox(QComboBox):
    """A choice that a passing mouse wheel does not change and long names do not widen.

    ``fitting``: as wide as its longest choice, for choices known to be short.
    """

    def __init__(self, parent: QWidget | None = None, *, fitting: bool = False) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if fitting:
            self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            return
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return self._with_room(super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        return self._with_room(super().minimumSizeHint())

    def _with_room(self, hint: QSize) -> QSize:
        """Room for the longest choice: a style sheet's padding and arrow are not counted by Qt."""
        if self.sizeAdjustPolicy() != QComboBox.SizeAdjustPolicy.AdjustToContents:
            return hint
        metrics = self.fontMetrics()
        choices = (self.itemText(row) for row in range(self.count()))
        longest = max((metrics.horizontalAdvance(choice) for choice in choices), default=0)
        lacking = longest + em(self, 0.25) - self._text_room(QRect(QPoint(), hint))
        return hint + QSize(max(lacking, 0), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if not self.isEditable() and (mirrored or self._is_cut()):
            self._paint_text()
        else:
            super().paintEvent(event)
        if theme().styled:
            self._paint_arrow()
        elif self.isEditable():
            outline(self, self)  # Fusion's own is not seen on a dark window

    def _text_room(self, place: QRect) -> int:
        """Pixels for the text where the box has this place."""
        from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.rect = place
        control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        return self.style().subControlRect(control, option, part, self).width()

    def _is_cut(self) -> bool:
        """Whether there is no room for the choice in full; Qt itself would stop amid a letter."""
        return self.fontMetrics().horizontalAdvance(self.currentText()) > self._shown_width()

    def _shown_width(self) -> int:
        return self._text_room(self.rect()) - INSET

    def shown_text(self) -> str:
        """The choice as far as there is room, with an ellipsis where there is not enough."""
        text = self.currentText() if self.currentIndex() >= 0 else self.placeholderText()
        elide = Qt.TextElideMode.ElideRight
        return self.fontMetrics().elidedText(text, elide, self._shown_width())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and not self.toolTip() and self._is_cut():
            from PySide6.QtWidgets import QToolTip

            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.currentText(), self)
            return True
        return super().event(event)

    def _paint_text(self) -> None:
        from PySide6.QtWidgets import QStyle, QStyleOptionComboBox, QStylePainter

        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = in_order(self.shown_text())
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _paint_arrow(self) -> None:
        """The arrow that the style sheet leaves out, as large as the text asks for."""
        from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxArrow, self
        )
        side = em(self, 0.25)
        middle = QRectF(room).center()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint = colours().text if self.isEnabled() else colours().disabled
        painter.setPen(QPen(QColor(tint), max(1.5, side / 4)))
        painter.drawPolyline(
            [middle + QPointF(x * side, y * side) for x, y in ((-1, -0.5), (0, 0.5), (1, -0.5))]
        )
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
