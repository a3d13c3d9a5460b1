"""Which configuration a plan takes in a future: of those seen, the one that carries most.

A plan takes the configuration that gets most out of its units (``candidates.choose``); where two
are near each other, a little more of what is drawn turns the choice, and latency and use of memory
leap. What each carries follows smoothly, so that the turn can be told between the re-runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.analysis.response import Response
from core.candidates import Candidates
from core.performance.types import Floats
from core.recommendation import Option, Serving
from core.venues.sizing import replicas_for
from core.venues.study import Study

LEAP = 2.0
"""How far apart two configurations lie for a ``Response``, in the units of its places."""
UNABLE = 1.5
"""Logarithm by which what misses a target is taken to carry less than the best."""
Key = tuple[int, int, int, str, str]
"""Accelerators, tensor and expert parallel, precision of weights and of the KV cache."""


@dataclass(frozen=True)
class Configurations:
    """What each seen configuration of one workload carries."""

    carried: Response
    """Logarithm of the requests per second of each, on the accelerators that the plan holds."""

    taken: tuple[int, ...]
    """Which of them each known place has."""

    @property
    def known(self) -> Floats:
        """``at`` where it is known, shape (known, configurations)."""
        return np.asarray(LEAP * np.eye(len(self.carried.base))[list(self.taken)])

    def at(self, places: Floats) -> Floats:
        """Coordinates that tell the configurations apart, shape (futures, configurations)."""
        best = self.carried.at(places).argmax(axis=1)
        return np.asarray(LEAP * np.eye(len(self.carried.base))[best])


def configurations_of(
    found: Sequence[Option], studies: Sequence[Study], places: Floats
) -> tuple[Configurations, ...]:
    """Of each workload of an option, as it is (first) and in some futures."""
    every = []
    for workload, stated in enumerate(found[0].servings):
        served = [o.servings[workload] for o in found]
        keys = list(dict.fromkeys(_key(s) for s in served))
        if stated.accelerator_id is None or len(keys) < 2:
            continue
        rows = [
            _carried(keys, s, option, study, workload)
            for s, study, option in zip(served, studies, found, strict=True)
        ]
        if all(row is not None for row in rows):
            table = np.array(rows, dtype=np.float64)
            taken = tuple(keys.index(_key(s)) for s in served)
            every.append(Configurations(Response.through(places, table), taken))
    return tuple(every)


def _key(serving: Serving) -> Key:
    return (
        serving.accelerators_per_replica,
        serving.tp,
        serving.ep,
        serving.weight_precision or "",
        serving.kv_precision or "",
    )


def _carried(
    keys: Sequence[Key], serving: Serving, option: Option, study: Study, workload: int
) -> list[float] | None:
    """Logarithms of what the configurations carry on as many units as the best of them takes.

    ``None`` where one is not among the candidates.
    """
    candidates = study.candidates[workload]
    rtt_ms = option.place.rtt_ms or study.near_rtt_ms
    near = candidates.capacities[min(candidates.capacities, key=lambda at: abs(at - rtt_ms))]
    known = _rows(candidates, serving.accelerator_id or "")
    if any(key not in known for key in keys):
        return None
    per_unit = option.fleet.accelerators // max(*option.fleet.units_by_year, 1)
    load = np.array(serving.peak_req_s_by_year)
    each = {key: max(per_unit // key[0], 1) for key in keys}
    able = [key for key in keys if near.able[known[key]]]
    units = min(
        (
            math.ceil(
                replicas_for(load, near.shared.rows(known[key]), study.headroom).max() / each[key]
            )
            for key in able
        ),
        default=1,
    )
    together = {
        key: float(near.shared.rows(known[key]).together(np.array(max(units, 1.0) * each[key])))
        for key in able
    }
    # Few replicas of one that is able with many may carry nothing within the targets.
    found = {key: math.log(carried) for key, carried in together.items() if carried > 0.0}
    least = max(found.values(), default=0.0) - UNABLE
    return [found.get(key, least) for key in keys]


def _rows(candidates: Candidates, accelerator_id: str) -> dict[Key, int]:
    """Rows of an accelerator by what tells them apart."""
    table = candidates.table
    rows = candidates.rows_of.get(accelerator_id, np.zeros(0, dtype=np.int64))
    return {
        (
            int(candidates.size[row]),
            int(table.tp[row]),
            int(table.ep[row]),
            str(table.weight_precision[row]),
            str(table.kv_precision[row]),
        ): int(row)
        for row in rows
    }
