"""Heights of a table's rows: more lines where a text does not fit its column, else one."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QTableView


def fit_heights(
    view: QTableView,
    room: Mapping[int, int],
    most: int,
    gained: tuple[int, Mapping[int, int]] | None = None,
) -> None:
    """Give every row of a table the lines that its texts take, at most so many.

    ``room``: the width in pixels that each column has for its texts, of those columns only in
    which some do not fit. ``gained``: a column, and by row how many pixels more it has there.
    """
    column, more = gained or (-1, {})
    metrics, heights, model = view.fontMetrics(), view.verticalHeader(), view.model()
    view.setWordWrap(bool(room))
    heights.resetDefaultSectionSize()
    plain = heights.defaultSectionSize()
    for row in range(model.rowCount()):
        texts = (
            (
                str(model.index(row, c).data() or ""),
                width + (more.get(row, 0) if c == column else 0),
            )
            for c, width in room.items()
        )
        lines = max((lines_of(text, metrics, width) for text, width in texts), default=1)
        height = plain + (min(lines, most) - 1) * metrics.lineSpacing()
        if heights.sectionSize(row) != height:
            heights.resizeSection(row, height)


def lines_of(text: str, metrics: QFontMetrics, width: int) -> int:
    """Lines that a text takes in so many pixels."""
    if metrics.horizontalAdvance(text) <= width:
        return 1
    wrapped = metrics.boundingRect(QRect(0, 0, width, 0), int(Qt.TextFlag.TextWordWrap), text)
    return max(round(wrapped.height() / metrics.lineSpacing()), 1)
