"""Behaviour under load: how far from a discrete-event simulation.

``python tests/benchmarks/bench_load.py [--requests N] [--write FILE]`` plays five unlike replicas
at 30, 60, 80 and 90 % utilisation, Poisson and bursty (CV 3), and prints the error of every
percentile.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.core.performance.simulation import (
    METRICS,
    SCENARIOS,
    STATISTICS,
    predicted,
    simulated,
)

UTILISATIONS = (0.3, 0.6, 0.8, 0.9)
BURSTS = (1.0, 3.0)


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


def main() -> None:
    """Print the table; write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="simulated per point")
    parser.add_argument("--write", type=Path, help="file for the accuracy table")
    arguments = parser.parse_args()
    text = document(arguments.requests)
    if arguments.write:
        arguments.write.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
