"""Money over time, against arithmetic written out and numpy-financial."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assessment import Economics
from core.catalog.types import Provenance
from core.economics.cash_flow import (
    monthly_cumulative,
    payback_months,
    total_cost,
    without_final_resale,
)
from core.economics.ledger import Ledger, straight_line
from core.economics.purchases import lease_payments, purchases, residual_share
from core.economics.rates import Money

SOURCE = Provenance("hand-made", "2026-11-01", "low")


def money(**changes: object) -> Money:
    base = Economics(
        horizon_years=4, discount_rate=0.10, hardware_trend=-0.10, hardware_life_years=3,
        residual_share_36m=0.27,
    )  # fmt: skip  # one thought
    return Money(dataclasses.replace(base, **changes))  # type: ignore[arg-type]  # fields of it


def test_purchases_by_hand() -> None:
    # Two servers at once, a third from year 2; life three years; price falls 10 % a year.
    bought = purchases(np.array([2, 3, 3, 3]), 100.0, money())
    assert bought.bought.tolist() == [2, 1, 0, 2]  # the first two are replaced after three years
    assert bought.paid_usd.tolist() == pytest.approx([200.0, 90.0, 0.0, 2 * 72.9, 0.0])
    # Sold: the first two at age 3 (27 %), the third at age 3, the replacements at age 1 (0.27^1/3).
    one_year = 0.27 ** (1 / 3)
    assert bought.residual_usd[3] == pytest.approx(-200.0 * 0.27)
    assert bought.residual_usd[4] == pytest.approx(-90.0 * 0.27 - 145.8 * one_year)
    # In service: 200, then 290, 290, then 90 + 145.8.
    assert bought.in_service_usd.tolist() == pytest.approx([200, 290, 290, 235.8])
    # Written off over three years each.
    off = straight_line(bought.paid_usd.tolist(), 3, 4)
    assert off == pytest.approx([200 / 3, 290 / 3, 290 / 3, 235.8 / 3])


def test_depreciation_by_class_is_price_over_life() -> None:
    """Straight line: price over life, each class over its own, whatever the horizon."""
    ledger = Ledger(money(horizon_years=4))
    ledger.add("servers", "Servers", "capex", np.array([900.0, 0, 0, 0, 0]), "", SOURCE,
               life_years=3)  # fmt: skip  # one thought
    ledger.add("works", "Power works", "capex", np.array([0, 1500.0, 0, 0, 0]), "", SOURCE,
               life_years=15)  # fmt: skip  # one thought
    ledger.add("energy", "Electricity", "energy", np.full(4, 10.0), "", SOURCE)
    cost = total_cost(ledger, np.ones(4), np.ones(4), 0.5)
    # 900 over three years from the start; 1,500 bought at the end of year 1, 100 a year from then.
    assert [part.yearly_usd for part in cost.depreciation] == [
        pytest.approx((300, 300, 300, 0)),
        pytest.approx((0, 100, 100, 100)),
    ]
    assert cost.depreciation_by_year_usd == pytest.approx((300, 400, 400, 100))


def test_what_is_sold_before_it_is_written_off_loses_book_value_less_resale() -> None:
    """Life five, horizon four: a fifth of 1,000 stands in the books, 300 come back: a gain of 100.

    The rack stays: two fifths of 500 are written off, 300 left, no loss.
    """
    ledger = Ledger(money(horizon_years=4))
    ledger.add("servers", "Servers", "capex", np.array([1000.0, 0, 0, 0, 0]), "", SOURCE,
               life_years=5)  # fmt: skip  # one thought
    ledger.add("network", "Network", "capex", np.array([100.0, 0, 0, 0, 0]), "", SOURCE,
               life_years=5)  # fmt: skip  # one thought
    ledger.add("racks", "Racks", "capex", np.array([500.0, 0, 0, 0, 0]), "", SOURCE,
               life_years=10)  # fmt: skip  # one thought
    ledger.add("residual", "Resale", "residual", np.array([0.0, 0, 0, 0, -300.0]), "", SOURCE)
    cost = total_cost(ledger, np.ones(4), np.ones(4), 0.5)
    # 200 of servers and 20 of network stand in the books, 300 are paid: 80 more
    assert cost.disposal_by_year_usd == pytest.approx((0, 0, 0, -80))
    assert cost.book_value_left_usd == pytest.approx(300)
    assert cost.bought_usd == 1600 and cost.resale_usd == 300
    assert sum(cost.depreciation_by_year_usd) == pytest.approx(1600 - 300 - 220)


@given(
    units=st.lists(st.integers(0, 5), min_size=1, max_size=8),
    life=st.integers(1, 10),
    share=st.floats(0, 1),
)
def test_depreciation_and_loss_are_what_was_bought_less_resale(
    units: list[int], life: int, share: float
) -> None:
    years = len(units)
    terms = money(horizon_years=years, hardware_life_years=life, residual_share_36m=share)
    bought = purchases(np.cumsum(units), 1_000.0, terms)
    ledger = Ledger(terms)
    ledger.add("servers", "Servers", "capex", bought.paid_usd, "", SOURCE, life_years=life)
    ledger.add("residual", "Resale", "residual", bought.residual_usd, "", SOURCE)
    cost = total_cost(ledger, np.ones(years), np.ones(years), 0.5)
    off = sum(cost.depreciation_by_year_usd) + sum(cost.disposal_by_year_usd)
    assert off == pytest.approx(bought.paid_usd.sum() + bought.residual_usd.sum(), abs=1e-6)


@given(
    paid=st.lists(st.floats(0, 1e9), min_size=1, max_size=10),
    life=st.floats(0.5, 10),
)
def test_in_the_end_exactly_the_price_is_written_off(paid: list[float], life: float) -> None:
    years = len(paid) + 11
    off = straight_line(paid, life, years)
    assert sum(off) == pytest.approx(sum(paid), rel=1e-9, abs=1e-6)
    assert all(usd >= 0 for usd in off)


def test_residual_is_the_same_ratio_every_year() -> None:
    assert residual_share(0.27, 3) == pytest.approx(0.27)
    assert residual_share(0.27, 2) / residual_share(0.27, 1) == pytest.approx(
        residual_share(0.27, 1)
    )


def test_lease_is_an_annuity() -> None:
    terms = money(lease_rate=0.06, horizon_years=4, hardware_life_years=4)
    bought = purchases(np.array([1, 1, 1, 1]), 48_000.0, terms)
    paid = lease_payments(bought, terms)
    # 48 monthly payments at 0.5 %: 48,000 x 0.005 / (1 - 1.005^-48) = 1,127.28
    assert paid.tolist() == pytest.approx([0.0] + [12 * 1127.28] * 4, rel=1e-5)
    monthly = np.full(48, paid[1] / 12)
    assert npf.npv(0.06 / 12, np.concatenate(([0.0], monthly))) == pytest.approx(48_000.0)


@given(
    rate=st.floats(0, 1),
    capex=st.lists(st.floats(0, 1e9), min_size=1, max_size=4),
    opex=st.lists(st.floats(0, 1e9), min_size=1, max_size=4),
)
def test_the_present_value_is_that_of_the_monthly_flows(
    rate: float, capex: list[float], opex: list[float]
) -> None:
    """The sum over months that numpy-financial discounts at the monthly rate, one by one."""
    years = max(len(capex), len(opex))
    terms = money(horizon_years=years, discount_rate=rate)
    ledger = Ledger(terms)
    lump, spread = np.zeros(years + 1), np.zeros(years)
    lump[: len(capex)], spread[: len(opex)] = capex, opex
    ledger.add("servers", "Servers", "capex", lump, "", SOURCE)
    ledger.add("support", "Support", "opex", spread, "", SOURCE)
    cost = total_cost(ledger, np.ones(years), np.ones(years), 0.5)
    flows = np.zeros(12 * years + 1)
    flows[::12] += lump
    for month in range(12 * years):
        flows[month + 1] += spread[month // 12] / 12
    expected = npf.npv((1 + rate) ** (1 / 12) - 1, flows)
    assert cost.npv_usd == pytest.approx(expected, rel=1e-9, abs=1e-3)
    assert cost.monthly_usd == pytest.approx(flows, rel=1e-6, abs=1e-3)


def ledger_of(terms: Money) -> Ledger:
    ledger = Ledger(terms)
    ledger.add("servers", "Servers", "capex", np.array([1000.0, 0, 0]), "", SOURCE, (0.9, 1.2))
    ledger.add(
        "energy", "Electricity", "energy", np.array([110.0, 121.0]), "", SOURCE, (0.5, 2.0),
        short_run_usd=np.array([22.0, 24.2]),
    )  # fmt: skip  # one thought
    return ledger


def test_levelised_cost_by_hand() -> None:
    terms = money(horizon_years=2)
    cost = total_cost(ledger_of(terms), np.array([3e6, 3e6]), np.array([1e6, 1e6]), 0.25)
    # 10 % a year is 0.797414 % a month; twelve payments of a twelfth at the ends of the months of a
    # year are worth 0.1/1.1 / (12 x 0.00797414) = 0.950041 of the year's sum at its start.
    month = 1.1 ** (1 / 12) - 1
    assert month == pytest.approx(0.00797414, abs=1e-8)
    year = -float(npf.pv(month, 12, 1 / 12))
    assert year == pytest.approx(0.950041, abs=1e-6)
    # PV of cost: 1000 + 0.950041 x (110 + 121/1.1) = 1209.01; of 4 Mtok a year alike.
    tokens = 4 * year * (1 + 1 / 1.1)
    energy = year * (110 + 121 / 1.1)
    assert energy == pytest.approx(209.01, abs=0.01)
    assert cost.npv_usd == pytest.approx(1000.0 + energy)
    assert cost.usd_per_mtok.base == pytest.approx((1000.0 + energy) / tokens)
    assert cost.usd_per_mtok.low == pytest.approx((900.0 + energy / 2) / tokens)
    assert cost.usd_per_mtok.high == pytest.approx((1200.0 + energy * 2) / tokens)
    # A quarter of accelerator time is prefill, over three quarters of the tokens.
    whole = 1000.0 + energy
    assert cost.usd_per_mtok_input == pytest.approx(0.25 * whole / (tokens * 0.75))
    assert cost.usd_per_mtok_output == pytest.approx(0.75 * whole / (tokens * 0.25))
    # A fifth of the electricity follows the tokens; servers do not.
    assert [line.short_run_share for line in cost.lines] == pytest.approx([0.0, 0.2])
    assert cost.usd_per_mtok_short_run == pytest.approx(0.2 * energy / tokens)
    assert cost.capex_usd == 1000.0
    assert cost.opex_first_year_usd == 110.0
    # Input and output parts add up to the whole.
    both = cost.usd_per_mtok_input * tokens * 0.75 + cost.usd_per_mtok_output * tokens * 0.25
    assert both == pytest.approx(cost.npv_usd)


def test_empty_lines_are_left_out() -> None:
    ledger = Ledger(money())
    ledger.add("x", "X", "opex", np.zeros(5), "", SOURCE)
    assert ledger.lines == ()


def test_a_bill_is_summed_without_a_word_and_worded_where_it_is_read() -> None:
    made: list[str] = []

    def words() -> str:
        made.append("made")
        return "2 x 50 USD"

    one, other = Ledger(money(discount_rate=0.0)), Ledger(money(discount_rate=0.0))
    one.add("servers", "Servers", "capex", np.array([100.0, 0, 0, 0, 0]), words, SOURCE,
            life_years=4)  # fmt: skip  # one thought
    one.add("none", "None", "opex", np.zeros(4), words, SOURCE)  # left out, never worded
    other.add("staff", "Staff", "opex", np.full(4, 5.0), "5 USD", SOURCE)
    both = one.with_lines_of(other)
    assert (one.usd, other.usd, both.usd) == (100.0, 20.0, 120.0)
    assert made == []
    assert [line.formula for line in both.lines] == ["2 x 50 USD", "5 USD"]
    assert made == ["made"]
    assert [part.yearly_usd for part in both.depreciation] == [(25.0,) * 4]


def test_cumulative_by_month() -> None:
    terms = money(horizon_years=2)
    total = monthly_cumulative(ledger_of(terms).lines, 2)
    assert len(total) == 25
    assert total[0] == 1000.0
    assert total[6] == pytest.approx(1000 + 55)
    assert total[24] == pytest.approx(1231)


def test_payback_is_where_the_lines_cross_for_good() -> None:
    # Option: 100 up front, 1 a month; base: 6 a month. They cross at month 20.
    months = np.arange(49)
    assert payback_months((100 + months * 1.0).tolist(), (months * 6.0).tolist()) == pytest.approx(
        20.0
    )
    assert payback_months((300 + months * 1.0).tolist(), (months * 6.0).tolist()) is None
    assert payback_months((months * 1.0).tolist(), (months * 6.0).tolist()) == 0.0


def test_nothing_is_paid_back_by_resale_alone() -> None:
    """1,200 up front, 10 a month, sold for 700 in month 24; the base pays 50 a month.

    24 x 50 = 1,200 against 1,440 without and 740 with the resale: it crosses only by selling.
    """
    terms = money(horizon_years=2)
    ledger = Ledger(terms)
    source = Provenance("", "", "low")
    ledger.add("servers", "Servers", "capex", np.array([1200.0, 0.0, 0.0]), "", source)
    ledger.add("staff", "Staff", "opex", np.array([120.0, 120.0]), "", source)
    ledger.add("residual", "Resale", "residual", np.array([0.0, 0.0, -700.0]), "", source)
    cost = total_cost(ledger, np.ones(2), np.ones(2), 0.5)
    base = (np.arange(25) * 50.0).tolist()
    # 280 above after month 23, 460 below after month 24
    assert payback_months(cost.cumulative_usd, base) == pytest.approx(23 + 280 / 740)
    assert without_final_resale(cost)[:-1] == cost.cumulative_usd[:-1]
    assert without_final_resale(cost)[-1] == pytest.approx(1440.0)
    assert payback_months(without_final_resale(cost), base) is None
    # what pays back before the end does so in the same month, sold or not
    soon = (np.arange(25) * 100.0).tolist()
    early = payback_months(cost.cumulative_usd, soon)
    assert early == payback_months(without_final_resale(cost), soon) == pytest.approx(1200 / 90)


def test_months_add_up_to_the_running_total() -> None:
    cost = total_cost(ledger_of(money(horizon_years=2)), np.ones(2), np.ones(2), 0.5)
    assert len(cost.monthly_usd) == 25
    assert cost.monthly_usd[0] == 1000.0
    assert cost.monthly_usd[1] == pytest.approx(110 / 12)
    assert sum(cost.monthly_usd) == pytest.approx(cost.cumulative_usd[-1])
