"""Prefill and decode on replicas of their own, as many of each as their rates ask for.

A prefill replica answers the first token and hands the prompt's KV cache over a network to a
decode replica, which never stops for a prompt. Each pool is the same queue as a whole replica
(``capacity``) with the other's work taken out: requests of one output token here, prompts that
are all cached there. Splitting the phases and matching their rates: Zhong et al., DistServe,
OSDI 2024; Patel et al., Splitwise, ISCA 2024.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.performance import step_time
from core.performance.engine import capacities, capacity
from core.performance.links import PORT_GB_S
from core.performance.memory import GIB, memory, sequence_gib
from core.performance.shapes import Number
from core.performance.types import Floats, RequestProfile, ServingTable, Targets

PREFILL_SHARE = 0.25
"""Share of a limit on the whole answer that prefill may take where TTFT itself has no limit, or one
that would leave nothing to what follows."""
MOST_REPLICAS = 16
"""Replicas of one matched unit, both pools together."""
HOP_SECONDS = 0.085
"""Router and connections between two engines: the median of what first tokens of separate pools
take beyond both engines and the transfer, in 26 published runs of short prompts and few requests
(DeepSeek-R1 and Kimi-K2.5 on three engines; quartiles 40 and 140 ms)."""


@dataclass(frozen=True, slots=True)
class Pools:
    """Every row of a table as a prefill replica and as a decode replica, arrays (n,)."""

    prefill_req_s: Floats
    """Prompts/s that meet the limit on TTFT with the way to the decode replica; 0 where the model
    does not fit."""
    decode_req_s: Floats
    """Requests/s that meet the limits on TPOT and on what follows the first token."""
    transfer_ms: Floats
    """Hand-over of a mean prompt's KV cache."""
    ttft_alone_ms: Floats
    """Median of a lone request, hand-over and the decode replica's engine included."""
    tpot_alone_ms: Floats


@dataclass(frozen=True, slots=True)
class Unit:
    """The best matched pair: rows of the table, and how many replicas of each."""

    prefill_row: int
    decode_row: int
    prefill_replicas: int
    decode_replicas: int
    req_s: float
    """Of the whole unit: what its slower pool serves."""
    accelerators: int

    @property
    def req_s_per_accelerator(self) -> float:
        """Requests/s that meet every target, per accelerator."""
        return self.req_s / self.accelerators


def transfer_ms(
    table: ServingTable, profile: RequestProfile, transfer_gb_s: float = PORT_GB_S
) -> Floats:
    """Time to hand over a mean prompt's KV cache, each accelerator sending its part, (n,)."""
    held = sequence_gib(table, np.asarray(float(profile.input_tokens_mean))) * GIB
    return np.asarray(held / (transfer_gb_s * 1e9) * 1e3)


def admission_seconds(q: Mapping[str, Number], step: Number, decoding: Number) -> Floats:
    """What a decode replica adds to the first token beside the transfer, seconds.

    The first token comes to the client through this second engine, which handles a request as the
    first one does and, where others are ``decoding``, lets it in between their steps. ``q`` are
    its fitted quantities, ``step`` its decode step in seconds.
    """
    company = 1.0 - 1.0 / np.maximum(np.asarray(decoding), 1.0)
    return np.asarray(HOP_SECONDS + q["prompt_ms"] * 1e-3 + q["step_wait"] * step * company)


def pools(
    table: ServingTable,
    profile: RequestProfile,
    targets: Targets,
    network_rtt_ms: float = 0.0,
    transfer_gb_s: float = PORT_GB_S,
) -> Pools:
    """Both roles of every row. Nothing of the hand-over is taken to overlap with prefill."""
    first, rest = _split(targets)
    move = transfer_ms(table, profile, transfer_gb_s)
    prompts = dataclasses.replace(
        profile, output_tokens_mean=1.0, output_tokens_p95=1.0, reasoning_token_share=0.0
    )
    answers = dataclasses.replace(profile, prefix_cache_share=1.0)
    cached = dataclasses.replace(table, prefix_caching=np.ones(len(table), dtype=bool))
    decode = capacity(cached, answers, rest, 0.0)
    tpot = decode.lone_request.tpot_ms.p50
    q = step_time.setting(table).q
    step = np.where(np.isfinite(tpot), tpot, 0.0)[:, None] / 1e3  # endless where nothing fits
    alone, busy = (admission_seconds(q, step, n)[:, 0] * 1e3 for n in (1.0, np.inf))
    # Rows of one replica size and KV precision share this time: few distinct ones.
    steps, which = np.unique(np.round(network_rtt_ms + move + busy, 6), return_inverse=True)
    found = capacities(table, prompts, first, tuple(steps.tolist()))
    row = np.arange(len(table))
    rate = np.stack([c.req_s for c in found])[which.reshape(-1), row] if found else np.empty(0)
    lone = found[0].lone_request.ttft_ms.p50 if found else np.empty(0)
    sending = np.minimum(rate, 1e3 / np.maximum(move, 1e-9))
    return Pools(
        prefill_req_s=np.where(memory(table, prompts).fits, sending, 0.0),
        decode_req_s=np.where(memory(table, profile).fits, decode.req_s, 0.0),
        transfer_ms=move,
        ttft_alone_ms=lone + move + alone,
        tpot_alone_ms=tpot,
    )


def _split(targets: Targets) -> tuple[Targets, Targets]:
    """Limits of the prefill pool, and what they leave to the decode pool."""
    later = [x for x in (targets.e2e_ms, targets.answer_ttft_ms) if x is not None]
    first = targets.ttft_ms
    if later and (first is None or first >= min(later)):
        first = PREFILL_SHARE * min(later)

    def left(limit: float | None) -> float | None:
        return None if limit is None else limit - (first or 0.0)

    return (
        Targets(ttft_ms=first, percentile=targets.percentile),
        Targets(
            tpot_ms=targets.tpot_ms,
            e2e_ms=left(targets.e2e_ms),
            answer_ttft_ms=left(targets.answer_ttft_ms),
            percentile=targets.percentile,
        ),
    )


def matched(table: ServingTable, both: Pools, most_replicas: int = MOST_REPLICAS) -> Unit | None:
    """The unit that serves most per accelerator; ``None`` where no row can play a role.

    With pools of any size, requests/s per accelerator are 1 / (a_p / r_p + a_d / r_d) for
    replicas of a accelerators and rate r: each role's row is chosen alone. Whole replicas, at
    most ``most_replicas``, then come as near to equal rates as they can.
    """
    size = table.accelerators_per_replica.astype(np.float64)
    chosen = []
    for rate in (both.prefill_req_s, both.decode_req_s):
        if not len(rate) or not rate.max() > 0:
            return None
        with np.errstate(divide="ignore"):
            chosen.append(int(np.argmin(size / rate)))
    p, d = chosen
    r_p, r_d = float(both.prefill_req_s[p]), float(both.decode_req_s[d])
    best: Unit | None = None
    for x in range(1, most_replicas):
        for y in range(1, most_replicas - x + 1):
            unit = Unit(p, d, x, y, min(x * r_p, y * r_d), int(x * size[p] + y * size[d]))
            if best is None or unit.req_s_per_accelerator > best.req_s_per_accelerator * (1 + 1e-9):
                best = unit
    return best
