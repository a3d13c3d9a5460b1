"""Capacity: the largest load at which a replica still meets every latency target.

Kept apart from the evaluation at one load: the queues are made once, then searched over load, for
every burstiness and network distance at once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from core.performance import load as loads
from core.performance import percentiles, step_time
from core.performance.load import Requests, State
from core.performance.load_search import Goal, Questions, largest_loads, loads_between, worst
from core.performance.memory import default_concurrency_limit
from core.performance.operating import LONE_SHARE, shown
from core.performance.replicas import Replicas
from core.performance.replicas import replicas as queues_of
from core.performance.types import (
    Bools,
    Capacity,
    Floats,
    Ints,
    LoneRequest,
    RequestProfile,
    ServingTable,
    Targets,
)

MAX_UTILISATION = 0.98
"""Capacity never exceeds this share of saturation: above it waits have no useful bound."""
_LEAST_SHARE = 1e-3
"""A replica that could only serve less of its saturation than this counts as unable."""
_OVER_NETWORK = ("ttft", "e2e", "answer")
"""Latencies that the network's round trip adds to."""
_NAMES = {"ttft": "ttft", "tpot": "tpot", "e2e": "e2e", "answer": "answer_ttft"}


def _goal(targets: Targets, rtts_ms: Sequence[float]) -> tuple[Goal, Floats]:
    """What is asked, and the milliseconds left after the network, shape (distances, targets)."""
    asked = {
        "ttft": targets.ttft_ms,
        "tpot": targets.tpot_ms,
        "e2e": targets.e2e_ms,
        "answer": targets.answer_ttft_ms,
    }
    given = {name: ms for name, ms in asked.items() if ms is not None}
    spare = [
        [ms - rtt if name in _OVER_NETWORK else ms for name, ms in given.items()] for rtt in rtts_ms
    ]
    goal = Goal(tuple(given), percentiles.LEVELS[targets.percentile])
    return goal, np.array(spare, dtype=np.float64).reshape(len(rtts_ms), len(given))


def capacity(
    table: ServingTable, profile: RequestProfile, targets: Targets, network_rtt_ms: float
) -> Capacity:
    """Largest load per replica that meets every target at its percentile.

    The network's round trip (ms) is taken from the targets on TTFT, end-to-end and first answer
    token. Without targets, or where none binds, capacity is ``MAX_UTILISATION`` of saturation,
    bound by ``memory`` if KV memory sets the concurrency, else by ``throughput``.
    """
    return capacities(table, profile, targets, (network_rtt_ms,))[0]


def capacities(
    table: ServingTable,
    profile: RequestProfile,
    targets: Targets,
    rtts_ms: Sequence[float],
    calmer_cvs: Sequence[float] = (),
    places: Ints | None = None,
) -> tuple[Capacity, ...]:
    """``capacity`` at several network distances, never falling, in one go.

    Queues, saturation and the lone request are the same at each; and what a replica serves at one
    distance bounds what it serves farther away. ``calmer_cvs`` (never rising) are less bursty
    arrivals to answer for as well: what a replica serves of bursty ones, it serves of calmer ones.
    All but the last of them are answered only for rows that could lead (``_leading``).
    ``places`` (n,) is what the memory of each row admits at once, where the caller knows it.
    """
    setting = step_time.setting(table)
    queues = queues_of(table, profile, setting, places)
    top = queues.saturation_per_ms
    goal, spare_ms = _goal(targets, rtts_ms)
    alone = loads.state(queues, loads.requests(_calm(profile)), LONE_SHARE * top)
    able = queues.holds > 0
    lone = LoneRequest(
        *(shown(latency, able) for latency in (alone.ttft, alone.answer, alone.tpot, alone.e2e))
    )
    # where only targets bind that the network does not touch, all distances are one
    spare_ms, one_of = np.unique(-spare_ms, axis=0, return_inverse=True)
    share, stop = _shares(
        table, queues, loads.requests(profile), goal, -spare_ms, alone, calmer_cvs
    )
    share, stop = share[:, one_of.ravel()], stop[:, one_of.ravel()]
    stop[~able], top = -1, top * queues.holds
    names = np.array([_NAMES[name] for name in goal.names] + ["throughput"], dtype=object)
    in_memory = _memory_sets_concurrency(table, queues) | ~able
    found: list[Capacity] = []
    for far in range(len(rtts_ms)):
        texts = names[stop[:, far]]  # the last, where no target stops the load
        texts[(stop[:, far] < 0) & in_memory] = "memory"
        found.append(
            Capacity(
                req_s=share[:, far, 0] * top * 1000.0,
                binding=texts,
                lone_request=lone,
                saturation_req_s=top * 1000.0,
                calmer_req_s=share[:, far, 1:] * top[:, None] * 1000.0,
            )
        )
    return tuple(found)


def _shares(
    table: ServingTable,
    queues: Replicas,
    requests: Requests,
    goal: Goal,
    spare_ms: Floats,
    alone: State,
    calmer_cvs: Sequence[float],
) -> tuple[Floats, Ints]:
    """Largest shares of saturation, shape (n, distances, CVs), and what stops the bursty ones.

    The latter, (n, distances), is the index of a target or -1. The first CV is that of the
    requests. It and the last are answered for every row; those between only for rows that could
    lead a comparison. The others keep the first's there: too little rather than too much.
    """
    n, distances = len(table), len(spare_ms)
    cvs = np.array([requests.arrival_cv, *calmer_cvs])
    share = np.full((n, distances, len(cvs)), MAX_UTILISATION)
    if not goal.names or not n:
        return share, np.full((n, distances), -1, dtype=np.int64)
    lone, which = worst(goal.reached_ms([alone]), spare_ms)
    hopeless = ~(lone <= 0.0)
    rows = np.flatnonzero(~hopeless.all(axis=1))
    ends = np.unique([0, len(cvs) - 1])
    found, stops = largest_loads(
        Questions.of(queues, requests, np.tile(rows, len(ends)), np.repeat(cvs[ends], len(rows))),
        goal,
        spare_ms,
        _LEAST_SHARE,
        MAX_UTILISATION,
    )
    share[rows[:, None], :, ends] = found.reshape(len(ends), -1, distances).swapaxes(0, 1)
    share[hopeless] = 0.0
    stop = np.where(hopeless, which, -1)
    stop[rows] = np.where(hopeless[rows], stop[rows], stops[: len(rows)])
    # Exact arithmetic would have it so; the search ends a hair beside its root.
    share[:, :, -1] = share[:, :, [0, -1]].max(axis=2)
    for far in range(1, distances):
        nearer = share[:, far - 1, 0] < share[:, far, 0]
        stop[nearer, far] = stop[nearer, far - 1]
    share[:, :, 1:-1] = share[:, :, :1]
    share = np.minimum.accumulate(share, axis=1)
    if len(cvs) > 2:
        _fill_between(table, queues, requests, goal, spare_ms, share, cvs)
    return share, stop


def _fill_between(
    table: ServingTable,
    queues: Replicas,
    requests: Requests,
    goal: Goal,
    spare_ms: Floats,
    share: Floats,
    cvs: Floats,
) -> None:
    """Fill in the shares at all but the first and the last CV, for rows that could lead."""
    top, inner = queues.saturation_per_ms[:, None], np.arange(1, len(cvs) - 1)
    ends = share[:, :, [0, -1]]
    leads = _leading(table, ends[:, :, 0] * top, ends[:, :, 1] * top)
    rows, distances = np.nonzero(leads & (ends[:, :, 0] < ends[:, :, 1]))
    row, far = np.repeat(rows, len(inner)), np.repeat(distances, len(inner))
    cv = np.tile(inner, len(rows))
    least, most = ends[row, far].T
    calmer = (cvs[0] ** 2 - cvs**2) / (cvs[0] ** 2 - cvs[-1] ** 2)
    found = loads_between(
        Questions.of(queues, requests, row, cvs[cv]),
        goal,
        spare_ms[far],
        np.maximum(least, _LEAST_SHARE),
        most,
        least + calmer[cv] * (most - least),
    )
    found[found <= _LEAST_SHARE] = 0.0
    share[row, far, cv] = np.maximum(found, least)
    share[:] = np.minimum.accumulate(np.maximum.accumulate(share, axis=2), axis=1)


def _leading(table: ServingTable, bursty: Floats, calm: Floats) -> Bools:
    """Rows not beaten per accelerator, with bursty and with calm arrivals, by a row as small.

    All (n, distances).
    """
    size, kind = table.accelerators_per_replica, table.accelerator_index
    low, high = bursty / size[:, None], calm / size[:, None]
    row, rival = np.nonzero((kind[:, None] == kind) & (size[:, None] >= size))
    no_worse = (low[row] <= low[rival]) & (high[row] <= high[rival])
    better = (low[row] < low[rival]) | (high[row] < high[rival]) | (row > rival)[:, None]
    beaten = np.zeros(low.shape, dtype=bool)
    np.logical_or.at(beaten, row, no_worse & better)
    return ~beaten


def _calm(profile: RequestProfile) -> RequestProfile:
    """The same requests without bursts: what a lone request meets."""
    return dataclasses.replace(profile, arrival_cv=min(profile.arrival_cv, 1.0))


def _memory_sets_concurrency(table: ServingTable, queues: Replicas) -> Bools:
    engines = table.engine.tolist()
    known = {
        (e, a): default_concurrency_limit(e, table.accelerators[a])
        for e, a in set(zip(engines, table.accelerator_index.tolist(), strict=True))
    }
    default = [known[k] for k in zip(engines, table.accelerator_index.tolist(), strict=True)]
    asked = np.where(table.concurrency_limit > 0, table.concurrency_limit, default)
    return np.asarray(queues.limit < asked)
