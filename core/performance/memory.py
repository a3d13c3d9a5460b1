"""Does a replica fit? Weights, KV cache and the engine's reserve against usable memory.

Sizes in GiB per accelerator. vLLM-like engines take a fixed share of total memory and give what
weights and activations leave to the KV cache; TensorRT-LLM takes a share of what is free.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.catalog.types import Accelerator, Model
from core.notation import local
from core.performance import parameters as par
from core.performance import precision
from core.performance.shapes import model_shape
from core.performance.step_time import codes
from core.performance.types import Bools, Floats, Ints, Memory, RequestProfile, ServingTable
from core.words import _

GIB = float(2**30)
ENGINE_SHARE = 0.9
"""Share of memory that serving engines manage by default."""
RUNTIME_GIB = 1.0
"""Driver context, communication buffers and captured graphs."""
SMALL_RUNTIME_GIB = 0.3
"""The same for runtimes without captured graphs (llama.cpp)."""
BATCH_TOKENS = 8192.0
"""Largest number of tokens in one step by default; activations are sized for it."""
BLOCK_WASTE = 1.04
"""Paged KV loses about half a block per sequence and a small watermark."""


def default_concurrency_limit(engine: str, accelerator: Accelerator) -> int:
    """Sequences an engine admits at once unless told otherwise."""
    name = par.engine_of(engine)
    if name == "llama.cpp":
        return 32
    if name == "tensorrt-llm":
        return 2048
    return 1024 if accelerator.mem_gib_usable >= 70 else 256


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of a model under a precision, before division over accelerators."""

    attention: float
    rest: float
    experts: float
    outer: float
    """Embedding and head, left in 16 bits by quantisation."""


@lru_cache(maxsize=2048)
def weight_sizes(model: Model, stored: str) -> Sizes:
    """Stored bytes of a model's weights by how parallelism divides them."""
    shape = model_shape(model)
    rest = precision.rest_weight_bytes(model.native_precision, stored)
    expert = precision.expert_weight_bytes(model.native_precision, stored)
    return Sizes(
        float(shape.attention_params) * rest,
        float(shape.dense_params) * rest,
        float(shape.expert_params) * expert,
        float(shape.embedding_params + shape.head_params) * 2.0,
    )


def weights_bytes(model: Model, stored: str) -> float:
    """Stored bytes of the whole model, scales included."""
    s = weight_sizes(model, stored)
    return s.attention + s.rest + s.experts + s.outer


def kv_bytes_per_token(model: Model, kv_precision: str) -> float:
    """Bytes a token adds to the cache of one unsplit replica while every layer still grows."""
    elements = model.kv_elems_per_token_full + model.kv_elems_per_token_window
    return elements * precision.KV_BYTES[kv_precision]


def kv_bytes_of_sequence(model: Model, tokens: Floats, kv_element_bytes: Floats) -> Floats:
    """Cache bytes of one sequence: full layers grow, windows stop, states are constant.

    The keys of a sparse-attention indexer are among the elements that the catalog counts.
    """
    shape = model_shape(model)
    elements = shape.kv_full * tokens + shape.kv_window * np.minimum(tokens, shape.window)
    return np.asarray(elements * kv_element_bytes + 2.0 * shape.state_elements)


def activation_bytes(model: Model, tp: Floats) -> Floats:
    """Peak activations of a full step: two feed-forward widths, six hidden widths, logits."""
    width = max(model.ffn, model.moe_ffn * max(model.top_k, 1) + model.shared_ffn)
    inner = BATCH_TOKENS * (2.0 * width / tp + 6.0 * model.hidden) * 2.0
    return np.asarray(inner + 256.0 * model.vocab * 6.0 / tp)


def _distinct(table: ServingTable) -> tuple[Ints, Ints]:
    """(first row, number) of the distinct configurations: rows that share every answer."""
    columns = [
        table.accelerator_index,
        table.tp,
        table.pp,
        table.ep,
        table.dp_attention,
        codes(table.weight_precision)[0],
        codes(table.kv_precision)[0],
        codes(table.engine)[0],
    ]
    key = np.zeros(len(table), dtype=np.int64)
    for column in columns:
        low, high = int(column.min(initial=0)), int(column.max(initial=0))
        key = key * (high - low + 1) + (column - low)
    _keys, first, number = np.unique(key, return_index=True, return_inverse=True)
    return first, number.reshape(-1)


def _why_not(table: ServingTable, profile: RequestProfile, rows: Ints) -> list[str]:
    """Why each row's configuration is impossible; "" where it is possible.

    Rows share accelerators, precisions and splits, so each reason is looked for once.
    """
    too_long = context_reason(table.model, profile)
    precisions: dict[tuple[int, str, str], str] = {}
    splits: dict[tuple[int, int, int, int, int], str] = {}
    found = []
    columns = (
        c[rows].tolist()
        for c in (
            table.accelerator_index,
            table.weight_precision,
            table.kv_precision,
            table.tp,
            table.pp,
            table.ep,
            table.dp_attention,
        )
    )
    for a, weight, kv, *split in zip(*columns, strict=True):
        accelerator = table.accelerators[a]
        stored, divided = (a, weight, kv), (a, *split)
        if stored not in precisions:
            precisions[stored] = precision_reason(accelerator, weight, kv)
        if divided not in splits:
            splits[divided] = parallelism_reason(table.model, accelerator, *split)
        found.append(precisions[stored] or splits[divided] or too_long)
    return found


def precision_reason(accelerator: Accelerator, weight: str, kv: str) -> str:
    """Why the precisions cannot be served here; "" where they can."""
    for name, known in ((weight, precision.WEIGHT_BYTES), (kv, precision.KV_BYTES)):
        if name not in known:
            return _("Precision {name} is unknown; known are {known}.").format(
                name=name, known=", ".join(known)
            )
    reason = precision.refusal(accelerator, weight)
    return f"{reason}." if reason else ""


def parallelism_reason(
    model: Model, accelerator: Accelerator, tp: int, pp: int, ep: int, dp: int
) -> str:
    """Why the split is impossible; "" where it is possible."""
    group = max(tp * dp, ep)
    if min(tp, pp, ep, dp) < 1:
        return _("Parallel degrees must be at least 1.")
    if model.heads and model.heads % tp:
        return _("Tensor parallel {tp} does not divide the {heads} attention heads.").format(
            tp=tp, heads=model.heads
        )
    if not model.is_mla and model.kv_heads and model.kv_heads % tp and tp % model.kv_heads:
        return _(
            "Tensor parallel {tp} neither divides nor is a multiple of the {kv} KV heads."
        ).format(tp=tp, kv=model.kv_heads)
    if pp > model.layers:
        return _("Pipeline parallel {pp} exceeds the {layers} layers.").format(
            pp=pp, layers=model.layers
        )
    if ep > 1 and not model.n_experts:
        return _("Expert parallel {ep} needs a model with experts.").format(ep=ep)
    if ep > max(model.n_experts, 1):
        return _("Expert parallel {ep} exceeds the {experts} experts.").format(
            ep=ep, experts=model.n_experts
        )
    if group > accelerator.max_domain:
        return _("A group of {group} exceeds the {domain} accelerators {name} can join.").format(
            group=group, domain=accelerator.max_domain, name=accelerator.name
        )
    return ""


def context_reason(model: Model, profile: RequestProfile) -> str:
    """Why the requests are too long for the model; "" where they fit."""
    longest = profile.input_tokens_p95 + profile.output_tokens_p95
    if model.max_context and longest > model.max_context:
        return _(
            "Requests of {longest} tokens (P95 input plus output) exceed the model's "
            "context of {limit} tokens."
        ).format(longest=local(f"{longest:,.0f}"), limit=local(f"{model.max_context:,}"))
    return ""


@dataclass(frozen=True, slots=True)
class Budget:
    """GiB per accelerator."""

    weights: Floats
    kv: Floats
    usable: Floats
    reserve: Floats


def budget(table: ServingTable) -> Budget:
    """Weights, the reserve, and what they leave to the KV cache."""
    model = table.model
    usable = np.array([a.mem_gib_usable for a in table.accelerators])[table.accelerator_index]
    weight, names = codes(table.weight_precision)
    sizes = [
        weight_sizes(model, n) if n in precision.WEIGHT_BYTES else Sizes(*[math.nan] * 4)
        for n in names
    ]
    attention, rest, experts, outer = (
        np.array([getattr(s, f) for s in sizes])[weight]
        for f in ("attention", "rest", "experts", "outer")
    )
    tp = table.tp.astype(np.float64)
    stage = np.maximum(tp * table.dp_attention, table.ep)
    weights = (attention / tp + (rest + experts + outer) / stage) / table.pp / GIB
    engine, engines = codes(table.engine)
    kinds = [par.engine_of(e) for e in engines]
    small = np.array([k == "llama.cpp" for k in kinds])[engine]
    of_free = np.array([k == "tensorrt-llm" for k in kinds])[engine]
    reserve = np.where(
        small, SMALL_RUNTIME_GIB + 0.2, RUNTIME_GIB + activation_bytes(model, tp) / GIB
    )
    # Small cards run with smaller steps: the reserve never takes more than a tenth of memory.
    reserve = np.minimum(reserve, 0.1 * usable + 0.2)
    managed = np.where(
        of_free,
        ENGINE_SHARE * (usable - weights - reserve),
        np.where(small, 0.95, ENGINE_SHARE) * usable - weights - reserve,
    )
    return Budget(weights, np.maximum(managed, 0.0), usable, reserve)


def sequence_gib(table: ServingTable, tokens: Floats) -> Floats:
    """KV of one sequence of so many tokens on each accelerator that holds it, GiB."""
    model = table.model
    kv, names = codes(table.kv_precision)
    per = np.array([precision.KV_BYTES.get(n, math.nan) for n in names])[kv]
    split = np.ones(len(table)) if model.is_mla else np.minimum(table.tp, max(model.kv_heads, 1))
    whole = kv_bytes_of_sequence(model, tokens, per)
    return np.asarray(whole * BLOCK_WASTE / split / table.pp / GIB)


def memory(table: ServingTable, profile: RequestProfile) -> Memory:
    """Supported, fitting and holding how much, for every row.

    A sequence holds its input and on average half of its output; the longest (P95) must fit too.
    """
    parts = budget(table)
    mean = profile.input_tokens_mean + profile.output_tokens_mean / 2.0
    longest = profile.input_tokens_p95 + profile.output_tokens_p95
    one = sequence_gib(table, np.asarray(mean))
    largest = sequence_gib(table, np.asarray(longest))
    with np.errstate(invalid="ignore", divide="ignore"):
        held = np.where(parts.kv > 0, parts.kv / one * table.dp_attention, 0.0)
    engine, engines = codes(table.engine)
    defaults = np.array(
        [[default_concurrency_limit(e, a) for a in table.accelerators] for e in engines]
    ).reshape(len(engines), len(table.accelerators))[engine, table.accelerator_index]
    # Every data-parallel rank has a scheduler, and a limit, of its own.
    defaults = defaults * table.dp_attention
    limit = np.where(table.concurrency_limit > 0, table.concurrency_limit, defaults)
    room: Bools = parts.kv >= largest
    most = np.where(room, np.minimum(np.nan_to_num(np.maximum(held, 1.0)), limit), 0)

    first, number = _distinct(table)
    why = _why_not(table, profile, first)
    supported = np.array([not text for text in why], dtype=bool)[number]
    fits = supported & room
    for k, i in enumerate(first.tolist()):
        if not why[k] and not room[i]:
            why[k] = _shortage(table, parts, float(largest[i]), longest, i)
    reason = np.array(why, dtype=object)[number]
    return Memory(
        supported=supported,
        fits=fits,
        reason=reason,
        weights_gib=parts.weights,
        kv_budget_gib=parts.kv,
        usable_gib=parts.usable,
        max_concurrency=np.where(fits, most, 0).astype(np.int64),
    )


def _shortage(table: ServingTable, parts: Budget, sequence: float, longest: float, i: int) -> str:
    usable, weights = float(parts.usable[i]), float(parts.weights[i])
    name = table.accelerators[int(table.accelerator_index[i])].name
    if weights > ENGINE_SHARE * usable - float(parts.reserve[i]):
        return _(
            "Weights of {weights} GiB per accelerator do not fit the {usable} GiB of "
            "{name} ({reserve} GiB reserve, {share} managed)."
        ).format(
            weights=local(f"{weights:.1f}"),
            usable=local(f"{usable:.1f}"),
            name=name,
            reserve=local(f"{float(parts.reserve[i]):.1f}"),
            share=f"{ENGINE_SHARE:.0%}",
        )
    return _(
        "A request of {longest} tokens needs {sequence} GiB of KV cache; weights leave "
        "{kv} of {usable} GiB on {name}."
    ).format(
        longest=local(f"{longest:,.0f}"),
        sequence=local(f"{sequence:.1f}"),
        kv=local(f"{float(parts.kv[i]):.1f}"),
        usable=local(f"{usable:.1f}"),
        name=name,
    )
