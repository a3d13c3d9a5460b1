"""Capacity: the largest load at which a replica still meets every latency target.

A search kept apart from the evaluation at one load: the queues are made once, then bisected on
load, all rows together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.performance import load as loads
from core.performance import percentiles
from core.performance.load import Replicas, Requests, State
from core.performance.memory import default_concurrency_limit
from core.performance.operating import LONE_SHARE, describe
from core.performance.percentiles import Latency
from core.performance.types import (
    Bools,
    Capacity,
    Floats,
    Ints,
    RequestProfile,
    ServingTable,
    Targets,
)

MAX_UTILISATION = 0.98
"""Capacity never exceeds this share of saturation: above it waits have no useful bound."""
_ROUNDS = 13


@dataclass(frozen=True, slots=True)
class _Limit:
    """One target: its name, milliseconds left after the network, percentile 0..1."""

    name: str
    ms: float
    level: float

    def ratio(self, state: State) -> Floats:
        """Latency over target, shape (n,); at most 1 where it is met."""
        latency: Latency = getattr(state, self.name)
        if self.ms <= 0:
            return np.full(len(latency.mean), np.inf)
        return percentiles.percentile(latency, self.level) / self.ms


_NAMES = {"ttft": "ttft", "tpot": "tpot", "e2e": "e2e", "answer": "answer_ttft"}


def _limits(targets: Targets, network_rtt_ms: float) -> list[_Limit]:
    level = percentiles.LEVELS[targets.percentile]
    asked = (
        ("ttft", targets.ttft_ms, network_rtt_ms),
        ("tpot", targets.tpot_ms, 0.0),
        ("e2e", targets.e2e_ms, network_rtt_ms),
        ("answer", targets.answer_ttft_ms, network_rtt_ms),
    )
    return [_Limit(name, ms - network, level) for name, ms, network in asked if ms is not None]


def capacity(
    table: ServingTable, profile: RequestProfile, targets: Targets, network_rtt_ms: float
) -> Capacity:
    """Largest load per replica that meets every target at its percentile.

    The network's round trip (ms) is taken from the targets on TTFT, end-to-end and first answer
    token. Without targets, or where none binds, capacity is ``MAX_UTILISATION`` of saturation,
    bound by ``memory`` if KV memory sets the concurrency, else by ``throughput``.
    """
    n = len(table)
    queues = loads.replicas(table, profile)
    top = queues.saturation_per_ms
    limits = _limits(targets, network_rtt_ms)
    lone_profile = _calm(profile)
    calm, requests = loads.requests(lone_profile), loads.requests(profile)
    alone = loads.state(queues, calm, LONE_SHARE * top)
    share, binding = _search(queues, requests, limits, alone)
    names = np.array([_NAMES[limit.name] for limit in limits] + ["throughput"], dtype=object)
    texts = names[np.where(binding < 0, len(limits), binding)]
    texts[(binding < 0) & _memory_sets_concurrency(table, queues)] = "memory"
    return Capacity(
        req_s=share * top * 1000.0,
        binding=texts if n else np.empty(0, dtype=object),
        lone_request=describe(table, lone_profile, queues, LONE_SHARE * top * 1000.0, alone),
        saturation_req_s=top * 1000.0,
    )


def _calm(profile: RequestProfile) -> RequestProfile:
    """The same requests without bursts: what a lone request meets."""
    values = {f: getattr(profile, f) for f in profile.__dataclass_fields__}
    return RequestProfile(**{**values, "arrival_cv": min(profile.arrival_cv, 1.0)})


def _memory_sets_concurrency(table: ServingTable, queues: Replicas) -> Bools:
    engines = table.engine.tolist()
    known = {
        (e, a): default_concurrency_limit(e, table.accelerators[a])
        for e, a in set(zip(engines, table.accelerator_index.tolist(), strict=True))
    }
    default = [known[k] for k in zip(engines, table.accelerator_index.tolist(), strict=True)]
    asked = np.where(table.concurrency_limit > 0, table.concurrency_limit, default)
    return np.asarray(queues.limit < asked)


def _worst(limits: list[_Limit], state: State) -> tuple[Floats, Ints]:
    """(largest ratio of latency to target, which target), each (n,)."""
    ratios = np.stack([limit.ratio(state) for limit in limits])
    which = np.argmax(ratios, axis=0)
    return ratios[which, np.arange(ratios.shape[1])], which.astype(np.int64)


def _search(
    queues: Replicas, requests: Requests, limits: list[_Limit], alone: State
) -> tuple[Floats, Ints]:
    """(load over saturation, index of the target that stops it or -1), each (n,)."""
    n = len(queues.limit)
    share = np.full(n, MAX_UTILISATION)
    binding = np.full(n, -1, dtype=np.int64)
    if not limits or not n:
        return share, binding
    top = queues.saturation_per_ms
    ratio, which = _worst(limits, alone)
    hopeless = ~(ratio <= 1.0)
    share[hopeless], binding[hopeless] = 0.0, which[hopeless]
    ratio, which = _worst(limits, loads.state(queues, requests, MAX_UTILISATION * top))
    rows = np.flatnonzero(~hopeless & ~(ratio <= 1.0))
    if not len(rows):
        return share, binding
    some, some_top = queues.take(rows), top[rows]
    low, high = np.zeros(len(rows)), np.full(len(rows), MAX_UTILISATION)
    stop = which[rows].copy()
    for _round in range(_ROUNDS):
        middle = 0.5 * (low + high)
        ratio, which = _worst(limits, loads.state(some, requests, middle * some_top))
        met = ratio <= 1.0
        stop = np.where(met, stop, which)
        low, high = np.where(met, middle, low), np.where(met, high, middle)
    share[rows], binding[rows] = low, stop
    return share, binding
