"""One replica at one load: from step times to the latencies of its requests.

``replicas`` turns a table's step times into queues; ``latencies`` reads mean and spread of each
latency from the solved queue. Times in milliseconds, rates per millisecond inside this module.

A request waits for a place (only above the concurrency limit), then for the current step to end,
then is prefilled together with the other prompts that came during that step, then decodes one
token per step. So TTFT is the sum of

- the rest of the current cycle (a decode step stretched by the prefills mixed into it),
- the decode step that its own prefill shares,
- its own prefill, and that of the prompts served in the same cycle,

a queue with gated bulk service: a cycle serves who came during the last one [1]. Its length has
mean D / (1 - r) and variance load E[P^2] E[c] / (1 - r^2), with D the decode step, P the prefill
work of a prompt and r = load E[P]; an arrival meets long cycles more often (E[c^2] / E[c]).

[1] Takagi, "Queueing Analysis", vol. 1 (1991), gated vacations.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from core.performance import queueing, step_time
from core.performance.memory import memory
from core.performance.percentiles import Latency
from core.performance.queueing import Chain
from core.performance.types import Floats, Ints, RequestProfile, ServingTable

_STEP_LEVELS = 11
"""Concurrency levels at which step times are computed; in between they are interpolated."""
_MEMORY = 0.74
"""Variance left when a process of memory T is averaged over T: 2 (1 - (1 - 1/e))."""


@dataclass(frozen=True, slots=True)
class Requests:
    """What the replica needs to know of the requests: plain numbers, per request."""

    steps_after_first: float
    """Output tokens after the first."""
    input_cv2: float
    output_cv2: float
    kept: float
    """How much of a clump is inside together, 1/2 to 1 (``queueing.overlap``)."""
    arrival_cv: float
    thinking: float
    """Share of the output before the first answer token."""


def requests(profile: RequestProfile) -> Requests:
    """Lengths as lognormal distributions through the profile's mean and 95th percentile."""
    sigma_in = queueing.lognormal_sigma(profile.input_tokens_mean, profile.input_tokens_p95)
    sigma_out = queueing.lognormal_sigma(profile.output_tokens_mean, profile.output_tokens_p95)
    return Requests(
        steps_after_first=max(profile.output_tokens_mean - 1.0, 0.0),
        input_cv2=queueing.squared_cv(sigma_in),
        output_cv2=queueing.squared_cv(sigma_out),
        kept=queueing.overlap(sigma_out),
        arrival_cv=profile.arrival_cv,
        thinking=profile.reasoning_token_share,
    )


@dataclass(frozen=True, slots=True)
class Replicas:
    """n replicas as queues: states (n, m) and what happens in each."""

    chain: Chain
    rate: Floats
    """Completions per ms with so many inside, (n, m), never falling; column 0 unused."""
    step_ms: Floats
    """Pure decode step, (n, m)."""
    token_ms: Floats
    """The same per token (speculation gains several per step), (n, m)."""
    prefill_ms: Floats
    """Work of one prompt, (n, m)."""
    drag_ms: Floats
    """By how much one prompt's prefill delays the decodes in total, (n, m)."""
    alone_ms: Floats
    """TTFT of a lone prompt, (n,)."""
    limit: Floats
    """Requests served at once, (n,)."""

    @property
    def saturation_per_ms(self) -> Floats:
        """Completions per ms with every place taken, (n,)."""
        return self.rate[:, -1]

    def take(self, rows: Ints) -> Replicas:
        """Chosen rows, repeats allowed."""
        chain = Chain(*(getattr(self.chain, f.name)[rows] for f in dataclasses.fields(Chain)))
        rest = {
            f.name: getattr(self, f.name)[rows]
            for f in dataclasses.fields(self)
            if f.name != "chain"
        }
        return Replicas(chain=chain, **rest)


def replicas(table: ServingTable, profile: RequestProfile) -> Replicas:
    """The table's rows as queues. Step times are computed once, at a few concurrencies."""
    limit = np.maximum(memory(table, profile).max_concurrency, 1).astype(float)
    most = float(limit.max(initial=2.0))
    knots = np.unique(np.round(np.geomspace(1.0, most, _STEP_LEVELS))).astype(np.float64)
    times = step_time.step_times(
        table,
        profile.input_tokens_mean,
        profile.output_tokens_mean,
        profile.prefix_cache_share,
        knots,
    )
    return from_step_times(times, knots, limit, 1.0 + table.spec_accept, profile)


def from_step_times(
    times: step_time.StepTimes,
    knots: Floats,
    limit: Floats,
    tokens_per_step: Floats,
    profile: RequestProfile,
) -> Replicas:
    """Queues of n replicas from step times at concurrencies ``knots`` (k,).

    ``knots`` start at 1 and reach the largest ``limit`` (n,); ``tokens_per_step`` (n,) is above 1
    with speculative decoding.
    """
    n = len(limit)
    levels = queueing.levels_up_to(int(limit.max(initial=1.0)))
    between = _interpolation(knots, levels)
    states = queueing.chain(levels, limit)

    def at_states(values: Floats) -> Floats:
        found = np.broadcast_to(values, (n, len(knots))) @ between
        return _held_at_limit(found, levels, limit)

    after_first = max(profile.output_tokens_mean - 1.0, 0.0)
    inside = np.maximum(states.levels, 1.0)
    step, tpot = at_states(times.decode_ms), at_states(times.tpot_ms)
    token = step / tokens_per_step[:, None]
    # an engine would rather hold requests back than finish fewer: rates never fall
    cycle = at_states(times.ttft_ms) + tpot * after_first
    return Replicas(
        chain=states,
        rate=np.maximum.accumulate(inside / np.maximum(cycle, 1e-9), axis=1),
        step_ms=step,
        token_ms=token,
        prefill_ms=at_states(times.prefill_ms),
        drag_ms=np.maximum(tpot - token, 0.0) * max(profile.output_tokens_mean, 1.0) / inside,
        alone_ms=np.broadcast_to(times.ttft_alone_ms, (n, 1))[:, 0].copy(),
        limit=limit,
    )


def _interpolation(knots: Floats, levels: Floats) -> Floats:
    """Matrix (k, m) that interpolates linearly from knots to levels (constant outside)."""
    matrix = np.zeros((len(knots), len(levels)))
    for column, level in enumerate(levels):
        right = int(np.searchsorted(knots, level))
        if right == 0 or right == len(knots):
            matrix[min(right, len(knots) - 1), column] = 1.0
            continue
        share = (level - knots[right - 1]) / (knots[right] - knots[right - 1])
        matrix[right - 1, column], matrix[right, column] = 1.0 - share, share
    return matrix


def _held_at_limit(values: Floats, levels: Floats, limit: Floats) -> Floats:
    """Values (n, m) at the levels; beyond a row's limit, its value at the limit."""
    right = np.minimum(np.searchsorted(levels, limit), len(levels) - 1)
    left = np.maximum(right - 1, 0)
    share = (limit - levels[left]) / np.maximum(levels[right] - levels[left], 1e-9)
    row = np.arange(len(limit))
    at = values[row, left] * (1.0 - share) + values[row, right] * share
    return np.where(levels[None, :] >= limit[:, None], at[:, None], values)


@dataclass(frozen=True, slots=True)
class State:
    """n replicas at one load each: latencies (ms) and what the accelerators do."""

    ttft: Latency
    answer: Latency
    tpot: Latency
    e2e: Latency
    busy: Floats
    """Share of time with at least one request inside."""
    prefill_time: Floats
    """Share of time spent on prefill."""
    decoding: Floats
    """Mean requests inside while busy, at most the limit."""


def state(replicas_: Replicas, requests_: Requests, load_per_ms: Floats) -> State:
    """Solve the queues at loads (n,) in requests per ms, each below its saturation."""
    r, req = replicas_, requests_
    stay = 1.0 / r.rate[:, 1]
    follow = queueing.clump_chance(req.arrival_cv, req.kept, load_per_ms * stay)
    spread = (req.arrival_cv**2 + req.output_cv2) / 2.0
    inside = queueing.occupancy(r.chain, r.rate, load_per_ms, follow, spread)
    seen, late = inside.seen, inside.wait_chance

    def met(values: Floats, first: int = 0) -> Floats:
        """Mean of a per-state value over what arrivals see."""
        own = np.einsum("ij,ij->i", seen[:, first:], values[:, first:])
        return np.asarray(own + late * values[:, -1])

    step, prefill = met(r.step_ms, 1), met(r.prefill_ms)
    step_var = np.maximum(met(r.step_ms**2, 1) - step**2, 0.0)
    ttft = _first_token(r, req, load_per_ms, step, step_var, prefill, 1.0 - seen[:, 0])
    tpot = _per_token(r, req, load_per_ms, inside, met(r.drag_ms))
    waits = (late, inside.wait_mean)

    def until(share: float) -> Latency:
        """TTFT and a share of the tokens after the first."""
        tokens = req.steps_after_first * share
        relative = tpot.variance / np.maximum(tpot.mean, 1e-12) ** 2
        spread_ = (1.0 + req.output_cv2) * (1.0 + relative) - 1.0
        return Latency(
            ttft.floor,
            ttft.mean + tokens * tpot.mean,
            ttft.variance + (tokens * tpot.mean) ** 2 * spread_,
            *waits,
        )

    e2e = until(1.0)
    idle = np.minimum(seen[:, 0] / (1.0 - follow), 1.0)
    busy = np.maximum(1.0 - idle, 1e-12)
    served = load_per_ms * e2e.mean
    return State(
        ttft=dataclasses.replace(ttft, wait_chance=late, wait_mean=inside.wait_mean),
        answer=until(req.thinking),
        tpot=tpot,
        e2e=e2e,
        busy=busy,
        prefill_time=np.minimum(load_per_ms * prefill, busy),
        decoding=np.clip(served / busy, 1.0, r.limit),
    )


def _first_token(
    r: Replicas,
    req: Requests,
    load: Floats,
    step: Floats,
    step_var: Floats,
    prefill: Floats,
    busy: Floats,
) -> Latency:
    """TTFT without the wait for a place (the module's docstring has the formulas)."""
    use = np.minimum(load * prefill, 0.98)
    second = prefill**2 * (1.0 + req.input_cv2)
    plain = step / (1.0 - use)
    clumping = 1.0 + 2.0 * (queueing.clump_mates(req.arrival_cv, load * plain) - load * plain)
    cycle = plain + load * second * clumping / (1.0 - use**2)
    mates = 2.0 * queueing.clump_mates(req.arrival_cv, load * cycle / 2.0)
    busy = np.maximum(busy, 1e-9)
    rest_var = cycle**2 / busy / 3.0 - cycle**2 / 4.0
    over = 1.0 if req.arrival_cv > 1.0 else 0.0
    lone = r.prefill_ms[:, 1]
    floor = np.maximum(r.alone_ms - lone, 0.0) + 0.5 * step
    return Latency(
        floor,
        r.alone_ms + cycle / 2.0 + step + mates * prefill,
        lone**2 * req.input_cv2
        + rest_var
        + step_var
        + mates * second
        + over * (mates * prefill) ** 2,
        np.zeros_like(load),
        np.ones_like(load),
    )


def _per_token(
    r: Replicas, req: Requests, load: Floats, inside: queueing.Occupancy, drag: Floats
) -> Latency:
    """Time per output token: the harmonic mean of the decode speed over a request's stay.

    It varies because the number inside does (averaged over the stay, which is about as long as
    the number's own memory: factor 0.74) and because different numbers of prompts interrupt it.
    """
    slow = 1.0 / (1.0 - np.minimum(load * drag, 0.98))
    token = 1.0 / np.einsum("ij,ij->i", inside.present, 1.0 / r.token_ms)
    square = np.einsum("ij,ij->i", inside.present, r.token_ms**2)
    first = np.einsum("ij,ij->i", inside.present, r.token_ms)
    mean = token * slow
    swing = _MEMORY * np.maximum(square - first**2, 0.0) * slow**2
    interrupted = (
        load
        * drag**2
        * (1.0 + req.input_cv2)
        * max(req.arrival_cv, 1.0) ** 2
        * mean
        / max(req.steps_after_first, 1.0)
        * (1.0 + req.output_cv2)
    )
    zero = np.zeros_like(load)
    return Latency(0.5 * r.token_ms[:, 1], mean, swing + interrupted, zero, np.ones_like(load))
