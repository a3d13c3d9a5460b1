"""Which measured values the engine is fitted to, how they are weighted, and their families."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.performance import fit, published_runs, scenarios
from core.performance.admission import admission
from core.performance.measurement_format import Row
from core.performance.measurements import Run
from core.performance.types import Bools, Floats, Ints

FAMILY = {
    "tpot_ms_mean": "tpot",
    "tpot_ms_p50": "tpot",
    "itl_ms_mean": "tpot",
    "itl_ms_p50": "tpot",
    "itl_ms_p99": "tpot_tail",
    "ttft_ms_mean": "ttft",
    "ttft_ms_p50": "ttft",
    "e2e_ms_mean": "e2e",
    "e2e_ms_p50": "e2e",
    "e2e_ms_p90": "e2e",
    "output_tok_s": "throughput",
    "output_tok_s_per_gpu": "throughput",
    "total_tok_s": "throughput",
    "total_tok_s_per_gpu": "throughput",
    "prefill_tok_s": "throughput",
    "decode_tok_s": "throughput",
    "req_s": "throughput",
    "power_w_accel_total": "power",
    "power_w_per_accel": "power",
    "power_w_system": "power",
    "power_w_system_peak": "power",
    "energy_j_per_output_token": "power",
}
"""Metric family by metric; tails (P90, P99) are families of their own."""
_SCALE = {"tpot": 0.10, "ttft": 0.25, "throughput": 0.12, "tpot_tail": 0.3}
_BASE = {
    "tpot_ms_p50": "tpot_ms_mean",
    "ttft_ms_p50": "ttft_ms_mean",
    "itl_ms_mean": "tpot_ms_mean",
}
_UNSURE = ("unlabelled", "suspect_mtp")
FAST_WEIGHT = 0.15
"""How much a run that may have used speculation pulls a prediction down."""
UNSURE_WEIGHT = 0.15
"""Weight of a run that may have used speculation: left-out models are predicted best with little
(of 0.5, 0.15 and none)."""
UNLIKELY_WEIGHT = 0.6
"""Weight of a run that does not say, of a model without layers for multi-token prediction: it
would have needed another model's drafts."""


def family_of(metric: str) -> str:
    """Family of a metric; percentiles above the median are ``..._tail``."""
    if metric in FAMILY:
        return FAMILY[metric]
    for name in ("tpot", "itl", "ttft", "e2e"):
        if metric.startswith(name):
            return ("tpot" if name == "itl" else name) + "_tail"
    return "other"


@dataclass(frozen=True)
class FitSet:
    """Targets with what they are: metric name, family and run of each."""

    targets: fit.Targets
    metric: np.ndarray[Any, Any]
    family: np.ndarray[Any, Any]
    cases: published_runs.Cases
    labelled: Bools
    """False for runs that do not say whether they decoded speculatively: fitted with care,
    never counted in an error table."""

    def predict(self, q: Mapping[str, Floats]) -> Floats:
        """Log predictions of all targets."""
        values = scenarios.predict(self.cases, q).values
        out = np.empty(len(self.metric))
        for name in set(self.metric.tolist()):
            rows = np.flatnonzero(self.metric == name)
            out[rows] = np.log(np.maximum(values[name][self.targets.case[rows]], 1e-12))
        return out

    def take(self, rows: Ints) -> tuple[FitSet, Ints]:
        """The chosen targets with only their cases, and the indices of those cases."""
        t = self.targets
        kept, case = np.unique(t.case[rows], return_inverse=True)
        targets = fit.Targets(
            case.reshape(-1), t.log_value[rows], t.weight[rows], t.scale[rows], t.fast[rows]
        )
        part = FitSet(
            targets,
            self.metric[rows],
            self.family[rows],
            self.cases.take(kept),
            self.labelled[rows],
        )
        return part, kept

    def runs(self) -> list[Run]:
        """The run of each target."""
        return [self.cases.runs[i] for i in self.targets.case.tolist()]


def fitted_metric(row: Row, run: Run, saturated: bool) -> str | None:
    """Name of the prediction a row is fitted with, or ``None`` where it is not used.

    Left out: saturated TTFT (it measures the benchmark's length), output of open loops (it is the
    offered load) and medians of MLPerf latencies.
    """
    family = FAMILY.get(row.metric)
    if family not in _SCALE:
        return None
    open_loop = run.scenario in scenarios.OPEN_LOOP
    if family == "tpot_tail" and open_loop:
        return None
    if open_loop and (
        row.metric.endswith("p50") or (family == "throughput" and row.metric != "req_s")
    ):
        return None
    if family == "ttft" and saturated:
        return None
    if not open_loop and row.metric == "req_s":
        return None
    return _BASE.get(row.metric, row.metric)


def fit_set(rows: Sequence[Row], runs: Mapping[str, Run], cases: published_runs.Cases) -> FitSet:
    """Targets of all usable rows.

    Weights: a configuration (source, model, hardware, engine, precision, scenario, metric) of n
    rows counts sqrt(n), so that two large sources do not drown the rest; tier B counts 0.6, and
    software from before 2025 0.6.
    """
    from core.performance.parameters import Parameters

    index = {run.point_id: i for i, run in enumerate(cases.runs)}
    saturated = scenarios.predict(cases, cases.quantities(Parameters())).saturated
    waited = admission(rows, runs)
    found: list[tuple[int, str, str, float, float, float, tuple[object, ...]]] = []
    fast: list[float] = []
    labelled: list[bool] = []
    for row in rows:
        i = index.get(row.point_id)
        if i is None:
            continue
        run = runs[row.point_id]
        metric = fitted_metric(row, run, bool(saturated[i]))
        if metric is None:
            continue
        family = FAMILY[row.metric]
        if waited.tells_wait(row.point_id, family):
            continue
        scale = _SCALE[family]
        if run.scenario in scenarios.OPEN_LOOP:
            scale = 0.5 if family == "ttft" else 0.2
        group = (
            run.source,
            run.model.id,
            run.accelerator.id,
            run.engine,
            run.precision,
            run.accelerators,
            run.tp,
            run.scenario,
            metric,
        )
        tier = (0.6 if row.cells["tier"] == "B" else 1.0) * (0.6 if run.old_software else 1.0)
        sure = row.cells["spec_decode"] not in _UNSURE
        if not sure and run.scenario != "closed_loop":
            continue
        labelled.append(sure)
        drafts = not sure and run.model.mtp_layers != 0
        fast.append(FAST_WEIGHT if drafts and family == "tpot" else 1.0)
        if drafts:
            tier *= UNSURE_WEIGHT
        elif not sure:
            tier *= UNLIKELY_WEIGHT
        found.append((i, metric, family, row.value, scale, tier, group))
    count = Counter(f[6] for f in found)
    targets = fit.Targets(
        case=np.array([f[0] for f in found], dtype=np.int64),
        log_value=np.log([f[3] for f in found]),
        weight=np.array([f[5] * count[f[6]] ** -0.5 for f in found]),
        scale=np.array([f[4] for f in found]),
        fast=np.array(fast),
    )
    return FitSet(
        targets,
        np.array([f[1] for f in found], dtype=object),
        np.array([f[2] for f in found], dtype=object),
        cases,
        np.array(labelled, dtype=bool),
    )
