"""Attention-data parallelism: every rank has requests, prompts and a scheduler of its own."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.catalog.load import load_catalog
from core.performance import batching, engine, physics, step_time
from core.performance.types import RequestProfile, ServingTable

CHAT = RequestProfile(1000, 1000, 1500, 1500)
WIDE = (4, 8, 32, 64)


def _deepseek(ranks: tuple[int, ...], engine_name: str = "tensorrt-llm") -> ServingTable:
    catalog = load_catalog()
    n = len(ranks)
    ones = np.ones(n, dtype=np.int64)
    return ServingTable(
        model=catalog.models["deepseek-ai/DeepSeek-R1"],
        accelerators=(catalog.accelerators["gb200"],),
        accelerator_index=np.zeros(n, dtype=np.int64),
        tp=ones,
        pp=ones,
        ep=np.array(ranks, dtype=np.int64),
        dp_attention=np.array(ranks, dtype=np.int64),
        weight_precision=np.full(n, "fp4", dtype=object),
        kv_precision=np.full(n, "fp8", dtype=object),
        engine=np.full(n, engine_name, dtype=object),
        concurrency_limit=np.zeros(n, dtype=np.int64),
        prefix_caching=np.zeros(n, dtype=bool),
        chunked_prefill=np.ones(n, dtype=bool),
        spec_accept=np.zeros(n),
    )


def test_a_decode_step_with_the_same_requests_on_every_rank_hardly_grows_with_the_ranks():
    """More ranks read fewer experts each; only messages grow, with the logarithm of the group."""
    setting = step_time.setting(_deepseek(WIDE))
    inside = 64.0 * np.array(WIDE)[:, None]
    parts = physics.decode_step(setting, inside, 1500.0)
    host = parts.overhead[:, 0]
    assert host[1:] == pytest.approx(host[1], rel=0.05)  # each host samples 8 x 64 sequences
    assert np.all(np.diff(parts.weights[:, 0]) < 0)
    assert parts.total[-1, 0] < 1.5 * parts.total[0, 0]


def test_a_lone_prompt_is_read_by_one_rank():
    """Its attention takes as long however many ranks wait for it."""
    setting = step_time.setting(_deepseek(WIDE))
    alone = physics.prefill_step(setting, 8000.0, 0.0)
    shape = setting.shape
    least = 2.0 * np.asarray(shape.attention_params) * 8000.0
    assert np.all(alone.flops_done >= least)


def test_ranks_that_prefill_together_are_between_one_and_all():
    setting = step_time.setting(_deepseek((8,)))
    rare = batching.ranks_at_once(setting, 0.1, 0.03, 1e-6, 512.0)
    never_idle = batching.ranks_at_once(setting, 0.1, 1e-9, 1e3, 512.0)
    assert rare[0, 0] == pytest.approx(1.0, abs=1e-3)
    assert never_idle[0, 0] == pytest.approx(8.0, rel=0.1)
    # As a simulation of independent ranks has it: 8 ranks, each reading a fifth of the steps.
    active = np.random.default_rng(1).binomial(8, 0.2, 200_000)
    share = 0.2
    step = 0.03
    together = active[active > 0].mean()
    busy = share * 8 * step / (1.0 - share * 8 / together)  # then a rank reads a fifth of the time
    found = batching.ranks_at_once(setting, 1.0, step, busy, 512.0)
    assert found[0, 0] == pytest.approx(together, rel=0.05)


def test_one_rank_is_what_no_data_parallelism_is():
    table = dataclasses.replace(_deepseek((1,)), tp=np.array([8]), ep=np.array([1]))
    setting = step_time.setting(table)
    plain = batching.prefill_work(setting, 1000.0, 0.0, 64.0)
    mixed = batching.mixed_prefill_work(setting, 1000.0, 0.0, 64.0, 0.03, 1000.0)
    assert mixed == pytest.approx(plain)


def test_every_rank_admits_as_many_sequences_as_an_engine_does():
    held = engine.memory(_deepseek((4, 64)), CHAT).max_concurrency
    assert held[1] > 4 * 2048  # beyond one scheduler's 2048, as 64 ranks have room for
