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
    values = np.full((len(options), len(CRITERIA)), np.nan)
    for i, option in enumerate(options):
        for score in option.scores:
            if score.counted is not None:
                values[i, CRITERIA.index(score.key)] = score.counted
    weights = _weights(options)
    drawn = np.random.default_rng(seed).dirichlet(
        np.maximum(weights * CONCENTRATION, 1e-3), size=DRAWS
    )
    known = ~np.isnan(values)
    totals = product(drawn, np.nan_to_num(values).T) / np.maximum(
        product(drawn, known.T.astype(float)), 1e-12
    )
    costs = np.array([o.cost.usd_per_mtok.base if o.cost else np.inf for o in options])
    wins = np.bincount(leader(totals, costs), minlength=len(options)) / DRAWS
    order = np.argsort(-wins, kind="stable")
    return tuple((options[i].id, float(wins[i])) for i in order if wins[i] > 0)


def _weights(options: Sequence[Option]) -> Floats:
    """The user's weights by criterion: from the option to which most criteria apply."""
    fullest = max(options, key=lambda o: sum(s.counted is not None for s in o.scores))
    found = {s.key: s.weight for s in fullest.scores}
    return np.array([found.get(key, 0.0) for key in CRITERIA])
