"""Drawing on a figure in millimetres, with margins from measured text.

Only lines, filled paths and plain text are used: a vector renderer needs no more, and every
word stays selectable. Nothing reads or writes matplotlib's global settings, so a worker thread
may draw while the window does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from core.charts.records import NARROW_MM, TEXT_PT
from core.charts.scales import Axis, Ticks, fitted
from core.charts.text import (
    LINE_SPACING,
    MM_PER_INCH,
    MM_PER_PT,
    font_family,
    line_mm,
    safe,
    width_mm,
    wrap,
)
from core.charts.theme import DASHES, HATCHES, MARKERS, Theme

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EDGE_MM = 1.0
"""Kept clear all round."""
GAP_MM = 1.5
ROW_PREFIX = "row:"
ROWS_BY_X = f"{ROW_PREFIX}x"


class Box(NamedTuple):
    """A rectangle on the page, mm from the bottom left corner."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Its width, mm."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its height, mm."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Style:
    """One series' colour, dash, marker and hatch, which change together."""

    colour: str
    dash: tuple[float, ...]
    marker: str
    hatch: str

    @property
    def line(self) -> Any:
        """Matplotlib's line style."""
        return (0, self.dash) if self.dash else "-"


class Sheet:
    """A cleared figure with a theme; positions are mm from its bottom left corner."""

    def __init__(self, figure: Figure, theme: Theme) -> None:
        from matplotlib.transforms import Affine2D

        figure.clear()
        figure.set_facecolor(theme.background)
        self.figure, self.theme, self.pt = figure, theme, theme.text_pt
        self.width, self.height = (float(v) * MM_PER_INCH for v in figure.get_size_inches())
        self.mm = Affine2D().scale(1.0 / self.width, 1.0 / self.height) + figure.transFigure
        self.font: dict[str, Any] = {
            "family": font_family(),
            "fontsize": self.pt,
            "parse_math": False,
        }

    @property
    def box(self) -> Box:
        """The whole figure within its clear edge."""
        return Box(EDGE_MM, EDGE_MM, self.width - EDGE_MM, self.height - EDGE_MM)

    @property
    def line(self) -> float:
        """Height of one line of text, mm."""
        return line_mm(self.pt)

    @property
    def narrow(self) -> bool:
        """Whether the narrow layout reads better at this width and size of text."""
        return self.width < NARROW_MM * self.pt / TEXT_PT

    def style(self, index: int) -> Style:
        """The look of the series with this number."""
        return Style(
            self.theme.series[index % len(self.theme.series)],
            DASHES[index % len(DASHES)],
            MARKERS[index % len(MARKERS)],
            HATCHES[index % len(HATCHES)] if self.theme.hatched else "",
        )

    def measure(self, text: str, *, bold: bool = False) -> float:
        """Width of a text in one line, mm."""
        return width_mm(safe(text), self.pt, bold)

    def wrap(self, text: str, limit_mm: float, lines: int = 2, *, bold: bool = False) -> str:
        """Text broken into lines that fit, shortened if it must be."""
        return "\n".join(wrap(text, limit_mm, self.pt, lines, bold))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        ha: str = "left",
        va: str = "center",
        colour: str | None = None,
        bold: bool = False,
    ) -> None:
        """Write text that is already ``safe`` (or wrapped) at a place in mm."""
        self.figure.text(
            x,
            y,
            text,
            transform=self.mm,
            ha=ha,
            va=va,
            color=colour or self.theme.text,
            weight="bold" if bold else "normal",
            linespacing=LINE_SPACING,
            **self.font,
        )

    def caption(self, x: float, y: float, text: str, *, ha: str = "center", **look: Any) -> None:
        """Write one line of words whose capitals and figures are centred on ``y``."""
        self.text(x, y - 0.36 * self.pt * MM_PER_PT, text, ha=ha, va="baseline", **look)

    def rectangle(
        self,
        box: Box,
        fill: str | None,
        *,
        hatch: str = "",
        edge: str | None = None,
        width: float = 0.6,
        row: int | None = None,
        z: float = 1.0,
    ) -> None:
        """Draw a rectangle on the page."""
        from matplotlib.patches import Rectangle

        patch = Rectangle(
            (box.left, box.bottom),
            box.width,
            box.height,
            transform=self.mm,
            facecolor=fill or "none",
            edgecolor=edge or "none",
            linewidth=width if edge else 0.0,
            zorder=z,
        )
        self.figure.add_artist(patch)
        mark_row(patch, row)
        if hatch:
            self.figure.add_artist(
                Rectangle(
                    (box.left, box.bottom),
                    box.width,
                    box.height,
                    transform=self.mm,
                    facecolor="none",
                    edgecolor=self.theme.background,
                    linewidth=0.0,
                    hatch=hatch,
                    zorder=z,
                )
            )

    def stroke(
        self,
        points: Sequence[tuple[float, float]],
        colour: str,
        *,
        width: float = 0.8,
        line: Any = "-",
        marker: str = "",
        size: float = 5.0,
        hollow: bool = False,
        rim: str | None = None,
        row: int | None = None,
        z: float = 2.0,
    ) -> None:
        """Draw a line or marks on the page; ``rim`` sets a mark off from what is under it."""
        from matplotlib.lines import Line2D

        artist = Line2D(
            [x for x, _y in points],
            [y for _x, y in points],
            transform=self.mm,
            color=colour,
            linewidth=width,
            linestyle=line,
            marker=marker,
            markersize=size,
            markeredgecolor=rim or colour,
            solid_capstyle="butt",
            markerfacecolor=self.theme.background if hollow else colour,
            zorder=z,
        )
        self.figure.add_artist(artist)
        mark_row(artist, row)

    # -- plots ---------------------------------------------------------------------------------

    def axes(self, frame: Box, x: Axis, y: Axis) -> Axes:
        """Bare axes that fill a frame: they place and clip lines; the sheet draws all else."""
        axes = self.figure.add_axes(
            (
                frame.left / self.width,
                frame.bottom / self.height,
                frame.width / self.width,
                frame.height / self.height,
            )
        )
        axes.set_axis_off()
        if x.log:
            axes.set_xscale("log")
        if y.log:
            axes.set_yscale("log")
        axes.set_xlim(x.low, x.high)
        axes.set_ylim(y.low, y.high)
        return axes

    def x_ticks(self, frame: Box, x: Axis, ticks: Ticks, *, grid: bool) -> None:
        """Texts under a frame, with grid lines through it or short marks below it."""
        for value, text in ticks:
            at = frame.left + x.place(value) * frame.width
            if grid:
                ends = [(at, frame.bottom), (at, frame.top)]
                self.stroke(ends, self.theme.grid, width=0.6, z=-1.0)
            else:
                ends = [(at, frame.bottom), (at, frame.bottom - 0.7)]
                self.stroke(ends, self.theme.muted, width=0.6)
            y = frame.bottom - 1.0 - 0.5 * self.line
            self.caption(at, y, text, colour=self.theme.muted)

    def y_ticks(self, frame: Box, y: Axis, ticks: Ticks) -> None:
        """Texts to the left of a frame, with grid lines through it."""
        for value, text in ticks:
            at = frame.bottom + y.place(value) * frame.height
            ends = [(frame.left, at), (frame.right, at)]
            self.stroke(ends, self.theme.grid, width=0.6, z=-1.0)
            self.caption(frame.left - 0.8, at, text, ha="right", colour=self.theme.muted)

    def plot(
        self, box: Box, x: Axis, y: Axis, *, right: float = 0.0, most: int = 7
    ) -> tuple[Axes, Box]:
        """A plot inside a box: ticks, grid and labels of both axes fit into it.

        The label of the vertical axis stands above it, level and short to read; ``right`` mm
        stay free for labels at the ends of lines. Returns the axes and the frame they fill.
        """
        pt, line = self.pt, self.line
        head = self.wrap(y.label, box.width, 2) if y.label else ""
        top = box.top - (line * (head.count("\n") + 1) + 1.2 if head else 0.6 * line)
        foot = self.wrap(x.label, box.width, 2) if x.label else ""
        foot_mm = line * (foot.count("\n") + 1) + 0.6 if foot else 0.0
        bottom = box.bottom + foot_mm + line + 1.4
        y_ticks = fitted(y, top - bottom, pt, across=False, most=most)
        left = box.left + max((width_mm(t, pt) for _v, t in y_ticks), default=0.0) + GAP_MM
        room = box.right - right - left
        x_ticks = fitted(x, room, pt, across=True, most=most)
        # the last tick's text may reach half its width beyond the frame
        if x_ticks:
            over = width_mm(x_ticks[-1][1], pt) / 2.0 - (1.0 - x.place(x_ticks[-1][0])) * room
            room -= max(0.0, over - right)
            under = width_mm(x_ticks[0][1], pt) / 2.0 - x.place(x_ticks[0][0]) * room
            shift = max(0.0, under - (left - box.left))
            left, room = left + shift, room - shift
        frame = Box(left, bottom, left + room, top)
        axes = self.axes(frame, x, y)
        self.y_ticks(frame, y, y_ticks)
        self.x_ticks(frame, x, x_ticks, grid=False)
        ground = [(frame.left, frame.bottom), (frame.right, frame.bottom)]
        self.stroke(ground, self.theme.muted, width=0.7)
        if head:
            self.text(box.left, top + 0.8, head, va="bottom", colour=self.theme.muted)
        if foot:
            self.text(
                (frame.left + frame.right) / 2.0 if self.fits(foot, frame) else box.left,
                box.bottom,
                foot,
                va="bottom",
                ha="center" if self.fits(foot, frame) else "left",
                colour=self.theme.muted,
            )
        return axes, frame

    def fits(self, text: str, frame: Box) -> bool:
        """Whether lines of text are no wider than a frame."""
        return max(width_mm(part, self.pt) for part in text.split("\n")) <= frame.width

    def end_labels(
        self,
        frame: Box,
        items: Sequence[tuple[float, str, str]],
        room_mm: float,
        lines: int = 2,
    ) -> None:
        """Name lines at their right ends: (mm on the page, words, colour), never overlapping."""
        shown = [self.wrap(text, room_mm - 2.5, lines) for _y, text, _c in items]
        size = self.line * max((t.count("\n") + 1 for t in shown), default=1) + 0.3
        places = spread([y for y, _t, _c in items], size, frame.bottom - 2.0, self.box.top)
        for (y, _text, colour), text, place in zip(items, shown, places, strict=True):
            self.stroke([(frame.right + 0.4, y), (frame.right + 2.0, place)], colour, width=0.7)
            self.text(frame.right + 2.5, place, text)

    # -- keys ----------------------------------------------------------------------------------

    def key(self, entries: Sequence[KeyEntry], box: Box) -> float:
        """A row of swatches with words at the top of a box; the height it took, mm."""
        swatch, gap, line = 5.0, 3.0, self.line + 0.4
        x, y = box.left, box.top - line / 2.0
        for entry in entries:
            text = self.wrap(entry.text, box.width - swatch - 1.2, 1)
            needed = swatch + 1.2 + width_mm(text, self.pt)
            if x > box.left and x + needed > box.right:
                x, y = box.left, y - line
            self._swatch(entry, x, y, swatch)
            self.caption(x + swatch + 1.2, y, text, ha="left")
            x += needed + gap
        return box.top - (y - line / 2.0) + 0.8

    def _swatch(self, entry: KeyEntry, x: float, y: float, width: float) -> None:
        style, half = entry.style, 0.32 * self.line
        if entry.kind == "fill":
            self.rectangle(Box(x, y - half, x + width, y + half), style.colour, hatch=style.hatch)
        elif entry.kind == "outline":
            self.rectangle(
                Box(x, y - half, x + width, y + half), None, edge=style.colour, width=1.0
            )
        elif entry.kind == "marked":
            line = [(x, y), (x + width, y)]
            self.stroke(line, style.colour, width=self.theme.line_pt, line=style.line)
            middle = [(x + width / 2.0, y)]
            self.stroke(middle, style.colour, line="", marker=style.marker, size=4.5)
        elif entry.kind == "line":
            self.stroke(
                [(x, y), (x + width, y)], style.colour, width=self.theme.line_pt, line=style.line
            )
        else:
            self.stroke(
                [(x + width / 2.0, y)],
                style.colour,
                line="",
                marker=style.marker,
                hollow=entry.kind == "hollow",
            )


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One word of a key and the swatch before it: by its kind."""

    text: str
    style: Style
    kind: str = "fill"
    """``fill``, ``outline``, ``line``, ``marked`` (line), ``mark``, ``hollow`` (mark)."""


def mark_rows_by_x(artist: Artist) -> None:
    """Tie a shape to the table's rows by the whole number that its horizontal axis shows."""
    artist.set_gid(ROWS_BY_X)


def mark_row(artist: Artist, row: int | None) -> None:
    """Tie a mark to a row of the chart's table, for hovering."""
    if row is not None:
        artist.set_gid(f"{ROW_PREFIX}{row}")


def spread(wanted: Sequence[float], size: float, low: float, high: float) -> list[float]:
    """Move centres apart until none is nearer than ``size``, within ``low`` to ``high``.

    Order is kept. Where they cannot all fit they share the room evenly.
    """
    count = len(wanted)
    if not count:
        return []
    order = sorted(range(count), key=lambda i: wanted[i])
    size = min(size, (high - low) / count) if count * size > high - low else size
    places: list[float] = []
    for i in order:
        place = min(max(wanted[i], low + size / 2.0), high - size / 2.0)
        places.append(max(place, places[-1] + size) if places else place)
    for k in range(count - 1, -1, -1):
        ceiling = high - size / 2.0 if k == count - 1 else places[k + 1] - size
        places[k] = min(places[k], ceiling)
    result = [0.0] * count
    for place, i in zip(places, order, strict=True):
        result[i] = place
    return result
