"""Behaviour under load: how far from a discrete-event simulation, and how fast.

``python tests/benchmarks/bench_load.py [--requests N] [--write FILE]`` plays five unlike replicas
at 30, 60, 80 and 90 % utilisation, Poisson and bursty (CV 3), and prints the error of every
percentile; then it times capacity, one load and curves for 1,000 to 100,000 rows.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.catalog.load import load_catalog
from core.performance import engine
from core.performance.types import RequestProfile, ServingTable, Targets
from tests.core.performance.simulation import (
    METRICS,
    SCENARIOS,
    STATISTICS,
    predicted,
    simulated,
)

UTILISATIONS = (0.3, 0.6, 0.8, 0.9)
BURSTS = (1.0, 3.0)
CHAT = RequestProfile(1155, 4083, 211, 451, 0.5)
TARGETS = Targets(ttft_ms=500.0, tpot_ms=40.0)


def errors(requests: int) -> Iterator[tuple[str, float, float, dict[str, np.ndarray]]]:
    """(scenario, CV, utilisation, relative error of mean and percentiles by metric)."""
    for name, (machine, profile, weight) in SCENARIOS.items():
        for cv in BURSTS:
            bursty = dataclasses.replace(profile, arrival_cv=cv)
            count = int(requests * weight * (2 if cv > 1 else 1))
            for use in UTILISATIONS:
                truth = simulated(machine, bursty, use, count)
                model = predicted(machine, bursty, use)
                yield name, cv, use, {m: model[m] / truth[m] - 1.0 for m in METRICS}


def accuracy_table(requests: int) -> str:
    """Markdown: each scenario's errors, then their mean size over the scenarios."""
    head = "| scenario | arrivals | load | " + " | ".join(
        f"{m} {s}" for m in METRICS for s in STATISTICS
    )
    lines = [head + " |", "|" + "---|" * (head.count("|"))]
    sizes: dict[tuple[float, float], list[np.ndarray]] = {}
    for name, cv, use, found in errors(requests):
        row = np.concatenate([found[m] for m in METRICS])
        sizes.setdefault((cv, use), []).append(np.abs(row))
        kind = "Poisson" if cv == 1 else f"CV {cv:g}"
        cells = " | ".join(f"{100 * v:+.0f}" for v in row)
        lines.append(f"| {name} | {kind} | {use:.0%} | {cells} |")
    for (cv, use), rows in sizes.items():
        kind = "Poisson" if cv == 1 else f"CV {cv:g}"
        cells = " | ".join(f"{100 * v:.0f}" for v in np.mean(rows, axis=0))
        lines.append(f"| **mean size** | {kind} | {use:.0%} | {cells} |")
    return "\n".join(lines)


def document(requests: int) -> str:
    """The table with what it means."""
    return (
        "# Behaviour under load: predicted against simulated\n\n"
        "Error in percent of mean and percentiles against a step-by-step simulation of continuous "
        "batching with chunked prefill (`tests/core/performance/simulation.py`), lengths "
        "lognormal, arrivals Poisson or Gamma with a coefficient of variation of 3. Load is the "
        "share of saturation. The simulation itself scatters by a few percent, at 90 % with "
        "bursts by 20 % and more in the tail.\n\n"
        + "\n".join(
            f"- *{name}*: decode step {m.base_ms:g} + {m.each_ms:g} ms per request, prefill "
            f"{m.prefill_ms:g} ms, {m.limit} places, {p.input_tokens_mean:g} tokens in, "
            f"{p.output_tokens_mean:g} out."
            for name, (m, p, _weight) in SCENARIOS.items()
        )
        + "\n\n"
        + accuracy_table(requests)
        + "\n"
    )


def chat_table(rows: int) -> ServingTable:
    """Configurations of a 70B model that fit, repeated to ``rows``."""
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
    return _table(model, accelerators, [kept[i % len(kept)] for i in range(rows)])


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


def _best_ms(work: Callable[[], object], repeats: int = 3) -> float:
    """Least processor time of some runs, after a warm-up: other work on the machine adds."""
    work()
    found = []
    for _run in range(repeats):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found) * 1e3


def speed_table(sizes: tuple[int, ...] = (1_000, 10_000, 100_000)) -> str:
    """Milliseconds of processor time by number of rows."""
    lines = ["| rows | memory | one load | capacity | curve of 40 loads, each |", "|" + "---|" * 5]
    for n in sizes:
        table = chat_table(n)
        load = engine.capacity(table, CHAT, TARGETS, 0.0).saturation_req_s
        few = chat_table(min(n, 250))
        grid = np.outer(load[: len(few)], np.linspace(0.01, 0.95, 40))
        repeats = 1 if n > 10_000 else 3
        memory = _best_ms(partial(engine.memory, table, CHAT), repeats)
        one = _best_ms(partial(engine.operate, table, CHAT, 0.7 * load), repeats)
        most = _best_ms(partial(engine.capacity, table, CHAT, TARGETS, 0.0), repeats)
        curve = _best_ms(partial(engine.curves, few, CHAT, grid), 1) / len(few)
        lines.append(f"| {n:,} | {memory:.0f} ms | {one:.0f} ms | {most:.0f} ms | {curve:.2f} ms |")
    return "\n".join(lines)


def main() -> None:
    """Print both tables; write the first where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="simulated per point")
    parser.add_argument("--write", type=Path, help="file for the accuracy table")
    arguments = parser.parse_args()
    print(speed_table())
    text = document(arguments.requests)
    if arguments.write:
        arguments.write.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
