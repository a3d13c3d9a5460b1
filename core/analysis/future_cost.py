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
from core.analysis.engine_runs import KEYS as ENGINE_KEYS
from core.analysis.engine_runs import places
from core.analysis.fleets import Held
from core.analysis.uncertain_inputs import INDEX, INPUTS, TREND_OF, TREND_POINTS
from core.catalog.types import OWNED_VENUES
from core.performance.types import Bools, Floats
from core.products import product

BY_LOAD = 1e-3
"""Part of a server by which a bill follows the load where the number of servers stays."""
APART = 1.2
"""Ratio of two places on a bill, at least, for a line through both to go on below them: as many
servers at two loads tell nothing of fewer."""
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


@dataclass(frozen=True)
class Needed:
    """How far along its bill an option is in every future, (futures, years)."""

    at: Floats
    grid: Floats
    """The same at ``LOADS``, rising, shape (years, loads)."""


def needed(bill: Bill, load: Floats, work: Floats, held: Held | None) -> Needed:
    """From what is asked for, and work per request over the stated one, (futures,).

    Own servers are bought one by one: their bill follows how many there are, and of as many the
    load. Rented ones follow the hours, so that between two loads a bill is in the middle.
    """
    grid = np.tile(np.array(LOADS), (load.shape[1], 1))
    if bill.hosted:
        return Needed(load, grid)
    if held is None or bill.held is None:
        return Needed(load * work[:, None], grid)
    stated = float(bill.held.work[LOADS.index(1.0)])
    at = load * (held.work / stated)[:, None]
    if bill.option.venue in OWNED_VENUES:
        return Needed(held.units + BY_LOAD * at, bill.held.units.T + BY_LOAD * grid)
    return Needed(at, grid)


def bill_in(bills: Bills, bill: Bill, z: Floats, needed: Needed) -> Followed:
    """What the bill alone says."""
    wanted, trends = bills.asked(z), _trends(bills, z)
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


Parts = dict[tuple[str, bytes], Floats]
"""What hybrids' parts cost in the futures of one draw, by part and by the error of its kind."""


def followed(
    bills: Bills, bill: Bill, z: Floats, own_z: Floats, parts: Parts | None = None
) -> Followed:
    """An option in every future; ``own_z`` is the error of its kind of hardware, (futures,).

    ``parts`` remembers what hybrids share, from one option to the next of the same futures.
    """
    error = errors(bill, z, own_z)
    wanted = bills.asked(z)
    here = places(wanted, error, bill.grade, bills.cached)
    fleets = () if bill.effects is None else bill.effects.fleets
    held = [fleet.in_futures(here, wanted.load) for fleet in fleets]
    work = np.ones(len(z))
    if not fleets:
        at_stated_load = here.copy()
        at_stated_load[:, 0] = 0.0
        work = np.exp(bill.work.at(at_stated_load)[:, 0])
    steps = needed(bill, wanted.load, work, held[0] if held else None)
    found = bill_in(bills, bill, z, steps)
    if bill.effects is None:
        return found
    values = bill.effects.at(here, held)
    factor = bill.effects.cost_factor(values)
    part = next((b for b in bills.bills if b.option.id == bill.part_id), None)
    if part is not None:
        # a hybrid splits the load anew in every future, which its bill at some loads cannot tell:
        # only how prices move is taken from that
        unmoved = z.copy()
        unmoved[:, [i for key, i in INDEX.items() if key not in ENGINE_KEYS]] = 0.0
        usual = bill_in(bills, bill, unmoved, steps).usd_per_mtok
        factor = factor * _of_part(bills, part, unmoved, own_z, parts) / usual
    return Followed(
        found.usd_per_mtok * factor, found.capex_usd * factor, found.running_usd * factor, values
    )


def _of_part(
    bills: Bills, part: Bill, unmoved: Floats, own_z: Floats, parts: Parts | None
) -> Floats:
    """Cost per million tokens of a hybrid's part at prices that do not move, (futures,)."""
    known = {} if parts is None else parts
    question = part.option.id, own_z.tobytes()
    if question not in known:
        known[question] = followed(bills, part, unmoved, own_z).usd_per_mtok
    return known[question]


def cost_usd_per_mtok(bills: Bills, z: Floats, own_z: Floats, count: int | None = None) -> Floats:
    """Levelised cost of every option (or the first ones) in every future, (futures, options).

    ``z`` are standard normal values of ``INPUTS``, shape (futures, inputs); ``own_z`` the part of
    the engine's error that is each option's own, shape (futures, options).
    """
    parts: Parts = {}
    return np.stack(
        [
            followed(bills, b, z, own_z[:, i], parts).usd_per_mtok
            for i, b in enumerate(bills.bills[:count])
        ],
        axis=1,
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
    bill: Bill, wanted: Asked, needed: Needed, trends: dict[str, Floats], z: Floats
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
        for follows, grid, lines in (
            (wanted.load, np.array(LOADS), by_token),
            (needed.at, needed.grid[year], ~by_token),
        ):
            if not lines.any():
                continue
            weights = _weights(follows[:, year], grid)
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
        known = bill.present[:, row, column]
        usd = product(weights, known)
        # A line that goes on below the least load known does not change its sign, nor does one
        # that is nothing there take that of the others turned round.
        usd = np.where(usd * (known[0] or known.sum()) < 0.0, 0.0, usd)
        trend = TREND_OF.get(bill.classes[row])
        # today's price holds in the first year; a lease is bound to the price at its start
        later = column if bill.lumps[row] else column - 1
        leased = bill.classes[row] == "hardware" and not bill.lumps[row]
        if trend is not None and later > 0 and not leased:
            usd = usd * trends[trend] ** later
        paid[:, row, column] += usd


def _weights(at: Floats, grid: Floats) -> Floats:
    """Weights on the loads of ``LOADS``, shape (n, loads): linear between two of ``grid``.

    In proportion beyond the upper end. Below the lower end the line on which the first of them
    lies goes on, so that what stays whatever the load stays there too.
    """
    hats = np.eye(len(grid))
    inside = np.stack([np.interp(at, grid, hat) for hat in hats], axis=1)
    inside *= np.maximum(at / grid[-1], 1.0)[:, None]
    above = int(np.searchsorted(grid, grid[0] * APART))
    if above < len(grid):
        beyond = np.maximum(grid[0] - at, 0.0) / (grid[above] - grid[0])
        inside[:, 0] += beyond
        inside[:, above] -= beyond
    return np.asarray(inside)


def one_at_a_time(
    bills: Bills, keys: Sequence[str], z: Sequence[float], count: int | None = None
) -> Floats:
    """Costs with one input at given standard normal values, the others at base.

    Of the first ``count`` options, or of all; shape (keys, values, options).
    """
    values = np.zeros((len(keys), len(z), len(INPUTS)))
    for number, key in enumerate(keys):
        values[number, :, INDEX[key]] = z
    rows = values.reshape(-1, len(INPUTS))
    found = cost_usd_per_mtok(bills, rows, np.zeros((len(rows), len(bills.bills))), count)
    return found.reshape(len(keys), len(z), -1)


def alone(bills: Bills, option_id: str) -> dict[str, tuple[float, float]]:
    """What an option costs at P10 and at P90 of each input, the others at base.

    By the keys of ``INPUTS``. The engine's error is the option's whole one, its own part too.
    """
    bill = next(b for b in bills.bills if b.option.id == option_id)
    z, own = np.zeros((2 * len(INPUTS), len(INPUTS))), np.zeros(2 * len(INPUTS))
    for number in range(len(INPUTS)):
        z[2 * number : 2 * number + 2, number] = -Z80, Z80
    engine = INDEX["engine"]
    rows = slice(2 * engine, 2 * engine + 2)
    own[rows] = math.sqrt(1.0 - SHARED_ERROR) * z[rows, engine]
    z[rows, engine] *= math.sqrt(SHARED_ERROR)
    usd = followed(bills, bill, z, own).usd_per_mtok.tolist()
    return {item.key: (usd[2 * i], usd[2 * i + 1]) for i, item in enumerate(INPUTS)}
