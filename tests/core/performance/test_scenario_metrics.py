"""What a scenario measures is answered; what it leaves out, or depends on the unsaid, is not."""

from __future__ import annotations

import pytest

from core.catalog.load import load_catalog
from core.performance.published_lengths import latency_limits
from core.performance.validate import Prediction, validate
from tests.core.performance.published_rows import row_of

CATALOG = load_catalog()
RUN = {
    "model": "Llama-3.1-8B",
    "weight_precision": "bf16",
    "accelerator": "H100-SXM-80GB",
    "n_accel": "1",
    "engine": "vLLM 0.12",
    "isl": "1000",
    "osl": "500",
    "concurrency": "16",
    "scenario": "closed_loop",
}


def ask(metric: str, **changes: str) -> Prediction:
    (found,) = validate([row_of(RUN | changes, metric)], CATALOG).predictions
    return found


@pytest.mark.parametrize("metric", ["ttft_ms_mean", "ttft_ms_p99", "e2e_ms_mean"])
@pytest.mark.parametrize("scenario", ["offline_max", "mlperf_offline"])
def test_where_all_is_queued_at_once_a_latency_is_the_queue(scenario, metric):
    found = ask(metric, scenario=scenario, concurrency="max")
    assert found.predicted is None
    assert "queue" in found.reason


def test_a_prompt_alone_has_no_time_per_token_and_a_decode_no_first_token():
    for scenario, metrics in (
        ("prefill_only", ("tpot_ms_mean", "itl_ms_p99", "e2e_ms_mean", "decode_tok_s")),
        ("decode_only", ("ttft_ms_mean", "e2e_ms_p90", "prefill_tok_s")),
    ):
        for metric in metrics:
            assert ask(metric, scenario=scenario, concurrency="1").predicted is None, metric
    assert ask("ttft_ms_mean", scenario="prefill_only", concurrency="1").predicted
    assert ask("tpot_ms_mean", scenario="decode_only", concurrency="1").predicted


def test_an_answer_of_one_token_has_no_time_between_tokens():
    for metric in ("tpot_ms_mean", "tpot_ms_p99", "itl_ms_mean"):
        assert "one token" in ask(metric, osl="1").reason, metric
        assert ask(metric, osl="2").predicted, metric
    assert ask("ttft_ms_mean", osl="1").predicted


def test_without_the_prompts_length_decode_is_answered_with_a_guess():
    for metric in ("tpot_ms_mean", "output_tok_s", "power_w_per_accel"):
        found = ask(metric, isl="")
        assert found.predicted, metric
        assert found.evidence == "extrapolated"
    for metric in ("ttft_ms_mean", "e2e_ms_mean", "prefill_tok_s", "total_tok_s"):
        assert "prompt length" in ask(metric, isl="").reason, metric


def test_without_the_answers_length_the_reason_names_it():
    for metric in ("tpot_ms_mean", "ttft_ms_mean"):
        assert "output length" in ask(metric, osl="").reason
    assert ask("ttft_ms_mean", osl="", scenario="prefill_only").predicted


def test_no_load_draws_more_than_the_boards_power_limit():
    """Requests that came faster than they can be served keep a card busy all the time, not more:
    it had been told to draw one and a half times its limit."""
    limit = CATALOG.resolve_accelerator(RUN["accelerator"]).tdp_w
    run = RUN | {"scenario": "mlperf_server", "concurrency": "poisson"}
    for load in (1.0, 30.0, 100.0):
        rows = [row_of(run, "power_w_per_accel"), row_of(run, "req_s", load)]
        found, _served = validate(rows, CATALOG).predictions
        assert found.predicted and limit and found.predicted < limit


def test_noted_pools_tell_how_many_accelerators_there_are():
    noted = {
        "scenario": "closed_loop_disagg",
        "notes": "2 prefill worker(s) x 4 GPU + 3 decode worker(s) x 8 GPU",
        "concurrency": "64",
    }
    left_open = ask("tpot_ms_mean", n_accel="", **noted)
    assert left_open.predicted == ask("tpot_ms_mean", n_accel="32", **noted).predicted
    assert "accelerators" in ask("tpot_ms_mean", n_accel="31", **noted).reason


def test_interactive_limits_are_those_of_the_benchmark():
    """MLPerf's loadgen/mlperf.conf: five times the server scenario's rate of tokens."""
    reasoning = CATALOG.resolve_model("DeepSeek-R1")
    assert latency_limits("mlperf_interactive", reasoning) == (1500.0, 15.0)
    found = ask("tpot_ms_p99", model="DeepSeek-R1", accelerator="B200", n_accel="8", tp="8",
                weight_precision="nvfp4", engine="TensorRT-LLM 1.2", isl="", osl="",
                scenario="mlperf_interactive", concurrency="poisson")  # fmt: skip
    assert found.predicted is not None
    assert found.predicted < 1.05 * 15.0
