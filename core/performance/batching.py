"""Continuous batching: prompts and answers that share a replica, step after step.

Each step carries the decodes and what has come of new prompts, a chunk at a time (Yu et al.,
Orca, OSDI 2022; Agrawal et al., Sarathi-Serve, OSDI 2024). From the time of one step
(``physics``) follow how long a prompt waits for others and how they stretch the time between
tokens. Times in seconds; element-wise as in ``physics``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.performance import physics
from core.performance.shapes import Number
from core.performance.types import Floats

CHUNK_TOKENS = 4096.0
"""Prompt tokens that engines batch into one step when several prompts wait."""
RANK_ROUNDS = 10
"""Rounds in which ``ranks_at_once`` settles to within a few percent."""
MOST_AHEAD = 0.9
"""Largest share of the other requests inside whose prompts may precede a new one's."""
DRAFT_YIELD = 0.7
"""Accepted over drafted tokens: 70 % acceptance is typical of MTP and EAGLE heads."""
DRAFT_COST = 0.04
"""Cost of drafting one token, relative to a decode step."""


def verified_tokens(extra_accepted: Number) -> Floats:
    """Tokens of a sequence that a step computes: its next one and the drafted ones it verifies.

    ``extra_accepted`` of the drafted ones are kept per step. With k drafted, each kept at a chance
    a, that is (1 - a^(k+1)) / (1 - a) - 1 (Leviathan et al., ICML 2023).
    """
    return np.asarray(1.0 + np.asarray(extra_accepted) / DRAFT_YIELD)


def prefill_work(
    s: physics.Setting,
    new_tokens: Number,
    cached_tokens: Number,
    concurrency: Number,
    ranks: Number = 1.0,
) -> Floats:
    """Seconds of replica time one prompt costs when prompts are batched up to a chunk.

    Pipeline stages work on different prompts at once, so the replica is taken 1 / pp as long.
    ``ranks`` of the data-parallel attention ranks fill a chunk each, at once.
    """
    ranks = np.minimum(ranks, np.maximum(concurrency, 1.0))
    each = np.clip(
        CHUNK_TOKENS / np.maximum(new_tokens, 1.0), 1.0, np.maximum(concurrency, 1) / ranks
    )
    step = physics.prefill_step(s, new_tokens, cached_tokens, each * ranks, ranks)
    return np.asarray(step.total / (each * ranks) / s.pp)


def ranks_at_once(
    s: physics.Setting, lone_work: Number, step: Number, prompts_per_step: Number, most: Number
) -> Floats:
    """Data-parallel ranks that prefill at the same time, where any does: 1 to ``s.dp``.

    Ranks run in lockstep, since the experts are shared: while one reads a prompt, all wait. A
    rank prefills a share p of the time; of dp ranks that are independent of each other
    dp x p / (1 - (1 - p)^dp) do so on average when any does (mean of a binomial that is not
    zero). ``lone_work`` is a prompt's seconds on one rank, ``step`` a decode step's.
    """
    dp = np.minimum(np.asarray(s.dp, dtype=np.float64), np.maximum(most, 1.0))
    busy = np.asarray(prompts_per_step) * lone_work
    found: Floats = dp + np.zeros(np.broadcast(dp, busy, step).shape)
    for _round in range(RANK_ROUNDS):
        share = np.clip(busy / dp / np.maximum(step + busy / found, 1e-12), 1e-9, 1.0)
        found = dp * share / -np.expm1(dp * np.log1p(-np.minimum(share, 1.0 - 1e-12)))
    return np.asarray(np.clip(found, 1.0, dp))


def mixed_prefill_work(
    s: physics.Setting,
    new_tokens: Number,
    cached_tokens: Number,
    concurrency: Number,
    step: Number,
    output_tokens: Number,
) -> Floats:
    """``prefill_work`` where each decode step brings concurrency / output tokens new prompts."""
    alone = prefill_work(s, new_tokens, cached_tokens, concurrency)
    if np.all(np.asarray(s.dp) <= 1.0):
        return alone
    arriving = np.maximum(concurrency, 1.0) / np.maximum(output_tokens, 1.0)
    ranks = ranks_at_once(s, alone, step, arriving, concurrency)
    return prefill_work(s, new_tokens, cached_tokens, concurrency, ranks)


@dataclass(frozen=True, slots=True)
class ClosedLoop:
    """Steady state with a constant number of requests inside, seconds."""

    decode: Floats
    tpot: Floats
    prefill: Floats
    ttft_alone: Floats
    ttft: Floats


def prompts_ahead(q: dict[str, Number], concurrency: Number, busy: Number) -> Floats:
    """Prompts served before a new one in closed loop.

    Requests that start together wait for each other; the more there are, the more they drift
    apart (a power below 1). ``busy`` is the share of time that goes into prefill. Never all of
    the others: some decode.
    """
    others = np.maximum(np.asarray(concurrency) - 1.0, 0.0)
    ahead = (q["queue_share"] + q["queue_flow"] * busy) * others ** q["queue_power"]
    return soft_limit(np.asarray(ahead), MOST_AHEAD * np.maximum(others, 1e-9))


def soft_limit(value: Number, limit: Number) -> Floats:
    """``value`` where far below ``limit``, approaching ``limit`` above it."""
    return np.asarray(value / (1.0 + (value / limit) ** 4) ** 0.25)


def prompts_between_tokens(
    q: dict[str, Number], step: Number, work: Number, concurrency: Number, output_tokens: Number
) -> tuple[Floats, Floats]:
    """(prompts ahead of a new one, seconds of others' prefill per token) in closed loop.

    While a request is inside, every other one is prefilled once. Its first token waits for the
    prompts ahead of it; the rest fall between its tokens, so that the time of a whole request,
    n x prefill + output tokens x step, does not depend on the order in which an engine works.
    """
    inside = np.maximum(np.asarray(concurrency), 1.0)
    each = q["interference"] * work / np.maximum(output_tokens, 1.0)
    busy = each * inside / np.maximum(step + each * inside, 1e-9)
    ahead = prompts_ahead(q, inside, busy)
    return ahead, np.asarray(each * np.maximum(inside - 1.0 - ahead, 0.0))


def closed_loop(
    s: physics.Setting,
    input_tokens: Number,
    output_tokens: Number,
    cached_share: Number,
    concurrency: Number,
    extra_accepted: Number = 0.0,
) -> ClosedLoop:
    """Latencies with ``concurrency`` requests always inside.

    Each step carries the decodes and concurrency / output_tokens new prompts' prefill.
    """
    q = s.q
    cached = np.asarray(input_tokens) * cached_share
    new = np.maximum(input_tokens - cached, 1.0)
    context = input_tokens + np.asarray(output_tokens) / 2.0
    computed = verified_tokens(extra_accepted)
    step = physics.decode_step(s, concurrency, context, computed).total
    step = step * (1.0 + DRAFT_COST * (computed - 1.0))
    gain = 1.0 + np.asarray(extra_accepted)
    work = mixed_prefill_work(s, new, cached, concurrency, step / gain, output_tokens)
    ahead, per_token = prompts_between_tokens(q, step / gain, work, concurrency, output_tokens)
    tpot = step / gain + per_token
    alone = physics.prefill_step(s, new, cached).total + q["prompt_ms"] * 1e-3
    wait = np.where(np.asarray(concurrency) > 1, q["step_wait"] * step, 0.0)
    ttft = alone + wait * (1 - 1 / np.maximum(concurrency, 1.0)) + ahead * work
    return ClosedLoop(np.asarray(step), np.asarray(tpot), work, alone, np.asarray(ttft))
