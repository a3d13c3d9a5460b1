"""Static batching held against a simulation of its batches, and against continuous batching."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.candidates import Policy, serving_table
from core.performance import engine
from core.performance.capacity import MAX_UTILISATION
from core.performance.memory import memory
from core.performance.queueing import lognormal_sigma
from core.performance.static_batches import longest, static_batches
from core.performance.step_time import step_times
from core.performance.types import ServingTable, Targets
from core.venues.demand import Demand, demands_of
from tests.core.assess.cases import run, small_catalog

NONE = Targets()


@pytest.fixture(scope="module")
def demand() -> Demand:
    catalog, asked = small_catalog(), run().assessment
    return demands_of(asked, catalog.models, catalog.traffic_shapes)[0]


@pytest.fixture(scope="module")
def table(demand: Demand) -> ServingTable:
    """FP8 weights on one and more accelerators."""
    hardware = [(small_catalog().accelerators["h100-sxm"], 8)]
    return serving_table(demand, hardware, Policy(weights=("fp8",), kv_precisions=("fp8",)))


@pytest.mark.parametrize("count", [1, 2, 16, 256])
def test_the_longest_answer_as_drawn(count: int) -> None:
    mean, p95 = 300.0, 900.0
    sigma = lognormal_sigma(mean, p95)
    draws = np.random.default_rng(5).lognormal(np.log(mean) - sigma**2 / 2, sigma, (20_000, count))
    assert longest(mean, p95, count) == pytest.approx(draws.max(axis=1).mean(), rel=0.03)


def test_answers_of_one_length_end_together() -> None:
    assert longest(200.0, 200.0, 64) == pytest.approx(200.0)


def test_the_rate_of_simulated_batches(demand: Demand, table: ServingTable) -> None:
    """Batch after batch, each as long as its longest answer, on the engine's step times."""
    profile = demand.profile
    found = static_batches(table, profile, NONE)
    fits = np.flatnonzero(memory(table, profile).fits)
    row = int(fits[-1])
    size = int(found.size[row])
    times = step_times(
        table,
        profile.input_tokens_mean,
        profile.output_tokens_mean,
        profile.prefix_cache_share,
        float(size),
    )
    step = float(np.broadcast_to(times.decode_ms, (len(table), 1))[row, 0])
    prefill = float(np.broadcast_to(times.prefill_ms, (len(table), 1))[row, 0])
    sigma = lognormal_sigma(profile.output_tokens_mean, profile.output_tokens_p95)
    middle = np.log(profile.output_tokens_mean) - sigma**2 / 2
    lengths = np.random.default_rng(9).lognormal(middle, sigma, (4000, size))
    cycles = size * prefill + (lengths.max(axis=1) - 1.0) * step
    simulated = 1e3 * size / cycles.mean()
    assert found.req_s[row] == pytest.approx(MAX_UTILISATION * simulated, rel=0.03)
    # half of those that come meet less than half a cycle still to run
    assert found.ttft_ms[row] > 0.5 * cycles.mean()


def test_it_never_serves_more_than_continuous_batching(demand: Demand, table: ServingTable) -> None:
    static = static_batches(table, demand.profile, NONE)
    both = engine.capacity(table, demand.profile, NONE, 0.0)
    fits = memory(table, demand.profile).fits
    assert (static.req_s[fits] <= both.saturation_req_s[fits] * 1.001).all()


def test_a_limit_on_the_first_token_takes_smaller_batches(
    demand: Demand, table: ServingTable
) -> None:
    free = static_batches(table, demand.profile, NONE)
    limit = 0.5 * float(free.ttft_ms.max())
    held = static_batches(table, demand.profile, Targets(ttft_ms=limit, percentile="p95"))
    meets = held.meets_targets
    assert (held.req_s[meets] <= free.req_s[meets] * (1 + 1e-12)).all()
    assert (held.ttft_ms[meets] < limit).all()
    hopeless = static_batches(table, demand.profile, Targets(ttft_ms=1.0))
    assert not hopeless.meets_targets.any()
    assert hopeless.req_s == pytest.approx(free.req_s)


def test_one_request_at_a_time_is_a_batch_of_one(demand: Demand, table: ServingTable) -> None:
    alone = dataclasses.replace(table, concurrency_limit=np.ones(len(table), dtype=np.int64))
    assert (static_batches(alone, demand.profile, NONE).size == 1).all()
