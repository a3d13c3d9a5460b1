"""The week, its peak, and work that can wait."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assessment import Workload
from core.catalog.types import TrafficShape
from core.venues.demand import demand_of, fill_valleys, peak_rate, shift_batchable
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


@given(st.lists(st.floats(0, 100), min_size=24, max_size=24), st.floats(0, 500))
def test_valleys_fill_to_one_level_and_lose_nothing(hours: list[float], amount: float) -> None:
    fixed = np.array(hours)
    filled = fill_valleys(fixed, amount)
    assert filled.sum() == pytest.approx(fixed.sum() + amount)
    assert (filled >= fixed - 1e-9).all()
    raised = filled[filled > fixed + 1e-6]
    assert len(raised) == 0 or np.ptp(raised) < 1e-6


def test_movable_work_stays_within_its_day() -> None:
    hours = np.array(OFFICE)
    moved = shift_batchable(hours, 0.6)
    for day in range(7):
        part = slice(24 * day, 24 * day + 24)
        assert moved[part].sum() == pytest.approx(hours[part].sum())
    assert moved.max() < hours.max()
