"""What own measurements gain: each published source played as a site of its own.

The engine is fitted without the source, as if nobody had published it; then the site's terms are
refitted to it, each of its configurations left out in turn. Both errors are on the same rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from core.performance import fit, held_out
from core.performance.measurement_format import Row
from core.performance.measurements import Names
from core.performance.site_fit import (
    SiteFit,
    TooFewMeasurementsError,
    families_fitted,
    refit,
    typical_error,
)
from core.performance.targets import FitSet, family_of
from core.performance.types import Floats
from core.performance.validate import Prediction

MOST_VALUES = 3000
"""Larger sources are no site's own measurements."""
Report = Callable[[str], None]


def check(
    lay: fit.Layout,
    data: FitSet,
    without: Mapping[str, Floats],
    rows: Sequence[Row],
    catalog: Names,
    report: Report,
) -> dict[str, Any]:
    """Errors of every source without it, and with its other configurations: for the page.

    ``without`` is the parameter vector fitted without each source (``held_out.Held.theta``).
    ``sources``: how many; ``helped``: for how many the refit is better on what it did not see;
    ``families``: metric family -> values, median error before and held out.
    """
    keys = np.array(held_out.group_keys(data.runs(), "source"), dtype=object)
    fits: list[SiteFit] = []
    for source in sorted(set(keys.tolist())):
        out = keys == source
        points = {run.point_id for run, here in zip(data.runs(), out, strict=True) if here}
        mine = [row for row in rows if row.point_id in points]
        if not 0 < len(mine) <= MOST_VALUES:
            continue
        base = lay.parameters(without[source])
        try:
            found = refit(mine, catalog, file=source, date="", data_sha256="", base=base)
        except TooFewMeasurementsError:
            continue
        fits.append(found)
        report(
            f"{source} as a site: {typical_error(found.before):.3f} before, "
            f"{typical_error(found.held_out):.3f} held out"
        )
    return {
        "sources": len(fits),
        "helped": sum(found.helps for found in fits),
        "families": {name: _medians(fits, name) for name in families_fitted()},
    }


def to_json(found: Mapping[str, Any], date: str, digest: str) -> str:
    """The stored result: ``check`` with the calibration's date and data hash."""
    return json.dumps({"date": date, "data_sha256": digest, **found}, indent=1) + "\n"


def _medians(fits: Sequence[SiteFit], family: str) -> dict[str, float]:
    def errors(predictions: Sequence[Prediction]) -> list[float]:
        return [
            abs(p.predicted / p.value - 1.0)
            for p in predictions
            if p.predicted is not None and family_of(p.metric) == family and not p.saturated
        ]

    before = [e for found in fits for e in errors(found.before.predictions)]
    held = [e for found in fits for e in errors(found.held_out.predictions)]
    if not before:
        return {"n": 0}
    return {
        "n": len(before),
        "before": round(float(np.median(before)), 4),
        "held_out": round(float(np.median(held)), 4),
        "before_mean": round(float(np.mean(before)), 4),
        "held_out_mean": round(float(np.mean(held)), 4),
    }
