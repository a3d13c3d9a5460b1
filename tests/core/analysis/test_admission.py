"""Smallest changes against hand-made limits, each side asked of plain ``assess``."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest

from core.analysis.admission import smallest_changes
from core.analysis.admission.case import MOST_TIMES_DEARER
from core.analysis.admission.search_changes import interesting, smallest_change
from core.analysis.narrow import Narrow, at_load
from core.assess import assess
from core.assessment import Assessment, with_value
from core.catalog.types import Licence, Provenance
from core.recommendation import Option, SmallestChange
from tests.core.assess.cases import AS_OF, every, not_finite, run, small_catalog


def own_room(**values: Any) -> Narrow:
    room = {"site__venues": ("on_premises",), "workload__targets__ttft_ms": 2000.0, **values}
    return Narrow(run(**room), small_catalog())


def rejected(narrow: Narrow, kw: float) -> Option:
    """A rejected server of so many accelerators' nameplate or more."""
    return next(
        o
        for o in narrow.recommendation.rejected
        if o.cost and small_catalog().platforms[o.fleet.platform_id or ""].nameplate_kw == kw
    )


def at(narrow: Narrow, changes: dict[str, Any], option_id: str) -> Option:
    """The option when ``assess`` is asked with other inputs."""
    assessment: Assessment = narrow.recommendation.assessment
    for path, value in changes.items():
        assessment = with_value(assessment, path, value)
    answer = assess(assessment, small_catalog(), as_of=AS_OF)
    return next(o for o in every(answer) if o.id == option_id)


def the(change: SmallestChange, path: str) -> str:
    return next(c.needed for c in change.changes if c.path == path)


def test_the_rack_needs_the_nameplate_of_one_server_and_its_switches() -> None:
    narrow = own_room(site__rack_power_kw=5.0, site__cooling="rear_door")
    option = rejected(narrow, 10.2)
    change = smallest_change(narrow, option)
    # a server cannot be halved: 10.2 kW and 0.3 of switches per rack, whatever the fleet
    assert [c.path for c in change.changes] == ["site.rack_power_kw"]
    assert the(change, "site.rack_power_kw") == "10.5 kW"
    assert change.verified and change.load is None
    assert at(narrow, {"site.rack_power_kw": 10.5}, option.id).feasible
    assert not at(narrow, {"site.rack_power_kw": 10.49}, option.id).feasible
    assert change.rank == at(narrow, {"site.rack_power_kw": 10.5}, option.id).rank
    assert "10.5 kW instead of 5 kW" in change.sentence


def test_several_limits_are_answered_together() -> None:
    narrow = own_room(
        site__total_power_kw=15.0, site__racks=1, site__cooling="rear_door", workload__users=40_000
    )
    option = rejected(narrow, 10.2)
    units = max(option.fleet.units_by_year)
    assert units > 1
    change = smallest_change(narrow, option)
    assert change.verified
    assert float(the(change, "site.total_power_kw").split()[0]) == pytest.approx(
        10.5 * units, rel=0.005
    )
    assert at(narrow, {c.path: c.value for c in change.changes}, option.id).feasible
    assert the(change, "site.racks") == f"{units} racks"  # 12 kW racks hold one server each
    admitted = {"site.total_power_kw": 10.5 * units * 1.005, "site.racks": units}
    assert at(narrow, admitted, option.id).feasible
    assert not at(narrow, {**admitted, "site.racks": units - 1}, option.id).feasible


def test_the_load_that_a_room_takes_as_it_is() -> None:
    narrow = own_room(site__total_power_kw=15.0, site__cooling="rear_door", workload__users=40_000)
    option = rejected(narrow, 10.2)
    change = smallest_change(narrow, option)
    assert change.load is not None and 0 < change.load < 1
    stated = narrow.recommendation.assessment

    def feasible(load: float) -> bool:
        answer = assess(at_load(stated, load), small_catalog(), as_of=AS_OF)
        return next(o for o in every(answer) if o.id == option.id).feasible

    assert feasible(change.load)
    assert not feasible(change.load * 1.01)


def test_a_later_date_in_whole_weeks() -> None:
    needed = AS_OF + timedelta(weeks=4)
    narrow = own_room(site__date_needed=needed.isoformat(), site__cooling="rear_door")
    option = interesting(narrow.recommendation)[0]
    change = smallest_change(narrow, option)
    assert option.weeks_to_deploy is not None
    told = date.fromisoformat(the(change, "site.date_needed"))
    weeks = (told - AS_OF).days / 7
    assert weeks - 1 < option.weeks_to_deploy.base <= weeks
    assert change.changes[0].value == told.isoformat()


def test_a_target_is_relaxed_to_what_a_server_reaches() -> None:
    narrow = own_room(workload__targets__tpot_ms=6.0, site__cooling="rear_door")
    missing = next(
        o
        for o in narrow.recommendation.rejected
        if o.cost and [g.key for g in o.gates if g.status == "fail"] == ["tpot"]
    )
    change = smallest_change(narrow, missing)
    assert change.verified
    value = float(the(change, "workloads[0].targets.tpot_ms").split()[0])
    assert at(narrow, {"workloads[0].targets.tpot_ms": value}, missing.id).feasible
    tighter = at(narrow, {"workloads[0].targets.tpot_ms": value * 0.98}, missing.id)
    assert missing.cost is not None and tighter.cost is not None
    usd = missing.cost.usd_per_mtok.base
    assert not tighter.feasible or tighter.cost.usd_per_mtok.base > MOST_TIMES_DEARER * usd


def test_data_rules_are_loosened_one_step_at_a_time() -> None:
    """An instance in the United States serves a German site only without any rule."""
    rented = Narrow(
        run(site__venues=("gpu_cloud", "on_premises"), site__data_residency="eu"),
        small_catalog(),
    )
    offers = small_catalog().cloud_offers
    abroad = next(
        o
        for o in rented.recommendation.rejected
        if o.venue == "gpu_cloud"
        and o.cost
        and offers[o.fleet.platform_id or ""].country_iso3 == "USA"
        and [g.key for g in o.gates if g.status == "fail"] == ["residency"]
    )
    change = smallest_change(rented, abroad)
    assert [c.path for c in change.changes] == ["site.data_residency"]
    assert "In the European Union" in change.changes[0].current
    assert "No rule" in change.changes[0].needed
    assert change.changes[0].value == "none"
    assert change.verified


def test_what_no_input_admits_says_what_stands_in_the_way() -> None:
    own = dataclasses.replace(
        small_catalog().models[Assessment().workloads[0].model],
        id="own/model",
        licence=Licence("None at all", "no", "", Provenance("made for a test", "", "low")),
    )
    catalog = small_catalog().with_models((own,))
    asked = with_value(Assessment(), "site.venues", ("on_premises",))
    asked = with_value(asked, "workloads[0].model", own.id)
    answer = assess(asked, catalog, as_of=AS_OF)
    narrow = Narrow(answer, catalog)
    change = smallest_change(narrow, interesting(answer)[0])
    assert change.changes == () and not change.verified and change.rank is None
    assert "does not allow commercial use" in change.sentence


def test_the_options_searched_are_priced_and_at_venues_to_be_considered() -> None:
    narrow = own_room(site__rack_power_kw=5.0)
    found = smallest_changes(narrow, lambda share: None)
    assert found
    rejected_ids = {o.id for o in narrow.recommendation.rejected if o.venue == "on_premises"}
    assert {c.option_id for c in found} <= rejected_ids
    assert list(not_finite(found)) == []
    winner = narrow.recommendation.winner
    assert all(c.instead == ("" if winner is None else winner.title) for c in found)
