"""Every chart tells its values under the pointer."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from core.charts import charts_for
from core.charts.records import Chart
from core.charts.theme import LIGHT
from gui.results import hover
from tests.report import cases

STEPS_PX = (9, 4)
"""Coarse first; small marks are met by the finer walk."""


@functools.cache
def charts() -> dict[str, Chart]:
    answer = cases.rich()
    found = charts_for(answer, answer.options[0], cases.analysis())
    return {item.key: item for item in found if isinstance(item, Chart)}


def met(chart: Chart) -> Iterator[str]:
    """Texts met on a walk over the whole drawing, in the order met."""
    figure = Figure(figsize=(6, 4), dpi=60)
    FigureCanvasAgg(figure)
    chart.draw(figure, LIGHT)
    figure.canvas.draw()
    for step in STEPS_PX:
        places = ((x, y) for x in range(0, 360, step) for y in range(0, 240, step))
        texts = (hover.text_at(chart, figure, x, y) for x, y in places)
        found = False
        for text in texts:
            if text:
                found = True
                yield text
        if found:
            return


def told(chart: Chart) -> list[str]:
    """Different texts met on that walk."""
    return list(dict.fromkeys(met(chart)))


@pytest.mark.parametrize("key", sorted(charts()))
def test_a_chart_tells_its_values(key: str) -> None:
    assert next(met(charts()[key]), "")


def test_an_hour_of_the_week_is_told_with_its_load() -> None:
    chart = charts()["weekly_load"]
    names = {text.split("\n")[0] for text in told(chart)}
    assert len(names) > 30 and names <= {f"{chart.columns[0]}: {h}" for h in range(168)}


def test_a_point_of_a_line_is_told_with_the_names_and_units_of_the_table() -> None:
    chart = charts()["latency_load"]
    first = next(met(chart))
    assert [line.partition(": ")[0] for line in first.split("\n")] == [
        name for name, value in zip(chart.columns, chart.rows[0], strict=True) if value is not None
    ]


def test_the_running_total_of_a_year_is_told_with_the_years_flows() -> None:
    chart = charts()["cash_flow"]
    assert {text.partition("\n")[0] for text in told(chart)} == {
        f"{chart.columns[0]}: {row[0]}" for row in chart.rows
    }
