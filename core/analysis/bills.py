"""Bills at several loads: every option sized and costed again, line by line.

What sampled futures are worked out from (``future_cost``), with what else the engine says of them
(``effects``).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.analysis.draws import Asked, asked, cached_of
from core.analysis.effects import Effects
from core.analysis.engine_error import generation, grade_of
from core.analysis.engine_runs import PLACES
from core.analysis.fleets import Held
from core.analysis.narrow import Narrow, Ranked, at_load
from core.analysis.response import Response
from core.catalog.types import CLOUD_VENUES
from core.decision.leading import table
from core.decision.ranking import CRITERIA, weights_of
from core.decision.yardstick import Moved, yardsticks_usd_per_mtok
from core.economics.line_kinds import LUMPS
from core.economics.price_classes import CLASSES, OTHER
from core.economics.rates import Money
from core.performance.types import Bools, Floats
from core.recommendation import CostLine, Option, Recommendation

LOADS = (0.35, 0.6, 0.8, 1.0, 1.25, 1.7, 2.8)
"""Multiples of the stated demand at which every option is sized and costed."""


RUNNING = frozenset(("opex", "energy", "metered"))
"""Kinds of lines that a limit on yearly running costs counts."""


@dataclass(frozen=True)
class Bill:
    """One option's lines at every load of ``LOADS``.

    ``present`` holds present values by the column they are paid in, shape (loads, lines,
    years + 1); ``low`` and ``high`` are log factors of each line, shape (lines,).
    """

    option: Option
    present: Floats
    low: Floats
    high: Floats
    classes: tuple[str, ...]
    kinds: tuple[str, ...]
    """Of each line: ``capex``, ``energy``..., those of ``LUMPS`` are bought or sold on one day."""
    hosted: bool
    grade: str
    """Of the evidence for its hardware's performance; "" for hosted tokens."""
    generation: str
    """Of its accelerators: hardware of one generation errs together; "" for hosted tokens."""
    input_share: float
    """Of what an API is paid, the part that is prompts."""
    work: Response
    """Logarithm of its accelerator work per request over the stated one."""
    held: Held | None = None
    """What its servers are at ``LOADS``; ``None`` where they are not followed one by one."""
    part_id: str = ""
    """Of a hybrid: the part whose cost its own is told by, where that is followed."""
    effects: Effects | None = None
    """``None`` until the bill alone says what it costs in the re-runs."""

    @property
    def planned_usd(self) -> float:
        """Present value of all lines at the stated load."""
        return float(self.present[LOADS.index(1.0)].sum())

    @property
    def lumps(self) -> tuple[bool, ...]:
        """Which lines are bought or sold on one day, at that column's price."""
        return tuple(kind in LUMPS for kind in self.kinds)


@dataclass(frozen=True)
class Bills:
    """All options' bills and what turns costs into scores."""

    bills: tuple[Bill, ...]
    input_mtok: Floats
    output_mtok: Floats
    """Present value of the tokens of each year at the stated load, millions, shape (years,)."""
    growth: float
    """Stated yearly growth of all tokens."""
    cached: float
    """Stated share of prompts found in the cache, of all workloads by their tokens."""
    yardstick_usd: Callable[[Asked], Floats]
    """Cost per million tokens that has 50 points, in futures."""
    trends: dict[str, float]
    applies: Bools
    """Which criteria concern each option, shape (options, criteria)."""
    weights: Floats
    """The user's by criterion, summing to 1."""
    discount: Floats
    """Present value of what is paid in each column as running costs, shape (years + 1,)."""
    capex_limit_usd: float | None = None
    opex_limit_usd: float | None = None

    @property
    def generations(self) -> tuple[str, ...]:
        """Of all options' accelerators, each once."""
        return tuple(sorted({b.generation for b in self.bills if b.generation}))

    def parts_of(self, bill: Bill) -> tuple[int, ...]:
        """Places of what a hybrid is made of, as far as it is followed; () of all else."""
        if bill.option.venue != "hybrid":
            return ()
        own, _colon, burst = bill.option.id.removeprefix("hybrid/").partition(":")
        return tuple(
            i
            for i, other in enumerate(self.bills)
            if other.option.id in (own, burst)
            or (other.option.venue in CLOUD_VENUES and other.option.fleet.platform_id == burst)
        )

    def asked(self, z: Floats) -> Asked:
        """What is asked for in futures (futures, inputs)."""
        return asked(self.growth, self.input_mtok, self.output_mtok, z)


def runs_at_loads(narrow: Narrow, tell: Callable[[float], None]) -> dict[float, Ranked]:
    """Every followed option at each of ``LOADS``."""
    recommendation = narrow.recommendation
    runs = {1.0: Ranked(recommendation.options, recommendation.rejected)}
    others = [g for g in LOADS if g != 1.0]
    for i, factor in enumerate(others):
        tell(i / len(others))
        runs[factor] = narrow.run(at_load(recommendation.assessment, factor))
    return runs


def bills_alone(narrow: Narrow, at_loads: dict[float, Ranked]) -> Bills:
    """Each option's lines at several loads; nothing yet follows lengths or the engine's error."""
    recommendation = narrow.recommendation
    runs = {factor: ranked.by_id() for factor, ranked in at_loads.items()}
    economics = recommendation.assessment.economics
    money = Money(economics)
    priced = [o for o in narrow.options if o.cost is not None]
    inputs = _by_year([d.input_tokens_per_year for d in recommendation.demand])
    outputs = _by_year([d.output_tokens_per_year for d in recommendation.demand])
    input_mtok, output_mtok = inputs * money.running / 1e6, outputs * money.running / 1e6
    tokens = float(input_mtok.sum()), float(output_mtok.sum())
    weights = weights_of(recommendation.assessment)
    per_usd = recommendation.currency.per_usd
    capex, opex = economics.capex_limit, economics.opex_limit_per_year
    return Bills(
        bills=tuple(_bill(o, runs, money, _input_share(o, *tokens), narrow) for o in priced),
        input_mtok=input_mtok,
        output_mtok=output_mtok,
        growth=_growth(inputs + outputs),
        cached=_cached(recommendation),
        yardstick_usd=_yardsticks(narrow, float(inputs[0]), float(outputs[0])),
        trends={
            "token_trend": economics.token_price_trend,
            "cloud_trend": economics.gpu_hour_trend,
            "energy_trend": economics.electricity_growth,
            "hardware_trend": economics.hardware_trend,
            "labour_trend": economics.labour_trend,
        },
        applies=table([o.scores for o in priced], CRITERIA)[1],
        weights=np.array([weights[key] for key in CRITERIA]),
        discount=np.array(money.factors_of("opex")),
        capex_limit_usd=None if capex is None else capex / per_usd,
        opex_limit_usd=None if opex is None else opex / per_usd,
    )


def _yardsticks(narrow: Narrow, prompts: float, answers: float) -> Callable[[Asked], Floats]:
    """The yardstick in futures; ``prompts`` and ``answers`` are tokens of the first year."""

    def found(wanted: Asked) -> Floats:
        first = wanted.load[:, 0]
        tokens = first * (prompts * wanted.input_tokens + answers * wanted.output_tokens)
        moved = Moved(
            first,
            wanted.input_tokens,
            wanted.output_tokens,
            lambda workload: cached_of(wanted.cache_z, workload.prefix_cache_share),
        )
        stated = narrow.recommendation.assessment
        return yardsticks_usd_per_mtok(stated, narrow.full_catalog, tokens, moved)

    return found


def _by_year(parts: Sequence[Sequence[float]]) -> Floats:
    return np.asarray(np.sum(np.array(parts), axis=0), dtype=np.float64)


def _growth(tokens: Floats) -> float:
    """The level yearly growth between the first and the last year."""
    if len(tokens) < 2 or tokens[0] <= 0 or tokens[-1] <= 0:
        return 0.0
    return float((tokens[-1] / tokens[0]) ** (1.0 / (len(tokens) - 1)) - 1.0)


def _cached(recommendation: Recommendation) -> float:
    """Share of all prompts' tokens that is found in the cache, as stated."""
    prompts = [sum(d.input_tokens_per_year) for d in recommendation.demand]
    shares = [w.prefix_cache_share for w in recommendation.assessment.workloads]
    whole = math.fsum(prompts)
    return math.fsum(map(operator.mul, prompts, shares)) / whole if whole else 0.0


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
    narrow: Narrow,
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
    return Bill(
        option=option,
        present=present,
        low=np.array([math.log(max(lines[k].low_factor, 1e-6)) for k in keys]),
        high=np.array([math.log(max(lines[k].high_factor, 1e-6)) for k in keys]),
        classes=tuple(CLASSES.get(key, OTHER) for key, _ in keys),
        grade=grade_of(option),
        hosted=option.venue == "token_api",
        generation=generation(option, narrow.full_catalog),
        input_share=input_share,
        work=Response.constant(np.zeros(1), PLACES),
        kinds=tuple(lines[k].kind for k in keys),
    )


def _known(loads: Sequence[float], wanted: float) -> float:
    """The load among some that is nearest to the wanted one."""
    return min(loads, key=lambda g: abs(math.log(g / wanted)))
