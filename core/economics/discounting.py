"""Discounting by month: what a dollar paid in some month is worth before the start.

The yearly rate is effective: a month's rate is ``(1 + rate) ** (1/12) - 1``. Amounts are kept by
year; within a year they either fall on its last day or are paid in twelve equal parts at the ends
of its months, and each of the two ways has a closed form. Column 0 is the day before the start.
"""

from __future__ import annotations

import numpy as np

from core.performance.types import Floats

MONTHS = 12
LEAST_RATE = 1e-12
"""Monthly rates below this are none: a double cannot tell 1 plus them from 1."""


def level_payment(
    rate: float, months: int, price_usd: float, left_usd: float = 0.0, *, in_advance: bool = False
) -> float:
    """The equal monthly payment that pays off a price and leaves ``left_usd`` to be paid by others.

    ``rate`` is that of a month. An annuity (numpy-financial ``pmt``), at the ends of the months
    or, ``in_advance``, at their beginnings.
    """
    from numpy_financial import pmt

    when = "begin" if in_advance else "end"
    return -float(pmt(rate if rate > LEAST_RATE else 0.0, months, price_usd, -left_usd, when))


def monthly_rate(rate: float) -> float:
    """The rate of a month that compounds to an effective yearly ``rate`` (shares)."""
    return float((1.0 + rate) ** (1.0 / MONTHS) - 1.0)


def year_end_factors(rate: float, years: int) -> Floats:
    """Factor on what is paid on the last day of each column, shape (years + 1,)."""
    return np.asarray((1.0 + rate) ** -np.arange(years + 1.0))


def month_end_factors(rate: float, years: int) -> Floats:
    """Factor on what is spread evenly over the month ends of each year, shape (years + 1,).

    The mean of the year's twelve monthly factors; column 0 is paid at once.
    """
    months = (1.0 + rate) ** (-np.arange(1.0, MONTHS + 1.0) / MONTHS)
    factors = np.ones(years + 1)
    factors[1:] = year_end_factors(rate, years)[:-1] * months.mean()
    return factors
