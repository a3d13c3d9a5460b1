"""The chosen size of an owned base against every size there is."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.narrow import at_load
from core.assess.costing import cost_options
from core.assessment import Assessment
from core.assessment.site import ALL_VENUES
from core.catalog.load import load_catalog
from core.interchange.document import load
from core.venues import hybrid, hybrid_curve
from tests.core.assess.cases import AS_OF, small_catalog


def assessed(load: float, growth: float) -> Assessment:
    base = Assessment()
    workload = dataclasses.replace(
        base.workloads[0],
        traffic_entry="requests",
        peak_requests_per_s=load,
        growth_per_year=growth,
    )
    site = dataclasses.replace(base.site, total_power_kw=1e6, racks=9999)
    return dataclasses.replace(base, workloads=(workload,), site=site)


def check(load: float, growth: float, most: int) -> int:
    """Compare with brute force; returns how many splits were compared."""
    run = cost_options(assessed(load, growth), small_catalog(), AS_OF, lambda share, text: None)
    pure = [o for o in run.options if o.venue != "hybrid"]
    base = hybrid._base(run.study, run.drafts, pure, "on_premises", lambda option: True)
    burst = hybrid._cloud(run.drafts, pure, lambda option: True)
    assert base is not None
    assert burst is not None
    run.book.add(base.draft.sizing.pools)
    peak = base.most
    if peak < 2:
        return 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hybrid_curve, "MOST_POINTS", most)
        found = hybrid_curve.curve(run.study, run.book, base, burst)
    points = [
        hybrid_curve.cost_at(run.study, run.book, base, burst, size).point
        for size in range(1, peak)
    ]
    totals = {p.owned_units: p.total_usd for p in points}
    least = hybrid_curve.LEAST_PART  # with less on either side it is no split
    splits = [p.total_usd for p in points if least <= p.owned_share <= 1 - least]
    if not splits:
        assert found is None
        return 0
    best = min(splits)
    assert found is not None
    option = hybrid._option(run.study, run.book, base, burst, found)
    assert option.cost is not None and option.hybrid_curve == found.points
    if peak - 1 <= most:  # every size is on the curve
        assert option.cost.npv_usd == pytest.approx(best, rel=1e-12)
    else:
        assert best * (1 - 1e-12) <= option.cost.npv_usd <= best * 1.01
    for point in found.points[1:-1]:
        assert point.total_usd == pytest.approx(totals[point.owned_units])
    return 1


draws = {"load": st.floats(10.0, 300.0), "growth": st.floats(-0.3, 0.6)}


@settings(max_examples=4)
@given(**draws)
def test_quick(load: float, growth: float) -> None:
    check(load, growth, hybrid_curve.MOST_POINTS)


@pytest.mark.full
@settings(max_examples=200)
@given(**draws)
def test_full(load: float, growth: float) -> None:
    check(load, growth, hybrid_curve.MOST_POINTS)


def test_sampled_sizes_come_close() -> None:
    assert check(300.0, 0.2, 5) == 1


def test_more_load_never_makes_a_split_cheaper() -> None:
    """Two workloads share a small base, whose accelerators are all in use at every load."""
    given_ = load(Path(__file__).parents[3] / "resources" / "examples" / "hospital_group.json")
    open_site = dataclasses.replace(
        given_.site, venues=ALL_VENUES, air_gapped=False, data_residency="none"
    )
    asked = dataclasses.replace(given_, site=open_site)
    before: dict[str, float] = {}
    compared = 0
    for factor in (0.5, 0.53, 0.56):
        run = cost_options(
            at_load(asked, factor), load_catalog(), AS_OF, lambda share, text: None, bare=True
        )
        now = {o.id: o.cost.npv_usd for o in run.options if o.venue == "hybrid" and o.cost}
        for name in now.keys() & before.keys():
            assert now[name] >= before[name] * (1 - 1e-9), (name, factor)
            compared += 1
        before = now
    assert compared >= 4
