"""What the lines of a ``ledger`` add up to: totals, levelised cost, monthly sums, payback."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from core.economics.ledger import Ledger
from core.economics.line_kinds import LUMPS
from core.performance.types import Floats
from core.products import dot
from core.recommendation import Cost, CostLine, Depreciation, Spread


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
    money, lines, parts = ledger.money, ledger.lines, ledger.depreciation
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
    spent = _depreciated(parts, years)
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
        depreciation=parts,
        disposal_by_year_usd=disposal_loss(parts, lines, years),
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
