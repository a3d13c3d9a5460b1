"""A discrete-event simulation of continuous batching with chunked prefill, and its step times.

The judge of ``core.performance.load``: it knows nothing of queueing theory, it only plays a
serving engine step by step, request by request (SimPy), with Gamma arrivals and lognormal lengths.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import simpy

from core.performance import load as loads
from core.performance import percentiles
from core.performance.queueing import lognormal_sigma
from core.performance.replicas import Replicas, from_step_times, knots_up_to
from core.performance.step_time import StepTimes
from core.performance.types import Floats, RequestProfile


@dataclass(frozen=True)
class Machine:
    """A replica: a decode step takes ``base_ms + each_ms * n``, a mean prompt ``prefill_ms``."""

    base_ms: float
    each_ms: float
    prefill_ms: float
    limit: int
    overhead_ms: float = 10.0
    chunk_tokens: float = 8192.0

    def step_ms(self, decoding: float | Floats) -> float | Floats:
        return self.base_ms + self.each_ms * decoding

    def step_times(self, profile: RequestProfile, knots: Floats) -> StepTimes:
        """Closed-loop step times at concurrencies ``knots``: a fixed point, solved for n.

        With b of n requests decoding, throughput u = b / ((O - 1) D(b) + b P); the rest are in
        their first-token phase, so n = b + u TTFT (Little).
        """
        tokens = profile.output_tokens_mean - 1.0
        b = np.arange(0.25, 2.5 * self.limit, 0.25)  # past the limit: a level may lie there
        step = np.asarray(self.step_ms(b))
        others = np.maximum(b - 1.0, 0.0) / b
        u = b / (tokens * step + b * self.prefill_ms * others + 1e-12)
        use = np.minimum(u * self.prefill_ms, 0.999) * others
        cycle = step / (1.0 - use)
        # a request of the closed loop comes just when another leaves: at the end of a step
        ttft = self.prefill_ms + others * (step + cycle * use)
        n = b + u * ttft
        at = [np.interp(knots, n, v)[None, :] for v in (step, cycle, ttft)]
        prefill = np.full((1, len(knots)), self.prefill_ms)
        alone = np.full((1, 1), self.prefill_ms + self.overhead_ms)
        return StepTimes(at[0], at[1], alone, at[2], prefill)


def _lengths(random: np.random.Generator, mean: float, p95: float, n: int, least: float) -> Floats:
    sigma = lognormal_sigma(mean, p95)
    drawn = random.lognormal(0.0, sigma, n)
    return np.maximum(drawn * mean / drawn.mean(), least)  # the same work in every run


def thinned_gaps(
    random: np.random.Generator, cv: float, mean: float, count: int, replicas: int
) -> Floats:
    """Times between ``count`` requests to one of ``replicas`` that share a Gamma stream."""
    shape = 1.0 / cv**2
    gaps = random.gamma(shape, mean / replicas / shape, count * replicas * 2)
    mine = np.cumsum(gaps)[random.integers(0, replicas, len(gaps)) == 0]
    return np.diff(mine[: count + 1])


@dataclass(frozen=True)
class Measured:
    """Latencies of the simulated requests after warm-up, milliseconds, shape (requests,)."""

    ttft: Floats
    answer: Floats
    tpot: Floats
    e2e: Floats
    req_s: float


def simulate(
    machine: Machine,
    profile: RequestProfile,
    req_s: float,
    count: int,
    seed: int = 1,
    replicas: int = 1,
) -> Measured:
    """Serve ``count`` requests; the first fifth is warm-up. A pending prompt is cut in chunks.

    With ``replicas`` the profile's stream is that many times as large, every request is sent to
    one of them at random, and one is played: what it gets is ``req_s``.
    """
    random = np.random.default_rng(seed)
    if profile.arrival_cv > 0:
        gaps = thinned_gaps(random, profile.arrival_cv, 1000.0 / req_s, count, replicas)
    else:
        gaps = np.full(count, 1000.0 / req_s)
    gaps *= 1000.0 / req_s / gaps.mean()  # the same load in every run
    mean_new = profile.input_tokens_mean * (1.0 - profile.prefix_cache_share)
    share_new = 1.0 - profile.prefix_cache_share
    prompts = share_new * _lengths(
        random, profile.input_tokens_mean, profile.input_tokens_p95, count, 1.0
    )
    outputs = np.round(
        _lengths(random, profile.output_tokens_mean, profile.output_tokens_p95, count, 1.0)
    ).astype(int)
    thinking = np.round((outputs - 1) * profile.reasoning_token_share).astype(int)
    ms_per_token = machine.prefill_ms / mean_new
    arrived = np.cumsum(gaps)
    first, answer, last = (np.zeros(count) for _ in range(3))

    env = simpy.Environment()
    waiting: deque[int] = deque()
    wake = [env.event()]

    def arrivals() -> Iterator[simpy.Event]:
        for i in range(count):
            yield env.timeout(gaps[i])
            waiting.append(i)
            if not wake[0].triggered:
                wake[0].succeed()

    def server() -> Iterator[simpy.Event]:
        filling: deque[list[float]] = deque()  # [request, prompt tokens left]
        ends: list[tuple[int, int]] = []  # (step at which it ends, request)
        marks: list[tuple[int, int]] = []  # (step of its first answer token, request)
        step = 0
        while True:
            if not (waiting or filling or ends):
                wake[0] = env.event()
                yield wake[0]
            budget = machine.chunk_tokens - len(ends)
            work = 0.0
            done: list[int] = []
            while waiting and len(ends) + len(filling) < machine.limit:
                i = waiting.popleft()
                filling.append([i, prompts[i]])
            while filling and budget > 0:
                chunk = min(budget, filling[0][1])
                budget -= chunk
                work += chunk * ms_per_token
                filling[0][1] -= chunk
                if filling[0][1] > 1e-9:
                    break
                done.append(int(filling.popleft()[0]))
            decoding = len(ends)
            yield env.timeout((machine.step_ms(decoding) if decoding else 0.0) + work)
            step += 1
            while marks and marks[0][0] <= step:
                answer[heapq.heappop(marks)[1]] = env.now
            while ends and ends[0][0] <= step:
                last[heapq.heappop(ends)[1]] = env.now
            for i in done:
                first[i] = env.now
                for when, store, heap in (
                    (thinking[i], answer, marks),
                    (outputs[i] - 1, last, ends),
                ):
                    if when > 0:
                        heapq.heappush(heap, (step + int(when), i))
                    else:
                        store[i] = env.now

    env.process(arrivals())
    env.process(server())
    env.run(until=arrived[-1] + 1.0)
    kept = np.arange(count) >= count // 5
    kept &= arrived <= arrived[-1] - 0.05 * arrived[-1]
    kept &= last > 0
    after = machine.overhead_ms
    long = kept & (outputs > 1)
    return Measured(
        ttft=first[kept] - arrived[kept] + after,
        answer=answer[kept] - arrived[kept] + after,
        tpot=(last[long] - first[long]) / (outputs[long] - 1),
        e2e=last[kept] - arrived[kept] + after,
        req_s=req_s,
    )


METRICS = ("ttft", "tpot", "e2e")
STATISTICS = ("mean", "P50", "P90", "P95", "P99")

SCENARIOS: dict[str, tuple[Machine, RequestProfile, float]] = {
    "chat": (Machine(20, 0.25, 25, 256), RequestProfile(1155, 4083, 211, 451, 0.5), 4.0),
    "long answers": (Machine(15, 0.12, 40, 256), RequestProfile(1000, 2500, 1000, 2600), 4.0),
    "prompt-bound": (Machine(15, 0.2, 150, 64), RequestProfile(6000, 15000, 60, 150), 4.0),
    "few places": (Machine(20, 0.5, 60, 16), RequestProfile(1500, 4000, 300, 800), 1.0),
    "many places": (Machine(12, 0.05, 8, 1024), RequestProfile(500, 1200, 250, 600), 6.0),
}
"""Replicas that differ in what binds them; the number weighs how many requests to simulate."""


def queue(machine: Machine, profile: RequestProfile) -> Replicas:
    """The machine as the engine's one-row queue."""
    limit = np.array([float(machine.limit)])
    knots = knots_up_to(machine.limit)
    new_tokens = profile.input_tokens_mean * (1.0 - profile.prefix_cache_share)
    share, one = np.array([new_tokens / machine.chunk_tokens]), np.ones(1)
    times = machine.step_times(profile, knots)
    return from_step_times(times, knots, limit, one, share, one, profile)


def statistics(values: Floats) -> Floats:
    """Mean, P50, P90, P95, P99."""
    return np.array([values.mean(), *np.percentile(values, [50, 90, 95, 99])])


def simulated(
    machine: Machine,
    profile: RequestProfile,
    use: float,
    count: int,
    seed: int = 11,
    replicas: int = 1,
) -> dict[str, Floats]:
    """Simulated statistics of each metric at a share of the predicted saturation."""
    load = use * float(queue(machine, profile).saturation_per_ms[0]) * 1000.0
    found = simulate(machine, profile, load, count, seed, replicas)
    return {m: statistics(getattr(found, m)) for m in METRICS}


def predicted(machine: Machine, profile: RequestProfile, use: float) -> dict[str, Floats]:
    """Predicted statistics of each metric at a share of saturation."""
    one = queue(machine, profile)
    state = loads.state(one, loads.requests(profile), use * one.saturation_per_ms)
    found = {}
    for metric in METRICS:
        d = percentiles.distribution(getattr(state, metric))
        found[metric] = np.array([c[0] for c in (d.mean, d.p50, d.p90, d.p95, d.p99)])
    return found
