"""Capacity: the largest load at which a replica still meets every latency target.

A search kept apart from the evaluation at one load: the queues are made once, then searched over
load, all rows together.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from core.performance import load as loads
from core.performance import percentiles, step_time
from core.performance.load import Requests, State
from core.performance.memory import default_concurrency_limit
from core.performance.operating import LONE_SHARE
from core.performance.percentiles import Latency
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
_ROUNDS = 14
_HALVINGS = 2
_AIM = 2e-4
"""The search stops where the worst latency is within twice this share of its target."""
_CLOSE = 1e-5
_LEAST_SHARE = 1e-3
"""A replica that could only serve less of its saturation than this counts as unable."""
_BLOCK = 1024
"""Rows searched together: their states fit into the processor's cache."""


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
    return capacities(table, profile, targets, (network_rtt_ms,))[0]


def capacities(
    table: ServingTable,
    profile: RequestProfile,
    targets: Targets,
    rtts_ms: Sequence[float],
    calmer_cvs: Sequence[float] = (),
) -> tuple[Capacity, ...]:
    """``capacity`` at several network distances, never falling, in one go.

    Queues, saturation and the lone request are the same at each; and what a replica serves at one
    distance bounds what it serves farther away. ``calmer_cvs`` (never rising) are less bursty
    arrivals to answer for as well: what a replica serves of bursty ones, it serves of calmer ones.
    All but the last of them are answered only for rows that could lead (``_calmer``).
    """
    setting = step_time.setting(table)
    queues = queues_of(table, profile, setting)
    top = queues.saturation_per_ms
    calm, requests = loads.requests(_calm(profile)), loads.requests(profile)
    alone = loads.state(queues, calm, LONE_SHARE * top)
    lone = LoneRequest(
        *map(percentiles.distribution, (alone.ttft, alone.answer, alone.tpot, alone.e2e))
    )
    in_memory = _memory_sets_concurrency(table, queues)
    share, binding = np.full(len(table), MAX_UTILISATION), np.full(len(table), -1, dtype=np.int64)
    calmer = np.full((len(table), len(calmer_cvs)), MAX_UTILISATION)
    found: list[Capacity] = []
    before: list[_Limit] | None = None
    for rtt in rtts_ms:
        limits = _limits(targets, rtt)
        if limits != before:  # the network may not matter
            share, binding = _search(queues, requests, limits, alone, share, binding)
            calmer = _calmer(table, queues, requests, limits, alone, calmer, share, calmer_cvs)
            before = limits
        names = np.array([_NAMES[limit.name] for limit in limits] + ["throughput"], dtype=object)
        texts = names[np.where(binding < 0, len(limits), binding)]
        texts[(binding < 0) & in_memory] = "memory"
        found.append(
            Capacity(
                req_s=share * top * 1000.0,
                binding=texts,
                lone_request=lone,
                saturation_req_s=top * 1000.0,
                calmer_req_s=calmer * top[:, None] * 1000.0,
            )
        )
    return tuple(found)


def _calmer(
    table: ServingTable,
    queues: Replicas,
    requests: Requests,
    limits: list[_Limit],
    alone: State,
    most: Floats,
    least: Floats,
    cvs: Sequence[float],
) -> Floats:
    """Shares of saturation at each calmer CV, shape (n, cvs), between ``least`` and ``most``.

    The last CV is answered for every row that a target binds; those before it only for rows that
    could lead a comparison. The others keep ``least`` there, which is too little rather than much.
    """
    found = np.maximum(most, least[:, None])
    if not limits or not cvs:
        return found
    hopeless = ~(_worst(limits, alone)[0] <= 1.0)
    bound = np.flatnonzero((least < MAX_UTILISATION) & ~hopeless)
    found[hopeless] = 0.0

    def searched(rows: Ints, cv: Floats, bounds: Floats) -> Floats:
        calm = dataclasses.replace(requests, arrival_cv=cv)
        nothing = np.full(len(rows), -1, dtype=np.int64)
        part, lone = queues.take(rows), _rows_of(alone, rows)
        share, _stop = _search(part, calm, limits, lone, bounds, nothing, least[rows])
        return np.maximum(share, least[rows])

    if len(bound):
        found[bound, -1] = searched(bound, np.full(len(bound), cvs[-1]), found[bound, -1])
    between = len(cvs) - 1
    found[:, :between] = least[:, None]
    top = queues.saturation_per_ms
    lead = bound[_leading(table, least * top, found[:, -1] * top)[bound]]
    if between and len(lead):
        rows, cv = np.repeat(lead, between), np.tile(np.array(cvs[:-1]), len(lead))
        share = searched(rows, cv, found[rows, -1]).reshape(len(lead), between)
        found[lead, :between] = np.maximum.accumulate(share, axis=1)
    return found


def _leading(table: ServingTable, bursty: Floats, calm: Floats) -> Bools:
    """Rows not beaten per accelerator, with bursty and with calm arrivals, by a row as small."""
    size, kind = table.accelerators_per_replica, table.accelerator_index
    low, high = bursty / size, calm / size
    number = np.arange(len(size))
    rival = (kind[:, None] == kind) & (size[:, None] >= size)
    no_worse = (low[:, None] <= low) & (high[:, None] <= high)
    better = (low[:, None] < low) | (high[:, None] < high) | (number[:, None] > number)
    return np.asarray(~(rival & no_worse & better).any(axis=1))


def _of_rows(requests: Requests, rows: Ints) -> Requests:
    """The requests to some rows."""
    cv = requests.arrival_cv
    if not isinstance(cv, np.ndarray):
        return requests
    return dataclasses.replace(requests, arrival_cv=cv[rows])


def _rows_of(state: State, rows: Ints) -> State:
    """Some rows of a state."""
    return cast(State, _taken(state, rows))


def _taken(value: Any, rows: Ints) -> Any:
    if isinstance(value, np.ndarray):
        return value[rows]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        columns = {f.name: _taken(getattr(value, f.name), rows) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **columns)
    return value


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
    queues: Replicas,
    requests: Requests,
    limits: list[_Limit],
    alone: State,
    most: Floats,
    bound_by: Ints,
    least: Floats | None = None,
) -> tuple[Floats, Ints]:
    """(load over saturation, index of the target that stops it or -1), each (n,).

    ``most`` (n,) bounds the shares; ``bound_by`` tells what set that bound. ``least`` (n,) are
    shares known to meet every target.
    """
    share, binding = most.copy(), bound_by.copy()
    if not limits or not len(most):
        return share, binding
    top = queues.saturation_per_ms
    lone_ratio, which = _worst(limits, alone)
    hopeless = ~(lone_ratio <= 1.0)
    share[hopeless], binding[hopeless] = 0.0, which[hopeless]
    rows = np.flatnonzero(share > 0.0)
    if not len(rows):
        return share, binding
    open_, requests = queues.take(rows), _of_rows(requests, rows)
    ratio, which = _worst(limits, loads.state(open_, requests, share[rows] * top[rows]))
    over = np.flatnonzero(~(ratio <= 1.0))
    low = np.zeros(len(rows))
    if least is not None:
        low = least[rows]
        lone_ratio = lone_ratio.copy()
        lone_ratio[rows], _which = _worst(limits, loads.state(open_, requests, low * top[rows]))
    with np.errstate(divide="ignore"):
        below, above = np.log(lone_ratio[rows]), np.log(ratio)
    for first in range(0, len(over), _BLOCK):
        part = over[first : first + _BLOCK]
        block = rows[part]
        share[block], binding[block] = _root(
            open_.take(part),
            _of_rows(requests, part),
            limits,
            below[part],
            above[part],
            low[part],
            share[block],
            which[part],
        )
    share[share < _LEAST_SHARE] = 0.0
    return share, binding


def _root(
    queues: Replicas,
    requests: Requests,
    limits: list[_Limit],
    below: Floats,
    above: Floats,
    least: Floats,
    most: Floats,
    stop: Ints,
) -> tuple[Floats, Ints]:
    """Load over saturation at which the worst ratio reaches 1, from the side where it is met.

    Regula falsi (Illinois variant) on the logarithm of the ratio against that of the share left
    of saturation (waits grow about as its inverse), after two halvings; ``below``
    and ``above`` are its values at ``least`` and at ``most``. Returns also the target that stops
    the load.
    """
    n, top = len(stop), queues.saturation_per_ms
    low, high = least.copy(), most.copy()
    was_met = np.zeros(n, dtype=bool)
    rows, searching = np.arange(n), np.ones(n, dtype=bool)
    stop = stop.copy()
    for turn in range(_ROUNDS):
        lo, hi, fl, fh = low[rows], high[rows], below[rows], above[rows]
        # aims a little below the root, so that the last point meets its targets
        share = 0.5 if turn < _HALVINGS else np.clip((fl + _AIM) / (fl - fh), 0.02, 0.98)
        point = -np.expm1(np.log1p(-lo) * (1.0 - share) + np.log1p(-hi) * share)
        ratio, which = _worst(limits, loads.state(queues, requests, point * top))
        value = np.log(ratio)
        met = value <= 0.0
        again = (met == was_met[rows]) & (turn > _HALVINGS)
        # rows that are done stay as they are, so that no row's answer depends on its neighbours
        active = searching[rows]
        up, down = active & met, active & ~met
        low[rows], high[rows] = np.where(up, point, lo), np.where(down, point, hi)
        below[rows] = np.where(up, value, np.where(again, 0.5 * fl, fl))
        above[rows] = np.where(met, np.where(again, 0.5 * fh, fh), value)
        stop[rows] = np.where(down, which, stop[rows])
        was_met[rows] = met
        open_ = active & ~(met & (value > -2.0 * _AIM)) & (high[rows] - low[rows] > _CLOSE)
        searching[rows] = open_
        if not open_.any():
            break
        if open_.sum() < 0.7 * len(rows):
            left = np.flatnonzero(open_)
            rows, queues, top = rows[open_], queues.take(left), top[open_]
            requests = _of_rows(requests, left)
    return low, stop
