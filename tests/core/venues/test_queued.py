"""Rented instances that only run while they are full: bill, energy, use and waits agree."""

from __future__ import annotations

import math
from functools import cache

import pytest

from core.decision.wording import milliseconds, percent
from core.recommendation import Option, Recommendation
from tests.core.assess.cases import every, run, small_catalog

DAY_MS = 36_000_000.0
OVERHEAD = 1.15
"""What is done and repeated on spot, over what is done."""


@cache
def answer(share: float) -> Recommendation:
    """A night's work of 11 requests a second that must be done in ten hours."""
    return run(
        workload__traffic_entry="requests",
        workload__peak_requests_per_s=11.0,
        workload__traffic_shape="batch_overnight",
        workload__batchable_share=share,
        workload__growth_per_year=0.0,
        workload__targets__ttft_ms=None,
        workload__targets__tpot_ms=None,
        workload__targets__e2e_ms=DAY_MS,
        economics__gpu_hour_trend=0.0,
        economics__currency="USD",
    )


def rented(recommendation: Recommendation) -> list[Option]:
    found = [o for o in every(recommendation) if o.contract is not None and o.venue != "hybrid"]
    assert found
    return found


def test_one_schedule_for_bill_energy_use_and_throughput_by_hand() -> None:
    """On spot alone: the hours that the work takes at the load that is told, nothing else."""
    (demand,) = answer(1.0).demand
    requests = demand.mean_req_s * 8760 * 3600
    seen = 0
    for option in rented(answer(1.0)):
        assert option.contract is not None and option.cost is not None
        if not option.contract.is_all_spot:
            continue
        seen += 1
        offer = small_catalog().cloud_offers[option.fleet.platform_id or ""]
        (serving,) = option.servings
        held = offer.accelerator_count // serving.accelerators_per_replica
        assert serving.capacity_req_s and serving.at_peak and serving.waiting
        assert serving.at_peak.req_s == pytest.approx(serving.capacity_req_s)  # full while it runs
        hours = requests * OVERHEAD / (serving.capacity_req_s * held * 3600)
        (line,) = (x for x in option.cost.lines if x.key == "cloud_spot")
        assert offer.spot_usd_h is not None
        assert line.yearly_usd[1] == pytest.approx(hours * offer.spot_usd_h)
        assert option.fleet.utilisation == pytest.approx(1 / OVERHEAD)
        if option.fleet.average_kw is not None:
            # kW while it runs, from the average over the year: that of a busy instance
            running = option.fleet.average_kw * 8760 / hours
            accelerator = small_catalog().accelerators[offer.accelerator_id]
            assert accelerator.tdp_w is not None
            busy = running * 1000 / offer.accelerator_count / accelerator.tdp_w
            assert 0.4 < busy < 1.6
        keys = {x.key for x in option.cost.lines}
        assert not keys & {"cloud_on_demand", "cloud_committed"}
    assert seen


def test_the_wait_is_in_the_answer_and_in_the_gate() -> None:
    for option in every(answer(1.0)):
        for serving in option.servings:
            if not serving.replicas_by_year:  # the provider schedules it, or it does not fit
                assert serving.waiting is None
                continue
            assert serving.waiting is not None
            found = serving.waiting
            assert found.deadline_h == 10.0 and found.share == pytest.approx(1.0)
            kept = 0.5 if found.own_instances else 0.1
            assert 0 <= found.wait_h <= found.longest_h <= 10.0 * (1 - kept) + 0.01
            if option.venue != "hybrid":
                mean = sum(found.hourly_req_s) / 168
                assert mean == pytest.approx(answer(1.0).demand[0].mean_req_s)
            if serving.at_peak is None:
                continue
            (check,) = serving.targets
            assert check.predicted_ms is not None
            assert check.waiting_ms == pytest.approx(found.wait_h * 3.6e6)
            assert check.predicted_ms.base == pytest.approx(
                check.waiting_ms + serving.at_peak.e2e_ms["p95"]
            )
            # what is predicted, with its interval, begins where the planned wait ends
            served = check.served_ms
            assert served is not None
            assert served.base == pytest.approx(serving.at_peak.e2e_ms["p95"], rel=1e-6)
            assert served.low < 0.99 * served.base and served.high > 1.01 * served.base
            told = next(g.message for g in option.gates if g.needed == check.predicted_ms.base)
            assert ("planned to wait" in told) == (check.waiting_ms > 0)
            ends = [milliseconds(end, served.base) for end in (served.low, served.high)]
            assert "interval {} to {}".format(*ends) in told


def test_parts_that_share_a_workload_tell_its_plan_once() -> None:
    """A hybrid's base and rented burst serve one plan between them, or the burst has a queue."""
    hybrids = [o for o in every(answer(0.5)) if o.venue == "hybrid" and len(o.servings) > 1]
    shared = [o for o in hybrids if all(s.waiting is not None for s in o.servings)]
    assert shared
    for option in shared:
        assert len(set(option.notes)) == len(option.notes)
        told = [note for note in option.notes if "of the work can wait" in note]
        queues = [s.waiting for s in option.servings if s.waiting and s.waiting.own_instances]
        assert len(told) == (2 if queues else 1)
        assert sum("that start for it" in note for note in told) == (1 if queues else 0)


def test_use_is_told_apart_for_what_stands_and_what_only_runs_full() -> None:
    """Half waits: instances that stand follow the rest, and are used less than those that queue."""
    told = 0
    for option in rented(answer(0.5)):
        (standing, *_), used = option.fleet.standing_utilisation_by_year, option.fleet.utilisation
        reason = next(s.reason for s in option.scores if s.key == "utilization")
        if standing == used:  # all on one fleet
            assert "What stands there" not in reason
            continue
        told += 1
        assert used is not None and 0 < standing < used < 1
        assert f"What stands there is used to {percent(standing)};" in reason
    assert told


def test_work_for_which_there_is_room_is_not_told_to_wait() -> None:
    answer = run(workload__batchable_share=0.1, site__venues=("on_premises",))
    seen = 0
    for option in every(answer):
        for serving in option.servings:
            if serving.waiting is not None and serving.waiting.longest_h < 0.01:
                seen += 1
                (note,) = [n for n in option.notes if "of the work can wait" in n]
                assert note.endswith("but need not: there is room for it as it comes in.")
    assert seen


def test_an_owned_fleet_serves_what_waits_as_it_arrives() -> None:
    """The larger its capacity, the shorter the wait; none where it carries the evening's rate."""
    for option in every(answer(1.0)):
        if option.venue not in ("on_premises", "colocation"):
            continue
        (serving,) = option.servings
        if not serving.capacity_req_s or serving.waiting is None:
            continue
        carried = serving.capacity_req_s * serving.replicas_by_year[0] / 1.10
        # fluid of ten hours at 11/s through a pipe of that size: the last waits 10 (11 / c - 1)
        longest = max(10.0 * (11.0 / carried - 1.0), 0.0)
        # the last hour's part runs evenly through it, so that the end is told by the hour
        assert longest - 0.01 <= serving.waiting.longest_h <= math.ceil(longest) + 0.01


def test_work_that_can_wait_never_costs_more_on_instances() -> None:
    """At each share; the rest keeps instances of its own."""
    costs = []
    for share in (0.0, 0.5, 1.0):
        by_id = {o.id: o.cost.npv_usd for o in rented(answer(share)) if o.cost is not None}
        costs.append(by_id)
    for key, usd in costs[0].items():
        assert costs[2][key] <= costs[1][key] * (1 + 1e-9) <= usd * (1 + 0.02), key
