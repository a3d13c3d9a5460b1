"""Servers in racks: never one rack more than the limits ask for."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.venues.racks import (
    Fittings,
    RackLimits,
    beyond_free,
    feed_kva,
    fit_for,
    layouts,
    plan_racks,
)
from tests.core.assess.cases import every, run
from tests.core.decision.builders import platform

SERVER = platform(nameplate_kw=10.2, height_u=8.0, weight_kg=130.0)


@pytest.mark.parametrize(
    ("limits", "held", "bound"),
    [
        (RackLimits(kw=12.0), 1, "power"),
        (RackLimits(kw=45.0), 4, "power"),
        (RackLimits(kw=200.0), 5, "height"),  # 40 of 42 U beside the switches
        (RackLimits(kw=200.0, kg=400.0), 3, "weight"),
        (RackLimits(kw=45.0, cooling_kw=25.0), 2, "cooling"),
        (RackLimits(kw=5.0), 1, "power"),  # too weak for one; the gate says so
    ],
)
def test_the_tightest_limit_of_a_rack_is_named(limits: RackLimits, held: int, bound: str) -> None:
    fit = fit_for(SERVER, 20, limits)
    assert (fit.servers, fit.bound) == (held, bound)


def test_servers_share_a_rack_although_others_are_free() -> None:
    small = platform(nameplate_kw=3.6, height_u=2.0, weight_kg=40.0)
    plan = plan_racks(small, 2, RackLimits(kw=12.0, racks=6))
    assert plan.count == 1
    assert plan.kw_per_rack == pytest.approx(7.2)


def test_as_few_racks_as_hold_them_evenly_filled() -> None:
    plan = plan_racks(SERVER, 5, RackLimits(kw=21.0))
    assert plan.count == 3
    assert [round(r.power_kw, 1) for r in plan.racks] == [20.4, 20.4, 10.2]
    assert plan.kw_per_rack == pytest.approx(20.4)
    assert plan.nameplate_kw == pytest.approx(51.0)
    # four fit each of two racks; three and three load the floor and the feeds less
    assert [len(r.servers) for r in plan_racks(SERVER, 6, RackLimits(kw=45.0)).racks] == [3, 3]


def test_racks_are_filled_beyond_the_planned_heat_only_where_none_is_free() -> None:
    room = RackLimits(kw=45.0, cooling_kw=10.5, cooling_most_kw=21.0)
    assert plan_racks(SERVER, 4, room).count == 4
    assert plan_racks(SERVER, 4, dataclasses.replace(room, racks=4)).count == 4
    filled = plan_racks(SERVER, 4, dataclasses.replace(room, racks=3))
    assert filled.count == 2
    # The limit that is told is the one that was used.
    assert (filled.fit.bound, filled.fit.cooling_kw) == ("cooling", 21.0)
    assert plan_racks(SERVER, 4, room).fit.cooling_kw == 10.5


def test_a_rack_holds_switches_and_weighs_something_itself() -> None:
    fittings = Fittings(kw=0.3, kg=180.0)
    # 20.6 kW hold two servers of 10.2 kW, but not their switches; 20.7 kW hold both.
    assert plan_racks(SERVER, 5, RackLimits(kw=20.6, fittings=fittings)).count == 5
    plan = plan_racks(SERVER, 5, RackLimits(kw=20.7, fittings=fittings))
    assert plan.count == 3
    assert [round(r.power_kw, 1) for r in plan.racks] == [20.7, 20.7, 10.5]
    assert plan.nameplate_kw == pytest.approx(5 * 10.2 + 3 * 0.3)
    # The floor carries the rack as well: 400 kg leave 220 kg, one server of 130.
    light = plan_racks(SERVER, 5, RackLimits(kw=200.0, kg=400.0, fittings=fittings))
    assert light.count == 5
    assert light.racks[0].weight_kg == pytest.approx(130.0 + 180.0)
    # 5 servers of 8 U, and 2 U of switches in each of 3 racks: as much as the racks' own heights
    assert plan.height_u == 5 * 8 + 3 * 2 == sum(rack.height_u for rack in plan.racks)
    # What comes as a rack has its switches inside.
    whole = dataclasses.replace(SERVER, kind="rack")
    assert plan_racks(whole, 2, RackLimits()).nameplate_kw == pytest.approx(20.4)
    assert plan_racks(whole, 2, RackLimits()).fit.bound == "whole"


@given(
    st.integers(1, 40),
    st.floats(0.5, 15.0),
    st.integers(1, 10),
    st.floats(16.0, 60.0),
    st.floats(16.0, 60.0),
)
def test_no_plan_with_a_rack_less_respects_the_limits(
    servers: int, kw: float, height_u: int, rack_kw: float, cooling_kw: float
) -> None:
    server = platform(nameplate_kw=kw, height_u=float(height_u), weight_kg=None)
    limits = RackLimits(kw=rack_kw, cooling_kw=cooling_kw, fittings=Fittings(kw=0.3))
    plan = plan_racks(server, servers, limits)
    most = min(rack_kw, cooling_kw)
    loads = [len(rack.servers) for rack in plan.racks]
    assert sum(loads) == servers
    for here in loads:
        assert here * kw + 0.3 <= most + 1e-6
        assert here * height_u + 2 <= 42
    assert plan.kw_per_rack == pytest.approx(max(loads) * kw + 0.3)
    # a rack less would have to hold one server more somewhere than any rack can
    fewer = plan.count - 1
    if fewer:
        each = -(-servers // fewer)
        assert each * kw + 0.3 > most - 1e-6 or each * height_u + 2 > 42


@given(st.integers(1, 60), st.integers(1, 12), st.one_of(st.none(), st.integers(1, 40)))
def test_the_ways_to_spread_servers_are_all_even_ones_that_the_room_has_place_for(
    servers: int, height_u: int, free: int | None
) -> None:
    server = platform(nameplate_kw=2.0, height_u=float(height_u), weight_kg=50.0)
    found = {w.racks: w for w in layouts(server, servers, 42, free, Fittings(kw=0.3, kg=180.0))}
    # every number of racks tried by hand: held by height, no more than are free
    room = [
        racks
        for racks in range(1, min(servers, free or servers) + 1)
        if -(-servers // racks) * height_u + 2 <= 42
    ]
    if room:
        assert set(found) <= set(room)
        for racks in room:  # none is better on power or floor than the best of those found
            most = -(-servers // racks)
            assert any(
                w.racks <= racks and w.kw == pytest.approx(most * 2.0 + 0.3) for w in found.values()
            )
    else:
        assert set(found) == {min(servers, free or servers)}
    for racks, way in found.items():
        assert way.kg == pytest.approx(-(-servers // racks) * 50.0 + 180.0)
        assert way.nameplate_kw == pytest.approx(servers * 2.0 + racks * 0.3)


def test_every_option_says_what_its_racks_follow_from() -> None:
    found = [
        option.fleet
        for option in every(run())
        if option.venue in ("on_premises", "colocation") and option.servings[0].replicas_by_year
    ]
    assert found
    assert all(fleet.rack_reason for fleet in found if fleet.rack_count)
    small = next(f for f in found if f.racks and len(f.racks[0].servers) > 1)
    assert "such servers" in small.rack_reason


def test_a_fleet_says_how_many_of_its_racks_are_not_listed() -> None:
    """The list of a large fleet ends at 60 racks; the count goes on, and the rest is told."""
    large = run(workload__users=2_000_000, site__venues=("on_premises",))
    fleets = [o.fleet for o in every(large) if o.venue == "on_premises" and o.fleet.racks]
    assert max(f.rack_count for f in fleets) > 60
    for fleet in fleets:
        assert fleet.racks_not_listed == fleet.rack_count - len(fleet.racks)
        assert len(fleet.racks) == min(fleet.rack_count, 60)


@pytest.mark.parametrize(("rack_kw", "alone"), [(5.0, True), (12.0, False)])
def test_one_server_that_exceeds_the_rack_is_not_told_to_fit_it(
    rack_kw: float, alone: bool
) -> None:
    """A server of 10.2 kW: one alone is too much for 5 kW, two are for 12."""
    room = {"site__venues": ("on_premises",), "site__cooling": "liquid"}
    answer = run(**room, site__rack_power_kw=rack_kw)
    found = [
        o.fleet.rack_reason
        for o in every(answer)
        if o.venue == "on_premises" and o.fleet.racks and o.fleet.racks[0].servers[0][2] == 10.2
    ]
    assert found
    for told in found:
        assert (f"alone exceeds its power ({rack_kw:g} kW)" in told) == alone
        assert ("a second one would exceed" in told) != alone


def test_racks_are_bought_beyond_the_free_ones() -> None:
    needed = np.array([1, 3, 5])
    assert beyond_free(needed, 3, sold_whole=False).tolist() == [0, 0, 2]
    assert beyond_free(needed, None, sold_whole=False).tolist() == [1, 3, 5]
    assert beyond_free(needed, 0, sold_whole=True).tolist() == [0, 0, 0]


def test_feed_is_sized_with_power_factor_and_breaker_rule() -> None:
    assert feed_kva(51.0) == pytest.approx(51.0 / 0.95 / 0.8)
    assert feed_kva(None) is None
