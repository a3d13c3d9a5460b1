"""Where published runs disagree with the prediction: such a combination is not *measured*."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.performance.measurement_format import Row
from core.performance.measurements import Names, runs_of
from core.performance.targets import family_of
from core.performance.validate import Prediction

METRICS = ("tpot", "throughput")
"""Times to first token are left out: they depend on how a benchmark starts."""


def apart(
    rows: Sequence[Row],
    predictions: Sequence[Prediction],
    catalog: Names,
    intervals: Mapping[str, Any],
) -> dict[str, tuple[str, float]]:
    """Combination -> (metric, median of measured over predicted) where it leaves the interval.

    A combination is ``model|accelerator|engine|precision``, as in ``held_out.seen_groups``; the
    interval is that of the grade *measured* in steady state.
    """
    runs, _reasons = runs_of(rows, catalog)
    ratios: dict[tuple[str, str], list[float]] = {}
    for row, p in zip(rows, predictions, strict=True):
        run, family = runs.get(row.point_id), family_of(p.metric)
        if run is not None and p.predicted and family in METRICS:
            pair = f"{run.model.id}|{run.accelerator.id}|{run.engine}|{run.precision}"
            ratios.setdefault((pair, family), []).append(p.value / p.predicted)
    found = {}
    for (pair, family), values in sorted(ratios.items()):
        bounds = intervals.get(f"{family}|closed_loop", intervals.get(family, {})).get("measured")
        middle = float(np.median(values))
        if bounds and not bounds[0] <= middle <= bounds[1]:
            found[pair] = (family, round(middle, 6))
    return found
