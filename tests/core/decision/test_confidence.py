"""Which doubts are counted, and that high confidence takes a rival and few of them."""

from __future__ import annotations

import dataclasses
import math

import pytest

from core.catalog.types import Provenance
from core.decision.confidence import beyond_limit, confidence, gap_uncertainty, weak_share
from core.recommendation import CostLine, Lead, Option, Spread, SwitchPoint, TargetCheck
from tests.core.decision import builders as b

QUOTED = Provenance("quotation", "2026-11-01", "high")


def line(present_usd: float, *, assumed: bool, source: Provenance = QUOTED) -> CostLine:
    return dataclasses.replace(
        b.line(), present_value_usd=present_usd, is_assumption=assumed, provenance=source
    )


def scored(key: str, total: float, lines: tuple[CostLine, ...], **changes: object) -> Option:
    cost = dataclasses.replace(b.cost(), lines=lines)
    return b.option(key, cost=cost, total_score=total, **changes)


def test_the_weak_share_is_assumptions_and_weak_sources_over_all_amounts() -> None:
    weak = Provenance("recalled", "", "low")
    lines = (
        line(60.0, assumed=False),
        line(20.0, assumed=True),
        line(10.0, assumed=False, source=weak),
        line(-10.0, assumed=True),
    )
    assert weak_share(scored("a", 80.0, lines)) == pytest.approx(40.0 / 100.0)
    assert weak_share(b.option(usd_per_mtok=None)) == 0.0


def test_a_lone_option_is_never_held_with_high_confidence() -> None:
    sure = (line(100.0, assumed=False),)
    lone = scored("a", 90.0, sure)
    held, why = confidence(lone, None)
    assert held == "medium"
    assert "no other option is feasible" in why
    held, _why = confidence(lone, scored("b", 60.0, sure))
    assert held == "high"


def test_assumptions_and_an_interval_beyond_the_limit_are_doubts() -> None:
    rival = scored("b", 40.0, (line(100.0, assumed=False),))
    edge = (TargetCheck("ttft", "TTFT", 500.0, Spread(300.0, 450.0, 600.0), "pass"),)
    unsure = (b.serving(targets=edge),)
    held, why = confidence(scored("a", 90.0, (line(1.0, assumed=True),), servings=unsure), rival)
    assert held == "medium"  # two doubts for the cost, two thirds for the interval
    assert "100 % of its cost rests on assumptions" in why
    assert "a predicted latency may miss its limit" in why
    rough = (b.serving(targets=edge, evidence="extrapolated"),)
    held, _why = confidence(scored("a", 90.0, (line(1.0, assumed=True),), servings=rough), rival)
    assert held == "low"  # and two more for the grade


@pytest.mark.parametrize(
    ("weak", "doubts"),
    # nothing up to a quarter, 2 x (share - 0.25) / 0.75 beyond: a half, and all but a fiftieth
    [(0.2, 0.0), (0.25, 0.0), (0.51, 0.693), (0.625, 1.0), (0.98, 1.947), (1.0, 2.0)],
)
def test_the_cost_is_doubted_as_much_as_rests_on_weak_sources(weak: float, doubts: float) -> None:
    """Beside a grade of the prediction, 0, 1 or 2 doubts, it decides which confidence holds."""
    rival = scored("b", 40.0, (line(100.0, assumed=False),))
    lines = (line(100.0 * weak, assumed=True), line(100.0 * (1.0 - weak), assumed=False))
    for evidence, before in (("measured", 0.0), ("calibrated", 1.0), ("extrapolated", 2.0)):
        servings = (b.serving(evidence=evidence),)
        held, why = confidence(scored("a", 90.0, lines, servings=servings), rival)
        lost = before + doubts
        assert held == ("high" if lost <= 1.0 else "medium" if lost <= 3.0 else "low")
        assert ("rests on assumptions" in why) == (doubts > 0.0)


def test_an_interval_is_doubted_as_far_as_it_reaches_beyond_its_target() -> None:
    def check(limit_ms: float, high: float = 600.0) -> TargetCheck:
        return TargetCheck("ttft", "TTFT", limit_ms, Spread(300.0, 400.0, high), "pass")

    assert beyond_limit(check(400.0)) == 1.0  # as likely missed as kept
    assert beyond_limit(check(500.0)) == pytest.approx(0.5)
    assert beyond_limit(check(599.0)) == pytest.approx(0.005)
    assert beyond_limit(check(600.0)) == beyond_limit(check(399.0)) == 0.0
    assert beyond_limit(check(500.0, math.inf)) == 1.0
    assert beyond_limit(dataclasses.replace(check(1.0), predicted_ms=None)) == 0.0


def priced(key: str, lines: dict[str, tuple[float, float, float]], total: float = 70.0) -> Option:
    """An option of lines: cost line key -> present value, low and high factor; 1 million tokens."""
    made = tuple(
        dataclasses.replace(line(usd, assumed=False), key=name, low_factor=low, high_factor=high)
        for name, (usd, low, high) in lines.items()
    )
    whole = sum(usd for usd, _low, _high in lines.values())
    cost = dataclasses.replace(
        b.cost(), lines=made, npv_usd=whole, usd_per_mtok=Spread(0.5 * whole, whole, 2.0 * whole)
    )
    return b.option(key, cost=cost, total_score=total)


def test_what_both_pay_for_moves_for_both_in_the_gap() -> None:
    """Servers of 100 and 150, 20 % either way: the gap of 50 moves by 10, not by 36.

    The energy of 20 and 10, half either way, moves it by -5 on its own: √(10² + 5²) of 120.
    """
    one = priced("a", {"servers": (100.0, 0.8, 1.2), "energy": (20.0, 0.5, 1.5)})
    other = priced("b", {"servers": (150.0, 0.8, 1.2), "energy": (10.0, 0.5, 1.5)})
    assert gap_uncertainty(one, other) == pytest.approx((10.0**2 + 5.0**2) ** 0.5 / 120.0)
    # two of the very same bill: nothing is left open between them
    assert gap_uncertainty(one, one) == 0.0
    # servers of one class with the network they stand on, not with rented hours
    cloud = priced("c", {"cloud_on_demand": (100.0, 0.8, 1.2)})
    own = priced("d", {"servers": (60.0, 0.8, 1.2), "network": (40.0, 0.8, 1.2)})
    assert gap_uncertainty(own, cloud) == pytest.approx((20.0**2 + 20.0**2) ** 0.5 / 100.0)


def test_the_clearly_cheaper_of_two_level_options_is_no_toss() -> None:
    one = priced("a", {"servers": (100.0, 0.8, 1.2)})
    held, why = confidence(one, priced("b", {"cloud_on_demand": (150.0, 0.8, 1.2)}))
    assert held == "medium" and "level with Option b, which costs 50 % more" in why
    held, why = confidence(one, priced("b", {"cloud_on_demand": (105.0, 0.8, 1.2)}))
    assert held == "low" and "what prices leave open between the two" in why  # a toss, and more
    # of the same class the same 5 % are no doubt: what moves one moves the other
    _held, why = confidence(one, priced("b", {"servers": (105.0, 0.8, 1.2)}))
    assert "leave open" not in why


def test_sampled_futures_decide_how_surely_a_lead_is_held() -> None:
    """Few points ahead and best in 97 % of the futures is no doubt; in 40 % it is three."""
    one = priced("a", {"servers": (100.0, 0.5, 2.0)}, 72.0)
    other = priced("b", {"cloud_on_demand": (110.0, 0.5, 2.0)}, 70.5)
    assert "leave open" in confidence(one, other)[1]
    held, why = confidence(one, other, Lead("a", "b", 0.97, 0.95, 0.04, 0.1, 0.18))
    assert held == "high"
    assert "leads Option b by 1.5 points, best in 97 % of the sampled futures" in why
    assert "and the cheaper in 95 % of them: in 80 % of all futures the next" in why
    assert "the next option costs between 4 % and 18 % more" in why
    assert "Doubts" not in why and "leave open" not in why
    _held, why = confidence(one, other, Lead("a", "b", 0.97, 0.97, 0.04, 0.1, 0.18))
    assert "best in 97 % of the sampled futures, and the cheaper in as many: in 80 % of" in why
    assert why.count("97 %") == 1  # one share, told once
    held, why = confidence(one, other, Lead("a", "b", 0.6, 0.7, -0.04, 0.1, 0.18))
    assert held == "medium"  # two doubts
    assert "Doubts: it leads Option b by 1.5 points, but is best in only 60 %" in why
    assert "changes its sign from future to future: it is the cheaper in 70 % of them" in why
    assert "best more often" not in why
    held, why = confidence(one, other, Lead("a", "b", 0.4, 0.5, -0.04, 0.0, 0.04, "Third", 0.45))
    assert held == "low" and "; Third is best more often, in 45 % of them" in why


def test_doubts_stand_before_strengths_so_that_none_is_cut_off() -> None:
    weak = scored("a", 90.0, (line(1.0, assumed=True),))
    _held, why = confidence(weak, scored("b", 40.0, (line(1.0, assumed=False),)))
    doubts, strengths = why.split(" In its favour: ")
    assert "was measured" in strengths and "leads Option b by 50 points" in strengths
    assert doubts == "Doubts: 100 % of its cost rests on assumptions or weak sources."


def test_open_limits_are_no_strength() -> None:
    sure = (line(100.0, assumed=False),)
    asking = scored("a", 90.0, sure, conditions=("Ask.",))
    held, why = confidence(asking, scored("b", 40.0, sure))
    assert held == "high"  # one is told, more than two would count
    assert why.startswith("Doubts: 1 limit is still to be confirmed.")


def test_an_interval_within_the_limit_is_no_doubt() -> None:
    sure = (line(100.0, assumed=False),)
    _held, why = confidence(scored("a", 90.0, sure), scored("b", 40.0, sure))
    assert "may miss" not in why


def test_a_verified_switch_within_what_was_drawn_is_a_doubt_however_sure_the_share() -> None:
    """Best in 97 % of the futures, yet answers a little longer make another one best."""
    best = priced("a", {"servers": (100.0, 0.5, 2.0)}, 72.0)
    second = priced("b", {"cloud_on_demand": (130.0, 0.5, 2.0)}, 70.5)
    sampled = Lead("a", "b", 0.97, 1.0, 0.2, 0.3, 0.4)
    held, _why = confidence(best, second, sampled)
    point = SwitchPoint("answer_length", "Length of the answers", "1 x", "1.2 x", "Option b", True)
    turned, why = confidence(best, second, sampled, turned=(point,))
    assert (held, turned) == ("high", "medium")
    assert "best within the range drawn (Length of the answers at 1.2 x: Option b)" in why


@pytest.mark.parametrize("best_share", [1.0, 0.95, 0.7])
def test_all_futures_are_told_as_every_one(best_share: float) -> None:
    """In words: "100 % of the same futures" reads like a rounded figure."""
    one = scored("a", 80.0, (line(100.0, assumed=False),))
    other = scored("b", 70.0, (line(150.0, assumed=False),))
    _held, why = confidence(one, other, Lead("a", "b", best_share, 1.0, 0.2, 0.3, 0.4))
    assert "100 %" not in why
    assert "every" in why
