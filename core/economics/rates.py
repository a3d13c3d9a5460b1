"""Rates over the horizon: what a payment of each year is worth today, and how prices move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.assessment import Economics
from core.economics.discounting import month_end_factors, year_end_factors
from core.economics.line_kinds import LUMPS
from core.lazy import lazy
from core.performance.types import Floats


@dataclass(frozen=True)
class Money:
    """Rates over the horizon: discounting and the yearly trend of each price class."""

    economics: Economics

    @lazy
    def years(self) -> int:
        """Length of the horizon."""
        return self.economics.horizon_years

    @lazy
    def at_year_end(self) -> Floats:
        """Discount factor on what is paid on the last day of each column, shape (years + 1,)."""
        return year_end_factors(self.economics.discount_rate, self.years)

    @lazy
    def by_month(self) -> Floats:
        """Discount factor on what is paid evenly at the ends of its months, same shape."""
        return month_end_factors(self.economics.discount_rate, self.years)

    @lazy
    def running(self) -> Floats:
        """``by_month`` without the column before the start, shape (years,)."""
        return self.by_month[1:]

    def factors_of(self, kind: str) -> tuple[float, ...]:
        """Discount factors of a kind of cost line, by column, as plain numbers."""
        return self._lump_factors if kind in LUMPS else self._running_factors

    @lazy
    def _lump_factors(self) -> tuple[float, ...]:
        return tuple(self.at_year_end.tolist())

    @lazy
    def _running_factors(self) -> tuple[float, ...]:
        return tuple(self.by_month.tolist())

    def trend(self, rate: float) -> Floats:
        """Factor on a price in each year, shape (years,): today's price holds in year 1."""
        return np.asarray((1.0 + rate) ** np.arange(float(self.years)))

    @lazy
    def electricity(self) -> Floats:
        """Trend of the electricity price."""
        return self.trend(self.economics.electricity_growth)

    @lazy
    def labour(self) -> Floats:
        """Trend of labour and of rates that follow it."""
        return self.trend(self.economics.labour_trend)

    @lazy
    def gpu_hour(self) -> Floats:
        """Trend of cloud accelerator prices."""
        return self.trend(self.economics.gpu_hour_trend)

    @lazy
    def token(self) -> Floats:
        """Trend of token API prices."""
        return self.trend(self.economics.token_price_trend)

    @lazy
    def hardware(self) -> Floats:
        """Trend of server prices, by column bought in."""
        return self.trend(self.economics.hardware_trend)
