"""Servers bought, replaced, financed and sold again, by the columns of ``ledger``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.economics.discounting import MONTHS, level_payment
from core.economics.rates import Money
from core.performance.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Purchases:
    """Servers bought, replaced and finally sold."""

    bought: Ints
    """Units paid in each column, shape (years,)."""
    paid_usd: Floats
    """Shape (years + 1,)."""
    residual_usd: Floats
    """What resale returns (negative), shape (years + 1,)."""
    in_service_usd: Floats
    """Purchase value of the units in service in each year, shape (years,)."""


def residual_share(share_36m: float, age_years: float) -> float:
    """Resale value after ``age_years`` as a share of the price: the same ratio every year."""
    return float(share_36m ** (age_years / 3.0))


def purchases(units_by_year: Ints, unit_usd: float, money: Money) -> Purchases:
    """Buy what each year needs; replace after the useful life; sell at the end.

    ``units_by_year`` never falls: owned servers stay.
    """
    years, life = money.years, money.economics.hardware_life_years
    share = money.economics.residual_share_36m
    units: list[int] = units_by_year.tolist()
    trend: list[float] = money.hardware.tolist()
    bought = [0] * years  # plain numbers: a handful each, and there are hundreds of fleets
    paid, residual = [0.0] * (years + 1), [0.0] * (years + 1)
    in_service = [0.0] * years
    for start, before in enumerate((0, *units[:-1])):
        added = units[start] - before
        for column in range(start, years, life) if added else ():
            end = min(column + life, years)
            value = added * unit_usd * trend[column]
            bought[column] += added
            paid[column] += value
            residual[end] -= value * residual_share(share, end - column)
            for year in range(column, end):
                in_service[year] += value
    return Purchases(
        np.array(bought, dtype=np.int64),
        np.array(paid),
        np.array(residual),
        np.array(in_service),
    )


def more_each_year(held: Floats | Ints, money: Money) -> Floats:
    """What is added by column, shape (years + 1,), to have as much as is ``held`` in each year.

    ``held`` (years,) never falls. Added before the year begins, so nothing in the last column.
    """
    found = np.zeros(money.years + 1)
    found[:-1] = held
    found[1:-1] -= held[:-1]
    return found


def lease_payments(bought: Purchases, money: Money) -> Floats:
    """Yearly sums of the payments that finance each purchase for as long as it serves.

    Level monthly payments in arrears, the first a month after the purchase (annuity,
    numpy-financial ``pmt``), over the useful life or the rest of the horizon, the shorter; the
    servers belong to the lessee in the end, so the resale value stays. Shape (years + 1,).
    """
    payments = np.zeros(money.years + 1)
    for column, end in served(bought, money):
        monthly = level_payment(
            money.economics.lease_rate / MONTHS,
            MONTHS * (end - column),
            float(bought.paid_usd[column]),
        )
        payments[column + 1 : end + 1] += MONTHS * monthly
    return payments


def served(bought: Purchases, money: Money) -> Iterator[tuple[int, int]]:
    """(column, column of the sale) of each purchase: its useful life, or until the horizon."""
    for column in range(money.years):
        if bought.paid_usd[column]:
            yield column, min(column + money.economics.hardware_life_years, money.years)
