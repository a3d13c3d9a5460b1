"""Strict workloads at the sites, the rest in one place."""

from __future__ import annotations

import dataclasses
import math

import pytest

from core.assess import assess
from core.assessment import Assessment, Workload, with_value
from core.catalog.load import load_catalog
from core.recommendation import Recommendation
from core.venues.demand import demands_of
from core.venues.edge_parts import MOST_SPLITS, splits
from core.venues.study import open_study
from tests.core.assess.cases import AS_OF, every, not_finite, small_catalog


def workload(name: str, model: str, ttft_ms: float | None, users: int = 4000) -> Workload:
    base = Workload()
    return dataclasses.replace(
        base,
        name=name,
        model=model,
        users=users,
        targets=dataclasses.replace(base.targets, ttft_ms=ttft_ms),
    )


def two() -> Assessment:
    kiosk = workload("Kiosk", "Qwen/Qwen3-4B", 300.0)
    office = workload("Office", "meta-llama/Llama-3.3-70B-Instruct", 3000.0)
    site = dataclasses.replace(Assessment().site, edge_sites=40)
    return dataclasses.replace(Assessment(), workloads=(office, kiosk), site=site)


@pytest.fixture(scope="module")
def answer() -> Recommendation:
    return assess(two(), load_catalog(), as_of=AS_OF)


def test_the_strict_one_stands_at_the_sites(answer: Recommendation) -> None:
    found = [o for o in every(answer) if o.id.startswith("hybrid/edge/")]
    assert found
    edges = {o.fleet.platform_id: o for o in every(answer) if o.venue == "edge"}
    for option in found:
        assert [s.workload for s in option.servings] == ["Kiosk", "Office"]
        assert option.fleet.sites == 40
        assert option.fleet.units_by_year[0] % 40 == 0
        power = next(g for g in option.gates if g.key == "edge_power")
        assert option.fleet.nameplate_kw is not None
        assert power.needed == pytest.approx(option.fleet.nameplate_kw / 40)
        # a kiosk at the site waits for no wide-area network; its pool is the edge venue's
        alone = next(s for s in edges[option.fleet.platform_id].servings if s.workload == "Kiosk")
        assert option.servings[0].replicas_by_year == alone.replicas_by_year
        point = option.hybrid_curve[0]
        kiosk = next(d for d in answer.demand if d.workload == "Kiosk")
        both = sum(sum(d.tokens_per_year) for d in answer.demand)
        assert point.owned_share == pytest.approx(sum(kiosk.tokens_per_year) / both)
        assert option.cost is not None
        central = sum(
            line.present_value_usd for line in option.cost.lines if line.label.endswith(", central")
        )
        assert central == pytest.approx(point.burst_usd)
        assert option.cost.npv_usd == pytest.approx(point.owned_usd + point.burst_usd)
    assert list(not_finite(answer)) == []


def test_nothing_to_split() -> None:
    one_site = with_value(two(), "site.edge_sites", 1)
    answer = assess(one_site, small_catalog(), as_of=AS_OF)
    assert not [o for o in every(answer) if o.id.startswith("hybrid/edge/")]


def test_splits_keep_equal_limits_together() -> None:
    limits = (500.0, None, 200.0, 500.0, 900.0)
    works = tuple(workload(f"W{i}", "Qwen/Qwen3-4B", t) for i, t in enumerate(limits))
    assessment = dataclasses.replace(Assessment(), workloads=works)
    catalog = small_catalog()
    demands = demands_of(assessment, catalog.models, catalog.traffic_shapes)
    study = open_study(assessment, catalog, AS_OF, demands)
    assert splits(study) == [(2,), (0, 2, 3), (0, 2, 3, 4)]
    many = dataclasses.replace(
        assessment,
        workloads=tuple(workload(f"W{i}", "Qwen/Qwen3-4B", 100.0 + i) for i in range(9)),
    )
    demands = demands_of(many, catalog.models, catalog.traffic_shapes)
    assert len(splits(open_study(many, catalog, AS_OF, demands))) == MOST_SPLITS


def cheapest(works: tuple[Workload, ...], venues: tuple[str, ...]) -> float:
    """What the workloads cost alone at their cheapest feasible option of some venues."""
    part = dataclasses.replace(two(), workloads=works)
    part = with_value(with_value(part, "site.edge_sites", 6), "site.venues", venues)
    options = assess(part, load_catalog(), as_of=AS_OF).options
    return min((o.cost.npv_usd for o in options if o.cost is not None), default=math.inf)


def test_no_split_on_any_hardware_costs_less() -> None:
    """Each part assessed alone: the sum of the cheapest, over both splits of three workloads."""
    strict = workload("A", "Qwen/Qwen3-4B", 150.0)
    middle = workload("B", "Qwen/Qwen3-4B", 800.0, 6000)
    middle = dataclasses.replace(middle, batchable_share=0.3)
    slow = workload("C", "meta-llama/Llama-3.3-70B-Instruct", 2500.0, 9000)
    three = (strict, middle, slow)
    given = with_value(dataclasses.replace(two(), workloads=three), "site.edge_sites", 6)
    found = {
        "token_api" if ":token_api" in o.id else "cloud": o.cost.npv_usd
        for o in every(assess(given, load_catalog(), as_of=AS_OF))
        if o.id.startswith("hybrid/edge/") and o.cost is not None
    }
    edges = [cheapest(three[:count], ("edge",)) for count in (1, 2)]
    for kind, venues in (
        ("cloud", ("public_cloud", "gpu_cloud")),
        ("token_api", ("token_api",)),
    ):
        rests = [cheapest(three[count:], venues) for count in (1, 2)]
        best = min(edge + rest for edge, rest in zip(edges, rests, strict=True))
        # power is read between loads that depend on what else is assessed
        assert found[kind] == pytest.approx(best, rel=2e-3)
