"""A comparison as text: changes in words for screen and paper, everything as CSV."""

from __future__ import annotations

import csv
import io

from core.comparison.records import Comparison, Row
from core.decision.wording import signed_percent
from core.interchange.exports import safe_cell
from core.notation import local
from core.words import _

LEAST_CHANGE = 0.0005
"""Relative change below which nothing is told: the figures shown would be the same."""
LARGEST_PERCENT = 10.0
"""Relative change from which on a multiple reads better: 30 times, not 2,900 %."""


def change_text(row: Row, number: int) -> str:
    """How far a scenario is from the first, as ``+50 %`` or ``12 times``; "" where it is not."""
    change = row.changes[number]
    if number == 0 or change is None or abs(change) < LEAST_CHANGE:
        return ""
    if change >= LARGEST_PERCENT:
        return _("{factor} times").format(factor=local(f"{change + 1.0:,.0f}"))
    return signed_percent(change)


def comparison_csv(comparison: Comparison) -> str:
    """Inputs that differ, then the results: one a row, a column for every scenario.

    Numbers have full precision in the row's unit; the last columns hold their change against the
    first scenario as a fraction. RFC 4180, safe to open in a spreadsheet.
    """
    names = comparison.names
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    heads = ["kind", "section", "item", "unit", *names, *(f"{n}: change" for n in names[1:])]
    writer.writerow([safe_cell(head) for head in heads])
    for kind, rows in (("input", comparison.inputs), ("result", comparison.results)):
        for row in rows:
            pairs = zip(row.values, row.texts, strict=True)
            cells = [words if value is None else value for value, words in pairs]
            line = (kind, row.section, row.label, row.unit, *cells, *row.changes[1:])
            writer.writerow([safe_cell(cell) for cell in line])
    return text.getvalue()
