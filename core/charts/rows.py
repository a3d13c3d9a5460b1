"""Charts with one row per thing: words on the left, a bar or a range, its value on the right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.charts.records import NARROW_MM
from core.charts.scales import Axis, fitted
from core.charts.sheet import GAP_MM, Box, Sheet, Style, mark_row
from core.charts.text import width_mm
from core.charts.theme import ink_on

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NARROW_ROW_MM, WIDE_ROW_MM = 9.6, 7.2


def row_heights(count: int, extra_mm: float = 12.0) -> tuple[float, float]:
    """Good chart heights for so many rows, narrow and wide, mm."""
    return max(count, 2) * NARROW_ROW_MM + extra_mm, max(count, 2) * WIDE_ROW_MM + extra_mm


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows of a plot are. Vertical data units of ``axes`` are mm from its bottom."""

    axes: Axes
    frame: Box
    centres: tuple[float, ...]
    """Middle of each row's bar, data units."""
    thick: float
    """Good thickness of a bar, mm."""

    def page_y(self, index: int) -> float:
        """Middle of a row's bar, mm on the page."""
        return self.frame.bottom + self.centres[index]


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
) -> Rows:
    """Lay out rows: words beside the plot when wide, above each bar when narrow."""
    pt, line, count = sheet.pt, sheet.line, max(len(labels), 1)
    bottom = box.bottom + line + 1.6
    if x.label:
        foot = sheet.wrap(x.label, box.width, 2)
        bottom += line * (foot.count("\n") + 1) + 0.4
    row = (box.top - bottom) / count
    needed = max((sheet.measure(t, bold=i in bold) for i, t in enumerate(labels)), default=0.0)
    crowded = sheet.width < NARROW_MM and needed > 0.27 * box.width
    above = (words_above or crowded) and row >= 1.7 * line
    limit = 0.42 * box.width
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
    axes = sheet.axes(frame, x, Axis(0.0, frame.height), ticks)
    axes.xaxis.grid(True, color=sheet.theme.grid, linewidth=0.6)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="x", length=0.0)
    head = line if above else 0.0
    centres = tuple(frame.height - (i + 0.5) * row - head / 2.0 for i in range(count))
    for i, text in enumerate(shown):
        colour = sheet.theme.muted if i in muted else sheet.theme.text
        middle = bottom + centres[i]
        if above:
            y = bottom + frame.height - i * row - 0.55 * line
            words = Box(box.left, y - 0.5 * line, box.left + sheet.measure(text), y + 0.5 * line)
            sheet.rectangle(words, sheet.theme.background)  # no grid line through the words
            sheet.text(
                box.left,
                y,
                text,
                colour=colour,
                bold=i in bold,
            )
        else:
            sheet.text(left - GAP_MM, middle, text, ha="right", colour=colour, bold=i in bold)
        if i < len(values) and values[i]:
            sheet.text(box.right, middle, values[i], ha="right", colour=colour, bold=i in bold)
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
    return Rows(axes, frame, centres, min(max((row - head) * 0.62, 1.2), 5.0))


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
    from matplotlib.patches import Rectangle

    theme, thick = sheet.theme, rows.thick
    place = ((start, rows.centres[index] - thick / 2.0), end - start, thick)
    patch = Rectangle(
        *place,
        facecolor="none" if hollow else style.colour,
        edgecolor=style.colour if hollow else theme.background,
        linewidth=1.0 if hollow else 0.7,
    )
    rows.axes.add_patch(patch)
    mark_row(patch, row)
    low, high = rows.axes.get_xlim()
    room = abs(end - start) / (high - low) * rows.frame.width
    inside = bool(text) and not hollow and sheet.measure(text) + 1.0 <= room
    if style.hatch and not hollow:
        rows.axes.add_patch(
            Rectangle(
                *place,
                facecolor="none",
                edgecolor=theme.background,
                linewidth=0.0,
                hatch=style.hatch,
            )
        )
    if inside:
        x = rows.frame.left + ((start + end) / 2.0 - low) / (high - low) * rows.frame.width
        y, half = rows.page_y(index), sheet.measure(text) / 2.0 + 0.5
        if style.hatch:  # words never stand on a pattern
            clear = min(0.42 * sheet.line, thick / 2.0 - 0.15)
            sheet.rectangle(Box(x - half, y - clear, x + half, y + clear), style.colour)
        sheet.caption(x, y, text, colour=ink_on(style.colour))


def whisker(
    sheet: Sheet, rows: Rows, index: int, low: float, high: float, colour: str, width: float
) -> None:
    """A range across a row, with short ends."""
    y, half = rows.centres[index], rows.thick / 3.0
    for xs, ys, line in (
        ((low, high), (y, y), width),
        ((low, low), (y - half, y + half), sheet.theme.line_pt),
        ((high, high), (y - half, y + half), sheet.theme.line_pt),
    ):
        rows.axes.plot(xs, ys, color=colour, linewidth=line, solid_capstyle="butt")
