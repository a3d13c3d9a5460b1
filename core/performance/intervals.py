"""How sure a prediction is: 80 % interval factors by metric and evidence grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.notation import local
from core.performance import parameters as par
from core.performance.engine_names import engine_name
from core.performance.step_time import Combinations, combinations, row_labels
from core.performance.types import Evidence, Metric, RequestProfile, ServingTable, Uncertainty
from core.words import _

DEFAULT_QUANTILES: dict[str, dict[str, tuple[float, float]]] = {
    "ttft": {"measured": (0.7, 1.5), "calibrated": (0.6, 1.7), "extrapolated": (0.45, 2.2)},
    "tpot": {"measured": (0.85, 1.2), "calibrated": (0.78, 1.3), "extrapolated": (0.65, 1.6)},
    "e2e": {"measured": (0.85, 1.2), "calibrated": (0.78, 1.3), "extrapolated": (0.65, 1.6)},
    "throughput": {"measured": (0.83, 1.2), "calibrated": (0.75, 1.3), "extrapolated": (0.6, 1.6)},
    "power": {"measured": (0.88, 1.12), "calibrated": (0.82, 1.2), "extrapolated": (0.7, 1.4)},
}
"""Used until out-of-group residuals are stored; factors on the prediction."""


GRADES = ("measured", "calibrated", "extrapolated")
"""Strongest evidence first."""
SATURATED = (0.2, 3.0)
"""TTFT beyond saturation grows with the length of the test: hardly predictable."""


def factors(
    metric: str, grade: str, scenario: str = "", saturated: bool = False
) -> tuple[float, float]:
    """(low, high) factors that bound the 80 % interval of a metric family.

    A weaker grade's interval holds those of the stronger ones: residuals of what was left out are
    one-sided by chance, and less evidence must never make anything look safer. Tails
    (``..._tail``) are 1.3 times as wide in log space as their mean where nothing is stored.
    """
    if saturated and metric.startswith("ttft"):
        return SATURATED
    stored = par.active().tables.get("intervals", {})
    if metric == "throughput" and scenario.startswith("closed_loop"):
        # Who waits for answers completes as many as the time of a token allows: the few published
        # rates of closed loops tell less than the many times per token.
        low, high = factors("tpot", grade, "closed_loop")
        return 1.0 / high, 1.0 / low
    for key in (f"{metric}|{scenario}", metric):
        if grade in stored.get(key, {}):
            return _nested(stored[key], grade)
    if metric.endswith("_tail"):
        low, high = factors(metric.removesuffix("_tail"), grade, scenario)
        return low**1.3, high**1.3
    return _nested(DEFAULT_QUANTILES.get(metric, DEFAULT_QUANTILES["e2e"]), grade)


def _nested(by_grade: Mapping[str, Sequence[float]], grade: str) -> tuple[float, float]:
    held = [by_grade[g] for g in GRADES[: GRADES.index(grade) + 1] if g in by_grade]
    return float(min(low for low, _high in held)), float(max(high for _low, high in held))


def seen() -> dict[str, set[str]]:
    """Groups with calibration data: ``engine*family``, ``model_type*engine``, accelerators."""
    stored = par.active().tables.get("seen", {})
    return {k: set(v) for k, v in stored.items()}


def grade(
    labels: dict[str, str],
    accelerator_id: str,
    model_id: str,
    known: Mapping[str, set[str]] | None = None,
    size: float = 0.0,
    tokens: float = 0.0,
) -> tuple[Evidence, str]:
    """Evidence grade of a row and a sentence on what was or was not seen.

    ``known`` is ``seen()`` where the caller has it; ``size`` are the accelerators of a replica and
    ``tokens`` those of a request: far from what was run, nothing is measured. 0: not to be held
    against it.
    """
    known = seen() if known is None else known
    pair = f"{model_id}|{accelerator_id}|{labels['engine']}|{labels['precision']}"
    own = par.active().own
    sizes = par.active().tables.get("sizes", {})
    if own is not None and pair in own.measured:
        run = own.sizes.get(pair)
        far = _far_in_size(run, size) or _far_in_length(run, tokens)
        if not far:
            return "measured", _(
                "Own measurements of this model on this accelerator, engine and precision were "
                "used."
            )
        if pair not in sizes:  # nobody published it
            return "calibrated", _(
                "Own measurements of this model on this accelerator, engine and precision were "
                "used, but {far}."
            ).format(far=far)
    if pair in known.get("measured", set()):
        run = sizes.get(pair)
        far = _far_in_size(run, size) or _far_in_length(run, tokens)
        if far:
            return "calibrated", _(
                "Published runs of this model on this accelerator, engine and precision exist, "
                "but {far}."
            ).format(far=far)
        apart = par.active().tables.get("apart", {}).get(pair)
        if apart is None:
            return "measured", _(
                "Published runs of this model on this accelerator, engine and precision exist."
            )
        return "calibrated", _(
            "Published runs of this model on this accelerator, engine and precision exist, but "
            "are {factor} times what is predicted in {metric}: measure it before you rely on it."
        ).format(
            metric=_("throughput") if apart[0] == "throughput" else _("time per output token"),
            factor=local(f"{apart[1]:.2g}"),
        )
    missing = []
    engine = engine_name(labels["engine"])
    if par.join_label("generation*engine", labels) not in known.get("generation*engine", set()):
        missing.append(
            _("{engine} on this accelerator generation").format(
                engine=engine_name(labels["engine"])
            )
        )
    if par.join_label("model_type*engine", labels) not in known.get("model_type*engine", set()):
        missing.append(_("this type of model on {engine}").format(engine=engine))
    if labels["precision"] not in known.get("precision", set()):
        missing.append(_("this precision"))
    if missing:
        return "extrapolated", _("Not seen in the measurements: {missing}.").format(
            missing=", ".join(missing)
        )
    return "calibrated", _(
        "The accelerator generation, engine and model type were measured, not this combination."
    )


FAR_SIZE = 2.0
"""Replicas this many times smaller or larger than any that was run are not "measured"."""
FAR_TOKENS = 4.0
"""Likewise for the length of a request."""


def _far_in_size(run: Sequence[float] | None, size: float) -> str:
    """How the replicas that were run differ from one of ``size`` accelerators; "" where near."""
    if run is None or not size or run[0] / FAR_SIZE <= size <= run[1] * FAR_SIZE:
        return ""
    return _("with {low} to {high} accelerators in a replica, not {size}").format(
        low=f"{run[0]:.0f}", high=f"{run[1]:.0f}", size=f"{size:.0f}"
    )


def _far_in_length(run: Sequence[float] | None, tokens: float) -> str:
    """How much shorter the requests that were run are than ``tokens``; "" where near."""
    if run is None or not run[2] or tokens <= FAR_TOKENS * run[2]:
        return ""
    return _("with at most {longest} tokens in a request").format(longest=local(f"{run[2]:,.0f}"))


def uncertainty(table: ServingTable, profile: RequestProfile) -> Uncertainty:
    """Interval factors and evidence grade of every row, for requests of the profile's lengths."""
    tokens = profile.input_tokens_p95 + profile.output_tokens_p95
    both: Combinations = combinations(table)
    metrics: tuple[Metric, ...] = ("ttft", "tpot", "e2e", "throughput", "power")
    grades, known = [], seen()
    for a, group, precision, engine, kv in both.keys:
        accelerator = table.accelerators[a]
        labels = row_labels(table.model, accelerator, group, precision, engine, kv)
        grades.append(grade(labels, accelerator.id, table.model.id, known, group, tokens))
    rows = both.of_row
    low: dict[Metric, Any] = {}
    high: dict[Metric, Any] = {}
    for metric in metrics:
        # A candidate serves in steady state, like a closed-loop benchmark.
        bounds = np.array([factors(metric, g, "closed_loop") for g, _note in grades])
        low[metric], high[metric] = bounds[rows, 0], bounds[rows, 1]
    evidence = np.array([g for g, _note in grades], dtype=object)[rows]
    notes = np.array([note for _g, note in grades], dtype=object)[rows]
    return Uncertainty(evidence, notes, low, high)
