"""What stands under the pointer in a chart: the table row of a mark, or a point of a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.charts.records import Chart
from core.charts.sheet import ROW_PREFIX, ROWS_BY_X
from gui.results import texts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REACH_PX = 14.0
"""How near to a point of a line the pointer must be."""


def text_at(chart: Chart, figure: Figure, x: float, y: float) -> str:
    """Lines of text about a place in a drawn figure, "" where nothing is there.

    ``x`` and ``y`` are the figure's pixels from the bottom left corner.
    """
    from matplotlib.backend_bases import MouseEvent

    untyped: Any = MouseEvent
    event = untyped("motion_notify_event", figure.canvas, x, y)
    row = _row_at(figure, event)
    if row is not None and row < len(chart.rows):
        return row_text(chart, row)
    return _point_at(chart, figure, event)


def row_text(chart: Chart, row: int) -> str:
    """One row of the chart's table, a line for each column that has a value."""
    pairs = zip(chart.columns, chart.rows[row], strict=False)
    return "\n".join(f"{name}: {texts.cell_text(v)}" for name, v in pairs if v is not None)


def _row_at(figure: Figure, event: Any) -> int | None:
    for artist in reversed(figure.findobj(lambda a: str(a.get_gid() or "").startswith(ROW_PREFIX))):
        if artist.get_gid() == ROWS_BY_X:
            if event.inaxes is artist.axes and event.xdata is not None and event.xdata >= 0:
                return int(event.xdata)
        elif artist.contains(event)[0]:
            text = str(artist.get_gid())[len(ROW_PREFIX) :]
            return int(text) if text.isdigit() else None
    return None


def _same_row(chart: Chart, across: Sequence[float], place: int) -> bool:
    """Whether a line's points are the table's rows: as many, and this one at the same place."""
    if len(across) != len(chart.rows):
        return False
    x = across[place]
    if list(across) == list(range(len(across))):
        return True  # the rows one after the other
    numbers = [v for v in chart.rows[place] if isinstance(v, int | float)]
    return any(abs(x * factor - v) <= 1e-6 * abs(v) for v in numbers for factor in (1.0, 100.0))


def _point_at(chart: Chart, figure: Figure, event: Any) -> str:
    import numpy as np

    nearest, best = "", REACH_PX**2
    for axes in figure.axes:
        for line in axes.get_lines():
            data = np.asarray(line.get_xydata(), dtype=float)
            # Two points are a limit or a reference line, which is labelled in the drawing.
            if len(data) < 3 or line.get_transform() != axes.transData:
                continue
            seen = axes.transData.transform(data)
            gaps = (seen[:, 0] - event.x) ** 2 + (seen[:, 1] - event.y) ** 2
            gaps = np.where(np.isfinite(gaps), gaps, np.inf)
            place = int(np.argmin(gaps))
            if gaps[place] < best:
                best = float(gaps[place])
                if _same_row(chart, data[:, 0].tolist(), place):
                    nearest = row_text(chart, place)
                    continue
                name = str(line.get_label())
                values = f"{texts.cell_text(data[place, 0])} · {texts.cell_text(data[place, 1])}"
                nearest = values if name.startswith("_") else f"{name}\n{values}"
    return nearest
