"""Latency between an empty server and a full one.

A lone request takes its share of the tightest target, a server that carries as much as it can takes
all of it; both are known of every configuration. What is fitted is only how the curve is bent in
between, which changes little.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from core.analysis.fleets import Held
from core.performance.types import Floats
from core.recommendation import Option

LEAST_USED = 0.02
"""Emptier servers answer as if they were empty."""
BENT = math.log(400.0)
"""Logarithm of the largest exponent of the law of latency."""


def _ends(held: Sequence[Held]) -> tuple[Floats, Floats]:
    """``Held.lone`` and ``Held.used`` of all fleets beside each other."""
    lone = np.concatenate([one.lone for one in held], axis=1)
    return lone, np.concatenate([one.used for one in held], axis=1)


def latency_used_by_law(held: Sequence[Held], exponents: Floats) -> Floats:
    """Largest share of a target that is used, shape (rows,); at least 1 where one is missed.

    ``l + (1 - l) u ** k``: a lone request's share l at no load, all of the tightest target where
    servers carry as much as they can (u = 1), and bent by k in between.
    """
    lone, used = _ends(held)
    room = np.maximum(1.0 - lone, 0.0)
    bent = np.clip(used, LEAST_USED, 1.0) ** np.exp(np.clip(exponents, -BENT, BENT))
    return np.asarray((lone + room * bent).max(axis=1))


def exponents(found: Sequence[Option], held: Sequence[Held]) -> Floats:
    """Logarithms of the exponents of ``latency_used_by_law``, (runs, workloads of all fleets).

    No columns where a latency is not of this kind: nothing asked of it, or waits in it.
    """
    if not held:
        return np.zeros((len(found), 0))
    lone, used = _ends(held)
    exponents = np.zeros((len(found), lone.shape[1]))
    for run, option in enumerate(found):
        for serving in range(lone.shape[1]):
            checks = option.servings[serving].targets
            if not checks or any(c.predicted_ms is None or c.waiting_ms for c in checks):
                return np.zeros((len(found), 0))
            share = max(c.predicted_ms.base / c.limit_ms for c in checks if c.predicted_ms)
            room, full = 1.0 - lone[run, serving], used[run, serving]
            if room > 0.0 and full > LEAST_USED:
                risen = min(max((share - lone[run, serving]) / room, 1e-3), 0.999)
                bent = math.log(risen) / math.log(min(full, 0.98))
                exponents[run, serving] = min(max(math.log(bent), -BENT), BENT)
    for serving in range(lone.shape[1]):  # what is not known of a run is as the others' mean
        known = (lone[:, serving] < 1.0) & (used[:, serving] > LEAST_USED)
        exponents[~known, serving] = exponents[known, serving].mean() if known.any() else 0.0
    return exponents
