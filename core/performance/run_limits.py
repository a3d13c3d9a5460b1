"""Why a run of a measurement file cannot have happened as it is written.

A published run exists, so only what its serving engine is known to refuse is refused: other
engines pad uneven splits or extrapolate a context, and were measured so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from core.notation import local
from core.performance import precision
from core.performance.engine_names import engine_name
from core.performance.memory import kv_bytes_of_sequence
from core.performance.published_split import attention_ranks_inside, count
from core.words import _

if TYPE_CHECKING:
    from core.performance.measurements import Run

GIB = float(2**30)
_STORED = {"nvfp4": "fp4", "mxfp4": "fp4"}
_DIVIDES_HEADS = frozenset(["vllm", "sglang", "tensorrt-llm"])
CONTEXT_SLACK = 1.05
"""Published lengths are nominal: a few special tokens are not counted."""
_CONTEXT_STRETCH = {"llama.cpp": 32.0, "neuron": 4.0}
_OLD_CONTEXT_STRETCH = {"tensorrt-llm": 2.0}
"""How many times a model's context an engine serves, where not once. llama.cpp extends positions
and the static batches of Neuron and of TensorRT-LLM's old engine builds only time the arithmetic:
as far as published runs of them went, nothing beyond."""
_KEEPS_CACHE_ELSEWHERE = frozenset(["llama.cpp"])
"""Engines that may leave the KV cache in the host's memory."""


def impossible(run: Run, cells: Mapping[str, str]) -> str:
    """Why the run is impossible, with its numbers; "" where nothing is known against it."""
    return (
        _parallelism(run, cells)
        or _precision(run)
        or _weights(run)
        or _context(run)
        or _one_sequence(run)
    )


def _parallelism(run: Run, cells: Mapping[str, str]) -> str:
    tp, pp, ep, dp = (max(count(cells, c), 1) for c in ("tp", "pp", "ep", "dp"))
    most = run.accelerators * run.accelerator.devices
    if tp * pp > most:
        return _(
            "tensor parallel {tp} times pipeline parallel {pp} exceeds the {n} accelerators"
        ).format(tp=tp, pp=pp, n=run.accelerators)
    moe = run.model.n_experts > 0
    if tp * pp * dp > most and not attention_ranks_inside(cells, run.model, run.accelerators):
        return _(
            "data parallel {dp} times tensor parallel {tp} and pipeline parallel {pp} exceeds the "
            "{n} accelerators"
        ).format(dp=dp, tp=tp, pp=pp, n=run.accelerators)
    heads, shards = run.model.heads, tp if tp * pp > run.accelerators else run.tp
    pads = run.accelerator.interconnect_class == "neuronlink"  # Neuron, under vLLM as well
    if run.engine in _DIVIDES_HEADS and not pads and heads and heads % shards:
        return _(
            "tensor parallel {tp} does not divide the {heads} attention heads, which {engine} needs"
        ).format(tp=shards, heads=heads, engine=engine_name(run.engine))
    if pp > run.model.layers:
        return _("pipeline parallel {pp} exceeds the {layers} layers").format(
            pp=pp, layers=run.model.layers
        )
    if moe and ep > run.model.n_experts:  # a dense model has nothing that ep would divide
        return _("expert parallel {ep} exceeds the {experts} experts").format(
            ep=ep, experts=run.model.n_experts
        )
    return ""


def _precision(run: Run) -> str:
    if run.precision.startswith("gguf"):  # llama.cpp unpacks them on anything
        return ""
    return precision.refusal(run.accelerator, _STORED.get(run.precision, run.precision))


def _weights(run: Run) -> str:
    group = run.tp * run.pp * run.dp
    weights = run.model.total_params_b * 1e9 * run.weight_bytes / GIB
    room = group * run.accelerator.mem_gib_usable
    if weights <= room:
        return ""
    return _(
        "the model's {weights} GiB of {precision} weights do not fit {group} x {usable} GiB of "
        "{name}"
    ).format(
        weights=local(f"{weights:,.0f}"),
        precision=run.precision.upper(),
        group=group,
        usable=local(f"{run.accelerator.mem_gib_usable:,.0f}"),
        name=run.accelerator.name,
    )


def _context(run: Run) -> str:
    limit = run.model.max_context
    output = run.output_tokens if math.isfinite(run.output_tokens) else 0.0
    longest = run.input_tokens + output
    stretch = _CONTEXT_STRETCH.get(run.engine, 1.0)
    if run.old_software:
        stretch = _OLD_CONTEXT_STRETCH.get(run.engine, stretch)
    if not limit or not longest > CONTEXT_SLACK * stretch * limit:
        return ""
    return _(
        "{longest} tokens (input and output) exceed the model's context of {limit} tokens"
    ).format(longest=local(f"{longest:,.0f}"), limit=local(f"{limit:,}"))


def _one_sequence(run: Run) -> str:
    """The KV cache of a single request must fit beside the weights, on every accelerator."""
    output = run.output_tokens if math.isfinite(run.output_tokens) else 0.0
    tokens = run.input_tokens + output
    if run.engine in _KEEPS_CACHE_ELSEWHERE or not math.isfinite(tokens):
        return ""
    model = run.model
    heads = 1 if model.is_mla else min(run.tp, max(model.kv_heads, 1))
    cache = float(kv_bytes_of_sequence(model, np.array(tokens), np.array(run.kv_bytes))) / GIB
    weights = model.total_params_b * 1e9 * run.weight_bytes / GIB / (run.tp * run.pp * run.dp)
    each, usable = cache / (heads * run.pp), run.accelerator.mem_gib_usable
    if weights + each <= usable:
        return ""
    return _(
        "the KV cache of one request of {tokens} tokens, {cache} GiB, does not fit beside "
        "{weights} GiB of weights in the {usable} GiB of {name}"
    ).format(
        tokens=local(f"{tokens:,.0f}"),
        cache=local(f"{each:,.1f}"),
        weights=local(f"{weights:,.0f}"),
        usable=local(f"{usable:,.0f}"),
        name=run.accelerator.name,
    )
