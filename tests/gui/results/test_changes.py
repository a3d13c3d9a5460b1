"""Changes offered as buttons lift the limit they are offered for."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from core.assessment import Assessment, problems
from core.decision.ranking import score_and_rank
from core.recommendation import Option, Spread, TargetCheck
from gui.results import texts
from gui.results.changes import applied, changes_for, limit_ways
from tests.core.decision import builders


def gated(option: Option, assessment: Assessment) -> Option:
    ranked, rejected = score_and_rank([option], assessment, builders.SmallCatalog(), builders.AS_OF)
    return (*ranked, *rejected)[0]


def economics(**values: Any) -> Assessment:
    base = builders.assessment()
    return dataclasses.replace(base, economics=dataclasses.replace(base.economics, **values))


def slow(limit_ms: float) -> Option:
    check = TargetCheck("ttft", "TTFT", limit_ms, Spread(600.0, 787.3, 900.0), "fail")
    name = Assessment().workloads[0].name
    return builders.option(servings=(builders.serving(workload=name, targets=(check,)),))


@pytest.mark.parametrize(
    ("option", "assessment"),
    [
        (builders.option(), builders.assessment(rack_power_kw=5.0)),
        (builders.option(), builders.assessment(total_power_kw=18.0)),
        (builders.option(), builders.assessment(feed_kva=20.0)),
        (builders.option(), builders.assessment(racks=1)),
        (builders.option(), builders.assessment(rack_height_u=9)),
        (builders.option(), builders.assessment(floor_load_kg_m2=80.0)),
        (builders.option(), builders.assessment(team_skill=1)),
        (builders.option(), builders.assessment(venues=("token_api",))),
        (builders.api(), builders.assessment(air_gapped=True)),
        (builders.option(), builders.assessment(availability=0.9995)),
        (builders.option(), economics(capex_limit=1_234_567.0)),
        (builders.option(), economics(opex_limit_per_year=100_000.0)),
    ],
    ids=["rack", "total", "feeds", "racks", "height", "floor", "skill", "venue", "air gap",
         "availability", "capex", "opex"],
)  # fmt: skip  # one limit in a row
def test_the_change_lifts_the_limit(option: Option, assessment: Assessment) -> None:
    rejected = gated(option, assessment)
    assert texts.failed_gates(rejected), "the case must fail to begin with"
    ways = list(limit_ways(rejected, assessment))
    changed = applied(changes_for(rejected, assessment), assessment)
    assert changes_for(rejected, assessment) in ways
    assert problems(changed) == []
    assert texts.failed_gates(gated(option, changed)) == ()


def test_a_latency_target_is_changed_in_the_workload_it_belongs_to() -> None:
    base = builders.assessment()
    two = dataclasses.replace(
        base, workloads=(dataclasses.replace(base.workloads[0], name="Other"), base.workloads[0])
    )
    (change,) = changes_for(gated(slow(500.0), two), two)
    assert change.path == "workloads[1].targets.ttft_ms"
    # The least value of three figures that admits 787.3 ms.
    assert change.value == 788
    assert change.text == "Time to first token (TTFT): 500 → 788 ms"


def test_what_no_input_can_lift_offers_nothing() -> None:
    catalog = builders.SmallCatalog(platforms={"server-8": builders.platform(cooling="liquid")})
    assessment = builders.assessment()
    _ranked, rejected = score_and_rank([builders.option()], assessment, catalog, builders.AS_OF)
    assert [g.key for g in texts.failed_gates(rejected[0])] == ["cooling"]
    assert changes_for(rejected[0], assessment) == ()
    assert list(limit_ways(rejected[0], assessment)) == []


@pytest.mark.parametrize(("limit", "leases"), [(1_700_000.0, True), (500_000.0, False)])
def test_leasing_is_offered_before_a_higher_limit_where_it_keeps_the_limit(
    limit: float, leases: bool
) -> None:
    """1.2 of the 2.6 million spent before the start are servers: leased, 1.4 million remain."""
    given = economics(capex_limit=limit)
    option = builders.option()
    assert option.cost is not None
    servers = dataclasses.replace(
        option.cost.lines[0], key="servers", kind="capex", yearly_usd=(1.2e6, 0.0, 0.0, 0.0, 0.0)
    )
    cost = dataclasses.replace(option.cost, lines=(servers,), capex_usd=2.6e6)
    rejected = gated(dataclasses.replace(option, cost=cost), given)
    ways = [[change.path for change in way] for way in limit_ways(rejected, given)]
    raised = ["economics.capex_limit"]
    assert ways == ([["economics.finance"], raised] if leases else [raised])
    if leases:
        (change,) = next(iter(limit_ways(rejected, given)))
        assert change.value == "lease" and change.text == "Own hardware is: “Bought” → “Leased”"
    small = builders.assessment(racks=1)
    both = dataclasses.replace(small, economics=given.economics)
    rejected = gated(dataclasses.replace(option, cost=cost), both)
    ways = [[change.path for change in way] for way in limit_ways(rejected, both)]
    together = [["site.racks", "economics.finance"]] if leases else []
    assert ways[: len(together) + 1] == [*together, ["site.racks", "economics.capex_limit"]]
