"""Published runs of separate pools: a closed loop against its own simulation, bounds, scaling."""

from __future__ import annotations

import heapq

import numpy as np
import pytest

from core.catalog.load import load_catalog
from core.performance import batching, disaggregation, physics, published_pools, step_time
from core.performance.links import PORT_GB_S
from core.performance.measurement_format import COLUMNS, Row
from core.performance.validate import validate
from tests.core.performance.test_step_time import table

CATALOG = load_catalog()
LLAMA, H100 = CATALOG.resolve_model("Llama-3.3-70B"), CATALOG.resolve_accelerator("h100-sxm")
SETTING = step_time.setting(table(LLAMA, H100, tp=4))
PROMPT, ANSWER = 1000.0, 400.0
RUN = {
    "source_id": "made-up",
    "version_date": "2026-01",
    "model": "Llama-3.3-70B",
    "weight_precision": "fp8",
    "accelerator": "H100",
    "engine": "vLLM 0.11",
    "isl": "4000",
    "osl": "400",
    "spec_decode": "off",
    "scenario": "closed_loop_disagg",
}


def loop(inside: float, readers: float = 1.0, most: float = 1e4) -> published_pools.Loop:
    return published_pools.closed_loop(
        SETTING, SETTING, readers, PROMPT, 0.0, ANSWER, np.array([[inside]]), most
    )


def one(value: object) -> float:
    return float(np.asarray(value).reshape(-1)[0])


def simulated_wait(n: int, work: float, rest: float, rounds: int, seed: int) -> float:
    """Mean wait for one prefill server, first come first served, of n requests that start at once.

    Each decodes for ``rest`` (answers 0.8 to 1 of the longest, as benchmarks draw them) and is
    followed by the next, until ``rounds`` x n are served.
    """
    random = np.random.default_rng(seed)
    arrivals = [0.0] * n
    free, waits = 0.0, []
    while arrivals:
        now = heapq.heappop(arrivals)
        start = max(now, free)
        free = start + work
        waits.append(start - now)
        if len(waits) + len(arrivals) < rounds * n:
            heapq.heappush(arrivals, free + rest * random.uniform(0.8, 1.0) / 0.9)
    return float(np.mean(waits))


@pytest.mark.parametrize("inside", [8.0, 24.0, 48.0])
def test_prompts_wait_as_in_a_simulation_of_the_loop(inside):
    found = loop(inside)
    work, rest = one(found.prefill), one(found.rest)
    assert inside * work < 0.8 * rest  # below what the prefill pool can do
    alone = one(physics.prefill_step(SETTING, PROMPT, 0.0).total)
    handled = one(SETTING.q["prompt_ms"]) * 1e-3
    # 320 KiB per token, its heads on four accelerators
    moved = PROMPT * 327_680 / 4 / (PORT_GB_S * 1e9)
    step = one(physics.decode_step(SETTING, found.decoding, PROMPT + ANSWER / 2).total)
    entry = one(disaggregation.admission_seconds(SETTING.q, step, found.decoding))
    waited = one(found.ttft) - alone - handled - moved - entry
    rounds = int(published_pools.BENCHMARK_ROUNDS)
    expected = np.mean([simulated_wait(int(inside), work, rest, rounds, k) for k in range(20)])
    assert waited == pytest.approx(expected, rel=0.25)


@pytest.mark.parametrize(("inside", "readers", "most"), [(2000, 0.25, 1e4), (600, 4.0, 64.0)])
def test_no_pool_lets_more_through_than_it_can(inside, readers, most):
    found = loop(inside, readers, most)
    rate = inside / one(found.ttft + found.rest)
    work = one(batching.prefill_work(SETTING, PROMPT, 0.0, inside / readers))
    assert rate <= readers / work * (1 + 1e-6)
    assert rate * one(found.rest) <= most * (1 + 1e-6)
    # The slower of the two is busy: all others wait for it.
    assert max(rate * work / readers, rate * one(found.rest) / most) > 0.95


def test_requests_are_in_one_place_at_a_time():
    found = loop(48.0)
    share = one(found.rest) / one(found.ttft + found.rest)
    assert one(found.decoding) == pytest.approx(48.0 * share, rel=0.01)


def pools(metric: str, prefill: int, decode: int, concurrency: int, **changes: str) -> float:
    """A prediction for prefill workers of 2 and decode workers of 4 accelerators."""
    cells = dict.fromkeys(COLUMNS, "") | RUN | changes
    cells |= {
        "point_id": "p",
        "metric": metric,
        "concurrency": str(concurrency),
        "n_accel": str(2 * prefill + 4 * decode),
        "notes": f"disaggregated: {prefill} prefill worker(s) x 2 GPU + "
        f"{decode} decode worker(s) x 4 GPU",
    }
    (found,) = validate([Row(2, "p", metric, 1.0, cells)], CATALOG).predictions
    assert found.predicted is not None, found.reason
    return found.predicted


def test_twice_the_workers_and_requests_serve_twice_as_much_as_fast():
    once, twice = (
        [pools(m, k, k, 64 * k) for m in ("tpot_ms_mean", "ttft_ms_mean")] for k in (1, 2)
    )
    assert twice == pytest.approx(once)
    assert pools("output_tok_s", 2, 2, 128) == pytest.approx(2 * pools("output_tok_s", 1, 1, 64))


def test_each_pool_speeds_its_own_phase():
    assert pools("ttft_ms_mean", 3, 1, 64) < pools("ttft_ms_mean", 1, 1, 64)
    assert pools("tpot_ms_mean", 3, 3, 64) < pools("tpot_ms_mean", 3, 1, 64)


def test_a_lone_request_decodes_as_on_a_replica_of_that_size():
    together = {"scenario": "closed_loop", "n_accel": "4", "tp": "4", "notes": ""}
    cells = dict.fromkeys(COLUMNS, "") | RUN | together | {"point_id": "p", "concurrency": "1"}
    row = Row(2, "p", "tpot_ms_mean", 1.0, cells | {"metric": "tpot_ms_mean"})
    alone = validate([row], CATALOG).predictions[0].predicted
    assert pools("tpot_ms_mean", 1, 1, 1) == pytest.approx(alone, rel=0.05)


def test_no_prompt_stops_a_decode_pool():
    """Longer prompts lengthen the context that is read, nothing else: ITL has no tail of them."""
    tail = pools("itl_ms_p99", 3, 1, 64) / pools("tpot_ms_mean", 3, 1, 64)
    longer = pools("itl_ms_p99", 3, 1, 64, isl="8000") / pools("tpot_ms_mean", 3, 1, 64, isl="8000")
    assert longer == pytest.approx(tail)


def test_pools_that_are_not_stated_are_matched_in_rate():
    """With the pools' sizes left open, neither is given work that it cannot do."""
    cells = dict.fromkeys(COLUMNS, "") | RUN | {"point_id": "p", "n_accel": "24", "tp": "4"}
    cells |= {"concurrency": "192", "metric": "output_tok_s"}
    (found,) = validate([Row(2, "p", "output_tok_s", 1.0, cells)], CATALOG).predictions
    stated = [pools("output_tok_s", p, d, 192) for p, d in ((2, 5), (4, 4), (6, 3), (8, 2))]
    assert found.predicted is not None
    assert 0.7 * max(stated) < found.predicted < 1.3 * max(stated)
