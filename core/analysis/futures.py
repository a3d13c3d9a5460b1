"""Possible futures: sampled costs and scores of every option, and what they say of the answer."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.analysis import sobol
from core.analysis.bills import Bills
from core.analysis.draws import Asked
from core.analysis.future_cost import Followed, Parts, followed
from core.analysis.uncertain_inputs import INDEX, INPUTS, KEYS
from core.decision.criteria import ratio_utilities
from core.decision.leading import Shared, leader, shared_by_row
from core.decision.ranking import CRITERIA
from core.performance.types import Bools, Floats, Ints
from core.recommendation import Lead, OptionUncertainty

INFEASIBLE = 1000.0
"""Taken from the score of an option that breaks a limit: more than any score."""
ROUNDING = 1e-9
"""A limit on money is kept within this share, as by the gate."""


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
    """Scrambled Sobol draws of the uncertain inputs with these keys; the others stay at base.

    The engine errs alike for all hardware of a generation, beside what is common to all.
    """
    kinds = bills.generations
    power = max(1, math.ceil(math.log2(max(samples, 2))))
    normal = sobol.normal_draws(len(INPUTS) + len(kinds), power, seed)
    z, own = normal[:, : len(INPUTS)].copy(), normal[:, len(INPUTS) :]
    z[:, [i for key, i in INDEX.items() if key not in keys]] = 0.0
    if "engine" not in keys:
        own = np.zeros_like(own)
    none = np.zeros(len(z))
    of_kind = {kind: own[:, i] for i, kind in enumerate(kinds)}
    drawn = drawn_at(bills, z, np.stack([of_kind.get(b.generation, none) for b in bills.bills], 1))
    return _slipped(bills, drawn, seed) if "engine" in keys else drawn


def _slipped(bills: Bills, drawn: Drawn, seed: int) -> Drawn:
    """With what the fit between re-runs leaves open: each future slips as one of the re-runs does.

    All options by the same re-run, since they slip together where they are of one make.
    """
    slips = [np.zeros(1) if b.effects is None else b.effects.slips for b in bills.bills]
    runs = max(len(row) for row in slips)
    table = np.stack([np.resize(row, runs) for row in slips], axis=1)
    which = np.random.default_rng(seed).integers(0, runs, drawn.samples)
    moved = table[which]
    common = Shared(drawn.common.kind, drawn.common.points + moved[:, :, None])
    return replace(drawn, scores=drawn.scores + moved, common=common)


def drawn_at(bills: Bills, z: Floats, own_z: Floats) -> Drawn:
    """Costs and scores at given standard normal values, as ``cost_usd_per_mtok`` takes them."""
    wanted = bills.asked(z)
    parts: Parts = {}
    every = [followed(bills, b, z, own_z[:, i], parts) for i, b in enumerate(bills.bills)]
    usd = np.stack([one.usd_per_mtok for one in every], axis=1)
    points = _points(bills, wanted, every)
    weights = np.array(
        [[{s.key: s.weight for s in b.option.scores}.get(k, 0.0) for k in CRITERIA]
         for b in bills.bills]
    )  # fmt: skip  # one table
    refused = np.where(_kept(bills, every), 0.0, INFEASIBLE)
    common = shared_by_row(points, bills.applies, bills.weights)
    return Drawn(
        samples=len(z),
        usd_per_mtok=usd,
        scores=(points * weights).sum(axis=2) - refused,
        load=wanted.load[:, -1],
        mtok=wanted.mtok,
        cost_weight=weights[:, CRITERIA.index("cost")],
        common=Shared(common.kind, common.points - refused[:, :, None]),
    )


def _points(bills: Bills, wanted: Asked, every: Sequence[Followed]) -> Floats:
    """Points of every criterion in every future, shape (futures, options, criteria)."""
    found = np.zeros((len(wanted.mtok), len(every), len(CRITERIA)))
    stick = bills.yardstick_usd(wanted)
    for i, (bill, one) in enumerate(zip(bills.bills, every, strict=True)):
        if bill.effects is not None:
            found[:, i] = bill.effects.points(one.values)
        found[:, i, CRITERIA.index("cost")] = ratio_utilities(one.usd_per_mtok / stick)
    return found


def _kept(bills: Bills, every: Sequence[Followed]) -> Bools:
    """Whether options keep every limit, shape (futures, options)."""
    kept = []
    for bill, one in zip(bills.bills, every, strict=True):
        found = np.ones(len(one.usd_per_mtok), dtype=np.bool_)
        if bill.effects is not None:
            found &= bill.effects.kept(one.values)
        for usd, limit in (
            (one.capex_usd, bills.capex_limit_usd),
            (one.running_usd, bills.opex_limit_usd),
        ):
            if limit is not None:
                found &= usd <= limit * (1.0 + ROUNDING)
        kept.append(found)
    for i, bill in enumerate(bills.bills):
        for part in bills.parts_of(bill):  # a hybrid dearer than a part that keeps its limits
            dearer = every[i].usd_per_mtok > every[part].usd_per_mtok
            kept[i] = kept[i] & ~(dearer & kept[part])
    return np.stack(kept, axis=1)


def summary(bills: Bills, drawn: Drawn) -> tuple[OptionUncertainty, ...]:
    """P10/P50/P90 of cost, how often each option is best, its regret on average and at P90.

    Regret is held against every option at its cost, even one that breaks a limit in that future.
    It is no more than what the option is planned to cost: where a target can hardly be met, a
    fleet of hundreds of times the planned one would be costed, but nobody would buy it. The plan
    is given up then, all of it is lost at most, and the cheapest option is taken.
    """
    best = drawn.leaders
    npv = drawn.usd_per_mtok * drawn.mtok[:, None]
    planned = np.array([bill.planned_usd for bill in bills.bills])
    regret = np.minimum(npv - npv.min(axis=1, keepdims=True), planned)
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
