"""Static batching: what a server does that starts a batch and waits until its longest answer ends.

Requests are gathered, prefilled together and decoded together; no request joins or leaves before
the longest answer of the batch is done, so short answers pay for long ones and a newcomer waits
for the batch under way. With B requests a batch takes

    cycle = B x prefill + (E[longest of B answers] - 1) x decode step

and serves B. Continuous batching, which lets requests join and leave at every step, is what
current engines do: Yu et al., Orca, OSDI 2022. Tokens are streamed as they come, and a batch
starts as soon as the last one ends: static batching at its best.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from core.performance import queueing
from core.performance.capacity import MAX_UTILISATION
from core.performance.memory import memory
from core.performance.percentiles import LEVELS
from core.performance.step_time import step_times
from core.performance.types import Bools, Floats, Ints, RequestProfile, ServingTable, Targets

_POINTS = 512


@dataclass(frozen=True, slots=True)
class StaticBatches:
    """Every row of a table under static batching, arrays (n,)."""

    size: Ints
    """Requests in a batch: of the sizes 1, 2, 4 ... that memory admits, the one that serves most
    within the targets; where none meets them, the one that serves most."""
    req_s: Floats
    """Requests/s of that size, at most ``MAX_UTILISATION`` of what back-to-back batches serve."""
    meets_targets: Bools
    ttft_ms: Floats
    """Median: half a batch to wait for, then the prefill of one's own."""
    tpot_ms: Floats


@lru_cache(maxsize=256)
def longest(mean: float, p95: float, count: int) -> float:
    """Mean of the longest of ``count`` answers whose lengths are lognormal (mean and P95)."""
    sigma = queueing.lognormal_sigma(mean, p95)
    if sigma <= 0.0 or count == 1:
        return mean
    normal = NormalDist()
    # quantiles of the maximum: its distribution is the count-th power of one answer's
    levels = ((np.arange(_POINTS) + 0.5) / _POINTS) ** (1.0 / count)
    z = np.array([normal.inv_cdf(min(float(level), 1.0 - 1e-16)) for level in levels])
    return float(np.exp(np.log(mean) - sigma**2 / 2.0 + sigma * z).mean())


def static_batches(
    table: ServingTable, profile: RequestProfile, targets: Targets, network_rtt_ms: float = 0.0
) -> StaticBatches:
    """Capacity and latencies of every row if it served in static batches."""
    room = np.maximum(memory(table, profile).max_concurrency, 1)
    count = int(np.ceil(np.log2(max(int(room.max(initial=1)), 2)))) + 1
    sizes = 2.0 ** np.arange(count)
    times = step_times(
        table,
        profile.input_tokens_mean,
        profile.output_tokens_mean,
        profile.prefix_cache_share,
        sizes,
    )
    shape = (len(table), count)
    step = np.broadcast_to(times.decode_ms, shape) / (1.0 + table.spec_accept[:, None])
    prefill = np.broadcast_to(times.prefill_ms, shape)
    fixed = np.broadcast_to(times.ttft_alone_ms, shape)[:, :1] - prefill[:, :1]
    most = [longest(profile.output_tokens_mean, profile.output_tokens_p95, int(b)) for b in sizes]
    first = np.maximum(fixed, 0.0) + sizes * prefill
    cycle = sizes * prefill + np.maximum(np.array(most) - 1.0, 0.0) * step
    rate = np.where(sizes <= room[:, None], sizes / cycle, 0.0)

    level = LEVELS[targets.percentile]
    thinking = profile.output_tokens_mean * profile.reasoning_token_share * step
    met = np.ones(shape, dtype=bool)
    for limit, latency in (
        (targets.ttft_ms, network_rtt_ms + level * cycle + first),
        (targets.tpot_ms, step),
        (targets.e2e_ms, network_rtt_ms + level * cycle + cycle),
        (targets.answer_ttft_ms, network_rtt_ms + level * cycle + first + thinking),
    ):
        if limit is not None:
            met &= latency <= limit
    meets: Bools = np.asarray((met & (rate > 0)).any(axis=1))
    chosen = np.argmax(np.where(met | ~meets[:, None], rate, 0.0), axis=1)
    row = np.arange(len(table))
    return StaticBatches(
        size=sizes[chosen].astype(np.int64),
        req_s=MAX_UTILISATION * rate[row, chosen] * 1e3,
        meets_targets=meets,
        ttft_ms=0.5 * cycle[row, chosen] + first[row, chosen],
        tpot_ms=step[row, chosen].copy(),
    )
