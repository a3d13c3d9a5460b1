"""Roofline coordinates: arithmetic intensity and achieved against attainable FLOP/s."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.performance import step_time
from core.performance.physics import Setting, StepParts
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
    """Dense, in the precision the arithmetic runs in."""
    bandwidth_gb_s: Floats
    """Sustained while reading what is read fastest, weights, routed experts or KV cache:
    calibrated efficiency times peak. No step reads more in its time."""


def roofline(
    table: ServingTable,
    input_tokens: Any,
    output_tokens: Any,
    cached_share: Any,
    concurrency: Any,
    known: Setting | None = None,
) -> Roofline:
    """Coordinates of a lone prompt's prefill and of a decode step at a concurrency (n,).

    ``known`` is the table's ``setting`` where the caller has it.
    """
    setting = known or step_time.setting(table)
    peak = np.asarray(setting.flops)[:, 0] / 1e12
    q, has_experts = setting.q, np.asarray(setting.shape.expert_params) > 0
    reached = np.maximum(q["weight_bandwidth"], q["kv_bandwidth"])
    reached = np.maximum(reached, np.where(has_experts, q["expert_bandwidth"], 0.0))
    bandwidth = np.asarray(setting.bandwidth * reached)[:, 0] / 1e9
    decode = step_time.decode_parts(table, input_tokens, output_tokens, concurrency, setting)
    prefill = step_time.prefill_parts(table, input_tokens, cached_share, setting)

    def coordinates(parts: StepParts, inside: Any) -> tuple[Floats, Floats, Floats]:
        flops, read = parts.flops_done[:, 0], np.maximum(parts.bytes_read[:, 0], 1.0)
        intensity = flops / read
        # parts are of all pipeline stages together, and an accelerator is in one of them
        stages = step_time.working_stages(table, inside)
        achieved = stages * flops / parts.total[:, 0] / 1e12
        return intensity, achieved, np.minimum(peak, intensity * bandwidth / 1e3)

    return Roofline(*coordinates(prefill, 1.0), *coordinates(decode, concurrency), peak, bandwidth)
