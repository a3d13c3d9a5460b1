"""Servers bought against the same servers leased.

Buying pays the price before the start and sells at the end; leasing pays an annuity (numpy-
financial ``pmt``) at the end of every month and keeps the resale value, since the servers belong
to the lessee then. So the two differ in the payments for the servers alone, each discounted from
the month it falls in.
"""

from __future__ import annotations

import dataclasses

from core.economics.cash_flow import Money, lease_payments, purchases
from core.financing import LeaseOrBuy
from core.performance.types import Ints

RATE_TOLERANCE = 1e-4


def lease_or_buy(
    option_id: str, option_title: str, units_by_year: Ints, unit_usd: float, money: Money
) -> LeaseOrBuy:
    """Both ways for a fleet of so many units in each year (never falling, shape (years,))."""
    bought = purchases(units_by_year, unit_usd, money)
    leased = lease_payments(bought, money)
    return LeaseOrBuy(
        option_id=option_id,
        option_title=option_title,
        buy_usd=float(bought.paid_usd @ money.at_year_end),
        lease_usd=float(leased @ money.by_month),
        up_front_usd=float(bought.paid_usd[0]),
        lease_by_year_usd=tuple(leased[1:].tolist()),
        break_even_rate=_break_even(units_by_year, unit_usd, money),
    )


def _break_even(units_by_year: Ints, unit_usd: float, money: Money) -> float | None:
    """The lease rate at which leasing costs what buying does; payments grow with the rate."""
    bought = purchases(units_by_year, unit_usd, money)
    target = float(bought.paid_usd @ money.at_year_end)

    def dearer(rate: float) -> bool:
        terms = Money(dataclasses.replace(money.economics, lease_rate=rate))
        return float(lease_payments(bought, terms) @ money.by_month) > target

    low, high = 0.0, 1.0
    if dearer(low) or not dearer(high):
        return None
    while high - low > RATE_TOLERANCE:
        middle = (low + high) / 2.0
        low, high = (low, middle) if dearer(middle) else (middle, high)
    return (low + high) / 2.0
