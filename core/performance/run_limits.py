"""Why a run of a measurement file cannot have happened as it is written.

A published run exists, so only what its serving engine is known to refuse is refused: other
engines pad uneven splits, count cores for chips or extrapolate a context, and were measured so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.notation import local
from core.performance import precision
from core.words import _

if TYPE_CHECKING:
    from core.performance.measurements import Run

GIB = float(2**30)
_STORED = {"nvfp4": "fp4", "mxfp4": "fp4"}
_DIVIDES_HEADS = frozenset(["vllm", "sglang", "tensorrt-llm"])
_CHECKS_CONTEXT = frozenset(["vllm", "sglang"])
_COUNTS_CORES = frozenset(["neuron"])
CONTEXT_SLACK = 1.05
"""Published lengths are nominal: a few special tokens are not counted."""


def impossible(run: Run, cells: Mapping[str, str]) -> str:
    """Why the run is impossible, with its numbers; "" where nothing is known against it."""
    return _parallelism(run, cells) or _precision(run) or _weights(run) or _context(run)


def _degree(cells: Mapping[str, str], column: str) -> int:
    try:
        value = float(cells[column])
    except ValueError:
        return 1
    return int(value) if math.isfinite(value) and value >= 1 else 1


def _parallelism(run: Run, cells: Mapping[str, str]) -> str:
    tp, pp, dp = (_degree(cells, c) for c in ("tp", "pp", "dp"))
    if run.engine not in _COUNTS_CORES and cells["n_accel"] and tp * pp > run.accelerators:
        return _(
            "tensor parallel {tp} times pipeline parallel {pp} exceeds the {n} accelerators"
        ).format(tp=tp, pp=pp, n=run.accelerators)
    heads = run.model.heads
    if run.engine in _DIVIDES_HEADS and heads and heads % run.tp:
        return _(
            "tensor parallel {tp} does not divide the {heads} attention heads, which {engine} needs"
        ).format(tp=run.tp, heads=heads, engine=run.engine)
    if pp > run.model.layers:
        return _("pipeline parallel {pp} exceeds the {layers} layers").format(
            pp=pp, layers=run.model.layers
        )
    if _degree(cells, "ep") > max(run.model.n_experts, 1):
        return _("expert parallel {ep} exceeds the {experts} experts").format(
            ep=_degree(cells, "ep"), experts=run.model.n_experts
        )
    if dp > 1 and run.model.n_experts and cells["n_accel"] and dp > run.accelerators:
        return _("data parallel {dp} exceeds the {n} accelerators").format(
            dp=dp, n=run.accelerators
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
    if run.engine not in _CHECKS_CONTEXT or not limit or not longest > CONTEXT_SLACK * limit:
        return ""
    return _(
        "{longest} tokens (input and output) exceed the model's context of {limit} tokens"
    ).format(longest=local(f"{longest:,.0f}"), limit=local(f"{limit:,}"))
