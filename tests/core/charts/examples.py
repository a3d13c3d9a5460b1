"""A made-up recommendation that has something for every chart, and poorer ones."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from core.assessment import Assessment
from core.decision.ranking import score_and_rank
from core.recommendation import (
    Analysis,
    CostLine,
    GeneralPurpose,
    HybridPoint,
    LatencyPoint,
    Option,
    OptionUncertainty,
    Rack,
    Recommendation,
    RooflinePoint,
    Serving,
    Spread,
    StepShares,
    SwitchPoint,
    TargetCheck,
    TornadoBar,
    WorkloadDemand,
)
from tests.core.decision import builders as build

YEARS = 3
EUR = 0.8
"""Euros for one dollar in the builders' catalog."""


def curve(saturation: float = 4.0) -> tuple[LatencyPoint, ...]:
    """Latencies that grow like a queue's, with no bound at saturation."""
    points = []
    for i in range(1, 21):
        load = saturation * i / 20
        slow = math.inf if i == 20 else 1.0 / (1.0 - load / saturation)
        spread = {"mean": 1.0, "p50": 0.9, "p90": 1.6, "p95": 2.0, "p99": 3.0}
        points.append(
            LatencyPoint(
                load,
                {k: 90.0 * v * slow for k, v in spread.items()},
                {k: 12.0 * v * (0.5 + 0.5 * slow) for k, v in spread.items()},
                {k: 2500.0 * v * (0.6 + 0.4 * slow) for k, v in spread.items()},
                {k: 90.0 * v * slow for k, v in spread.items()},
            )
        )
    return tuple(points)


def serving(**changes: Any) -> Serving:
    values: dict[str, Any] = {
        "curve": curve(),
        "at_peak": curve()[8],
        "targets": (
            TargetCheck("ttft", "TTFT", 500.0, Spread(250.0, 327.0, 420.0), "pass"),
            TargetCheck("tpot", "TPOT", 40.0, Spread(24.0, 33.8, 39.0), "pass"),
        ),
        "decode_shares": StepShares(0.55, 0.18, 0.07, 0.12, 0.08),
        "prefill_shares": StepShares(0.08, 0.02, 0.7, 0.15, 0.05),
        "roofline": (
            RooflinePoint("Prefill", 900.0, 520.0, 990.0),
            RooflinePoint("Decode", 22.0, 48.0, 73.7),
        ),
        "roof_peak_tflops": 990.0,
        "roof_bandwidth_gb_s": 3350.0,
        "replicas_by_year": (2, 2, 3),
        "peak_req_s_by_year": (2.7, 3.2, 3.9),
    }
    return build.serving(**{**values, **changes})


def line(key: str, label: str, kind: str, yearly: tuple[float, ...], **changes: Any) -> CostLine:
    values: dict[str, Any] = {
        "key": key, "label": label, "kind": kind, "yearly_usd": yearly,
        "present_value_usd": sum(yearly), "low_factor": 0.85, "high_factor": 1.25,
        "formula": "", "provenance": build.SOURCE, "is_assumption": False,
    }  # fmt: skip  # a table
    return CostLine(**{**values, **changes})


def cost(per_mtok: float, *, owned: bool = True) -> Any:
    """Three years of 100,000 million tokens each at a levelised ``per_mtok`` US dollars."""
    total = per_mtok * 3e5
    if owned:
        lines = (
            line("servers", "Servers", "capex", (0.65 * total, 0.0, 0.0, 0.0)),
            line("network", "Network", "capex", (0.08 * total, 0, 0, 0), is_assumption=True),
            line("support", "Hardware support", "opex", (0.0, *(0.03 * total,) * 3)),
            line("energy", "Electricity", "energy", (0.0, *(0.05 * total,) * 3), high_factor=1.6),
            line("staff", "Staff share", "opex", (0.0, *(0.04 * total,) * 3)),
            line("residual", "Resale value", "residual", (0.0, 0.0, 0.0, -0.09 * total),
                 low_factor=1.5, high_factor=0.5, is_assumption=True),
        )  # fmt: skip  # a table
    else:
        lines = (line("tokens", "Tokens", "metered", (0.0, *(total / 3,) * 3)),)
    yearly = tuple(sum(x.yearly_usd[y] for x in lines) for y in range(4))
    months = [yearly[0]]
    for year in (1, 2, 3):
        months += [months[-1] + yearly[year] * (m + 1) / 12 for m in range(12)]
    return dataclasses.replace(
        build.cost(), lines=lines, capex_usd=yearly[0], yearly_usd=yearly, npv_usd=sum(yearly),
        cumulative_usd=tuple(months), tokens_by_year=(1e11, 1e11, 1e11),
        usd_per_mtok=Spread(per_mtok * 0.82, per_mtok, per_mtok * 1.35),
    )  # fmt: skip  # one line per kind of argument


def racks(count: int) -> tuple[Rack, ...]:
    return tuple(
        Rack(n, (("8x H100 SXM server", 8.0, 10.2),), 10.2, 12.0, 10.0, 42.0, 130.0)
        for n in range(1, count + 1)
    )


def options() -> list[Option]:
    owned = (serving(),)
    rented = (
        serving(
            configuration="FP8 weights, one accelerator",
            roofline=(
                RooflinePoint("Prefill", 1400.0, 900.0, 1979.0),
                RooflinePoint("Decode", 40.0, 60.0, 134.0),
            ),
            roof_peak_tflops=1979.0,
        ),
    )
    hybrid = tuple(
        HybridPoint(n, n / 4, 2.2e5 * n, 9e5 * (1 - n / 4) ** 1.6,
                    2.2e5 * n + 9e5 * (1 - n / 4) ** 1.6)
        for n in range(5)
    )  # fmt: skip  # a table
    return [
        build.option("own-h100", cost=cost(2.1), servings=owned,
                     title="On-premises: 3 x 8x H100 SXM server",
                     fleet=build.fleet(racks=racks(3), rack_count=3)),
        build.option("colo-h100", "colocation", cost=cost(2.45), servings=owned,
                     title="Colocation: 3 x 8x H100 SXM server"),
        build.option("gpu-cloud", "gpu_cloud", cost=cost(3.2, owned=False), servings=rented,
                     title="GPU cloud: 2 x 8x H200 instance, Lambda"),
        build.api("api", 0.9, cost=cost(0.9, owned=False),
                  title="Hosted API: Llama 3.3 70B at DeepInfra"),
        build.option("hybrid", "hybrid", cost=cost(2.0), servings=owned, hybrid_curve=hybrid,
                     title="Hybrid: 2 x 8x H100 SXM server and GPU cloud"),
        build.option("cloud", "public_cloud", cost=cost(6.4, owned=False), servings=rented,
                     title="Public cloud: 2 x p5.48xlarge instance, AWS"),
        build.option("unpriced", cost=None, servings=owned,
                     title="On-premises: 1 x Rack of 72 accelerators"),
    ]  # fmt: skip  # a table


def demand(name: str = "Chat assistant") -> WorkloadDemand:
    hours = tuple(
        (0.3 + 2.4 * max(0.0, math.sin(math.pi * ((h % 24) - 6) / 14)) * (h < 120))
        if 6 <= h % 24 <= 20 else 0.3
        for h in range(168)
    )  # fmt: skip  # one thought
    return WorkloadDemand(
        name,
        "Llama 3.3 70B",
        (2.7, 3.2, 3.9),
        sum(hours) / 168,
        (1e11,) * 3,
        (8e10,) * 3,
        (2e10,) * 3,
        hours,
        1.2,
        2.4,
    )


def recommendation(
    items: list[Option] | None = None, assessment: Assessment | None = None, **changes: Any
) -> Recommendation:
    """Ranked by the real decision code, in euros."""
    given = assessment or build.assessment()
    given = dataclasses.replace(
        given, economics=dataclasses.replace(given.economics, currency="EUR", horizon_years=YEARS)
    )
    catalog = build.SmallCatalog()
    feasible, rejected = score_and_rank(
        options() if items is None else items, given, catalog, build.AS_OF
    )
    values: dict[str, Any] = {
        "assessment": given, "as_of": build.AS_OF, "version": "0",
        "currency": catalog.currency("EUR"), "demand": (demand(),), "options": feasible,
        "rejected": rejected, "candidates_evaluated": 100, "headline": "", "confidence": "high",
        "confidence_reason": "", "reasons": (), "risks": (), "conditions": (),
        "general_purpose": (
            GeneralPurpose("General-purpose GPU servers: 6 x 8x H100 SXM server", "16-bit", 6.1,
                           2.9, "Computed."),
            GeneralPurpose("CPU-only servers", "CPU", None, None,
                           "No CPU-only server meets the targets with this model."),
        ),
        "base_case": "Hosted API: Llama 3.3 70B at DeepInfra",
        "cost_against_utilisation": tuple((u / 20, 0.6 + 0.7 / (u / 20)) for u in range(1, 21)),
        "notices": (),
    }  # fmt: skip  # a table
    return Recommendation(**{**values, **changes})


def analysis(of: Recommendation) -> Analysis:
    shares = (0.52, 0.21, 0.14, 0.09, 0.04)
    return Analysis(
        samples=1024, seed=1,
        uncertainty=tuple(
            OptionUncertainty(o.id, 1.6 + i, 2.1 + i, 3.0 + i, p, 1e4 * i)
            for i, (o, p) in enumerate(zip(of.options, shares, strict=False))
        ),
        stability=tuple((o.id, p) for o, p in zip(of.options, (0.6, 0.2, 0.1, 0.1), strict=False)),
        base_gap=0.35,
        tornado=(
            TornadoBar("load", "Requests in the busiest hour", "0.5/s", "2/s", -0.4, 0.9),
            TornadoBar("price", "Price of the server", "230,000 USD", "340,000 USD", 0.7, -0.05),
            TornadoBar("tariff", "Electricity price", "0.15 EUR/kWh", "0.35 EUR/kWh", 0.44, 0.2),
            TornadoBar("growth", "Growth of demand per year", "0 %", "60 %", 0.3, 0.42),
        ),
        switch_points=(
            SwitchPoint("workloads[0].users", "Named users", "2,000", "1,120",
                        "Hosted API: Llama 3.3 70B at DeepInfra", True),
            SwitchPoint("economics.electricity_price_kwh", "Electricity price", "0.24 EUR/kWh",
                        "0.61 EUR/kWh", "GPU cloud: 2 x 8x H200 instance, Lambda", False),
            SwitchPoint("economics.discount_rate", "Discount rate", "8 %", None, "", True),
        ),
        levers=(), input_ranges=(),
    )  # fmt: skip  # a table
