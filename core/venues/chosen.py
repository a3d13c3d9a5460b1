"""The configurations that workloads take on units of a venue, by the rule of ``core.choice``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.candidates import Candidates, rows_on
from core.choice import Configurations, Times, chosen, densest
from core.performance.types import Floats, Ints
from core.venues.demand import Demand
from core.venues.study import Study


def rows_for(
    study: Study,
    accelerator_id: str,
    per_unit: int,
    rtt_ms: float,
    demands: Sequence[Demand],
    *,
    elastic: bool,
    filled: bool,
) -> list[int] | None:
    """The row of candidates of each workload; ``None`` where one has none.

    ``elastic`` units are rented by the hour, so that every hour counts, not only the peaks;
    ``filled`` ones are never more than their work fills.
    """
    whole = study.policy.whole_server
    if whole:
        if per_unit < whole:
            return None
        per_unit = whole
    rows = [rows_on(c, accelerator_id, per_unit, rtt_ms) for c in study.candidates]
    if not all(map(len, rows)):
        return None
    found = [int(r[0]) for r in rows]
    together = []
    for i, demand in enumerate(demands):
        able = study.candidates[i].capacities[rtt_ms].able[rows[i][0]]
        if not able or len(demands) == len(rows[i]) == 1:
            continue
        # work that all waits is paid by what is done, not by the hour, on units of its own
        if filled or (elastic and demand.workload.batchable_share >= 1.0):
            one = _configurations(study.candidates[i], rows[i], rtt_ms, demand.peak_req_s[None])
            found[i] = int(rows[i][densest([one], per_unit)[0, 0]])
        else:
            together.append(i)
    if together:
        loads, times = _loads(study, [demands[i] for i in together], elastic=elastic)
        asked = [
            _configurations(study.candidates[i], rows[i], rtt_ms, load[None])
            for i, load in zip(together, loads, strict=True)
        ]
        best = chosen(asked, per_unit, study.headroom, times)[0]
        for i, which in zip(together, best.tolist(), strict=True):
            found[i] = int(rows[i][which])
    return found


def _configurations(
    candidates: Candidates, rows: Ints, rtt_ms: float, load: Floats
) -> Configurations:
    near = candidates.capacities[rtt_ms]
    return Configurations(
        sizes=candidates.size[rows],
        lone=near.worst_ratio[rows][None],
        capacity=near.shared.rows(rows),
        able=near.able[rows][None],
        load=load,
    )


def _loads(study: Study, demands: Sequence[Demand], *, elastic: bool) -> tuple[Floats, Times]:
    """Requests per second of workloads at the same times, (workloads, h), and these."""
    peaks = np.stack([d.peak_req_s for d in demands])
    years = peaks.shape[1]
    if not elastic:
        return peaks, Times(np.ones(years, dtype=np.int64), slice(None))
    question = ("hours", *map(id, demands))
    if question not in study.pools:
        hours, times = _distinct(demands)
        weight = np.concatenate([times, np.zeros(years, dtype=np.int64)])
        times_ = Times(weight, slice(len(times), None))
        # what is remembered by id must live as long
        study.pools[question] = demands, np.concatenate([hours, peaks], axis=1), times_
    _kept, loads, found = study.pools[question]
    return loads, found


def _distinct(demands: Sequence[Demand]) -> tuple[Floats, Ints]:
    """Loads that occur at the same hour, each once, (workloads, h), and how often, (h,)."""
    if len(demands) == 1:
        loads, times, _index = demands[0].distinct_hours
        return loads[None], times
    hours = np.stack([d.hours_by_year.ravel() for d in demands])
    loads, times = np.unique(hours, axis=1, return_counts=True)
    return loads, times
