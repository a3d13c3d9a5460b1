"""Continuous against static batching, on the user's own case."""

from __future__ import annotations

import dataclasses

import numpy as np

from core.analysis.tuning.case import Case, Found, compared, with_capacity
from core.candidates import Candidates, NearCapacity
from core.decision.wording import milliseconds, number
from core.notation import local
from core.performance.static_batches import static_batches
from core.performance.types import Bools, Floats
from core.recommendation import Option
from core.words import _


def effect(case: Case, base: Option) -> Found:
    """What continuous batching saves against static batches of the best size.

    Latencies are medians: of a static batch under load, against the busiest hour as recommended.
    """
    study = with_capacity(case.plain, _static)
    without = case.costed(study)
    serving, candidates = base.servings[0], case.plain.candidates[0]
    rows = candidates.rows_of.get(serving.accelerator_id or "", np.array([], dtype=np.int64))
    rows = rows[
        (candidates.table.tp[rows] == serving.tp)
        & (candidates.table.weight_precision[rows] == serving.weight_precision)
        & (candidates.table.kv_precision[rows] == serving.kv_precision)
        & (candidates.size[rows] == serving.accelerators_per_replica)
    ]
    found = compared(without, base, in_use=True)
    if not found.applies or not len(rows) or serving.at_peak is None:
        return found
    demand, rtt_ms = candidates.demand, base.place.rtt_ms or 0.0
    static = static_batches(candidates.table.take(rows[:1]), demand.profile, demand.targets, rtt_ms)
    ttft, tpot = float(static.ttft_ms[0]) + rtt_ms, float(static.tpot_ms[0])
    text = _(
        "Static batches of {size} requests would serve {req_s} requests/s per replica; a newcomer "
        "waits for the batch under way, so half of the first tokens take longer than {ttft}."
    ).format(size=local(f"{float(static.size[0]):,.0f}"), req_s=number(float(static.req_s[0])),
             ttft=milliseconds(ttft))  # fmt: skip  # the values of one sentence
    if not static.meets_targets[0]:
        text += _(" No batch size meets your targets; the cost is that of ignoring them.")
    return dataclasses.replace(
        found,
        sentences=(text, *found.sentences),
        ttft_change=serving.at_peak.ttft_ms["p50"] / ttft - 1.0,
        tpot_change=serving.at_peak.tpot_ms["p50"] / tpot - 1.0,
    )


def _static(candidates: Candidates, near: NearCapacity) -> tuple[Floats, Bools]:
    where = np.flatnonzero(candidates.usable)
    demand = candidates.demand
    found = static_batches(
        candidates.table.take(where), demand.profile, demand.targets, near.rtt_ms
    )
    rate, meets = np.zeros(len(candidates.table)), np.zeros(len(candidates.table), dtype=bool)
    rate[where], meets[where] = found.req_s, found.meets_targets
    return rate, meets
