"""Precisions as measurements name them: what is stored, and bytes per weight and KV element."""

from __future__ import annotations

import re

from core.catalog.types import Accelerator
from core.performance import precision
from core.words import _

GGUF_BYTES = {2: 0.33, 3: 0.45, 4: 0.6, 5: 0.71, 6: 0.82, 8: 1.07}
"""Bytes per weight of llama.cpp's mixed quantisations by their leading digit."""
UNSET = frozenset(["", "unset", "auto", "default", "unknown", "mixed", "native"])
"""Texts that leave a precision open."""
KV_8_BITS = ("fp8", "int8", "q8", "e4m3", "e5m2")
KV_16_BITS = ("fp16", "bf16", "f16", "16", "float16", "bfloat16")


def stored_precision(text: str, accelerator: Accelerator) -> tuple[str, str, float]:
    """(group label, storage precision, bytes per weight) of a precision as published.

    Unset: the narrowest the accelerator runs natively, which is what submitters use. Raises
    ValueError for a text that names no precision.
    """
    low = text.lower()
    if low in ("bf16", "fp16", "fp32", "16", "float16", "bfloat16", "f16"):
        return "bf16", "bf16", 4.0 if low == "fp32" else 2.0
    if low.startswith(("fp8", "f8", "e4m3")):
        return "fp8", "fp8", 1.0
    if low in ("int8", "w8a8", "w8a16", "uint8"):
        return "int8", "int8", 1.0
    if low in ("int4", "uint4", "w4a16", "awq", "gptq", "w4a8", "w4a4"):
        return "int4", "int4", precision.WEIGHT_BYTES["int4"]
    if low == "mxfp4":
        return "mxfp4", "fp4", precision.MXFP4_BYTES
    if low in ("nvfp4", "fp4"):
        return "nvfp4", "fp4", precision.WEIGHT_BYTES["fp4"]
    match = re.match(r"(?:iq|ud-q|q)(\d)", low)
    if match:
        bits = int(match[1])
        per = GGUF_BYTES.get(bits, 0.6) - (0.04 if low.endswith("_0") and bits == 4 else 0.0)
        return ("gguf8" if bits >= 6 else "gguf4"), "int4" if bits < 6 else "int8", per
    if low not in UNSET:
        raise ValueError(
            _(
                "weight precision {text} is not known; known are bf16, fp16, fp8, int8, int4, "
                "nvfp4, mxfp4, llama.cpp's such as q4_k_m, and nothing for what is usual"
            ).format(text=repr(text[:40]))
        )
    if accelerator.tflops_fp4:
        return "nvfp4", "fp4", precision.WEIGHT_BYTES["fp4"]
    if accelerator.tflops_fp8:
        return "fp8", "fp8", 1.0
    return "bf16", "bf16", 2.0


def kv_element_bytes(text: str) -> float:
    """Bytes per element of the KV cache; unset is 16 bits. Raises ValueError if unknown."""
    low = text.lower()
    if low.startswith(KV_8_BITS):
        return 1.0
    if low in UNSET or low.startswith(KV_16_BITS):
        return 2.0
    raise ValueError(
        _("KV precision {text} is not known; known are fp16, bf16, fp8, int8 and q8_0").format(
            text=repr(text[:40])
        )
    )
