"""Waits of a run that offers more requests than its replica serves, until its last answer.

A fluid queue, as at a rush hour: requests come evenly over the run's arrivals and leave as fast as
they can be served. The one at a share u of them waits for the prompts before it to be read and
for a place among those that decode, whichever takes longer:

    u ((N - 1) x prefill - T)      and      (u (N - capacity x T) - places) / capacity,

with N requests that come within T (Newell, Applications of Queueing Theory, 1982, chapter 2).
Times in seconds; arrays of shape (n, 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.performance.percentiles import LEVELS
from core.performance.types import Floats

_SHARES: Floats = np.linspace(0.0025, 0.9975, 200)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What requests wait for those before them; 0 where a run has no end."""

    mean: Floats
    last: Floats
    levels: dict[str, Floats]
    """By percentile: ``p50``, ``p90``, ``p95``, ``p99``."""


def backlog(
    requests: Floats, span: Floats, capacity: Floats, places: Floats, work: Floats
) -> Backlog:
    """Waits of ``requests`` (``inf``: no end) that come within ``span``.

    ``capacity`` is what is served per second, ``places`` decode at a time and ``work`` is the
    prefill of a prompt.
    """
    ends = np.isfinite(requests)
    many, during = np.where(ends, requests, 1.0), np.where(ends, span, 0.0)
    reading = (many - 1.0) * work - during
    beyond = many - capacity * during

    def waited(share: float | Floats) -> Floats:
        for_place = (share * beyond - places) / capacity
        return np.where(ends, np.maximum(np.maximum(share * reading, for_place), 0.0), 0.0)

    return Backlog(
        mean=waited(_SHARES).mean(axis=1, keepdims=True),
        last=waited(1.0),
        levels={name: waited(level) for name, level in LEVELS.items()},
    )
