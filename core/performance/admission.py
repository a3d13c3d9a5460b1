"""Closed loops that ran at fewer requests than they state, told by their own two latencies.

A benchmark keeps n requests inside, but an engine set to a smaller batch lets the others wait, and
the first token then measures that setting. Published runs do not state it; their latencies show
it. With W requests waiting for a place, Little's law makes each wait

    W x (TTFT + TPOT x output tokens) / n,

so that runs which differ in their output's length alone tell W; and no more than the reading of
all n prompts can come before a first token where nobody waits for a place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.performance.measurement_format import Row
from core.performance.measurements import Run
from core.performance.shapes import model_shape
from core.words import _

LEAST_WAITING = 0.5
"""Requests waiting for a place from which first tokens measure the wait: half of a single one."""
LEAST_PAIRS = 2
"""Pairs of output lengths that must agree on it (their median)."""
LONGER = 1.9
"""Ratio of two output lengths that are compared."""
READING_SHARE = 1.0 / 3.0
"""Share of peak FLOP/s at which prompts are read at least, but for ``OVERHEAD_S``."""
OVERHEAD_S = 1.0
"""Seconds of a first token that no reading of prompts explains, from which its request waited."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Point ids of runs whose latencies are not those of the load that they state."""

    first_token: frozenset[str]
    """TTFT measures the wait for a place."""
    every_latency: frozenset[str]
    """Nor does TPOT measure that load: most requests wait, or the rate is beyond the peak."""
    beyond_peak: frozenset[str] = frozenset()
    """Of these: faster than the accelerators' peak reads the prompts."""

    def why(self, point: str, family: str) -> str:
        """In words why a run's values of a metric family tell nothing of the engine; "" if not."""
        if not self.tells_wait(point, family):
            return ""
        if point in self.beyond_peak:
            return _(
                "the accelerators' peak is too slow to read the prompts in the measured times; are "
                "they in milliseconds?"
            )
        return _("the first token waited for a place among the requests served at once")

    def tells_wait(self, point: str, family: str) -> bool:
        """Whether a run's values of a metric family measure the wait rather than the engine."""
        first = family.startswith(("ttft", "e2e")) and point in self.first_token
        return first or point in self.every_latency


def admission(rows: Sequence[Row], runs: Mapping[str, Run]) -> Admission:
    """Which closed loops of a measurement file waited for a place, or cannot be as written."""
    ttft = _seconds(rows, runs, "ttft_ms_mean")
    tpot = _seconds(rows, runs, "tpot_ms_mean")
    both = [p for p in ttft if p in tpot]
    first = _waiting_by_length(both, ttft, tpot, runs)
    every, beyond = set(), set()
    for point in both:
        run = runs[point]
        n, rest = run.concurrency, tpot[point] * (run.output_tokens - 1.0)
        reading = _reading_seconds(run)
        if ttft[point] > n * reading / READING_SHARE + OVERHEAD_S:
            first.add(point)
            if ttft[point] > rest:
                every.add(point)
        if n * reading > ttft[point] + rest:
            beyond.add(point)
    every |= beyond
    return Admission(frozenset(first | every), frozenset(every), frozenset(beyond))


def _seconds(rows: Sequence[Row], runs: Mapping[str, Run], metric: str) -> dict[str, float]:
    """A latency of each closed loop that publishes it."""
    return {
        row.point_id: row.value / 1e3
        for row in rows
        if row.metric == metric
        and row.point_id in runs
        and runs[row.point_id].scenario == "closed_loop"
        and np.isfinite(runs[row.point_id].concurrency)
    }


def _reading_seconds(run: Run) -> float:
    """Seconds one prompt's linear layers take a replica at its peak."""
    new = run.input_tokens - run.cached_tokens
    flops = 2.0 * float(model_shape(run.model).active_params) * new
    return flops / (run.flops * run.tp * run.dp * run.pp)


def _waiting_by_length(
    points: Sequence[str],
    ttft: Mapping[str, float],
    tpot: Mapping[str, float],
    runs: Mapping[str, Run],
) -> set[str]:
    """Runs of campaigns whose first tokens come later the longer the answers are.

    A campaign: one source's runs of a model, accelerator and engine at one concurrency.
    """
    cells: dict[tuple[object, ...], dict[tuple[object, ...], list[str]]] = {}
    for point in points:
        r = runs[point]
        campaign = (r.source, r.model.id, r.accelerator.id, r.engine, r.precision, r.concurrency)
        alike = (r.tp, r.dp, r.pp, r.varied_lengths, r.old_software, r.input_tokens)
        cells.setdefault(campaign, {}).setdefault(alike, []).append(point)
    found: set[str] = set()
    for groups in cells.values():
        waiting = []
        for group in groups.values():
            short = min(group, key=lambda p: runs[p].output_tokens)
            long = max(group, key=lambda p: runs[p].output_tokens)
            if runs[long].output_tokens < LONGER * runs[short].output_tokens:
                continue
            later = ttft[long] - ttft[short]
            longer = tpot[long] * runs[long].output_tokens - tpot[short] * runs[short].output_tokens
            waiting.append(later / longer * runs[long].concurrency)
        if len(waiting) >= LEAST_PAIRS and np.median(waiting) >= LEAST_WAITING:
            found.update(p for group in groups.values() for p in group)
    return found
