"""What tokens cost on a server that is always full, from the option's own figures."""

from __future__ import annotations

import pytest

from core.recommendation import Recommendation
from tests.core.assess.cases import run, small_catalog

PER_SERVER = {"staff"}
"""Lines that do not grow with servers."""


@pytest.fixture(scope="module")
def answer() -> Recommendation:
    return run(
        site__venues=("on_premises", "token_api"),
        workload__growth_per_year=0.0,
        workload__targets__ttft_ms=2000.0,
    )


def test_a_full_server_is_cheaper_by_how_little_servers_are_used(answer: Recommendation) -> None:
    own = next(o for o in answer.options if o.venue == "on_premises")
    assert own.cost is not None and own.fleet.utilisation is not None
    grows = sum(x.present_value_usd for x in own.cost.lines if x.key not in PER_SERVER)
    today = own.cost.usd_per_mtok.base * grows / own.cost.npv_usd
    assert own.cost.usd_per_mtok_next_server == pytest.approx(today * own.fleet.utilisation)


def test_an_api_has_no_server_to_fill(answer: Recommendation) -> None:
    api = next(o for o in answer.options if o.venue == "token_api")
    assert api.cost is not None and api.cost.usd_per_mtok_next_server is None


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_only_instances_that_stand_there_can_be_fuller(share: float) -> None:
    """By hand from the bill: standing hours and what they serve; queued hours are full as it is."""
    answer = run(
        workload__traffic_entry="requests",
        workload__peak_requests_per_s=11.0,
        workload__batchable_share=share,
        workload__growth_per_year=0.0,
        workload__targets__ttft_ms=2000.0,
        economics__gpu_hour_trend=0.0,
        economics__commitment="on_demand",
        site__venues=("public_cloud", "gpu_cloud"),
    )
    (demand,) = answer.demand
    seen = set()
    for option in answer.options:
        assert option.cost is not None
        bill = {x.key: x for x in option.cost.lines}
        queued = bill.keys() & {"cloud_spot", "cloud_queued"}
        if not queued:
            continue
        seen |= queued
        (serving,) = option.servings
        offer = small_catalog().cloud_offers[option.fleet.platform_id or ""]
        each = option.cost.usd_per_mtok.base / option.cost.npv_usd
        by_token = sum(bill[key].present_value_usd for key in {*queued, "egress"} & bill.keys())
        grows = by_token
        if share < 1:
            stand = bill["cloud_on_demand"]
            hours = stand.yearly_usd[1] / offer.on_demand_usd_h
            held = offer.accelerator_count // serving.accelerators_per_replica
            assert serving.capacity_req_s
            used = (1 - share) * demand.mean_req_s * 8760 / (hours * held * serving.capacity_req_s)
            assert option.fleet.standing_utilisation_by_year[0] == pytest.approx(used)
            licences = bill.get("licences")
            grows += used * stand.present_value_usd
            grows += used * (licences.present_value_usd if licences else 0.0)
        assert option.cost.usd_per_mtok_next_server == pytest.approx(grows * each), option.id
    assert seen == {"cloud_spot", "cloud_queued"}
