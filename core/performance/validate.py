"""Measured against predicted for any measurement file: the table behind ``validate``."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.performance import intervals, power, power_fit, published_runs, scenarios
from core.performance import parameters as par
from core.performance.admission import admission
from core.performance.measurement_format import METRICS, Problem, Row, nearest_words
from core.performance.measurements import Names, Run, runs_of
from core.performance.published_lengths import SERVED
from core.performance.targets import family_of
from core.words import _

_TAIL_BASE = {
    "tpot": "tpot_ms_mean",
    "itl": "tpot_ms_mean",
    "ttft": "ttft_ms_mean",
    "e2e": "e2e_ms_mean",
}
_BELOW_P99 = {"p90": 1.2816 / 2.3263, "p95": 1.6449 / 2.3263}
_OF_PROMPTS = ("ttft", "e2e", "prefill", "total_tok")
"""Metrics that follow the prompt's length."""
_NOT_DONE = {"prefill_only": ("tpot", "itl", "e2e", "decode"), "decode_only": _OF_PROMPTS[:3]}
"""Metrics of what a scenario leaves out."""
DEFAULT_TAILS = {"p50": 0.95, "p99": 2.0, "mean": 1.0}
"""Percentile over mean where no published ratio exists for the scenario and metric."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """One row's answer; ``predicted`` is ``None`` where ``reason`` says why not."""

    line: int
    point_id: str
    metric: str
    value: float
    predicted: float | None
    low: float | None
    high: float | None
    evidence: str
    reason: str
    model: str
    accelerator: str
    engine: str
    scenario: str
    saturated: bool
    own_load: bool = False
    """An open loop's output, which its own measured load gives: it says nothing of the engine."""


@dataclass(frozen=True)
class Validation:
    """All rows of a file against the engine."""

    predictions: tuple[Prediction, ...]
    problems: tuple[Problem, ...]
    lengths_assumed: int = 0
    """Answered rows of MLPerf runs whose data set is not known (graded extrapolated)."""

    def predictions_csv(self) -> str:
        """CSV text: point_id, metric, value, predicted, low, high, evidence, reason."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(
            ["point_id", "metric", "value", "predicted", "low", "high", "evidence", "reason"]
        )
        for p in self.predictions:
            numbers = ["" if x is None else f"{x:.6g}" for x in (p.predicted, p.low, p.high)]
            writer.writerow(
                [p.point_id, p.metric, f"{p.value:.6g}", *numbers, p.evidence, p.reason]
            )
        return out.getvalue()

    def summary(self) -> dict[str, Any]:
        """Errors per metric family, and per family by accelerator, model, engine, evidence.

        Where a run's own offered load gives some rows, the errors of the others are beside those
        of all (``without_own_load``).
        """
        families = sorted({family_of(p.metric) for p in self.predictions})
        result: dict[str, Any] = {
            "rows": len(self.predictions),
            "answered": sum(p.predicted is not None for p in self.predictions),
            "lengths_assumed": self.lengths_assumed,
            "skipped_lines": [{"line": p.line, "message": p.message} for p in self.problems],
            "families": {},
        }
        for family in families:
            mine = [p for p in self.predictions if family_of(p.metric) == family]
            entry: dict[str, Any] = statistics(mine)
            for field in ("accelerator", "model", "engine", "evidence", "scenario", "metric"):
                keys = sorted({getattr(p, field) for p in mine})
                entry[f"by_{field}"] = {
                    key: statistics([p for p in mine if getattr(p, field) == key]) for key in keys
                }
            others = [p for p in mine if not p.own_load]
            if len(others) < len(mine):
                entry["without_own_load"] = statistics(others)
            below = [p for p in mine if not p.saturated]
            if family == "ttft" and len(below) < len(mine):
                entry["below_saturation"] = statistics(below)
            result["families"][family] = entry
        return result


def statistics(predictions: Iterable[Prediction]) -> dict[str, Any]:
    """n, answered, absolute percentage errors, median ratio and interval coverage."""
    rows = list(predictions)
    good = [p for p in rows if p.predicted is not None]
    found: dict[str, Any] = {"n": len(rows), "answered": len(good)}
    if not good:
        return {
            **found,
            **dict.fromkeys(("median_ape", "mean_ape", "p90_ape", "median_ratio", "coverage")),
        }
    predicted = np.array([p.predicted for p in good], dtype=np.float64)
    value = np.array([p.value for p in good])
    error = np.abs(predicted / value - 1.0)
    low = np.array([p.low for p in good], dtype=np.float64)
    high = np.array([p.high for p in good], dtype=np.float64)
    return {
        **found,
        "median_ape": round(float(np.median(error)), 5),
        "mean_ape": round(float(np.mean(error)), 5),
        "p90_ape": round(float(np.quantile(error, 0.9)), 5),
        "median_ratio": round(float(np.median(predicted / value)), 5),
        "coverage": round(float(np.mean((low <= value) & (value <= high))), 5),
    }


def tail_known(metric: str, scenario: str) -> bool:
    """Whether published pairs tell the ratio of a percentile to its mean in this scenario."""
    return f"{scenario}|{metric}" in par.active().tables.get("tails", {})


def tail_ratio(metric: str, scenario: str) -> float:
    """Percentile over mean of a metric in a scenario, from published pairs where they exist."""
    stored = par.active().tables.get("tails", {})
    for key in (f"{scenario}|{metric}", metric):
        if key in stored:
            return float(stored[key])
    base, _underscore, level = metric.rpartition("_")
    if level in _BELOW_P99:  # between the mean and the P99 as in a lognormal
        return float(tail_ratio(f"{base}_p99", scenario) ** _BELOW_P99[level])
    return DEFAULT_TAILS.get(metric.rsplit("_", 1)[-1], 1.0)


@dataclass(frozen=True)
class Predicted:
    """Metrics of all runs of a file."""

    cases: published_runs.Cases
    outcome: scenarios.Outcome
    per_accelerator_w: Any
    system_w: Any
    peak: float
    """Highest wall power over its average."""

    def metric(self, i: int, metric: str) -> float:
        """One metric of one run; ``nan`` where it has no meaning."""
        run, values = self.cases.runs[i], self.outcome.values
        if metric == "power_w_per_accel":
            return float(self.per_accelerator_w[i])
        if metric == "power_w_accel_total":
            return float(self.per_accelerator_w[i] * run.accelerators)
        if metric == "power_w_system":
            return float(self.system_w[i])
        if metric == "power_w_system_peak":
            return float(self.system_w[i] * self.peak)
        if metric == "energy_j_per_output_token":
            return float(self.per_accelerator_w[i] * run.accelerators / values["output_tok_s"][i])
        if metric in values:
            return float(values[metric][i])
        base = _TAIL_BASE.get(metric.split("_", 1)[0])
        if base is None:
            return float("nan")
        level = metric.rsplit("_", 1)[-1]
        if metric.startswith("itl") and level in _BELOW_P99:  # a lognormal through both ends
            usual, slowest = values["itl_ms_p50"][i], values["itl_ms_p99"][i]
            return float(usual * (slowest / usual) ** _BELOW_P99[level])
        if base == "e2e_ms_mean" and not tail_known(metric, run.scenario):
            # As long as a first token and a time per token of the same percentile add up to.
            rest = max(run.output_tokens - 1.0, 0.0) * self.metric(i, f"tpot_ms_{level}")
            return self.metric(i, f"ttft_ms_{level}") + rest
        if base not in ("ttft_ms_mean", "e2e_ms_mean"):
            return float(values[base][i] * tail_ratio(metric, run.scenario))
        own = values[base][i] - values["backlog_ms_mean"][i]
        return float(own * tail_ratio(metric, run.scenario) + values[f"backlog_ms_{level}"][i])

    def refusal(self, i: int, metric: str) -> str:
        """Why a metric of a run is not answered; "" where it is."""
        if self.outcome.endless[i] and metric.startswith(("ttft", "e2e")):
            return _(
                "more requests are offered than can be served: the wait grows with the number of "
                "requests in the run, which is not stated"
            )
        return refusal(self.cases.runs[i], metric)


def predict_runs(runs: Sequence[Run]) -> Predicted:
    """All metrics of the runs under the parameters in force."""
    cases = published_runs.stack(runs)
    outcome = scenarios.predict(cases, cases.quantities(par.active()))
    coefficients = power.coefficients()
    hardware = power_fit.machines(cases)
    each = power_fit.accelerator_watts(hardware, power_fit.use_of(outcome), coefficients)
    wall = power_fit.system_watts(hardware, each, coefficients)
    each = power_fit.limited(hardware, each)
    return Predicted(cases, outcome, each, wall, coefficients["peak"])


def refusal(run: Run, metric: str) -> str:
    """Why a metric of a run is not answered; "" where it is."""
    if metric not in METRICS:
        return _("metric '{metric}' is not supported{near}").format(
            metric=metric[:40], near=nearest_words(metric, METRICS)
        )
    if run.scenario in scenarios.OFFLINE and metric.startswith(("ttft", "e2e")):
        return _("all requests are queued at once: this latency measures the queue's length")
    if metric.startswith(_NOT_DONE.get(run.scenario, ())):
        return _("this metric has no meaning in this scenario")
    if run.output_tokens <= 1.0 and metric.startswith(("tpot", "itl")):
        return _("an answer of one token has no time between tokens")
    if run.prompt_guessed and metric.startswith(_OF_PROMPTS):
        return _("the prompt length is not published and the answer depends on it")
    # Where prompts are read beside answers, the first token too waits the longer for long ones.
    alone = run.scenario not in SERVED and metric.startswith(("ttft", "prefill"))
    if not np.isfinite(run.output_tokens) and not alone:
        return _("the output length is not published and the answer depends on it")
    offered = run.scenario in scenarios.OPEN_LOOP
    if np.isnan(run.concurrency) and not offered:
        return _("the concurrency is missing")
    if (metric.startswith("power") or metric.startswith("energy")) and (
        run.accelerator.tdp_w is None
    ):
        return _("the accelerator's power limit is not published")
    return ""


def _own_load(run: Run, row: Row, loads_measured: Set[str], saturated: bool) -> bool:
    """Whether a row is the load that its run measured or was offered, times its tokens."""
    if run.scenario not in scenarios.OPEN_LOOP or family_of(row.metric) != "throughput":
        return False
    if run.rate_stated:
        return not saturated
    return row.point_id in loads_measured and row.metric != "req_s"


def validate(
    rows: Sequence[Row],
    catalog: Names,
    problems: Sequence[Problem] = (),
    progress: Callable[[float], None] | None = None,
    own: bool = False,
) -> Validation:
    """Predict every row of a measurement file; ``progress`` hears the share that is done.

    ``own`` measurements are predicted as the options are that a refit to them speaks for.
    """
    runs, reasons = runs_of(rows, catalog, own)
    order = {point: i for i, point in enumerate(runs)}
    predicted = predict_runs(list(runs.values())) if runs else None
    grades: dict[tuple[str, ...], str] = {}
    loads_measured = {row.point_id for row in rows if row.metric == "req_s"}
    waited = admission(rows, runs)
    found, assumed = [], 0
    for n, row in enumerate(rows):
        if progress is not None and n % 1000 == 0:
            progress(n / len(rows))
        cells = row.cells
        run = runs.get(row.point_id)
        why = reasons.get(row.point_id, "")
        value: float | None = None
        low = high = None
        evidence, saturated = "", False
        if run is not None and predicted is not None:
            i = order[row.point_id]
            why = predicted.refusal(i, row.metric)
            saturated = bool(predicted.outcome.saturated[i])
            if not why:
                value = predicted.metric(i, row.metric)
                if not np.isfinite(value) or value <= 0:
                    value, why = None, _("this metric has no meaning in this scenario")
            if value is not None:
                labels = predicted.cases.labels[i]
                size, tokens = run.tp * run.dp, published_runs.length_of(run)
                key = (run.model.id, run.accelerator.id, *labels.values(), str(size), str(tokens))
                if key not in grades:
                    grades[key] = intervals.grade(
                        labels, run.accelerator.id, run.model.id, size=size, tokens=tokens
                    )[0]
                # How much its drafts gained is not published: answered as without them. And a
                # measured run of one pool tells little of separate ones.
                guessed = run.speculation or run.lengths_assumed or run.prompt_guessed
                guessed = guessed or run.scenario == "closed_loop_disagg"
                evidence = "extrapolated" if guessed else grades[key]
                assumed += run.lengths_assumed
                bounds = intervals.factors(family_of(row.metric), evidence, run.scenario, saturated)
                low, high = value * bounds[0], value * bounds[1]
        found.append(
            Prediction(
                row.line,
                cells["point_id"],
                row.metric,
                row.value,
                value,
                low,
                high,
                evidence,
                why,
                run.model.name if run else cells["model"],
                run.accelerator.name if run else cells["accelerator"],
                run.engine if run else cells["engine"],
                cells["scenario"],
                saturated or waited.tells_wait(row.point_id, family_of(row.metric)),
                run is not None and _own_load(run, row, loads_measured, saturated),
            )
        )
    return Validation(tuple(found), tuple(problems), assumed)
