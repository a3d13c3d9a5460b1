"""Hosted APIs: what speaks for them, what may go wrong, and how surely one can be held."""

from __future__ import annotations

import dataclasses

import pytest

from core.assessment import Assessment, with_value
from core.catalog.types import Provenance
from core.decision import hosted
from core.decision.confidence import confidence
from core.decision.facts import currency_of
from core.decision.reasons import reasons_of
from core.decision.risks import risks_of
from core.recommendation import Currency, Option, Score, Spread, TargetCheck
from tests.core.decision import builders as b

DOLLARS: Currency = currency_of(b.assessment(), b.SmallCatalog())
OPEN = TargetCheck("ttft", "TTFT", 500.0, None, "unknown")
KEPT = TargetCheck("tpot", "TPOT", 50.0, Spread(10.0, 12.0, 14.0), "pass")


def service(*checks: TargetCheck, conditions: tuple[str, ...] = ("Ask.",)) -> Option:
    serving = dataclasses.replace(b.api().servings[0], targets=checks)
    sure = Provenance("quotation", "2026-11-01", "high")
    line = dataclasses.replace(b.line(), is_assumption=False, provenance=sure)
    cost = b.cost(0.7, capex_usd=0.0, lines=(line,))
    scores = (Score("cost", "Cost", 80.0, "Cheap.", "", 1.0, 80.0),)
    return b.api(
        servings=(serving,), conditions=conditions, cost=cost, total_score=90.0, scores=scores
    )


def falling(rate: float) -> Assessment:
    return with_value(b.assessment(), "economics.token_price_trend", rate)


def test_targets_that_nothing_is_published_about_leave_low_confidence() -> None:
    second = b.api("b", 5.0, total_score=20.0)
    held, why = confidence(service(OPEN, dataclasses.replace(OPEN, key="tpot")), second)
    assert held == "low" and "2 of 2 latency targets are not confirmed" in why
    held, why = confidence(service(OPEN), second)
    assert held == "low" and "the latency target is not confirmed" in why
    # half of them: 1 + 3 / 2 doubts
    held, why = confidence(service(OPEN, KEPT), second)
    assert held == "medium" and "1 of 2 latency targets are not confirmed" in why
    held, why = confidence(service(), second)
    assert held == "high" and "not confirmed" not in why


def test_a_hosted_api_alone_has_three_reasons_and_three_risks() -> None:
    best = service(OPEN, dataclasses.replace(OPEN, key="tpot"))
    dear = b.option("own", usd_per_mtok=3.0, gates=(b_gate(),))
    reasons = reasons_of(best, None, (best,), DOLLARS, (dear,))
    assert len(reasons) == 3 and not any("score" in text.lower() for text in reasons)
    assert any(text.startswith("Nothing to buy, house, power or cool") for text in reasons)
    assert any("the cheapest of it, Option own, costs USD 3.00" in text for text in reasons)
    risks = risks_of(best, None, (best,), falling(-0.2), DOLLARS)
    assert risks[0].startswith("None of the 2 latency targets is confirmed: ")
    assert "if the open condition fails, there is none to fall back on" in risks[1]
    assert len(risks) >= 3
    proven = risks_of(service(KEPT, conditions=()), None, (best,), falling(0.0), DOLLARS)
    assert not any("confirmed" in text or "fall back" in text for text in proven)


def b_gate() -> object:
    from core.decision import verdicts

    return verdicts.gate("venue", "Venue allowed", "fail", "")


def test_what_it_costs_at_prices_that_stay_is_that_bill_without_the_trend() -> None:
    """Three years at 100, 80 and 64 that would be 100 each; nothing else is paid; no interest."""
    assessment = with_value(
        with_value(falling(-0.2), "economics.horizon_years", 3), "economics.discount_rate", 0.0
    )
    line = b.line("tokens", "metered", (0.0, 100.0, 80.0, 64.0))
    cost = dataclasses.replace(
        b.cost(), lines=(line,), npv_usd=244.0, usd_per_mtok=Spread(1.0, 2.44, 5.0)
    )
    (text,) = hosted.price_trend(b.api(cost=cost), assessment, DOLLARS)
    assert "fall by 20 % a year" in text and "it is USD 3.00 per million tokens" in text
    steady = with_value(assessment, "economics.token_price_trend", 0.0)
    assert not list(hosted.price_trend(b.api(cost=cost), steady, DOLLARS))
    own = dataclasses.replace(line, key="servers")
    other = dataclasses.replace(cost, lines=(own,))
    assert not list(hosted.price_trend(b.option(cost=other), assessment, DOLLARS))


@pytest.mark.parametrize(("many", "text"), [(1, "The latency target is not"), (3, "None of the 3")])
def test_one_target_and_several_are_told_in_their_number(many: int, text: str) -> None:
    (told,) = hosted.unproven(service(*[OPEN] * many))
    assert told.startswith(text)
