"""What configurations carry in a future, and how a lone request does on them.

Both follow lengths, cached prompts and the engine's error smoothly between the runs, but where
one can meet its targets no more: then it carries nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.analysis.response import SMOOTH, Response
from core.candidates import Candidates, Key
from core.performance.splitting import SplitCapacity
from core.performance.types import Floats
from core.recommendation import Serving

LEAST_LONE = 1e-6
"""Share of a target that a lone request takes at least: all of none where there is no target."""
MOST_LONE = 10.0
"""Logarithm of the largest share of a target that is followed."""
LEAST_ROOM = 0.02
"""What a lone request leaves of a target, at least: beside it a capacity is told."""


@dataclass(frozen=True)
class Curves:
    """The configurations of one workload, followed through lengths, cache and error."""

    sizes: tuple[int, ...]
    """Accelerators of a replica of each."""
    at: Floats
    """Replica counts where the line of what they carry together bends (``SplitCapacity``)."""
    told: tuple[tuple[Response, tuple[tuple[int, bool], ...]], ...]
    """What follows from the same runs, of each of these configurations: its lone request, the
    logarithm of ``Held.lone``; or (true) what it carries, where it is able: the logarithm of what
    a further replica carries over what a lone request leaves of the tightest target, then what
    each of ``at`` replicas carries over that."""

    def at_places(self, places: Floats) -> list[tuple[Floats, SplitCapacity | None]]:
        """A lone request's latency, and what replicas carry together, of each configuration."""
        found: dict[tuple[int, bool], Floats] = {}
        for response, which in self.told:
            widths = [len(self.at) if carried else 1 for _configuration, carried in which]
            values = np.split(response.at(places), np.cumsum(widths)[:-1], axis=1)
            found.update(zip(which, values, strict=True))
        known: list[tuple[Floats, SplitCapacity | None]] = []
        for configuration in range(len(self.sizes)):
            lone = np.exp(np.minimum(found[configuration, False][:, 0], MOST_LONE))
            columns = found.get((configuration, True))
            known.append((lone, None if columns is None else self._shared(columns, lone)))
        return known

    def _shared(self, columns: Floats, lone: Floats) -> SplitCapacity:
        further = np.exp(columns[:, 0]) * np.maximum(1.0 - lone, LEAST_ROOM)
        each = np.clip(columns[:, 1:], 0.0, 1.0) * further[:, None]
        begin = np.zeros((len(columns), len(self.at)))
        begin[:, 1:] = np.maximum.accumulate(each * self.at[1:], axis=1)
        between = np.diff(begin, axis=1) / np.diff(self.at)
        return SplitCapacity(self.at, begin, np.concatenate([between, further[:, None]], axis=1))


@dataclass(frozen=True)
class Table:
    """What some configurations are in one run."""

    shared: tuple[SplitCapacity | None, ...]
    """``None`` where one is not among the candidates or does not fit."""
    lone: tuple[float, ...]

    @classmethod
    def of(
        cls,
        candidates: Candidates,
        distance_ms: float,
        accelerator_id: str | None,
        keys: Sequence[Key],
    ) -> Table:
        """From what was computed in a run."""
        near = candidates.near(distance_ms)
        found = [candidates.row_of(accelerator_id, key) for key in keys]
        return cls(
            tuple(
                near.shared.rows(row) if row is not None and candidates.usable[row] else None
                for row in found
            ),
            tuple(np.inf if row is None else float(near.worst_ratio[row]) for row in found),
        )

    def told(self, configuration: int, carried: bool) -> list[float]:
        """What ``Curves.told`` follows."""
        if not carried:
            return [math.log(max(self.lone[configuration], LEAST_LONE))]
        shared = self.shared[configuration]
        if shared is None:
            return []
        further = float(shared.further)
        room = max(1.0 - self.lone[configuration], LEAST_ROOM)
        return [math.log(further / room), *(shared.begin[1:] / (shared.at[1:] * further)).tolist()]

    def used(self, taken: int, serving: Serving, sites: int) -> float:
        """Load over capacity of a serving in its busiest year; 0 where it has none."""
        shared = self.shared[taken]
        if shared is None or float(shared.further) <= 0.0:
            return 0.0
        replicas = np.array(serving.replicas_by_year) / sites
        carried = shared.together(np.maximum(replicas, 1.0)) * sites
        return float((np.array(serving.peak_req_s_by_year) / np.maximum(carried, 1e-30)).max())


def curves_of(keys: Sequence[Key], tables: Sequence[Table], at_rest: Floats) -> Curves | None:
    """Fitted through the runs; ``None`` where one configuration fits in none, or none is able.

    Runs that differ in the load alone tell the same of what a configuration carries: the first
    counts.
    """
    first = np.sort(np.unique(at_rest, axis=0, return_index=True)[1]).tolist()
    alike: dict[tuple[int, ...], list[tuple[int, bool]]] = {}
    at = None
    for configuration in range(len(keys)):
        known = [t.shared[configuration] for t in tables]
        share = [t.lone[configuration] for t in tables]
        fits = [i for i in first if known[i] is not None and math.isfinite(share[i])]
        if not fits:
            return None
        alike.setdefault(tuple(fits), []).append((configuration, False))
        able = tuple(i for i in fits if share[i] < 1.0 and _further(known[i]) > 0.0)
        if able:
            alike.setdefault(able, []).append((configuration, True))
            at = np.zeros(0) if (one := known[able[0]]) is None else one.at
    if at is None:
        return None
    told = []
    for runs, which in alike.items():
        values = [[x for one in which for x in tables[i].told(*one)] for i in runs]
        told.append((Response.through(at_rest[list(runs)], np.array(values), SMOOTH), (*which,)))
    return Curves(tuple(key[0] for key in keys), at, tuple(told))


def _further(shared: SplitCapacity | None) -> float:
    return 0.0 if shared is None else float(shared.further)
