"""Servers that are replaced within the horizon, by hand: life three years, horizon six.

Every one is bought at the start and again at the end of year 3, 27.1 % cheaper (0.9 cubed), sold at
three years for 27 % of what it cost, and written off in thirds.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy_financial as npf
import pytest

from core.economics.assumptions import Assumptions
from core.recommendation import Cost, Option, Recommendation
from tests.core.assess.cases import every, run, small_catalog

YEARS, LIFE, LATER = 6, 3, 0.9**3
OWNED = ("on_premises", "colocation", "edge")
GIVEN = {
    "site__venues": OWNED,
    "site__edge_sites": 20,
    "workload__users": 4000,
    "workload__growth_per_year": 0.0,
    "economics__horizon_years": YEARS,
    "economics__hardware_life_years": LIFE,
    "economics__hardware_trend": -0.10,
    "economics__residual_share_36m": 0.27,
    "economics__support_share": 0.07,
    "economics__discount_rate": 0.09,
    "economics__labour_trend": 0.0,
    "economics__electricity_growth": 0.04,
    "economics__currency": "USD",
}


@pytest.fixture(scope="module")
def bought() -> Recommendation:
    return run(**GIVEN)


def priced(result: Recommendation) -> Iterator[tuple[Option, Cost, float]]:
    """Options, their bills and what their servers cost at the start."""
    for option in every(result):
        if option.cost is None or option.venue not in OWNED:
            continue
        price = small_catalog().platforms[option.fleet.platform_id or ""].price_usd
        assert price is not None
        assert len(set(option.fleet.units_by_year)) == 1  # no growth
        yield (
            option,
            option.cost,
            price.base * (option.fleet.units_by_year[0] + option.fleet.cold_spares),
        )


def at(first: float, fourth: float, last: float = 0.0) -> object:
    """Paid at the start, at the end of year 3 and in the end."""
    return pytest.approx((first, 0, 0, fourth, 0, 0, last), abs=0.01)


def test_the_bill_of_two_generations(bought: Recommendation) -> None:
    network = Assumptions(small_catalog().assumptions).base("network_share_of_hardware")
    seen = set()
    for option, cost, usd in priced(bought):
        seen.add(option.venue)
        lines = {line.key: line.yearly_usd for line in cost.lines}
        assert lines["servers"] == at(usd, usd * LATER)
        assert lines["residual"] == at(0.0, -0.27 * usd, -0.27 * usd * LATER)
        assert lines["support"] == pytest.approx(
            (0.0, *[0.07 * usd] * 3, *[0.07 * usd * LATER] * 3), abs=0.01
        )
        if option.venue != "edge":
            assert lines["network"] == at(network * usd, network * usd * LATER)
        energy = lines["energy"]
        assert [b / a for a, b in itertools.pairwise(energy[1:])] == pytest.approx([1.04] * 5)
    assert seen == set(OWNED)


def test_present_value_and_levelised_cost_from_monthly_flows(bought: Recommendation) -> None:
    """Every month's flow at (1 + 9 %) to the power of 1/12; tokens, paid for nobody, alike."""
    month = 1.09 ** (1 / 12) - 1.0
    for _option, cost, _usd in priced(bought):
        flows, tokens = [0.0] * (12 * YEARS + 1), [0.0] * (12 * YEARS + 1)
        for line in cost.lines:
            lump = line.kind in ("capex", "residual")
            for year, usd in enumerate(line.yearly_usd):
                months = [12 * year] if lump or not year else range(12 * year - 11, 12 * year + 1)
                for place in months:
                    flows[place] += usd / len(months)
        for year, count in enumerate(cost.tokens_by_year, start=1):
            for place in range(12 * year - 11, 12 * year + 1):
                tokens[place] += count / 12e6
        assert cost.npv_usd == pytest.approx(npf.npv(month, flows))
        assert cost.usd_per_mtok.base == pytest.approx(
            npf.npv(month, flows) / npf.npv(month, tokens)
        )


def test_both_generations_are_written_off_and_the_books_close(bought: Recommendation) -> None:
    for _option, cost, usd in priced(bought):
        servers = next(d for d in cost.depreciation if d.label == "Servers")
        assert servers.yearly_usd == pytest.approx([usd / 3] * 3 + [usd * LATER / 3] * 3)
        paid = math.fsum(sum(x.yearly_usd) for x in cost.lines if x.kind == "capex")
        sold = -math.fsum(sum(x.yearly_usd) for x in cost.lines if x.kind == "residual")
        stays = math.fsum(part.left_usd for part in cost.depreciation if part.stays)
        spent = math.fsum(cost.depreciation_by_year_usd)
        # resale of what is written off is a gain: a loss below zero
        assert spent + math.fsum(cost.disposal_by_year_usd) + sold + stays == pytest.approx(paid)
        assert math.fsum(cost.disposal_by_year_usd) <= 0.0


def test_a_lease_runs_for_the_life_of_each_generation() -> None:
    leased = run(**GIVEN, economics__finance="lease", economics__lease_rate=0.08)
    for _option, cost, usd in priced(leased):
        payment = -12 * float(npf.pmt(0.08 / 12, 36, usd))
        lines = {line.key: line.yearly_usd for line in cost.lines}
        assert "servers" not in lines
        assert lines["lease"] == pytest.approx((0.0, *[payment] * 3, *[payment * LATER] * 3))
        assert lines["residual"] == at(0.0, -0.27 * usd, -0.27 * usd * LATER)


def test_carbon_of_making_both_generations_is_spread_over_their_lives(
    bought: Recommendation,
) -> None:
    """A life's worth of carbon is borne by a life's tokens: replacing does not make it free."""
    planning = Assumptions(small_catalog().assumptions)
    for option, cost, _usd in priced(bought):
        if option.venue == "edge":
            continue
        count = option.fleet.accelerators
        kg = count * planning.base("embodied_kg_accelerator")
        kg += count / 8 * planning.base("embodied_kg_server")
        assert option.carbon.embodied_g_per_mtok == pytest.approx(
            kg * 1000 / LIFE / (cost.tokens_by_year[0] / 1e6)
        )
