"""Published sources played as sites: an odd one gains by its own measurements."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.performance import fit, held_out, published_runs, site_check
from core.performance.measurements import runs_of
from core.performance.targets import fit_set
from tests.core.performance.own_site import CATALOG, MODELS, measured, own


def of_source(rows, name):
    """The rows as another source's."""
    return [
        dataclasses.replace(
            row,
            point_id=f"{name}/{row.point_id}",
            cells=row.cells | {"source_id": name, "point_id": f"{name}/{row.point_id}"},
        )
        for row in rows
    ]


@pytest.mark.full  # refits of the whole engine; what they gave is in sites.json, which is gated
def test_a_source_unlike_the_others_is_predicted_better_with_its_own_rows(monkeypatch):
    monkeypatch.setattr(held_out, "REFIT_STEPS", 3)  # as far as the check has to see
    levels = ("1", "16", "64")
    usual = of_source(measured(own(), MODELS, levels, seed=1), "usual")
    slow = of_source(measured(own(decode=0.6, overhead=1.8), MODELS, levels, seed=2), "slow")
    few = of_source(measured(own(), MODELS[:1], ("1",), seed=3), "few")
    rows = [*usual, *slow, *few]
    runs, _reasons = runs_of(rows, CATALOG)
    cases = published_runs.stack(list(runs.values()))
    data = fit_set(rows, runs, cases)
    lay = fit.layout(cases.labels)
    full = fit.fit(lay, data.targets, data.predict, iterations=5)
    told: list[str] = []
    without = held_out.leave_out(lay, data, full, "source").theta
    found = site_check.check(lay, data, without, rows, CATALOG, told.append)
    # Three values are too few for a refit: that source is not counted.
    assert found["sources"] == 2 and len(told) == 2
    assert 1 <= found["helped"] <= 2
    tpot = found["families"]["tpot"]
    assert tpot["n"] == 2 * len(MODELS) * len(levels)
    assert tpot["held_out"] < 0.7 * tpot["before"]
    assert all(np.isfinite(list(entry.values())).all() for entry in found["families"].values())
