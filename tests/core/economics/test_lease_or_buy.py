"""Leasing beside buying, with the arithmetic written out."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assessment import Economics
from core.catalog.types import Provenance, Range
from core.decision.facts import US_DOLLAR
from core.decision.financing_words import told_lease
from core.economics.discounting import level_payment
from core.economics.lease_or_buy import RATE_TOLERANCE, lease_or_buy
from core.economics.rates import Money

RATES = Range(0.06, 0.09, 0.13, "a year", Provenance("hand-made", "2026-11", "low"))


def money(**changes: object) -> Money:
    base = dataclasses.replace(
        Economics(), horizon_years=4, hardware_life_years=5, discount_rate=0.07, lease_rate=0.07
    )
    return Money(dataclasses.replace(base, **changes))  # type: ignore[arg-type]  # its fields


def test_two_servers_by_hand() -> None:
    """96,000 USD over 48 months at 0.5 %: 2,254.56 a month, 27,054.77 a year."""
    found = lease_or_buy("a", "A", np.array([2, 2, 2, 2]), 48_000.0, money(lease_rate=0.06), RATES)
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
    found = lease_or_buy("a", "A", np.array([2, 2, 3, 3]), 48_000.0, money(), RATES)
    assert found.break_even_rate == pytest.approx(0.06785, abs=RATE_TOLERANCE)


def test_at_the_rate_told_both_cost_the_same() -> None:
    found = lease_or_buy("a", "A", np.array([1, 2, 2, 3]), 50_000.0, money(), RATES)
    assert found.break_even_rate is not None
    there = money(lease_rate=found.break_even_rate)
    again = lease_or_buy("a", "A", np.array([1, 2, 2, 3]), 50_000.0, there, RATES)
    assert again.lease_usd == pytest.approx(again.buy_usd, rel=3e-4)


def test_where_money_costs_nothing_no_lease_is_cheaper() -> None:
    free = lease_or_buy("a", "A", np.array([1, 1, 1, 1]), 50_000.0, money(discount_rate=0.0), RATES)
    assert free.lease_usd > free.buy_usd
    # and at a rate of nothing both are the plain sum
    assert free.break_even_rate is None or free.break_even_rate < RATE_TOLERANCE


@given(rate=st.floats(0.001, 0.3), discount=st.floats(0.0, 0.3))
def test_leasing_is_dearer_exactly_above_the_break_even_rate(rate: float, discount: float) -> None:
    terms = money(lease_rate=rate, discount_rate=discount)
    found = lease_or_buy("a", "A", np.array([3, 3, 3, 3]), 1_000.0, terms, RATES)
    limit = 0.0 if found.break_even_rate is None else found.break_even_rate
    if abs(rate - limit) > 2e-4:
        assert (found.lease_usd > found.buy_usd) == (rate > limit)


def test_every_way_by_hand() -> None:
    """96,000 USD for 48 months at 6 %, discounted at 7 %; resale 30 % after 36 months."""
    found = lease_or_buy("a", "A", np.array([2, 2, 2, 2]), 48_000.0, money(lease_rate=0.06), RATES)
    stated, low, high, advance, returned = found.ways
    assert [w.rate for w in found.ways] == [0.06, 0.06, 0.13, 0.06, 0.06]
    assert found.months == 48
    worth = 1.07**-4
    resale = 96_000 * 0.30 ** (4 / 3)  # 19,279.6 at age four
    assert resale == pytest.approx(19_279.6, abs=0.1)
    assert found.resale_usd == pytest.approx(resale * worth)
    # 41.93442 payments of 2,254.56 at 0.565415 % a month, less the resale that stays
    assert stated.monthly_usd == pytest.approx(2254.56, abs=0.01)
    assert stated.present_usd == pytest.approx(found.lease_usd - resale * worth)
    assert low == dataclasses.replace(stated, rate=0.06)
    # 13 %: 96,000 x (0.13/12) / (1 - (1 + 0.13/12)^-48) = 2,575.44
    assert high.monthly_usd == pytest.approx(2575.44, abs=0.01)
    # in advance: a month's interest less in each payment, and each one a month earlier
    assert advance.monthly_usd == pytest.approx(2254.56 / 1.005, abs=0.01)
    paid = sum(advance.monthly_usd * 1.07 ** (-month / 12) for month in range(48))
    assert advance.present_usd == pytest.approx(paid - resale * worth)
    # returned: the lessor finances the price less the resale's worth at 0.5 % a month
    financed = 96_000 - resale / 1.005**48
    assert returned.monthly_usd == pytest.approx(-npf.pmt(0.005, 48, financed))
    paid = sum(returned.monthly_usd * 1.07 ** (-month / 12) for month in range(1, 49))
    assert returned.present_usd == pytest.approx(paid)


@given(
    units=st.lists(st.integers(0, 3), min_size=4, max_size=4),
    life=st.integers(1, 5),
    discount=st.floats(0.0, 0.3),
)
def test_at_the_discount_rate_every_way_costs_what_buying_does(
    units: list[int], life: int, discount: float
) -> None:
    """No term moves the break-even: money lent at the rate it is discounted with costs nothing."""
    nominal = 12 * ((1 + discount) ** (1 / 12) - 1)
    terms = money(lease_rate=nominal, discount_rate=discount, hardware_life_years=life)
    rates = dataclasses.replace(RATES, low=nominal, high=nominal)
    found = lease_or_buy("a", "A", np.cumsum(units), 1_000.0, terms, rates)
    for way in found.ways:
        assert way.present_usd == pytest.approx(found.buy_net_usd, rel=1e-9, abs=1e-6)


def test_servers_replaced_within_the_horizon_are_leased_for_their_life() -> None:
    """Life two of four years: two leases of 24 months, none beyond the servers it is for."""
    terms = money(lease_rate=0.06, hardware_life_years=2, hardware_trend=-0.1)
    found = lease_or_buy("a", "A", np.array([1, 1, 1, 1]), 1_000.0, terms, RATES)
    assert found.months == 24
    assert found.least_months == 24
    first, second = (-12 * npf.pmt(0.005, 24, usd) for usd in (1_000.0, 810.0))
    assert found.lease_by_year_usd == pytest.approx([first, first, second, second])


def test_servers_that_come_later_are_leased_for_less_and_that_is_told() -> None:
    """Four years: those of the start for 48 months, one more for 36, the last for 12."""
    found = lease_or_buy("a", "A", np.array([1, 2, 2, 3]), 1_000.0, money(), RATES)
    assert (found.months, found.least_months) == (48, 12)
    terms = told_lease(found, US_DOLLAR).terms
    assert "48 level payments" in terms and "12 months at least" in terms
    alike = lease_or_buy("a", "A", np.array([2, 2, 2, 2]), 1_000.0, money(), RATES)
    assert "at least" not in told_lease(alike, US_DOLLAR).terms


@pytest.mark.parametrize("rate", [0.0, 5e-324, 1e-15])
def test_a_rate_that_is_hardly_one_spreads_the_price_evenly(rate: float) -> None:
    assert level_payment(rate, 48, 96_000.0) == pytest.approx(2000.0)
    assert level_payment(rate, 48, 96_000.0, 48_000.0, in_advance=True) == pytest.approx(1000.0)


def test_a_level_payment_pays_off_what_is_owed_month_by_month() -> None:
    """A second way: the debt grows by its interest and falls by the payment, to what is left."""
    payment, debt = level_payment(0.0075, 60, 100_000.0, 20_000.0), 100_000.0
    for _month in range(60):
        debt = debt * 1.0075 - payment
    assert debt == pytest.approx(20_000.0)
