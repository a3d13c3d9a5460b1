"""Roofline coordinates: arithmetic intensity and achieved against attainable FLOP/s."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.performance import step_time
from core.performance.physics import StepParts
from core.performance.types import Floats, ServingTable


@dataclass(frozen=True, slots=True)
class Roofline:
    """Per row (n,), per accelerator: FLOP per byte and TFLOP/s of prefill and decode."""

    prefill_intensity: Floats
    prefill_achieved_tflops: Floats
    prefill_attainable_tflops: Floats
    decode_intensity: Floats
    decode_achieved_tflops: Floats
    decode_attainable_tflops: Floats
    peak_tflops: Floats
    bandwidth_gb_s: Floats
    """Sustained: calibrated efficiency times peak."""


def peak_tflops(table: ServingTable) -> Floats:
    """Dense peak of one accelerator in the precision the arithmetic runs in, shape (n,)."""
    return np.asarray(step_time.setting(table).flops)[:, 0] / 1e12


def sustained_bandwidth_gb_s(table: ServingTable) -> Floats:
    """Bandwidth one accelerator sustains while reading weights, shape (n,)."""
    s = step_time.setting(table)
    return np.asarray(s.bandwidth * s.q["weight_bandwidth"])[:, 0] / 1e9


def roofline(
    table: ServingTable,
    input_tokens: Any,
    output_tokens: Any,
    cached_share: Any,
    concurrency: Any,
) -> Roofline:
    """Coordinates of a lone prompt's prefill and of a decode step at a concurrency (n,)."""
    peak, bandwidth = peak_tflops(table), sustained_bandwidth_gb_s(table)
    decode = step_time.decode_parts(table, input_tokens, output_tokens, concurrency)
    prefill = step_time.prefill_parts(table, input_tokens, cached_share)

    def coordinates(parts: StepParts) -> tuple[Floats, Floats, Floats]:
        flops, read = parts.flops_done[:, 0], np.maximum(parts.bytes_read[:, 0], 1.0)
        intensity = flops / read
        achieved = flops / parts.total[:, 0] / 1e12
        return intensity, achieved, np.minimum(peak, intensity * bandwidth / 1e3)

    return Roofline(*coordinates(prefill), *coordinates(decode), peak, bandwidth)
