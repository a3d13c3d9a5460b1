"""The commitment optimiser against brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.economics.commitments import InstancePrices, cheapest_contract, slots_of
from core.hours import HOURS_PER_YEAR

PRICES = InstancePrices(
    on_demand=np.array([10.0, 9.0, 8.0]),
    one_year=np.array([7.0, 6.3, 5.6]),
    three_year=np.array([5.0, 4.5, 4.0]),
)
DISCOUNT = 1.08 ** -np.arange(1.0, 4.0)


def week(*levels: int) -> np.ndarray:  # type: ignore[type-arg]  # of integers
    """A week in which the first day has each level for an equal share, the rest is zero."""
    hours = np.zeros(168, dtype=np.int64)
    part = 168 // len(levels)
    for i, level in enumerate(levels):
        hours[i * part : (i + 1) * part] = level
    return hours


def brute_force(instances: np.ndarray) -> float:  # type: ignore[type-arg]  # of integers
    """Cheapest discounted payment over every way to cover every slot."""
    total = 0.0
    for slot in range(1, int(instances.max()) + 1):
        hours = (instances >= slot).sum(axis=1) * HOURS_PER_YEAR / 168
        plans = []
        for plan in itertools.product("o1", repeat=3):
            plans.append(
                sum(
                    DISCOUNT[y]
                    * (
                        hours[y] * PRICES.on_demand[y]
                        if kind == "o"
                        else HOURS_PER_YEAR * PRICES.one_year[y]  # type: ignore[index]  # offered here
                    )
                    for y, kind in enumerate(plan)
                )
            )
        plans.append(HOURS_PER_YEAR * 5.0 * float(DISCOUNT.sum()))
        total += min(plans)
    return total


@settings(max_examples=25)
@given(st.lists(st.integers(0, 6), min_size=4, max_size=4), st.integers(1, 3))
def test_the_mix_is_the_cheapest_there_is(levels: list[int], growth: int) -> None:
    if not any(levels):
        levels = [1, *levels[1:]]
    instances = np.stack([week(*levels) * g for g in (1, growth, growth)])
    contract = cheapest_contract(instances, PRICES, DISCOUNT)
    paid = float((contract.on_demand_usd + contract.committed_usd) @ DISCOUNT)
    assert paid == pytest.approx(brute_force(instances), rel=1e-9)


def test_on_demand_only_pays_every_hour() -> None:
    instances = np.stack([week(2, 4)] * 3)
    contract = cheapest_contract(instances, PRICES, DISCOUNT, "on_demand")
    assert contract.committed_usd.tolist() == [0, 0, 0]
    assert contract.on_demand_usd[0] == pytest.approx(3 * HOURS_PER_YEAR * 10.0)


def test_constant_load_is_committed_for_three_years() -> None:
    instances = np.full((3, 168), 5)
    contract = cheapest_contract(instances, PRICES, DISCOUNT)
    assert contract.committed_3y.tolist() == [5, 5, 5]
    assert contract.committed_usd.tolist() == pytest.approx([5 * HOURS_PER_YEAR * 5.0] * 3)


def test_hours_of_slots_add_up_to_the_instance_hours() -> None:
    instances = np.stack([week(1, 3, 7), week(2, 3, 9)])
    slots = slots_of(instances)
    hours, width = slots.hours, slots.width
    assert (hours @ width).tolist() == pytest.approx(
        (instances.sum(axis=1) * HOURS_PER_YEAR / 168).tolist()
    )


def test_hours_that_follow_the_load_are_those_above_what_always_runs() -> None:
    # Two instances run all week, a third in 84 of its hours: half a year.
    instances = np.stack([week(3, 2)] * 3)
    listed = InstancePrices(PRICES.on_demand, None, None)
    hourly = cheapest_contract(instances, listed, DISCOUNT)
    half = HOURS_PER_YEAR / 2
    assert hourly.on_demand_hours == pytest.approx(np.full(3, 5 * half))
    assert hourly.following_usd == pytest.approx(half * PRICES.on_demand)
    # Committing to the two that always run leaves the third on demand: all of it follows.
    mixed = cheapest_contract(instances, PRICES, DISCOUNT)
    assert mixed.committed_3y.tolist() == [2, 2, 2]
    assert mixed.following_usd == pytest.approx(mixed.on_demand_usd)
    assert mixed.on_demand_hours == pytest.approx(np.full(3, half))
