"""Rows that cannot be: refused with the reason and its numbers, never answered by a fallback."""

from __future__ import annotations

import pytest

from core.catalog.load import load_catalog
from core.performance.measurement_format import read_rows
from core.performance.measurements import runs_of
from core.performance.validate import validate
from core.performance.validation_table import text as page
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
        ({"tp": "3"}, ["tensor parallel 3 does not divide the 64 attention heads", "vLLM"]),
        ({"tp": "1", "pp": "96", "n_accel": "96"}, ["pipeline parallel 96", "80 layers"]),
        (
            {"model": "Mixtral-8x7B", "tp": "1", "ep": "16"},
            ["expert parallel 16 exceeds the 8 experts"],
        ),
        ({"tp": "2", "dp": "4"}, ["data parallel 4 times tensor parallel 2", "4 accelerators"]),
        ({"n_accel": "eight"}, ["n_accel 'eight'", "whole number"]),
        ({"n_accel": "0"}, ["n_accel '0'"]),
        ({"n_accel": "-4"}, ["n_accel '-4'"]),
        ({"tp": "1.5"}, ["tp '1.5'"]),
        ({"concurrency": "0"}, ["concurrency '0'", "positive"]),
        ({"concurrency": "-1"}, ["concurrency '-1'"]),
        ({"concurrency": "16 users"}, ["concurrency '16 users'"]),
        ({"concurrency": "qps=0"}, ["concurrency 'qps=0'"]),
        ({"isl": "-5"}, ["isl '-5'", "tokens"]),
        ({"isl": "1q"}, ["isl '1q'"]),
        ({"isl": "1,5"}, ["isl '1,5'"]),
        ({"concurrency": "1k"}, ["concurrency '1k'"]),
        ({"osl": "inf"}, ["osl 'inf'"]),
        ({"isl": "1e12", "engine": "TensorRT-LLM 1.1"}, ["1,000,000,000,500 tokens", "131,072"]),
        ({"isl": "200000", "engine": "TGI"}, ["200,500 tokens", "131,072"]),
        ({"weight_precision": "fp8/nvfp4"}, ["'fp8/nvfp4'", "several", "fp8, nvfp4"]),
        (
            {"tp": "1", "n_accel": "1", "weight_precision": "bf16"},
            ["131 GiB", "BF16", "1 x 80 GiB"],
        ),
        ({"isl": "200000"}, ["200,500 tokens", "131,072"]),
        ({"weight_precision": "fp3"}, ["'fp3'", "known are bf16"]),
        ({"kv_precision": "fp7"}, ["'fp7'", "known are fp16"]),
        ({"scenario": "closedloop"}, ["closedloop", "Did you mean closed_loop"]),
        ({"metric": "tpot_mean_ms"}, ["tpot_mean_ms", "Did you mean tpot_ms_mean"]),
        ({"metric": "vibes"}, ["vibes", "known are", "tpot_ms_mean"]),
        ({"model": "Lama-3.3-70B"}, ["Lama-3.3-70B", "Did you mean"]),
        ({"accelerator": "H100-SXN"}, ["H100-SXN", "Did you mean H100"]),
    ],
)
def test_an_impossible_row_is_refused_with_its_numbers(
    changes: dict[str, str], words: list[str]
) -> None:
    why = reason(**changes)
    for word in words:
        assert word in why


@pytest.mark.parametrize(
    ("accelerator", "precision", "refused"),
    [
        # vLLM loads FP8 and MXFP4 on TPU v7 only, INT8 and INT4 on v5 and v6.
        ("TPU-v5e", "fp8", True),
        ("TPU-v6e", "fp8", True),
        ("TPU-v6e", "nvfp4", True),
        ("TPU-v6e", "int8", False),
        ("TPU-v6e", "int4", False),
        ("TPU-v7", "fp8", False),
        ("TPU-v7", "mxfp4", False),
        ("Trainium2", "mxfp4", True),
    ],
)
def test_precision_that_the_hardware_lacks_is_refused(
    accelerator: str, precision: str, refused: bool
) -> None:
    row = {"accelerator": accelerator, "weight_precision": precision, "engine": "vLLM 0.12"}
    why = reason(**row, model="Qwen3-8B", tp="1", n_accel="1")
    assert ("nor a weight-only kernel" in why) is refused


def test_one_request_must_fit_beside_the_weights() -> None:
    """70.55e9 bytes are 65.7 GiB; 120,500 tokens x 163,840 elements x 2 bytes are 36.8 GiB."""
    one = {"tp": "1", "n_accel": "1", "isl": "120000"}
    why = reason(**one)
    for word in ("120,500 tokens", "36.8 GiB", "66 GiB", "80 GiB"):
        assert word in why
    assert not reason(**one | {"isl": "20000"})
    assert not reason(**one | {"tp": "2", "n_accel": "2"})  # 32.9 + 18.4 GiB each
    assert not reason(**one, kv_precision="q4_0", model="Llama-3.1-8B")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"weight_precision": "", "kv_precision": ""},
        {"weight_precision": "unset", "kv_precision": "auto"},
        {"weight_precision": "nvfp4"},  # weight-only on Hopper
        {"tp": "", "n_accel": ""},
        {"isl": "131072", "osl": "2"},
        # Neuron counts cores, of which a chip has two; DeepSpeed pads heads.
        {
            "engine": "Transformers NeuronX",
            "accelerator": "Inferentia2",
            "weight_precision": "bf16",
            "n_accel": "12",
            "tp": "24",
        },
        {"engine": "vLLM 0.9 (Neuron)", "accelerator": "Inf2", "n_accel": "12", "tp": "24"}
        | {"weight_precision": "bf16"},
        {"engine": "NxD Inference", "accelerator": "Trainium2", "n_accel": "16", "tp": "64"}
        | {"weight_precision": "bf16"},
        {"accelerator": "MI250", "tp": "8", "weight_precision": "fp16"},
        {"accelerator": "Intel-Max-1550", "tp": "8", "weight_precision": "fp16"},
        {"ep": "4"},  # a dense model has no experts to divide
        {"spec_decode": "mtp"},
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


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"isl": "1,024", "osl": "1 024"}, {"isl": "1024", "osl": "1024"}),
        ({"isl": "8k", "osl": "1K"}, {"isl": "8192", "osl": "1024"}),
        ({"concurrency": "1,024"}, {"concurrency": "1024"}),
        ({"value": "1,015.5"}, {"value": "1015.5"}),
        ({"scenario": "Closed-Loop", "metric": "TPOT_ms mean"}, {}),
        ({"scenario": " closed loop "}, {}),
    ],
)
def test_spellings_with_one_meaning_are_read(changes: dict[str, str], same: dict[str, str]) -> None:
    plain, spelt = (validate(read_rows(text(GOOD | c))[0], CATALOG) for c in (same, changes))
    assert plain.predictions[0].predicted
    assert spelt == plain


def test_headings_are_read_in_any_case() -> None:
    head, _newline, rest = text(GOOD).partition("\n")
    assert read_rows(head.upper().replace(",", " , ") + "\n" + rest) == read_rows(text(GOOD))


@pytest.mark.parametrize(
    ("text_", "on"),
    [
        ("mtp", True),
        ("eagle3", True),
        ("on", True),
        ("off", False),
        ("", False),
        ("unlabelled", False),
        ("suspect_mtp", False),
        ("Allowed", False),
    ],
)
def test_a_run_knows_whether_it_speculated(text_: str, on: bool) -> None:
    rows, _problems = read_rows(text(GOOD | {"spec_decode": text_}))
    (run,) = runs_of(rows, CATALOG)[0].values()
    assert run.speculation is on


def test_mlperf_rows_take_the_lengths_of_their_data_set_or_the_stated_default() -> None:
    row = GOOD | {"scenario": "mlperf_offline", "isl": "", "osl": "", "concurrency": "max"}
    known, other = row, row | {"point_id": "p2", "model": "Qwen3-32B"}
    rows, _problems = read_rows(text(known, other))
    runs, _reasons = runs_of(rows, CATALOG)
    assert (runs["p1"].input_tokens, runs["p1"].output_tokens) == (295, 294)
    assert (runs["p2"].input_tokens, runs["p2"].output_tokens) == (300, 300)
    assert not runs["p2"].input_known
    assert not runs["p1"].lengths_assumed
    assert runs["p2"].lengths_assumed
    checked = validate(rows, CATALOG)
    assert [p.evidence for p in checked.predictions][1] == "extrapolated"
    assert checked.summary()["lengths_assumed"] == 1
    assert "300 tokens in and 300 out" in page(checked)
    assert "300 tokens" not in page(validate(rows[:1], CATALOG))


def test_a_guess_is_none_where_both_lengths_are_published() -> None:
    row = GOOD | {"scenario": "mlperf_offline", "concurrency": "max", "model": "Qwen3-32B"}
    rows, _problems = read_rows(text(row))
    assert not runs_of(rows, CATALOG)[0]["p1"].lengths_assumed


@pytest.mark.parametrize("base", ["ttft", "tpot", "itl", "e2e"])
def test_the_95th_percentile_lies_between_the_90th_and_the_99th(base: str) -> None:
    names = [f"{base}_ms_{level}" for level in ("p90", "p95", "p99")]
    rows, _problems = read_rows(text(*[GOOD | {"metric": m} for m in names]))
    found = [p.predicted or 0.0 for p in validate(rows, CATALOG).predictions]
    assert 0 < found[0] <= found[1] <= found[2]
