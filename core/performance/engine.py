"""The performance engine's one public face: whole tables in, whole columns out.

Callers need nothing else of this package but its types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.performance import capacity as _capacity
from core.performance import operating as _operating
from core.performance import roofline as _roofline
from core.performance.blocks import in_blocks
from core.performance.evidence import nearest
from core.performance.intervals import uncertainty
from core.performance.memory import memory
from core.performance.operating import Ready, curves, ready
from core.performance.power import idle_power_w, server_overhead_w
from core.performance.types import (
    Capacity,
    Floats,
    Ints,
    Operating,
    RequestProfile,
    ServingTable,
    Targets,
)
from core.words import _

__all__ = [
    "Ready",
    "RoofPoint",
    "Roofs",
    "capacities",
    "capacity",
    "curves",
    "idle_power_w",
    "memory",
    "nearest",
    "operate",
    "ready",
    "roofline",
    "server_overhead_w",
    "uncertainty",
]


def operate(
    table: ServingTable, profile: RequestProfile, req_s: Floats, arrival_cv: Floats | None = None
) -> Operating:
    """Latencies, power and traffic of every replica at its load (n,), requests per second.

    ``arrival_cv`` (n,) is the burstiness that each replica sees; by default the profile's.
    """
    load = np.broadcast_to(np.asarray(req_s, dtype=np.float64), (len(table),))

    def part(rows: slice) -> Operating:
        cv = None if arrival_cv is None else arrival_cv[rows]
        return _operating.operate(table.take(rows), profile, load[rows], cv)

    return in_blocks(len(table), part)


def capacity(
    table: ServingTable, profile: RequestProfile, targets: Targets, network_rtt_ms: float
) -> Capacity:
    """Largest load per replica that meets every target at its percentile (see ``capacity``)."""
    return capacities(table, profile, targets, (network_rtt_ms,))[0]


def capacities(
    table: ServingTable,
    profile: RequestProfile,
    targets: Targets,
    rtts_ms: Sequence[float],
    calmer_cvs: Sequence[float] = (),
    places: Ints | None = None,
) -> tuple[Capacity, ...]:
    """``capacity`` at several network distances, never falling, in one go.

    Also for replicas that see calmer arrivals than the profile's: ``calmer_cvs``, never rising.
    ``places`` (n,) is ``max_concurrency`` of their ``memory`` where the caller has it.
    """

    def part(rows: slice) -> tuple[Capacity, ...]:
        held = None if places is None else places[rows]
        return _capacity.capacities(table.take(rows), profile, targets, rtts_ms, calmer_cvs, held)

    return in_blocks(len(table), part)


@dataclass(frozen=True, slots=True)
class RoofPoint:
    """One phase of every row against the roof, arrays of shape (n,), per accelerator."""

    label: str
    intensity_flop_per_byte: Floats
    achieved_tflops: Floats
    attainable_tflops: Floats


@dataclass(frozen=True, slots=True)
class Roofs:
    """What one accelerator of every row can do at most, and does; arrays of shape (n,)."""

    peak_tflops: Floats
    """Dense, in the precision the arithmetic runs in."""
    bandwidth_gb_s: Floats
    """Sustained while reading weights."""
    points: tuple[RoofPoint, RoofPoint]
    """Prefill and decode."""


def roofline(replicas: Ready, concurrency: Floats) -> Roofs:
    """Prefill of a lone prompt, and a decode step with ``concurrency`` (n,) requests inside."""
    profile = replicas.profile
    found = _roofline.roofline(
        replicas.table,
        profile.input_tokens_mean,
        profile.output_tokens_mean,
        profile.prefix_cache_share,
        concurrency,
        replicas.setting,
    )
    prefill = RoofPoint(
        _("Prefill"),
        found.prefill_intensity,
        found.prefill_achieved_tflops,
        found.prefill_attainable_tflops,
    )
    decode = RoofPoint(
        _("Decode"),
        found.decode_intensity,
        found.decode_achieved_tflops,
        found.decode_attainable_tflops,
    )
    return Roofs(found.peak_tflops, found.bandwidth_gb_s, (prefill, decode))
