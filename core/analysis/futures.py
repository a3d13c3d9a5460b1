"""Possible futures: what each option costs in draws of what is uncertain (``uncertain_inputs``).

Each option's bill is known at several loads from re-runs of the pipeline; between them it is
interpolated line by line, each year at that year's load. Prices then move by class (all hardware
together, all cloud prices together...), trends shift each year's amounts; longer prompts and
answers and prompts found in the cache change how much hardware a request needs as re-runs of the
engine say (``length_effects``), its own error in proportion. So one draw is a handful of
multiplications, and thousands cost little.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.analysis import sobol
from core.analysis.length_effects import Work, work_of
from core.analysis.narrow import Narrow, Ranked, at_load
from core.analysis.uncertain_inputs import (
    GROWTH_POINTS,
    INDEX,
    INPUT_HIGH,
    INPUT_LOW,
    INPUTS,
    KEYS,
    LOAD_HIGH,
    LOAD_LOW,
    OUTPUT_HIGH,
    OUTPUT_LOW,
    PREFIX_MOST,
    PREFIX_POINTS,
    TREND_OF,
    TREND_POINTS,
)
from core.decision.anchors import DEARER_FREE, LEVEL_POINTS
from core.decision.criteria import first_year_tokens, ratio_utilities, yardstick
from core.decision.ranking import earned
from core.economics.cash_flow import LUMPS, Money
from core.economics.price_classes import CLASSES, OTHER
from core.performance.types import Bools, Floats, Ints
from core.products import product
from core.recommendation import CostLine, Lead, Option, OptionUncertainty, Recommendation

Z80 = 1.2815515594
"""Standard normal quantile of 0.9: low and high of a range are read as P10 and P90."""
LOADS = (0.35, 0.6, 0.8, 1.0, 1.25, 1.7, 2.8)
"""Multiples of the stated demand at which every option is sized and costed."""
INFEASIBLE = 1000.0
"""Taken from the score of an option that breaks a limit: more than any score."""
SHARED_ERROR = 0.5
"""Correlation of the engine's error between options: the same model and formulas."""


@dataclass(frozen=True)
class Bill:
    """One option's lines at every load of ``LOADS``.

    ``present`` holds present values by the column they are paid in, shape (loads, lines,
    years + 1); ``low`` and ``high`` are log factors of each line, shape (lines,). ``rest`` is the
    total score without the cost criterion and ``feasible`` whether every limit is kept, both of
    shape (loads,).
    """

    option: Option
    present: Floats
    low: Floats
    high: Floats
    classes: tuple[str, ...]
    lumps: tuple[bool, ...]
    """Which lines are bought or sold on one day, at that column's price."""
    rest: Floats
    feasible: Bools
    throughput_low: float
    throughput_high: float
    hosted: bool
    input_share: float
    """Of the work: of accelerator time, or of what an API is paid, the part that is prompts."""
    work: Work
    """How its accelerator work follows lengths."""


@dataclass(frozen=True)
class Bills:
    """All options' bills and what turns costs into scores."""

    bills: tuple[Bill, ...]
    input_mtok: Floats
    output_mtok: Floats
    """Present value of the tokens of each year at the stated load, millions, shape (years,)."""
    growth: float
    """Stated yearly growth of all tokens."""
    prefix_share: float
    """Stated share of prompt tokens found in the cache."""
    yardstick_usd: float
    trends: dict[str, float]

    @property
    def tokens_pv(self) -> float:
        """Present value of all tokens at the stated load, millions."""
        return float(self.input_mtok.sum() + self.output_mtok.sum())


def bills_of(narrow: Narrow, tell: Callable[[float], None]) -> Bills:
    """Re-run the pipeline at every load and collect each option's lines."""
    recommendation = narrow.recommendation
    stated = Ranked(recommendation.options, recommendation.rejected)
    runs: dict[float, dict[str, Option]] = {1.0: stated.by_id()}
    others = [g for g in LOADS if g != 1.0]
    for i, factor in enumerate(others):
        tell(i / len(others))
        runs[factor] = narrow.run(at_load(recommendation.assessment, factor)).by_id()
    economics = recommendation.assessment.economics
    money = Money(economics)
    priced = [o for o in narrow.options if o.cost is not None]
    inputs = _by_year([d.input_tokens_per_year for d in recommendation.demand])
    outputs = _by_year([d.output_tokens_per_year for d in recommendation.demand])
    input_mtok, output_mtok = inputs * money.running / 1e6, outputs * money.running / 1e6
    tokens = float(input_mtok.sum()), float(output_mtok.sum())
    shares = {o.id: _input_share(o, *tokens) for o in priced}
    works = work_of(narrow, shares)
    stick = yardstick(recommendation.assessment, narrow.full_catalog, first_year_tokens(priced))
    return Bills(
        bills=tuple(_bill(o, runs, money, shares[o.id], works[o.id]) for o in priced),
        input_mtok=input_mtok,
        output_mtok=output_mtok,
        growth=_growth(inputs + outputs),
        prefix_share=_prefix_share(recommendation),
        yardstick_usd=stick.usd_per_mtok,
        trends={
            "token_trend": economics.token_price_trend,
            "cloud_trend": economics.gpu_hour_trend,
            "energy_trend": economics.electricity_growth,
            "hardware_trend": economics.hardware_trend,
            "labour_trend": economics.labour_trend,
        },
    )


def _by_year(parts: Sequence[Sequence[float]]) -> Floats:
    return np.asarray(np.sum(np.array(parts), axis=0), dtype=np.float64)


def _growth(tokens: Floats) -> float:
    """The level yearly growth between the first and the last year."""
    if len(tokens) < 2 or tokens[0] <= 0 or tokens[-1] <= 0:
        return 0.0
    return float((tokens[-1] / tokens[0]) ** (1.0 / (len(tokens) - 1)) - 1.0)


def _prefix_share(recommendation: Recommendation) -> float:
    """Of all workloads, weighted by their prompt tokens in the first year."""
    weights = [d.input_tokens_per_year[0] for d in recommendation.demand]
    shares = [w.prefix_cache_share for w in recommendation.assessment.workloads]
    whole = sum(weights)
    return sum(map(operator.mul, weights, shares)) / whole if whole > 0 else 0.0


def _input_share(option: Option, input_mtok: float, output_mtok: float) -> float:
    """Share of prompts in accelerator time (busiest hour), or in what an API charges."""
    cost = option.cost
    if option.venue == "token_api" and cost is not None:
        prompts = (cost.usd_per_mtok_input or 0.0) * input_mtok
        answers = (cost.usd_per_mtok_output or 0.0) * output_mtok
        return prompts / (prompts + answers) if prompts + answers > 0 else 0.5
    shares = [
        (sum(s.peak_req_s_by_year) * s.accelerators_per_replica / s.capacity_req_s, s.prefill_share)
        for s in option.servings
        if s.prefill_share is not None and s.capacity_req_s
    ]
    whole = sum(weight for weight, _share in shares)
    return sum(w * share for w, share in shares) / whole if whole > 0 else 0.5


def _bill(
    option: Option,
    runs: dict[float, dict[str, Option]],
    money: Money,
    input_share: float,
    work: Work,
) -> Bill:
    lines: dict[tuple[str, str], CostLine] = {}
    for found in runs.values():
        cost = found[option.id].cost if option.id in found else None
        for line in cost.lines if cost else ():
            lines.setdefault((line.key, line.label), line)
    keys = list(lines)
    present = np.zeros((len(LOADS), len(keys), money.years + 1))
    known = [g for g in LOADS if option.id in runs[g]]
    for i, load in enumerate(LOADS):
        # a hybrid of other parts at that load: its lines at the nearest load known, in proportion
        source = _known(known, load)
        cost = runs[source][option.id].cost
        for line in cost.lines if cost else ():
            paid = np.array(line.yearly_usd) * np.array(money.factors_of(line.kind))
            present[i, keys.index((line.key, line.label))] = paid * (load / source)
    spread = [s.throughput_interval for s in option.servings if s.throughput_interval]
    return Bill(
        option=option,
        present=present,
        low=np.array([math.log(max(lines[k].low_factor, 1e-6)) for k in keys]),
        high=np.array([math.log(max(lines[k].high_factor, 1e-6)) for k in keys]),
        classes=tuple(CLASSES.get(key, OTHER) for key, _ in keys),
        rest=np.array([_without_cost(runs[_known(known, g)][option.id]) for g in LOADS]),
        feasible=np.array([runs[_known(known, g)][option.id].feasible for g in LOADS]),
        throughput_low=min((s.low for s in spread), default=1.0),
        throughput_high=max((s.high for s in spread), default=1.0),
        hosted=option.venue == "token_api",
        input_share=input_share,
        work=work,
        lumps=tuple(lines[k].kind in LUMPS for k in keys),
    )


def _known(loads: Sequence[float], wanted: float) -> float:
    """The load among some that is nearest to the wanted one."""
    return min(loads, key=lambda g: abs(math.log(g / wanted)))


def _without_cost(option: Option) -> float:
    """Total score of the criteria other than cost."""
    cost = next(s for s in option.scores if s.key == "cost")
    return (option.total_score or 0.0) - cost.contribution


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


@dataclass(frozen=True)
class Drawn:
    """Costs and scores of every option in every future, shape (samples, options)."""

    samples: int
    usd_per_mtok: Floats
    scores: Floats
    load: Floats
    """Of the last year, a multiple of the stated one, shape (samples,)."""
    mtok: Floats
    """Present value of the tokens, millions, shape (samples,)."""
    cost_weight: Floats
    """Of the cost in each option's score, shape (options,)."""

    @cached_property
    def leaders(self) -> Ints:
        """Which option has the best score in each future, -1 where none meets every limit."""
        leads = leader(self.scores, self.usd_per_mtok, self.cost_weight)
        return np.where(self.scores.max(axis=1) >= 0.0, leads, -1)


def draw(bills: Bills, samples: int, seed: int, keys: Collection[str] = KEYS) -> Drawn:
    """Scrambled Sobol draws of the uncertain inputs with these keys; the others stay at base."""
    dimensions = len(INPUTS) + len(bills.bills)
    power = max(1, math.ceil(math.log2(max(samples, 2))))
    normal = sobol.normal_draws(dimensions, power, seed)
    z, own = normal[:, : len(INPUTS)].copy(), normal[:, len(INPUTS) :]
    z[:, [i for key, i in INDEX.items() if key not in keys]] = 0.0
    usd = cost_usd_per_mtok(bills, z, own)
    wanted = asked(bills, z)
    load = wanted.load[:, -1]
    weights = [s.weight for bill in bills.bills for s in bill.option.scores if s.key == "cost"]
    scores = scores_of(bills, usd, load)
    return Drawn(2**power, usd, scores, load, wanted.mtok, np.array(weights))


def leader(total: Floats, cost: Floats, cost_weight: Floats) -> Ints:
    """Which option leads each row, as ``ranking.best_first`` has it; all of shape (rows, options).

    ``cost`` and ``cost_weight`` may be the same for all rows, shape (options,).
    """
    total, cost = np.broadcast_arrays(total, cost)
    weight = np.broadcast_to(cost_weight, total.shape)
    top = np.argmax(total, axis=1)[:, None]
    for _turn in range(total.shape[1]):
        ahead = np.take_along_axis(total, top, 1) - total
        ratio = np.take_along_axis(cost, top, 1) / np.maximum(cost, 1e-12)
        least = earned(ratio, np.take_along_axis(weight, top, 1))
        instead = (ratio > DEARER_FREE) & (ahead <= least)
        moved = instead.any(axis=1, keepdims=True)
        if not moved.any():
            break
        better = np.argmax(np.where(instead, total, -np.inf), axis=1)[:, None]
        top = np.where(moved, better, top)
    level = np.abs(total - np.take_along_axis(total, top, 1)) <= LEVEL_POINTS
    return np.asarray(np.argmin(np.where(level, cost, np.inf), axis=1))


def scores_of(bills: Bills, usd: Floats, load: Floats) -> Floats:
    """Total scores at each future's cost and load, shape (futures, options).

    Below zero where the option breaks a limit at that load: it cannot win there.
    """
    columns = []
    nearest = np.argmin(np.abs(np.log(load)[:, None] - np.log(LOADS)), axis=1)
    for number, bill in enumerate(bills.bills):
        cost = next(s for s in bill.option.scores if s.key == "cost")
        total = np.interp(load, LOADS, bill.rest) + cost.weight * ratio_utilities(
            usd[:, number] / bills.yardstick_usd
        )
        columns.append(np.where(bill.feasible[nearest], total, total - INFEASIBLE))
    return np.stack(columns, axis=1)


def summary(bills: Bills, drawn: Drawn) -> tuple[OptionUncertainty, ...]:
    """P10/P50/P90 of cost, how often each option is best, its regret on average and at P90.

    Regret is held against every option at its cost, even one that breaks a limit in that future.
    """
    best = drawn.leaders
    npv = drawn.usd_per_mtok * drawn.mtok[:, None]
    regret = npv - npv.min(axis=1, keepdims=True)
    mean, worst = regret.mean(axis=0), np.quantile(regret, 0.9, axis=0)
    low, middle, high = np.quantile(drawn.usd_per_mtok, (0.1, 0.5, 0.9), axis=0)
    return tuple(
        OptionUncertainty(
            option_id=bill.option.id,
            usd_per_mtok_p10=float(low[i]),
            usd_per_mtok_p50=float(middle[i]),
            usd_per_mtok_p90=float(high[i]),
            win_probability=float(np.mean(best == i)),
            regret_usd=float(mean[i]),
            regret_p90_usd=float(worst[i]),
        )
        for i, bill in enumerate(bills.bills)
    )


def lead(bills: Bills, drawn: Drawn, best_id: str, second_id: str) -> Lead | None:
    """The second option's cost less the best one's in the very same futures.

    What both pay for, the demand and the common part of the engine's error move both at once, so
    this is narrower than what either's own range would say. ``None`` where one has no bill.
    """
    places = {bill.option.id: i for i, bill in enumerate(bills.bills)}
    if best_id not in places or second_id not in places:
        return None
    best, second = places[best_id], places[second_id]
    gap = drawn.usd_per_mtok[:, second] - drawn.usd_per_mtok[:, best]
    low, middle, high = np.quantile(gap, (0.1, 0.5, 0.9))
    return Lead(
        option_id=best_id,
        second_id=second_id,
        best_share=float(np.mean(drawn.leaders == best)),
        cheaper_share=float(np.mean(gap > 0.0)),
        gap_usd_p10=float(low),
        gap_usd_p50=float(middle),
        gap_usd_p90=float(high),
    )


def one_at_a_time(bills: Bills, key: str, z: Sequence[float]) -> Floats:
    """Costs with one input at given standard normal values, the others at base, (values, n)."""
    values = np.zeros((len(z), len(INPUTS)))
    values[:, INDEX[key]] = z
    return cost_usd_per_mtok(bills, values, np.zeros((len(z), len(bills.bills))))
