"""Precision has two sides: what is stored (bytes) and what the arithmetic runs in (peak FLOP/s)."""

from __future__ import annotations

import re
from functools import lru_cache

from core.catalog.types import Accelerator

WEIGHT_BYTES = {"bf16": 2.0, "fp8": 1.0, "int8": 1.0, "int4": 0.52, "fp4": 0.5625}
"""Bytes per weight, scales included: NVFP4 4.5 bits, group-128 INT4 4.15 bits."""
MXFP4_BYTES = 0.53125
"""4.25 bits: 32 weights share an 8-bit scale."""
KV_BYTES = {"bf16": 2.0, "fp8": 1.0, "int8": 1.0, "int4": 0.53, "fp4": 0.5625}

_PUBLISHED = {
    "bf16": "bf16",
    "fp16": "bf16",
    "fp32": "bf16",
    "fp8": "fp8",
    "int8": "int8",
    "int4": "int4",
    "fp4": "mxfp4",
    "mxfp4": "mxfp4",
    "nvfp4": "nvfp4",
}
_WEIGHT_ONLY_VENDORS = ("nvidia", "amd", "intel", "apple", "google", "aws", "huawei", "arm")


@lru_cache(maxsize=1024)
def published(words: str) -> str:
    """What a model's weights are published in: bf16, fp8, int8, int4, mxfp4 or nvfp4.

    ``words`` are the catalog's, such as ``mxfp4 experts + bf16``. Where experts have a precision
    of their own it counts: they are nearly all of the weights. Of several editions (``bf16/fp8``)
    the first counts; what is not known counts as 16 bits.
    """
    named = re.findall(r"[a-z]+\d+", words.lower())
    of_experts = re.search(r"([a-z]+\d+) experts", words.lower())
    first = of_experts[1] if of_experts else named[0] if named else "bf16"
    return _PUBLISHED.get(first, "bf16")


@lru_cache(maxsize=1024)
def _published_rest(words: str) -> str:
    """What is published outside the routed experts; "" where all weights share one precision.

    ``mxfp4 experts + bf16`` and ``fp8 + fp4 experts`` name it; where only the experts' is named
    the rest was left in 16 bits, as it is in models published in MXFP4.
    """
    named = re.findall(r"[a-z]+\d+(?: experts)?", words.lower())
    rest = [name for name in named if not name.endswith(" experts")]
    if len(rest) < len(named):
        return _PUBLISHED.get(rest[0], "bf16") if rest else "bf16"
    return "bf16" if named and _PUBLISHED.get(named[0]) == "mxfp4" else ""


def expert_weight_bytes(words: str, stored: str) -> float:
    """Bytes per routed-expert weight (every weight of a dense model) stored so."""
    if stored == "fp4" and published(words) == "mxfp4":
        return MXFP4_BYTES
    return WEIGHT_BYTES[stored]


def rest_weight_bytes(words: str, stored: str) -> float:
    """Bytes per weight of attention and shared layers of a model published as ``words`` says.

    The precision of its experts alone where it is served as published, else ``stored``.
    """
    rest = _published_rest(words)
    as_published = storage_of(published(words)) == stored
    return WEIGHT_BYTES[rest] if rest and as_published else expert_weight_bytes(words, stored)


def storage_of(name: str) -> str:
    """The storage class of a published precision: MXFP4 and NVFP4 are both ``fp4``."""
    return "fp4" if name in ("mxfp4", "nvfp4") else name


def run_precision(accelerator: Accelerator, stored: str) -> str | None:
    """What the arithmetic runs in: the stored precision where native, else ``bf16``.

    ``None`` where neither a native nor a weight-only kernel exists. On TPUs and NPUs that is 8-bit
    and 4-bit floating point without native FP8, and 4-bit floating point on NPUs: vLLM loads FP8
    and MXFP4 on TPU v7 alone, on v5 and v6 only INT8 and INT4 [1].

    [1] vLLM TPU documentation (tpu-inference), table of quantised checkpoints, read November 2026.
    """
    if stored == "bf16" or stored == "int4":
        return "bf16"
    if stored == "fp8" and accelerator.tflops_fp8:
        return "fp8"
    if stored == "int8":
        # A chip whose INT8 rate was cut below its 16-bit rate dequantises instead.
        native = accelerator.tops_int8 is not None
        return "int8" if native and _tops(accelerator) > accelerator.tflops_bf16 else "bf16"
    if stored == "fp4" and accelerator.tflops_fp4:
        return "fp4"
    if stored in ("fp8", "fp4") and accelerator.kind in ("tpu", "npu"):
        weight_only = stored == "fp4" and accelerator.kind == "tpu" and accelerator.tflops_fp8
        return "bf16" if weight_only else None
    return "bf16" if accelerator.vendor.lower() in _WEIGHT_ONLY_VENDORS else None


def _tops(accelerator: Accelerator) -> float:
    return accelerator.tops_int8 or 0.0


def peak_flops(accelerator: Accelerator, stored: str, published: str = "") -> float:
    """Dense FLOP/s of one accelerator for weights stored so; 0 where unsupported.

    Models published in MXFP4 multiply 8-bit activations with 4-bit weights where FP4 is native,
    at the FP8 rate.
    """
    run = run_precision(accelerator, stored)
    if run == "fp4" and published == "mxfp4":
        run = "fp8"
    rates = {
        "bf16": accelerator.tflops_bf16,
        "fp8": accelerator.tflops_fp8,
        "int8": accelerator.tops_int8,
        "fp4": accelerator.tflops_fp4,
    }
    return (rates.get(run or "", 0.0) or 0.0) * 1e12


FULL_CLOCK_W_PER_TFLOPS = 0.8
"""Board watts per peak dense 16-bit TFLOP/s at which arithmetic is taken to keep its full clock.

An assumption: above the SXM H100 (700 W for 989 TFLOP/s, 0.71), below the A100 (400 W for 312)."""
LEAST_POWER_SHARE = 0.3


def power_share(accelerator: Accelerator) -> float:
    """Board power over what full clock in dense arithmetic needs, 0.3 to 1; 1 where unknown.

    Peak FLOP/s are quoted at boost clock; a board with few watts for them lowers its clock when
    its arithmetic units are busy. By how much is fitted (``power_limit``).
    """
    if not accelerator.tdp_w or not accelerator.tflops_bf16:
        return 1.0
    have = accelerator.tdp_w / accelerator.tflops_bf16 / FULL_CLOCK_W_PER_TFLOPS
    return min(max(have, LEAST_POWER_SHARE), 1.0)


def refusal(accelerator: Accelerator, stored: str) -> str:
    """Why the precision cannot run here; "" where it can."""
    if run_precision(accelerator, stored) is not None:
        return ""
    return (
        f"{accelerator.name} has neither native {stored.upper()} arithmetic nor a weight-only "
        f"kernel for weights stored in {stored.upper()}"
    )
