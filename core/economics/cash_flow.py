"""Cost lines over the years, and what they add up to.

Convention: column 0 is paid before the start; column ``y`` holds what is paid during year ``y``.
Running costs are paid in twelve equal parts at the ends of its months, and tokens are counted
with them; purchases and resale fall on its last day, when the servers that year ``y + 1`` needs
are bought. Everything is discounted by month (``discounting``). Nominal US dollars.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from core.assessment import Economics
from core.catalog.types import Provenance
from core.economics.discounting import (
    MONTHS,
    level_payment,
    month_end_factors,
    year_end_factors,
)
from core.performance.types import Floats, Ints
from core.products import dot
from core.recommendation import Cost, CostLine, Depreciation, Spread

PER_UNIT = frozenset(
    {
        "servers",
        "lease",
        "network",
        "racks",
        "installation",
        "licences",
        "support",
        "energy",
        "colocation",
        "remote_hands",
        "residual",
        "cloud_on_demand",
        "cloud_committed",
        "cloud_spot",
        "cloud_queued",
        "field_service",
        "tokens",
        "egress",
    }
)
"""Lines that grow with every further unit; the others are paid once however many there are."""
PER_TOKEN = frozenset({"tokens", "egress", "cloud_spot", "cloud_queued"})
"""Of these, lines that are in proportion to the tokens however full the servers are."""
LASTING = frozenset({"racks", "power_works", "cooling_works"})
"""What stays when servers are sold; all else that is written off is given up with them."""
LUMPS = frozenset({"capex", "residual"})
"""Kinds paid or received on one day; all others are spread over the months of their year."""


@dataclass(frozen=True)
class Money:
    """Rates over the horizon: discounting and the yearly trend of each price class."""

    economics: Economics

    @cached_property
    def years(self) -> int:
        """Length of the horizon."""
        return self.economics.horizon_years

    @cached_property
    def at_year_end(self) -> Floats:
        """Discount factor on what is paid on the last day of each column, shape (years + 1,)."""
        return year_end_factors(self.economics.discount_rate, self.years)

    @cached_property
    def by_month(self) -> Floats:
        """Discount factor on what is paid evenly at the ends of its months, same shape."""
        return month_end_factors(self.economics.discount_rate, self.years)

    @cached_property
    def running(self) -> Floats:
        """``by_month`` without the column before the start, shape (years,)."""
        return self.by_month[1:]

    def factors_of(self, kind: str) -> tuple[float, ...]:
        """Discount factors of a kind of cost line, by column, as plain numbers."""
        return self._lump_factors if kind in LUMPS else self._running_factors

    @cached_property
    def _lump_factors(self) -> tuple[float, ...]:
        return tuple(self.at_year_end.tolist())

    @cached_property
    def _running_factors(self) -> tuple[float, ...]:
        return tuple(self.by_month.tolist())

    def trend(self, rate: float) -> Floats:
        """Factor on a price in each year, shape (years,): today's price holds in year 1."""
        return np.asarray((1.0 + rate) ** np.arange(float(self.years)))

    @cached_property
    def electricity(self) -> Floats:
        """Trend of the electricity price."""
        return self.trend(self.economics.electricity_growth)

    @cached_property
    def labour(self) -> Floats:
        """Trend of labour and of rates that follow it."""
        return self.trend(self.economics.labour_trend)

    @cached_property
    def gpu_hour(self) -> Floats:
        """Trend of cloud accelerator prices."""
        return self.trend(self.economics.gpu_hour_trend)

    @cached_property
    def token(self) -> Floats:
        """Trend of token API prices."""
        return self.trend(self.economics.token_price_trend)

    @cached_property
    def hardware(self) -> Floats:
        """Trend of server prices, by column bought in."""
        return self.trend(self.economics.hardware_trend)


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


@dataclass
class Ledger:
    """Collects the lines of one option."""

    money: Money
    lines: list[CostLine] = field(default_factory=list)
    depreciation: list[Depreciation] = field(default_factory=list)
    place: str = ""
    """Put behind the label of every further line where an option has two places."""

    def add(
        self,
        key: str,
        label: str,
        kind: str,
        yearly: Floats,
        formula: str,
        provenance: Provenance,
        factors: tuple[float, float] = (1.0, 1.0),
        *,
        assumption: bool = False,
        life_years: float | None = None,
        short_run_usd: Floats | None = None,
        even_free: bool = False,
    ) -> None:
        """Add a line of ``years + 1`` columns (or ``years``, then nothing before the start).

        Lines that are zero throughout are left out unless ``even_free``. What is bought with a
        useful life is depreciated over it. ``short_run_usd`` of each year, shape (years,), is what
        grows in proportion to the tokens on the fleet as it stands; by default nothing does, of
        metered lines everything.
        """
        # a handful of plain numbers each, some two thousand lines in an assessment
        values: list[float] = yearly.tolist()
        if len(values) == self.money.years:
            values.insert(0, 0.0)
        if not (any(values) or even_free):
            return
        present = sum(map(operator.mul, values, self.money.factors_of(kind)))
        share = 1.0 if kind == "metered" else 0.0
        if short_run_usd is not None:
            share = dot(short_run_usd, self.money.running) / present if present else 0.0
        self.lines.append(
            CostLine(
                key=key,
                label=f"{label}, {self.place}" if self.place else label,
                kind=kind,  # type: ignore[arg-type]  # callers pass the literals
                yearly_usd=tuple(values),
                present_value_usd=present,
                low_factor=factors[0],
                high_factor=factors[1],
                formula=formula,
                provenance=provenance,
                is_assumption=assumption,
                short_run_share=share,
            )
        )
        if life_years is not None:
            self.depreciate(label, values, life_years, stays=key in LASTING)

    def depreciate(
        self, label: str, paid_usd: Sequence[float], life_years: float, *, stays: bool = False
    ) -> None:
        """Write off what each column buys in equal parts over a life that starts with it."""
        years = self.money.years
        usd = straight_line(paid_usd, life_years, years)
        bought = math.fsum(paid_usd[:years])
        self.depreciation.append(Depreciation(label, life_years, usd, bought, stays))


def straight_line(paid_usd: Sequence[float], life_years: float, years: int) -> tuple[float, ...]:
    """Depreciation in each year, shape (years,), of purchases by column (``years`` or one more).

    What column ``c`` buys serves from year ``c + 1`` on. A life that ends within a year counts
    with the part of the year that it lasts.
    """
    found = [0.0] * years
    for column, usd in enumerate(paid_usd[:years]):
        if usd:
            for year in range(column, years):
                left = life_years - (year - column)
                if left > 0.0:
                    found[year] += usd * (left if left < 1.0 else 1.0) / life_years
    return tuple(found)


def monthly_cumulative(lines: Sequence[CostLine], years: int) -> tuple[float, ...]:
    """Undiscounted running total by month, ``12 x years + 1`` values.

    Purchases and resale fall on the last month of their column; everything else is spread
    evenly over its year.
    """
    lumps = _sums([x for x in lines if x.kind in LUMPS], years)
    spread = _sums([x for x in lines if x.kind not in LUMPS], years)
    flows = [lumps[0] + spread[0]]
    for year in range(1, years + 1):
        month = spread[year] / 12.0
        flows.extend([month] * 11)
        flows.append(month + lumps[year])
    return tuple(itertools.accumulate(flows))


def _depreciated(parts: Sequence[Depreciation], years: int) -> tuple[float, ...]:
    if not parts:
        return (0.0,) * years
    return tuple(math.fsum(usd) for usd in zip(*(x.yearly_usd for x in parts), strict=True))


def disposal_loss(
    parts: Sequence[Depreciation], lines: Sequence[CostLine], years: int
) -> tuple[float, ...]:
    """Book value less resale of what is given up at the end of each year, shape (years,).

    Servers replaced within the horizon are written off by then, so their resale is a gain; what
    the last ones still stand at when the horizon ends is a loss as far as resale does not cover
    it. So depreciation + loss + resale + the book value of what stays is what was bought.
    """
    if not parts:
        return ()
    found = _sums([x for x in lines if x.kind == "residual"], years)[1:]
    found[-1] += math.fsum(part.left_usd for part in parts if not part.stays)
    return tuple(found)


def _sums(lines: Sequence[CostLine], years: int) -> list[float]:
    """Sum of some lines by column, ``years + 1`` values."""
    if not lines:
        return [0.0] * (years + 1)
    return [math.fsum(column) for column in zip(*(x.yearly_usd for x in lines), strict=True)]


LEAST_MTOK = 1e-30
"""Demand below this counts as this much, so that no price per token is infinite."""


def total_cost(
    ledger: Ledger,
    input_tokens: Floats,
    output_tokens: Floats,
    prefill_share: float | None,
    *,
    per_token_usd: tuple[float, float] | None = None,
) -> Cost:
    """Add up a ledger. Tokens are of each year, shape (years,).

    ``prefill_share`` splits the cost between input and output by accelerator time;
    ``per_token_usd`` (present values paid for input and for output tokens) does it for an API.
    """
    money, lines = ledger.money, tuple(ledger.lines)
    years = money.years
    yearly = _sums(lines, years)
    npv = math.fsum(line.present_value_usd for line in lines)
    pv_in = max(dot(input_tokens, money.running) / 1e6, LEAST_MTOK)
    pv_out = max(dot(output_tokens, money.running) / 1e6, LEAST_MTOK)
    pv_tokens = pv_in + pv_out
    low = high = short_run = capex = opex = 0.0
    for line in lines:
        pv = line.present_value_usd
        one, other = pv * line.low_factor, pv * line.high_factor
        if one > other:  # income
            one, other = other, one
        low, high = low + one, high + other
        short_run += pv * line.short_run_share
        capex += line.yearly_usd[0]
        opex += line.yearly_usd[1] if line.kind not in LUMPS else 0.0
    if per_token_usd is not None:
        rest = npv - sum(per_token_usd)
        whole = max(sum(per_token_usd), 1e-30)
        for_input = per_token_usd[0] + rest * per_token_usd[0] / whole
    else:
        for_input = npv * (prefill_share if prefill_share is not None else 0.0)
    split = prefill_share is not None or per_token_usd is not None
    spent = _depreciated(ledger.depreciation, years)
    tokens: list[float] = (input_tokens + output_tokens).tolist()
    return Cost(
        lines=lines,
        capex_usd=capex,
        yearly_usd=tuple(yearly),
        opex_first_year_usd=opex,
        npv_usd=npv,
        usd_per_mtok=Spread(low / pv_tokens, npv / pv_tokens, high / pv_tokens),
        usd_per_mtok_input=for_input / pv_in if split else None,
        usd_per_mtok_output=(npv - for_input) / pv_out if split else None,
        usd_per_mtok_short_run=short_run / pv_tokens,
        usd_per_mtok_next_server=None,
        depreciation_by_year_usd=spent,
        depreciation=tuple(ledger.depreciation),
        disposal_by_year_usd=disposal_loss(ledger.depreciation, lines, years),
        cumulative_usd=monthly_cumulative(lines, years),
        payback_months=None,
        savings_npv_usd=None,
        tokens_by_year=tuple(tokens),
    )


def without_final_resale(cost: Cost) -> tuple[float, ...]:
    """Running total by month as if nothing were sold when the horizon ends.

    Who has paid back only by selling what it was paid for has not.
    """
    sold = math.fsum(line.yearly_usd[-1] for line in cost.lines if line.kind == "residual")
    return (*cost.cumulative_usd[:-1], cost.cumulative_usd[-1] - sold)


def payback_months(cumulative: Sequence[float], base: Sequence[float]) -> float | None:
    """First month from which the option has cost no more than the base case for good.

    0 where it never costs more; ``None`` where it ends above the base. Interpolated in the
    month of the crossing.
    """
    if len(cumulative) != len(base):
        raise ValueError(f"{len(cumulative)} months against {len(base)}")
    tolerance = 1e-9 * max(1.0, abs(base[-1]))
    after = 0.0  # the gap of the month after
    for month in range(len(base) - 1, -1, -1):  # from the end: most end far above or below
        gap = cumulative[month] - base[month]
        if gap > tolerance:
            return None if month == len(base) - 1 else month + gap / (gap - after)
        after = gap
    return 0.0
