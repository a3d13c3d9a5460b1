"""Every serving option changes what its physics says it must, by about as much."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from core.catalog.load import load_catalog
from core.performance import batching, engine, memory, step_time
from core.performance.types import RequestProfile, Targets
from tests.core.performance.test_shapes_memory import table

CATALOG = load_catalog()
LLAMA = CATALOG.resolve_model("Llama-3.3-70B")
DEEPSEEK = CATALOG.resolve_model("DeepSeek-R1")
H100 = CATALOG.resolve_accelerator("h100-sxm")
H200 = CATALOG.resolve_accelerator("h200-sxm")
PROFILE = RequestProfile(2000, 4000, 300, 600)


def decode_ms(rows, n, input_tokens=2000.0):
    return float(step_time.step_times(rows, input_tokens, 300.0, 0.0, [float(n)]).decode_ms[0, 0])


def alone_ms(rows, input_tokens=2000.0, cached=0.0):
    found = step_time.step_times(rows, input_tokens, 300.0, cached, [1.0])
    return float(found.ttft_alone_ms[0, 0])


def test_narrower_weights_are_read_sooner_but_overheads_stay():
    wide, narrow = (decode_ms(table(LLAMA, H200, 2, weight), 1) for weight in ("bf16", "fp8"))
    assert 0.5 * wide < narrow < 0.85 * wide
    # 70.6 GB less over two accelerators of 4.8 TB/s is 7.3 ms at the very best.
    assert wide - narrow > 7.3


def test_a_narrower_cache_holds_twice_and_is_read_sooner():
    wide, narrow = (table(LLAMA, H200, 2, "fp8", kv) for kv in ("bf16", "fp8"))
    held = [int(memory.memory(rows, PROFILE).max_concurrency[0]) for rows in (wide, narrow)]
    assert held[1] == pytest.approx(2 * held[0], abs=1)
    # 32 requests of 30,150 tokens: 320 KiB a token is 316 GB, half of it over 2 x 4.8 TB/s.
    saved = decode_ms(wide, 32, 30_000.0) - decode_ms(narrow, 32, 30_000.0)
    assert saved > 0.9 * 32 * 30_150 * 327_680 / 2 / (2 * 4.8e12) * 1e3


def test_a_cached_prefix_saves_its_linear_work():
    rows = table(LLAMA, H100, 4)
    whole, half, most = (alone_ms(rows, 8000.0, share) for share in (0.0, 0.5, 0.9))
    assert whole > half > most
    # New tokens still attend to the cached ones, so the saving is less than the share.
    assert 0.5 * whole < half < 0.62 * whole
    assert (
        engine.operate(rows, PROFILE, np.array([0.2])).prefill_share[0]
        > (
            engine.operate(
                rows, dataclasses.replace(PROFILE, prefix_cache_share=0.8), np.array([0.2])
            ).prefill_share[0]
        )
    )


def test_a_prefix_cache_that_is_off_saves_nothing():
    rows = table(LLAMA, H100, 4, prefix_caching=False)
    assert alone_ms(rows, 8000.0, 0.9) == pytest.approx(alone_ms(rows, 8000.0, 0.0))


def test_accepted_drafts_gain_most_where_steps_are_bound_by_memory():
    plain, drafted = (table(LLAMA, H100, 4, spec_accept=x) for x in (0.0, 1.0))

    def gain(n):
        tpot = [
            float(step_time.step_times(rows, 2000.0, 300.0, 0.0, [n]).tpot_ms[0, 0])
            for rows in (plain, drafted)
        ]
        return tpot[0] / tpot[1]

    assert 1.5 < gain(1.0) <= 2.0
    assert gain(256.0) < gain(1.0)


def test_tensor_parallelism_shortens_a_step_by_less_than_its_degree():
    steps = [decode_ms(table(LLAMA, H200, tp), 8) for tp in (1, 2, 4, 8)]
    for one, two in itertools.pairwise(steps):
        assert 0.5 * one < two < one
    shares = [
        float(
            step_time.decode_shares(
                table(LLAMA, H200, tp), 2000.0, 300.0, np.array([8.0])
            ).communication[0]
        )
        for tp in (1, 2, 8)
    ]
    assert shares[0] == 0.0 < shares[1] < shares[2]


def test_pipeline_stages_split_memory_and_gain_throughput_not_latency():
    one, two = (table(LLAMA, H200, 2, pp=pp) for pp in (1, 2))
    weights = [float(memory.memory(rows, PROFILE).weights_gib[0]) for rows in (one, two)]
    assert weights[1] == pytest.approx(weights[0] / 2)
    held = [int(memory.memory(rows, PROFILE).max_concurrency[0]) for rows in (one, two)]
    assert held[1] > 2 * held[0]
    # A lone request passes every stage in turn; a full pipeline works in all at once.
    assert decode_ms(two, 1) >= decode_ms(one, 1)
    full = 128
    rate = [full / decode_ms(one, full), full / decode_ms(two, full)]
    assert rate[0] < rate[1] < 2 * rate[0]


def test_attention_data_parallelism_keeps_one_latent_per_sequence():
    """Under tensor parallelism every rank holds the whole latent cache of MLA."""
    tensor = table(DEEPSEEK, H200, 8, concurrency_limit=100_000)
    data = table(DEEPSEEK, H200, 1, dp_attention=8, ep=8, concurrency_limit=100_000)
    held = [memory.memory(rows, PROFILE) for rows in (tensor, data)]
    assert all(bool(m.supported[0] and m.fits[0]) for m in held)
    room = [float(m.kv_budget_gib[0]) for m in held]
    assert held[1].max_concurrency[0] == pytest.approx(
        8 * room[1] / room[0] * held[0].max_concurrency[0], rel=0.02
    )
    # Each rank reads its own sequences' KV only: a large batch steps sooner.
    assert decode_ms(data, 512, 8000.0) < decode_ms(tensor, 512, 8000.0)


def test_expert_parallelism_spreads_the_experts():
    eight, sixteen = (
        table(DEEPSEEK, CATALOG.resolve_accelerator("gb200"), 1, dp_attention=n, ep=n)
        for n in (8, 16)
    )
    weights = [float(memory.memory(rows, PROFILE).weights_gib[0]) for rows in (eight, sixteen)]
    # Experts are 97 % of the weights; attention is held by every rank.
    assert 0.5 * weights[0] < weights[1] < 0.65 * weights[0]


def test_a_concurrency_limit_bounds_the_batch_and_the_rate():
    free, bound = table(LLAMA, H200, 4), table(LLAMA, H200, 4, concurrency_limit=8)
    load = np.array([50.0])
    at_once = [
        engine.capacity(rows, PROFILE, Targets(), 0.0).saturation_req_s[0] for rows in (free, bound)
    ]
    assert at_once[1] < at_once[0]
    # Eight places, each taken for at least the answer's decode steps.
    least = 299 * decode_ms(bound, 8) / 1e3
    assert at_once[1] <= 8 / least
    assert not engine.operate(bound, PROFILE, load).stable[0]


def test_drafted_tokens_are_expected_as_a_geometric_series_says():
    """(1 - a^(k+1)) / (1 - a) tokens a step: of k drafted at 70 % acceptance the assumed yield of
    0.7 is that of one; more drafts yield less, which is why the input is what is kept."""
    accepted = (1 - 0.7**2) / (1 - 0.7) - 1.0
    assert batching.verified_tokens(accepted) == pytest.approx(2.0)


def test_verified_drafts_count_in_the_shares_and_on_the_roof():
    """At one request a dense model reads the same bytes for 1 + 1 / 0.7 times the arithmetic."""
    plain, drafted = (table(LLAMA, H100, 4, spec_accept=x) for x in (0.0, 1.0))
    one = np.array([1.0])
    roofs = [engine.roofline(engine.ready(rows, PROFILE), one) for rows in (plain, drafted)]
    intensity = [found.points[1].intensity_flop_per_byte[0] for found in roofs]
    assert intensity[1] / intensity[0] == pytest.approx(1.0 + 1.0 / 0.7, rel=1e-6)
    assert roofs[1].points[1].achieved_tflops[0] > 2.0 * roofs[0].points[1].achieved_tflops[0]
    shares = [step_time.decode_shares(rows, 2000.0, 300.0, one) for rows in (plain, drafted)]
    assert shares[1].compute[0] > 2.0 * shares[0].compute[0]
    state = [engine.operate(rows, PROFILE, np.array([1e-3])) for rows in (plain, drafted)]
    assert state[1].decode_shares.compute[0] > 2.0 * state[0].decode_shares.compute[0]
    # no machine computes a kept token in less than its arithmetic, nor reads the weights faster
    floors = [s.floor_ms["tpot"][0] for s in state]
    assert floors[1] == pytest.approx(floors[0] / 2.0, rel=0.02)


def test_stages_of_a_pipeline_share_the_reading_and_the_arithmetic():
    """Of two stages each reads half of the weights: a lone request keeps one of them busy."""
    two = table(LLAMA, H200, 2, pp=2)
    found = engine.roofline(engine.ready(two, PROFILE), np.array([1.0]))
    one_stage = engine.roofline(engine.ready(table(LLAMA, H200, 2), PROFILE), np.array([1.0]))
    for both, single in zip(found.points, one_stage.points, strict=True):
        assert both.intensity_flop_per_byte == pytest.approx(single.intensity_flop_per_byte)
        assert both.achieved_tflops[0] == pytest.approx(single.achieved_tflops[0] / 2, rel=0.1)
    full = engine.roofline(engine.ready(two, PROFILE), np.array([128.0])).points[1].achieved_tflops
    half = engine.roofline(engine.ready(table(LLAMA, H200, 2), PROFILE), np.array([64.0])).points[1]
    assert full == pytest.approx(half.achieved_tflops, rel=0.05)
    load = np.array([1e-3])
    needed = [
        engine.operate(rows, PROFILE, load).bandwidth_needed_gb_s[0]
        for rows in (two, table(LLAMA, H200, 2))
    ]
    assert needed[0] == pytest.approx(needed[1] / 2, rel=0.05)
