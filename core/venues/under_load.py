"""Chosen configurations under load, kept as long as the candidates that they are of.

One assessment is run again and again: with another price or limit the very same configurations
serve the very same loads, with another demand mostly the same configurations other loads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from core.candidates import Candidates
from core.performance import engine
from core.performance import parameters as par
from core.performance.types import Floats, Ints, Operating, Uncertainty
from core.recommendation import RooflinePoint
from core.venues.latency_points import LatencyRows

MOST_KEPT = 4
"""Sets of rows that are kept of some candidates, and sets of loads of each."""
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Roof:
    """What one accelerator of a configuration can do at most, and what it does."""

    bandwidth_gb_s: float
    """Sustained."""
    peak_tflops: float
    """Dense, in the precision the arithmetic runs in."""
    points: tuple[RooflinePoint, ...]


@dataclass(frozen=True)
class ChosenRows:
    """Some rows of candidates, and what is known of them by loads."""

    parameters: par.Parameters
    """In force when they were made ready."""
    ready: engine.Ready
    interval: Uncertainty
    _states: dict[tuple[bytes, ...], tuple[Operating, LatencyRows]] = field(default_factory=dict)
    _roofs: dict[bytes, list[Roof]] = field(default_factory=dict)

    def at_loads(
        self, rows: Ints, req_s: Floats, arrival_cv: Floats
    ) -> tuple[Operating, LatencyRows]:
        """Operating points at loads (k,): ``rows`` and ``arrival_cv`` tell whose, and how bursty.

        Their latencies as plain numbers beside them.
        """

        def found() -> tuple[Operating, LatencyRows]:
            operating = self.ready.at_loads(rows, req_s, arrival_cv)
            return operating, LatencyRows.of(operating)

        key = (rows.tobytes(), req_s.tobytes(), arrival_cv.tobytes())
        return _kept(self._states, key, found)

    def roofs(self, busy: Floats) -> list[Roof]:
        """The roof of every row, with so many requests inside a replica of it, (rows,)."""
        return _kept(self._roofs, busy.tobytes(), lambda: _roofs(self.ready, busy))


def chosen_rows(candidates: Candidates, rows: list[int]) -> ChosenRows:
    """Rows of some candidates, made ready under the performance parameters in force."""
    in_force, key = par.active(), tuple(rows)
    kept: dict[tuple[int, ...], ChosenRows] = candidates.chosen
    if key in kept and kept[key].parameters is not in_force:
        kept.clear()

    def found() -> ChosenRows:
        profile = candidates.demand.profile
        table = candidates.table.take(np.array(rows))
        ready = engine.ready(table, profile, candidates.memory.max_concurrency[rows])
        return ChosenRows(in_force, ready, engine.uncertainty(table, profile))

    return _kept(kept, key, found)


def _kept(kept: dict[K, V], key: K, found: Callable[[], V]) -> V:
    """What is kept for a key, found where nothing is; the oldest of too many is dropped."""
    if key not in kept:
        if len(kept) >= MOST_KEPT:
            del kept[next(iter(kept))]
        kept[key] = found()
    return kept[key]


def _roofs(ready: engine.Ready, busy: Floats) -> list[Roof]:
    found = engine.roofline(ready, busy)
    return [
        Roof(
            float(found.bandwidth_gb_s[i]),
            float(found.peak_tflops[i]),
            tuple(
                RooflinePoint(
                    p.label,
                    float(p.intensity_flop_per_byte[i]),
                    float(p.achieved_tflops[i]),
                    float(p.attainable_tflops[i]),
                )
                for p in found.points
            ),
        )
        for i in range(len(ready.table))
    ]
