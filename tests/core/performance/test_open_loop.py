"""Published open loops and separate pools: limits that hold whatever the parameters are."""

from __future__ import annotations

import pytest

from core.catalog.load import load_catalog
from core.performance.measurement_format import COLUMNS, Row
from core.performance.validate import validate
from core.performance.validation_table import text as page

RUN = {
    "source_id": "made-up",
    "version_date": "2026-01",
    "model": "Llama-3.3-70B",
    "weight_precision": "fp8",
    "accelerator": "H100",
    "n_accel": "4",
    "tp": "4",
    "engine": "vLLM 0.11",
    "isl": "1000",
    "osl": "500",
    "spec_decode": "off",
}


def _answer(metric: str, **changes: str) -> float:
    cells = dict.fromkeys(COLUMNS, "") | RUN | changes | {"point_id": "p", "metric": metric}
    (found,) = validate([Row(2, "p", metric, 1.0, cells)], load_catalog()).predictions
    assert found.predicted is not None, found.reason
    return found.predicted


def _poisson(metric: str, qps: float) -> float:
    return _answer(metric, scenario="open_loop_poisson", concurrency=f"qps={qps}")


def test_a_lone_request_of_an_open_loop_is_that_of_a_closed_one():
    closed = _answer("tpot_ms_mean", scenario="closed_loop", concurrency="1")
    assert _poisson("tpot_ms_mean", 0.01) == pytest.approx(closed, rel=0.06)


def test_more_offered_load_is_never_faster_and_never_serves_beyond_capacity():
    loads = (0.01, 1.0, 4.0, 8.0, 16.0, 100.0)
    times = [_poisson("tpot_ms_mean", q) for q in loads]
    assert times == sorted(times)
    served = [_poisson("output_tok_s", q) for q in loads]
    capacity = _poisson("req_s", 100.0) * 500
    assert served[1] == pytest.approx(500.0)  # one request a second of 500 tokens
    assert served[-1] == pytest.approx(capacity)


@pytest.mark.parametrize("scenario", ["closed_loop", "open_loop_poisson", "mlperf_interactive"])
def test_percentiles_are_in_order(scenario):
    load = "qps=4" if scenario == "open_loop_poisson" else "32"
    for metric in ("tpot", "itl", "ttft", "e2e"):
        levels = [
            _answer(f"{metric}_ms_{p}", scenario=scenario, concurrency=load)
            for p in ("p50", "p90", "p99")
        ]
        assert levels == sorted(levels), metric


def test_an_end_to_end_tail_is_what_its_parts_add_up_to():
    first, each, whole = (
        _answer(f"{m}_ms_p99", scenario="closed_loop", concurrency="32")
        for m in ("ttft", "tpot", "e2e")
    )
    assert whole == pytest.approx(first + 499 * each)


def test_prompts_are_read_no_faster_than_requests_complete():
    read, done = (
        _answer(m, scenario="closed_loop", concurrency="32") for m in ("prefill_tok_s", "req_s")
    )
    assert read == pytest.approx(1000 * done)


def test_a_run_of_separate_pools_is_never_called_measured() -> None:
    cells = dict.fromkeys(COLUMNS, "") | RUN | {"point_id": "p", "concurrency": "16"}
    grades = []
    for scenario in ("closed_loop", "closed_loop_disagg"):
        row = Row(2, "p", "tpot_ms_mean", 20.0, cells | {"scenario": scenario})
        grades.append(validate([row], load_catalog()).predictions[0].evidence)
    assert grades[0] != "extrapolated"
    assert grades[1] == "extrapolated"


def test_separate_pools_share_the_accelerators():
    """Long prompts with short answers leave few accelerators to decode: no free prefill."""
    long = {"isl": "8192", "osl": "256", "n_accel": "8", "concurrency": "256"}
    apart = _answer("output_tok_s_per_gpu", scenario="closed_loop_disagg", **long)
    together = _answer("output_tok_s_per_gpu", scenario="closed_loop", **long)
    assert apart < 1.5 * together
    calm = {**long, "isl": "1000", "osl": "1000", "concurrency": "64"}
    waits = _answer("tpot_ms_mean", scenario="closed_loop", **calm)
    assert _answer("tpot_ms_mean", scenario="closed_loop_disagg", **calm) < 1.3 * waits


def test_output_that_the_own_load_gives_is_no_error_of_the_engine() -> None:
    cells = dict.fromkeys(COLUMNS, "") | RUN | {"scenario": "mlperf_server", "point_id": "p"}
    rows = [
        Row(2, "p", "req_s", 2.0, cells | {"metric": "req_s"}),
        Row(3, "p", "output_tok_s", 1000.0, cells | {"metric": "output_tok_s"}),
        Row(4, "p", "tpot_ms_mean", 20.0, cells | {"metric": "tpot_ms_mean"}),
    ]
    checked = validate(rows, load_catalog())
    assert [p.own_load for p in checked.predictions] == [False, True, False]
    assert checked.predictions[1].predicted == pytest.approx(1000.0)
    throughput = checked.summary()["families"]["throughput"]
    assert (throughput["n"], throughput["without_own_load"]["n"]) == (2, 1)
    assert "without output of a stated load" in page(checked)
    assert checked.summary()["answered"] == 3


def _burst(metric: str, prompts: int, rate: float, **changes: str) -> float:
    text = f"{prompts} prompts at {rate} req/s"
    return _answer(metric, scenario="open_loop_poisson", concurrency=text, **changes)


def test_a_run_of_few_prompts_ends_with_its_last_answer():
    """Ten prompts within nine seconds, whose answers take longer: not ten answers a second."""
    first, each = (_burst(m, 10, 1.0) for m in ("ttft_ms_mean", "tpot_ms_mean"))
    took = 9.0 + (first + 499 * each) / 1e3
    assert _burst("output_tok_s", 10, 1.0) == pytest.approx(10 * 500 / took, rel=0.05)


def test_prompts_sent_almost_at_once_decode_together():
    together = _burst("tpot_ms_mean", 16, 1000.0)
    closed = _answer("tpot_ms_mean", scenario="closed_loop", concurrency="16")
    assert together == pytest.approx(closed, rel=0.3)
    assert together > 1.05 * _burst("tpot_ms_mean", 16, 0.01)


def test_a_run_that_goes_on_is_the_steady_load():
    for metric in ("tpot_ms_mean", "ttft_ms_mean", "output_tok_s"):
        assert _burst(metric, 1_000_000, 2.0) == pytest.approx(_poisson(metric, 2.0), rel=0.02)


def test_how_many_prompts_are_offered_may_stand_in_the_notes():
    noted = _answer(
        "output_tok_s",
        scenario="open_loop_poisson",
        concurrency="qps=1",
        notes="10 prompts offered at 1 request/s",
    )
    assert noted == pytest.approx(_burst("output_tok_s", 10, 1.0))
    # A rate that was served has the end of the run in it.
    cells = dict.fromkeys(COLUMNS, "") | RUN | {"scenario": "open_loop_poisson", "point_id": "p"}
    cells |= {"concurrency": "poisson", "notes": "10 prompts"}
    rows = [Row(2, "p", m, 0.1, cells | {"metric": m}) for m in ("req_s", "output_tok_s")]
    assert validate(rows, load_catalog()).predictions[1].predicted == pytest.approx(0.1 * 500)
