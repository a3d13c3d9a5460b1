"""The five examples give answers that hold, two of them checked with pencil and paper.

The arithmetic below uses the inputs, the catalog's facts and the published definitions only;
nothing of the engine's own cost or demand code.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from core.assess import assess, known_names
from core.assessment import problems
from core.catalog.load import load_catalog
from core.interchange.document import load, to_json
from core.recommendation import Option, Recommendation

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path.stem for path in (ROOT / "resources" / "examples").glob("*.json"))
AS_OF = date(2026, 11, 24)
SECONDS_PER_YEAR = 365 * 24 * 3600


def path_of(name: str) -> Path:
    return ROOT / "resources" / "examples" / f"{name}.json"


@cache
def answer(name: str) -> Recommendation:
    return assess(load(path_of(name)), load_catalog(), as_of=AS_OF)


def winner(name: str) -> Option:
    best = answer(name).winner
    assert best is not None
    return best


def test_the_five_examples_of_the_specification_exist() -> None:
    assert EXAMPLES == [
        "bank_chat",
        "batch_extraction",
        "coding_saas",
        "hospital_group",
        "retail_edge",
    ]


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_complete_valid_and_as_the_program_writes_them(name: str) -> None:
    assessment = load(path_of(name))
    assert problems(assessment, known_names(load_catalog())) == []
    assert to_json(assessment) == path_of(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_has_a_winner_whose_limits_hold(name: str) -> None:
    recommendation, best = answer(name), winner(name)
    site = recommendation.assessment.site
    assert best.venue in site.venues
    assert best.cost is not None
    assert all(gate.status != "fail" for gate in best.gates)
    if best.fleet.kw_per_rack is not None and best.venue == "on_premises":
        assert site.rack_power_kw is not None
        assert best.fleet.kw_per_rack <= site.rack_power_kw
    for serving in best.servings:
        for check in serving.targets:
            assert check.predicted_ms is None or check.predicted_ms.base <= check.limit_ms
    ranked = [option.total_score for option in recommendation.options]
    assert ranked == sorted(ranked, key=lambda score: -(score or 0.0))
    assert recommendation.rejected
    for option in recommendation.rejected:
        assert option.cost is None or any(gate.status == "fail" for gate in option.gates)


def test_the_bank_stays_in_its_own_rooms_and_the_store_in_the_stores() -> None:
    assert {option.venue for option in answer("bank_chat").options} == {"on_premises"}
    assert {option.venue for option in answer("retail_edge").options} == {"edge"}
    fleet = winner("retail_edge").fleet
    assert fleet.sites == 400
    assert fleet.nameplate_kw is not None
    assert fleet.nameplate_kw / fleet.sites <= 1.5


def test_the_hospitals_data_stay_in_the_country() -> None:
    for option in answer("hospital_group").options:
        gates = {gate.key: gate for gate in option.gates}
        assert option.venue != "token_api"
        assert all(g.status != "fail" for k, g in gates.items() if "residency" in k)
    assert len(winner("hospital_group").servings) == 2


def test_waiting_work_is_far_cheaper_than_a_strict_first_token() -> None:
    batch, coding = winner("batch_extraction").cost, winner("coding_saas").cost
    assert batch is not None
    assert coding is not None
    assert batch.usd_per_mtok.base < coding.usd_per_mtok.base


# ------------------------------------------------------- by hand: what is asked for


def test_demand_of_the_bank_by_hand() -> None:
    # 6,000 people, a fifth of them active in the busiest hour, 18 requests each.
    demand = answer("bank_chat").demand[0]
    assert demand.peak_req_s_by_year[0] == pytest.approx(6000 * 0.2 * 18 / 3600)
    assert demand.peak_req_s_by_year[0] == pytest.approx(6.0)
    assert demand.peak_req_s_by_year[3] == pytest.approx(6.0 * 1.2**3)
    # The week's busiest hour is 2.99 times its mean (Azure trace 2024, coding service).
    assert demand.peak_to_mean == pytest.approx(2.99, abs=0.01)
    # 2.0046 requests a second, all year, of 1,155 + 211 tokens each: 86.4 thousand million.
    yearly = 6.0 / 2.993 * SECONDS_PER_YEAR * (1155 + 211)
    assert yearly == pytest.approx(86.4e9, rel=2e-3)
    assert demand.tokens_per_year[0] == pytest.approx(yearly, rel=2e-3)


def test_demand_of_the_stores_by_hand() -> None:
    # 1,600 devices, three quarters in use, 40 questions an hour: 13.3 a second over 400 stores.
    demand = answer("retail_edge").demand[0]
    assert demand.peak_req_s_by_year[0] == pytest.approx(1600 * 0.75 * 40 / 3600)
    assert demand.peak_req_s_by_year[0] / 400 == pytest.approx(1 / 30)
    yearly = 13.333 / 3.147 * SECONDS_PER_YEAR * 660
    assert demand.tokens_per_year[0] == pytest.approx(yearly, rel=2e-3)


def test_the_bank_s_model_fits_as_the_hand_says() -> None:
    # 70.55 thousand million weights of one byte, spread over the replica's accelerators.
    serving = winner("bank_chat").servings[0]
    assert serving.weight_precision in ("fp8", "int8")
    by_hand = 70.55e9 / serving.tp / 2**30
    assert serving.weights_gib_per_accelerator == pytest.approx(by_hand, rel=0.06)
    assert serving.usable_gib_per_accelerator is not None
    assert serving.kv_gib_per_accelerator is not None
    held = by_hand + serving.kv_gib_per_accelerator
    assert held < serving.usable_gib_per_accelerator
    # A cached token is 2 x 8 heads x 128 x 80 layers x 2 bytes = 320 KiB over the replica.
    per_sequence = 327_680 * (1155 + 211 / 2) / serving.tp / 2**30
    most = serving.kv_gib_per_accelerator / per_sequence
    assert serving.max_concurrency is not None
    assert serving.max_concurrency <= most * 1.1


# ------------------------------------------------------- by hand: what it costs


def by_key(option: Option) -> dict[str, tuple[float, ...]]:
    assert option.cost is not None
    return {line.key: line.yearly_usd for line in option.cost.lines}


@pytest.mark.parametrize("name", ["bank_chat", "retail_edge"])
def test_the_bill_by_hand(name: str) -> None:
    catalog, recommendation, best = load_catalog(), answer(name), winner(name)
    economics, site = recommendation.assessment.economics, recommendation.assessment.site
    years, rate = economics.horizon_years, economics.discount_rate
    lines, fleet = by_key(best), best.fleet
    assert best.cost is not None

    # Servers: what the last year needs, at the catalog's price. Growth may add some later.
    platform = catalog.platforms[fleet.platform_id or ""]
    assert platform.price_usd is not None
    units = max(fleet.units_by_year)
    if fleet.units_by_year[0] == units:
        assert lines["servers"][0] == pytest.approx(units * platform.price_usd.base)
        assert sum(lines["servers"][1:years]) == 0.0

    # Energy of the first year: average IT power, all hours, PUE, the region's tariff.
    region = catalog.regions[site.region]
    assert region.electricity_usd_kwh is not None
    assert region.pue_enterprise is not None
    assert fleet.average_kw is not None
    kwh = fleet.average_kw * 8760
    tariff = region.electricity_usd_kwh.base
    expected = kwh * region.pue_enterprise * tariff
    assert lines["energy"][1] == pytest.approx(expected, rel=0.05)

    # Resale: 30 % after 36 months, the same ratio every year, of servers bought at the start.
    if fleet.units_by_year[0] == units and years <= economics.hardware_life_years:
        share = 0.30 ** (years / 3)
        trend = (1 + economics.hardware_trend) ** years
        resale = -lines["residual"][-1] / lines["servers"][0]
        assert resale == pytest.approx(share, rel=0.2) or resale == pytest.approx(
            share * trend, rel=0.2
        )

    # The levelised cost: present value of all lines over present value of all tokens.
    factors = [(1 + rate) ** -year for year in range(years + 1)]
    cost = sum(
        amount * factor
        for yearly in lines.values()
        for amount, factor in zip(yearly, factors, strict=True)
    )
    tokens = sum(
        amount * factor
        for amount, factor in zip(best.cost.tokens_by_year, factors[1:], strict=True)
    )
    assert best.cost.npv_usd == pytest.approx(cost)
    assert best.cost.usd_per_mtok.base == pytest.approx(cost / (tokens / 1e6))
