"""One step of a replica: bytes to read, operations to do, messages to exchange, overheads.

Sources: the roofline model (Williams, Waterman, Patterson 2009); transformer arithmetic of
2 FLOPs per parameter and token (Kaplan et al. 2020); ring all-reduce cost 2 (g - 1) / g
(Thakur et al. 2005); expected experts touched E (1 - (1 - k/E)^B) for uniform routing.

All functions are element-wise: a row is a model on a replica, a column a concurrency. Times in
seconds, sizes in bytes, per accelerator unless said. Fitted quantities arrive in ``Setting.q``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.performance.shapes import ModelShape, Number
from core.performance.types import Floats

ROOF_EXPONENT = 3.0
"""Exponent of the smooth maximum of two roofs: 1 adds them, infinity takes the larger."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a model runs: hardware, parallelism, precision, fitted quantities."""

    shape: ModelShape
    bandwidth: Number
    """Peak bytes/s of one accelerator."""
    flops: Number
    """Peak dense FLOP/s of one accelerator in the precision the linear layers run in."""
    flops_16: Number
    """The same in 16 bits, for attention."""
    link: Number
    """Bytes/s per accelerator and direction."""
    tp: Number
    pp: Number
    dp: Number
    """Data-parallel attention ranks inside the replica (1: none)."""
    weight_bytes: Number
    """Bytes per weight of the routed experts."""
    rest_bytes: Number
    """Bytes per weight outside the routed experts (published 4-bit MoE leaves them in 16 bits)."""
    head_bytes: Number
    kv_bytes: Number
    q: dict[str, Number]
    power_share: Number = 1.0
    """Board power over what full clock in dense arithmetic needs, at most 1."""

    @property
    def clock(self) -> Floats:
        """Share of the peak clock that dense arithmetic keeps under the board's power limit."""
        return np.asarray(self.power_share ** self.q["power_limit"])

    @property
    def stage(self) -> Number:
        """Accelerators that share a layer."""
        return self.tp * self.dp


@dataclass(frozen=True, slots=True)
class StepParts:
    """Seconds of one step by cause; ``total`` combines the roofs smoothly."""

    weights: Floats
    kv: Floats
    compute: Floats
    communication: Floats
    overhead: Floats
    total: Floats
    waiting: Floats
    """Seconds in which memory and arithmetic idle: launches, host work, messages."""
    bytes_read: Floats
    """Weights and KV, per accelerator."""
    bytes_moved: Floats
    """The same and intermediate results."""
    flops_done: Floats
    """Per accelerator."""


def smooth_max(a: Number, b: Number, exponent: float = ROOF_EXPONENT) -> Floats:
    """(a^p + b^p)^(1/p), scaled to stay finite for tiny arguments."""
    top = np.maximum(np.maximum(a, b), 1e-15)
    low = np.minimum(a, b)
    return np.asarray(top * (1.0 + (low / top) ** exponent) ** (1.0 / exponent))


def experts_touched_share(shape: ModelShape, tokens: Number, spread: Number = 1.0) -> Floats:
    """Share of the routed experts that a step of so many tokens reads.

    Uniform routing at ``spread`` 1; below, popular experts repeat and fewer distinct ones are
    read: tokens count as tokens ** spread independent draws.
    """
    draws = np.maximum(tokens, 1.0) ** spread
    return np.asarray(-np.expm1(draws * np.log1p(-np.minimum(shape.expert_share, 0.999999))))


def activation_bytes(s: Setting, tokens: Number, local: Number) -> Floats:
    """Bytes of intermediate results that a step's tokens write and read, all layers.

    ``local`` of the tokens are those of one data-parallel rank.

    About ten hidden-sized tensors per layer (norms, residuals, projections) in 16 bits, and six
    per routed copy of a token for dispatch, gate, up, down and combination.
    """
    shape = s.shape
    dense = 10.0 * shape.layers * local
    routed = 6.0 * shape.moe_layers * shape.top_k * tokens / s.stage
    return np.asarray(2.0 * shape.hidden * (dense + routed))


def kv_bytes_per_sequence(s: Setting, context: Number) -> Floats:
    """Bytes of KV and recurrent state that one sequence's decode step reads, per accelerator.

    Heads are divided over tensor-parallel ranks until each has one; MLA's latent is not divided.
    A sparse-attention indexer scans the 1-byte keys of all tokens, also those not attended to.
    """
    shape = s.shape
    windowed, chosen = np.minimum(context, shape.window), np.minimum(context, shape.sparse_top_k)
    split = np.where(np.asarray(shape.is_mla) > 0, 1.0, np.minimum(s.tp, shape.kv_heads))
    densely = (shape.kv_full - shape.kv_sparse - shape.indexer_elements) * context
    cached = (densely + shape.kv_sparse * chosen + shape.kv_window * windowed) * s.kv_bytes / split
    indexer = shape.indexer_elements * context
    state = 2.0 * shape.state_elements * 2.0 / s.tp  # read and written, 16 bits
    return np.asarray(cached + indexer + state)


def indexer_flops(shape: ModelShape, tokens: Number, context: Number) -> Floats:
    """FLOPs of a sparse-attention indexer that scores every token of each token's context.

    In the precision of the linear layers; tensor-parallel ranks all do the whole, so that each
    knows what was chosen.
    """
    return np.asarray(2.0 * tokens * shape.indexer_width * context)


def _attend(s: Setting, attention_flops: Floats, index_flops: Floats, efficiency: Number) -> Floats:
    """Seconds of attention, and of the indexer that chooses what it reads."""
    whole = attention_flops / s.flops_16 + index_flops / s.flops
    return np.asarray(whole / (s.clock * efficiency))


def weight_bytes_always(s: Setting) -> Floats:
    """Bytes of attention, dense, shared and head weights per accelerator, all stages together."""
    shape = s.shape
    return np.asarray(
        shape.attention_params * s.rest_bytes / s.tp
        + (shape.dense_params * s.rest_bytes + shape.head_params * s.head_bytes) / s.stage
    )


def expert_bytes(s: Setting) -> Floats:
    """Bytes of all routed experts per accelerator, all stages together."""
    return np.asarray(s.shape.expert_params * s.weight_bytes / s.stage)


HOST_ACCELERATORS = 8.0
"""Accelerators of one host, whose processors do the work per sequence: eight in usual servers."""
PLAIN_WIDTH = 4096.0
"""Hidden size of the layer whose overhead ``layer_us`` states."""
MLA_KERNELS = 1.2
"""Kernels that latent attention adds to a layer, over a plain layer's ten: two more projections
and norms, the absorbed up-projections of query and value."""
LINEAR_KERNELS = 1.0
"""Kernels that linear attention or a state-space mixer adds: convolution, gates, state update."""


def launch_seconds(s: Setting) -> Floats:
    """Seconds per step of launches, synchronisation and tails of the kernels of all layers.

    A plain layer has about ten kernels (norm, projections, rotary embedding, attention, output,
    norm, gate and up, activation, down); routed experts add router, top-k, permutation and
    combination. A wider layer's kernels take longer to fill and drain: a fitted power of the
    hidden size, without which small mixtures are predicted half as fast as they are.
    """
    shape = s.shape
    kernels = (
        shape.layers * (1.0 + MLA_KERNELS * np.asarray(shape.is_mla))
        + LINEAR_KERNELS * shape.linear_layers
        + shape.moe_layers * s.q["expert_kernels"]
    )
    width = (shape.hidden / PLAIN_WIDTH) ** s.q["layer_width"]
    return np.asarray(kernels * width * s.q["layer_us"] * 1e-6)


def _messages(s: Setting, local: Number) -> tuple[Floats, Floats]:
    """(latency, transfer) seconds of a step's collectives over all layers.

    ``local`` are the tokens of one data-parallel rank, the busiest.

    Tensor parallelism: two all-reduces per layer. Data-parallel attention: experts are reached by
    an all-to-all out (8-bit) and back (16-bit) of each token's top-k copies.
    """
    shape = s.shape
    group = np.asarray(s.stage)
    grouped = group > 1
    rate = s.link * s.q["link_efficiency"]
    tensor = np.asarray(s.tp) > 1
    reduce_bytes = np.where(tensor, 2 * 2.0 * (s.tp - 1.0) / s.tp * local * shape.hidden * 2.0, 0.0)
    exchange = np.where(
        np.asarray(s.dp) > 1,
        local / s.tp * np.minimum(shape.top_k, group) * shape.hidden * 3.0,
        0.0,
    )
    calls = np.where(tensor, 2.0 * shape.layers, 0.0) + np.where(
        np.asarray(s.dp) > 1, 2.0 * shape.moe_layers, 0.0
    )
    hops = np.where(np.asarray(s.pp) > 1, (s.pp - 1.0), 0.0)
    latency = s.q["reduce_us"] * 1e-6 * np.where(grouped, calls * np.log2(group * 1.0 + 1), 0.0)
    latency = latency + 20e-6 * hops
    transfer = (shape.layers * reduce_bytes + shape.moe_layers * exchange) / rate
    return np.asarray(latency), np.asarray(transfer)


def decode_step(
    s: Setting, sequences: Number, context: Number, tokens_each: Number = 1.0
) -> StepParts:
    """One decode step with so many sequences of a mean context length in flight.

    ``tokens_each`` above 1 verifies drafted tokens (speculative decoding). With pipeline stages a
    step carries sequences / pp and passes every stage.
    """
    shape, q = s.shape, s.q
    batch = np.maximum(np.asarray(sequences) / s.pp, 1.0)
    tokens = batch * tokens_each
    local = np.maximum(batch / s.dp, 1.0)
    always = weight_bytes_always(s)
    touched = experts_touched_share(shape, tokens, q["routing_spread"])
    experts = expert_bytes(s) * touched
    weights = always / (s.bandwidth * q["weight_bandwidth"]) + experts / (
        s.bandwidth * q["expert_bandwidth"]
    )
    kv_read = local * kv_bytes_per_sequence(s, context)
    kv = kv_read / (s.bandwidth * q["kv_bandwidth"])
    linear_flops = 2.0 * (
        shape.attention_params * local * tokens_each / s.tp
        + (shape.dense_params + shape.head_params + shape.expert_params * shape.expert_share)
        * tokens
        / s.stage
    )
    compute = linear_flops / (s.flops * s.clock * q["decode_compute"])
    attended = shape.decode_width_full * context + shape.decode_width_sparse * np.minimum(
        context, shape.sparse_top_k
    )
    attention_flops = 2.0 * local * tokens_each * attended / s.tp
    index_flops = indexer_flops(shape, local * tokens_each, context)
    attend = _attend(s, attention_flops, index_flops, q["decode_attention"])
    latency, transfer = _messages(s, local * tokens_each)
    # One host schedules and samples for all ranks on its accelerators; others do so beside it.
    hosted = batch * np.minimum(1.0, HOST_ACCELERATORS / np.asarray(s.stage))
    overhead = launch_seconds(s) + q["step_ms"] * 1e-3 + hosted * q["sequence_us"] * 1e-6
    linear = smooth_max(weights, compute)
    attention = smooth_max(kv, attend)
    results = q["activation_traffic"] * activation_bytes(s, tokens, local * tokens_each)
    moving = results / s.bandwidth
    waiting = latency + transfer + overhead
    total = linear + attention + moving + waiting
    zero = np.zeros(np.shape(total))
    return StepParts(
        weights=weights + zero,
        kv=kv + zero,
        compute=compute + attend + zero,
        communication=latency + transfer + zero,
        overhead=overhead + moving + zero,
        total=np.asarray(total),
        waiting=waiting + zero,
        bytes_read=np.asarray(always + experts + kv_read + zero),
        bytes_moved=np.asarray(always + experts + kv_read + results + zero),
        flops_done=np.asarray(linear_flops + attention_flops + index_flops + zero),
    )


def prefill_step(
    s: Setting,
    new_tokens: Number,
    cached_tokens: Number,
    prompts: Number = 1.0,
    ranks: Number = 1.0,
) -> StepParts:
    """Prefill of ``prompts`` prompts together, each with so many new and cached tokens.

    New tokens attend to the cached ones and, causally, to each other; windows bound both. The
    output head runs once per prompt. With data-parallel attention a prompt lives on one rank:
    ``ranks`` of them share the prompts, the others wait.
    """
    shape, q = s.shape, s.q
    tokens = np.asarray(new_tokens) * prompts
    local = tokens / ranks
    always = weight_bytes_always(s)
    experts = expert_bytes(s) * experts_touched_share(shape, tokens, q["routing_spread"])
    weights = always / (s.bandwidth * q["weight_bandwidth"]) + experts / (
        s.bandwidth * q["expert_bandwidth"]
    )
    cached_read = kv_bytes_per_sequence(s, cached_tokens) * prompts / ranks
    kv = np.where(
        np.asarray(cached_tokens) > 0, cached_read / (s.bandwidth * q["kv_bandwidth"]), 0.0
    )
    linear_flops = 2.0 * (
        shape.attention_params * local / s.tp
        + (shape.dense_params + shape.expert_params * shape.expert_share) * tokens / s.stage
        + shape.head_params * prompts / s.stage
    )
    ramp = (tokens + q["half_tokens"]) / tokens
    compute = linear_flops * ramp / (s.flops * s.clock * q["prefill_compute"])
    span = cached_tokens + new_tokens / 2.0
    attended = (
        shape.attention_width_full * span
        + shape.attention_width_window * np.minimum(span, shape.window)
        # Dense while that is less than absorbed attention to what the indexer chose.
        + np.minimum(
            shape.attention_width_sparse * span,
            shape.decode_width_sparse * np.minimum(span, shape.sparse_top_k),
        )
    )
    attention_flops = 2.0 * local * attended / s.tp
    index_flops = indexer_flops(shape, local, span)
    attend = _attend(s, attention_flops, index_flops, q["attention_compute"])
    latency, transfer = _messages(s, local)
    overhead = launch_seconds(s) + q["step_ms"] * 1e-3
    results = q["activation_traffic"] * activation_bytes(s, tokens, local)
    moving = results / s.bandwidth
    waiting = latency + transfer + overhead
    total = smooth_max(weights, compute) + smooth_max(kv, attend) + moving + waiting
    zero = np.zeros(np.shape(total))
    return StepParts(
        weights=weights + zero,
        kv=kv + zero,
        compute=compute + attend + zero,
        communication=latency + transfer + zero,
        overhead=overhead + moving + zero,
        total=np.asarray(total),
        waiting=waiting + zero,
        bytes_read=np.asarray(always + experts + cached_read + zero),
        bytes_moved=np.asarray(always + experts + cached_read + results + zero),
        flops_done=np.asarray(linear_flops + attention_flops + index_flops + zero),
    )
