"""What a chart is: a title, a sentence, a table, and how to draw it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.charts.theme import Theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Cell = str | float | None
NARROW_MM = 115.0
"""Below this width charts use their narrow layout, with text of ``TEXT_PT``."""
TEXT_PT = 8.0


PLOT_LEAST = 0.78
"""A plot of curves or columns stays readable at this share of its good height."""
ROWS_LEAST = 0.88
"""Rows of bars, which hold a line of text each, at this one."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that can be drawn on any figure, and everything said beside it.

    ``draw`` clears the figure and draws for its present size, so a window calls it again after
    a resize or a change of theme. It never sets a title: whoever shows the chart prints it.
    """

    key: str
    title: str
    alt_text: str
    """One or two sentences with the numbers, for those who cannot see the chart."""
    columns: tuple[str, ...]
    """Headings of the data table, units included."""
    rows: tuple[tuple[Cell, ...], ...]
    draw: Callable[[Figure, Theme], None]
    note: str = ""
    """What a reader must know beside the chart; ``""`` where nothing."""
    heights_mm: tuple[float, float] = (70.0, 70.0)
    """Good heights when narrow and when wide."""
    least: float = 1.0
    """Share of its height to which it may be drawn lower where a page has no more room."""

    def height_mm(self, width_mm: float, text_pt: float = TEXT_PT) -> float:
        """A good height for a width, both in mm, and a size of text in points."""
        scale = text_pt / TEXT_PT
        return scale * self.heights_mm[0 if width_mm < NARROW_MM * scale else 1]


@dataclass(frozen=True, slots=True)
class Absent:
    """A chart that cannot be drawn, with the reason to print in its place."""

    key: str
    title: str
    reason: str
