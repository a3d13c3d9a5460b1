"""What each option costs in draws of what is uncertain (``uncertain_inputs``).

Each option's bill is known at several loads (``bills``); between them it is interpolated line by
line, each year at that year's load. Prices then move by class (all hardware together, all cloud
prices together...), trends shift each year's amounts; longer prompts and answers and prompts found
in the cache change how much hardware a request needs as re-runs of the engine say
(``length_effects``), its own error in proportion. So one draw is a handful of multiplications, and
thousands cost little.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.analysis.bills import LOADS, Bill, Bills
from core.analysis.uncertain_inputs import (
    GROWTH_POINTS,
    INDEX,
    INPUT_HIGH,
    INPUT_LOW,
    INPUTS,
    LOAD_HIGH,
    LOAD_LOW,
    OUTPUT_HIGH,
    OUTPUT_LOW,
    PREFIX_MOST,
    PREFIX_POINTS,
    TREND_OF,
    TREND_POINTS,
)
from core.performance.types import Bools, Floats
from core.products import product

Z80 = 1.2815515594
"""Standard normal quantile of 0.9: low and high of a range are read as P10 and P90."""
SHARED_ERROR = 0.5
"""Correlation of the engine's error between options: the same model and formulas."""


def _two_sided(z: Floats, low: float | Floats, high: float | Floats) -> Floats:
    """exp of a split normal: ``low`` and ``high`` are log factors at z = -Z80 and +Z80."""
    return np.exp(np.where(z < 0, -np.asarray(low), np.asarray(high)) * z / Z80)


@dataclass(frozen=True)
class Asked:
    """What is asked for in every future, against what was stated."""

    load: Floats
    """Requests in each year, multiples of the stated ones, shape (futures, years)."""
    input_tokens: Floats
    """Length of prompts, a multiple, shape (futures,); so for the next."""
    output_tokens: Floats
    fresh: Floats
    """Share of prompts that is not found in the cache, a multiple of the stated one."""
    mtok: Floats
    """Present value of all tokens, millions."""


def asked(bills: Bills, z: Floats) -> Asked:
    """Demand, its growth and its lengths, from standard normal values (futures, inputs)."""
    first = _two_sided(z[:, INDEX["load"]], math.log(LOAD_LOW), math.log(LOAD_HIGH))
    base = 1.0 + bills.growth
    growth = np.maximum(base + GROWTH_POINTS * z[:, INDEX["growth"]] / Z80, 0.05) / max(base, 0.05)
    years = np.arange(len(bills.input_mtok))
    load = first[:, None] * growth[:, None] ** years
    prompt = _two_sided(z[:, INDEX["input_tokens"]], math.log(INPUT_LOW), math.log(INPUT_HIGH))
    answer = _two_sided(z[:, INDEX["output_tokens"]], math.log(OUTPUT_LOW), math.log(OUTPUT_HIGH))
    stated = min(max(bills.prefix_share, 0.0), 1.0)
    shift = PREFIX_POINTS * z[:, INDEX["prefix_share"]] / Z80
    cached = np.clip(stated + shift, min(0.0, stated), max(PREFIX_MOST, stated))
    fresh = (1.0 - cached) / max(1.0 - stated, 1.0 - PREFIX_MOST)
    if stated > PREFIX_MOST:
        fresh = np.ones_like(prompt)
    mtok = prompt * (product(load, bills.input_mtok)) + answer * (product(load, bills.output_mtok))
    return Asked(load, prompt, answer, fresh, mtok)


def cost_usd_per_mtok(bills: Bills, z: Floats, own_z: Floats) -> Floats:
    """Levelised cost of every option in every future, shape (futures, options).

    ``z`` are standard normal values of ``INPUTS``, shape (futures, inputs); ``own_z`` the part of
    the engine's error that is each option's own, shape (futures, options).
    """
    wanted, trends = asked(bills, z), _trends(bills, z)
    columns = []
    for number, bill in enumerate(bills.bills):
        needed = wanted.load
        if not bill.hosted:
            share = math.sqrt(SHARED_ERROR)
            error = share * z[:, INDEX["engine"]] + math.sqrt(1 - SHARED_ERROR) * own_z[:, number]
            throughput = _two_sided(
                error, math.log(bill.throughput_low), math.log(bill.throughput_high)
            )
            work = (
                wanted.input_tokens**bill.work.prompts
                * wanted.output_tokens**bill.work.answers
                * wanted.fresh**bill.work.fresh
            )
            needed = wanted.load * (work / throughput)[:, None]
        columns.append(_npv(bill, wanted, needed, trends, z) / wanted.mtok)
    return np.stack(columns, axis=1)


def _mixed(share: float, one: Floats, other: Floats) -> Floats:
    return np.asarray(share * one + (1.0 - share) * other)


def _trends(bills: Bills, z: Floats) -> dict[str, Floats]:
    """Yearly change of each price, over the stated one, shape (futures,)."""
    return {
        name: np.maximum(1.0 + rate + TREND_POINTS[name] * z[:, INDEX[name]] / Z80, 0.05)
        / max(1.0 + rate, 0.05)
        for name, rate in bills.trends.items()
    }


def _npv(bill: Bill, wanted: Asked, needed: Floats, trends: dict[str, Floats], z: Floats) -> Floats:
    """Present cost of one option, shape (futures,).

    What is paid during a year, and what is bought at the end of the year before, follows the load
    of that year.
    """
    last = wanted.load.shape[1] - 1
    by_token = np.array([key == "tokens" for key in bill.classes])
    lumps = np.array(bill.lumps)
    total = np.zeros((len(z), len(bill.classes)))
    for year in range(last + 1):
        for follows, lines in ((wanted.load, by_token), (needed, ~by_token)):
            weights = _weights(follows[:, year])
            # running costs of the year; what was bought for it; in the end also what is sold
            for column, rows in ((year + 1, lines & ~lumps), (year, lines & lumps)):
                _add(total, bill, trends, weights, column, rows)
            if year == last:
                _add(total, bill, trends, weights, last + 1, lines & lumps)
            if year == 0:
                _add(total, bill, trends, weights, 0, lines & ~lumps)
    for row, key in enumerate(bill.classes):
        total[:, row] *= _two_sided(z[:, INDEX[key]], bill.low[row], bill.high[row])
    lengths = _mixed(bill.input_share, wanted.input_tokens, wanted.output_tokens)
    total[:, by_token] *= lengths[:, None]
    return np.asarray(total.sum(axis=1))


def _add(
    total: Floats,
    bill: Bill,
    trends: dict[str, Floats],
    weights: Floats,
    column: int,
    rows: Bools,
) -> None:
    """Add what some lines pay in a column to their totals, shape (futures, lines)."""
    paid = rows & bill.present[:, :, column].any(axis=0)
    for row in np.flatnonzero(paid):
        usd = product(weights, bill.present[:, row, column])
        trend = TREND_OF.get(bill.classes[row])
        # today's price holds in the first year; a lease is bound to the price at its start
        later = column if bill.lumps[row] else column - 1
        leased = bill.classes[row] == "hardware" and not bill.lumps[row]
        if trend is not None and later > 0 and not leased:
            usd = usd * trends[trend] ** later
        total[:, row] += usd


def _weights(at: Floats) -> Floats:
    """Weights on the loads of ``LOADS``, shape (n, loads): linear between two of them.

    In proportion beyond the upper end.
    """
    grid = np.array(LOADS)
    hats = np.eye(len(grid))
    inside = np.stack([np.interp(at, grid, hat) for hat in hats], axis=1)
    return np.asarray(inside * np.maximum(at / grid[-1], 1.0)[:, None])


def one_at_a_time(bills: Bills, key: str, z: Sequence[float]) -> Floats:
    """Costs with one input at given standard normal values, the others at base, (values, n)."""
    values = np.zeros((len(z), len(INPUTS)))
    values[:, INDEX[key]] = z
    return cost_usd_per_mtok(bills, values, np.zeros((len(z), len(bills.bills))))
