"""Latencies under load: against simulation, against samples, and their invariants."""

from __future__ import annotations

import dataclasses
from functools import cache, partial
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.load import load_catalog
from core.performance import engine, percentiles, step_time
from core.performance import load as loads
from core.performance.percentiles import Latency
from core.performance.replicas import replicas as queues_of
from core.performance.types import RequestProfile
from tests.benchmarks.bench_candidates import CHAT, chat_table
from tests.core.performance.simulation import (
    METRICS,
    SCENARIOS,
    Machine,
    predicted,
    queue,
    simulate,
    simulated,
    statistics,
)
from tests.core.performance.test_shapes_memory import table

MEAN, P50, P90, P95, P99 = range(5)
SMALL = cache(partial(chat_table, 12))
CATALOG = load_catalog()
H200 = CATALOG.resolve_accelerator("h200-sxm")


def _errors(scenario: str, cv: float, use: float, count: int):
    machine, profile, _weight = SCENARIOS[scenario]
    bursty = dataclasses.replace(profile, arrival_cv=cv)
    truth = simulated(machine, bursty, use, count)
    model = predicted(machine, bursty, use)
    return {m: model[m] / truth[m] - 1.0 for m in METRICS}


@pytest.mark.parametrize("use", [0.3, 0.6, 0.8])
@pytest.mark.parametrize("scenario", ["chat", "long answers", "many places"])
def test_poisson_agrees_with_simulation(scenario, use):
    error = _errors(scenario, 1.0, use, 6_000 if scenario == "long answers" else 12_000)
    for metric, most in (("ttft", 0.10), ("tpot", 0.05), ("e2e", 0.05)):
        assert abs(error[metric][MEAN]) < most
    for metric, most in (("ttft", 0.18), ("tpot", 0.08), ("e2e", 0.06)):
        assert abs(error[metric][P95]) < most


@pytest.mark.parametrize("use", [0.3, 0.6])
def test_bursts_agree_with_simulation(use):
    error = _errors("chat", 3.0, use, 20_000)
    assert abs(error["ttft"][MEAN]) < 0.35
    assert abs(error["ttft"][P95]) < 0.3
    assert np.all(np.abs(error["tpot"]) < 0.15)
    assert np.all(np.abs(error["e2e"]) < 0.12)


@pytest.mark.full
@pytest.mark.parametrize("scenario", list(SCENARIOS))
def test_every_scenario_agrees_with_simulation(scenario):
    count = int(10_000 * SCENARIOS[scenario][2])
    for use in (0.3, 0.6, 0.8):
        poisson = _errors(scenario, 1.0, use, count)
        for metric in METRICS:
            assert np.all(np.abs(poisson[metric][[MEAN, P95]]) < 0.25), (metric, use)
        if use < 0.8:
            bursts = _errors(scenario, 3.0, use, count)
            assert np.all(np.abs(bursts["ttft"][[MEAN, P95]]) < 0.35), use
            assert np.all(np.abs(bursts["e2e"][[MEAN, P95]]) < 0.25), use


def test_bursts_cost_what_is_known_of_them():
    """Gamma arrivals with CV 3 raise mean TTFT several times near saturation."""
    machine, profile, _weight = SCENARIOS["few places"]
    calm = predicted(machine, profile, 0.9)["ttft"]
    burst = predicted(machine, dataclasses.replace(profile, arrival_cv=3.0), 0.9)["ttft"]
    assert 3.0 < burst[MEAN] / calm[MEAN] < 12.0


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("chance", [0.0, 0.02, 0.4, 0.95])
def test_percentiles_of_a_time_and_a_wait_are_those_of_samples(level, chance):
    floor, mean, sd, wait = 20.0, 100.0, 60.0, 400.0
    random = np.random.default_rng(7)
    sigma2 = np.log1p((sd / (mean - floor)) ** 2)
    time = floor + random.lognormal(np.log(mean - floor) - sigma2 / 2, np.sqrt(sigma2), 400_000)
    time += random.exponential(wait, time.shape) * (random.random(time.shape) < chance)
    one = np.ones(1)
    latency = Latency(floor * one, mean * one, sd**2 * one, chance * one, wait * one)
    found = percentiles.percentile(latency, level)[0]
    assert found == pytest.approx(np.quantile(time, level), rel=0.04)


def test_normal_tail_is_that_of_the_standard_library():
    z = np.linspace(-6, 6, 101)
    exact = np.array([1.0 - NormalDist().cdf(v) for v in z])
    assert percentiles.normal_tail(z) == pytest.approx(exact, abs=1e-7)


@settings(max_examples=40, deadline=None)
@given(
    scenario=st.sampled_from(list(SCENARIOS)),
    cv=st.floats(0.0, 6.0),
    low=st.floats(1e-4, 0.97),
    more=st.floats(0.0, 1.0),
)
def test_more_load_never_lowers_a_latency(scenario, cv, low, more):
    machine, profile, _weight = SCENARIOS[scenario]
    profile = dataclasses.replace(profile, arrival_cv=cv, reasoning_token_share=0.6)
    both = queue(machine, profile).take(np.array([0, 0]))
    use = np.array([low, low + (0.98 - low) * more])
    state = loads.state(both, loads.requests(profile), use * both.saturation_per_ms)
    for name in ("ttft", "answer", "tpot", "e2e"):
        found = percentiles.distribution(getattr(state, name))
        for column in (found.mean, found.p50, found.p90, found.p95, found.p99):
            # percentiles of TPOT may dip by a little next to saturation
            assert column[1] >= column[0] * (1.0 - 0.01)
        assert found.p50[0] <= found.p90[0] <= found.p95[0] <= found.p99[0]


def _tpot(machine, req_s, answer):
    """Statistics of TPOT at a rate, as predicted, with answers of a mean length."""
    profile = RequestProfile(1500, 3700, answer, 2.5 * answer)
    state = loads.state(
        queue(machine, profile), loads.requests(profile), np.array([req_s / 1000.0])
    )
    found = percentiles.distribution(state.tpot)
    return profile, np.array([c[0] for c in (found.mean, found.p50, found.p90, found.p95)])


def test_shorter_answers_have_the_longer_tail_of_tpot_as_simulated():
    """Fewer decode beside each other, so the mean falls; but a prompt that interrupts an answer of
    60 tokens is felt in each of them twice as much as in one of 130, and the target is at P95."""
    machine, found = Machine(12, 0.15, 60, 256), {}
    for answer in (60, 130, 480):
        profile, model = _tpot(machine, 4.0, answer)
        truth = statistics(simulate(machine, profile, 4.0, 10_000, 5).tpot)
        assert model[[MEAN, P95]] == pytest.approx(truth[[MEAN, P95]], rel=0.08)
        found[answer] = np.array([truth[[MEAN, P95]], model[[MEAN, P95]]])
    for mean, tail in (found[130] / found[60]).tolist():  # simulated, predicted
        assert mean > 1.02 and tail < 0.97
    for mean, tail in (found[480] / found[130]).tolist():  # in the end more at once weighs more
        assert mean > 1.2 and tail > 1.1


def test_very_short_answers_have_a_longer_mean_of_tpot_too_as_simulated():
    """Of each request alike: one of few tokens that is interrupted counts as much as a long one."""
    machine, found = Machine(12, 0.25, 150, 256), []
    for answer in (20, 40):
        profile, model = _tpot(machine, 2.0, answer)
        found.append((statistics(simulate(machine, profile, 2.0, 10_000, 5).tpot)[MEAN], model[0]))
    (short, told_short), (longer, told_longer) = found
    assert short > 1.1 * longer and told_short > 1.1 * told_longer
    assert (told_short, told_longer) == pytest.approx((short, longer), rel=0.06)


def test_littles_law_holds_for_the_mean():
    machine, profile, _weight = SCENARIOS["chat"]
    one = queue(machine, profile)
    for use in (0.2, 0.6, 0.9):
        load = use * one.saturation_per_ms
        state = loads.state(one, loads.requests(profile), load)
        solved = np.concatenate([state.decoding * state.busy])
        chain_mean = solved[0] / load[0]
        assert state.e2e.mean[0] == pytest.approx(chain_mean, rel=1e-9)
        # the chain's own occupancy, which knows nothing of TTFT and TPOT
        from core.performance import queueing

        inside = queueing.occupancy(one.chain, one.rate, load, 0.0 * load, 1.0 + 0.0 * load)
        assert float(inside.seen[0] @ one.chain.levels[0]) == pytest.approx(
            load[0] * state.e2e.mean[0], rel=0.03
        )


def test_thinking_delays_the_answer_and_nothing_else():
    table = chat_table(20)
    load = 0.5 * engine.capacity(table, CHAT, engine_targets(), 0.0).saturation_req_s
    plain = engine.operate(table, CHAT, load)
    thinking = engine.operate(table, dataclasses.replace(CHAT, reasoning_token_share=0.7), load)
    assert plain.answer_ttft_ms.p95 == pytest.approx(plain.ttft_ms.p95)
    assert thinking.ttft_ms.p95 == pytest.approx(plain.ttft_ms.p95)
    assert np.all(thinking.answer_ttft_ms.p50 > 3 * plain.ttft_ms.p50)
    assert np.all(thinking.answer_ttft_ms.mean < thinking.e2e_ms.mean)


def engine_targets():
    from core.performance.types import Targets

    return Targets()


def _with_room(table, places):
    """The rows whose memory holds at least so many requests."""
    rows = np.flatnonzero(engine.memory(table, CHAT).max_concurrency >= places)
    columns = {
        f.name: getattr(table, f.name)[rows]
        for f in dataclasses.fields(table)
        if f.name not in ("model", "accelerators")
    }
    return dataclasses.replace(table, **columns)


def test_queues_are_made_from_the_published_step_times():
    table = dataclasses.replace(chat_table(30), concurrency_limit=np.full(30, 8))
    table = _with_room(table, 8)
    queues = queues_of(table, CHAT)
    knots = np.array([1.0, 2.0, 8.0])
    times = step_time.step_times(table, 1155.0, 211.0, 0.5, knots)
    at = [1, 2, 8]
    assert queues.step_ms[:, at] == pytest.approx(times.decode_ms)
    per_request = times.ttft_ms + times.tpot_ms * 210.0
    work = times.prefill_ms + times.decode_ms * 210.0 / knots
    assert queues.rate[:, at] == pytest.approx(np.minimum(knots / per_request, 1.0 / work))


def test_an_overloaded_replica_is_said_to_be_unstable():
    table = chat_table(10)
    top = engine.capacity(table, CHAT, engine_targets(), 0.0).saturation_req_s
    state = engine.operate(table, CHAT, top * np.array([0.5, 1.0, 1.5, 0.9, 3, 1, 1, 1, 0, 0.1]))
    assert state.stable.tolist() == [True, False, False, True, *[False] * 4, True, True]
    for latency in (state.ttft_ms, state.tpot_ms, state.e2e_ms, state.answer_ttft_ms):
        for column in (latency.mean, latency.p50, latency.p99):
            assert np.array_equal(np.isfinite(column), state.stable)
    assert state.utilisation[1] == pytest.approx(1.0)
    assert state.concurrency_mean[8] == 0.0
    assert state.prefill_share[8] == 0.0


def test_power_grows_with_load_and_shares_sum_to_one():
    table = chat_table(8)
    top = engine.capacity(table, CHAT, engine_targets(), 0.0).saturation_req_s
    grid = np.outer(top, [0.0, 0.1, 0.4, 0.8])
    curve = engine.curves(table, CHAT, grid)
    power = curve.power_w.reshape(grid.shape)
    known = ~np.isnan(power[:, 0])
    assert known.any()
    assert np.all(power[known, 1:] > power[known, :1])
    tdp = np.array([a.tdp_w or np.nan for a in table.accelerators])[table.accelerator_index]
    assert np.all(power[known] <= (tdp * table.tp)[known, None])
    for shares in (curve.decode_shares, curve.prefill_shares):
        total = sum(getattr(shares, f.name) for f in dataclasses.fields(shares))
        assert total == pytest.approx(1.0)
    assert np.all(curve.bandwidth_needed_gb_s >= 0)


def test_nothing_is_faster_than_the_data_sheet():
    """At a lone request the floor of a 70B decode step is its weights over the peak bandwidth."""
    table = chat_table(40)
    top = engine.capacity(table, CHAT, engine_targets(), 0.0).saturation_req_s
    lone = engine.operate(table, CHAT, 1e-6 * top)
    peak = np.array([table.accelerators[i].bandwidth_gb_s for i in table.accelerator_index])
    weight_bytes = np.where(table.weight_precision == "fp8", 1.0, 2.0)
    read_ms = 69.5e9 * weight_bytes / table.tp / (peak * 1e6)  # without the input embedding
    assert lone.floor_ms["tpot"] == pytest.approx(read_ms, rel=0.03)
    busy = engine.operate(table, CHAT, 0.8 * top)
    for found in (lone, busy):
        assert np.all(found.floor_ms["tpot"] <= found.tpot_ms.mean)
        assert np.all(found.floor_ms["ttft"] <= found.ttft_ms.mean)


def test_chosen_replicas_at_loads_are_tables_of_those_rows():
    table = chat_table(9)
    top = engine.capacity(table, CHAT, engine_targets(), 0.0).saturation_req_s
    rows, cvs = np.array([7, 2, 2, 0, 7]), np.array([1.0, 1.0, 3.0, 2.0, 1.5])
    loads = np.array([0.2, 0.8, 0.8, 0.5, 1.5]) * top[rows]
    found = engine.ready(table, CHAT).at_loads(rows, loads, cvs)
    other = engine.operate(table.take(rows), CHAT, loads, cvs)
    assert found.stable.tolist() == other.stable.tolist() == [True, True, True, True, False]
    for name in ("ttft_ms", "e2e_ms"):
        assert getattr(found, name).p99 == pytest.approx(getattr(other, name).p99)
    assert found.e2e_ms.p99[2] > found.e2e_ms.p99[1]  # burstier
    assert found.power_w == pytest.approx(other.power_w, nan_ok=True)
    floor = pytest.approx(other.floor_ms["ttft"])
    assert found.floor_ms["ttft"] == floor


def test_a_curve_is_the_same_as_single_loads():
    table = chat_table(6)
    top = engine.capacity(table, CHAT, engine_targets(), 0.0).saturation_req_s
    curve = engine.curves(table, CHAT, np.outer(top, [0.3, 0.7]))
    single = engine.operate(table, CHAT, 0.7 * top)
    assert curve.e2e_ms.p95[1::2] == pytest.approx(single.e2e_ms.p95)
    assert curve.power_w[1::2] == pytest.approx(single.power_w, nan_ok=True)


def test_chunked_prefill_costs_the_first_token_a_decode_step():
    table = chat_table(20)
    whole = dataclasses.replace(table, chunked_prefill=np.full(20, False))
    load = 0.7 * engine.capacity(table, CHAT, engine_targets(), 0.0).saturation_req_s
    mixed, apart = (engine.operate(t, CHAT, load) for t in (table, whole))
    assert np.all(apart.ttft_ms.mean < mixed.ttft_ms.mean)
    assert apart.tpot_ms.mean == pytest.approx(mixed.tpot_ms.mean, rel=0.02)


def test_equal_lengths_and_regular_arrivals_are_no_special_case():
    table = chat_table(5)
    even = RequestProfile(1000, 1000, 200, 200, arrival_cv=0.0)
    top = engine.capacity(table, even, engine_targets(), 0.0).saturation_req_s
    state = engine.operate(table, even, 0.5 * top)
    assert np.all(np.isfinite(state.e2e_ms.p99))
    one_token = RequestProfile(1000, 1000, 1, 1)
    top = engine.capacity(table, one_token, engine_targets(), 0.0).saturation_req_s
    state = engine.operate(table, one_token, 0.5 * top)
    assert state.e2e_ms.mean == pytest.approx(state.ttft_ms.mean)


@settings(max_examples=40, deadline=None)
@given(
    tokens_in=st.floats(1.0, 100_000.0),
    tokens_out=st.floats(1.0, 20_000.0),
    wide_in=st.floats(0.5, 10.0),
    wide_out=st.floats(0.5, 10.0),
    cached=st.floats(0.0, 0.99),
    thinking=st.floats(0.0, 0.99),
    cv=st.floats(0.0, 20.0),
    use=st.floats(0.0, 0.999),
)
def test_any_profile_gives_finite_ordered_latencies(
    tokens_in, tokens_out, wide_in, wide_out, cached, thinking, cv, use
):
    profile = RequestProfile(
        tokens_in, tokens_in * wide_in, tokens_out, tokens_out * wide_out, cached, thinking, cv
    )
    table = SMALL()
    table = table.take(np.flatnonzero(engine.memory(table, profile).fits))
    top = loads_top(table, profile)
    state = engine.operate(table, profile, use * top)
    assert np.all(state.stable)
    for latency in (state.ttft_ms, state.answer_ttft_ms, state.tpot_ms, state.e2e_ms):
        columns = (latency.p50, latency.p90, latency.p95, latency.p99, latency.mean)
        assert all(np.all(np.isfinite(c)) and np.all(c > 0) for c in columns)
        assert np.all(latency.p50 <= latency.p90) and np.all(latency.p90 <= latency.p99)
    assert np.all(state.ttft_ms.mean <= state.answer_ttft_ms.mean * (1 + 1e-9))
    assert np.all(state.answer_ttft_ms.mean <= state.e2e_ms.mean * (1 + 1e-9))
    assert np.all((state.prefill_share >= 0) & (state.prefill_share <= 1))


def loads_top(table, profile):
    return queues_of(table, profile).saturation_per_ms * 1000.0


@pytest.mark.parametrize("use", [0.6, 0.8])
def test_bursts_of_long_prompts_wait_as_long_as_simulated(use):
    """Variances of lengths and of clumps add up; multiplied, the wait was a third too long."""
    error = _errors("prompt-bound", 3.0, use, 30_000)
    assert abs(error["ttft"][MEAN]) < 0.18
    assert abs(error["ttft"][P50]) < 0.25
    assert abs(error["ttft"][P95]) < 0.25


def test_half_busy_ranks_of_data_parallel_attention_do_not_queue():
    """20,000-token prompts at half load: four of eight ranks read, which is a lone prompt's time
    and what others add to it; as one server that is always busy it had taken six times as long."""
    rows = table(CATALOG.resolve_model("Qwen3-235B-A22B"), H200, 1, dp_attention=8, ep=8)
    prompts = RequestProfile(20_000, 40_000, 50, 100)
    queues = queues_of(rows, prompts)
    load = 0.5 * queues.saturation_per_ms * 1e3
    lone = engine.operate(rows, prompts, 1e-6 * load).ttft_ms.mean
    half = engine.operate(rows, prompts, load).ttft_ms.mean
    assert lone < half < 2.0 * lone
    faster = dataclasses.replace(H200, tflops_fp8=1.4 * H200.tflops_fp8)
    sooner = engine.operate(dataclasses.replace(rows, accelerators=(faster,)), prompts, load)
    assert sooner.ttft_ms.mean < half


def test_what_does_not_fit_serves_nothing():
    """405B in 16 bits on one card, a split that no engine has, bits without a kernel."""
    large = CATALOG.resolve_model("Llama-3.1-405B")
    impossible = (
        table(large, H200, 1, "bf16"),
        table(CATALOG.resolve_model("Llama-3.3-70B"), H200, 3),
        table(CATALOG.resolve_model("Llama-3.3-70B"), CATALOG.resolve_accelerator("tpu-v5e"), 8),
    )
    for rows in impossible:
        assert engine.memory(rows, CHAT).reason[0]
        state = engine.operate(rows, CHAT, np.array([0.01]))
        assert not state.stable[0]
        assert np.isinf(state.ttft_ms.mean[0]) and np.isinf(state.e2e_ms.p99[0])
        found = engine.capacity(rows, CHAT, engine_targets(), 0.0)
        assert found.req_s[0] == found.saturation_req_s[0] == 0.0
        assert found.binding[0] == "memory"
        assert np.isinf(found.lone_request.tpot_ms.p50[0])
