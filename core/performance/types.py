"""The performance engine's contract: columns in, columns out (arrays of shape ``(n,)``).

A row is one *serving configuration*: a model replica on some accelerators with chosen
precision, parallelism and serving options. Everything is per replica.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.catalog.types import Accelerator, Model, Precision
from core.records import quickly_made

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
"""An array of Python strings (dtype object)."""

Percentile = Literal["p50", "p90", "p95", "p99"]
Evidence = Literal["measured", "calibrated", "extrapolated"]
Metric = Literal["ttft", "tpot", "e2e", "throughput", "power"]
Build = Literal["dense", "experts"]
"""Whether a model uses all of its weights for every token, or a few of its experts."""


@dataclass(frozen=True, slots=True)
class RequestProfile:
    """One workload's requests: token lengths, cache share, burstiness (all per request)."""

    input_tokens_mean: float
    input_tokens_p95: float
    output_tokens_mean: float
    output_tokens_p95: float
    prefix_cache_share: float = 0.0
    reasoning_token_share: float = 0.0
    """Share of the output spent thinking before the first answer token."""
    arrival_cv: float = 1.0
    """Coefficient of variation of the time between arrivals; 1 is Poisson."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Latency limits in milliseconds at ``percentile``; ``None`` means no limit."""

    ttft_ms: float | None = None
    tpot_ms: float | None = None
    e2e_ms: float | None = None
    answer_ttft_ms: float | None = None
    """Limit on the time to the first *answer* token, after any thinking tokens."""
    percentile: Percentile = "p95"


@dataclass(frozen=True, slots=True)
class ServingTable:
    """Candidate configurations as columns. All arrays have shape ``(n,)``.

    ``concurrency_limit`` 0 means "what memory admits, at most the engine's default".
    ``spec_accept`` is the expected number of extra tokens accepted per step (0 = off).
    """

    model: Model
    accelerators: tuple[Accelerator, ...]
    accelerator_index: Ints
    tp: Ints
    pp: Ints
    ep: Ints
    dp_attention: Ints
    weight_precision: Texts
    kv_precision: Texts
    engine: Texts
    """``vllm``, ``sglang``, ``tensorrt-llm``, ``llama.cpp`` or a vendor stack."""
    concurrency_limit: Ints
    prefix_caching: Bools
    chunked_prefill: Bools
    spec_accept: Floats

    def __len__(self) -> int:
        return int(self.tp.shape[0])

    @property
    def accelerators_per_replica(self) -> Ints:
        """Accelerators one replica takes, shape (n,)."""
        group = np.maximum(self.tp * self.dp_attention, self.ep)
        return np.asarray(group * self.pp, dtype=np.int64)

    def take(self, rows: Ints | slice) -> ServingTable:
        """Chosen rows as a table; of an array in its order, repeats allowed."""
        columns = (getattr(self, name)[rows] for name in _COLUMNS)
        return ServingTable(self.model, self.accelerators, *columns)


_COLUMNS = tuple(
    f.name for f in dataclasses.fields(ServingTable) if f.name not in ("model", "accelerators")
)


@dataclass(frozen=True, slots=True)
class Distribution:
    """Mean and percentiles of one latency, milliseconds, each of shape ``(n,)``."""

    mean: Floats
    p50: Floats
    p90: Floats
    p95: Floats
    p99: Floats

    def at(self, percentile: Percentile) -> Floats:
        """The column of the wanted percentile."""
        return {"p50": self.p50, "p90": self.p90, "p95": self.p95, "p99": self.p99}[percentile]


@dataclass(frozen=True, slots=True)
class Memory:
    """Does the replica fit, and what does it hold? GiB per accelerator unless said."""

    supported: Bools
    """False where precision, parallelism or context is impossible; ``reason`` says why."""
    fits: Bools
    reason: Texts
    """"" where all is well, else a sentence with the numbers."""
    weights_gib: Floats
    kv_budget_gib: Floats
    usable_gib: Floats
    max_concurrency: Ints
    """Sequences of mean length that KV memory (and the limit) admits, per replica."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Where step time goes, each in 0..1 and summing to 1 per row."""

    weights_bandwidth: Floats
    kv_bandwidth: Floats
    compute: Floats
    communication: Floats
    overhead: Floats


@dataclass(frozen=True, slots=True)
class Operating:
    """What a replica does at one offered load (requests per second per replica)."""

    req_s: Floats
    stable: Bools
    """False where the load exceeds what the replica can serve, or where it does not fit at all
    (``Memory.fits``); percentiles are then inf."""
    concurrency_mean: Floats
    utilisation: Floats
    """Offered load over saturation throughput, 0..1."""
    ttft_ms: Distribution
    answer_ttft_ms: Distribution
    tpot_ms: Distribution
    e2e_ms: Distribution
    power_w: Floats
    """Average electrical power of the replica's accelerators, watts."""
    prefill_share: Floats
    """Share of busy accelerator time spent on prefill."""
    decode_shares: Shares
    prefill_shares: Shares
    bandwidth_needed_gb_s: Floats
    """Average memory traffic per accelerator that this load causes."""
    floor_ms: dict[Metric, Floats]
    """``ttft`` and ``tpot`` at the peak bandwidth and peak FLOP/s of the data sheet, without any
    overhead: no machine is faster, so no interval reaches below."""


@dataclass(frozen=True, slots=True)
class LoneRequest:
    """Latencies of a replica at a near-zero load, milliseconds."""

    ttft_ms: Distribution
    answer_ttft_ms: Distribution
    tpot_ms: Distribution
    e2e_ms: Distribution


@dataclass(frozen=True, slots=True)
class Capacity:
    """The largest load that meets every target, per replica."""

    req_s: Floats
    """0 where the targets cannot be met even by a lone request, and where the replica does not fit
    (``Memory.fits``): then saturation is 0 too and a lone request's latencies are infinite."""
    binding: Texts
    """``ttft``, ``tpot``, ``e2e``, ``answer_ttft``, ``throughput`` or ``memory``."""
    lone_request: LoneRequest
    """The best this configuration can do."""
    saturation_req_s: Floats
    calmer_req_s: Floats
    """The same for each calmer stream asked for, shape (n, streams); never below ``req_s``."""


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """80 % interval factors (prediction times low .. times high) and the evidence grade."""

    evidence: Texts
    evidence_note: Texts
    """What was measured nearby, or what was not seen."""
    low: dict[Metric, Floats]
    high: dict[Metric, Floats]


@quickly_made
@dataclass(frozen=True, slots=True)
class NearestMeasurement:
    """A published run near a prediction (same metric), for screen and report."""

    model: str
    accelerator: str
    engine: str
    precision: str
    tp: int
    input_tokens: float
    output_tokens: float
    concurrency: str
    metric: str
    measured: float
    predicted: float
    distance: float
    source: str
    ep: int = 1
    dp: int = 1
    other_build: Build | None = None
    """How its model is built where the predicted one is built the other way; else ``None``."""
    differs: tuple[str, ...] = ()
    """What it has not in common with the prediction: ``model``, ``accelerator``, ``engine``,
    ``precision``."""

    @property
    def accelerators(self) -> int:
        """Accelerators of the replica that was measured."""
        return self.tp * self.dp

    @property
    def layout(self) -> str:
        """Parallelism in the field's short form: ``TP 8``, ``TP 1, DP 8, EP 8``."""
        parts = [f"TP {self.tp}"]
        if self.dp > 1:
            parts.append(f"DP {self.dp}")
        if self.ep > 1:
            parts.append(f"EP {self.ep}")
        return ", ".join(parts)


def precisions() -> tuple[Precision, ...]:
    """Storage precisions in order of bytes, widest first."""
    return ("bf16", "fp8", "int8", "int4", "fp4")
