"""Possible futures: sampled costs and scores of every option, and what they say of the answer."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.analysis import sobol
from core.analysis.bills import LOADS, Bills
from core.analysis.future_cost import asked, cost_usd_per_mtok
from core.analysis.uncertain_inputs import INDEX, INPUTS, KEYS
from core.decision.criteria import ratio_utilities
from core.decision.leading import Shared, leader
from core.performance.types import Floats, Ints
from core.recommendation import Lead, OptionUncertainty

INFEASIBLE = 1000.0
"""Taken from the score of an option that breaks a limit: more than any score."""


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
    common: Shared
    """Points on what concerns another option too."""

    @cached_property
    def leaders(self) -> Ints:
        """Which option has the best score in each future, -1 where none meets every limit."""
        leads = leader(self.scores, self.usd_per_mtok, self.cost_weight, self.common)
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
    common = common_of(bills, usd, load)
    return Drawn(2**power, usd, scores, load, wanted.mtok, np.array(weights), common)


def scores_of(bills: Bills, usd: Floats, load: Floats) -> Floats:
    """Total scores at each future's cost and load, shape (futures, options).

    Below zero where the option breaks a limit at that load: it cannot win there.
    """
    columns = []
    for number, bill in enumerate(bills.bills):
        cost = next(s for s in bill.option.scores if s.key == "cost")
        columns.append(
            np.interp(load, LOADS, bill.rest) + cost.weight * _cost_points(bills, usd[:, number])
        )
    return np.stack(columns, axis=1) - _refused(bills, load)


def common_of(bills: Bills, usd: Floats, load: Floats) -> Shared:
    """The same of what options have in common, shape (futures, options, kinds)."""
    stated = bills.common
    points = np.empty((len(load), *stated.points.shape[1:]))
    for option, kind in np.ndindex(points.shape[1:]):
        points[:, option, kind] = np.interp(load, LOADS, stated.points[:, option, kind])
    points += bills.common_cost_weight * _cost_points(bills, usd)[:, :, None]
    return Shared(stated.kind, points - _refused(bills, load)[:, :, None])


def _cost_points(bills: Bills, usd: Floats) -> Floats:
    return ratio_utilities(usd / bills.yardstick_usd)


def _refused(bills: Bills, load: Floats) -> Floats:
    """What is taken from options that break a limit at a load, shape (futures, options)."""
    nearest = np.argmin(np.abs(np.log(load)[:, None] - np.log(LOADS)), axis=1)
    feasible = np.stack([bill.feasible[nearest] for bill in bills.bills], axis=1)
    return np.where(feasible, 0.0, INFEASIBLE)


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
    """What the second option costs more than the best one in the very same futures.

    What both pay for, the demand and the common part of the engine's error move both at once, so
    this is narrower than what either's own range would say. ``None`` where one has no bill.
    """
    places = {bill.option.id: i for i, bill in enumerate(bills.bills)}
    if best_id not in places or second_id not in places:
        return None
    best, second = places[best_id], places[second_id]
    own = drawn.usd_per_mtok[:, best]
    gap = drawn.usd_per_mtok[:, second] - own
    extra = np.divide(gap, own, out=np.zeros_like(gap), where=own > 0.0)  # none of what is free
    low, middle, high = np.quantile(extra, (0.1, 0.5, 0.9))
    leaders = drawn.leaders
    shares = [float(np.mean(leaders == i)) for i in range(len(bills.bills))]
    rival_share, rival = max((s, -i) for i, s in enumerate(shares) if i != best)
    return Lead(
        option_id=best_id,
        second_id=second_id,
        best_share=shares[best],
        cheaper_share=float(np.mean(gap > 0.0)),
        extra_p10=float(low),
        extra_p50=float(middle),
        extra_p90=float(high),
        rival_title=bills.bills[-rival].option.title if rival_share > 0.0 else "",
        rival_share=rival_share,
    )
