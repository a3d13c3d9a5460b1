"""Precisions as measurements name them: what is stored, and bytes per weight and KV element.

A text is read word by word (``W8A8-FP8``, ``w4a16_awq``, ``fp8_e4m3``). A scheme such as w4a16
says the bits of the weights; of the formats named beside it only one of so many bits is the
weights'. Two formats that contradict each other are refused, as are words that are not known.
"""

from __future__ import annotations

import re

from core.catalog.types import Accelerator
from core.performance import precision
from core.words import _

GGUF_BYTES = {2: 0.33, 3: 0.45, 4: 0.6, 5: 0.71, 6: 0.82, 8: 1.07}
"""Bytes per weight of llama.cpp's mixed quantisations by their leading digit."""
AS_PUBLISHED = frozenset(["auto", "default", "native"])
"""Texts for what an engine finds in the model's own files."""
UNSET = AS_PUBLISHED | {"", "unset", "unknown", "mixed"}
"""Texts that leave a precision open."""
_WORDS = re.compile(r"[^a-z0-9]+")
_FORMATS = {
    "bf16": re.compile(r"b?f(?:p|loat)?(?:16|32)|16|(?:16|32)bit|half"),
    "fp8": re.compile(r"(?:mx)?f(?:p|loat)?8\w*"),
    "int8": re.compile(r"u?int8|8bit"),
    "int4": re.compile(r"u?int4|4bit|nf4"),
    "mxfp4": re.compile(r"mxf(?:p|loat)?4"),
    "nvfp4": re.compile(r"nvf(?:p|loat)?4"),
}
"""Words that name a format by itself."""
_LOOSE = {
    "fp8": re.compile(r"e4m3\w*|e5m2\w*"),
    "int4": re.compile(r"awq|gptq"),
    "nvfp4": re.compile(r"f(?:p|loat)?4|e2m1\w*"),
}
"""Words that stand for a format where none is named."""
_SCHEME = re.compile(r"w(4|8|16)a(?:f|fp|int)?(?:4|8|16)")
_SCHEME_FORMATS = {"4": "int4", "8": "int8", "16": "bf16"}
_BITS = {"bf16": "16", "fp8": "8", "int8": "8", "int4": "4", "mxfp4": "4", "nvfp4": "4"}
_ASIDE = re.compile(
    r"dynamic|static|block\w*|per|tensor|channel|group|token|moe|kv|cache|only|weights?|quantized"
    r"|bnb|bitsandbytes|mlx|sq|smoothquant|marlin|autoround|rtn|modelopt|compressed|tensors|gguf|g?(?:32|64|128)"
)
"""Words that say how was quantised or what besides, not what is stored."""
_APART = re.compile(r"(?<=\d)[ -](?=bits?\b)")
"""``4-bit`` is one word, ``4bit``."""
_GGUF = re.compile(r"(?:iq|ud[-_]q|q)(\d)")
_STORED = {
    "bf16": ("bf16", 2.0),
    "fp8": ("fp8", 1.0),
    "int8": ("int8", 1.0),
    "int4": ("int4", precision.WEIGHT_BYTES["int4"]),
    "mxfp4": ("fp4", precision.MXFP4_BYTES),
    "nvfp4": ("fp4", precision.WEIGHT_BYTES["fp4"]),
}
"""Storage precision and bytes per weight of each format."""
_KV_GGUF = {4: 0.5625, 5: 0.6875, 8: 1.0}
"""Bytes per KV element of llama.cpp's q4_0, q5_0 and q8_0 (18, 22 and 34 bytes of 32 elements;
the last counts as 8 bits, as it does among the fitted runs)."""
_KV_BYTES = {"bf16": 2.0, "fp8": 1.0, "int8": 1.0, "int4": precision.KV_BYTES["int4"]}
_KV_BYTES |= {"mxfp4": precision.MXFP4_BYTES, "nvfp4": precision.KV_BYTES["fp4"]}


def stored_precision(
    text: str, accelerator: Accelerator, native: str = ""
) -> tuple[str, str, float]:
    """(group label, storage precision, bytes per weight) of a precision as published.

    Unset: the narrowest the accelerator runs natively, which is what submitters use. ``auto``: what
    the model is published in, ``native`` as the catalog says it. Raises ValueError for a text that
    names no precision, or several.
    """
    low = text.lower().strip()
    if native and low in AS_PUBLISHED:
        low = precision.published(native)
    if low in UNSET:
        if accelerator.tflops_fp4:
            low = "nvfp4"
        else:
            low = "fp8" if accelerator.tflops_fp8 else "bf16"
    match = _GGUF.match(low)
    if match:
        bits = int(match[1])
        per = GGUF_BYTES.get(bits, 0.6) - (0.04 if low.endswith("_0") and bits == 4 else 0.0)
        return ("gguf8" if bits >= 6 else "gguf4"), "int4" if bits < 6 else "int8", per
    named = _formats(low)
    if len(named) > 1:
        raise ValueError(
            _(
                "weight precision {text} names several ({named}): write what most weights are"
            ).format(text=repr(text[:40]), named=", ".join(named))
        )
    if not named:
        raise ValueError(
            _(
                "weight precision {text} is not known; known are bf16, fp16, fp8, int8, int4, "
                "nvfp4, mxfp4, llama.cpp's such as q4_k_m, and nothing for what is usual"
            ).format(text=repr(text[:40]))
        )
    stored, per_weight = _STORED[named[0]]
    return named[0], stored, 4.0 if "32" in low and named[0] == "bf16" else per_weight


def kv_element_bytes(text: str) -> float:
    """Bytes per element of the KV cache; unset is 16 bits. Raises ValueError if unknown."""
    low = text.lower().strip()
    if low in UNSET:
        return 2.0
    match = re.fullmatch(r"q(4|5|8)(?:_[01k])?|iq(4)_nl", low)
    if match:
        return _KV_GGUF[int(match[1] or match[2])]
    named = _formats(low)
    if len(named) == 1:
        return _KV_BYTES[named[0]]
    raise ValueError(
        _(
            "KV precision {text} is not known; known are fp16, bf16, fp8, int8, int4, nvfp4, "
            "q8_0 and q4_0"
        ).format(text=repr(text[:40]))
    )


def _formats(low: str) -> list[str]:
    """The formats that a text in lower case names; empty where a word of it is not known."""
    words = [word for word in _WORDS.split(_APART.sub("", low)) if word]
    schemes = [m[1] for m in map(_SCHEME.fullmatch, words) if m]
    named = [f for word in words for f, known in _FORMATS.items() if known.fullmatch(word)]
    loose = [f for word in words for f, known in _LOOSE.items() if known.fullmatch(word)]
    aside = sum(bool(_ASIDE.fullmatch(word)) for word in words)
    if len(schemes) + len(named) + len(loose) + aside < len(words):
        return []
    if schemes:
        of_weights = [f for f in named or loose if _BITS[f] in schemes]
        return sorted(set(of_weights or (_SCHEME_FORMATS[s] for s in schemes)))
    return sorted(set(named or loose))
