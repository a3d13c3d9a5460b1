"""What becomes of an option beside its bill in drawn futures: points, limits, what the bill misses.

Fitted through re-runs of the whole computation (``engine_runs``) by a ``Response`` each; latency
and bandwidth as shares of their limits, from which points follow as everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from core.analysis.configurations import Configurations, configurations_of
from core.analysis.response import Response
from core.decision.anchors import BANDWIDTH_FULL_SHARE, LATENCY_FULL_SHARE
from core.decision.constraints import bandwidth_used, latency_used
from core.decision.ranking import CRITERIA
from core.decision.rating import headroom_scores
from core.decision.verdicts import failures
from core.performance.types import Bools, Floats
from core.recommendation import Option
from core.venues.study import Study

FREE_OF_LOAD = np.array([0.0, 1.0, 1.0, 1.0, 1.0])
"""Places at the stated load: what a configuration carries does not depend on it."""
FULL_SHARE = {"latency": LATENCY_FULL_SHARE, "memory_bandwidth": BANDWIDTH_FULL_SHARE}
"""Criteria that are followed as the share of a limit that is used, and where they have 100."""
LEAST_OF_FULL = 0.8
"""No share is followed below this part of where it has 100 points: nothing changes there."""
MOST_LEFT_OVER = 1.0
"""Largest logarithm of a cost over what its bill says that is believed."""
MONEY = frozenset(("capex", "opex"))
"""Limits that prices move: held against the bill of every future."""


@dataclass(frozen=True)
class Effects:
    """One option's points and limits."""

    keys: tuple[str, ...]
    """Criteria other than the cost that apply to it; those of ``as_shares`` as shares."""
    as_shares: frozenset[str]
    response: Response
    """Logarithm of the cost over the bill's, each of ``keys``, then how surely limits are kept:
    1 where a run keeps all but those on money, -1 where it does not."""
    configurations: tuple[Configurations, ...] = ()
    slips: Floats = field(default_factory=lambda: np.zeros(1))
    """Points by which the whole score of each run lies above what the other runs say of it."""

    def at(self, places: Floats) -> Floats:
        """``response`` at the places of futures, in the configurations that are taken there."""
        lengths = places * FREE_OF_LOAD
        taken = [c.at(lengths) for c in self.configurations]
        return self.response.at(np.concatenate([places, *taken], axis=1))

    def points(self, values: Floats) -> Floats:
        """Points of every criterion but the cost, shape (futures, criteria)."""
        found = np.zeros((len(values), len(CRITERIA)))
        for column, key in enumerate(self.keys, start=1):
            of_key = values[:, column]
            if key in self.as_shares:
                of_key = headroom_scores(np.exp(of_key), FULL_SHARE[key])
            found[:, CRITERIA.index(key)] = np.clip(of_key, 0.0, 100.0)
        return found

    def cost_factor(self, values: Floats) -> Floats:
        """What the cost is over what the bill says, shape (futures,)."""
        return np.exp(np.clip(values[:, 0], -MOST_LEFT_OVER, MOST_LEFT_OVER))

    def kept(self, values: Floats) -> Bools:
        """Whether every limit but those on money is kept, shape (futures,)."""
        return np.asarray(values[:, -1] > 0.0)


def effects_of(
    found: Sequence[Option], left_over: Floats, places: Floats, studies: Sequence[Study]
) -> Effects:
    """From an option as it is (first) and in some futures; ``left_over``: log of cost over bill."""
    stated = found[0]
    keys = tuple(s.key for s in stated.scores if s.key != "cost" and s.counted is not None)
    as_shares = frozenset(key for key in FULL_SHARE if key in keys and _used(stated, key))
    rows = []
    for option, rest in zip(found, left_over.tolist(), strict=True):
        points = {s.key: s.counted for s in option.scores}
        usual = {s.key: s.counted or 0.0 for s in stated.scores}
        broken = any(gate.key not in MONEY for gate in failures(option.gates))
        values = [
            _log_share(option, stated, key)
            if key in as_shares
            else usual[key]
            if (own := points.get(key)) is None
            else own
            for key in keys
        ]
        rows.append([rest, *values, -1.0 if broken else 1.0])
    lengths = places * FREE_OF_LOAD
    configurations = configurations_of(found, studies, lengths)
    whole = np.concatenate([places, *(c.known for c in configurations)], axis=1)
    table = np.array(rows)
    effects = Effects(keys, as_shares, Response.through(whole, table), configurations)
    return replace(effects, slips=_slips(effects, table, stated))


def _slips(effects: Effects, values: Floats, stated: Option) -> Floats:
    """``Effects.slips`` from what the runs say, shape (runs, quantities)."""
    said = values - effects.response.slips
    weights = {s.key: s.weight for s in stated.scores}
    cost = next((s.counted or 0.0 for s in stated.scores if s.key == "cost"), 0.0)
    # 100 / (1 + r) falls by p (1 - p / 100) for a unit of log r
    slips = -weights.get("cost", 0.0) * cost * (1.0 - cost / 100.0) * effects.response.slips[:, 0]
    points = effects.points(values) - effects.points(said)
    return np.asarray(slips + (points * [weights.get(key, 0.0) for key in CRITERIA]).sum(axis=1))


def _used(option: Option, key: str) -> float:
    """Largest share of a limit in use; 0 where none is known."""
    found = latency_used(option) if key == "latency" else bandwidth_used(option)
    return max((item[0] for item in found), default=0.0)


def _log_share(option: Option, stated: Option, key: str) -> float:
    used = _used(option, key) or _used(stated, key)
    return math.log(min(max(used, LEAST_OF_FULL * FULL_SHARE[key]), 1.0))
