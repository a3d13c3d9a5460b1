"""A chart as a picture, a drawing or a table for other programs."""

from __future__ import annotations

import csv
import io

from core.charts.records import Chart
from core.charts.theme import Theme
from core.interchange.exports import safe_cell

WIDTH_MM = 170.0
PNG_DPI = 300


def as_png(chart: Chart, theme: Theme) -> bytes:
    """A picture 170 mm wide at 300 dots per inch."""
    return _saved(chart, theme, "png")


def as_svg(chart: Chart, theme: Theme) -> bytes:
    """A drawing that scales; its letters are outlines, so that it looks the same everywhere."""
    return _saved(chart, theme, "svg")


def _saved(chart: Chart, theme: Theme, kind: str) -> bytes:
    from core.charts import figure

    made = figure(chart, theme, WIDTH_MM, chart.height_mm(WIDTH_MM))
    target = io.BytesIO()
    # Without a date, so that the same chart gives the same file.
    metadata = {"Title": chart.title, "Date": None} if kind == "svg" else {"Title": chart.title}
    made.savefig(target, format=kind, dpi=PNG_DPI, metadata=metadata, facecolor=theme.background)
    return target.getvalue()


def as_csv(chart: Chart) -> str:
    """The chart's data table with full precision; no cell starts a formula."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([safe_cell(title) for title in chart.columns])
    writer.writerows([safe_cell(cell) for cell in row] for row in chart.rows)
    return target.getvalue()
