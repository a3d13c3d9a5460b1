"""Errors and intervals of what follows from the fitted times: power, end to end, percentiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.performance import held_out
from core.performance.measurement_format import Row
from core.performance.measurements import Names, Run
from core.performance.targets import family_of
from core.performance.validate import predict_runs, validate

POWER_COVERAGE = 0.88
"""Nominal coverage of power's intervals: few sources measure power, and one of them is most of the
rows, so that a left-out source scatters more than left-out models and accelerators do."""


def tail_ratios(rows: Sequence[Row], runs: dict[str, Run]) -> dict[str, float]:
    """Median ratio of published percentiles to predicted means, by scenario and metric."""
    predicted = predict_runs(list(runs.values()))
    order = {point: i for i, point in enumerate(runs)}
    found: dict[str, list[float]] = {}
    bases = {"tpot": "tpot_ms_mean", "itl": "tpot_ms_mean", "ttft": "ttft_ms_mean"}
    for row in rows:
        i = order.get(row.point_id)
        name = row.metric
        if i is None:
            continue
        if not name.endswith(("_p50", "_p90", "_p95", "_p99")) or (
            name in predicted.outcome.values
        ):
            continue
        value = float(predicted.outcome.values[bases.get(name.split("_", 1)[0], "e2e_ms_mean")][i])
        if not np.isfinite(value) or value <= 0:
            continue
        ratio = row.value / value
        found.setdefault(f"{runs[row.point_id].scenario}|{name}", []).append(ratio)
        found.setdefault(name, []).append(ratio)
    return {k: round(float(np.median(v)), 4) for k, v in sorted(found.items()) if len(v) >= 5}


def add_other_tables(tables: dict[str, Any], rows: Sequence[Row], catalog: Names) -> None:
    """Errors and intervals of what is derived from the fitted times: power, end to end, tails.

    The grades beyond ``measured`` are widened here; power has leave-outs of its own.
    """
    fitted = ("tpot", "ttft", "throughput")
    checked = validate(rows, catalog).predictions  # all rows: offered loads are among them
    answered = [p for p in checked if p.predicted and family_of(p.metric) not in fitted]
    family = np.array([family_of(p.metric) for p in answered], dtype=object)
    for name in sorted(set(family.tolist())):
        mine = [p for p, f in zip(answered, family, strict=True) if f == name]
        residual = np.log([(p.predicted or 1.0) / p.value for p in mine])
        tables["fit"][name] = held_out.errors(residual)
        cards = np.array([p.accelerator for p in mine], dtype=object)
        tables["by_accelerator"][name] = {
            card: held_out.errors(residual[cards == card]) for card in sorted(set(cards.tolist()))
        }
        scenario = np.array([p.scenario for p in mine], dtype=object)
        for key, here in [(name, np.ones(len(mine), dtype=bool))] + [
            (f"{name}|{s}", scenario == s) for s in sorted(set(scenario.tolist()))
        ]:
            intervals_ = tables.setdefault("intervals", {})
            if here.sum() < held_out.ENOUGH or key in intervals_:
                continue
            low, high = held_out.quantile_factors(residual[here])
            intervals_[key] = {
                grade: [round(low**width, 4), round(high**width, 4)]
                for grade, width in (("measured", 1.0), ("calibrated", 1.15), ("extrapolated", 1.5))
            }


def add_power_intervals(tables: dict[str, Any], held: dict[str, Any]) -> None:
    """Intervals of power from left-out residuals, and the share of them inside."""
    entry = tables["intervals"]["power"]
    known = np.concatenate([held["model"], held["accelerator"]])
    entry["calibrated"] = held_out.quantile_factors(known, POWER_COVERAGE)
    every = np.concatenate([known, held["source"]])
    entry["extrapolated"] = held_out.quantile_factors(every, POWER_COVERAGE)
    for by, residual in held.items():
        low, high = entry["calibrated"]
        inside = (np.exp(-residual) >= low) & (np.exp(-residual) <= high)
        tables["coverage"][by]["power"] = round(float(inside.mean()), 4)
