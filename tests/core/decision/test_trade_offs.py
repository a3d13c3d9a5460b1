"""What the winner costs beyond cheaper options, and what the user's limits cost, by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy_financial as npf
import pytest

from core.assessment import Assessment, with_value
from core.decision.facts import US_DOLLAR
from core.decision.ranking import score_and_rank
from core.decision.trade_offs import limit_prices, trade_offs, usd_per_month
from core.recommendation import Gate, Option, Place, Spread, TargetCheck
from tests.core.decision import builders as b

ECONOMICS = b.assessment().economics


def ranked(*options: Option, asked: Assessment | None = None) -> tuple[Option, ...]:
    return score_and_rank(options, asked or b.assessment(), b.SmallCatalog(), b.AS_OF)[0]


def failing(option: Option, *keys: str) -> Option:
    gates = tuple(Gate(k, k.title(), "fail", None, None, "", "", "") for k in keys)
    return dataclasses.replace(option, gates=gates)


def test_a_monthly_amount_is_the_annuity_of_numpy_financial() -> None:
    economics = dataclasses.replace(ECONOMICS, discount_rate=0.07, horizon_years=4)
    monthly = -float(npf.pmt(1.07 ** (1 / 12) - 1, 48, 100_000.0))
    assert usd_per_month(100_000.0, economics) == pytest.approx(monthly, rel=1e-12)
    free = dataclasses.replace(economics, discount_rate=0.0)
    assert usd_per_month(48_000.0, free) == pytest.approx(1_000.0)


def quick_and_slow() -> tuple[Option, Option]:
    """3 USD at 250 of 500 ms, against 2 USD at 480 of 500 ms."""
    slow = (TargetCheck("ttft", "Time to first token", 500.0, Spread(400, 480, 560), "pass"),)
    quick = b.option("quick", usd_per_mtok=3.0)
    return quick, b.option("slow", usd_per_mtok=2.0, servings=(b.serving(targets=slow),))


def test_a_dearer_winner_tells_how_much_more_and_what_it_buys() -> None:
    asked = with_value(b.assessment(), "priorities.weight_latency", 90)
    economics = dataclasses.replace(ECONOMICS, discount_rate=0.0, horizon_years=2)
    options = ranked(*quick_and_slow(), asked=asked)
    assert options[0].id == "quick"
    (found,) = trade_offs(options, economics, US_DOLLAR)
    assert found.option_id == "slow" and found.open_questions == 0
    assert found.usd_per_mtok == pytest.approx(1.0) and found.share == pytest.approx(0.5)
    # 1 USD more for each of two million Mtok, over 24 months
    assert found.usd_per_month == pytest.approx(2e6 / 24)
    assert found.gains[0].key == "latency"
    for part in ("33 % less", "USD 2.00 per million tokens instead of USD 3.00", "USD 83,300",
                 "250 ms instead of 480 ms, with 500 ms allowed"):  # fmt: skip  # a list
        assert part in found.sentence


def latencies(key: str, usd: float, ttft: float, tpot: float, **changes: Any) -> Option:
    """A time to first token of 500 ms allowed, and a time per token of 30."""
    targets = (
        TargetCheck("ttft", "Time to first token", 500.0, Spread(ttft, ttft, ttft), "pass"),
        TargetCheck("tpot", "Time per token", 30.0, Spread(tpot, tpot, tpot), "pass"),
    )
    serving = b.serving(targets=targets)
    return b.option(key, usd_per_mtok=usd, servings=(serving,), **changes)


def test_what_is_bought_is_never_something_worse() -> None:
    asked = with_value(b.assessment(), "priorities.weight_latency", 90)
    # the cheaper comes nearest to its limit in the time per token, where the winner is worse
    best, cheap = latencies("best", 3.0, 250.0, 27.8), latencies("cheap", 2.0, 498.0, 27.5)
    options = ranked(best, cheap, asked=with_value(asked, "priorities.weight_cost", 0))
    assert options[0].id == "best"
    (found,) = trade_offs(options, ECONOMICS, US_DOLLAR)
    assert found.option_id == "cheap"
    assert "250 ms instead of 498 ms" in found.sentence and "27.8" not in found.sentence


def test_a_lead_over_a_latency_that_is_partly_unknown_is_told_in_points() -> None:
    asked = with_value(b.assessment(), "priorities.weight_latency", 90)
    own = latencies("best", 3.0, 250.0, 20.0)
    published = latencies("half", 2.0, 400.0, 29.0)
    hosted = b.api("api").servings
    half = dataclasses.replace(published, servings=(*published.servings, *hosted))
    options = ranked(own, half, asked=asked)
    assert options[0].id == "best"
    (found, *_more) = trade_offs(options, ECONOMICS, US_DOLLAR)
    gain = next(g for g in found.gains if g.key == "latency")
    assert "not known there" in gain.text and "instead of" not in gain.text


def test_the_cheapest_winner_has_no_trade_off() -> None:
    options = ranked(b.option("a", usd_per_mtok=2.0), b.option("b", usd_per_mtok=3.0))
    assert trade_offs(options, ECONOMICS, US_DOLLAR) == ()
    assert trade_offs((), ECONOMICS, US_DOLLAR) == ()


def test_a_far_cheaper_option_with_open_questions_stands_beside_the_settled_one() -> None:
    asked = with_value(b.assessment(), "priorities.weight_latency", 90)
    quick, slow = quick_and_slow()
    options = ranked(quick, slow, b.api("api", usd_per_mtok=0.5), asked=asked)
    settled, asking = trade_offs(options, ECONOMICS, US_DOLLAR)
    assert (settled.option_id, asking.option_id) == ("slow", "api")
    assert asking.open_questions > 0 and "open questions" in asking.sentence
    assert "Measure it at the 95th percentile" in asking.sentence


def test_open_questions_are_worth_settling_for_a_tenth_of_the_cost() -> None:
    asked = with_value(b.assessment(), "priorities.weight_latency", 90)
    quick, _slow = quick_and_slow()

    def told(usd: float) -> list[str]:
        options = ranked(quick, b.api("api", usd_per_mtok=usd), asked=asked)
        assert options[0].id == "quick"
        return [t.option_id for t in trade_offs(options, ECONOMICS, US_DOLLAR)]

    assert (told(2.65), told(2.75)) == (["api"], [])


def test_the_price_of_a_limit_is_the_gap_to_the_cheapest_that_keeps_it() -> None:
    economics = dataclasses.replace(ECONOMICS, discount_rate=0.0, horizon_years=2)
    options = ranked(b.option("dear", usd_per_mtok=4.0), b.option("cheap", usd_per_mtok=3.0))
    refused = failing(b.option("api", usd_per_mtok=1.0, title="API"), "venue", "residency")
    (found,) = limit_prices(options, [refused], economics, US_DOLLAR)
    assert (found.option_id, found.allowed_id) == ("api", "cheap")
    assert found.gate_keys == ("venue", "residency")
    assert found.usd_per_mtok == pytest.approx(2.0)
    assert found.usd_per_month == pytest.approx(4e6 / 24)
    assert (
        "Your limits (the venues to consider and residency) reject API, at USD 1.00"
        in found.sentence
    )
    assert "USD 2.00 per million tokens, or USD 167,000 a month" in found.sentence


def test_only_cheaper_options_with_fewer_or_other_limits_follow() -> None:
    options = ranked(b.option("cheap", usd_per_mtok=3.0))
    refused = [
        failing(b.option("three", usd_per_mtok=1.0), "venue", "residency", "air_gap"),
        failing(b.option("same", usd_per_mtok=1.5), "venue", "residency", "air_gap"),
        failing(b.option("one", usd_per_mtok=2.0), "residency"),
        failing(b.option("two", usd_per_mtok=2.5), "residency", "capex"),
        failing(b.option("other", usd_per_mtok=2.6), "total_power"),
        failing(b.option("hardly cheaper", usd_per_mtok=2.8), "racks"),
        failing(b.option("dearer", usd_per_mtok=3.5), "racks"),
    ]
    found = limit_prices(options, refused, ECONOMICS, US_DOLLAR)
    assert [f.option_id for f in found] == ["three", "one", "other"]


def test_it_is_held_against_an_option_that_is_known_to_keep_the_limits() -> None:
    asking = Gate("residency", "Residency", "unknown", None, None, "", "Where is not known.", "")
    unsure = dataclasses.replace(b.option("unsure", usd_per_mtok=2.5), gates=(asking,))
    # no cheaper than an option that is feasible already: nothing to be had by lifting a limit
    dear = failing(b.option("dear", usd_per_mtok=2.6), "residency")
    assert (
        limit_prices((b.option("sure", usd_per_mtok=3.0), unsure), [dear], ECONOMICS, US_DOLLAR)
        == ()
    )
    options = (b.option("sure", usd_per_mtok=3.0), unsure)
    refused = failing(b.option("api", usd_per_mtok=1.0), "residency")
    (found,) = limit_prices(options, [refused], ECONOMICS, US_DOLLAR)
    assert found.allowed_id == "sure" and found.usd_per_mtok == pytest.approx(2.0)
    (found,) = limit_prices((unsure,), [refused], ECONOMICS, US_DOLLAR)
    assert found.allowed_id == "unsure"


@pytest.mark.parametrize("key", ["memory", "hardware_grade", "licence", "ttft"])
def test_what_is_no_limit_of_the_users_has_no_price(key: str) -> None:
    refused = failing(b.option("x", usd_per_mtok=1.0), "venue", key)
    assert limit_prices(ranked(b.option("a")), [refused], ECONOMICS, US_DOLLAR) == ()


def test_nothing_feasible_gives_no_prices() -> None:
    refused = failing(b.option("x", usd_per_mtok=1.0), "venue")
    assert limit_prices((), [refused], ECONOMICS, US_DOLLAR) == ()


def test_a_cheaper_option_far_away_is_told_with_its_place() -> None:
    """30 ms of its own link and 199 ms beyond that its latencies do not count: 229 ms."""
    near = dataclasses.replace(
        b.option("near", usd_per_mtok=3.0), place=Place("France", "its room", 0.25)
    )
    cheap = failing(b.option("cheap", usd_per_mtok=1.0), "residency")

    def told(place: Place) -> str:
        refused = dataclasses.replace(cheap, place=place)
        (found,) = limit_prices((near,), [refused], ECONOMICS, US_DOLLAR)
        return found.sentence

    far = told(Place("IN2, India", "the internet", 30.0, 199.0))
    assert "It runs in IN2, India, a round trip of 229 ms from the users instead of 0.25 ms" in far
    assert "do not count" in far
    counted = told(Place("Virginia", "the internet", 120.0))
    assert "It runs in Virginia" in counted and "do not count" not in counted
    # a few milliseconds more, or a place that nobody publishes, are no matter for a sentence
    assert "It runs" not in told(Place("Germany", "the internet", 30.0))
    assert "It runs" not in told(Place("", "", None))
