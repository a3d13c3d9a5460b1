"""Which doubts are counted, and that high confidence takes a rival and few of them."""

from __future__ import annotations

import dataclasses

import pytest

from core.catalog.types import Provenance
from core.decision.confidence import confidence, weak_share
from core.recommendation import CostLine, Option, Spread, TargetCheck
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
    assert held == "medium"  # two doubts
    assert "100 % of its cost rests on assumptions" in why
    assert "reaches beyond its limit" in why
    rough = (b.serving(targets=edge, evidence="extrapolated"),)
    held, _why = confidence(scored("a", 90.0, (line(1.0, assumed=True),), servings=rough), rival)
    assert held == "low"  # and two more for the grade


def test_the_clearly_cheaper_of_two_level_options_is_no_toss() -> None:
    sure = (line(100.0, assumed=False),)
    spread = Spread(1.8, 2.0, 2.2)

    def priced(key: str, factor: float) -> Option:
        cost = dataclasses.replace(
            b.cost(),
            lines=sure,
            usd_per_mtok=Spread(*(factor * x for x in (spread.low, spread.base, spread.high))),
        )
        return b.option(key, cost=cost, total_score=70.0)

    held, why = confidence(priced("a", 1.0), priced("b", 1.5))
    assert held == "medium" and "level with Option b, which costs 50 % more" in why
    held, why = confidence(priced("a", 1.0), priced("b", 1.05))
    assert held == "low" and "within the uncertainty" in why  # a toss, and one doubt more


def test_strengths_stand_before_doubts() -> None:
    weak = scored("a", 90.0, (line(1.0, assumed=True),))
    _held, why = confidence(weak, scored("b", 40.0, (line(1.0, assumed=False),)))
    strengths, doubts = why.split("Doubts: ")
    assert "was measured" in strengths and "leads Option b by 50 points" in strengths
    assert doubts == "100 % of its cost rests on assumptions or weak sources."


def test_open_limits_are_no_strength() -> None:
    sure = (line(100.0, assumed=False),)
    asking = scored("a", 90.0, sure, conditions=("Ask.",))
    held, why = confidence(asking, scored("b", 40.0, sure))
    assert held == "high"  # one is told, more than two would count
    assert why.endswith("Doubts: 1 limit is still to be confirmed.")


def test_an_interval_within_the_limit_is_no_doubt() -> None:
    sure = (line(100.0, assumed=False),)
    _held, why = confidence(scored("a", 90.0, sure), scored("b", 40.0, sure))
    assert "interval" not in why
