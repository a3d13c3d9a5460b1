"""How the accelerators of a published run are used: its parallelism, completed by convention.

Engines count differently. In vLLM a group has tp x pp x dp ranks. SGLang's data-parallel
attention (``--enable-dp-attention``) and TensorRT-LLM's attention data parallelism put the dp
ranks *inside* the tp ones: tp = dp = 8 is eight accelerators. Software that shows the cores or
dies of one accelerator as devices of their own (NeuronCores, MI250) counts those.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.catalog.spellings import pieces
from core.catalog.types import Accelerator, Model
from core.performance.measurement_lines import plain_number
from core.performance.parameters import engine_of
from core.words import _

_INSIDE_TP = frozenset(["sglang", "tensorrt-llm"])
"""Engines whose data-parallel attention ranks are among the tensor-parallel ones."""
_LEAST = {"n_accel": 1, "tp": 1, "pp": 1, "ep": 0, "dp": 0}
"""Smallest count that means something; publications write 0 for expert or data parallel off."""
_MOST = 1e6
_POOLS = re.compile(
    r"(\d+) prefill workers?(?:\(s\))? x (\d+) GPUs?"
    r" \+ (\d+) decode workers?(?:\(s\))? x (\d+) GPUs?",
    re.IGNORECASE,
)
_POOLS_OF_ONE_SIZE = re.compile(r"\b(\d+)P(\d+)D\b")
"""``4P2D``: prefill and decode workers, of one size where they can be."""
_WIDE = 4
"""Accelerators from which a worker of a model with latent attention has ranks with data."""


@dataclass(frozen=True, slots=True)
class StatedPools:
    """Workers of separate prefill and decode pools, and the accelerators of each."""

    prefill_workers: int
    prefill_size: int
    decode_workers: int
    decode_size: int

    @property
    def accelerators(self) -> int:
        """Of both pools."""
        return self.prefill_workers * self.prefill_size + self.decode_workers * self.decode_size


def stated_pools(cells: Mapping[str, str], total: int) -> StatedPools | None:
    """The pools that the notes of a run of separate pools state; ``None`` where they do not.

    Raises ValueError where they are not the ``total`` accelerators of the run.
    """
    if cells["scenario"] != "closed_loop_disagg":
        return None
    sized = _sized_pools(cells)
    if sized:
        pools, text = sized
        if min(dataclasses.astuple(pools)) < 1 or pools.accelerators != total:
            raise ValueError(
                _("the pools '{pools}' of the notes are not the run's {n} accelerators").format(
                    pools=text[:80], n=total
                )
            )
        return pools
    counts = _POOLS_OF_ONE_SIZE.search(cells["notes"])
    workers = int(counts[1]) + int(counts[2]) if counts else 0
    if not counts or not workers or total % workers:
        return None
    size = total // workers
    pools = StatedPools(int(counts[1]), size, int(counts[2]), size)
    return pools if min(dataclasses.astuple(pools)) > 0 else None


def _sized_pools(cells: Mapping[str, str]) -> tuple[StatedPools, str] | None:
    """The pools whose workers and their size a row notes, and the text that says so."""
    found = _POOLS.search(cells["notes"])
    if not found or cells["scenario"] != "closed_loop_disagg":
        return None
    return StatedPools(*(int(n) for n in found.groups())), found[0]


def ranks_of(size: int, model: Model) -> tuple[int, int]:
    """(tp, dp) of a worker of so many accelerators where nothing more is published.

    Latent attention is not divided over tensor ranks, and heads no further than there are KV
    heads: such workers of MoE models use ranks with data.
    """
    wide = size >= _WIDE if model.is_mla else size > max(model.kv_heads, 1)
    return (1, size) if wide and (model.is_mla or model.n_experts > 0) else (size, 1)


@dataclass(frozen=True, slots=True)
class Split:
    """How the accelerators of a run are used."""

    tp: int
    pp: int
    dp: int
    replicas: float


def count(cells: Mapping[str, str], column: str) -> int:
    """A count of a row; 0 where it is empty or none."""
    value = plain_number(cells[column])
    return int(value) if math.isfinite(value) and 0 <= value < _MOST else 0


def refuse_bad_counts(cells: Mapping[str, str]) -> None:
    """Raises ValueError, with column and text, for a count that is not a whole number."""
    for column, least in _LEAST.items():
        text = cells[column]
        if not text:
            continue
        value = plain_number(text)
        if not (least <= value < _MOST and value == int(value)):
            raise ValueError(
                _("{column} {text} is not a whole number of at least {least}").format(
                    column=column, text=repr(text[:40]), least=least
                )
            )


def accelerators_of(cells: Mapping[str, str], model: Model, accelerator: Accelerator) -> int:
    """Accelerators of a run: as stated, else those that its parallelism needs.

    ``8xH100`` says 8, and pools in the notes have a size; 1 where nothing is said. Raises
    ValueError where they are not stated and the parallelism may count the cores or dies of an
    accelerator, and where the name says another number than is stated.
    """
    sized = _sized_pools(cells)
    stated = count(cells, "n_accel") or (sized[0].accelerators if sized else 0)
    named = pieces(cells["accelerator"])
    if stated and named and stated % named:
        raise ValueError(
            _("'{name}' is {n} accelerators, n_accel says {stated}").format(
                name=cells["accelerator"][:40], n=named, stated=stated
            )
        )
    stated = stated or named
    if stated:
        return stated
    tp, pp, ep, dp = (max(count(cells, c), 1) for c in ("tp", "pp", "ep", "dp"))
    moe = model.n_experts > 0
    inside = moe and engine_of(cells["engine"]) in _INSIDE_TP and tp % dp == 0
    ranks = tp if inside else tp * dp
    if moe:  # expert parallelism goes over all ranks of a stage
        ranks = max(ranks, ep)
    if ranks * pp > 1 and accelerator.devices > 1:
        raise ValueError(
            _(
                "n_accel is missing, and {name} shows software up to {n} devices: what tp, pp and "
                "dp count is not clear"
            ).format(name=accelerator.name, n=accelerator.devices)
        )
    return ranks * pp


def attention_ranks_inside(cells: Mapping[str, str], model: Model, total: int) -> bool:
    """Whether the data-parallel ranks must be attention ranks inside the tensor-parallel group.

    They are where tp x pp x dp would need more accelerators than there are.
    """
    tp, pp, dp = (max(count(cells, c), 1) for c in ("tp", "pp", "dp"))
    return model.n_experts > 0 and dp > 1 and tp % dp == 0 and tp * pp * dp > total >= tp * pp


def parallel_split(
    cells: Mapping[str, str], model: Model, accelerator: Accelerator, weights_gib: float
) -> Split:
    """Parallelism of a run, completed where the publication leaves it out."""
    tp, pp, ep, dp = (count(cells, c) for c in ("tp", "pp", "ep", "dp"))
    total = accelerators_of(cells, model, accelerator)
    engine, notes = engine_of(cells["engine"]), cells["notes"].lower()
    pp = max(pp, 1)
    moe = model.n_experts > 0
    if tp == 0 and dp == 0 and engine == "llama.cpp":
        return Split(1, total, 1, 1.0)
    if tp == 0 and dp > 1:
        tp = 1 if moe else max(total // (pp * dp), 1)
    if tp == 0:
        tp = min(total // pp or 1, _smallest_group(weights_gib, accelerator, total))
        # Latent attention is not divided over tensor ranks: such deployments use ranks with data.
        wide = cells["scenario"].startswith("mlperf") or cells["scenario"] == "closed_loop_disagg"
        if wide and model.is_mla and total >= _WIDE:
            return Split(1, 1, min(total, 8), total / min(total, 8))
        return Split(tp, pp, 1, max(total / (tp * pp), 1.0))
    if attention_ranks_inside(cells, model, total):
        return Split(tp // dp, pp, dp, total / (tp * pp))
    if tp * pp > total:  # counts cores or dies, of which an accelerator has several
        tp = max(total // pp, 1)
    if moe and tp > 1 and dp <= 1 and "attention-dp enabled" in notes:
        return Split(1, pp, tp, max(total / (tp * pp), 1.0))
    if moe and ep == total > 1 and tp == 1 and dp <= 1:
        return Split(total // pp, pp, 1, 1.0)
    # A rank that cannot hold the model shares its experts with the others, stated or not.
    shared = ep > 1 or weights_gib > tp * pp * accelerator.mem_gib_usable
    ranks = dp if moe and dp > 1 and shared else 1
    ranks = max(min(ranks, total // (tp * pp)), 1)
    if engine == "llama.cpp" and tp == 1 and total > 1:
        pp = total
    return Split(tp, pp, ranks, max(total / (tp * pp * ranks), 1.0))


def _smallest_group(weights_gib: float, accelerator: Accelerator, total: int) -> int:
    """Smallest power of two that leaves 40 % of memory to the KV cache."""
    group = 1
    while group < total and weights_gib / group > 0.6 * accelerator.mem_gib_usable:
        group *= 2
    return min(group, total)
