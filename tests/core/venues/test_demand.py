"""The week, its peak, and work that can wait."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.assessment import Workload
from core.catalog.types import TrafficShape
from core.venues.demand import demand_of, peak_rate
from tests.core.decision.builders import SOURCE, model

OFFICE = tuple(2.0 if 8 <= h % 24 < 18 and h < 120 else 0.5 for h in range(168))
SHAPE = TrafficShape("office", "Office", OFFICE, 1.0, 1.2, 2.0, "", SOURCE)


def test_peak_from_users() -> None:
    # 2,000 users, a fifth active, 24 requests an hour each: 9,600 an hour.
    assert peak_rate(Workload()) == pytest.approx(9600 / 3600)
    asked = dataclasses.replace(Workload(), traffic_entry="requests", peak_requests_per_s=7.5)
    assert peak_rate(asked) == 7.5


def test_tokens_of_a_year_by_hand() -> None:
    workload = dataclasses.replace(
        Workload(), traffic_entry="requests", peak_requests_per_s=2.0, growth_per_year=0.5,
        input_tokens_mean=1000.0, input_tokens_p95=2000.0, output_tokens_mean=100.0,
        output_tokens_p95=200.0,
    )  # fmt: skip  # one thought
    demand = demand_of(workload, model(), SHAPE, 3)
    mean = (50 * 2.0 + 118 * 0.5) / 168  # the peak weight of 2 is 2 requests per second
    assert demand.mean_req_s == pytest.approx(mean)
    assert demand.peak_req_s.tolist() == pytest.approx([2.0, 3.0, 4.5])
    assert demand.tokens[0] == pytest.approx(mean * 8760 * 3600 * 1100)
    assert demand.arrival_cv == 1.2
    third = demand.per_site(3)
    assert third.tokens[0] * 3 == pytest.approx(demand.tokens[0])


def test_what_can_wait_fills_idle_hours_and_what_cannot_stays() -> None:
    workload = dataclasses.replace(
        Workload(), traffic_entry="requests", peak_requests_per_s=2.0, batchable_share=0.6
    )
    demand = demand_of(workload, model(), SHAPE, 2)
    assert demand.waiting_share == pytest.approx(0.6)
    assert demand.hours.sum() == pytest.approx(demand.asked_hours.sum())
    assert (demand.hours >= 0.4 * demand.asked_hours - 1e-12).all()
    # Even over the five days from Monday 08:00 on, and until Saturday 15:00, 21 h after the last.
    assert demand.peak < 0.75 * 2.0
    # A fleet that carries all of it serves it as it comes in.
    large = demand.on_fleet(np.array([2.0, 2.4]))
    assert large.hours_by_year == pytest.approx(demand.growth[:, None] * demand.asked_hours)
    assert large.waits_h(0.95, large.waiting_served)[1] == pytest.approx(0.0, abs=1e-3)
    # One that carries the planned peak alone, as planned.
    small = demand.on_fleet(demand.peak_req_s)
    assert small.hours_by_year == pytest.approx(demand.hours_by_year)
    usual, longest = small.waits_h(0.95, small.waiting_served)
    assert 0 < usual < longest <= demand.window_h
    # Where one in twenty or fewer can wait, 95 % of all requests do not.
    few = demand_of(dataclasses.replace(workload, batchable_share=0.04), model(), SHAPE, 2)
    assert few.waits_h(0.95, few.waiting_served)[0] == 0.0
