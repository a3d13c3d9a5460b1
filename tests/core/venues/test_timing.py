"""Lead times and people by the size of the fleet: by hand, and never less for more."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assessment import Assessment, with_value
from core.assessment.fields import fields_of
from core.catalog.types import Provenance, Range
from core.economics.assumptions import DEFAULTS
from core.recommendation import Option
from core.venues import on_premises, timing
from core.venues.racking import extra_kw
from core.venues.study import Study
from tests.core.assess.cases import AS_OF, every, run, small_catalog

ONE = Range(10.0, 20.0, 40.0, "per week", Provenance("", "", "low"))


def study(**site: float) -> Study:
    assessment = Assessment()
    for key, value in site.items():
        assessment = with_value(assessment, f"site.{key}", value)
    return Study(assessment, small_catalog(), AS_OF, (), (), None)  # type: ignore[arg-type]  # no policy is read


def server(kw: float = 10.0) -> timing.Platform:
    found = next(p for p in small_catalog().platforms.values() if p.kind == "server")
    return dataclasses.replace(found, nameplate_kw=kw, cooling="air")


def test_weeks_at_a_pace_are_shortest_at_the_fastest() -> None:
    assert dataclasses.astuple(timing.at_pace(400.0, ONE)) == (10.0, 20.0, 40.0)


def test_a_small_fleet_takes_delivery_and_two_weeks_and_a_large_one_its_installation() -> None:
    """12 weeks of delivery + 2; 465 servers at 20 a week take 23.25, and say so."""
    few = timing.delivery(study(), server(), "colocation", servers=(4,), kw=40.0)
    assert few.weeks.base == 12 + 2 and few.notes == ()
    many = timing.delivery(study(), server(0.1), "colocation", servers=(465,), kw=46.5)
    assert many.weeks.base == pytest.approx(12 + 465 / 20)
    assert any("465 servers" in note and "20 a week (5 to 60" in note for note in many.notes)
    own = timing.delivery(
        study(servers_installed_per_week=93.0), server(0.1), "colocation", servers=(465,), kw=46.5,
    )  # fmt: skip  # one call
    assert dataclasses.astuple(own.weeks) == (8 + 5, 12 + 5, 16 + 5)


def test_a_large_contract_or_feed_takes_the_weeks_that_the_market_tells() -> None:
    """JLL: 18 to 24 months ahead for halls; half way between 250 and 1,000 kW half of the rise."""
    hall = timing.delivery(study(), server(), "colocation", servers=(1,), kw=6700.0)
    assert (hall.weeks.base, hall.weeks.high) == (78 + 2, 104 + 4)
    assert any("6,700 kW" in note and "CIO Dive" in note for note in hall.notes)
    half = timing.delivery(study(), server(), "colocation", servers=(1,), kw=625.0)
    assert half.weeks.base == pytest.approx((8 + 78) / 2 + 2)
    small = timing.delivery(study(), server(), "on_premises", servers=(1,), kw=40.0)
    assert small.weeks.base == 20 + 2 and small.notes == ()
    grid = timing.delivery(study(), server(), "on_premises", servers=(1,), kw=1940.0)
    assert grid.weeks.base == 104 + 2 and any("1,940 kW" in note for note in grid.notes)
    given_weeks = study(extra_power_weeks=30)
    told = timing.delivery(given_weeks, server(), "on_premises", servers=(1,), kw=1940.0)
    assert dataclasses.astuple(told.weeks) == (31.0, 32.0, 34.0) and told.notes == ()


def test_a_feed_that_only_the_switches_need_is_waited_for_and_billed() -> None:
    """Four servers of 10 kW in four racks of 12 kW, with 0.3 kW of switches each: 41.2 kW."""
    ask, fleet = server(), np.array([4])
    for spare, extra, weeks in ((40.0, 1.2, 20 + 2), (41.2, 0.0, 12 + 2)):
        room = study(total_power_kw=spare)
        assert extra_kw(room, ask, fleet).tolist() == pytest.approx([extra], abs=1e-9)
        assert on_premises.lead_of(room, ask, fleet).weeks.base == weeks


def test_a_roll_out_goes_at_the_pace_that_is_entered() -> None:
    box = dataclasses.replace(server(), kind="edge")
    usual = timing.edge_delivery(study(), box, 5000)
    assert usual.weeks.base == 6 + 2 + 125 and "5,000 sites" in usual.notes[0]
    fast = timing.edge_delivery(study(edge_rollout_sites_per_week=250.0), box, 5000)
    assert dataclasses.astuple(fast.weeks) == (3 + 1 + 20, 6 + 2 + 20, 12 + 4 + 20)
    assert "your input" in fast.notes[0].lower()
    assert timing.edge_delivery(study(), box, 1).notes == ()


def test_a_provider_grants_many_accelerators_by_and_by() -> None:
    """2,048 within eight weeks are 256 a week; what is granted in two weeks takes two weeks."""
    few, block = timing.rented_lead(study(), (1,)), timing.rented_lead(study(), (512,))
    assert dataclasses.astuple(few.weeks) == (1, 2, 6) and few.notes == ()
    # a block of 512 may be eight weeks ahead
    assert dataclasses.astuple(block.weeks) == (1, 2, 8) and block.notes == ()
    many = timing.rented_lead(study(), (3672,))
    assert many.weeks.base == pytest.approx(3672 / 256)
    assert many.weeks.high == pytest.approx(3672 / 64)
    assert "3,672 accelerators" in many.notes[0]


def test_a_fleet_that_outgrows_its_pace_begins_earlier() -> None:
    """20 a week are 1,043 a year: 5,000 in the third year take 250 weeks, 104.3 of them later."""
    grown = timing.delivery(study(), server(), "colocation", servers=(4, 900, 5000), kw=40.0)
    assert grown.weeks.base == pytest.approx(12 + 250 - 2 * 365 / 7)
    assert any("5,000 servers are needed in year 3" in note for note in grown.notes)
    slow = timing.delivery(study(), server(), "colocation", servers=(4, 900, 2000), kw=40.0)
    assert slow.weeks.base == 12 + 2 and slow.notes == ()
    rented = timing.rented_lead(study(), (8, 40_000))
    assert rented.weeks.base == pytest.approx(40_000 / 256 - 365 / 7)
    assert "40,000 accelerators are needed in year 2" in rented.notes[0]


@given(st.integers(1, 3000), st.integers(1, 3000), st.sampled_from(["colocation", "on_premises"]))
def test_more_servers_never_take_less(one: int, other: int, venue: timing.Venue) -> None:
    few, many = sorted((one, other))
    leads = [
        timing.delivery(study(), server(), venue, servers=(n,), kw=10.0 * n).weeks
        for n in (few, many)
    ]
    for less, more in zip(*map(dataclasses.astuple, leads), strict=True):
        assert less <= more
    rented = [timing.rented_lead(study(), (8 * n,)).weeks.base for n in (few, many)]
    assert rented[0] <= rented[1]


def test_the_parts_of_a_lead_time_make_it_up() -> None:
    """The longest chain of a part and what follows it is the whole, in every case of the range."""
    liquid = dataclasses.replace(server(), cooling="liquid")
    box = dataclasses.replace(server(), kind="edge")
    leads = {
        ("servers", "installation"): timing.delivery(
            study(), server(), "colocation", servers=(4,), kw=40.0
        ),
        ("servers", "power", "cooling", "installation"): timing.delivery(
            study(), liquid, "on_premises", servers=(1,), kw=1940.0
        ),
        ("servers", "installation", "roll_out"): timing.edge_delivery(study(), box, 400),
        ("instances",): timing.rented_lead(study(), (3672,)),
        ("api",): timing.token_api_lead(study()),
    }
    for keys, lead in leads.items():
        assert {step.key for step in lead.steps} >= set(keys)
        for case in ("low", "base", "high"):
            longest = max(getattr(s.weeks, case) + getattr(s.then, case) for s in lead.steps)
            assert longest == pytest.approx(getattr(lead.weeks, case)), (keys, case)
    rented = timing.rented_lead(study(), (1,))
    both = timing.beside(leads["servers", "installation"], rented)
    assert both.steps[-1] == rented.steps[0] and len(both.steps) > 2


def staff(option: Option) -> float:
    assert option.cost is not None
    return next(x.yearly_usd[1] for x in option.cost.lines if x.key == "staff")


def test_people_follow_the_number_of_rented_instances_from_some_on() -> None:
    """0.15 of a position for a few; of a thousand, at 50 each, 20 and more."""
    few = run(site__venues=("gpu_cloud",), workload__users=2_000)
    crowd = run(
        site__venues=("gpu_cloud",),
        workload__users=2_000,
        economics__rented_instances_per_engineer=1.0,
    )
    by_id = {o.id: o for o in every(few) if o.cost is not None and o.contract is not None}
    seen = 0
    for option in every(crowd):
        if option.cost is None or option.id not in by_id:
            continue
        salary = staff(by_id[option.id]) / 0.15
        # one engineer per instance: at least the mean number of them, which is above 0.15
        assert staff(option) / salary >= 0.99
        line = next(x for x in option.cost.lines if x.key == "staff")
        assert "1 instances each" in line.formula
        seen += 1
    assert seen


def test_what_an_open_input_is_assumed_to_be_is_the_planning_value() -> None:
    found = 0
    for section in (Assessment().site, Assessment().economics):
        for key, field in fields_of(section):
            if key in DEFAULTS and "assumed" in field.none_text:
                assert field.none_text.split(" ")[0] == f"{DEFAULTS[key].base:g}"
                found += 1
    assert found == 5
