"""Possible futures: what is uncertain, how it is drawn, and what each option then costs.

Each option's bill is known at several loads from re-runs of the pipeline; between them it is
interpolated line by line. Prices then move by class (all hardware together, all cloud prices
together...), trends shift each year's amounts, and the engine's own error changes how much
hardware a load needs. So one draw is a handful of multiplications, and thousands cost little.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.analysis import sobol
from core.analysis.narrow import Narrow, Ranked, at_load
from core.decision.criteria import first_year_tokens, ratio_utilities, yardstick
from core.decision.ranking import LEVEL_POINTS
from core.economics.cash_flow import Money
from core.performance.types import Bools, Floats, Ints
from core.recommendation import CostLine, Option, OptionUncertainty
from core.words import N_, _

Z80 = 1.2815515594
"""Standard normal quantile of 0.9: low and high of a range are read as P10 and P90."""
LOADS = (0.35, 0.6, 0.8, 1.0, 1.25, 1.7, 2.8)
"""Multiples of the stated demand at which every option is sized and costed."""
LOAD_LOW, LOAD_HIGH = 0.7, 1.5
"""P10 and P90 of demand over what was stated (assumption: forecasts of new services miss)."""
INFEASIBLE = 1000.0
"""Taken from the score of an option that breaks a limit: more than any score."""
SHARED_ERROR = 0.5
"""Correlation of the engine's error between options: the same model and formulas."""

CLASSES: dict[str, str] = {
    "servers": "hardware",
    "lease": "hardware",
    "network": "hardware",
    "racks": "hardware",
    "installation": "hardware",
    "support": "support",
    "residual": "residual",
    "power_works": "works",
    "cooling_works": "works",
    "energy": "energy",
    "staff": "staff",
    "remote_hands": "staff",
    "field_service": "staff",
    "colocation": "colocation",
    "cross_connect": "colocation",
    "cloud_on_demand": "cloud",
    "cloud_committed": "cloud",
    "cloud_spot": "cloud",
    "tokens": "tokens",
}
"""Price class of each cost line; others are their own class ``other``."""


@dataclass(frozen=True, slots=True)
class UncertainInput:
    """One thing that is not known, with its P10 and P90 in words."""

    key: str
    label: str
    low: str
    high: str
    distribution: str
    source: str


_RANGES = N_("The low and high values printed with each cost line")
INPUTS: tuple[UncertainInput, ...] = (
    UncertainInput(
        "load",
        N_("Demand (requests and tokens)"),
        f"{LOAD_LOW:g}×",
        f"{LOAD_HIGH:g}×",
        N_("lognormal, P10 0.7 and P90 1.5 times the stated demand"),
        N_("Assumption"),
    ),
    UncertainInput(
        "engine",
        N_("Engine's throughput error, common part"),
        N_("pessimistic"),
        N_("optimistic"),
        N_(
            "lognormal within the 80 % interval of each prediction; half of it is common "
            "to all options"
        ),
        N_("Residuals on published runs left out of the fit"),
    ),
    UncertainInput(
        "hardware",
        N_("Server prices"),
        N_("low"),
        N_("high"),
        N_("lognormal between the low and high price; all hardware moves together"),
        _RANGES,
    ),
    UncertainInput(
        "cloud",
        N_("Cloud instance prices"),
        N_("low"),
        N_("high"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "tokens",
        N_("Token API prices"),
        N_("low"),
        N_("high"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "energy",
        N_("Electricity price"),
        N_("low"),
        N_("high"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "staff",
        N_("Labour cost"),
        N_("low"),
        N_("high"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "colocation",
        N_("Colocation rate"),
        N_("low"),
        N_("high"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "works",
        N_("Power and cooling works"),
        N_("low"),
        N_("high"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "support",
        N_("Hardware support"),
        N_("low"),
        N_("high"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "residual",
        N_("Resale value"),
        N_("low"),
        N_("high"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "other",
        N_("Other lines (licences, egress)"),
        N_("low"),
        N_("high"),
        N_("lognormal"),
        _RANGES,
    ),
    UncertainInput(
        "token_trend",
        N_("Token API price trend"),
        N_("−15 points a year"),
        N_("+15 points a year"),
        N_("normal, 80 % within 15 points of the stated trend"),
        N_("Assumption"),
    ),
    UncertainInput(
        "cloud_trend",
        N_("Cloud price trend"),
        N_("−15 points a year"),
        N_("+15 points a year"),
        N_("normal, 80 % within 15 points of the stated trend"),
        N_("Assumption"),
    ),
    UncertainInput(
        "energy_trend",
        N_("Electricity price trend"),
        N_("−4 points a year"),
        N_("+4 points a year"),
        N_("normal, 80 % within 4 points of the stated trend"),
        N_("Assumption"),
    ),
)
TREND_POINTS = {"token_trend": 0.15, "cloud_trend": 0.15, "energy_trend": 0.04}
_TREND_CLASS = {"tokens": "token_trend", "cloud": "cloud_trend", "energy": "energy_trend"}
_INDEX = {item.key: i for i, item in enumerate(INPUTS)}


def described() -> tuple[tuple[str, str, str], ...]:
    """(uncertain input, distribution in words, source) for the reader."""
    return tuple((_(item.label), _(item.distribution), _(item.source)) for item in INPUTS)


def input_keys() -> dict[str, str]:
    """Keys of the uncertain inputs by their labels in the language in use, as ``described``."""
    return {_(item.label): item.key for item in INPUTS}


def price_ranges(lines: Sequence[CostLine]) -> dict[str, tuple[float, float] | None]:
    """P10 and P90 of each price class as factors on the base, for one option's cost lines.

    The lines of a class move together, so their ranges are weighted by present value; ``None``
    for a class that the option does not pay.
    """
    known = set(CLASSES.values()) | {"other"}
    members: dict[str, list[CostLine]] = {key: [] for key in _INDEX if key in known}
    for line in lines:
        members.get(CLASSES.get(line.key, "other"), []).append(line)
    found: dict[str, tuple[float, float] | None] = {}
    for key, paid in members.items():
        total = sum(line.present_value_usd for line in paid)
        found[key] = (
            None
            if not total
            else (
                sum(line.present_value_usd * line.low_factor for line in paid) / total,
                sum(line.present_value_usd * line.high_factor for line in paid) / total,
            )
        )
    return found


@dataclass(frozen=True)
class Bill:
    """One option's lines at every load of ``LOADS``.

    ``present`` holds present values by the column they are paid in, shape (loads, lines,
    years + 1); ``low`` and ``high`` are log factors of each
    line, shape (lines,). ``rest`` is the total score without the cost criterion and ``feasible``
    whether every limit is kept, both of shape (loads,).
    """

    option: Option
    present: Floats
    low: Floats
    high: Floats
    classes: tuple[str, ...]
    rest: Floats
    feasible: Bools
    throughput_low: float
    throughput_high: float
    hosted: bool


@dataclass(frozen=True)
class Bills:
    """All options' bills and what turns costs into scores."""

    bills: tuple[Bill, ...]
    tokens_pv: float
    """Present value of tokens at the stated load, millions."""
    yardstick_usd: float
    trends: dict[str, float]


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
    first = priced[0].cost
    tokens = np.zeros(economics.horizon_years) if first is None else np.array(first.tokens_by_year)
    stick = yardstick(recommendation.assessment, narrow.full_catalog, first_year_tokens(priced))
    return Bills(
        bills=tuple(_bill(option, runs, money) for option in priced),
        tokens_pv=float(tokens @ money.running) / 1e6,
        yardstick_usd=stick.usd_per_mtok,
        trends={
            "token_trend": economics.token_price_trend,
            "cloud_trend": economics.gpu_hour_trend,
            "energy_trend": economics.electricity_growth,
        },
    )


def _bill(option: Option, runs: dict[float, dict[str, Option]], money: Money) -> Bill:
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
        classes=tuple(CLASSES.get(key, "other") for key, _ in keys),
        rest=np.array([_without_cost(runs[_known(known, g)][option.id]) for g in LOADS]),
        feasible=np.array([runs[_known(known, g)][option.id].feasible for g in LOADS]),
        throughput_low=min((s.low for s in spread), default=1.0),
        throughput_high=max((s.high for s in spread), default=1.0),
        hosted=option.venue == "token_api",
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


def cost_usd_per_mtok(bills: Bills, z: Floats, own_z: Floats) -> Floats:
    """Levelised cost of every option in every future, shape (futures, options).

    ``z`` are standard normal values of ``INPUTS``, shape (futures, inputs); ``own_z`` the part of
    the engine's error that is each option's own, shape (futures, options).
    """
    load = _two_sided(z[:, _INDEX["load"]], math.log(LOAD_LOW), math.log(LOAD_HIGH))
    columns = []
    for number, bill in enumerate(bills.bills):
        needed = load
        if not bill.hosted:
            share = math.sqrt(SHARED_ERROR)
            error = share * z[:, _INDEX["engine"]] + math.sqrt(1 - SHARED_ERROR) * own_z[:, number]
            throughput = _two_sided(
                error, math.log(bill.throughput_low), math.log(bill.throughput_high)
            )
            needed = load / throughput
        npv = _npv(bills, bill, load, needed, z)
        columns.append(npv / (bills.tokens_pv * load))
    return np.stack(columns, axis=1)


def _npv(bills: Bills, bill: Bill, load: Floats, needed: Floats, z: Floats) -> Floats:
    """Present cost of one option, shape (futures,)."""
    grid = np.array(LOADS)
    total = np.zeros(len(load))
    for row, key in enumerate(bill.classes):
        follows = load if key == "tokens" else needed
        amounts = bill.present[:, row, :]
        trend = _TREND_CLASS.get(key)
        if trend is None:
            value = _between(follows, grid, amounts.sum(axis=1))
        else:
            base = 1.0 + bills.trends[trend]
            shift = TREND_POINTS[trend] * z[:, _INDEX[trend]] / Z80
            ratio = np.maximum(base + shift, 0.05) / max(base, 0.05)
            value = np.zeros(len(load))
            for year in range(amounts.shape[1]):
                if amounts[:, year].any():
                    per_load = _between(follows, grid, amounts[:, year])
                    value += per_load * ratio ** max(year - 1, 0)
        factor = _two_sided(z[:, _INDEX[key]], bill.low[row], bill.high[row])
        total += value * factor
    return total


def _between(at: Floats, grid: Floats, values: Floats) -> Floats:
    """Linear between the loads of the grid, in proportion beyond its upper end."""
    inside = np.interp(at, grid, values)
    beyond = np.maximum(at / grid[-1], 1.0)
    return np.asarray(inside * beyond)


@dataclass(frozen=True)
class Drawn:
    """Costs and scores of every option in every future, shape (samples, options)."""

    samples: int
    usd_per_mtok: Floats
    scores: Floats
    load: Floats


def draw(bills: Bills, samples: int, seed: int) -> Drawn:
    """Scrambled Sobol draws of every uncertain input."""
    dimensions = len(INPUTS) + len(bills.bills)
    power = max(1, math.ceil(math.log2(max(samples, 2))))
    normal = sobol.normal_draws(dimensions, power, seed)
    z, own = normal[:, : len(INPUTS)], normal[:, len(INPUTS) :]
    usd = cost_usd_per_mtok(bills, z, own)
    load = _two_sided(z[:, _INDEX["load"]], math.log(LOAD_LOW), math.log(LOAD_HIGH))
    return Drawn(2**power, usd, scores_of(bills, usd, load), load)


def leader(total: Floats, cost: Floats) -> Ints:
    """Which option leads each row, as the ranking has it: the cheapest of those level on points."""
    level = total >= total.max(axis=1, keepdims=True) - LEVEL_POINTS
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
    leads = leader(drawn.scores, drawn.usd_per_mtok)
    best = np.where(drawn.scores.max(axis=1) >= 0.0, leads, -1)
    npv = drawn.usd_per_mtok * bills.tokens_pv * drawn.load[:, None]
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


def one_at_a_time(bills: Bills, key: str, z: Sequence[float]) -> Floats:
    """Costs with one input at given standard normal values, the others at base, (values, n)."""
    values = np.zeros((len(z), len(INPUTS)))
    values[:, _INDEX[key]] = z
    return cost_usd_per_mtok(bills, values, np.zeros((len(z), len(bills.bills))))
