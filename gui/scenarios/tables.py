"""The rows of a comparison as tables; nothing here computes a result."""

from __future__ import annotations

from collections.abc import Sequence

from core.comparison import Comparison, change_text
from core.comparison import Row as ComparedRow
from core.words import _
from gui.results.rows import Cell, Column, Row

BEST = "★"


def columns(comparison: Comparison) -> tuple[Column, ...]:
    """What it is, and a column for every scenario."""
    return (Column(_("What")), *(Column(name) for name in comparison.names))


def rows(
    found: Sequence[ComparedRow], comparison: Comparison, *, differing_only: bool = False
) -> list[Row]:
    """The rows of a comparison, with a heading above each part."""
    shown: list[Row] = []
    part = ""
    for row in found:
        if differing_only and not row.differs:
            continue
        if row.section != part:
            part = row.section
            blank = (Cell(""),) * len(row.texts)
            shown.append(Row(f"part: {part}", (Cell(part), *blank), heading=True))
        best = comparison.best(row)
        cells = [_cell(row, number, best=number in best) for number in range(len(row.texts))]
        shown.append(Row(row.key, (Cell(row.label, tip=row.unit), *cells)))
    return shown


def _cell(row: ComparedRow, number: int, *, best: bool) -> Cell:
    text, change = row.texts[number], change_text(row, number)
    if change:
        text = f"{text} ({change})"
    if best:
        text = f"{text} {BEST}"
    return Cell(text)
