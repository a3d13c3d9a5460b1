"""Answers to print: rich, hosted, without a feasible option, without a price, empty."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any, TypeVar

from core.assessment import Assessment, with_value
from core.decision.explanation import explain
from core.decision.ranking import score_and_rank
from core.language import speaking
from core.performance.types import NearestMeasurement
from core.recommendation import (
    Analysis,
    Answer,
    Crossover,
    Currency,
    GeneralPurpose,
    HybridPoint,
    InputChange,
    LeverEffect,
    Notice,
    Option,
    OptionUncertainty,
    Recommendation,
    RooflinePoint,
    SmallestChange,
    StepShares,
    SwitchPoint,
    TornadoBar,
    WorkloadDemand,
)
from tests.core.decision.builders import (
    AS_OF,
    SOURCE,
    SmallCatalog,
    api,
    assessment,
    cost,
    option,
    point,
    serving,
)

EURO = Currency("EUR", 0.8, SOURCE)
SHARES = StepShares(0.5, 0.2, 0.1, 0.1, 0.1)
NEAREST = NearestMeasurement(
    "Llama 3.1 70B", "H100 SXM", "vLLM 0.11", "FP8", 4, 1024.0, 256.0, "32", "tpot_ms_mean",
    21.4, 20.9, 0.12, "a published run",
)  # fmt: skip  # one record


def rich_serving(**changes: Any) -> Any:
    """A serving with every optional part filled."""
    values: dict[str, Any] = {
        "curve": tuple(
            point(0.2 * i, 100.0 + 20 * i, 15.0 + i, 3000.0 + 90 * i) for i in range(1, 9)
        ),
        "decode_shares": SHARES,
        "prefill_shares": SHARES,
        "roofline": (
            RooflinePoint("Prefill", 900.0, 500.0, 989.0),
            RooflinePoint("Decode", 40.0, 90.0, 134.0),
        ),
        "roof_peak_tflops": 989.0,
        "roof_bandwidth_gb_s": 3350.0,
        "nearest": (NEAREST,),
        "evidence_note": "A published run lies near.",
    }
    return serving(**{**values, **changes})


def rich_option(key: str, usd_per_mtok: float, **changes: Any) -> Option:
    """An owned option with a cumulative cost."""
    money = cost(
        usd_per_mtok,
        cumulative_usd=tuple(usd_per_mtok * 1e6 + 2e4 * m for m in range(25)),
        payback_months=14.5,
        savings_npv_usd=1.25e5,
        usd_per_mtok_input=0.4,
        usd_per_mtok_output=6.5,
        depreciation_by_year_usd=(1e5, 1e5),
    )
    values = {"servings": (rich_serving(),), "cost": money, "sources": (SOURCE,), **changes}
    return option(key, usd_per_mtok=usd_per_mtok, **values)


def answer(options: list[Option], what: Assessment | None = None, **changes: Any) -> Recommendation:
    """Rank options and explain them."""
    what = what or assessment()
    catalog = SmallCatalog()
    ranked, rejected = score_and_rank(options, what, catalog, AS_OF)
    demand = (
        WorkloadDemand(
            what.workloads[0].name, "Llama 3.3 70B", (2.7, 3.2), 1.0, (1e12, 1e12), (8e11, 8e11),
            (2e11, 2e11), tuple(float(h % 24) / 8.0 for h in range(168)), 1.0, 2.7,
        ),
    )  # fmt: skip  # one record
    words = explain(what, ranked, rejected, demand, catalog)
    values: dict[str, Any] = {
        "assessment": what,
        "as_of": AS_OF,
        "version": "1.2.3",
        "currency": Currency("USD", 1.0, SOURCE),
        "demand": demand,
        "options": tuple(dataclasses.replace(o, why=words.whys.get(o.id, "")) for o in ranked),
        "rejected": tuple(dataclasses.replace(o, why=words.whys.get(o.id, "")) for o in rejected),
        "candidates_evaluated": 1234,
        "headline": words.headline,
        "confidence": words.confidence,
        "confidence_reason": words.confidence_reason,
        "reasons": words.reasons,
        "risks": words.risks,
        "conditions": words.conditions,
        "trade_offs": words.trade_offs,
        "limit_prices": words.limit_prices,
        "general_purpose": (
            GeneralPurpose(
                "General-purpose GPU servers", "16-bit, one server each", 3.1, 1.55, "n"
            ),
            GeneralPurpose("CPU-only servers", "CPU only", None, None, "None meets the targets."),
        ),
        "base_case": "Hosted token API: Provider",
        "cost_against_utilisation": ((0.1, 9.0), (0.5, 2.0), (0.9, 1.1)),
        "notices": (*words.notices, Notice("warning", "prices: 3 rows are older than 90 days.")),
    }
    return Recommendation(**{**values, **changes})


_Made = TypeVar("_Made")


def built_once(make: Callable[[], _Made]) -> Callable[[], _Made]:
    """The same object for every caller, with English sentences whoever asks for it first."""

    @functools.cache
    def built() -> _Made:
        with speaking("en"):
            return make()

    return built


@built_once
def rich() -> Recommendation:
    """Owned options, a hybrid, a hosted API and rejected ones, in euros."""
    curve = tuple(HybridPoint(i, i / 4, 1e5 * i, 4e5 - 1.1e5 * i, 4e5 - 1e4 * i) for i in range(4))
    tall = dataclasses.replace(
        rich_option("tall", 1.1),
        fleet=dataclasses.replace(option("x").fleet, nameplate_kw=400.0, kw_per_rack=200.0),
    )
    return answer(
        [
            rich_option("a", 2.0, title="On-premises: 2 x 8-way server"),
            rich_option("b", 2.6, title="On-premises: 3 x other server"),
            rich_option("mix", 2.2, venue="hybrid", hybrid_curve=curve, title="Hybrid: 3 x server"),
            api(),
            tall,
            dataclasses.replace(tall, id="taller", title="Option taller"),
            option("no-price", usd_per_mtok=None),
        ],
        currency=EURO,
        crossover=Crossover("a", "On-premises: 2 x 8-way server", "Hosted API", False, 2.5, 2.5e6),
    )


@built_once
def analysis() -> Analysis:
    """What ``analyse`` would add to ``rich``."""
    ids = [o.id for o in rich().options]
    return Analysis(
        samples=4096,
        seed=7,
        uncertainty=tuple(
            OptionUncertainty(i, 1.5 + n, 2.0 + n, 3.0 + n, 0.6 if n == 0 else 0.1, 1e4 * n)
            for n, i in enumerate(ids)
        ),
        stability=tuple((i, 0.8 if n == 0 else 0.05) for n, i in enumerate(ids)),
        base_gap=0.6,
        tornado=(TornadoBar("load", "Demand", "0.7 x", "1.5 x", -0.2, 0.9),),
        switch_points=(
            SwitchPoint("workloads[0].users", "Named users", "2,000", "812", "Hosted API", True),
            SwitchPoint("economics.discount_rate", "Discount rate", "8 %", None, "", False),
        ),
        levers=(
            LeverEffect(
                "fp8",
                "FP8 weights",
                -0.3,
                -0.1,
                -0.15,
                -0.05,
                2,
                False,
                "computed",
                "1.87x",
                SOURCE,
            ),
        ),
        input_ranges=(("Demand", "lognormal", "Assumption"),),
        smallest_changes=(
            SmallestChange(
                "tall",
                "Option tall",
                (InputChange("site.rack_power_kw", "Power per rack", "20 kW", "200 kW", 200.0),),
                1.1,
                1,
                0.25,
                "",
                "Told elsewhere.",
                True,
            ),
        ),
        answers=(
            Answer(
                "most_demand",
                "How many users fit 60 kW?",
                "236,000 users.",
                2.36e5,
                "users",
                "a",
                True,
            ),
            Answer(
                "makes_win",
                "What tariff makes the cloud win?",
                "None up to USD 5 per kWh.",
                None,
                "per kWh",
                "",
                False,
            ),
        ),
    )


@built_once
def hosted_only() -> Recommendation:
    """One hosted API."""
    return answer([api()])


@built_once
def nothing_feasible() -> Recommendation:
    """Every option breaks a limit."""
    small = assessment(rack_power_kw=4.0, venues=("on_premises",))
    return answer([rich_option("a", 2.0), api()], small)


@built_once
def unpriced() -> Recommendation:
    """Only an option without a price."""
    return answer([option("a", usd_per_mtok=None)])


@built_once
def empty() -> Recommendation:
    """Nothing at all was examined."""
    return answer([], demand=(), general_purpose=(), cost_against_utilisation=(), base_case="")


HOSTILE = (
    "<b>bold</b> & &amp; <script>alert(1)</script> \u202egnp.exe\u202c \x00\x07\x1b[31m "
    "日本語 עברית العربية 👩‍👩‍👧 {curly} %s $x^2$ \\n \t end\u200b"
)
LONG = "W" * 10_000


@built_once
def hostile() -> Recommendation:
    """Text of the worst kind everywhere a user may type."""
    what = assessment()
    for path, text in (
        ("project.title", HOSTILE),
        ("project.customer", LONG[:500]),
        ("project.author", HOSTILE),
        ("project.notes", f"{LONG}\n{HOSTILE}\n\n{LONG[:9000]}"),
        ("workloads[0].name", HOSTILE[:200]),
    ):
        what = with_value(what, path, text)
    first = rich_option("a", 2.0, title=HOSTILE[:120], provider=LONG[:300])
    named = dataclasses.replace(
        first, servings=(rich_serving(workload=HOSTILE[:200], configuration=LONG[:400]),)
    )
    return answer([named, rich_option("b", 3.0, title=LONG[:500]), api()], what)


CASES = {
    "rich": rich,
    "hosted_only": hosted_only,
    "nothing_feasible": nothing_feasible,
    "unpriced": unpriced,
    "empty": empty,
    "hostile": hostile,
}
