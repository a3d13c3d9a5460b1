"""Precisions in the catalog's words."""

from __future__ import annotations

import pytest

from core.candidates import weight_precisions
from core.catalog.load import load_catalog
from core.performance.precision import (
    power_share,
    published,
    rest_weight_bytes,
    storage_of,
)


@pytest.mark.parametrize(
    ("words", "precision"),
    [
        ("bf16", "bf16"),
        ("fp16", "bf16"),
        ("fp8", "fp8"),
        ("nvfp4", "nvfp4"),
        ("bf16/fp8", "bf16"),
        ("bf16/fp8/nvfp4 variants", "bf16"),
        ("mxfp4 experts + bf16", "mxfp4"),
        ("fp8 + fp4 experts", "mxfp4"),
        ("int4 experts (QAT)", "int4"),
        ("something new", "bf16"),
    ],
)
def test_the_bulk_of_the_weights_decides(words: str, precision: str) -> None:
    assert published(words) == precision


def test_every_word_of_the_catalog_is_understood() -> None:
    for model in load_catalog().models.values():
        bits = published(model.native_precision)[-1]
        assert bits in model.native_precision, model.id


@pytest.mark.parametrize("lowest", ["bf16", "fp8", "fp4"])
def test_a_model_is_never_served_wider_than_it_was_published(lowest: str) -> None:
    """gpt-oss exists in MXFP4 only: 16 bits would take four times the memory for nothing."""
    catalog = load_catalog()
    hopper = catalog.accelerators["h100-sxm"]
    assert weight_precisions(catalog.models["openai/gpt-oss-120b"], lowest, hopper) == ["fp4"]
    assert weight_precisions(catalog.models["moonshotai/Kimi-K2.5"], lowest, hopper) == ["int4"]
    assert weight_precisions(catalog.models["deepseek-ai/DeepSeek-V3"], "bf16", hopper) == ["fp8"]
    assert storage_of("mxfp4") == storage_of("nvfp4") == "fp4"


@pytest.mark.parametrize(
    ("words", "stored", "expected"),
    [
        ("mxfp4 experts + bf16", "fp4", 2.0),
        ("mxfp4", "fp4", 2.0),
        ("fp8 + fp4 experts", "fp4", 1.0),
        ("int4 experts (QAT)", "int4", 2.0),
        ("int4 experts (QAT)", "int8", 1.0),
        ("fp8", "fp8", 1.0),
        ("bf16", "fp4", 0.5625),
        ("nvfp4", "fp4", 0.5625),
    ],
)
def test_what_surrounds_the_experts_keeps_its_published_precision(
    words: str, stored: str, expected: float
) -> None:
    assert rest_weight_bytes(words, stored) == expected


def test_a_board_with_few_watts_for_its_arithmetic_has_a_small_power_share() -> None:
    boards = load_catalog().accelerators
    # 350 W for 756.5 TFLOP/s against 0.8 W per TFLOP/s; 400 W for 312 is plenty.
    assert power_share(boards["h100-pcie"]) == pytest.approx(350 / 756.5 / 0.8)
    assert power_share(boards["a100-sxm-80gb"]) == 1.0
    assert power_share(boards["h100-nvl"]) < power_share(boards["h100-sxm"])
    assert power_share(boards["tpu-v6e"]) == 1.0  # its power is not published
