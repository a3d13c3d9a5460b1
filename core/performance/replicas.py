"""Replicas as queues: how fast each works with so many requests inside, from its step times.

The rate at which a replica finishes requests with n inside is its closed-loop throughput
n / (TTFT + TPOT x (output - 1)), as the measurements publish it (the flow-equivalent server of
``queueing``). Step times are computed once per table, at powers of two, and are linear between.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from core.performance import queueing, step_time
from core.performance.batching import closed_loop
from core.performance.memory import BATCH_TOKENS, memory
from core.performance.physics import Setting
from core.performance.queueing import Chain
from core.performance.types import Floats, Ints, RequestProfile, ServingTable


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
    drag: Floats
    """By how much a prompt's prefill delays the decodes, over its work, (n,)."""
    alone_ms: Floats
    """TTFT of a lone prompt, (n,)."""
    limit: Floats
    """Requests served at once, (n,)."""
    holds: Floats
    """1 where the configuration is possible and memory holds a request, else 0: then the rest says
    what it would do, and no load is stable; (n,)."""
    prompt_share: Floats
    """New tokens of a mean prompt over the tokens of a full step, (n,)."""
    mixed: Floats
    """1 where prefill chunks share steps with decodes (chunked prefill), else 0: the decodes
    stand still while prompts run; (n,)."""

    @property
    def saturation_per_ms(self) -> Floats:
        """Completions per ms with every place taken, (n,)."""
        return self.rate[:, -1]

    def take(self, rows: Ints) -> Replicas:
        """Chosen rows, repeats allowed."""
        chain = Chain(*(getattr(self.chain, name).T.take(rows, -1).T for name in _CHAIN_COLUMNS))
        return Replicas(chain, *(getattr(self, name).T.take(rows, -1).T for name in _COLUMNS))


_CHAIN_COLUMNS = tuple(f.name for f in dataclasses.fields(Chain))
_COLUMNS = tuple(f.name for f in dataclasses.fields(Replicas) if f.name != "chain")


def knots_up_to(limit: float) -> Floats:
    """Concurrencies at which step times are computed: 1, 2, 4 ... past the last state."""
    last = float(queueing.levels_up_to(limit)[-1])
    return np.asarray(2.0 ** np.arange(np.ceil(np.log2(max(last, 2.0))) + 1.0))


def replicas(
    table: ServingTable,
    profile: RequestProfile,
    setting: Setting | None = None,
    places: Ints | None = None,
) -> Replicas:
    """The table's rows as queues. Step times are computed once, at a few concurrencies.

    ``setting`` and ``places`` (n,), what memory admits at once, where the caller knows them.
    """
    if places is None:
        places = memory(table, profile).max_concurrency
    limit = np.maximum(places, 1).astype(float)
    knots = knots_up_to(float(limit.max(initial=2.0)))
    cached: Floats = profile.prefix_cache_share * table.prefix_caching.astype(np.float64)
    new_tokens = np.asarray(profile.input_tokens_mean * (1.0 - cached), dtype=np.float64)
    loop = closed_loop(
        setting or step_time.setting(table),
        profile.input_tokens_mean,
        profile.output_tokens_mean,
        cached[:, None],
        knots[None, :],
        table.spec_accept[:, None],
    )
    seconds = (loop.decode, loop.tpot, loop.ttft_alone, loop.ttft, loop.prefill)
    times = step_time.StepTimes(*(1e3 * s for s in seconds))
    # every rank of data-parallel attention fills its own steps
    share = new_tokens / (BATCH_TOKENS * np.maximum(table.dp_attention, 1))
    mixed = table.chunked_prefill.astype(np.float64)
    made = from_step_times(times, knots, limit, 1.0 + table.spec_accept, share, mixed, profile)
    return dataclasses.replace(made, holds=(np.asarray(places) > 0).astype(np.float64))


def from_step_times(
    times: step_time.StepTimes,
    knots: Floats,
    limit: Floats,
    tokens_per_step: Floats,
    prompt_share: Floats,
    mixed: Floats,
    profile: RequestProfile,
) -> Replicas:
    """Queues of n replicas from step times at concurrencies ``knots`` (k,).

    ``knots`` are ``knots_up_to`` the largest ``limit`` (n,); ``tokens_per_step`` (n,) is above 1
    with speculative decoding; ``prompt_share`` and ``mixed`` are those of ``Replicas``.
    """
    n = len(limit)
    levels = queueing.levels_up_to(float(limit.max(initial=1.0)))
    left, right, share_right = _neighbours(knots, levels)
    states = queueing.chain(levels, limit)

    def at_states(values: Floats) -> Floats:
        known = np.broadcast_to(values, (n, len(knots)))
        found = known.take(left, 1) * (1.0 - share_right) + known.take(right, 1) * share_right
        return _held_at_limit(found, levels, limit)

    after_first = max(profile.output_tokens_mean - 1.0, 0.0)
    inside = np.maximum(states.levels, 1.0)
    step, tpot = at_states(times.decode_ms), at_states(times.tpot_ms)
    token = step / tokens_per_step[:, None]
    prefill = at_states(times.prefill_ms)
    # an engine would rather hold requests back than finish fewer: rates never fall; and a request
    # takes the replica for its prefill and its share of the decode steps: no rate exceeds that
    cycle = at_states(times.ttft_ms) + tpot * after_first
    work = prefill + after_first * token / inside
    rate = np.maximum.accumulate(
        np.minimum(inside / np.maximum(cycle, 1e-9), 1.0 / np.maximum(work, 1e-9)), axis=1
    )
    # in closed loop each step carries inside / output_tokens prompts; read where they are most
    dragged = np.maximum(tpot - token, 0.0)[:, -1] * profile.output_tokens_mean / limit
    return Replicas(
        chain=states,
        rate=np.asfortranarray(rate),
        step_ms=np.asfortranarray(step),
        token_ms=np.asfortranarray(token),
        prefill_ms=np.asfortranarray(prefill),
        drag=dragged / np.maximum(prefill[:, -1], 1e-12),
        alone_ms=np.broadcast_to(times.ttft_alone_ms, (n, 1))[:, 0].copy(),
        limit=limit,
        holds=np.ones(n),
        prompt_share=prompt_share,
        mixed=mixed,
    )


def _neighbours(knots: Floats, levels: Floats) -> tuple[Ints, Ints, Floats]:
    """Knots beside each level and the right one's share in between (constant outside)."""
    right = np.searchsorted(knots, levels).clip(1, len(knots) - 1)
    left = right - 1
    share = (levels - knots[left]) / (knots[right] - knots[left])
    return left, right, share.clip(0.0, 1.0)


def _held_at_limit(values: Floats, levels: Floats, limit: Floats) -> Floats:
    """Values (n, m) at the levels; beyond a row's limit, its value at the limit."""
    right = np.minimum(np.searchsorted(levels, limit), len(levels) - 1)
    left = np.maximum(right - 1, 0)
    share = (limit - levels[left]) / np.maximum(levels[right] - levels[left], 1e-9)
    row = np.arange(len(limit))
    at = values[row, left] * (1.0 - share) + values[row, right] * share
    return np.where(levels[None, :] >= limit[:, None], at[:, None], values)
