"""How often each option wins when the weights are drawn around the user's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.analysis.futures import leader
from core.decision.ranking import CRITERIA
from core.performance.types import Floats
from core.products import product
from core.recommendation import Option

DRAWS = 2048
CONCENTRATION = 40.0
"""Of the Dirichlet distribution: a weight of 35 % then has a standard deviation of 7 points."""


def stability(options: Sequence[Option], seed: int) -> tuple[tuple[str, float], ...]:
    """(option id, share of weight draws it wins), of those that ever win, most often first."""
    known = np.zeros((2, len(options), len(CRITERIA)))
    values = np.zeros_like(known)  # of what is known, and what stands in for what is not
    for i, option in enumerate(options):
        for score in option.scores:
            if score.counted is not None:
                place = int(score.value is None), i, CRITERIA.index(score.key)
                known[place], values[place] = 1.0, score.counted
    weights = _weights(options)
    drawn = np.random.default_rng(seed).dirichlet(
        np.maximum(weights * CONCENTRATION, 1e-3), size=DRAWS
    )
    # as ``ranking.weigh``: what is not known keeps its weight, what is known shares the rest
    open_weight = product(drawn, known[1].T)
    shared = (1.0 - open_weight) / np.maximum(product(drawn, known[0].T), 1e-12)
    totals = shared * product(drawn, values[0].T) + product(drawn, values[1].T)
    costs = np.array([o.cost.usd_per_mtok.base if o.cost else np.inf for o in options])
    cost = CRITERIA.index("cost")
    cost_weight = shared * drawn[:, [cost]] * known[0][None, :, cost]
    wins = np.bincount(leader(totals, costs, cost_weight), minlength=len(options)) / DRAWS
    order = np.argsort(-wins, kind="stable")
    return tuple((options[i].id, float(wins[i])) for i in order if wins[i] > 0)


def _weights(options: Sequence[Option]) -> Floats:
    """The user's weights by criterion: from the option to which most criteria apply."""
    fullest = max(options, key=lambda o: sum(s.counted is not None for s in o.scores))
    found = {s.key: s.weight for s in fullest.scores}
    return np.array([found.get(key, 0.0) for key in CRITERIA])
