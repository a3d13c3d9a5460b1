"""Columns that share a table's width, under headings of several lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QStyleOptionHeader, QWidget

from core.notation import NO_BREAK
from gui.results.row_heights import lines_of

GAP = 2 * NO_BREAK
"""After what stands at the right edge of its column: words may begin at the next one's."""
MOST_LINES = 3
FEW_LINES = 2
"""Lines of a heading that a column is made as wide as."""


class Headings(QHeaderView):
    """Headings as high as their texts are in the width of their columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)

    def initStyleOptionForIndex(self, option: QStyleOptionHeader, section: int) -> None:
        super().initStyleOptionForIndex(option, section)
        if option.textAlignment & Qt.AlignmentFlag.AlignRight:
            option.text += GAP

    def sectionSizeFromContents(self, section: int) -> QSize:
        size, metrics = super().sectionSizeFromContents(section), self.fontMetrics()
        text = self.model().headerData(section, Qt.Orientation.Horizontal)
        width = self.sectionSize(section) - metrics.height() // 2
        lines = min(lines_of(str(text or ""), metrics, width), MOST_LINES)
        return QSize(size.width(), size.height() + (lines - 1) * metrics.lineSpacing())


def heading_width(text: str, metrics: QFontMetrics) -> int:
    """The least width in which a heading has ``FEW_LINES`` lines, and none of its words breaks."""
    words = text.split()
    low = max((metrics.horizontalAdvance(word) for word in words), default=0)
    high = metrics.horizontalAdvance(text)
    while low < high:
        middle = (low + high) // 2
        if lines_of(text, metrics, middle) <= FEW_LINES:
            high = middle
        else:
            low = middle + 1
    return low


def fitting(
    wanted: Mapping[int, int], room: int, giving: int, least: int, leaving: Sequence[int]
) -> dict[int, int]:
    """Widths of the columns that stay in ``room``.

    The one at ``giving`` is narrowed to ``least``, then those in ``leaving`` go, in that order.
    """
    kept = staying({**wanted, giving: min(wanted[giving], least)}, room, leaving)
    others = sum(width for column, width in kept.items() if column != giving)
    return {**kept, giving: min(wanted[giving], max(room - others, least))}


def staying(wanted: Mapping[int, int], room: int, leaving: Sequence[int]) -> dict[int, int]:
    """The columns that fit ``room`` after those in ``leaving`` went, in that order."""
    kept = dict(wanted)
    for column in leaving:
        if sum(kept.values()) <= room:
            break
        del kept[column]
    return kept


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
