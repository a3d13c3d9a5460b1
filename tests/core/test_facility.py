"""Feeds, heat and air of racks, against published rules of thumb and hand calculation."""

from __future__ import annotations

import dataclasses
import math

import pytest
from scipy.stats import poisson

from core import facility
from core.recommendation import Supply
from core.venues.spares import stock_for
from core.venues.supply import breaker_a, current_a
from tests.core.assess.cases import every, run, small_catalog
from tests.core.decision import builders as b

IEC, NEC = Supply(400.0, 3, "IEC"), Supply(208.0, 3, "NEC")
CFM_PER_M3_H = 1 / 1.699011


def test_a_kilowatt_takes_158_cubic_feet_a_minute_at_20_fahrenheit() -> None:
    """The figure of Data Center Frontier, 2022; by 1.08 x CFM x F it is 3412 / 21.6."""
    cfm = facility.air_m3_h(1.0, 20 / 1.8) * CFM_PER_M3_H
    assert cfm == pytest.approx(158.0, rel=0.005)
    assert cfm == pytest.approx(3412.14 / (1.08 * 20.0), rel=0.005)


def test_a_hundred_kilowatts_of_liquid() -> None:
    """m = Q / (c dT) = 100 / (4.18 x 10) = 2.39 kg/s, 143.5 kg a minute."""
    assert facility.liquid_l_min(100.0, 10.0) == pytest.approx(143.5 / 0.994, rel=0.001)


def test_current_and_breaker_by_hand() -> None:
    # 10 kW / 0.95 = 10.53 kVA; / (1.732 x 400 V) = 15.2 A; / 0.8 = 19.0 A
    assert current_a(10.0, IEC) == pytest.approx(15.19, abs=0.01)
    assert breaker_a(10.0, IEC) == 20
    # on 208 V 29.2 A, which 80 % of 40 A carry and of 35 A do not
    assert current_a(10.0, NEC) == pytest.approx(29.22, abs=0.01)
    assert breaker_a(10.0, NEC) == 40
    assert current_a(0.09, Supply(230.0, 1, "IEC")) == pytest.approx(0.09 / 0.95 / 0.23)
    assert breaker_a(5_000.0, IEC) is None


def test_needs_of_a_rack_and_of_all() -> None:
    fleet = b.fleet(rack_count=2, kw_per_rack=10.0, nameplate_kw=18.0, cooling="air", supply=IEC)
    one, together = facility.of_one(fleet), facility.of_all(fleet)
    assert one.heat_kw == 10.0
    assert one.breaker_a == 20
    assert together.feed_kva == pytest.approx(18.0 / 0.95 / 0.8)
    assert one.air_m3_h is not None and together.air_m3_h is not None
    assert together.air_m3_h == pytest.approx(1.8 * one.air_m3_h)
    assert one.liquid_l_min is None
    wet = facility.of_one(dataclasses.replace(fleet, cooling="liquid"))
    assert wet.air_m3_h is None  # how much heat stays in the air is not published
    assert wet.liquid_l_min == pytest.approx(facility.liquid_l_min(10.0, 10.0))
    silent = facility.of_one(dataclasses.replace(fleet, kw_per_rack=None))
    assert (silent.air_m3_h, silent.current_a, silent.feed_kva) == (None, None, None)


def test_the_floor_carries_the_heaviest_rack_on_the_area_entered() -> None:
    fleet, site = b.fleet(), b.assessment(rack_footprint_m2=0.72).site
    heaviest = max(rack.weight_kg or 0.0 for rack in fleet.racks)
    assert facility.floor_kg_m2(fleet, site) == pytest.approx(heaviest / 0.72)


def test_voltage_and_breakers_are_those_of_the_country_unless_entered() -> None:
    def supply(**values: object) -> Supply:
        venues = {"site__venues": ("on_premises",)}
        found = next(o for o in every(run(**venues, **values)) if o.venue == "on_premises")
        assert found.fleet.supply is not None
        return found.fleet.supply

    assert supply() == IEC
    assert supply(site__region="US-TX") == NEC
    assert supply(site__region="US-TX", site__rack_voltage_v=415.0) == Supply(415.0, 3, "NEC")


@pytest.mark.parametrize("failures", [0.0001, 0.3, 1.3, 40.0, 30_000.0])
@pytest.mark.parametrize("asked", [0.5, 0.95, 0.995, 0.99999])
def test_stock_is_the_quantile_of_poisson(failures: float, asked: float) -> None:
    assert stock_for(failures, asked) == int(poisson.ppf(asked, failures))


@pytest.mark.parametrize("asked", [0.5, 0.95, 0.995, 0.99999])
def test_a_stock_for_millions_is_known_to_a_box(asked: float) -> None:
    for failures in (1.1e6, 3e8):
        assert abs(stock_for(failures, asked) - int(poisson.ppf(asked, failures))) <= 1
    assert stock_for(1e12, asked) > 0  # at once, though no computer adds up so many terms


def test_spare_boxes_of_four_hundred_sites_by_hand() -> None:
    """400 x 0.04 failures a year x 30 / 365 = 1.32 away: five in store for 99.5 %."""
    answer = run(
        site__venues=("edge",), site__edge_sites=400, workload__users=400, site__availability=0.995
    )
    catalog_rate, away = 0.04, 30 / 365
    found = [o for o in every(answer) if o.venue == "edge" and o.cost]
    assert found
    servers = [
        o for o in found if small_catalog().platforms[o.fleet.platform_id or ""].kind == "server"
    ]
    assert all(o.fleet.cold_spares == 0 for o in servers)  # repaired in place
    for option in (o for o in found if o not in servers):
        boxes = max(option.fleet.units_by_year)
        failures = boxes * option.fleet.accelerators / boxes * catalog_rate * away
        below = sum(
            math.exp(-failures) * failures**k / math.factorial(k)
            for k in range(option.fleet.cold_spares)
        )
        at = below + math.exp(-failures) * failures**option.fleet.cold_spares / math.factorial(
            option.fleet.cold_spares
        )
        assert below < 0.995 <= at, option.id


def test_power_at_each_edge_site_is_its_part_and_nothing_elsewhere() -> None:
    edge = dataclasses.replace(b.fleet(), sites=400, rack_count=0, racks=())
    assert facility.per_site(edge, 36.0) == pytest.approx(0.09)
    assert facility.per_site(edge, None) is None
    assert facility.per_site(dataclasses.replace(edge, sites=1), 36.0) is None
    assert facility.per_site(dataclasses.replace(edge, rack_count=2), 36.0) is None
