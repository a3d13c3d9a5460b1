"""What a score is before weighting: the five constraints' names, points and unknowns."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.decision.anchors import (
    UNKNOWN_ELSE,
)
from core.performance.types import Floats
from core.records import quickly_made
from core.words import N_, _

CONSTRAINTS = ("memory_bandwidth", "latency", "power_density", "utilization", "tuning")
LABELS = {
    "memory_bandwidth": N_("Memory bandwidth"),
    "latency": N_("Latency sensitivity"),
    "power_density": N_("Power density"),
    "utilization": N_("Accelerator utilisation"),
    "tuning": N_("Operational tuning"),
}


@quickly_made
@dataclass(frozen=True, slots=True)
class Rating:
    """One criterion of one option before weighting; ``value`` 0..100 or ``None``."""

    key: str
    label: str
    value: float | None
    reason: str
    formula: str
    assumed: float | None = None
    """Cautious points where the criterion applies but nothing is known (``anchors``)."""


def headroom_score(used: float, full_share: float) -> float:
    """100 where ``used`` (share of a limit) is at most ``full_share``, 0 from 1 on, linear."""
    if not math.isfinite(used):
        return 0.0
    return 100.0 * min(max((1.0 - used) / (1.0 - full_share), 0.0), 1.0)


def headroom_scores(used: Floats | float, full_share: float) -> Floats:
    """The same for an array of finite shares, any shape: a number alone is worked out faster."""
    return np.asarray(100.0 * np.clip((1.0 - used) / (1.0 - full_share), 0.0, 1.0))


def not_applicable(key: str, reason: str, formula: str) -> Rating:
    """A constraint that does not concern the option."""
    return Rating(key, _(LABELS[key]), None, reason, _(formula))


def not_known(key: str, reason: str, formula: str, assumed: float = UNKNOWN_ELSE) -> Rating:
    """A constraint of which nothing is known: it counts with cautious points."""
    return Rating(key, _(LABELS[key]), None, reason, _(formula), assumed)
