"""Recommendations and a session to show, made by hand through the real ranking."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.assessment import Assessment, problems
from core.catalog.types import Provenance
from core.decision.explanation import explain
from core.decision.ranking import score_and_rank
from core.performance.types import NearestMeasurement
from core.recommendation import (
    Analysis,
    CostLine,
    GeneralPurpose,
    LeverEffect,
    Option,
    OptionUncertainty,
    Recommendation,
    RooflinePoint,
    Spread,
    StepShares,
    SwitchPoint,
    TargetCheck,
    TornadoBar,
    WorkloadDemand,
)
from tests.core.decision import builders

PAPER = Provenance("A paper, https://example.org/paper?a=1&b=2.", "2026-05-01", "high")
QUOTE = Provenance("List price of a vendor <b>", "2026-08-12", "medium")


def rich_serving(**changes: Any) -> Any:
    """A serving with a curve, roofline, shares and measurements beside it."""
    curve = tuple(
        builders.point(load, 150 + 40 * load**2, 15 + 3 * load, 3000 + 500 * load)
        for load in (0.2, 0.5, 1.0, 1.5, 2.0, 2.4)
    )
    shares = StepShares(0.5, 0.2, 0.15, 0.1, 0.05)
    near = NearestMeasurement(
        "Llama 3.3 70B", "H100", "vllm", "fp8", 4, 1024.0, 256.0, "16", "tpot_ms_mean", 21.0,
        22.5, 0.3, "MLPerf 6.0, https://example.org/mlperf",
    )  # fmt: skip  # one run in a row
    values: dict[str, Any] = {
        "curve": curve,
        "decode_shares": shares,
        "prefill_shares": StepShares(0.1, 0.05, 0.7, 0.1, 0.05),
        "roofline": (
            RooflinePoint("prefill", 400.0, 500.0, 800.0),
            RooflinePoint("decode", 20.0, 50.0, 60.0),
        ),
        "roof_peak_tflops": 989.0,
        "roof_bandwidth_gb_s": 3350.0,
        "nearest": (near,),
        "evidence_note": "Two published runs of this model on this accelerator.",
        "targets": (
            TargetCheck("ttft", "Time to first token", 500.0, Spread(200.0, 250.0, 520.0), "pass"),
            TargetCheck("tpot", "Time per output token", 40.0, Spread(20.0, 24.0, 30.0), "pass"),
        ),
    }
    return builders.serving(**{**values, **changes})


def lines(usd: float) -> tuple[CostLine, ...]:
    """A bill of four lines over two years."""
    return (
        CostLine("servers", "Servers", "capex", (usd * 1e6, 0.0, 0.0), usd * 1e6, 0.9, 1.2,
                 "2 servers x 300,000 USD", QUOTE, False),
        CostLine("energy", "Energy", "energy", (0.0, usd * 5e5, usd * 4e5), usd * 8.5e5, 0.8, 1.3,
                 "15 kW x 8,760 h x 0.12 USD/kWh", PAPER, False),
        CostLine("staff", "Staff", "opex", (0.0, usd * 2e5, usd * 2e5), usd * 4e5, 0.7, 1.4,
                 "0.25 engineers x 160,000 USD", builders.SOURCE, True),
        CostLine("resale", "Resale value", "residual", (0.0, 0.0, -usd * 1e5), -usd * 9e4, 0.5,
                 1.5, "30 % after 36 months", builders.SOURCE, True),
    )  # fmt: skip  # a line of the bill in a row


def options(count: int = 3) -> list[Option]:
    """A server of one's own, an API, rented instances, and one without a price."""
    found = [
        builders.option(
            "own", "on_premises", 2.0, title="On-premises: 2 × 8x H100 server",
            servings=(rich_serving(),), provider="",
            cost=builders.cost(
                2.0, lines=lines(2.0), cumulative_usd=tuple(2e6 + 2e4 * m for m in range(25)),
                payback_months=14.0, savings_npv_usd=4.2e5,
            ),
            sources=(PAPER,),
        ),
        builders.api("api", 3.1, title="Hosted API: Provider <i>P</i>", provider="Provider"),
        builders.option("rent", "colocation", 2.6, title="Colocation: 2 × 8x H100 server"),
        builders.option(
            "odd", "on_premises", None, title="On-premises: a machine without a price"
        ),
    ]  # fmt: skip  # the long one needs the room
    found += [
        builders.option(
            f"extra{n:03}", "colocation", 2.6 + n * 0.37 % 5, title=f"Colocation: machine {n:03}"
        )
        for n in range(count - 3)
    ]
    return found


def recommendation(
    found: list[Option] | None = None, assessment: Assessment | None = None, **changes: Any
) -> Recommendation:
    """An answer ranked and explained by the real decision code."""
    given = assessment if assessment is not None else builders.assessment()
    catalog = builders.SmallCatalog()
    raw = options() if found is None else found
    ranked, rejected = score_and_rank(raw, given, catalog, builders.AS_OF)
    demand = (
        WorkloadDemand(
            "Chat assistant", "Llama 3.3 70B", (2.7, 3.2), 1.1, (1e12, 1e12), (8e11,) * 2,
            (2e11,) * 2, tuple(1.0 + (h % 24) / 24 for h in range(168)), 1.3, 2.4,
        ),
    )  # fmt: skip  # one workload in a row
    words = explain(given, ranked, rejected, demand, catalog)

    def told(items: tuple[Option, ...]) -> tuple[Option, ...]:
        return tuple(dataclasses.replace(o, why=words.whys.get(o.id, "")) for o in items)

    values: dict[str, Any] = {
        "assessment": given,
        "as_of": builders.AS_OF,
        "version": "1.0",
        "currency": catalog.currency(given.economics.currency),
        "demand": demand,
        "options": told(ranked),
        "rejected": told(rejected),
        "candidates_evaluated": 1234,
        "headline": words.headline,
        "confidence": words.confidence,
        "confidence_reason": words.confidence_reason,
        "reasons": words.reasons,
        "risks": words.risks,
        "conditions": words.conditions,
        "general_purpose": (
            GeneralPurpose("16-bit serving on the same servers", "No tuning", 4.1, 2.05, ""),
            GeneralPurpose("CPU servers", "Two sockets", None, None, "No price is known."),
        ),
        "base_case": "Hosted API",
        "cost_against_utilisation": ((0.1, 10.0), (0.3, 3.4), (0.5, 2.0), (0.9, 1.2)),
        "notices": words.notices,
    }
    return Recommendation(**{**values, **changes})


def hosted_only() -> Recommendation:
    """Only an API is feasible: no hardware, no published latency."""
    return recommendation([builders.api("api", 0.7, title="Hosted API: Provider P")])


def nothing_feasible() -> Recommendation:
    """Racks of 5 kW refuse servers of 10.2 kW."""
    return recommendation(
        [o for o in options() if o.venue == "on_premises"],
        builders.assessment(rack_power_kw=5.0, racks=1),
    )


def nothing_at_all() -> Recommendation:
    """No option could even be built."""
    return recommendation([])


def analysis(of: Recommendation) -> Analysis:
    """Futures, a tornado, a switch point and a lever."""
    ids = [o.id for o in of.options]
    shares = [0.7, 0.2, 0.1][: len(ids)]
    return Analysis(
        samples=2000,
        seed=7,
        uncertainty=tuple(
            OptionUncertainty(i, 1.5 + n, 2.0 + n, 2.9 + n, share, 1e5 * n)
            for n, (i, share) in enumerate(zip(ids, shares, strict=False))
        ),
        stability=tuple(zip(ids, shares, strict=False)),
        base_gap=0.6,
        tornado=(TornadoBar("load", "Peak requests per second", "1.5", "4", -0.2, 1.4),),
        switch_points=(
            SwitchPoint("workloads[0].users", "Users", "500", "180", "Hosted API", True),
            SwitchPoint("site.pue", "PUE", "1.5", None, "", False),
        ),
        levers=(
            LeverEffect("fp8", "FP8 weights", -0.3, -0.1, -0.2, None, 2, False, "Halves memory.",
                        "1.5 x throughput", PAPER),
        ),
        input_ranges=(("Load", "lognormal, sigma 0.3", "Assumption"),),
    )  # fmt: skip  # a lever in a row


class FakeSession(QObject):
    """A session that holds what a test puts in and records what a page asks for."""

    assessmentChanged = Signal()  # noqa: N815 - named as the session's own
    recommendationChanged = Signal()  # noqa: N815 - named as the session's own
    analysisChanged = Signal()  # noqa: N815 - named as the session's own
    busyChanged = Signal(bool)  # noqa: N815 - named as the session's own
    staleChanged = Signal(bool)  # noqa: N815 - named as the session's own
    errorOccurred = Signal(str)  # noqa: N815 - named as the session's own

    def __init__(self, answer: Recommendation | None = None) -> None:
        super().__init__()
        self.recommendation = answer
        self.analysis: Analysis | None = None
        self.assessment = answer.assessment if answer else Assessment()
        self.busy, self.stale, self.path = False, False, None
        self.analysing = False
        self.catalog: Any = None
        self.paper = "A4"
        self.edits: list[tuple[str, Any]] = []
        self.replaced: list[Assessment] = []

    def problems(self) -> list[Any]:
        return problems(self.assessment)

    def admitting(self, recommendation: Recommendation, option_id: str) -> None:
        """Nothing is searched."""

    def told_in(self, code: str) -> Callable[[Any], tuple[Any, Any]]:
        return lambda ticket: (self.recommendation, self.analysis)

    def set_value(self, path: str, value: Any, *, typing: bool = False) -> None:
        self.edits.append((path, value))

    def seal(self) -> None:
        pass

    def replace(self, assessment: Assessment, text: str) -> None:
        self.replaced.append(assessment)

    def answer(self, answer: Recommendation | None) -> None:
        self.recommendation, self.analysis = answer, None
        if answer is not None:
            self.assessment = answer.assessment
        self.recommendationChanged.emit()

    def analysed(self, found: Analysis) -> None:
        self.analysis = found
        self.analysisChanged.emit()

    def set_busy(self, busy: bool) -> None:
        self.busy = busy
        self.busyChanged.emit(busy)
