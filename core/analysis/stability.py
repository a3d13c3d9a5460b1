"""How often each option wins when the weights are drawn around the user's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.decision.leading import cost_of, leader, shared, table
from core.products import product
from core.recommendation import Option

DRAWS = 2048
CONCENTRATION = 40.0
"""Of the Dirichlet distribution: a weight of 35 % then has a standard deviation of 7 points."""


def stability(
    options: Sequence[Option], weights: Mapping[str, float], seed: int
) -> tuple[tuple[str, float], ...]:
    """(option id, share of weight draws it wins), of those that ever win, most often first.

    ``weights`` are the user's by criterion, summing to 1.
    """
    keys = tuple(weights)
    points, applies = table([o.scores for o in options], keys)
    unknown, open_ = table([[s for s in o.scores if s.value is None] for o in options], keys)
    drawn = np.random.default_rng(seed).dirichlet(
        np.maximum(np.array(list(weights.values())) * CONCENTRATION, 1e-3), size=DRAWS
    )
    # as ``ranking.weigh``: what is not known keeps its weight, what is known shares the rest
    known = (applies & ~open_).astype(np.float64)
    open_weight = product(drawn, open_.T.astype(np.float64))
    share = (1.0 - open_weight) / np.maximum(product(drawn, known.T), 1e-12)
    totals = share * product(drawn, (points * known).T) + product(drawn, unknown.T)
    costs = np.array([cost_of(option) for option in options])
    cost = keys.index("cost")
    cost_weight = share * drawn[:, [cost]] * known[None, :, cost]
    first = leader(totals, costs, cost_weight, shared(points, applies, drawn))
    wins = np.bincount(first, minlength=len(options)) / DRAWS
    order = np.argsort(-wins, kind="stable")
    return tuple((options[i].id, float(wins[i])) for i in order if wins[i] > 0)
