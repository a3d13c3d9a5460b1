"""Candidates: every serving configuration worth trying, evaluated as columns.

A configuration depends on the accelerator, the precisions and the parallelism, not on the venue:
each is evaluated once per workload and network distance, however many venues offer it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.catalog.types import Accelerator, Model
from core.lazy import lazy
from core.performance import engine
from core.performance.precision import published, storage_of
from core.performance.splitting import SplitCapacity, computed_counts, split_cv
from core.performance.types import (
    Bools,
    Floats,
    Ints,
    LoneRequest,
    Memory,
    ServingTable,
    Targets,
    Texts,
)
from core.recommendation import Serving
from core.venues.demand import Demand

TENSOR_PARALLEL = (1, 2, 4, 8)
EXPERT_PARALLEL = (8, 16, 32, 72)
SATURATED_SHARE = 0.7
"""A configuration that misses a target even alone is sized at this share of its saturation, so
that a rejected option still shows how much hardware it would take."""
ALIKE = 1e-3
"""Part of a latency by which configurations that miss a target are no different."""
_BITS = {"bf16": 16, "fp8": 8, "int8": 8, "int4": 4, "fp4": 4}


@dataclass(frozen=True, slots=True)
class Policy:
    """Which configurations are tried. The defaults are the inference-optimised search."""

    optimised: bool = True
    """False: the general-purpose reference (16-bit weights, engine defaults, no prefix cache)."""
    whole_server: int | None = None
    """One replica takes a whole server of so many accelerators."""
    weights: tuple[str, ...] = ()
    """Storage precisions of the weights to try; empty tries what the workload accepts, as a model
    does that is published in no more bits than any of them."""
    kv_precisions: tuple[str, ...] = ()
    """The same for the KV cache."""
    tensor_parallel: tuple[int, ...] = ()
    """Degrees to try; empty tries all."""
    prefix_caching: bool = True
    chunked_prefill: bool = True
    follow_hours: bool = True
    """False: rented instances of the busiest hour run all week."""


def weight_precisions(model: Model, lowest: str, accelerator: Accelerator) -> list[str]:
    """Storage precisions of the weights to try, widest first.

    None wider than the model was published in (nothing is gained), none narrower than
    ``lowest`` accepts, but always the published one.
    """
    native = storage_of(published(model.native_precision))
    least_bits = {"bf16": 16, "fp8": 8, "fp4": 4}[lowest]
    eight = "fp8" if accelerator.tflops_fp8 else "int8"
    four = "fp4" if accelerator.tflops_fp4 else "int4"
    found = [
        p
        for p in ("bf16", eight, four)
        if least_bits <= _BITS[p] <= _BITS[native] and _BITS[p] != _BITS[native]
    ]
    return [native, *found]


def _chosen(model: Model, policy: Policy) -> list[str]:
    """The policy's precisions that change the model: its own or narrower ones."""
    native = storage_of(published(model.native_precision))
    return [p for p in policy.weights if p == native or _BITS[p] < _BITS[native]]


def _engine_for(accelerator: Accelerator, asked: str) -> str:
    if accelerator.vendor.lower() == "apple":
        return "llama.cpp"
    if asked == "auto" or (asked == "tensorrt-llm" and accelerator.vendor.upper() != "NVIDIA"):
        return "vllm"
    return asked


def _parallelism(model: Model, accelerator: Accelerator, largest: int) -> list[tuple[int, int]]:
    """(tensor parallel, expert parallel with data-parallel attention or 0) to try."""
    plain = [(tp, 0) for tp in TENSOR_PARALLEL if tp <= largest]
    fast = accelerator.interconnect_class in ("nvlink", "nvlink_rack", "infinity_fabric")
    if model.n_experts and fast:
        plain += [
            (1, ep)
            for ep in EXPERT_PARALLEL
            if ep <= largest and ep <= accelerator.max_domain and ep <= model.n_experts
        ]
    return plain


def serving_table(
    demand: Demand, accelerators: Iterable[tuple[Accelerator, int]], policy: Policy
) -> ServingTable:
    """All configurations of a workload on (accelerator, most accelerators in one unit)."""
    model, workload = demand.model, demand.workload
    kept: list[Accelerator] = []
    rows: list[tuple[int, int, int, str, str, str]] = []
    lowest = workload.lowest_precision
    kv_choices: tuple[str, ...] = ("bf16", "fp8")
    if lowest == "bf16" or not policy.optimised:
        kv_choices = ("bf16",)
    kv_choices = policy.kv_precisions or kv_choices
    for accelerator, largest in accelerators:
        index = len(kept)
        kept.append(accelerator)
        name = _engine_for(accelerator, workload.engine if policy.optimised else "auto")
        if policy.optimised:
            weights = _chosen(model, policy) or weight_precisions(model, lowest, accelerator)
            splits = _parallelism(model, accelerator, largest)
            if policy.tensor_parallel:
                splits = [(tp, 0) for tp in policy.tensor_parallel if tp <= largest]
        else:
            weights, splits = ["bf16"], [(policy.whole_server or largest, 0)]
        rows.extend(
            (index, tp, ep, weight, kv, name)
            for tp, ep in splits
            for weight in weights
            for kv in kv_choices
        )
    n = len(rows)
    index_, tp_, ep_ = (np.array([r[k] for r in rows], dtype=np.int64) for k in range(3))
    texts = [np.array([r[k] for r in rows], dtype=object) for k in (3, 4, 5)]
    return ServingTable(
        model=model,
        accelerators=tuple(kept),
        accelerator_index=index_,
        tp=tp_,
        pp=np.ones(n, dtype=np.int64),
        ep=np.maximum(ep_, 1),
        dp_attention=np.maximum(ep_, 1),
        weight_precision=texts[0],
        kv_precision=texts[1],
        engine=texts[2],
        concurrency_limit=np.zeros(n, dtype=np.int64),
        prefix_caching=np.full(n, policy.optimised and policy.prefix_caching),
        chunked_prefill=np.full(n, policy.chunked_prefill),
        spec_accept=np.full(n, workload.speculative_tokens if policy.optimised else 0.0),
    )


@dataclass(frozen=True)
class NearCapacity:
    """Capacity of every row at one network round-trip time (0 where it does not fit)."""

    rtt_ms: float
    req_s: Floats
    saturation_req_s: Floats
    shared: SplitCapacity
    """What replicas of every row that share one stream carry together."""
    worst_ratio: Floats
    """Largest ratio of a lone request's latency to its target: above 1 misses it; inf unknown."""
    binding: tuple[str, ...]

    @lazy
    def able(self) -> Bools:
        """Whether replicas meet every target, however many it takes, shape (n,)."""
        return self.shared.further > 0

    def sized_on(self, row: int) -> SplitCapacity:
        """The load that a fleet of one row is sized for."""
        if self.able[row]:
            return self.shared.rows(row)
        return SplitCapacity.alike(SATURATED_SHARE * float(self.saturation_req_s[row]))


@dataclass(frozen=True)
class Candidates:
    """A workload's configurations with memory and, per network distance, capacity."""

    demand: Demand
    table: ServingTable
    memory: Memory
    usable: Bools
    """Supported and fitting."""
    size: Ints
    """Accelerators per replica."""
    capacities: dict[float, NearCapacity]
    rows_of: dict[str, Ints]
    """Accelerator id -> rows."""
    chosen: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """Rows under load (``venues.under_load``), which further runs on these may take over."""

    def near(self, rtt_ms: float) -> NearCapacity:
        """Capacities at the network distance that is nearest to some round trip."""
        return self.capacities[min(self.capacities, key=lambda at: abs(at - rtt_ms))]

    @lazy
    def _row_of(self) -> dict[tuple[str, Key], int]:
        table = self.table
        return {
            (accelerator, key_of_row(table, row)): row
            for accelerator, rows in self.rows_of.items()
            for row in rows.tolist()
        }

    def row_of(self, accelerator_id: str | None, key: Key) -> int | None:
        """The row of a configuration; ``None`` where it was not tried."""
        return self._row_of.get((accelerator_id or "", key))


Key = tuple[int, int, int, str, str]
"""What tells configurations of an accelerator apart: accelerators of a replica, tensor and expert
parallel, precision of weights and of the KV cache."""


def key_of_row(table: ServingTable, row: int) -> Key:
    """Of a row of candidates."""
    return (
        int(table.accelerators_per_replica[row]),
        int(table.tp[row]),
        int(table.ep[row]),
        str(table.weight_precision[row]),
        str(table.kv_precision[row]),
    )


def key_of(serving: Serving) -> Key:
    """Of what a serving takes."""
    return (
        serving.accelerators_per_replica,
        serving.tp,
        serving.ep,
        serving.weight_precision or "",
        serving.kv_precision or "",
    )


def _ratios(lone: LoneRequest, targets: Targets, rtt_ms: float) -> dict[str, Floats]:
    """A lone request's latency over its target, by target."""
    found = {}
    for name, limit, latency, network in (
        ("ttft", targets.ttft_ms, lone.ttft_ms, rtt_ms),
        ("tpot", targets.tpot_ms, lone.tpot_ms, 0.0),
        ("e2e", targets.e2e_ms, lone.e2e_ms, rtt_ms),
        ("answer_ttft", targets.answer_ttft_ms, lone.answer_ttft_ms, rtt_ms),
    ):
        if limit is not None:
            found[name] = (latency.at(targets.percentile) + network) / limit
    return found


def _worst_ratio(lone: LoneRequest, targets: Targets, rtt_ms: float) -> Floats:
    worst = np.zeros(len(lone.ttft_ms.mean))
    for ratio in _ratios(lone, targets, rtt_ms).values():
        worst = np.maximum(worst, ratio)
    return np.where(np.isfinite(worst), worst, np.inf)


def _scatter(values: Floats, where: Ints, n: int, empty: float = 0.0) -> Floats:
    full = np.full(n, empty)
    full[where] = values
    return full


def _names_of(binding: Texts, where: Ints, n: int) -> tuple[str, ...]:
    full = np.full(n, "memory", dtype=object)
    full[where] = binding
    return tuple(map(str, full))


def evaluate(demand: Demand, table: ServingTable, rtts_ms: Iterable[float]) -> Candidates:
    """Memory of every row, and capacity of those that fit, at each network distance."""
    profile, targets = demand.profile, demand.targets
    n = len(table)
    memory = engine.memory(table, profile)
    usable = memory.supported & memory.fits
    where = np.flatnonzero(usable)
    fitting, places = table.take(where), memory.max_concurrency[where]
    rtts = sorted(dict.fromkeys(rtts_ms))
    counts = computed_counts(profile.arrival_cv)
    calmer = [float(cv) for cv in split_cv(profile.arrival_cv, np.array(counts[1:]))]
    capacities = {
        rtt: NearCapacity(
            rtt_ms=rtt,
            req_s=_scatter(found.req_s, where, n),
            shared=SplitCapacity.of(
                counts,
                np.stack(
                    [_scatter(c, where, n) for c in (found.req_s, *found.calmer_req_s.T)], axis=-1
                ),
            ),
            saturation_req_s=_scatter(found.saturation_req_s, where, n),
            worst_ratio=_scatter(_worst_ratio(found.lone_request, targets, rtt), where, n, np.inf),
            binding=_names_of(found.binding, where, n),
        )
        for rtt, found in zip(
            rtts, engine.capacities(fitting, profile, targets, rtts, calmer, places), strict=True
        )
    }
    rows_of = {
        accelerator.id: np.flatnonzero(table.accelerator_index == i)
        for i, accelerator in enumerate(table.accelerators)
    }
    return Candidates(
        demand, table, memory, usable, table.accelerators_per_replica, capacities, rows_of
    )


def rows_on(candidates: Candidates, accelerator_id: str, per_unit: int, rtt_ms: float) -> Ints:
    """Rows of an accelerator to choose from on units of ``per_unit``, widest weights first.

    Those whose replicas meet every target. Where none does, the one that is nearest to it, and of
    those alike the one that carries most; where none fits in memory, the nearest to fitting; none
    where the accelerator has no configuration.
    """
    rows = candidates.rows_of.get(accelerator_id)
    if rows is None:
        return np.zeros(0, dtype=np.int64)
    rows = rows[candidates.size[rows] <= per_unit]
    near = candidates.capacities[rtt_ms]
    good = rows[near.able[rows]]
    if len(good) or not len(rows):
        return good
    fitting = rows[candidates.usable[rows] & (near.saturation_req_s[rows] > 0)]
    if len(fitting):
        ratio = near.worst_ratio[fitting]
        alike = fitting[ratio <= ratio.min() * (1.0 + ALIKE)]
        most = near.saturation_req_s[alike] / candidates.size[alike]
        return np.asarray(alike[[np.argmax(most)]])
    memory = candidates.memory
    shortage = np.where(memory.supported[rows], 0.0, 1e9) + (
        memory.weights_gib[rows] / np.maximum(memory.usable_gib[rows], 1e-9)
    )
    return rows[[np.argmin(np.nan_to_num(shortage, nan=1e12, posinf=1e12))]]
