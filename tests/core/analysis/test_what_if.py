"""Sliders: what moves is what ``assess`` answers at the moved inputs."""

from __future__ import annotations

import dataclasses

import pytest

from core.analysis.narrow import at_load
from core.analysis.what_if import Effect, WhatIf
from core.assess import InvalidAssessmentError, assess
from core.assessment import with_value
from tests.core.assess.cases import AS_OF, not_finite, run, small_catalog


@pytest.fixture(scope="module")
def sliders() -> WhatIf:
    answer = run(
        site__venues=("on_premises", "public_cloud"),
        workload__targets__ttft_ms=2000.0,
        economics__currency="EUR",
    )
    return WhatIf(answer, small_catalog())


def effect(effects: tuple[Effect, ...], key: str) -> Effect:
    return next(e for e in effects if e.key == key)


def test_nothing_moved_changes_nothing(sliders: WhatIf) -> None:
    outcome = sliders.at({s.key: s.now for s in sliders.sliders})
    assert outcome.moved == () and outcome.still_wins
    assert outcome.winner_before == outcome.winner_after
    for item in (*outcome.effects, *outcome.same_option):
        assert item.change is None or item.change == pytest.approx(0.0, abs=1e-12)


def test_nothing_moved_is_the_answer_itself(
    sliders: WhatIf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_assessment: object) -> object:
        raise AssertionError("the answer is there already")

    monkeypatch.setattr(sliders._narrow, "run_contenders", refused)
    # Some re-runs are coarser by half a percent: it would be shown as the effect of no move.
    assert all(e.before_text == e.after_text for e in sliders.at({}).effects)


def test_moved_inputs_are_answered_as_assess_answers_them(sliders: WhatIf) -> None:
    outcome = sliders.exact({"load": 2.0, "economics.discount_rate": 0.12})
    asked = at_load(sliders.recommendation.assessment, 2.0)
    asked = with_value(asked, "economics.discount_rate", 0.12)
    plain = assess(asked, small_catalog(), as_of=AS_OF)
    assert plain.winner is not None and plain.winner.cost is not None
    assert outcome.winner_after == plain.winner.title and outcome.exact
    told = effect(outcome.effects, "usd_per_mtok")
    assert told.after == pytest.approx(plain.money(plain.winner.cost.usd_per_mtok.base))
    assert told.after_text.startswith("EUR ")
    assert told.before is not None and told.after is not None
    assert told.change == pytest.approx(told.after / told.before - 1.0)
    assert outcome.moved == (
        "Demand: 2 x instead of 1 x", "Discount rate: 12 % instead of 8 %",
    )  # fmt: skip  # one line a slider
    quick = sliders.at({"load": 2.0, "economics.discount_rate": 0.12})
    assert effect(quick.same_option, "npv_usd").after == pytest.approx(
        effect(outcome.same_option, "npv_usd").after
    )


def test_dearer_electricity_costs_more_where_it_is_paid(sliders: WhatIf) -> None:
    key = "economics.electricity_price_kwh"
    (slider,) = [s for s in sliders.sliders if s.key == key]
    own = [o for o in sliders.recommendation.options if o.venue == "on_premises"]
    assert own
    costs = []
    for value in (slider.low, slider.now, slider.high):
        ranked = sliders.exact({key: value})
        costs.append(effect(ranked.effects, "usd_per_mtok").after or 0.0)
    assert costs == sorted(costs)


def test_every_slider_may_go_to_its_ends(sliders: WhatIf) -> None:
    for slider in sliders.sliders:
        assert slider.low <= slider.now <= slider.high and slider.low < slider.high
        for value in (slider.low, slider.high):
            assert list(not_finite(sliders.at({slider.key: value}))) == []


def test_what_cannot_be_moved_is_refused(sliders: WhatIf) -> None:
    with pytest.raises(KeyError):
        sliders.at({"site.racks": 3.0})
    with pytest.raises(InvalidAssessmentError, match="discount_rate"):
        sliders.at({"economics.discount_rate": 7.0})


def test_workloads_that_grow_unlike_move_by_as_many_points(sliders: WhatIf) -> None:
    answer = sliders.recommendation
    first = answer.assessment.workloads[0]
    other = dataclasses.replace(first, name="Other", growth_per_year=first.growth_per_year - 0.05)
    two = dataclasses.replace(answer.assessment, workloads=(first, other))
    moved = WhatIf(dataclasses.replace(answer, assessment=two), small_catalog())
    (slider,) = [s for s in moved.sliders if s.key == "workloads.growth_per_year"]
    assert first.name in slider.label and "others" in slider.label
    grown = moved.moved({slider.key: slider.now + 0.3}).workloads
    assert [w.growth_per_year for w in grown] == pytest.approx(
        [slider.now + 0.3, slider.now + 0.25]
    )
    (alone,) = [s for s in sliders.sliders if s.key == slider.key]
    assert alone.label == "Growth of demand per year"


def test_where_no_option_is_feasible_the_nearest_is_held_instead_and_what_rejects_is_told() -> None:
    answer = run(site__venues=("on_premises",), site__total_power_kw=0.1)
    assert answer.winner is None and answer.rejected
    nearest = answer.rejected[0]
    stuck = WhatIf(answer, small_catalog())
    for outcome in (stuck.at({}), stuck.exact({})):
        assert (outcome.winner_before, outcome.winner_after) == ("", "")
        assert outcome.nearest_before == outcome.nearest_after == nearest.title
        assert nearest.title in outcome.why_none
        assert "power" in outcome.why_none  # the limit that rejects
        assert effect(outcome.effects, "nameplate_kw").after == nearest.fleet.nameplate_kw
        assert not any(item.before is None and item.after is None for item in outcome.effects)
    half = {"load": 0.5}  # a quick answer at moved inputs is that of the whole catalog
    assert stuck.at(half).nearest_after == stuck.exact(half).nearest_after != ""


def test_what_is_feasible_names_no_nearest(sliders: WhatIf) -> None:
    outcome = sliders.at({})
    assert (outcome.nearest_before, outcome.nearest_after, outcome.why_none) == ("", "", "")
