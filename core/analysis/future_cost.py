"""What each option costs in draws of what is uncertain (``uncertain_inputs``).

Each option's bill is known at several loads (``bills``); between them it is interpolated line by
line, each year at that year's load. Prices then move by class (all hardware together, all cloud
prices together...), trends shift each year's amounts; lengths, prompts found in the cache and the
engine's own error change how much hardware a request needs as re-runs of the engine say
(``engine_runs``), and what the bill then still misses (``effects``). So one draw is a handful of
multiplications, and thousands cost little.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.analysis.bills import LOADS, RUNNING, Bill, Bills
from core.analysis.draws import Z80, Asked, two_sided
from core.analysis.engine_runs import places
from core.analysis.uncertain_inputs import INDEX, INPUTS, TREND_OF, TREND_POINTS
from core.performance.types import Bools, Floats
from core.products import product

SHARED_ERROR = 0.5
"""Correlation of the engine's error between generations of hardware: the same model and
formulas."""


@dataclass(frozen=True)
class Followed:
    """One option in every future, all of shape (futures,) but for ``values``."""

    usd_per_mtok: Floats
    capex_usd: Floats
    """Paid before or at the start."""
    running_usd: Floats
    """Running costs of the dearest year, nominal."""
    values: Floats
    """What ``Effects`` reads, shape (futures, quantities)."""


def errors(bill: Bill, z: Floats, own_z: Floats) -> Floats:
    """An option's whole engine error, standard normal: the common part and that of its kind."""
    if bill.hosted:
        return np.zeros(len(z))
    share = math.sqrt(SHARED_ERROR)
    return np.asarray(share * z[:, INDEX["engine"]] + math.sqrt(1.0 - SHARED_ERROR) * own_z)


def bill_in(bills: Bills, bill: Bill, z: Floats, work: Floats) -> Followed:
    """What the bill alone says at so much work per request, a multiple (futures,)."""
    wanted, trends = bills.asked(z), _trends(bills, z)
    needed = wanted.load if bill.hosted else wanted.load * work[:, None]
    paid = _paid(bill, wanted, needed, trends, z)
    capex = np.array([kind == "capex" for kind in bill.kinds])
    running = np.array([kind in RUNNING for kind in bill.kinds])
    yearly = paid[:, running].sum(axis=1)[:, 1:] / bills.discount[1:]
    return Followed(
        usd_per_mtok=paid.sum(axis=(1, 2)) / wanted.mtok,
        capex_usd=paid[:, capex, 0].sum(axis=1),
        running_usd=yearly.max(axis=1, initial=0.0),
        values=np.zeros((len(z), 0)),
    )


def followed(bills: Bills, bill: Bill, z: Floats, own_z: Floats) -> Followed:
    """An option in every future; ``own_z`` is the error of its kind of hardware, (futures,)."""
    error = errors(bill, z, own_z)
    here = places(bills.asked(z), z, error)
    at_stated_load = here.copy()
    at_stated_load[:, 0] = 0.0
    log_work = bill.work.at(at_stated_load)[:, 0]
    found = bill_in(bills, bill, z, np.exp(log_work))
    if bill.effects is None:
        return found
    values = bill.effects.at(here)
    factor = bill.effects.cost_factor(values)
    return Followed(
        found.usd_per_mtok * factor, found.capex_usd * factor, found.running_usd * factor, values
    )


def cost_usd_per_mtok(bills: Bills, z: Floats, own_z: Floats) -> Floats:
    """Levelised cost of every option in every future, shape (futures, options).

    ``z`` are standard normal values of ``INPUTS``, shape (futures, inputs); ``own_z`` the part of
    the engine's error that is each option's own, shape (futures, options).
    """
    return np.stack(
        [followed(bills, b, z, own_z[:, i]).usd_per_mtok for i, b in enumerate(bills.bills)], axis=1
    )


def _mixed(share: float, one: Floats, other: Floats) -> Floats:
    return np.asarray(share * one + (1.0 - share) * other)


def _trends(bills: Bills, z: Floats) -> dict[str, Floats]:
    """Yearly change of each price, over the stated one, shape (futures,)."""
    return {
        name: np.maximum(1.0 + rate + TREND_POINTS[name] * z[:, INDEX[name]] / Z80, 0.05)
        / max(1.0 + rate, 0.05)
        for name, rate in bills.trends.items()
    }


def _paid(
    bill: Bill, wanted: Asked, needed: Floats, trends: dict[str, Floats], z: Floats
) -> Floats:
    """Present value of every line by the column it is paid in, shape (futures, lines, years + 1).

    What is paid during a year, and what is bought at the end of the year before, follows the load
    of that year.
    """
    last = wanted.load.shape[1] - 1
    by_token = np.array([key == "tokens" for key in bill.classes])
    lumps = np.array(bill.lumps)
    paid = np.zeros((len(z), len(bill.classes), bill.present.shape[2]))
    for year in range(last + 1):
        for follows, lines in ((wanted.load, by_token), (needed, ~by_token)):
            weights = _weights(follows[:, year])
            # running costs of the year; what was bought for it; in the end also what is sold
            for column, rows in ((year + 1, lines & ~lumps), (year, lines & lumps)):
                _add(paid, bill, trends, weights, column, rows)
            if year == last:
                _add(paid, bill, trends, weights, last + 1, lines & lumps)
            if year == 0:
                _add(paid, bill, trends, weights, 0, lines & ~lumps)
    for row, key in enumerate(bill.classes):
        paid[:, row] *= two_sided(z[:, INDEX[key]], bill.low[row], bill.high[row])[:, None]
    lengths = _mixed(bill.input_share, wanted.input_tokens, wanted.output_tokens)
    paid[:, by_token] *= lengths[:, None, None]
    return paid


def _add(
    paid: Floats,
    bill: Bill,
    trends: dict[str, Floats],
    weights: Floats,
    column: int,
    rows: Bools,
) -> None:
    """Add what some lines pay in a column, to shape (futures, lines, columns)."""
    for row in np.flatnonzero(rows & bill.present[:, :, column].any(axis=0)):
        usd = product(weights, bill.present[:, row, column])
        trend = TREND_OF.get(bill.classes[row])
        # today's price holds in the first year; a lease is bound to the price at its start
        later = column if bill.lumps[row] else column - 1
        leased = bill.classes[row] == "hardware" and not bill.lumps[row]
        if trend is not None and later > 0 and not leased:
            usd = usd * trends[trend] ** later
        paid[:, row, column] += usd


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
