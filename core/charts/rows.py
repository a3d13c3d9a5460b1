"""Charts with one row per thing: words on the left, a bar or a range, its value on the right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from core.charts.scales import Axis, fitted
from core.charts.sheet import GAP_MM, Box, Sheet, Style
from core.charts.text import width_mm
from core.charts.theme import ink_on

UPRIGHT_Z, WORDS_Z = 1.5, 1.6
LINES_OF_A_ROW = 1.75
"""Lines of words that a row is high where they stand above its bar: one, and the bar."""
CLEAR_MM = 0.8
"""Beside words over a plot: so near no line of it comes."""
NARROW_ROW_MM, WIDE_ROW_MM = 9.6, 8.4


def row_heights(count: int, extra_mm: float = 12.0) -> tuple[float, float]:
    """Good chart heights for so many rows, narrow and wide, mm."""
    return max(count, 2) * NARROW_ROW_MM + extra_mm, max(count, 2) * WIDE_ROW_MM + extra_mm


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows of a plot are, mm on the page."""

    frame: Box
    x: Axis
    centres: tuple[float, ...]
    """Middle of each row's bar."""
    thick: float
    """Good thickness of a bar."""

    def at(self, value: float) -> float:
        """Where a value lies across the page."""
        return self.frame.left + self.x.place(value) * self.frame.width


def row_plot(
    sheet: Sheet,
    box: Box,
    labels: Sequence[str],
    values: Sequence[str],
    x: Axis,
    *,
    bold: Collection[int] = (),
    muted: Collection[int] = (),
    words_above: bool = False,
    uprights: Collection[float] = (),
) -> Rows:
    """Lay out rows: words beside the plot when wide, above each bar when narrow.

    Words above begin behind an upright line (its value in ``uprights``) that would run through
    them, where there is room for them behind it.
    """
    pt, line, count = sheet.pt, sheet.line, max(len(labels), 1)
    bottom = box.bottom + line + 1.6
    if x.label:
        foot = sheet.wrap(x.label, box.width, 2)
        bottom += line * (foot.count("\n") + 1) + 0.4
    row = (box.top - bottom) / count
    needed = max((sheet.measure(t, bold=i in bold) for i, t in enumerate(labels)), default=0.0)
    limit = 0.42 * box.width
    # words of two lines beside the plot leave no gap to those of the next row
    crowded = needed > (0.27 * box.width if sheet.narrow else limit)
    above = (words_above or crowded) and row >= LINES_OF_A_ROW * line
    values_mm = max((sheet.measure(v, bold=True) for v in values), default=0.0)
    right = box.right - (values_mm + GAP_MM if values_mm else 0.0)
    lines = 2 if row >= 1.9 * line else 1
    if above:
        shown = [sheet.wrap(t, box.width, 1, bold=i in bold) for i, t in enumerate(labels)]
        left = box.left
    else:
        shown = [sheet.wrap(t, limit, lines, bold=i in bold) for i, t in enumerate(labels)]
        widest = max(
            (width_mm(part, pt, True) for t in shown for part in t.split("\n")), default=0.0
        )
        left = box.left + (widest + GAP_MM if widest else 0.0)
    ticks = fitted(x, right - left, pt, across=True, most=6)
    if ticks:
        over = width_mm(ticks[-1][1], pt) / 2.0 - (1.0 - x.place(ticks[-1][0])) * (right - left)
        right = min(right, box.right - max(over, 0.0))
        under = width_mm(ticks[0][1], pt) / 2.0 - x.place(ticks[0][0]) * (right - left)
        left = max(left, box.left + under)
    frame = Box(left, bottom, right, box.top)
    sheet.x_ticks(frame, x, ticks, grid=True)
    head = line if above else 0.0
    centres = tuple(frame.top - (i + 0.5) * row - head / 2.0 for i in range(count))
    lines_at = sorted(frame.left + x.place(value) * frame.width for value in uprights)
    for i, text in enumerate(shown):
        colour = sheet.theme.muted if i in muted else sheet.theme.text
        middle = centres[i]
        if above:
            y = bottom + frame.height - i * row - 0.55 * line
            wide = sheet.measure(text, bold=i in bold) + CLEAR_MM
            start = _start(box, wide, lines_at)
            # no line of the plot through the words, nor right up to them
            words = Box(start - CLEAR_MM, y - 0.6 * line, start + wide, y + 0.6 * line)
            sheet.rectangle(words, sheet.theme.background, z=WORDS_Z)
            sheet.text(
                start,
                y,
                text,
                colour=colour,
                bold=i in bold,
            )
        else:
            sheet.text(left - GAP_MM, middle, text, ha="right", colour=colour, bold=i in bold)
        if i < len(values) and values[i]:
            sheet.caption(box.right, middle, values[i], ha="right", colour=colour, bold=i in bold)
    if x.label:
        centred = sheet.fits(foot, frame)
        sheet.text(
            (frame.left + frame.right) / 2.0 if centred else box.left,
            box.bottom,
            foot,
            ha="center" if centred else "left",
            va="bottom",
            colour=sheet.theme.muted,
        )
    return Rows(frame, x, centres, min(max((row - head) * 0.62, 1.2), 5.0))


def _start(box: Box, wide: float, lines: Sequence[float]) -> float:
    """Where words above a bar begin: at the left, or behind a line that would run through them."""
    start = box.left
    for x in lines:
        if start - CLEAR_MM < x < start + wide and x + 2.0 * CLEAR_MM + wide <= box.right:
            start = x + 2.0 * CLEAR_MM
    return start


PATTERN_MM = 6.0
"""Width of a hatched bar that stays to be seen beside the words on it."""


def bar(
    sheet: Sheet,
    rows: Rows,
    index: int,
    start: float,
    end: float,
    style: Style,
    *,
    row: int | None = None,
    text: str = "",
    hollow: bool = False,
) -> None:
    """One bar from ``start`` to ``end``, with words inside it where they fit."""
    theme, thick = sheet.theme, rows.thick
    left, right = sorted((rows.at(start), rows.at(end)))
    y = rows.centres[index]
    place = Box(left, y - thick / 2.0, right, y + thick / 2.0)
    if hollow:
        sheet.rectangle(place, None, edge=style.colour, width=1.0, row=row)
        return
    hatch = style.hatch
    sheet.rectangle(place, style.colour, hatch=hatch, edge=theme.background, width=0.7, row=row)
    half = sheet.measure(text) / 2.0 + 0.5
    framed = 2.0 * half + (PATTERN_MM if hatch else 0.0)
    if text and framed <= place.width and thick >= 0.7 * sheet.line:
        x = (left + right) / 2.0
        if not hatch:
            sheet.caption(x, y, text, colour=ink_on(style.colour))
            return
        # words never stand on a pattern, nor on a patch of its colour that the pattern frames
        clear = min(0.46 * sheet.line, thick / 2.0 - 0.15)
        sheet.rectangle(Box(x - half, y - clear, x + half, y + clear), theme.background)
        for edge in (place.bottom, place.top):  # so that it stays one bar, not two
            sheet.stroke([(x - half, edge), (x + half, edge)], style.colour, width=0.7)
        sheet.caption(x, y, text, colour=theme.text)


def whisker(
    sheet: Sheet, rows: Rows, index: int, low: float, high: float, colour: str, width: float
) -> None:
    """A range across a row, with short ends; ``width`` in points."""
    y, half = rows.centres[index], rows.thick / 3.0
    left, right = rows.at(low), rows.at(high)
    sheet.stroke([(left, y), (right, y)], colour, width=width, row=index)
    for x in (left, right):
        sheet.stroke([(x, y - half), (x, y + half)], colour, width=sheet.theme.line_pt)


def upright(
    sheet: Sheet, rows: Rows, value: float, colour: str, *, width: float = 0.9, line: Any = "-"
) -> None:
    """A line through all rows at a value, over the bars and under the words."""
    x = rows.at(value)
    ends = [(x, rows.frame.bottom), (x, rows.frame.top)]
    sheet.stroke(ends, colour, width=width, line=line, z=UPRIGHT_Z)


def mark(
    sheet: Sheet,
    rows: Rows,
    index: int,
    value: float,
    colour: str,
    marker: str,
    *,
    size: float = 6.0,
    hollow: bool = False,
) -> None:
    """A mark in a row; ``size`` in points."""
    sheet.stroke(
        [(rows.at(value), rows.centres[index])],
        colour,
        line="",
        marker=marker,
        size=size,
        hollow=hollow,
        rim=None if hollow else sheet.theme.background,
        row=index,
    )
