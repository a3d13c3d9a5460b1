"""Reasons against options whose scores are set by hand."""

from __future__ import annotations

import dataclasses

from core.decision.reasons import reasons_of
from core.decision.risks import leads
from core.recommendation import Currency, Option, Score
from tests.core.decision import builders as b

DOLLARS = Currency("USD", 1.0, b.SOURCE)


def rated(key: str, usd: float, cost: float, latency: float) -> Option:
    """An option with half the weight on its cost and half on its latency."""
    scores = tuple(
        Score(name, label, value, f"{label} of {key}.", "", 0.5, 0.5 * value)
        for name, label, value in (("cost", "Cost", cost), ("latency", "Latency", latency))
    )
    return b.option(key, usd_per_mtok=usd, scores=scores)


def test_leads_weigh_the_difference_of_two_scores() -> None:
    first, second = rated("a", 2.0, 80.0, 60.0), rated("b", 3.0, 50.0, 70.0)
    # 0.5 x (80 - 50) = 15 and 0.5 x (60 - 70) = -5
    assert [(lead, score.key) for lead, score, _ in leads(first, second)] == [
        (15.0, "cost"),
        (-5.0, "latency"),
    ]


def test_a_cheaper_option_that_ranks_lower_is_named_beside_the_next() -> None:
    best, second, cheap = (
        rated("a", 2.0, 80.0, 60.0),
        rated("b", 3.0, 50.0, 60.0),
        rated("c", 1.5, 90.0, 10.0),
    )
    assert reasons_of(best, second, (best, second, cheap), DOLLARS) == (
        "Lower cost than the next option: USD 2.00 per million tokens against USD 3.00. Option c "
        "would cost USD 1.50 but ranks lower.",
        "Latency: Latency of a. 60 of 100 points.",
    )


def test_the_weightiest_lead_comes_first() -> None:
    best, second = rated("a", 2.0, 60.0, 90.0), rated("b", 3.0, 50.0, 20.0)
    assert reasons_of(best, second, (best, second), DOLLARS) == (
        "Further inside the latency targets: Latency of a. 90 of 100 points; the next option "
        "has 20.",
        "Lowest cost: USD 2.00 per million tokens, the cheapest of 2 feasible options; the next "
        "option costs USD 3.00.",
    )


def test_without_a_rival_its_own_strengths_count_and_weak_ones_do_not() -> None:
    alone = rated("a", 2.0, 70.0, 30.0)
    assert reasons_of(alone, None, (alone,), DOLLARS) == ("Cost: USD 2.00 per million tokens.",)


def test_a_rival_of_another_venue_is_called_the_best_elsewhere() -> None:
    best, second = rated("a", 2.0, 60.0, 90.0), rated("b", 3.0, 50.0, 20.0)
    other = dataclasses.replace(second, venue="gpu_cloud")
    first, last = reasons_of(best, other, (best, other), DOLLARS)
    assert first.endswith("90 of 100 points; the best option elsewhere has 20.")
    assert last.endswith("the best option elsewhere costs USD 3.00.")


def test_being_less_weak_than_another_is_no_reason() -> None:
    best, second = rated("a", 2.0, 70.0, 14.0), rated("b", 3.0, 50.0, 7.0)
    assert reasons_of(best, second, (best, second), DOLLARS) == (
        "Lowest cost: USD 2.00 per million tokens, the cheapest of 2 feasible options; the next "
        "option costs USD 3.00.",
    )
