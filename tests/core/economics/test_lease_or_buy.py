"""Leasing beside buying, with the arithmetic written out."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assessment import Economics
from core.economics.cash_flow import Money
from core.economics.lease_or_buy import RATE_TOLERANCE, lease_or_buy


def money(**changes: object) -> Money:
    base = dataclasses.replace(
        Economics(), horizon_years=4, hardware_life_years=5, discount_rate=0.07, lease_rate=0.07
    )
    return Money(dataclasses.replace(base, **changes))  # type: ignore[arg-type]  # its fields


def test_two_servers_by_hand() -> None:
    """96,000 USD over 48 months at 0.5 %: 2,254.56 a month, 27,054.77 a year."""
    found = lease_or_buy("a", "A", np.array([2, 2, 2, 2]), 48_000.0, money(lease_rate=0.06))
    assert found.buy_usd == found.up_front_usd == 96_000.0
    monthly = -npf.pmt(0.06 / 12, 48, 96_000.0)
    assert found.lease_by_year_usd == pytest.approx([12 * monthly] * 4)
    # At 7 % a year, 0.565415 % a month, 48 of them are worth 41.9345 payments.
    month = 1.07 ** (1 / 12) - 1
    assert month == pytest.approx(0.00565415, abs=1e-8)
    assert found.lease_usd == pytest.approx(-npf.pv(month, 48, monthly))
    assert found.lease_usd == pytest.approx(2254.56 * 41.9345, abs=5)


def test_a_lease_breaks_even_at_the_nominal_rate_of_the_discount_rate() -> None:
    """7 % effective is 12 x (1.07^(1/12) - 1) = 6.785 % nominal, whatever is leased."""
    found = lease_or_buy("a", "A", np.array([2, 2, 3, 3]), 48_000.0, money())
    assert found.break_even_rate == pytest.approx(0.06785, abs=RATE_TOLERANCE)


def test_at_the_rate_told_both_cost_the_same() -> None:
    found = lease_or_buy("a", "A", np.array([1, 2, 2, 3]), 50_000.0, money())
    assert found.break_even_rate is not None
    there = money(lease_rate=found.break_even_rate)
    again = lease_or_buy("a", "A", np.array([1, 2, 2, 3]), 50_000.0, there)
    assert again.lease_usd == pytest.approx(again.buy_usd, rel=3e-4)


def test_where_money_costs_nothing_no_lease_is_cheaper() -> None:
    free = lease_or_buy("a", "A", np.array([1, 1, 1, 1]), 50_000.0, money(discount_rate=0.0))
    assert free.lease_usd > free.buy_usd
    # and at a rate of nothing both are the plain sum
    assert free.break_even_rate is None or free.break_even_rate < RATE_TOLERANCE


@given(rate=st.floats(0.001, 0.3), discount=st.floats(0.0, 0.3))
def test_leasing_is_dearer_exactly_above_the_break_even_rate(rate: float, discount: float) -> None:
    terms = money(lease_rate=rate, discount_rate=discount)
    found = lease_or_buy("a", "A", np.array([3, 3, 3, 3]), 1_000.0, terms)
    limit = 0.0 if found.break_even_rate is None else found.break_even_rate
    if abs(rate - limit) > 2e-4:
        assert (found.lease_usd > found.buy_usd) == (rate > limit)
