"""How a workload is served: latencies, targets, memory and where its time goes.

Plain results, read through ``core.recommendation`` like all others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from core.performance.types import Evidence, NearestMeasurement
from core.records import quickly_made

GateStatus = Literal["pass", "fail", "unknown"]


@quickly_made
@dataclass(frozen=True, slots=True)
class Spread:
    """A low/base/high value; the meaning of low and high is said where it is used."""

    low: float
    base: float
    high: float


@quickly_made
@dataclass(frozen=True, slots=True)
class LatencyPoint:
    """Predicted latencies of one replica at one load (ms, network included in TTFT and e2e)."""

    req_s: float
    ttft_ms: dict[str, float]
    """Keys ``mean``, ``p50``, ``p90``, ``p95``, ``p99``; so for the next three."""
    tpot_ms: dict[str, float]
    e2e_ms: dict[str, float]
    answer_ttft_ms: dict[str, float]

    @property
    def running(self) -> float | None:
        """Mean requests at once, by Little's law; ``None`` where unknown."""
        found = self.req_s * self.e2e_ms.get("mean", math.inf) / 1000.0
        return found if math.isfinite(found) else None


LatencyKey = Literal["ttft", "tpot", "e2e", "answer_ttft"]
LATENCY_KEYS: frozenset[str] = frozenset(get_args(LatencyKey))
"""Keys of latency targets and of the limits that they are."""


@quickly_made
@dataclass(frozen=True, slots=True)
class TargetCheck:
    """One latency target against the prediction at its percentile, in the busiest hour."""

    key: LatencyKey
    label: str
    limit_ms: float
    predicted_ms: Spread | None
    """80 % interval; ``None`` where the venue publishes no latency."""
    status: GateStatus
    waiting_ms: float = 0.0
    """Part of all three of ``predicted_ms`` that passes before work that can wait has its turn:
    it is planned, so no interval is of it."""

    @property
    def served_ms(self) -> Spread | None:
        """What is predicted: ``predicted_ms`` from the work's turn on."""
        got, wait = self.predicted_ms, self.waiting_ms
        if got is None or not wait:
            return got
        return Spread(got.low - wait, got.base - wait, got.high - wait)


@quickly_made
@dataclass(frozen=True, slots=True)
class Waiting:
    """When work that can wait runs, and how long all work of a workload waits for its turn."""

    share: float
    """Of the requests, 0..1, that may wait."""
    deadline_h: float
    """Within which they must be done."""
    wait_h: float
    """At the percentile of the targets, of all requests."""
    longest_h: float
    hourly_req_s: tuple[float, ...]
    """Requests per second that are served in each hour of a week of the first year, those that
    cannot wait included, 168 values."""
    running_h_per_week: float
    """Hours of a week of the busiest year in which such work runs."""
    busiest_year: int
    """1 is the first."""
    own_instances: bool
    """It runs on rented instances that start for it and stop after it."""
    repeated: float
    """Share of it that such instances do again after interruptions, 0..1."""
    ends_h: tuple[float, float | None] | None = None
    """``wait_h`` where servers that stand there do as much, and as little, as the ends of the
    throughput's 80 % interval say; the second is ``None`` where they then no longer keep up.
    ``None`` altogether where more instances run instead, and in options with two places."""


@quickly_made
@dataclass(frozen=True, slots=True)
class StepShares:
    """Where step time goes, 0..1, summing to 1."""

    weights_bandwidth: float
    kv_bandwidth: float
    compute: float
    communication: float
    overhead: float


@quickly_made
@dataclass(frozen=True, slots=True)
class RooflinePoint:
    """Arithmetic intensity (FLOP per byte) and achieved against attainable TFLOP/s."""

    label: str
    intensity_flop_per_byte: float
    achieved_tflops: float
    attainable_tflops: float


@quickly_made
@dataclass(frozen=True, slots=True)
class Serving:
    """How one workload is served in an option. ``None`` hardware fields: a hosted API."""

    workload: str
    model_id: str
    model_name: str
    accelerator_id: str | None
    accelerator_name: str | None
    configuration: str
    """Readable, for example ``FP8 weights, FP8 KV cache, tensor parallel 4, vLLM``."""
    weight_precision: str | None
    kv_precision: str | None
    tp: int
    accelerators_per_replica: int
    engine: str | None
    replicas_by_year: tuple[int, ...]
    """Replicas that serve in the busiest hour of each year, all sites together: those needed, and
    what else the needed units hold; spare units excluded."""
    capacity_req_s: float | None
    """Per replica of the busiest year, meeting every target."""
    saturation_req_s: float | None
    binding_target: str | None
    peak_req_s_by_year: tuple[float, ...]
    targets: tuple[TargetCheck, ...]
    at_peak: LatencyPoint | None
    curve: tuple[LatencyPoint, ...]
    """Latency against load for one replica."""
    evidence: Evidence | None
    evidence_note: str
    nearest: tuple[NearestMeasurement, ...]
    decode_shares: StepShares | None
    prefill_shares: StepShares | None
    roofline: tuple[RooflinePoint, ...]
    roof_peak_tflops: float | None
    roof_bandwidth_gb_s: float | None
    weights_gib_per_accelerator: float | None
    kv_gib_per_accelerator: float | None
    usable_gib_per_accelerator: float | None
    max_concurrency: int | None
    bandwidth_needed_gb_s: float | None
    bandwidth_sustained_gb_s: float | None
    prefill_share: float | None
    throughput_interval: Spread | None
    """80 % interval as factors around 1."""
    replica_arrival_cv: float | None = None
    """Burstiness (CV of the time between arrivals) that one replica sees in the busiest year: the
    workload's, thinned by the replicas that share it."""
    waiting: Waiting | None = None
    """``None`` where no work of the workload can wait, or where a provider schedules it."""
    pp: int = 1
    """Pipeline stages: servers that a replica spans one after the other."""
    ep: int = 1
    """Accelerators that share the experts of each layer (expert parallel)."""
    draft_tokens: float = 0.0
    """Accepted per step of decoding; 0 without speculative decoding."""
    at_defaults: tuple[tuple[int, float], ...] = ()
    """(accelerators per replica, throughput of an accelerator at defaults over that of this
    configuration): weights as published, KV cache in 16 bits, no draft tokens, by the engine.
    0 where they do not fit or miss a target; empty where nothing is computed."""
