"""Scenarios laid over each other: numbers, and words that stay inside and apart."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from core.charts import PRINT, Absent, Chart, scenario_charts
from core.comparison import Comparison, compare
from core.recommendation import Recommendation
from tests.core.charts import examples
from tests.core.charts.test_layout import WIDTHS, collisions, drawn, outside
from tests.core.decision import builders as build

KEYS = ("scenario_costs", "scenario_venues", "scenario_latency")


def answer(cost: float, peak: int = 8, **changes: Any) -> Recommendation:
    """Owned at ``cost`` US dollars per million tokens; its busiest hour is a point of the curve."""
    name = build.assessment().workloads[0].name
    serving = examples.serving(workload=name, at_peak=examples.curve()[peak])
    own = build.option(
        "own", cost=examples.cost(cost), servings=(serving,), title="On-premises: 3 servers"
    )
    cloud = build.option("cloud", "gpu_cloud", cost=examples.cost(3.0, owned=False),
                         servings=(serving,), title="GPU cloud")  # fmt: skip  # one thought
    return examples.recommendation([own, cloud], **changes)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare([answer(2.0), answer(2.5, peak=4), answer(1.5, peak=12)], ["Now", "B", "Later"])


def item(comparison: Comparison, key: str) -> Chart:
    found = next(c for c in scenario_charts(comparison) if c.key == key)
    assert isinstance(found, Chart)
    return found


def test_costs_are_in_the_first_scenarios_currency_with_their_range(comparison: Comparison) -> None:
    # Euros at 0.8; the builders' low and high cases are 0.82 and 1.35 of the base.
    rows = item(comparison, "scenario_costs").rows
    assert [row[0] for row in rows] == ["Now", "B", "Later"]
    assert rows[0][2:] == pytest.approx((1.6 * 0.82, 1.6, 1.6 * 1.35))
    assert "Later costs least" in item(comparison, "scenario_costs").alt_text


def test_venues_have_a_column_for_every_scenario(comparison: Comparison) -> None:
    own, cloud = (row[1:] for row in item(comparison, "scenario_venues").rows)
    assert own == pytest.approx((1.6, 2.0, 1.2))
    assert cloud == pytest.approx((2.4, 2.4, 2.4))


def test_latencies_meet_the_prediction_in_each_scenarios_own_busiest_hour(
    comparison: Comparison,
) -> None:
    # At load 1 every line passes through the value predicted for its busiest hour.
    chart = item(comparison, "scenario_latency")
    percentile = build.assessment().workloads[0].targets.percentile
    for name, place in (("Now", 8), ("B", 4), ("Later", 12)):
        at_one = next(row for row in chart.rows if row[0] == name and row[1] == pytest.approx(1.0))
        assert at_one[2] == pytest.approx(examples.curve()[place].ttft_ms[percentile])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("key", KEYS)
def test_words_stay_inside_and_apart(key: str, width: float, comparison: Comparison) -> None:
    made = drawn(item(comparison, key), PRINT, width)
    assert outside(made) == []
    assert collisions(made) == []


def test_what_cannot_be_drawn_says_why() -> None:
    none = examples.recommendation([])
    found = scenario_charts(compare([none, none]))
    assert [type(c) for c in found] == [Absent] * 3
    assert all(isinstance(c, Absent) and c.reason.endswith(".") for c in found)


def test_a_scenario_without_prediction_is_named_not_drawn() -> None:
    silent = answer(2.0)
    servings = (dataclasses.replace(silent.options[0].servings[0], curve=(), at_peak=None),)
    silent = dataclasses.replace(
        silent, options=(dataclasses.replace(silent.options[0], servings=servings),)
    )
    chart = item(compare([answer(2.0), silent], ["Known", "Silent"]), "scenario_latency")
    assert {row[0] for row in chart.rows} == {"Known"}
    assert "Not predicted for: Silent." in chart.note


def test_endless_names_stay_inside() -> None:
    found = scenario_charts(compare([answer(2.0), answer(2.1)], ["W" * 300, "<b>&amp;$x$"]))
    for chart in found:
        assert isinstance(chart, Chart)
        assert outside(drawn(chart, PRINT, 80.0)) == []
