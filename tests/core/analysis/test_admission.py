"""Smallest changes against hand-made limits, each side asked of plain ``assess``."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from core.analysis.admission import change_for, smallest_changes
from core.analysis.admission.case import MOST_TIMES_DEARER
from core.analysis.admission.nearest import nearest
from core.analysis.admission.remedies import remedies_for
from core.analysis.admission.search_changes import interesting, smallest_change
from core.analysis.narrow import Narrow, at_load
from core.assess import assess
from core.assessment import Assessment, with_value
from core.catalog.types import Licence, Provenance
from core.decision import verdicts
from core.decision.wording import money
from core.recommendation import Gate, Option, SmallestChange
from core.units import measuring
from tests.core.assess.cases import AS_OF, every, not_finite, run, small_catalog
from tests.core.decision import builders as b


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
    feasible = {o.title: o.venue for o in narrow.recommendation.options}
    assert all(feasible.get(c.instead) == ("on_premises" if feasible else None) for c in found)


def test_every_limit_and_every_venue_without_an_answer_is_searched() -> None:
    """Eight racks too few come nearest, yet the other limits and the other venue are told too.

    However many limits there are, and however seldom one is the furthest from being kept.
    """
    answer = own_room().recommendation
    assert answer.options

    def refused(key: str, limit: str, usd: float = 900.0, venue: str = "on_premises") -> Option:
        gate = Gate(limit, limit, "fail", 2.0, 1.0, "kW", "Too much.", "")
        return b.option(key, usd_per_mtok=usd, venue=venue, gates=(gate,))

    racks = [refused(f"racks{i}", "racks") for i in range(8)]
    others = [refused(key, key) for key in ("rack_power", "cooling", "ttft", "floor_load")]
    elsewhere = [refused("there", "racks", venue="colocation")]
    unasked = [refused("edge", "edge_power", venue="edge")]
    cheap = [refused("cheap", "racks", usd=0.001)]
    venues = ("on_premises", "colocation")
    answer = dataclasses.replace(
        answer,
        assessment=with_value(answer.assessment, "site.venues", venues),
        rejected=(*racks, *others, *elsewhere, *unasked, *cheap),
    )
    assert [o.id for o in interesting(answer)] == [
        "racks0", "rack_power", "cooling", "ttft", "floor_load", "there", "cheap",
    ]  # fmt: skip  # a list of ids
    # where nothing is feasible each venue counts, and the second of a limit follows the first
    none = dataclasses.replace(answer, options=())
    assert [o.id for o in interesting(none)] == [
        "racks0", "rack_power", "cooling", "ttft", "floor_load", "racks1", "racks2", "racks3",
        "there",
    ]  # fmt: skip  # a list of ids


def test_a_limit_that_never_binds_first_is_searched_too() -> None:
    """Money is short wherever the racks are shorter: it is searched with the first of those."""
    answer = own_room().recommendation
    racks = Gate("racks", "racks", "fail", 9.0, 1.0, "racks", "Too much.", "")
    money = Gate("capex", "capex", "fail", 2.0, 1.0, "USD", "Too much.", "")
    rejected = [b.option(f"plain{i}", usd_per_mtok=900.0, gates=(racks,)) for i in range(5)]
    rejected += [b.option(f"dear{i}", usd_per_mtok=900.0, gates=(racks, money)) for i in range(2)]
    answer = dataclasses.replace(answer, rejected=tuple(rejected))
    assert [o.id for o in interesting(answer)] == ["plain0", "plain1", "plain2", "plain3", "dear0"]


def test_what_costs_a_hundred_times_the_usual_is_no_way_out() -> None:
    """A report offered 3,489 servers for 56 million beside two for 0.3."""
    answer = own_room().recommendation
    racks = Gate("racks", "racks", "fail", 9.0, 1.0, "racks", "Too much.", "")
    late = Gate("date", "date", "fail", 99.0, 30.0, "weeks", "Too late.", "")
    rejected = [b.option(f"plain{i}", usd_per_mtok=3.0 + i, gates=(racks,)) for i in range(3)]
    dear = [
        b.option(key, usd_per_mtok=usd, gates=(racks, late))
        for key, usd in (("dear", 60.0), ("absurd", 400.0))
    ]
    answer = dataclasses.replace(answer, rejected=(*rejected, *dear))
    # half cost 5 or less: 12 times that is told, being alone with its date, 80 times is not
    assert [o.id for o in interesting(answer)] == ["plain0", "plain1", "plain2", "dear"]
    assert [o.cost and o.cost.usd_per_mtok.base for o in dear] == [60.0, 400.0]


def made(narrow: Narrow, change: SmallestChange) -> Option:
    """The option when ``assess`` is asked with everything that is told, and nothing else."""
    return at(narrow, {c.path: c.value for c in change.changes}, change.option_id)


def test_seven_limits_that_bind_at_once_are_all_answered() -> None:
    narrow = own_room(
        site__rack_power_kw=5.0,
        site__total_power_kw=6.0,
        site__feed_kva=8.0,
        site__racks=1,
        site__floor_load_kg_m2=90.0,
        site__team_skill=1,
        site__date_needed=(AS_OF + timedelta(weeks=4)).isoformat(),
        economics__capex_limit=1000.0,
        workload__users=40_000,
    )
    option = rejected(narrow, 10.2)
    asked = {g.key for g in option.gates if g.status == "fail"}
    assert len(asked) >= 7
    change = smallest_change(narrow, option)
    assert change.verified and made(narrow, change).feasible
    for left_out in change.changes:
        rest = {c.path: c.value for c in change.changes if c is not left_out}
        assert not at(narrow, rest, option.id).feasible, left_out.label
        # what is told is what was computed
        assert shown_value(left_out.needed) in (None, pytest.approx(left_out.value))


def shown_value(told: str) -> float | None:
    try:
        return float(told.split()[0].replace(",", ""))
    except ValueError:
        return None


def test_the_same_target_of_two_workloads_is_relaxed_for_each() -> None:
    one = Assessment().workloads[0]
    targets = dataclasses.replace(one.targets, ttft_ms=20.0, tpot_ms=3.0)
    first = dataclasses.replace(one, targets=targets, users=500)
    second = dataclasses.replace(first, name="Second")
    stated = dataclasses.replace(Assessment(), workloads=(first, second))
    answer = run(stated, site__venues=("on_premises",), site__cooling="rear_door")
    narrow = Narrow(answer, small_catalog())
    missing = next(
        o
        for o in answer.rejected
        if o.cost and Counter(g.key for g in o.gates if g.status == "fail")["ttft"] == 2
    )
    change = smallest_change(narrow, missing)
    paths = {c.path for c in change.changes}
    assert {"workloads[0].targets.ttft_ms", "workloads[1].targets.ttft_ms"} <= paths
    assert change.verified and made(narrow, change).feasible
    # which of the two is meant is told
    assert sum("“Second”" in c.label for c in change.changes) == sum("[1]" in p for p in paths)


def test_a_venue_that_is_left_out_is_added_with_what_else_it_takes() -> None:
    narrow = own_room(site__venues=("gpu_cloud",), site__rack_power_kw=5.0, site__cooling="liquid")
    option = next(
        o
        for o in narrow.recommendation.rejected
        if o.venue == "on_premises" and o.fleet.kw_per_rack == 10.5
    )
    assert {"venue", "rack_power"} <= {g.key for g in option.gates if g.status == "fail"}
    change = change_for(narrow.recommendation, small_catalog(), option.id)
    told = {c.path: c.value for c in change.changes}
    assert told["site.venues"] == ("gpu_cloud", option.venue)
    assert told["site.rack_power_kw"] == 10.5 and len(told) == 2
    assert change.verified and made(narrow, change).feasible


def test_an_option_without_a_price_says_so() -> None:
    narrow = own_room()
    option = dataclasses.replace(narrow.recommendation.options[0], cost=None)
    change = smallest_change(narrow, option)
    assert change.changes == () and change.sentence.count("no price is known for it.") == 1


def test_what_stands_instead_is_of_the_venue_and_if_possible_the_same_accelerator() -> None:
    def option(name: str, venue: str, chip: str | None, provider: str = "") -> Option:
        serving = dataclasses.replace(b.serving(), accelerator_id=chip)
        return b.option(name, venue=venue, title=name, provider=provider, servings=(serving,))

    best = option("best", "gpu_cloud", "other", "B")
    same = option("same", "gpu_cloud", "h100-sxm", "C")
    own = option("own", "on_premises", "h100-sxm")
    asked = option("asked", "gpu_cloud", "h100-sxm", "B")
    assert nearest(asked, (best, own, same)) == same
    assert nearest(asked, (best, own)) == best
    assert nearest(asked, (own,)) is None
    unlike = option("unlike", "gpu_cloud", "third", "D")
    assert nearest(unlike, (best, same)) == best


def test_leasing_is_what_clears_a_limit_on_spending_before_the_start() -> None:
    """Leased, nothing but network, racks and installation is paid before the start."""
    bought = run(site__venues=("on_premises",), site__cooling="rear_door").options[0]
    assert bought.cost is not None
    servers = sum(x.yearly_usd[0] for x in bought.cost.lines if x.key == "servers")
    rest = bought.cost.capex_usd - servers
    assert 0 < rest < servers
    narrow = own_room(
        site__cooling="rear_door",
        workload__targets__ttft_ms=run().assessment.workloads[0].targets.ttft_ms,
        economics__currency="USD",
        economics__capex_limit=1.5 * rest,
    )
    answer = narrow.recommendation
    option = answer.option(bought.id)
    assert not answer.options and [g.key for g in verdicts.failures(option.gates)] == ["capex"]
    change = smallest_change(narrow, option)
    assert {c.path: c.value for c in change.changes} == {"economics.finance": "lease"}
    assert change.verified and made(narrow, change).feasible
    # a limit that buying keeps is the other way, and admits it too
    ((other,),) = change.other_ways
    assert other.path == "economics.capex_limit"
    assert bought.cost.capex_usd <= float(other.value) <= 1.01 * bought.cost.capex_usd
    raised = dataclasses.replace(change, changes=(other,))
    assert made(narrow, raised).feasible
    # leasing stands beside buying though nothing is feasible as things are
    assert answer.lease_or_buy[0].option_id == answer.rejected[0].id
    # the limit itself says so too, with what leasing leaves to be paid
    leased = made(narrow, change).cost
    assert leased is not None and leased.capex_usd == pytest.approx(rest)
    gate = next(g for g in option.gates if g.key == "capex")
    assert gate.remedy.startswith(f"Leased servers ({money(rest, answer.currency)} up front), or")


def test_rules_that_no_considered_venue_keeps_are_answered_by_another_venue() -> None:
    """Nothing may leave the premises, yet only a cloud was named: a room keeps both rules."""
    narrow = own_room(
        site__venues=("gpu_cloud", "token_api"),
        site__cooling="rear_door",
        site__data_residency="own_premises",
        site__air_gapped=True,
    )
    answer = narrow.recommendation
    nearest_one = answer.rejected[0]
    assert not answer.options and nearest_one.venue == "on_premises"
    assert "fails on the venues to consider" in answer.headline
    first_searched = smallest_changes(narrow, lambda share: None)[0]
    assert first_searched.option_id == nearest_one.id
    told = {c.path: c.value for c in first_searched.changes}
    assert told == {"site.venues": ("gpu_cloud", "token_api", "on_premises")}
    assert first_searched.verified and made(narrow, first_searched).feasible


def test_a_venue_left_out_stays_last_where_a_considered_one_keeps_the_rules() -> None:
    """A room that is only too small comes before any venue that the user left out."""
    narrow = own_room(site__rack_power_kw=5.0, site__total_power_kw=1.0, site__cooling="rear_door")
    answer = narrow.recommendation
    assert not answer.options
    assert answer.rejected[0].venue == "on_premises"
    assert all(o.venue == "on_premises" for o in interesting(answer))


def test_what_was_entered_in_kilograms_is_told_in_pounds_without_digits_of_the_conversion() -> None:
    """A limit of 1,000 kg/m² was told as 204.816 lb/ft² beside what would be needed."""
    site = dataclasses.replace(Assessment().site, floor_load_kg_m2=1000.0)
    heavy = verdicts.gate(
        "floor_load",
        "Floor load",
        "fail",
        "Too heavy.",
        "More.",
        needed=1140.0,
        limit=1000.0,
        unit="kg/m²",
    )
    with measuring("us"):
        [remedy] = remedies_for(
            heavy, b.option("a"), dataclasses.replace(Assessment(), site=site), "USD"
        )
        assert remedy.show(1000.0) == "204.8 lb/ft²"
        assert remedy.show(1140.0) == "233.49 lb/ft²"  # holds to its last figure
