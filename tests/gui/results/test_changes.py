"""Changes offered as buttons lift the limit they are offered for."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from core.assessment import Assessment, problems
from core.decision.ranking import score_and_rank
from core.recommendation import Option, Spread, TargetCheck
from gui.results import texts
from gui.results.changes import all_lifted, applied, changes_for
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
    assert all_lifted(rejected, assessment)
    changed = applied(changes_for(rejected, assessment), assessment)
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
    assert not all_lifted(rejected[0], assessment)
