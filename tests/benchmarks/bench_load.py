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


def document(requests: int) -> str:
    """Markdown: what was compared, the mean size of the errors, then each replica's."""
    head = ["arrivals", "load", *(f"{m} {s}" for m in METRICS for s in STATISTICS)]
    sizes: dict[tuple[float, float], list[np.ndarray]] = {}
    each: dict[str, list[str]] = {}
    for name, cv, use, found in errors(requests):
        row = np.concatenate([found[m] for m in METRICS])
        sizes.setdefault((cv, use), []).append(np.abs(row))
        each.setdefault(name, []).append(_line(cv, use, row, "+.0f"))
    means = [_line(cv, use, np.mean(rows, axis=0), ".0f") for (cv, use), rows in sizes.items()]
    parts = [
        "# Behaviour under load: predicted against simulated",
        "Error in percent of mean and percentiles against a step-by-step simulation of continuous "
        "batching with chunked prefill (`tests/core/performance/simulation.py`, written by "
        "`python tests/benchmarks/bench_load.py --write resources/docs/load.md`), lengths "
        "lognormal, arrivals Poisson or Gamma with a coefficient of variation of 3. Load is the "
        "share of saturation. The simulation itself scatters by a few percent, at 90 % with "
        "bursts by 20 % and more in the tail. Limits of the queue that have a formula (M/M/k, "
        "Erlang C, batch arrivals) are held to it in `tests/core/performance/test_queueing.py`. "
        "Replicas with data-parallel attention, whose ranks read prompts in lockstep, are not "
        "among them: nothing here tells how well their latencies are predicted.",
        f"## Mean size of the errors over {len(each)} unlike replicas, %",
        _table(head, means),
        "## Each replica: predicted over simulated, %",
    ]
    for name, rows in each.items():
        m, profile, _weight = SCENARIOS[name]
        parts.append(
            f"<details><summary>{name}: decode step {m.base_ms:g} + {m.each_ms:g} ms per request, "
            f"prefill {m.prefill_ms:g} ms, {m.limit} places, {profile.input_tokens_mean:g} "
            f"tokens in, {profile.output_tokens_mean:g} out</summary>\n\n{_table(head, rows)}"
            "\n\n</details>"
        )
    return "\n\n".join(parts) + "\n"


def _line(cv: float, use: float, row: np.ndarray, form: str) -> str:
    kind = "Poisson" if cv == 1 else f"CV {cv:g}"
    cells = " | ".join(f"{100 * v:{form}}" for v in row)
    return f"| {kind} | {use:.0%} | {cells} |"


def _table(head: list[str], rows: list[str]) -> str:
    line = "|" + "---|" * 2 + "---:|" * (len(head) - 2)
    return "\n".join(["| " + " | ".join(head) + " |", line, *rows])


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
