"""Columns that share a table's width, under headings of several lines."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHeaderView, QWidget

from gui.results.row_heights import lines_of

MOST_LINES = 3


class Headings(QHeaderView):
    """Headings as high as their texts are in the width of their columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)

    def sectionSizeFromContents(self, section: int) -> QSize:
        size, metrics = super().sectionSizeFromContents(section), self.fontMetrics()
        text = self.model().headerData(section, Qt.Orientation.Horizontal)
        width = self.sectionSize(section) - metrics.height() // 2
        lines = min(lines_of(str(text or ""), metrics, width), MOST_LINES)
        return QSize(size.width(), size.height() + (lines - 1) * metrics.lineSpacing())


def shared(wanted: Mapping[int, int], room: int, least: int) -> dict[int, int]:
    """Widths that fit ``room`` together: the widest give way first, to ``least`` at the least.

    As they are wanted where they fit.
    """
    low, high = least, max(wanted.values(), default=least)
    while low < high:  # the largest cap under which all fit
        cap = (low + high + 1) // 2
        if sum(min(width, cap) for width in wanted.values()) <= room:
            low = cap
        else:
            high = cap - 1
    return {column: min(width, low) for column, width in wanted.items()}
