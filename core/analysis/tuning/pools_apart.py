"""Prefill and decode in pools of their own, on the user's own case."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from core.analysis.tuning.case import (
    Case,
    Found,
    compared,
    not_applicable,
    ratio_sentence,
    split_sentence,
    with_capacity,
)
from core.candidates import Candidates, NearCapacity
from core.decision.wording import number
from core.performance import disaggregation as split
from core.performance.splitting import SplitCapacity
from core.performance.types import Bools, Floats
from core.recommendation import Option
from core.venues.sizing import replicas_for
from core.venues.study import Study
from core.words import _, ngettext


@dataclass(frozen=True)
class PoolsEffect:
    """What separate pools do to a lone request and to the hardware, against one pool."""

    ttft_change: float
    """Network included, as of every lever."""
    tpot_change: float
    per_accelerator: float
    """Requests/s per accelerator within the targets, over those of one pool."""
    decode_accelerators: int
    """Of a decode replica."""
    accelerators: int
    """For the largest peak, spares apart."""
    note: str


def found(case: Case, base: Option) -> Found:
    """Both pools matched in rate; cost and power by what an accelerator then serves."""
    if base.fleet.sites > 1:
        return not_applicable(
            _(
                "each site has a pool so small that splitting it would take more accelerators, not "
                "fewer."
            )
        )
    pools = effect(case.plain, base, case.per_unit)
    if pools is None:
        return not_applicable(_("no pool of this hardware meets the targets on its own."))
    factor = pools.per_accelerator

    def scaled(candidates: Candidates, near: NearCapacity) -> tuple[Floats, Bools]:
        return np.where(near.able, near.shared.further, near.saturation_req_s) * factor, near.able

    after = case.costed(with_capacity(case.plain, scaled, workloads=(0,)))
    was, now = base.servings[0].accelerators_per_replica, pools.decode_accelerators
    pace = split_sentence(was, now, pools.tpot_change)
    more = (pools.note, ratio_sentence(factor), pace)
    result = compared(base, after, in_use=False, more=more, carried_told=True)
    if not result.applies:
        return result
    return dataclasses.replace(result, ttft_change=pools.ttft_change, tpot_change=pools.tpot_change)


def effect(study: Study, option: Option, per_unit: int) -> PoolsEffect | None:
    """Separate pools on the option's accelerator and precisions; ``None`` where none can serve.

    For the first workload. ``per_unit`` accelerators are in one server; no replica is larger.
    Pools are matched in rate, and each is sized for the largest peak.
    """
    candidates, serving = study.candidates[0], option.servings[0]
    rtt_ms = option.place.rtt_ms or 0.0
    rows = candidates.rows_of.get(serving.accelerator_id or "", np.array([], dtype=np.int64))
    table = candidates.table
    rows = rows[
        candidates.usable[rows]
        & (candidates.size[rows] <= per_unit)
        & (table.weight_precision[rows] == serving.weight_precision)
        & (table.kv_precision[rows] == serving.kv_precision)
    ]
    capacity = serving.capacity_req_s
    if not len(rows) or not capacity or serving.at_peak is None:
        return None
    demand, fitting = candidates.demand, table.take(rows)
    both = split.pools(fitting, demand.profile, demand.targets, rtt_ms)
    unit = split.matched(fitting, both)
    if unit is None:
        return None
    size = candidates.size[rows]
    peak = np.array(max(serving.peak_req_s_by_year))
    needed = sum(
        int(replicas_for(peak, SplitCapacity.alike(float(rates[row])), study.headroom))
        * int(size[row])
        for rates, row in (
            (both.prefill_req_s, unit.prefill_row),
            (both.decode_req_s, unit.decode_row),
        )
    )
    together = serving.accelerators_per_replica
    lone = serving.curve[0] if serving.curve else serving.at_peak
    return PoolsEffect(
        ttft_change=(float(both.ttft_alone_ms[unit.prefill_row]) + rtt_ms) / lone.ttft_ms["p50"]
        - 1.0,
        tpot_change=float(both.tpot_alone_ms[unit.decode_row] / lone.tpot_ms["p50"]) - 1.0,
        per_accelerator=unit.req_s_per_accelerator / (capacity / together),
        decode_accelerators=int(size[unit.decode_row]),
        accelerators=needed,
        note=ngettext(
            "Prefill replicas of {size} and decode replicas of {size2} accelerator, "
            "{prefill_replicas} to {decode_replicas}, serve {req_s_per_accelerator} requests/s per "
            "accelerator within the targets, against {capacity} in one pool as recommended; the "
            "largest peak takes {needed} accelerators, spares apart.",
            "Prefill replicas of {size} and decode replicas of {size2} accelerators, "
            "{prefill_replicas} to {decode_replicas}, serve {req_s_per_accelerator} requests/s per "
            "accelerator within the targets, against {capacity} in one pool as recommended; the "
            "largest peak takes {needed} accelerators, spares apart.",
            int(size[unit.decode_row]),
        ).format(
            size=size[unit.prefill_row],
            size2=size[unit.decode_row],
            prefill_replicas=unit.prefill_replicas,
            decode_replicas=unit.decode_replicas,
            req_s_per_accelerator=number(unit.req_s_per_accelerator),
            capacity=number(capacity / together),
            needed=needed,
        ),
    )
