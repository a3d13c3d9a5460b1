"""Weights, weighted sum, TOPSIS, order, and that no option can reverse two others."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.assessment import WEIGHTS, Assessment, with_value
from core.decision.ranking import (
    CRITERIA,
    bottleneck,
    score_and_rank,
    topsis,
    weigh,
    weighted_sum,
    weights_of,
)
from core.decision.rating import Rating
from core.recommendation import Carbon, Option, Score
from tests.core.decision import builders as b


def rated(**values: float | None) -> list[Rating]:
    return [Rating(key, key, values.get(key), "", "") for key in CRITERIA]


def rank(
    options: list[Option], assessment: Assessment | None = None
) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    return score_and_rank(options, assessment or b.assessment(), b.SmallCatalog(), b.AS_OF)


def test_weights_are_shares_of_the_users() -> None:
    weights = weights_of(Assessment())
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["cost"] == pytest.approx(0.35)  # 35 of 100 in the balanced preset


def test_weights_of_zero_are_shared_equally() -> None:
    nothing = Assessment()
    for key in WEIGHTS:
        nothing = with_value(nothing, f"priorities.{key}", 0)
    assert set(weights_of(nothing).values()) == {1.0 / 9.0}


def test_what_does_not_apply_is_dropped_and_never_a_free_hundred() -> None:
    weights = dict.fromkeys(CRITERIA, 0.0) | {"cost": 0.5, "latency": 0.3, "control": 0.2}
    full = weigh(rated(cost=60.0, latency=100.0, control=20.0), weights)
    assert weighted_sum(full) == pytest.approx(0.5 * 60 + 0.3 * 100 + 0.2 * 20)
    dropped = weigh(rated(cost=60.0, control=20.0), weights)
    # 0.5 and 0.2 become 5/7 and 2/7
    assert weighted_sum(dropped) == pytest.approx((5 * 60 + 2 * 20) / 7)
    assert sum(s.weight for s in dropped) == pytest.approx(1.0)
    assert weighted_sum(dropped) < weighted_sum(full)  # type: ignore[operator]  # both are known


def unsure(assumed: float, **known: float) -> list[Rating]:
    """Ratings with a latency that applies but is not known."""
    rest = [r for r in rated(**known) if r.key != "latency"]
    return [*rest, Rating("latency", "latency", None, "", "", assumed)]


def test_what_is_not_known_keeps_its_weight_and_counts_cautiously() -> None:
    weights = dict.fromkeys(CRITERIA, 0.0) | {"cost": 0.5, "latency": 0.3, "control": 0.2}
    at_target = weigh(unsure(0.0, cost=60.0, control=20.0), weights)
    assert weighted_sum(at_target) == pytest.approx(0.5 * 60 + 0.3 * 0 + 0.2 * 20)
    quarter = weigh(unsure(25.0, cost=60.0, control=20.0), weights)
    assert weighted_sum(quarter) == pytest.approx(0.5 * 60 + 0.3 * 25 + 0.2 * 20)
    score = next(s for s in quarter if s.key == "latency")
    assert (score.value, score.assumed, score.counted) == (None, 25.0, 25.0)
    assert topsis(at_target) < topsis(quarter)  # type: ignore[operator]  # both are known


def test_what_does_not_apply_never_adds_to_the_weight_of_what_is_not_known() -> None:
    """A hosted API: latency weighs 0.35 as the user said, however little else applies."""
    weights = dict.fromkeys(CRITERIA, 0.0) | {"cost": 0.2, "latency": 0.35, "control": 0.05}
    weights["power_density"] = 0.4
    scores = {s.key: s for s in weigh(unsure(10.0, cost=60.0, control=20.0), weights)}
    assert scores["latency"].weight == pytest.approx(0.35)
    # the rest, 0.65, goes to cost and control as 4 to 1
    assert scores["cost"].weight == pytest.approx(0.65 * 0.8)
    assert weighted_sum(tuple(scores.values())) == pytest.approx(0.65 * 52.0 + 0.35 * 10.0)
    # of nothing known at all only the unknown is left
    alone = weigh(unsure(0.0), weights)
    assert sum(s.weight for s in alone) == pytest.approx(1.0)


@given(st.lists(st.none() | st.floats(0.0, 100.0), min_size=9, max_size=9), st.floats(0.0, 100.0))
def test_not_knowing_is_never_a_gain(values: list[float | None], assumed: float) -> None:
    """An option scores no better than one of its kind that has nothing there to know."""
    weights = dict.fromkeys(CRITERIA, 1.0 / 9.0)
    known = {k: v for k, v in zip(CRITERIA, values, strict=True) if v is not None}
    known.pop("latency", None)
    silent = weighted_sum(weigh(unsure(assumed, **known), weights))
    without = weighted_sum(weigh(rated(**known), weights))
    assert silent is not None
    if without is not None:
        assert silent <= without + 1e-9


@given(st.lists(st.none() | st.floats(0, 100), min_size=9, max_size=9))
def test_a_total_lies_between_its_lowest_and_highest_score(values: list[float | None]) -> None:
    ratings = [Rating(k, k, v, "", "") for k, v in zip(CRITERIA, values, strict=True)]
    scores = weigh(ratings, weights_of(Assessment()))
    known = [v for v in values if v is not None]
    total = weighted_sum(scores)
    if not known:
        assert total is None
    else:
        assert total is not None
        assert min(known) - 1e-9 <= total <= max(known) + 1e-9
        assert math.fsum(s.contribution for s in scores) == pytest.approx(total)


def test_topsis_by_hand() -> None:
    # weights 0.6 and 0.4, utilities 80 and 30:
    # d+ = sqrt((0.6 x 20)^2 + (0.4 x 70)^2) = sqrt(144 + 784) = 30.463
    # d- = sqrt((0.6 x 80)^2 + (0.4 x 30)^2) = sqrt(2304 + 144) = 49.477
    scores = [Score("a", "", 80.0, "", "", 0.6, 48.0), Score("b", "", 30.0, "", "", 0.4, 12.0)]
    assert topsis(scores) == pytest.approx(100 * 49.477 / (49.477 + 30.463), abs=0.01)


def test_topsis_ends() -> None:
    best = [Score("a", "", 100.0, "", "", 1.0, 100.0)]
    worst = [Score("a", "", 0.0, "", "", 1.0, 0.0)]
    nothing = [Score("a", "", None, "", "", 0.0, 0.0)]
    assert (topsis(best), topsis(worst), topsis(nothing)) == (100.0, 0.0, None)


def test_the_bottleneck_is_the_lowest_constraint_and_never_a_criterion() -> None:
    weights = weights_of(Assessment())
    low_cost = weigh(rated(cost=1.0, latency=40.0, tuning=30.0), weights)
    assert bottleneck(low_cost) == "tuning"
    assert bottleneck(weigh(rated(cost=1.0), weights)) is None


def test_cheaper_wins_all_else_equal_and_ties_break_by_name() -> None:
    options, _ = rank([b.option("dear", usd_per_mtok=3.0), b.option("cheap", usd_per_mtok=2.0)])
    assert [o.id for o in options] == ["cheap", "dear"]
    assert [o.rank for o in options] == [1, 2]
    tied, _ = rank([b.option("b"), b.option("a")])
    assert [o.id for o in tied] == ["a", "b"]


def test_an_option_without_a_price_or_with_a_failed_limit_never_wins() -> None:
    broken = b.option("broken", usd_per_mtok=0.01, fleet=b.fleet(nameplate_kw=500.0))
    options, rejected = rank([b.option("fine"), b.option("gift", usd_per_mtok=None), broken])
    assert [o.id for o in options] == ["fine"]
    assert {o.id for o in rejected} == {"gift", "broken"}
    assert all(o.rank is None and not o.feasible and o.scores for o in rejected)


def test_rejected_options_stand_nearest_first() -> None:
    near = b.option("near", fleet=b.fleet(nameplate_kw=101.0))
    far = b.option("far", fleet=b.fleet(nameplate_kw=900.0))
    _, rejected = rank([far, near])
    assert [o.id for o in rejected] == ["near", "far"]


def test_an_option_with_questions_may_lead_and_carries_them() -> None:
    cost_matters = with_value(b.assessment(), "priorities.weight_cost", 60)
    options, _ = rank(
        [b.option("own", usd_per_mtok=50.0), b.api("api", usd_per_mtok=0.05)], cost_matters
    )
    assert options[0].id == "api"
    assert any("TTFT" in text for text in options[0].conditions)


_OPTION = st.builds(
    lambda i, usd, busy, grams, weeks: b.option(
        f"o{i}",
        usd_per_mtok=usd,
        fleet=b.fleet(utilisation_by_year=(busy, busy)),
        carbon=Carbon(1.0, 1.0, grams, 0.0, 1.0, ""),
        weeks_to_deploy=dataclasses.replace(b.option().weeks_to_deploy, base=weeks),  # type: ignore[type-var]  # the builder gives one
    ),
    st.integers(0, 10**9),
    st.floats(0.05, 50.0),
    st.floats(0.0, 1.0),
    st.floats(1.0, 5000.0),
    st.floats(0.0, 60.0),
)


@settings(max_examples=25)
@given(st.lists(_OPTION, min_size=3, max_size=6, unique_by=lambda o: o.id))
def test_removing_an_option_changes_no_score_and_no_order_unless_it_was_at_the_head(
    options: list[Option],
) -> None:
    """Which of those level with the highest score leads may depend on what the highest is."""
    full, _ = rank(options)
    order = [o.id for o in full]
    totals = {o.id: o.total_score for o in full}
    for gone in order:
        fewer, _ = rank([o for o in options if o.id != gone])
        if gone != order[0] and totals[gone] != max(t for t in totals.values() if t is not None):
            assert [o.id for o in fewer] == [i for i in order if i != gone]
        assert {o.id: o.total_score for o in fewer} == {
            i: t for i, t in totals.items() if i != gone
        }


def test_the_currency_does_not_change_the_order() -> None:
    options = [b.option("a", usd_per_mtok=2.0), b.option("b", usd_per_mtok=1.5), b.api()]
    dollars, _ = rank(options)
    euros, _ = rank(options, with_value(b.assessment(), "economics.currency", "EUR"))
    assert [(o.id, o.total_score) for o in dollars] == [(o.id, o.total_score) for o in euros]
