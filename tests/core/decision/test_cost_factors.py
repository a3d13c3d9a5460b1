"""Why one option costs so many times another: by hand, and the product on real options."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest

from core.decision.cost_factors import cost_factors
from core.decision.general_purpose import TRAINING, compare
from core.recommendation import Cost, Currency, Option, WorkloadDemand
from tests.core.assess.cases import run
from tests.core.decision import builders as b

DEMAND = (WorkloadDemand("Chat assistant", "Llama", (2.0, 4.0), 1.0, (), (), (), (), 1.0, 2.0),)
"""Two years of on average 1 and 2 requests/s."""


def option(
    key: str, within: float, saturated: float, gb_s: float, used: float, usd: float, energy: float,
    staff: float = 0.0,
) -> Option:  # fmt: skip  # one thought
    """Replicas of four accelerators; the bill is ``usd`` once and ``energy`` in the first year."""
    lines = (
        b.line("servers", "capex", (usd, 0.0, 0.0)),
        b.line("energy", "energy", (0.0, energy, 0.0)),
        b.line("staff", "opex", (0.0, staff, 0.0)),
    )
    return b.option(
        key,
        servings=(
            b.serving(
                capacity_req_s=within, saturation_req_s=saturated, bandwidth_sustained_gb_s=gb_s
            ),
        ),
        fleet=b.fleet(utilisation_by_year=(used, used)),
        cost=b.cost(1.0, lines=lines, npv_usd=usd + energy + staff),
    )


def test_each_factor_by_hand() -> None:
    """(1 + 2) / 2 x 4 = 6 accelerator-years at work; at 50 % use 12 stand there, at 25 % 24."""
    best = option("best", 2.0, 4.0, 3000.0, 0.50, usd=9_600.0, energy=1_200.0, staff=2_400.0)
    other = option("other", 2.0, 2.5, 1500.0, 0.25, usd=38_400.0, energy=2_400.0, staff=9_600.0)
    found = {f.key: f.factor for f in cost_factors(best, other, DEMAND)}
    # 800 against 1,600 USD per accelerator-year, staff adds a quarter to both; energy adds 10 %
    # against 5 % to the rest of the bill
    assert found["price"] == pytest.approx(2.0)
    assert found["staff"] == pytest.approx(1.0)
    assert found["power_density"] == pytest.approx(1.05 / 1.10)
    assert found["memory_bandwidth"] == pytest.approx(2.0)
    # at saturation 3 / 4 x 4 = 3 busy accelerators x 3,000 GB/s; 3 / 2.5 x 4 = 4.8 x 1,500 GB/s
    assert found["tuning"] == pytest.approx(4.8 * 1500 / (3.0 * 3000))
    # the targets leave 2 of 4 against 2 of 2.5
    assert found["latency"] == pytest.approx(0.5 / 0.8)
    assert found["utilization"] == pytest.approx(2.0)
    assert math.prod(found.values()) == pytest.approx(50_400 / 13_200)


def test_the_largest_comes_first_and_says_its_numbers() -> None:
    best = option("best", 2.0, 4.0, 3000.0, 0.50, usd=12_000.0, energy=1_200.0)
    dear = option("dear", 2.0, 4.0, 3000.0, 0.50, usd=120_000.0, energy=1_200.0)
    first = cost_factors(best, dear, DEMAND)[0]
    assert first.key == "price"
    assert first.reason.startswith("USD 10,000 against USD 1,000 per chip and year")
    euro = Currency("EUR", 0.5, b.SOURCE)
    told = cost_factors(best, dear, DEMAND, euro)[0].reason
    assert told.startswith("EUR 5,000 against EUR 500 per chip and year")
    (row,) = compare(best, [(TRAINING, dear)], DEMAND)
    assert "Mainly through price of a chip, 10×:" in row.note


def test_what_is_not_known_is_not_taken_apart() -> None:
    best = option("best", 2.0, 4.0, 3000.0, 0.5, usd=12_000.0, energy=0.0)
    assert cost_factors(best, b.api(), DEMAND) == ()
    assert cost_factors(b.api(), best, DEMAND) == ()
    blind = option("blind", 2.0, 0.0, 3000.0, 0.5, usd=1.0, energy=0.0)
    assert cost_factors(best, blind, DEMAND) == ()


@pytest.mark.parametrize("venue", ["on_premises", "public_cloud", "colocation"])
def test_the_factors_multiply_to_the_ratio(venue: str) -> None:
    answer = run(site__venues=(venue,), workload__targets__ttft_ms=2000.0)
    rows = [row for row in answer.general_purpose if row.ratio is not None]
    assert rows
    for row in rows:
        assert row.factors
        assert math.prod(f.factor for f in row.factors) == pytest.approx(row.ratio, rel=1e-9)


def test_people_are_no_part_of_the_price_of_hardware() -> None:
    """The same accelerators with a person beside them: only the factor of staff changes."""
    alone = option("alone", 2.0, 4.0, 3000.0, 0.5, usd=12_000.0, energy=0.0)
    tended = option("tended", 2.0, 4.0, 3000.0, 0.5, usd=12_000.0, energy=0.0, staff=6_000.0)
    found = {f.key: f.factor for f in cost_factors(alone, tended, DEMAND)}
    assert found.pop("staff") == pytest.approx(1.5)
    assert list(found.values()) == pytest.approx([1.0] * 6)


def test_a_ratio_that_rests_on_people_says_what_it_is_without_them() -> None:
    """9,000 + 1,000 against 500 + 4,500 USD: 2 times, without people 18 times."""
    best = b.option("best", cost=priced(2.0, 500.0, 4_500.0))
    dear = b.option("dear", cost=priced(4.0, 9_000.0, 1_000.0))
    (row,) = compare(best, [(TRAINING, dear)])
    assert row.ratio == pytest.approx(2.0)
    assert row.ratio_without_staff == pytest.approx(18.0)
    assert "without staff on either side it would be 18 times" in row.note
    # in proportion on both sides: nothing to tell
    (same,) = compare(best, [(TRAINING, b.option("same", cost=priced(4.0, 1_000.0, 9_000.0)))])
    assert same.ratio_without_staff is None and "without staff" not in same.note


def priced(usd_per_mtok: float, servers: float, staff: float) -> Cost:
    """A bill of servers and people."""
    lines = (
        b.line("servers", "capex", (servers, 0.0, 0.0)),
        b.line("staff", "opex", (0.0, staff, 0.0)),
    )
    return b.cost(usd_per_mtok, lines=lines, npv_usd=servers + staff)


def test_energy_that_nobody_pays_by_itself_is_told_as_part_of_the_price() -> None:
    """Rented on both sides: a bill without electricity, no "0 % against 0 %"."""
    best = option("best", 2.0, 4.0, 3000.0, 0.5, usd=9_600.0, energy=0.0)
    other = option("other", 2.0, 2.5, 1500.0, 0.25, usd=38_400.0, energy=0.0)
    power = next(f for f in cost_factors(best, other, DEMAND) if f.key == "power_density")
    assert power.factor == 1.0
    assert "in the price of both" in power.reason and "%" not in power.reason


def test_what_hardware_could_do_explains_nothing_where_one_server_does() -> None:
    """A slower engine on the smallest fleet: twice the accelerators cost twice, nothing else."""
    small = {"units_by_year": (2, 2), "spares_by_year": (1, 1)}
    best = option("best", 2.0, 4.0, 3000.0, 0.10, usd=12_000.0, energy=0.0)
    # 6 accelerator-years at work of 60; half as fast 12 of 120
    slow = option("slow", 1.0, 2.0, 3000.0, 0.10, usd=24_000.0, energy=0.0)
    for one, two, told in (
        (small, small, "on either side"),
        ({}, small, "one server of the reference"),
        (small, {}, "one server of the best option"),
    ):
        found = cost_factors(with_fleet(best, one), with_fleet(slow, two), DEMAND)
        factors = {f.key: f for f in found}
        assert set(factors) == {"price", "staff", "power_density", "utilization"}
        assert factors["utilization"].factor == pytest.approx(2.0)
        assert factors["utilization"].reason.startswith(
            "the reference has 60 chips on average over the years, the best option 30"
        )
        assert told in factors["utilization"].reason
        assert math.prod(f.factor for f in found) == pytest.approx(2.0)
    many = {"units_by_year": (400, 400), "spares_by_year": (0, 0), "sites": 400}
    (size,) = (
        f for f in cost_factors(with_fleet(best, many), with_fleet(slow, small), DEMAND)
        if f.key == "utilization"
    )  # fmt: skip  # one factor
    assert size.reason.endswith("the load of a place, at 1 and 400 places")
    by_load = {
        f.key for f in cost_factors(best, with_fleet(slow, {"spares_by_year": (0, 0)}), DEMAND)
    }
    assert "tuning" in by_load  # two servers are needed


def with_fleet(one: Option, changes: dict[str, Any]) -> Option:
    """The option with other units and spares, used as before."""
    return dataclasses.replace(one, fleet=dataclasses.replace(one.fleet, **changes))
