from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from core.assessment import Assessment, with_value
from core.comparison import DASH, Comparison, Row, compare
from core.recommendation import Recommendation, Spread
from tests.core.assess.cases import run
from tests.core.charts import examples
from tests.core.decision import builders as build


def answer(cost: float = 2.0, **changes: Any) -> Recommendation:
    """One option with a bill of ``cost`` US dollars per million tokens, shown in euros at 0.8."""
    own = build.option(
        "own",
        cost=examples.cost(cost),
        servings=(examples.serving(workload=build.assessment().workloads[0].name),),
        title="On-premises",
    )
    return examples.recommendation([own], **changes)


def row(comparison: Comparison, key: str) -> Row:
    return next(r for r in (*comparison.inputs, *comparison.results) if r.key == key)


def edited(**values: Any) -> Assessment:
    assessment = build.assessment()
    for path, value in values.items():
        assessment = with_value(assessment, path.replace("__", "."), value)
    return assessment


def test_scenarios_that_are_alike_differ_in_no_input_and_no_result() -> None:
    found = compare([answer(), answer()])
    assert found.inputs == ()
    assert not any(r.differs for r in found.results)
    assert all(not r.best for r in found.results)
    assert found.notes == ()


def test_only_inputs_that_differ_are_listed_with_their_labels_and_units() -> None:
    found = compare([answer(), answer(assessment=edited(site__rack_power_kw=20.0))])
    (only,) = found.inputs
    assert (only.key, only.label, only.unit) == ("site.rack_power_kw", "Power per rack", "kW")
    assert only.texts[1] == "20 kW"
    assert only.values[1] == 20.0
    before = build.assessment().site.rack_power_kw
    assert before is not None
    assert only.changes == (0.0, pytest.approx(20.0 / before - 1.0))


def test_a_number_of_one_has_its_unit_in_the_singular() -> None:
    lives = [edited(economics__hardware_life_years=years) for years in (4, 1)]
    found = compare([answer(assessment=one) for one in lives])
    assert row(found, "economics.hardware_life_years").texts == ("4 years", "1 year")


def test_a_cost_is_shown_in_the_first_scenarios_currency() -> None:
    # 2 and 3 US dollars at 0.8 euros a dollar are 1.60 and 2.40 euros: half as much again.
    found = row(compare([answer(2.0), answer(3.0)]), "usd_per_mtok")
    assert found.values == (pytest.approx(1.6), pytest.approx(2.4))
    assert found.texts == ("EUR 1.60", "EUR 2.40")
    assert found.changes == (0.0, pytest.approx(0.5))
    assert found.best == {0}


def test_latencies_stand_beside_their_limits() -> None:
    quick, slow = answer(), answer()
    winner = slow.options[0]
    # Twice the 327 ms of the other, and no target for output tokens.
    check = dataclasses.replace(
        winner.servings[0].targets[0], predicted_ms=Spread(300.0, 654.0, 900.0)
    )
    serving = dataclasses.replace(winner.servings[0], targets=(check,))
    slow = dataclasses.replace(slow, options=(dataclasses.replace(winner, servings=(serving,)),))
    found = compare([quick, slow])
    ttft = row(found, "latency[0].ttft")
    assert ttft.texts == ("327 ms of 500 ms", "654 ms of 500 ms")
    assert ttft.changes[1] == pytest.approx(1.0)
    assert row(found, "latency[0].tpot").texts[1] == DASH


def test_nothing_feasible_is_said_and_leaves_no_numbers() -> None:
    none = examples.recommendation([])
    found = compare([answer(), none])
    assert row(found, "winner").texts == ("On-premises", "nothing qualifies")
    assert row(found, "usd_per_mtok").values[1] is None
    assert row(found, "usd_per_mtok").texts[1] == DASH
    assert row(found, "usd_per_mtok").changes[1] is None


def test_equal_names_are_numbered_and_given_ones_used() -> None:
    assert compare([answer(), answer(), answer()], ["A", "A", " "]).names == (
        "A",
        "A (2)",
        "Untitled assessment",
    )


def test_what_hinders_the_comparison_is_said() -> None:
    other = dataclasses.replace(
        answer(), as_of="2027-01-01", currency=build.SmallCatalog().currency("USD")
    )
    notes = compare([answer(), other]).notes
    assert any("EUR" in note for note in notes)
    assert any("2027-01-01" in note for note in notes)


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_scenarios_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="at least two scenarios"):
        compare([answer()] * count)


def test_an_added_workload_is_one_row_not_one_for_each_of_its_inputs() -> None:
    first = Assessment()
    second = dataclasses.replace(
        first,
        workloads=(
            first.workloads[0],
            dataclasses.replace(first.workloads[0], name="Batch", growth_per_year=0.5),
        ),
    )
    found = compare([run(first), run(second)])
    assert [(r.label, r.texts) for r in found.inputs] == [("Workload “Batch”", ("no", "yes"))]


def test_an_input_without_effect_in_either_scenario_is_left_out() -> None:
    # What one says about users has no effect where requests are entered.
    requests = with_value(edited(), "workloads[0].traffic_entry", "requests")
    users = with_value(requests, "workloads[0].users", 9)
    assert compare([answer(assessment=requests), answer(assessment=users)]).inputs == ()
    keys = {r.key for r in compare([answer(), answer(assessment=users)]).inputs}
    assert {"workloads[0].traffic_entry", "workloads[0].users"} <= keys


def test_the_venues_rows_are_the_least_cost_of_each_that_qualifies() -> None:
    small, large = run(), run(workload__users=4000)
    found = compare([small, large])
    for r in found.results:
        if not r.key.startswith("venue."):
            continue
        for answer_, value in zip((small, large), r.values, strict=True):
            costs = [
                o.cost.usd_per_mtok.base
                for o in answer_.options
                if o.venue == r.key.removeprefix("venue.") and o.cost is not None
            ]
            assert value == (pytest.approx(min(costs)) if costs else None)
    assert sum(r.key.startswith("venue.") for r in found.results) >= 3


def test_of_different_work_only_costs_per_token_have_a_best() -> None:
    one, other = answer(2.0), answer(1.0)
    alike = compare([one, other])
    (spent, told) = (row(alike, key) for key in ("npv_usd", "usd_per_mtok"))
    assert alike.best(told) == {1} and alike.best(spent) == spent.best
    unlike = dataclasses.replace(alike, same_work=False)
    assert unlike.best(told) == {1} and unlike.best(row(unlike, "capex_usd")) == frozenset()
    assert unlike.best(spent) == frozenset()
