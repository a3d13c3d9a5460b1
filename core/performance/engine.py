"""The performance engine's one public face: whole tables in, whole columns out.

Callers need nothing else of this package but its types.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.performance import roofline as _roofline
from core.performance.capacity import capacities, capacity
from core.performance.evidence import nearest
from core.performance.intervals import uncertainty
from core.performance.memory import memory
from core.performance.operating import curves, operate
from core.performance.power import idle_power_w, server_overhead_w
from core.performance.roofline import peak_tflops, sustained_bandwidth_gb_s
from core.performance.types import Floats, RequestProfile, ServingTable
from core.words import _

__all__ = [
    "RoofPoint",
    "capacities",
    "capacity",
    "curves",
    "idle_power_w",
    "memory",
    "nearest",
    "operate",
    "peak_tflops",
    "roofline",
    "server_overhead_w",
    "sustained_bandwidth_gb_s",
    "uncertainty",
]


@dataclass(frozen=True, slots=True)
class RoofPoint:
    """One phase of every row against the roof, arrays of shape (n,), per accelerator."""

    label: str
    intensity_flop_per_byte: Floats
    achieved_tflops: Floats
    attainable_tflops: Floats


def roofline(
    table: ServingTable, profile: RequestProfile, concurrency: Floats
) -> tuple[RoofPoint, RoofPoint]:
    """Prefill of a lone prompt, and a decode step with ``concurrency`` (n,) requests inside."""
    found = _roofline.roofline(
        table,
        profile.input_tokens_mean,
        profile.output_tokens_mean,
        profile.prefix_cache_share,
        concurrency,
    )
    return (
        RoofPoint(
            _("Prefill"),
            found.prefill_intensity,
            found.prefill_achieved_tflops,
            found.prefill_attainable_tflops,
        ),
        RoofPoint(
            _("Decode"),
            found.decode_intensity,
            found.decode_achieved_tflops,
            found.decode_attainable_tflops,
        ),
    )
