"""Bills at several loads: every option sized and costed again, line by line.

What sampled futures are worked out from (``future_cost``).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.analysis.length_effects import Work, work_of
from core.analysis.narrow import Narrow, Ranked, at_load
from core.decision.criteria import first_year_tokens, yardstick
from core.decision.leading import Shared, shared, table
from core.decision.ranking import weights_of
from core.economics.cash_flow import LUMPS, Money
from core.economics.price_classes import CLASSES, OTHER
from core.performance.types import Bools, Floats
from core.recommendation import CostLine, Option, Recommendation

LOADS = (0.35, 0.6, 0.8, 1.0, 1.25, 1.7, 2.8)
"""Multiples of the stated demand at which every option is sized and costed."""


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
    common: Shared
    """Points on what concerns another option too, without those of the cost; a row for a load."""
    common_cost_weight: Floats
    """Of the cost in them, shape (options, kinds)."""


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
    common, cost_weight = _common(priced, runs, weights_of(recommendation.assessment))
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
        common=common,
        common_cost_weight=cost_weight,
    )


def _common(
    options: Sequence[Option], runs: dict[float, dict[str, Option]], weights: dict[str, float]
) -> tuple[Shared, Floats]:
    """What options have in common at every load but for the cost, and the weight of that."""
    keys = tuple(weights)
    each = np.array([list(weights.values())])
    _points, applies = table([o.scores for o in options], keys)
    rows = []
    for load in LOADS:
        found = [runs[_known([g for g in LOADS if o.id in runs[g]], load)][o.id] for o in options]
        points, _applies = table([o.scores for o in found], keys)
        points[:, keys.index("cost")] = 0.0
        rows.append(shared(points, applies, each).points[0])
    only_cost = np.zeros(applies.shape)
    only_cost[:, keys.index("cost")] = 1.0
    priced = shared(only_cost, applies, each)
    return Shared(priced.kind, np.stack(rows)), priced.points[0]


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
