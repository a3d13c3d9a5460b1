"""The contract of rented options as a result: it is the bill's, and no simple way is cheaper."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.assess import assess
from core.catalog.load import load_catalog
from core.interchange.document import load
from core.recommendation import CommitmentPlan, Option, Recommendation
from tests.core.assess.cases import run

EXAMPLES = Path(__file__).resolve().parents[3] / "resources" / "examples"
CLOUD = ("cloud_committed", "cloud_on_demand", "cloud_queued", "cloud_spot")


@pytest.fixture(scope="module")
def answer() -> Recommendation:
    return run(
        site__venues=("public_cloud", "gpu_cloud"),
        workload__users=40_000,
        workload__targets__ttft_ms=2000.0,
    )


def bill(option: Option) -> float:
    """Present value of the instances."""
    assert option.cost is not None
    return sum(x.present_value_usd for x in option.cost.lines if x.key in CLOUD)


def test_the_plan_is_what_the_bill_pays(answer: Recommendation) -> None:
    assert len(answer.commitment_plans) == 3
    assert [p.option_id for p in answer.commitment_plans] == [o.id for o in answer.options[:3]]
    for plan in answer.commitment_plans:
        assert plan.usd[1] == pytest.approx(bill(answer.option(plan.option_id)))
        rate = answer.assessment.economics.discount_rate
        again = sum(
            year.usd / 12 * (1 + rate) ** (-(12 * n + month) / 12)
            for n, year in enumerate(plan.years)
            for month in range(1, 13)
        )
        assert again == pytest.approx(plan.usd[1])


def ways(plan: CommitmentPlan) -> list[float]:
    simple = (plan.on_demand_usd, plan.one_year_usd, plan.three_year_usd)
    return [usd for usd in simple if usd is not None]


def test_no_simple_way_is_cheaper(answer: Recommendation) -> None:
    for plan in answer.commitment_plans:
        assert plan.usd[1] <= min(ways(plan)) * (1 + 1e-9)
        assert plan.usd[0] <= plan.usd[1] <= plan.usd[2]
        assert all(0.0 <= share <= 1.0 for share in plan.committed_share)


def test_the_bill_with_one_way_is_that_way() -> None:
    """Committing all to one year costs, in the bill, what the plan said it would."""
    best = run(site__venues=("gpu_cloud",), workload__users=40_000)
    forced = run(
        site__venues=("gpu_cloud",), workload__users=40_000, economics__commitment="on_demand"
    )
    for plan in best.commitment_plans:
        assert bill(forced.option(plan.option_id)) == pytest.approx(plan.on_demand_usd)


def test_a_sentence_names_the_mix(answer: Recommendation) -> None:
    for plan in answer.commitment_plans:
        assert plan.sentence.startswith("In the first year ")
        assert ("on demand" in plan.sentence) == (
            plan.years[0].on_demand_hours > 0 or "less than all on demand" in plan.sentence
        )


ROOM = {"site__venues": ("on_premises", "public_cloud"), "workload__targets__ttft_ms": 2000.0}
SITES = {
    "site__venues": ("edge",),
    "site__edge_sites": 300,
    "site__edge_site_power_kw": 50.0,
    "workload__users": 100_000,
    "workload__growth_per_year": 0.6,
    "workload__targets__ttft_ms": 20_000.0,
    "workload__targets__tpot_ms": 500.0,
}
"""Boxes in store are bought and leased too, more of them when the sites need a second one."""


@pytest.mark.parametrize("place", [ROOM, SITES], ids=["room", "sites"])
def test_leasing_is_set_beside_buying_for_what_owns_servers(place: dict[str, object]) -> None:
    own, leased = run(**place), run(**place, economics__finance="lease")
    assert own.lease_or_buy
    stored = [own.option(x.option_id).fleet.cold_spares_by_year for x in own.lease_or_buy]
    assert any(boxes and 0 < boxes[0] < boxes[-1] for boxes in stored) == (place is SITES)
    for found in own.lease_or_buy:
        bought, rented = (r.option(found.option_id).cost for r in (own, leased))
        assert bought is not None and rented is not None
        (servers,) = [x for x in bought.lines if x.key == "servers"]
        (payments,) = [x for x in rented.lines if x.key == "lease"]
        assert found.buy_usd == pytest.approx(servers.present_value_usd)
        assert found.lease_usd == pytest.approx(payments.present_value_usd)
        assert found.lease_by_year_usd == pytest.approx(payments.yearly_usd[1:])
        assert "Leasing the servers costs" in found.sentence
        boxes = own.option(found.option_id).fleet.cold_spares_by_year
        if boxes and boxes[0] < boxes[-1]:
            said = f"({boxes[0]} of them in store, {boxes[-1]} in the largest year)"
            assert said in servers.formula and said in payments.formula


def test_work_that_waits_is_told_at_list_prices_too() -> None:
    """All of it runs on spot instances; the simple contracts beside it are those of the list."""
    batch = load(EXAMPLES / "batch_extraction.json")
    answer = assess(batch, load_catalog(), as_of=date(2026, 11, 26))
    offers = load_catalog().cloud_offers
    for plan in answer.commitment_plans:
        offer = offers[plan.option_id.split("/", 1)[1]]
        if not sum(y.spot_hours for y in plan.years) or offer.spot_usd_h is None:
            continue
        assert offer.on_demand_usd_h > offer.spot_usd_h
        assert plan.on_demand_usd > plan.usd[1]
        # On demand the same work runs as many hours, those repeated after interruptions left out.
        repeats = 1.0 + 0.15
        ratio = offer.on_demand_usd_h / offer.spot_usd_h
        assert plan.on_demand_usd / plan.usd[1] == pytest.approx(ratio / repeats, rel=0.03)
