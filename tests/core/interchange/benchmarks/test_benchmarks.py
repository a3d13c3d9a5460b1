"""Result files of load generators, in the shape their documentation gives, become rows.

The numbers are made up; the field names and nesting are those of the tools' documents and sources
(vLLM ``benchmarks/serve.py``, GuideLLM ``benchmark/schemas``, AIPerf's guide to its exports).
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.load import load_catalog
from core.interchange.benchmarks import (
    ImportedBenchmarks,
    Setup,
    SetupError,
    measurements_from_json,
    read_benchmarks,
)
from core.interchange.errors import DocumentError
from core.language import speaking
from core.performance import validate as engine
from core.performance.measurement_format import METRICS, SCENARIOS, read_rows

Json = dict[str, Any]
ON_H100 = Setup(accelerator="H100-SXM-80GB", n_accel=4, weight_precision="fp8")
MODEL = "meta-llama/Llama-3.3-70B-Instruct"

VLLM: Json = {
    "date": "20260817-101500", "endpoint_type": "openai", "backend": "vllm", "label": None,
    "model_id": MODEL, "tokenizer_id": MODEL, "num_prompts": 200, "request_rate": "inf",
    "burstiness": 1.0, "max_concurrency": 32, "duration": 100.0, "completed": 200, "failed": 0,
    "total_input_tokens": 204_800, "total_output_tokens": 51_200, "request_throughput": 2.0,
    "request_goodput": None, "output_throughput": 512.0, "total_token_throughput": 2560.0,
    "mean_ttft_ms": 310.0, "median_ttft_ms": 290.0, "std_ttft_ms": 40.0, "p99_ttft_ms": 600.0,
    "mean_tpot_ms": 41.0, "median_tpot_ms": 40.5, "std_tpot_ms": 2.0, "p99_tpot_ms": 48.0,
    "mean_itl_ms": 41.2, "median_itl_ms": 39.0, "std_itl_ms": 9.0, "p99_itl_ms": 95.0,
    "mean_e2el_ms": 10_765.0, "median_e2el_ms": 10_700.0, "p99_e2el_ms": 12_000.0,
}  # fmt: skip


def summary(mean: float) -> Json:
    percentiles = {"p50": mean * 0.9, "p90": mean * 1.5, "p99": mean * 2}
    values = {"mean": mean, "median": mean * 0.9, "std_dev": 1.0, "percentiles": percentiles}
    return {"successful": values, "errored": {"mean": 0.0}, "incomplete": {"mean": 0.0}}


def guidellm(strategy: Json, place: str = "args", **totals: int) -> Json:
    return {
        place: {"strategy": strategy},
        "run_stats": {"start_time": 1_786_960_000.0},
        "worker": {"backend_model": MODEL},
        "metrics": {
            "request_totals": {"successful": 100, "errored": 0, "incomplete": 2, **totals},
            "requests_per_second": summary(2.0),
            "request_concurrency": summary(21.5),
            "request_latency": summary(10.75),
            "prompt_token_count": summary(1024.0),
            "output_token_count": summary(256.0),
            "output_tokens_per_second": summary(512.0),
            "tokens_per_second": summary(2560.0),
            "time_to_first_token_ms": summary(310.0),
            "time_per_output_token_ms": summary(40.0),
            "inter_token_latency_ms": summary(41.0),
        },
    }


def spread(average: float, unit: str) -> Json:
    values = {"p50": 0.9, "p90": 1.5, "p95": 1.7, "p99": 2.0}
    return {"unit": unit, "avg": average, **{p: average * x for p, x in values.items()}}


def aiperf(**loadgen: Any) -> Json:
    return {
        "request_throughput": {"unit": "requests/sec", "avg": 2.0},
        "request_latency": spread(10_750.0, "ms"),
        "time_to_first_token": spread(310.0, "ms"),
        "inter_token_latency": spread(41.0, "ms"),
        "input_sequence_length": spread(1024.0, "tokens"),
        "output_sequence_length": spread(256.0, "tokens"),
        "output_token_throughput": {"unit": "tokens/sec", "avg": 512.0},
        "request_count": {"unit": "requests", "avg": 200.0},
        "was_cancelled": False,
        "start_time": "2026-08-17T10:15:00.1",
        "error_summary": [],
        "error_request_count": None,
        "input_config": {"endpoint": {"model_names": [MODEL]}, "loadgen": loadgen},
    }


def imported(value: Json | str, setup: Setup = ON_H100) -> ImportedBenchmarks:
    text = value if isinstance(value, str) else json.dumps(value)
    return measurements_from_json(text, setup, file="run.json")


def values(found: ImportedBenchmarks) -> dict[str, float]:
    return {row["metric"]: float(row["value"]) for row in found.rows}


def load(found: ImportedBenchmarks) -> tuple[str, str]:
    (one,) = {(row["scenario"], row["concurrency"]) for row in found.rows}
    return one


# ----------------------------------------------------------------------- what is read


def test_vllm() -> None:
    found = imported(VLLM)
    assert found.tools == ("vLLM bench serve",)
    assert load(found) == ("closed_loop", "32")
    assert values(found) == {
        "req_s": 2.0, "output_tok_s": 512.0, "total_tok_s": 2560.0,
        "ttft_ms_mean": 310.0, "ttft_ms_p50": 290.0, "ttft_ms_p99": 600.0,
        "tpot_ms_mean": 41.0, "tpot_ms_p50": 40.5, "tpot_ms_p99": 48.0,
        "itl_ms_mean": 41.2, "itl_ms_p50": 39.0, "itl_ms_p99": 95.0,
        "e2e_ms_mean": 10_765.0, "e2e_ms_p50": 10_700.0, "e2e_ms_p99": 12_000.0,
    }  # fmt: skip
    row = found.rows[0]
    assert (row["isl"], row["osl"]) == ("1024", "256")
    assert (row["model"], row["accelerator"], row["tp"]) == (MODEL, "H100-SXM-80GB", "4")
    assert (row["version_date"], row["tier"], row["weight_precision"]) == ("2026-08-17", "A", "fp8")


def test_guidellm() -> None:
    found = imported({"benchmarks": [guidellm({"type_": "concurrent", "streams": 16})]})
    assert found.tools == ("GuideLLM",)
    assert load(found) == ("closed_loop", "16")
    got = values(found)
    # Its inter-token latency is per request: time per output token. Latency is in seconds.
    assert (got["tpot_ms_mean"], got["tpot_ms_p50"]) == (41.0, pytest.approx(36.9))
    assert (got["e2e_ms_mean"], got["e2e_ms_p99"]) == (10_750.0, 21_500.0)
    assert (got["ttft_ms_p90"], got["output_tok_s"]) == (465.0, 512.0)
    assert "itl_ms_mean" not in got
    assert found.rows[0]["version_date"] == "2026-08-17"


def test_aiperf() -> None:
    found = imported(aiperf(concurrency=24, request_rate_mode="concurrency_burst"))
    assert found.tools == ("AIPerf or GenAI-Perf",)
    assert load(found) == ("closed_loop", "24")
    got = values(found)
    assert (got["tpot_ms_mean"], got["ttft_ms_p99"], got["e2e_ms_p50"]) == (41.0, 620.0, 9675.0)
    assert "ttft_ms_p95" not in got
    assert found.rows[0]["model"] == MODEL


def test_genai_perf_nests_its_load_elsewhere() -> None:
    result = aiperf()
    del result["error_request_count"], result["error_summary"], result["was_cancelled"]
    result["input_config"] = {
        "model": MODEL, "perf_analyzer": {"stimulus": {"concurrency": 8}},
    }  # fmt: skip
    result["time_to_first_token"] = spread(0.31, "s")
    found = imported(result)
    assert load(found) == ("closed_loop", "8")
    assert values(found)["ttft_ms_mean"] == pytest.approx(310.0)
    result["input_config"] = {"model_names": [MODEL], "concurrency": [4]}
    assert load(imported(result)) == ("closed_loop", "4")


@pytest.mark.parametrize("place", ["args", "config", "scheduler"])
@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ({"type_": "synchronous"}, ("closed_loop", "1")),
        ({"type_": "throughput"}, ("offline_max", "max")),
        ({"type_": "poisson", "rate": 1.5}, ("open_loop_poisson", "qps=1.5")),
        ({"type_": "constant", "rate": 2.0}, ("closed_loop", "21.5")),
    ],
)
def test_loads_of_guidellm(place: str, strategy: Json, expected: tuple[str, str]) -> None:
    assert load(imported({"benchmarks": [guidellm(strategy, place)]})) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"max_concurrency": None}, ("open_loop_poisson", "200 prompts at inf req/s")),
        ({"max_concurrency": None, "num_prompts": None}, ("offline_max", "max")),
        (
            {"request_rate": 2.0, "max_concurrency": None},
            ("open_loop_poisson", "200 prompts at 2 req/s"),
        ),
        (
            {"request_rate": 2.0, "max_concurrency": None, "num_prompts": None},
            ("open_loop_poisson", "qps=2"),
        ),
        (
            {"request_rate": 2.0, "max_concurrency": 500},
            ("open_loop_poisson", "200 prompts at 2 req/s"),
        ),
        ({"request_rate": 50.0}, ("closed_loop", "32")),
        ({"request_rate": math.inf}, ("closed_loop", "32")),
    ],
)
def test_loads_of_vllm(changes: Json, expected: tuple[str, str]) -> None:
    assert load(imported({**VLLM, **changes})) == expected


def test_a_whole_run_has_an_end_and_one_that_was_cut_off_has_none() -> None:
    strategy = {"type_": "poisson", "rate": 1.5}
    whole = guidellm(strategy, successful=90, incomplete=0)
    assert load(imported({"benchmarks": [whole]}))[1] == "90 prompts at 1.5 req/s"
    cut = guidellm(strategy, successful=90, incomplete=2)
    assert load(imported({"benchmarks": [cut]}))[1] == "qps=1.5"


def test_an_imported_burst_is_predicted_as_one() -> None:
    """All 200 prompts at once: the last waits for all others to be read, on any server."""
    found = imported({**VLLM, "max_concurrency": None})
    assert {row["tier"] for row in found.rows} == {"A"}
    text = found.csv()
    checked = engine.validate(read_rows(text)[0], load_catalog())
    ttft = {p.metric: p.predicted for p in checked.predictions if p.metric.startswith("ttft")}
    assert ttft["ttft_ms_p99"] > 1.5 * ttft["ttft_ms_p50"] > 0


def test_a_constant_rate_counts_as_the_requests_inside() -> None:
    found = imported(aiperf(request_rate=2.0, request_rate_mode="constant"))
    assert load(found) == ("closed_loop", "21.5")  # Little: 2 a second x 10.75 s
    assert found.rows[0]["tier"] == "B"
    poisson = ("open_loop_poisson", "200 prompts at 2 req/s")
    assert load(imported(aiperf(request_rate=2.0))) == poisson


def test_power_and_the_accelerators_name_from_telemetry() -> None:
    card = {"gpu_name": "NVIDIA H100 80GB HBM3",
            "metrics": {"gpu_power_usage": {"unit": "W", "avg": 510.0}}}  # fmt: skip
    result = aiperf(concurrency=8)
    cards = {f"gpu_{n}": card for n in range(4)}
    result["telemetry_data"] = {"endpoints": {"localhost:9401": {"gpus": cards}}}
    found = imported(result, Setup(n_accel=4))
    assert values(found)["power_w_accel_total"] == 2040.0
    assert found.rows[0]["accelerator"] == "NVIDIA H100 80GB HBM3"
    # Eight cards seen, four used: whose power it is cannot be told.
    assert "power_w_accel_total" not in values(imported(result, Setup(n_accel=2)))


# ------------------------------------------------------------------- several runs, files


def test_a_report_of_several_runs_and_results_line_by_line() -> None:
    report = {"benchmarks": [guidellm({"type_": "concurrent", "streams": n}) for n in (1, 8, 64)]}
    found = imported(report)
    assert found.runs == 3
    assert {row["point_id"] for row in found.rows} == {"run-1", "run-2", "run-3"}
    lines = "\n".join(json.dumps({**VLLM, "max_concurrency": n}) for n in (1, 2, 4, 8))
    assert imported(lines).runs == 4
    assert {row["concurrency"] for row in imported(lines).rows} == {"1", "2", "4", "8"}


def test_files_together(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text(json.dumps(VLLM, indent=2))
    second.write_text(json.dumps(aiperf(concurrency=3)))
    found = read_benchmarks([first, second], ON_H100)
    assert found.runs == 2
    assert found.tools == ("vLLM bench serve", "AIPerf or GenAI-Perf")
    assert {row["point_id"] for row in found.rows} == {"a-1", "b-1"}
    (tmp_path / "deep").mkdir()
    same = tmp_path / "deep" / "a.json"
    same.write_text(json.dumps(VLLM))
    with pytest.raises(DocumentError, match="same name"):
        read_benchmarks([first, same], ON_H100)


def test_the_rows_are_a_measurement_file_that_the_engine_answers() -> None:
    runs = [{**VLLM, "max_concurrency": 8}, {**VLLM, "request_rate": 0.5, "max_concurrency": None,
                                             "request_throughput": 0.5}]  # fmt: skip
    found = imported("\n".join(json.dumps(run) for run in runs))
    rows, problems = read_rows(found.csv())
    assert problems == []
    assert len(rows) == len(found.rows)
    assert {row.metric for row in rows} <= METRICS
    assert {row.cells["scenario"] for row in rows} <= SCENARIOS
    predictions = engine.validate(rows, load_catalog()).predictions
    answered = [one for one in predictions if one.predicted is not None]
    assert len(answered) == len(rows)


# ------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", ["is empty", "benchmark result"]),
        ("[]", ["must be a JSON object"]),
        ("{}", ["is not a result of GuideLLM, AIPerf or GenAI-Perf, vLLM bench serve"]),
        ({"benchmarks": []}, ["is not a result"]),
        ({**VLLM, "completed": 0}, ["holds no run that can be used", "no request succeeded"]),
        ({**VLLM, "completed": 20, "failed": 180}, ["90 % of the requests failed"]),
        ({**VLLM, "request_rate": 2.0, "burstiness": 0.3, "max_concurrency": None},
         ["independently", "burstiness 0.3"]),
        ({**VLLM, "mean_ttft_ms": "fast"}, ["mean_ttft_ms", "'fast'"]),
        ({**VLLM, "mean_ttft_ms": -5}, ["mean_ttft_ms", "-5"]),
        ({**VLLM, "max_concurrency": 1.5}, ["max_concurrency", "1.5"]),
        ({"benchmarks": [guidellm({"type_": "incremental"})]}, ["'incremental'"]),
        ({"benchmarks": [guidellm({"type_": "concurrent"})]},
         ["benchmarks[0].args.strategy.streams"]),
        ({**aiperf(concurrency=3), "request_latency": {"unit": "fortnights", "avg": 1.0}},
         ["request_latency.unit", "'fortnights'"]),
        (aiperf(), ["neither a concurrency nor a request rate"]),
        (aiperf(request_rate=3.0, request_rate_mode="gamma"), ["'gamma'"]),
    ],
)  # fmt: skip
def test_results_that_cannot_be_used(value: Json | str, words: list[str]) -> None:
    with pytest.raises(DocumentError) as caught:
        imported(value)
    assert str(caught.value).startswith("run.json: ")
    for word in words:
        assert word in str(caught.value)


def test_what_the_file_does_not_name_is_asked_for() -> None:
    with pytest.raises(SetupError, match="does not name the accelerator"):
        imported(VLLM, Setup())
    nameless = {key: value for key, value in VLLM.items() if key != "model_id"}
    with pytest.raises(SetupError, match="does not name the model"):
        imported(nameless)
    assert imported(nameless, Setup(model="ours", accelerator="x")).rows[0]["model"] == "ours"


def test_a_few_failures_are_noted_and_lower_the_tier() -> None:
    found = imported({**VLLM, "completed": 190, "failed": 10})
    assert found.notes == ("run 1: 5.0 % of the requests failed",)
    assert found.rows[0]["tier"] == "B"


def test_notes_are_told_in_the_language_in_use_and_kept_in_english() -> None:
    """What a measurement file says must not depend on who imported it."""
    results: tuple[Json, ...] = (
        {**VLLM, "completed": 190, "failed": 10},
        {**VLLM, "request_rate": 900.5, "max_concurrency": 4},
        guidellm({"type_": "constant", "rate": 2.0}),
    )
    for result in results:
        value = result if "completed" in result else {"benchmarks": [result]}
        plain = imported(value)
        for code in ("de", "fr"):
            with speaking(code):
                told = imported(value)
            assert told.rows == plain.rows and plain.rows[0]["notes"]
            assert told.notes and not set(told.notes) & set(plain.notes)
    with speaking("de"):
        assert "5,0" in imported(results[0]).notes[0]


def test_text_that_a_spreadsheet_would_run_is_harmless() -> None:
    found = imported({**VLLM, "model_id": "=cmd()"})
    assert "'=cmd()" in found.csv()


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 10**9), st.text(max_size=4), st.just([]), st.just({})
)


@given(st.data())
def test_whatever_stands_in_a_field_ends_in_rows_or_one_clear_refusal(data: st.DataObject) -> None:
    base = data.draw(st.sampled_from([VLLM, aiperf(concurrency=3)]))
    changed = data.draw(st.dictionaries(st.sampled_from(sorted(base)), JUNK, max_size=3))
    try:
        found = imported({**base, **changed})
    except DocumentError as error:
        assert str(error).startswith("run.json: ")
    except SetupError:
        assert "model_id" in changed or "input_config" in changed
    else:
        assert read_rows(found.csv())[1] == []
