"""Sentences that contain the numbers, confidence, risks, the comparison, and nothing feasible."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest

from core.assessment import Assessment, with_value
from core.catalog.types import Provenance
from core.decision import verdicts
from core.decision.explanation import Explanation, _binding, explain
from core.decision.facts import currency_of
from core.decision.general_purpose import CPU, TRAINING, compare
from core.decision.ranking import score_and_rank
from core.decision.risks import risks_of
from core.decision.standings import worst_evidence
from core.recommendation import Option, Spread, TargetCheck, WorkloadDemand
from tests.core.decision import builders as b

DEMAND = (
    WorkloadDemand("Chat assistant", "Llama 3.3 70B", (2.7, 3.2), 1.0, (8.64e10, 9e10),
                   (7e10, 7e10), (1.64e10, 2e10), (1.0,) * 168, 1.5, 2.7),
)  # fmt: skip  # one row


def told(options: list[Option], assessment: Assessment | None = None) -> Explanation:
    asked, catalog = assessment or b.assessment(), b.SmallCatalog()
    ranked, rejected = score_and_rank(options, asked, catalog, b.AS_OF)
    return explain(asked, ranked, rejected, DEMAND, catalog)


def every_sentence(words: Explanation) -> list[str]:
    return [words.headline, words.confidence_reason, *words.reasons, *words.risks,
            *words.conditions, *words.whys.values(), *(n.text for n in words.notices)]  # fmt: skip


def test_the_headline_has_price_horizon_volume_and_capital() -> None:
    words = told([b.option("a", usd_per_mtok=2.0), b.option("b", usd_per_mtok=4.0)])
    for part in ("Option a", "USD 2.00 per million tokens", "4 years", "86.4 billion tokens",
                 "USD 2,000,000 up front"):  # fmt: skip  # a list
        assert part in words.headline


def test_money_is_told_in_the_users_currency() -> None:
    words = told([b.option()], with_value(b.assessment(), "economics.currency", "EUR"))
    assert "EUR 1.60 per million tokens" in words.headline  # 2 USD at 0.8
    assert "USD" not in words.headline


def test_every_option_gets_its_reason() -> None:
    rejected = b.option("c", usd_per_mtok=1.0, fleet=b.fleet(nameplate_kw=130.0))
    words = told([b.option("a"), b.option("b", usd_per_mtok=6.0), rejected])
    assert set(words.whys) == {"a", "b", "c"}
    assert "USD 2.00" in words.whys["a"] and "USD 6.00" in words.whys["a"]
    assert "3 times the cost of Option a" in words.whys["b"]
    assert "points behind" in words.whys["b"]
    # 130 kW against 100: 30 more
    assert "Needs 130 kW; the room has 100 kW. That is 30 % too much." in words.whys["c"]
    assert "30 kW more" in words.whys["c"]
    assert "It would cost USD 1.00 per million tokens." in words.whys["c"]


def test_reasons_are_leads_or_strengths_told_by_the_fact_first() -> None:
    words = told([b.option("a", usd_per_mtok=1.0), b.option("b", usd_per_mtok=6.0)])
    assert len(words.reasons) <= 3
    assert words.reasons[0] == (
        "Lowest cost: USD 1.00 per million tokens, the cheapest of 2 feasible options; the next "
        "cheapest costs USD 6.00."
    )
    assert not any(re.search(r" [0-3]?\d(\.\d+)? of 100 points\.", text) for text in words.reasons)


def test_a_lead_that_is_not_cost_tells_both_scores() -> None:
    tight = (
        b.serving(targets=(TargetCheck("ttft", "TTFT", 500.0, Spread(300, 480, 490), "pass"),)),
    )
    ranked = told(
        [b.option("a", usd_per_mtok=2.0), b.option("b", usd_per_mtok=2.0, servings=tight)]
    )
    lead = next(t for t in ranked.reasons if t.startswith("Further inside the latency targets: "))
    assert re.search(r"\d of 100 points; the next option has [\d.]+ points?\.$", lead)


def test_no_sentence_has_a_doubled_period_or_a_raw_float() -> None:
    note = "Nothing like it was measured."
    servings = (b.serving(evidence="extrapolated", evidence_note=note),)
    rough = b.option("a", servings=servings)
    for text in every_sentence(told([rough, b.option("b", usd_per_mtok=3.3), b.api()])):
        assert ".." not in text.replace("...", ""), text
        assert "  " not in text, text
        assert not re.search(r"\d\.\d{5,}", text), text
        assert not re.search(r"\b1 (weeks|years|racks|accelerators)\b", text), text


# -- confidence ------------------------------------------------------------------------------


def quoted(usd_per_mtok: float, **changes: Any) -> Option:
    """An option whose whole cost was offered: nothing of it is assumed."""
    source = Provenance("quotation", "2026-11-01", "high")
    cost = b.cost(usd_per_mtok)
    lines = tuple(
        dataclasses.replace(x, is_assumption=False, provenance=source) for x in cost.lines
    )
    return b.option("a", cost=dataclasses.replace(cost, lines=lines), **changes)


def test_a_measured_clear_winner_is_held_with_high_confidence() -> None:
    words = told([quoted(0.5), b.option("b", usd_per_mtok=8.0)])
    assert words.confidence == "high"
    assert "measured" in words.confidence_reason


def test_weak_evidence_and_a_close_race_lower_it() -> None:
    rough = (b.serving(evidence="extrapolated"),)
    weak = told([quoted(0.5, servings=rough), b.option("b", usd_per_mtok=8.0)])
    assert weak.confidence == "medium"
    # with all of the cost on assumptions as well
    weaker = told(
        [b.option("a", usd_per_mtok=0.5, servings=rough), b.option("b", usd_per_mtok=8.0)]
    )
    assert weaker.confidence == "low"
    close = told([b.option("a", servings=rough), b.option("b", usd_per_mtok=2.02, servings=rough)])
    assert close.confidence == "low"
    assert "level with Option b" in close.confidence_reason
    assert any("hardly tell the two apart" in text for text in close.risks)


def test_a_close_race_is_never_held_with_high_confidence() -> None:
    words = told([b.option("a", usd_per_mtok=2.0), b.option("b", usd_per_mtok=2.02)])
    assert words.confidence != "high"


def test_evidence_is_as_good_as_its_weakest_workload() -> None:
    both = (b.serving(), b.serving(evidence="calibrated"))
    assert worst_evidence(b.option(servings=both)) == "calibrated"
    assert worst_evidence(b.api()) is None


def test_twins_are_called_level() -> None:
    words = told([b.option("a"), b.option("b")])
    assert words.whys["a"].startswith("Level with Option b")
    assert words.whys["b"] == "Level with Option a."
    assert "level with Option b" in words.confidence_reason
    assert words.confidence != "high"


# -- risks -----------------------------------------------------------------------------------


def test_an_interval_beyond_the_target_is_a_risk() -> None:
    check = TargetCheck("ttft", "TTFT", 500.0, Spread(300.0, 400.0, 700.0), "pass")
    words = told([b.option(servings=(b.serving(targets=(check,)),))])
    assert any("400 ms" in t and "700 ms" in t and "500 ms" in t for t in words.risks)


def test_a_far_cheaper_option_with_open_questions_is_worth_a_trial() -> None:
    strict = b.assessment()
    for key in ("cost", "latency"):
        strict = with_value(strict, f"priorities.weight_{key}", 1 if key == "cost" else 99)
    words = told([b.option("own", usd_per_mtok=2.0), b.api("api", usd_per_mtok=0.5)], strict)
    assert words.whys["own"].startswith("Wins")
    (found,) = words.trade_offs
    assert "Option api would cost 75 % less" in found.sentence and "trial" in found.sentence


def test_growth_and_idleness_are_told_with_their_numbers() -> None:
    growing = with_value(b.assessment(), "workloads[0].growth_per_year", 0.3)
    fleet = b.fleet(units_by_year=(2, 5), utilisation=0.08)
    words = told([b.option(fleet=fleet)], growing)
    assert any("Growth of 30 % a year takes servers from 2 to 5" in t for t in words.risks)
    (idle,) = [t for t in words.risks if "Only 8 % of the capacity" in t]
    assert "1 of the 5 servers is spare" in idle
    # first and last year, each named, and no third figure of the same weakness
    fuller = dataclasses.replace(fleet, utilisation_by_year=(0.08, 0.12))
    weak = b.option(fleet=fuller, bottleneck="utilization")
    words = told([weak], growing)
    (idle,) = [t for t in words.risks if "of the capacity is used" in t]
    assert "Only 8 % of the capacity is used in the first year, 12 % in the last" in idle
    assert not any("Weakest of the five" in t for t in words.risks)


def test_an_api_carries_the_risks_of_its_provider() -> None:
    words = told([b.api()])
    assert any("set by the provider" in t for t in words.risks)
    assert any("not applicable" in n.text for n in words.notices)


def test_topsis_speaks_up_where_it_would_choose_another() -> None:
    first, second = (
        dataclasses.replace(o, topsis_score=t)
        for o, t in zip(
            score_and_rank(
                [b.option("a"), b.option("b", usd_per_mtok=3.0)],
                b.assessment(),
                b.SmallCatalog(),
                b.AS_OF,
            )[0],
            (40.0, 60.0),
            strict=True,
        )
    )
    words = explain(b.assessment(), (first, second), (), DEMAND, b.SmallCatalog())
    assert any(n.level == "warning" and "TOPSIS" in n.text for n in words.notices)
    assert f"another way to rank (TOPSIS) puts {second.title} first" in words.confidence_reason
    agreed = (dataclasses.replace(first, topsis_score=70.0), second)
    same = explain(b.assessment(), agreed, (), DEMAND, b.SmallCatalog())
    assert "TOPSIS" not in same.confidence_reason
    assert not any("TOPSIS" in n.text for n in same.notices)
    assert same.confidence == words.confidence, "the points are the method; it weighs nothing"


# -- nothing feasible ------------------------------------------------------------------------


def test_where_nothing_is_feasible_the_nearest_is_named_with_what_would_admit_it() -> None:
    near = b.option("near", fleet=b.fleet(nameplate_kw=110.0))
    far = b.option("far", fleet=b.fleet(nameplate_kw=900.0, rack_count=50))
    words = told([far, near])
    assert words.confidence == "low"
    assert "Option near" in words.headline and "total power" in words.headline
    assert any("10 kW more" in t for t in words.reasons)
    assert "Total power rejects 2 of 2 options." in words.risks


def test_limits_reject_among_the_options_at_the_venues_to_consider() -> None:
    """One of three lies elsewhere: it says nothing of the limit that rejects the other two."""
    near = b.option("near", fleet=b.fleet(nameplate_kw=110.0))
    far = b.option("far", fleet=b.fleet(nameplate_kw=900.0))
    away = b.option("away", "colocation", fleet=b.fleet(nameplate_kw=900.0))
    words = told([far, near, away], b.assessment(venues=("on_premises",)))
    assert words.risks[0] == "Total power rejects 2 of 2 options at the venues to consider."
    assert "1 more is at a venue that is not to be considered." in words.risks


def test_of_many_broken_limits_none_is_left_out() -> None:
    gates = tuple(
        verdicts.gate(key, label, "fail", f"{label} is missed.", "More.", needed=n, limit=1.0)
        for key, label, n in (("a", "A", 2.0), ("b", "B", 9.0), ("c", "C", 3.0), ("d", "D", 1.5))
    )
    reasons = _binding(list(gates))
    assert [text[:2] for text in reasons] == ["B:", "C:", "It"]  # by how far they are missed
    assert reasons[2] == "It also fails on a and d."
    assert len(_binding(list(gates[:3]))) == 3


def test_where_nothing_could_be_built_it_says_so() -> None:
    words = told([])
    assert words.headline.startswith("No option could be built")


# -- general purpose -------------------------------------------------------------------------


def test_the_ratio_to_general_purpose_hardware() -> None:
    best, reference = b.option("best", usd_per_mtok=2.0), b.option("ref", usd_per_mtok=5.0)
    row, missing = compare(best, [(TRAINING, reference), (CPU, None)])
    assert row.ratio == pytest.approx(2.5)
    assert row.usd_per_mtok == 5.0
    assert "2.5 times" in row.note and "sponsored" in row.note
    assert missing.ratio is None
    assert "No CPU-only server" in missing.note


def test_a_cheaper_reference_is_admitted() -> None:
    (row,) = compare(b.option(usd_per_mtok=4.0), [(TRAINING, b.option(usd_per_mtok=1.0))])
    assert row.ratio == pytest.approx(0.25)
    assert "cheaper" in row.note


def test_comparison_without_a_winner_or_a_price() -> None:
    (nothing,) = compare(None, [(TRAINING, b.option())])
    assert nothing.ratio is None and "no feasible option" in nothing.note
    (priceless,) = compare(b.option(), [(TRAINING, b.option(usd_per_mtok=None))])
    assert priceless.ratio is None and "No price" in priceless.note


def test_a_large_price_from_a_weak_source_is_a_risk() -> None:
    weak, sound = (Provenance("recalled, no quote", "2026", c) for c in ("low", "high"))
    for provenance, said in ((weak, True), (sound, False)):
        best = b.option("own")
        assert best.cost is not None
        lines = tuple(
            dataclasses.replace(line, key="servers", provenance=provenance)
            for line in best.cost.lines[:1]
        )
        cost = dataclasses.replace(best.cost, lines=lines, npv_usd=lines[0].present_value_usd)
        option = dataclasses.replace(best, cost=cost)
        words = explain(b.assessment(), [option], [], [], b.SmallCatalog())
        assert any("weak source: get a quotation" in risk for risk in words.risks) == said
        assert not any("recalled, no quote" in risk for risk in words.risks)  # among the sources


def test_an_unknown_latency_is_the_first_risk_where_latency_matters() -> None:
    def risks(weight: float) -> tuple[str, ...]:
        assessment = with_value(b.assessment(), "priorities.weight_latency", weight)
        hosted_and_own = [b.api("hosted"), b.option("own")]
        ranked, rejected = score_and_rank(hosted_and_own, assessment, b.SmallCatalog(), b.AS_OF)
        every = {o.id: o for o in (*ranked, *rejected)}
        best, own = every["hosted"], every["own"]
        currency = currency_of(assessment, b.SmallCatalog())
        return risks_of(best, own, [best, own], assessment, currency)

    first = risks(60.0)[0]
    assert first.startswith("Its latency is not known and counts as if ")
    assert first.endswith("take Option own.")
    assert not any("latency is not known" in risk for risk in risks(0.0))
