"""Speed of the performance engine over many candidates, and how it grows with their number."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial

import numpy as np

from core.catalog.load import load_catalog
from core.performance import engine, step_time
from core.performance.types import RequestProfile, ServingTable, Targets
from tests.benchmarks.result import Result, best_ms

CHAT = RequestProfile(1155, 4083, 211, 451, 0.5)
TARGETS = Targets(ttft_ms=500.0, tpot_ms=40.0)
SIZES = (1_000, 10_000, 100_000)
LOADS = 40
"""Points of one candidate's curve."""
GOALS_MS = {"mean and memory": 50.0, "percentiles at one load": 300.0, "capacity": 1500.0}
"""Milliseconds for 10,000 candidates."""
CURVE_MS = 1.0
GROWTH = 1.2
"""Time per candidate at 100,000 over that at 10,000; 1 is linear."""


def chat_table(rows: int) -> ServingTable:
    """Configurations of a 70B model that fit, repeated to ``rows`` with other concurrency limits.

    No two rows are alike, so that nothing is saved by solving twins once.
    """
    catalog = load_catalog()
    accelerators = tuple(a for a in catalog.accelerators.values() if a.in_catalog)
    one = [
        (i, tp, weight, kv)
        for i in range(len(accelerators))
        for tp in (1, 2, 4, 8)
        for weight in ("bf16", "fp8")
        for kv in ("bf16", "fp8")
    ]
    model = catalog.models["meta-llama/Llama-3.3-70B-Instruct"]
    whole = _table(model, accelerators, one)
    fits = engine.memory(whole, CHAT).fits
    kept = [row for row, fit in zip(one, fits, strict=True) if fit]
    table = _table(model, accelerators, [kept[i % len(kept)] for i in range(rows)])
    block = np.arange(rows, dtype=np.int64) // len(kept)
    return dataclasses.replace(table, concurrency_limit=np.where(block > 0, 15 + block, 0))


def _table(
    model: object, accelerators: object, rows: list[tuple[int, int, str, str]]
) -> ServingTable:
    n = len(rows)
    ones = np.ones(n, dtype=np.int64)
    index, tp = (np.array([r[k] for r in rows], dtype=np.int64) for k in (0, 1))
    weight, kv = (np.array([r[k] for r in rows], dtype=object) for k in (2, 3))
    return ServingTable(
        model=model,
        accelerators=accelerators,
        accelerator_index=index,
        tp=tp,
        pp=ones,
        ep=ones,
        dp_attention=ones,
        weight_precision=weight,
        kv_precision=kv,
        engine=np.full(n, "vllm", dtype=object),
        concurrency_limit=np.zeros(n, dtype=np.int64),
        prefix_caching=np.full(n, True),
        chunked_prefill=np.full(n, True),
        spec_accept=np.zeros(n),
    )


def mean_and_memory(table: ServingTable) -> None:
    """What a first look at a table needs: does it fit, and how long do steps take."""
    engine.memory(table, CHAT)
    step_time.step_times(table, CHAT.input_tokens_mean, CHAT.output_tokens_mean, 0.5, [16.0])


def timings_ms(rows: int) -> dict[str, float]:
    """Processor time of each kind of question for so many candidates."""
    table = chat_table(rows)
    load = 0.7 * engine.capacity(table, CHAT, TARGETS, 0.0).saturation_req_s
    repeats = 2 if rows > 10_000 else 3
    work = {
        "mean and memory": partial(mean_and_memory, table),
        "percentiles at one load": partial(engine.operate, table, CHAT, load),
        "capacity": partial(engine.capacity, table, CHAT, TARGETS, 0.0),
    }
    return {name: best_ms(one, repeats) for name, one in work.items()}


def candidates() -> Iterator[Result]:
    """10,000 candidates against their targets, growth to 100,000, and one candidate's curve."""
    found = {rows: timings_ms(rows) for rows in SIZES}
    for name, goal in GOALS_MS.items():
        each = ", ".join(f"{rows:,}: {found[rows][name]:,.0f} ms" for rows in SIZES)
        yield Result(f"10,000 candidates, {name}", found[10_000][name], goal, "ms", each)
    for name in GOALS_MS:
        growth = found[100_000][name] / found[10_000][name] / 10.0
        yield Result(f"growth to 100,000, {name}", growth, GROWTH, "x", "1 is linear")
    one = chat_table(1)
    top = engine.capacity(one, CHAT, TARGETS, 0.0).saturation_req_s
    grid = np.outer(top, np.linspace(0.01, 0.95, LOADS))
    alone = best_ms(partial(engine.curves, one, CHAT, grid), 20)
    many = chat_table(250)
    tops = engine.capacity(many, CHAT, TARGETS, 0.0).saturation_req_s
    grids = np.outer(tops, np.linspace(0.01, 0.95, LOADS))
    shared = best_ms(partial(engine.curves, many, CHAT, grids), 3) / len(many)
    levels = np.geomspace(1.0, 256.0, LOADS)
    times = partial(step_time.step_times, one, 1155, 211, 0.5, levels)
    yield Result(f"curve over {LOADS} concurrencies", best_ms(times, 50), CURVE_MS, "ms")
    detail = f"alone {alone:.1f} ms"
    yield Result(f"percentiles at {LOADS} loads, of 250, each", shared, CURVE_MS, "ms", detail)
