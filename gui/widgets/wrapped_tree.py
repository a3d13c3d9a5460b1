"""A tree whose texts have as many lines as they need, in columns that share its width."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QWidget,
)

MOST_LINES = 3
_EDGE = 8
"""Pixels of a cell that its text never has: margins at both sides, rounded up."""


class _Wrapping(QStyledItemDelegate):
    """As high as the text is in its column; Qt measures texts in trees as if in one line."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        size, tree, metrics = super().sizeHint(option, index), self._tree, option.fontMetrics
        text = str(index.data() or "")
        plain = metrics.height() + metrics.height() // 8
        if tree.isFirstColumnSpanned(index.row(), QModelIndex(index.parent())):
            return QSize(size.width(), max(size.height(), plain))
        room = tree.columnWidth(index.column()) - _EDGE
        if index.column() == 0:
            room -= self._depth(index) * tree.indentation()
        if index.data(Qt.ItemDataRole.DecorationRole) is not None:
            room -= tree.iconSize().width() + _EDGE
        font = index.data(Qt.ItemDataRole.FontRole)
        bold = font is not None and font.bold()
        wide = metrics.horizontalAdvance(text) * (1.08 if bold else 1.0)
        if wide <= room or room <= 0:
            return QSize(size.width(), plain)
        narrow = int(room / (1.08 if bold else 1.0))
        box = metrics.boundingRect(QRect(0, 0, narrow, 0), int(Qt.TextFlag.TextWordWrap), text)
        lines = min(max(round(box.height() / metrics.lineSpacing()), 1), MOST_LINES)
        return QSize(size.width(), plain + (lines - 1) * metrics.lineSpacing())

    def _depth(self, index: QModelIndex | QPersistentModelIndex) -> int:
        depth, above = 1, index.parent()
        while above.isValid():
            depth, above = depth + 1, above.parent()
        return depth


class WrappedTree(QTreeWidget):
    """Columns that keep their shares of the width until somebody moves their edges."""

    def __init__(self, shares: Sequence[float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares = tuple(shares)
        self.setWordWrap(True)
        self.setUniformRowHeights(False)
        self.setItemDelegate(_Wrapping(self))
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(0)
        self._again.timeout.connect(self.doItemsLayout)
        header.sectionResized.connect(lambda _column, _old, _new: self._again.start())

    def share(self) -> None:
        """Give each column that is shown its share of the width."""
        shown = [c for c in range(self.columnCount()) if not self.isColumnHidden(c)]
        whole = sum(self._shares[c] for c in shown)
        for column in shown[:-1]:  # the last one has what is left
            width = self.viewport().width() * self._shares[column] / whole
            self.setColumnWidth(column, int(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.share()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_again"):
            self._again.start()
