"""Servers bought against the same servers leased.

Buying pays the price before the start and sells at the end; leasing pays an annuity (numpy-
financial ``pmt``) at the end of every month and keeps the resale value, since the servers belong
to the lessee then. So the two differ in the payments for the servers alone, each discounted from
the month it falls in. Beside the stated terms stand others, each changed alone: a low and a high
rate, payments at the start of the month, and servers that go back to a lessor who takes their
resale off what the payments must return.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from core.catalog.types import Range
from core.economics.discounting import MONTHS, level_payment, monthly_rate
from core.economics.purchases import Purchases, lease_payments, purchases, residual_share, served
from core.economics.rates import Money
from core.financing import LeaseOrBuy, LeaseWay
from core.performance.types import Ints
from core.products import dot

RATE_TOLERANCE = 1e-4


def lease_or_buy(
    option_id: str,
    option_title: str,
    units_by_year: Ints,
    unit_usd: float,
    money: Money,
    rates: Range,
) -> LeaseOrBuy:
    """Both ways for a fleet of so many units in each year (never falling, shape (years,)).

    ``rates`` are the nominal yearly lease rates of the market (shares): low and high are tried
    beside the stated one.
    """
    bought = purchases(units_by_year, unit_usd, money)
    leased = lease_payments(bought, money)
    terms = [MONTHS * (end - start) for start, end in served(bought, money)]
    return LeaseOrBuy(
        option_id=option_id,
        option_title=option_title,
        buy_usd=dot(bought.paid_usd, money.at_year_end),
        lease_usd=dot(leased, money.by_month),
        up_front_usd=float(bought.paid_usd[0]),
        lease_by_year_usd=tuple(leased[1:].tolist()),
        break_even_rate=_break_even(bought, money),
        discount_rate=money.economics.discount_rate,
        months=next(iter(terms), 0),
        least_months=min(terms, default=0),
        resale_usd=-dot(bought.residual_usd, money.at_year_end),
        rates=rates,
        ways=tuple(_ways(bought, money, rates)),
    )


def _ways(bought: Purchases, money: Money, rates: Range) -> Iterator[LeaseWay]:
    """The stated terms and what they become with one of them changed."""
    stated = money.economics.lease_rate
    yield _way(bought, money, stated)
    for rate in (rates.low, rates.high):
        yield _way(bought, money, rate)
    yield _way(bought, money, stated, in_advance=True)
    yield _way(bought, money, stated, returned=True)


def _way(
    bought: Purchases,
    money: Money,
    rate: float,
    *,
    in_advance: bool = False,
    returned: bool = False,
) -> LeaseWay:
    """Every payment in its month: an annuity of the price, less what the lessor sells for."""
    economics = money.economics
    # paid in advance, every payment falls a month earlier
    earlier = 1.0 + monthly_rate(economics.discount_rate) if in_advance else 1.0
    first, present = 0.0, 0.0
    for start, end in served(bought, money):
        price, term = float(bought.paid_usd[start]), MONTHS * (end - start)
        resale = price * residual_share(economics.residual_share_36m, end - start)
        taken = resale if returned else 0.0
        monthly = level_payment(rate / MONTHS, term, price, taken, in_advance=in_advance)
        first = first or monthly
        present += MONTHS * monthly * float(money.by_month[start + 1 : end + 1].sum()) * earlier
        present -= (resale - taken) * float(money.at_year_end[end])
    return LeaseWay(rate, in_advance, returned, first, present)


def _break_even(bought: Purchases, money: Money) -> float | None:
    """The lease rate at which leasing costs what buying does; payments grow with the rate."""
    target = dot(bought.paid_usd, money.at_year_end)

    def dearer(rate: float) -> bool:
        terms = Money(dataclasses.replace(money.economics, lease_rate=rate))
        return dot(lease_payments(bought, terms), money.by_month) > target

    low, high = 0.0, 1.0
    if dearer(low) or not dearer(high):
        return None
    while high - low > RATE_TOLERANCE:
        middle = (low + high) / 2.0
        low, high = (low, middle) if dearer(middle) else (middle, high)
    return (low + high) / 2.0
