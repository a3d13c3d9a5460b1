"""Rows that cannot be: refused with the reason and its numbers, never answered by a fallback."""

from __future__ import annotations

import pytest

from core.catalog.load import load_catalog
from core.performance.measurements import read_rows, runs_of
from core.performance.validate import validate
from tests.core.performance.shipped import data
from tests.core.performance.test_validation import GOOD, text

CATALOG = load_catalog()


def reason(**changes: str) -> str:
    """Why a row like a good one, with these cells, is not answered; "" where it is."""
    rows, problems = read_rows(text(GOOD | changes))
    assert not problems
    (found,) = validate(rows, CATALOG).predictions
    assert (found.predicted is None) is bool(found.reason)
    return found.reason


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tp": "8"}, ["tensor parallel 8", "4 accelerators"]),
        ({"tp": "2", "pp": "4"}, ["tensor parallel 2 times pipeline parallel 4", "4"]),
        ({"tp": "3"}, ["tensor parallel 3 does not divide the 64 attention heads", "vllm"]),
        ({"tp": "1", "pp": "96", "n_accel": "96"}, ["pipeline parallel 96", "80 layers"]),
        ({"ep": "4"}, ["expert parallel 4 exceeds the 0 experts"]),
        (
            {"tp": "1", "n_accel": "1", "weight_precision": "bf16"},
            ["131 GiB", "BF16", "1 x 80 GiB"],
        ),
        ({"isl": "200000"}, ["200,500 tokens", "131,072"]),
        ({"weight_precision": "fp3"}, ["'fp3'", "known are bf16"]),
        ({"kv_precision": "fp7"}, ["'fp7'", "known are fp16"]),
        ({"scenario": "closed-loop"}, ["closed-loop", "Did you mean closed_loop"]),
        ({"metric": "tpot_mean_ms"}, ["tpot_mean_ms", "Did you mean tpot_ms_mean"]),
        ({"metric": "vibes"}, ["vibes", "known are", "tpot_ms_mean"]),
        ({"model": "Lama-3.3-70B"}, ["Lama-3.3-70B", "Did you mean"]),
        ({"accelerator": "H100-SXN"}, ["H100-SXN", "Did you mean h100"]),
    ],
)
def test_an_impossible_row_is_refused_with_its_numbers(
    changes: dict[str, str], words: list[str]
) -> None:
    why = reason(**changes)
    for word in words:
        assert word in why


def test_precision_that_the_hardware_lacks_is_refused() -> None:
    tpu = {"accelerator": "TPU-v5e", "weight_precision": "fp8", "engine": "JetStream"}
    small = {"model": "Llama-3.1-8B", "tp": "1", "n_accel": "1"}
    assert "neither native FP8 arithmetic nor a weight-only kernel" in reason(**tpu, **small)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"weight_precision": "", "kv_precision": ""},
        {"weight_precision": "unset", "kv_precision": "auto"},
        {"weight_precision": "nvfp4"},  # weight-only on Hopper
        {"tp": "", "n_accel": ""},
        {"isl": "131072", "osl": "1"},
        # Neuron counts cores, of which a chip has two; DeepSpeed pads heads.
        {
            "engine": "Transformers NeuronX",
            "accelerator": "Inferentia2",
            "weight_precision": "bf16",
            "n_accel": "12",
            "tp": "24",
        },
        {"engine": "DeepSpeed", "tp": "3"},
        # llama.cpp extrapolates beyond the context a model was trained for.
        {"engine": "llama.cpp b9000", "isl": "200000", "weight_precision": "q4_k_m"},
    ],
)
def test_what_engines_do_is_answered(changes: dict[str, str]) -> None:
    assert reason(**changes) == ""


def test_no_published_run_is_called_impossible() -> None:
    """Whatever the rules say, these runs happened."""
    rows, _problems = read_rows(data().decode())
    _runs, reasons = runs_of(rows, CATALOG)
    assert all(why.startswith("Unknown accelerator") for why in reasons.values())


def test_other_rows_of_the_file_are_answered_all_the_same() -> None:
    rows, _problems = read_rows(text(GOOD, GOOD | {"point_id": "p2", "tp": "3"}, GOOD))
    found = validate(rows, CATALOG).predictions
    assert [p.predicted is None for p in found] == [False, True, False]
