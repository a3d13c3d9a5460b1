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
    # Few runs tell an end, and a fit asks for all of them a thousand times.
    ends = np.flatnonzero(np.isfinite(requests[:, 0]))
    many, during, served = requests[ends], span[ends], capacity[ends]
    reading = (many - 1.0) * work[ends] - during
    beyond = many - served * during

    def waited(share: float | Floats) -> Floats:
        for_place = (share * beyond - places[ends]) / served
        waits = np.maximum(np.maximum(share * reading, for_place), 0.0)
        found = np.zeros(requests.shape)
        found[ends] = waits.mean(axis=1, keepdims=True)
        return found

    return Backlog(
        mean=waited(_SHARES),
        last=waited(1.0),
        levels={name: waited(level) for name, level in LEVELS.items()},
    )
