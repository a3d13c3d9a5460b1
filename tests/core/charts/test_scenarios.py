"""Scenarios laid over each other: numbers, and words that stay inside and apart."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from core.charts import PRINT, Absent, Chart, scenario_charts
from core.charts.scenarios import beside
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


class Ruler:
    """Lines of 4 mm, and 2 mm a letter."""

    line = 4.0

    def measure(self, text: str) -> float:
        return 2.0 * len(text)


def test_names_of_targets_that_lie_together_stand_side_by_side() -> None:
    """At 10 and 12 mm two lines of 4 mm would overlap; at 20 mm there is room again."""
    found = beside([(10.0, "abc"), (12.0, "de"), (20.0, "f")], Ruler())
    assert found == [(10.0, "abc", 0.0), (12.0, "de", 8.0), (20.0, "f", 0.0)]
    # three on one height: one after the other
    shifts = [s for _level, _text, s in beside([(1.0, "ab"), (1.0, "ab"), (1.0, "ab")], Ruler())]
    assert shifts == [0.0, 6.0, 12.0]


def test_scenarios_with_targets_near_each_other_collide_in_no_text() -> None:
    """500 and 520 ms on a scale of hundreds: both names are there, apart."""

    def aimed(limit_ms: float) -> Recommendation:
        base = answer(2.0)
        targets = tuple(
            dataclasses.replace(t, limit_ms=limit_ms if t.key == "ttft" else t.limit_ms)
            for t in base.options[0].servings[0].targets
        )
        serving = dataclasses.replace(base.options[0].servings[0], targets=targets)
        own = dataclasses.replace(base.options[0], servings=(serving,))
        return dataclasses.replace(base, options=(own, *base.options[1:]))

    found = item(compare([aimed(500.0), aimed(520.0)], ["One", "Two"]), "scenario_latency")
    for width in WIDTHS:
        figure = drawn(found, PRINT, width)
        assert not collisions(figure)
        assert sum("520" in t.get_text() for t in figure.texts) == 1


def test_each_target_and_workload_is_told_whose_it_is() -> None:
    def of(workload: str, limit_ms: float, usd: float) -> Recommendation:
        base = answer(usd)
        work = dataclasses.replace(base.assessment.workloads[0], name=workload)
        what = dataclasses.replace(base.assessment, workloads=(work,))
        first = base.options[0].servings[0]
        targets = tuple(
            dataclasses.replace(t, limit_ms=limit_ms if t.key == "ttft" else t.limit_ms)
            for t in first.targets
        )
        serving = dataclasses.replace(first, workload=workload, targets=targets)
        own = dataclasses.replace(base.options[0], servings=(serving,))
        return dataclasses.replace(base, assessment=what, options=(own, *base.options[1:]))

    found = compare([of("Kiosk", 500.0, 2.0), of("Notes", 900.0, 3.0)], ["One", "Two"])
    note = item(found, "scenario_latency").note
    assert "Workloads: “Kiosk” of One; “Notes” of Two." in note
    assert (
        "Target of Time to first token: One 500 ms; Two 900 ms." in note
        and note.count("Target of") == 1
    )


def test_a_scenario_whose_curve_begins_far_beyond_its_peak_is_drawn_at_its_peak() -> None:
    base = answer(2.0)
    serving = base.options[0].servings[0]
    assert serving.at_peak is not None
    calm = dataclasses.replace(
        serving, at_peak=dataclasses.replace(serving.at_peak, req_s=serving.curve[0].req_s / 100.0)
    )
    own = dataclasses.replace(base.options[0], servings=(calm,))
    idle = dataclasses.replace(base, options=(own, *base.options[1:]))
    chart = item(compare([answer(2.0), idle], ["Busy", "Idle"]), "scenario_latency")
    assert [row[1] for row in chart.rows if row[0] == "Idle"] == [1.0]
    axes = drawn(chart, PRINT, WIDTHS[0]).axes[0]
    assert [len(line.get_xdata()) for line in axes.lines if line.get_label() == "Idle"] == [1]
