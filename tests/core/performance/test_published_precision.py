"""Precisions as publications write them."""

from __future__ import annotations

import pytest

from core.catalog.load import load_catalog
from core.performance.published_precision import kv_element_bytes, stored_precision

HOPPER = load_catalog().accelerators["h100-sxm"]


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("FP8", "fp8"),
        ("fp8_e4m3", "fp8"),
        ("FP8-Dynamic", "fp8"),
        ("W8A8-FP8", "fp8"),
        ("w8a8", "int8"),
        ("int8_sq", "int8"),
        ("mxfp8", "fp8"),
        ("INT4-AWQ", "int4"),
        ("w4a16_awq", "int4"),
        ("W4A8-FP8", "int4"),
        ("w4afp8", "int4"),
        ("MXFP4_MOE", "mxfp4"),
        ("mxfp4 w4a16", "mxfp4"),
        ("nvfp4-w4a4", "nvfp4"),
        ("fp4_e2m1", "nvfp4"),
        ("bfloat16", "bf16"),
        ("UD-Q4_K_XL", "gguf4"),
        ("IQ4_XS", "gguf4"),
        ("q8_0", "gguf8"),
        ("", "fp8"),
        ("4-bit", "int4"),
        ("bnb-4bit", "int4"),
        ("MLX 8-bit", "int8"),
        ("16-bit", "bf16"),
    ],
)
def test_weights(written: str, label: str) -> None:
    assert stored_precision(written, HOPPER)[0] == label


@pytest.mark.parametrize(
    ("native", "label"), [("bf16", "bf16"), ("fp8", "fp8"), ("mxfp4 experts + bf16", "mxfp4")]
)
def test_auto_is_what_the_model_is_published_in(native: str, label: str) -> None:
    """Engines load the files as they are; what nobody says is what submitters use."""
    assert stored_precision("auto", HOPPER, native)[0] == label
    assert stored_precision("unset", HOPPER, native)[0] == "fp8"


def test_bytes_per_weight() -> None:
    assert stored_precision("fp32", HOPPER)[2] == 4.0
    assert stored_precision("mxfp4", HOPPER)[2] == (32 * 4 + 8) / 32 / 8
    assert stored_precision("nvfp4", HOPPER)[2] == (16 * 4 + 8) / 16 / 8


@pytest.mark.parametrize("written", ["fp8/nvfp4", "bf16 + fp8", "int4-int8"])
def test_two_formats_are_refused_by_name(written: str) -> None:
    with pytest.raises(ValueError, match="several"):
        stored_precision(written, HOPPER)


@pytest.mark.parametrize("written", ["fp6", "tf32", "fp3", "fast", "fp8 or so"])
def test_unknown_words_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not known"):
        stored_precision(written, HOPPER)


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("", 2.0),
        ("BF16", 2.0),
        ("fp8_e4m3", 1.0),
        ("e5m2", 1.0),
        ("q8_0", 1.0),
        ("nvfp4", 0.5625),
        ("q4_0", 18 / 32),  # 32 elements of 4 bits and a 16-bit scale
        ("q5_0", 22 / 32),
        ("int4", 0.53),
    ],
)
def test_kv(written: str, size: float) -> None:
    assert kv_element_bytes(written) == size


@pytest.mark.parametrize("written", ["fp7", "fp8/nvfp4", "q3_k"])
def test_unknown_kv(written: str) -> None:
    with pytest.raises(ValueError, match="KV precision"):
        kv_element_bytes(written)
