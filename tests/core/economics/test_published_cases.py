"""Published cost cases, as far as their inputs can be looked up; the arithmetic is written out."""

from __future__ import annotations

import dataclasses
from functools import lru_cache

import numpy as np
import pytest

from core.assess import assess
from core.assessment import Assessment, Economics
from core.catalog.types import Provenance
from core.economics.cash_flow import payback_months, total_cost
from core.economics.ledger import Ledger
from core.economics.rates import Money
from core.venues.sizing import servers_for
from tests.core.assess.cases import AS_OF, every, small_catalog

SOURCE = Provenance("published case", "", "medium")
HOURS = 8760.0


def ledger(years: int) -> Ledger:
    """No discounting and no trends: the published cases have none."""
    return Ledger(Money(dataclasses.replace(Economics(), horizon_years=years, discount_rate=0.0)))


# -- Lenovo Press LP2225, 23 May 2025: when owning eight H100 beats renting them --------------


@pytest.mark.parametrize(
    ("usd_per_hour", "published_hours"), [(98.32, 8556), (77.43, 10890), (53.95, 15710)]
)
def test_lenovo_break_even_hours(usd_per_hour: float, published_hours: float) -> None:
    """833,806 USD and 0.87 USD an hour against AWS p5.48xlarge, used around the clock.

    833,806 / (98.32 - 0.87) = 8,556 h; the three prices are on demand, one and three years.
    """
    tokens, years = np.full(3, 1e9), 3
    own, cloud = ledger(years), ledger(years)
    own.add("servers", "Servers", "capex", np.array([833_806.0, 0, 0, 0]), "", SOURCE)
    own.add("energy", "Operation", "energy", np.full(years, 0.87 * HOURS), "", SOURCE)
    rent = np.full(years, usd_per_hour * HOURS)
    cloud.add("cloud_on_demand", "Instances", "metered", rent, "", SOURCE)
    months = payback_months(
        total_cost(own, tokens, tokens, 0.5).cumulative_usd,
        total_cost(cloud, tokens, tokens, 0.5).cumulative_usd,
    )
    assert months is not None
    assert months * HOURS / 12 == pytest.approx(published_hours, rel=0.002)


# -- NVIDIA, "LLM Inference Benchmarking: How Much Does Your LLM Inference Cost?" -------------


def test_nvidia_sizing_guide() -> None:
    """Servers from instances, yearly cost of a server, and its split over tokens.

    The guide's example: 320,000 USD over four years + 4,500 USD licence + 3,000 USD hosting a
    year = 87,500 USD per server-year. At one request/s of 1,000 + 200 tokens that is 87,500 /
    31,536 = 2.775 USD per 1,000 prompts and 2.312 USD per million tokens. At reference prices of
    1 to 3 for input and output, 1,000 prompts cost 1.60, so both scale by 2.775 / 1.60 = 1.734.
    """
    # ten instances of two GPUs on servers of eight: 2.5, so three whole servers
    assert int(servers_for([(np.array([10]), 2)], 8)[0]) == 3

    years = 4
    bill = ledger(years)
    bill.add("servers", "Servers", "capex", np.array([320_000.0, 0, 0, 0, 0]), "", SOURCE)
    bill.add("licences", "Software licences", "opex", np.full(years, 4_500.0), "", SOURCE)
    bill.add("colocation", "Hosting", "opex", np.full(years, 3_000.0), "", SOURCE)
    requests = 31_536_000.0
    given, made = np.full(years, 1_000 * requests), np.full(years, 200 * requests)
    reference = (1.0 * given.sum() / 1e6, 3.0 * made.sum() / 1e6)
    cost = total_cost(bill, given, made, None, per_token_usd=reference)
    assert cost.npv_usd / years == pytest.approx(87_500.0)
    assert cost.usd_per_mtok.base == pytest.approx(2.312, abs=0.0005)
    assert cost.usd_per_mtok_input == pytest.approx(1.734, abs=0.0005)
    assert cost.usd_per_mtok_output == pytest.approx(3 * 1.734, abs=0.002)


# -- arXiv 2606.11690, 10 June 2026: offered load alone moves the cost on the same hardware ---


@lru_cache(maxsize=1)
def one_h100_an_hour() -> object:
    """One rented H100 and nothing else."""
    offer = "lambda-gpu-1x-h100-sxm5-us-east-1"
    return small_catalog().subset(
        accelerators=["h100-sxm"], cloud_offers=[offer], platforms=[], token_providers=[]
    )


def usd_per_output_mtok(load_req_s: float) -> tuple[float, int]:
    """(instance cost per million output tokens, instances) of a constant load, no target set."""
    base = Assessment()
    work = dataclasses.replace(
        base.workloads[0],
        model="Qwen/Qwen3-30B-A3B",
        traffic_entry="requests",
        peak_requests_per_s=load_req_s,
        custom_hours=(1.0,) * 168,
        growth_per_year=0.0,
        input_tokens_mean=512.0,
        input_tokens_p95=512.0,
        output_tokens_mean=256.0,
        output_tokens_p95=256.0,
        prefix_cache_share=0.0,
        targets=dataclasses.replace(base.workloads[0].targets, ttft_ms=None, tpot_ms=None),
    )
    assessment = dataclasses.replace(
        base,
        workloads=(work,),
        site=dataclasses.replace(base.site, venues=("gpu_cloud",), availability=0.5),
        economics=dataclasses.replace(
            base.economics, horizon_years=1, discount_rate=0.0, commitment="on_demand"
        ),
    )
    answer = assess(assessment, one_h100_an_hour(), as_of=AS_OF)  # type: ignore[arg-type]  # a catalog
    option = next(o for o in every(answer) if o.venue == "gpu_cloud")
    assert option.cost is not None
    usd = sum(line.yearly_usd[1] for line in option.cost.lines if line.key.startswith("cloud"))
    return usd / answer.demand[0].output_tokens_per_year[0] * 1e6, option.fleet.units_by_year[0]


def test_cost_against_load_has_the_published_shape_and_scale() -> None:
    """Qwen3-30B-A3B at 8 bits on one H100: published 36.3 times dearer at 1 req/s than full.

    Over all its models the paper spans 0.21 to 15.25 USD. It is not calibrated on, and its
    token lengths are not in what can be looked up, so only shape and order of magnitude can be
    held: within a factor of two of the ratio, inside the span's decades.
    """
    loads = [1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 35.0]
    found = [usd_per_output_mtok(load) for load in loads]
    alone = [(load, usd) for load, (usd, units) in zip(loads, found, strict=True) if units == 1]
    assert len(alone) >= 5
    # while one instance carries it, cost x load is constant: the price of the hour over tokens
    for load, usd in alone:
        assert usd * load == pytest.approx(4.29 / 3600 / 256 * 1e6, rel=1e-9)
    assert found[0][0] == pytest.approx(4.655, abs=0.001)
    assert 0.05 < min(usd for usd, _ in found) < 0.5
    # beyond one instance the cost stays near its floor: whole instances, not a fall to nothing
    floor = min(usd_per_output_mtok(load)[0] for load in (35.0, 80.0, 160.0, 320.0))
    assert 36.3 / 2 < found[0][0] / floor < 36.3 * 2
