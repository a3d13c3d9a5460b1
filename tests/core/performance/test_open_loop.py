"""Published open loops and separate pools: limits that hold whatever the parameters are."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest

from core.catalog.load import load_catalog
from core.performance.backlog import backlog
from core.performance.measurement_format import COLUMNS, Row
from core.performance.published_lengths import stated_rate
from core.performance.validate import validate
from core.performance.validation_table import text as page
from tests.core.performance.published_rows import LLAMA_70B, row_of


def _answer(metric: str, **changes: str) -> float:
    (found,) = validate([row_of(LLAMA_70B | changes, metric)], load_catalog()).predictions
    assert found.predicted is not None, found.reason
    return found.predicted


def _blank(scenario: str) -> dict[str, str]:
    """The cells of a run of which only the scenario is told."""
    return dict.fromkeys(COLUMNS, "") | LLAMA_70B | {"scenario": scenario, "point_id": "p"}


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
    cells = dict.fromkeys(COLUMNS, "") | LLAMA_70B | {"point_id": "p", "concurrency": "16"}
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
    cells = _blank("mlperf_server")
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
    cells = (
        dict.fromkeys(COLUMNS, "") | LLAMA_70B | {"scenario": "open_loop_poisson", "point_id": "p"}
    )
    cells |= {"concurrency": "poisson", "notes": "10 prompts"}
    rows = [Row(2, "p", m, 0.1, cells | {"metric": m}) for m in ("req_s", "output_tok_s")]
    assert validate(rows, load_catalog()).predictions[1].predicted == pytest.approx(0.1 * 500)


SPELLINGS = ("qps=8", "QPS = 8", "qps:8", "8 qps", "8 req/s", "rate=8", "request_rate: 8.0")


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_rate_is_read_however_it_is_written(text):
    assert stated_rate({"scenario": "open_loop_poisson", "concurrency": text}) == 8.0


@pytest.mark.parametrize("text", ["qps=inf", "inf", "max", "rate=inf", "inf req/s"])
def test_all_at_once_is_a_rate_without_bound(text):
    assert stated_rate({"scenario": "open_loop_poisson", "concurrency": text}) == math.inf


@pytest.mark.parametrize("text", ["qps=0", "qps=1,5"])
def test_a_rate_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="qps"):
        stated_rate({"scenario": "open_loop_poisson", "concurrency": text})


def test_a_stated_rate_is_what_is_served_until_the_replica_is_full():
    assert _poisson("req_s", 1.0) == pytest.approx(1.0)
    alone = _answer("req_s", scenario="open_loop_poisson", concurrency="poisson")
    assert _poisson("req_s", 1000.0) == pytest.approx(alone)  # its own capacity


def test_what_a_stated_rate_gives_is_no_error_of_the_engine():
    cells = (
        dict.fromkeys(COLUMNS, "") | LLAMA_70B | {"scenario": "open_loop_poisson", "point_id": "p"}
    )
    for rate, theirs in (("qps=1", True), ("qps=1000", False)):
        row = Row(2, "p", "req_s", 1.0, cells | {"concurrency": rate, "metric": "req_s"})
        assert validate([row], load_catalog()).predictions[0].own_load is theirs


def test_beyond_capacity_the_first_token_waits_for_the_backlog():
    """A thousand prompts in a second or so: nearly all wait for those before them."""
    capacity = _poisson("req_s", 1000.0)
    waits = _burst("ttft_ms_mean", 4000, 1000.0) / 1e3
    assert 0.2 * 2000 / capacity < waits < 2000 / capacity
    levels = [_burst(f"ttft_ms_{p}", 4000, 1000.0) / 1e3 for p in ("p50", "p90", "p99")]
    assert levels == sorted(levels)
    assert levels[0] == pytest.approx(waits, rel=0.2)  # even arrivals wait evenly longer
    assert _burst("output_tok_s", 4000, 1000.0) == pytest.approx(capacity * 500, rel=0.1)


def test_beyond_capacity_without_an_end_no_first_token_is_told():
    cells = (
        dict.fromkeys(COLUMNS, "") | LLAMA_70B | {"scenario": "open_loop_poisson", "point_id": "p"}
    )
    for rate in ("qps=1000", "qps=inf"):
        rows = [
            Row(2, "p", m, 1.0, cells | {"concurrency": rate, "metric": m})
            for m in ("ttft_ms_p99", "e2e_ms_mean", "tpot_ms_mean", "output_tok_s")
        ]
        found = validate(rows, load_catalog()).predictions
        assert [p.predicted is None for p in found] == [True, True, False, False]
        assert "grows with the number of requests" in found[0].reason


def test_a_backlog_is_that_of_a_queue_with_places():
    """First come, first served: 40 places, exponential stays, 2,000 requests within 30 seconds."""
    rng = np.random.default_rng(3)
    stays, free, waits = rng.exponential(2.0, 2000), [0.0] * 40, []
    for came, stay in zip(np.linspace(0.0, 30.0, 2000), stays, strict=True):
        begins = max(heapq.heappop(free), came)
        waits.append(begins - came)
        heapq.heappush(free, begins + stay)
    one = np.ones((1, 1))
    found = backlog(2000 * one, 30 * one, 20 * one, 40 * one, 0.001 * one)
    assert found.mean.item() == pytest.approx(np.mean(waits), rel=0.1)
    assert found.last.item() == pytest.approx(waits[-1], rel=0.1)
    assert found.levels["p90"].item() == pytest.approx(np.quantile(waits, 0.9), rel=0.1)


@pytest.mark.parametrize("scenario", ["closed_loop", "static_batch", "saturated_batch"])
@pytest.mark.parametrize("inside", ["1", "16", "256"])
def test_times_between_tokens_are_in_order(scenario, inside):
    levels = [
        _answer(f"itl_ms_{p}", scenario=scenario, concurrency=inside)
        for p in ("p50", "p90", "p95", "p99")
    ]
    assert levels == sorted(levels)
