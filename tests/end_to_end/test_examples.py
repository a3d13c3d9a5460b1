"""The five examples give answers that hold, two of them checked with pencil and paper.

The arithmetic below uses the inputs, the catalog's facts and the published definitions only;
nothing of the engine's own cost or demand code.
"""

from __future__ import annotations

import itertools
import math
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from core.assess import assess
from core.assess.names import known_names
from core.assessment import problems
from core.catalog.load import load_catalog
from core.cli import main
from core.interchange.document import load, to_json
from core.recommendation import Option, Recommendation
from tests.core.assess.cases import not_finite

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
    # By score; what stands before more points costs less than all of them.
    totals = [o.total_score or 0.0 for o in recommendation.options]
    assert totals[1:] == sorted(totals[1:], reverse=True)
    better = [o for o in recommendation.options if (o.total_score or 0.0) > totals[0]]
    assert all(o.cost and o.cost.npv_usd > best.cost.npv_usd for o in better)
    # beyond a point it is twice the cost, or a limit that the first one does not have
    mine = {s.key for s in best.scores if s.counted is not None}
    for option in better:
        alone = {s.key for s in option.scores if s.counted is not None} - mine
        dear = option.cost is not None and option.cost.npv_usd > 2.0 * best.cost.npv_usd
        assert (option.total_score or 0.0) - totals[0] <= 1.0 or dear or alone
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
    # Office hours of one site: 18.15 weights a day with 2.2 at 10:00, from noon on Fridays a fifth
    # less of 10.35, nothing at night nor at weekends: 88.7 of 2.2 each are 40.3 hours of 168.
    busy = (4 * 18.15 + 18.15 - 0.2 * 10.35) / 2.2
    assert demand.peak_to_mean == pytest.approx(168 / busy, rel=2e-3)
    # 1.44 requests a second, all year, of 1,155 + 211 tokens each: 62 thousand million.
    yearly = 6.0 * busy / 168 * SECONDS_PER_YEAR * (1155 + 211)
    assert yearly == pytest.approx(62.0e9, rel=2e-3)
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
    # A cached token is 2 x 8 heads x 128 x 80 layers = 163,840 elements over the replica.
    element_bytes = {"bf16": 2, "fp8": 1}[serving.kv_precision]
    per_sequence = 163_840 * element_bytes * (1155 + 211 / 2) / serving.tp / 2**30
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
        bought = units + fleet.cold_spares
        assert lines["servers"][0] == pytest.approx(bought * platform.price_usd.base)
        assert sum(lines["servers"][1:years]) == 0.0

    # Energy of the first year: average IT power, all hours, PUE, the region's tariff.
    region = catalog.regions[site.region]
    assert region.electricity_usd_kwh is not None
    assert region.pue_enterprise is not None
    assert fleet.average_kw is not None
    kwh = fleet.average_kw * 8760
    tariff = region.electricity_usd_kwh.base
    # a box in a shop has a planning value instead of a server room's PUE
    pue = 1.1 if best.venue == "edge" else region.pue_enterprise
    expected = kwh * pue * tariff
    assert lines["energy"][1] == pytest.approx(expected, rel=0.05)

    # Resale: 30 % after 36 months, the same ratio every year, of servers bought at the start.
    if fleet.units_by_year[0] == units and years <= economics.hardware_life_years:
        share = 0.30 ** (years / 3)
        trend = (1 + economics.hardware_trend) ** years
        resale = -lines["residual"][-1] / lines["servers"][0]
        assert resale == pytest.approx(share, rel=0.2) or resale == pytest.approx(
            share * trend, rel=0.2
        )

    # The levelised cost: present value of all lines over present value of all tokens. Servers are
    # bought and sold on one day; everything else is paid, and every token served, month by month.
    days = {line.key for line in best.cost.lines if line.kind in ("capex", "residual")}
    monthly = (1 + rate) ** (1 / 12)
    cost = 0.0
    for key, yearly in lines.items():
        for year, amount in enumerate(yearly):
            if key in days or year == 0:
                cost += amount / monthly ** (12 * year)
            else:
                months = range(12 * year - 11, 12 * year + 1)
                cost += sum(amount / 12 / monthly**month for month in months)
    tokens = sum(
        amount / 12 / monthly ** (12 * year + month)
        for year, amount in enumerate(best.cost.tokens_by_year)
        for month in range(1, 13)
    )
    assert best.cost.npv_usd == pytest.approx(cost)
    assert best.cost.usd_per_mtok.base == pytest.approx(cost / (tokens / 1e6))


# ------------------------------------------------------- by hand: how much hardware


def test_servers_spares_and_power_of_the_bank_by_hand() -> None:
    best, catalog = winner("bank_chat"), load_catalog()
    (serving,), fleet = best.servings, best.fleet
    server = catalog.platforms[fleet.platform_id or ""]
    assert serving.capacity_req_s is not None
    # Replicas: the peak with a tenth of headroom over what one replica carries, rounded up; then
    # whole servers of replicas of tp accelerators, on which every accelerator serves.
    per_server = server.accelerator_count // serving.accelerators_per_replica
    needed = []
    for peak, replicas in zip(serving.peak_req_s_by_year, serving.replicas_by_year, strict=True):
        wanted = math.ceil(peak * 1.10 / serving.capacity_req_s)
        needed.append(math.ceil(wanted / per_server))
        assert replicas == needed[-1] * per_server
    # A server is down when one of its accelerators is: 0.04 failures a year each, 4 days to
    # repair; down = r / (r + 1) with r = failures x 96 h / 8,760 h.
    rate = server.accelerator_count * 0.04 * 96 / 8760
    down = rate / (1 + rate)

    def served(total: int, most_down: int) -> float:
        return sum(
            math.comb(total, k) * down**k * (1 - down) ** (total - k) for k in range(most_down + 1)
        )

    asked = answer("bank_chat").assessment.site.availability
    spares = next(k for k in range(10) if served(max(needed) + k, k) >= asked)
    assert fleet.spares == spares
    assert max(fleet.units_by_year) == max(needed) + spares
    assert fleet.availability == pytest.approx(served(max(needed) + spares, spares), abs=1e-5)
    # Power on the nameplate; feeds at a power factor of 0.95 and 80 % of the breaker.
    assert server.nameplate_kw is not None
    # 2 x 3.6 kW and 0.3 kW of switches share one rack: its power is 12 kW, room air carries 10.
    assert max(fleet.units_by_year) == 2
    assert fleet.rack_count == 1
    nameplate = 2 * server.nameplate_kw + 0.3
    assert nameplate <= 10
    assert fleet.nameplate_kw == pytest.approx(nameplate)
    assert fleet.feed_kva == pytest.approx(nameplate / 0.95 / 0.80)
    assert fleet.average_kw is not None and fleet.peak_kw is not None
    assert 0 < fleet.average_kw <= fleet.peak_kw <= nameplate


def test_capital_and_running_costs_of_the_bank_by_hand() -> None:
    recommendation, best, catalog = answer("bank_chat"), winner("bank_chat"), load_catalog()
    lines, fleet = by_key(best), best.fleet
    server = catalog.platforms[fleet.platform_id or ""]
    assert server.price_usd is not None
    years = recommendation.assessment.economics.horizon_years
    units = fleet.units_by_year
    bought = [units[0], *(after - before for before, after in itertools.pairwise(units)), 0]
    # One class of hardware, 5 % cheaper each year; what year y + 1 needs is bought at the end of y.
    spent = [n * server.price_usd.base * 0.95**year for year, n in enumerate(bought)]
    assert lines["servers"] == pytest.approx(spent)
    # Network 12.5 % and installation 2 % of the servers; support 8 % of those bought so far.
    assert best.cost is not None
    assert best.cost.capex_usd == pytest.approx(spent[0] * (1 + 0.125 + 0.02))
    owned = list(itertools.accumulate(spent))
    assert lines["support"][1:] == pytest.approx([0.08 * owned[year] for year in range(years)])
    # Half an engineer at the least, 131,600 USD in Germany, 3 % more each year.
    assert lines["staff"][1:] == pytest.approx(
        [0.5 * 131_600 * 1.03**year for year in range(years)], rel=1e-3
    )
    # Resale of a price that falls to 30 % in three years, by the age of each server.
    resale = sum(paid * 0.30 ** ((years - year) / 3) for year, paid in enumerate(spent[:years]))
    assert -lines["residual"][-1] == pytest.approx(resale, rel=1e-3)


@pytest.mark.parametrize("name", ["bank_chat", "hospital_group", "retail_edge"])
def test_all_that_is_bought_is_written_off(name: str) -> None:
    """Capex is written off whole, each class over its own life; nothing else is."""
    cost, economics = winner(name).cost, answer(name).assessment.economics
    assert cost is not None
    bought = {line.label: line.yearly_usd for line in cost.lines if line.kind == "capex"}
    assert {part.label for part in cost.depreciation} == set(bought)
    for part in cost.depreciation:
        lasting = {"Racks": 10, "Power and cooling works": 15, "Liquid-cooling retrofit": 15}
        assert part.life_years == lasting.get(part.label, economics.hardware_life_years)
        # Of what is bought at the start the first year takes price over life.
        assert part.yearly_usd[0] == pytest.approx(bought[part.label][0] / part.life_years)
    assert cost.depreciation_by_year_usd[0] == pytest.approx(
        sum(usd[0] / p.life_years for p in cost.depreciation for usd in [bought[p.label]])
    )


def test_servers_and_power_of_the_stores_by_hand() -> None:
    best, catalog = winner("retail_edge"), load_catalog()
    fleet = best.fleet
    server = catalog.platforms[fleet.platform_id or ""]
    assert server.nameplate_kw is not None and server.price_usd is not None
    # One box carries a store: 13.33 x 1.15^4 = 23.3 requests/s over 400 stores is 0.058 each.
    (serving,) = best.servings
    assert serving.capacity_req_s is not None
    assert serving.capacity_req_s > 23.32 / 400 * 1.10
    assert set(fleet.units_by_year) == {400}
    assert fleet.nameplate_kw == pytest.approx(400 * server.nameplate_kw)
    # 400 x 0.04 failures a year x 30 days away = 1.32: four in store suffice in 98.9 % of cases,
    # five in 99.8 %, of the 99.5 % asked for.
    assert fleet.cold_spares == 5
    assert by_key(best)["servers"][0] == pytest.approx(405 * server.price_usd.base)


# ------------------------------------------------------- by hand: what others charge


@pytest.mark.parametrize("name", ["coding_saas", "batch_extraction"])
def test_the_bill_of_a_hosted_api_by_hand(name: str) -> None:
    recommendation = answer(name)
    economics, (demand,) = recommendation.assessment.economics, recommendation.demand
    (workload,) = recommendation.assessment.workloads
    everything = (*recommendation.options, *recommendation.rejected)
    hosted = [o for o in everything if o.venue == "token_api" and o.cost is not None]
    assert hosted
    at_size = load_catalog().token_offers_for(
        workload.model, workload.input_tokens_mean, workload.output_tokens_mean
    )
    for option in hosted:
        # The provider's cheapest offer, cached prompts and a batch discount where it has them.
        bills = []
        for offer in at_size:
            if offer.provider != option.provider:
                continue
            cached = workload.prefix_cache_share if offer.cached_input_usd_mtok is not None else 0.0
            price_in = offer.input_usd_mtok * (1 - cached) + cached * (
                offer.cached_input_usd_mtok or 0.0
            )
            waits = workload.batchable_share * (offer.batch_discount or 0.0)
            usd = (
                demand.input_tokens_per_year[0] / 1e6 * price_in
                + demand.output_tokens_per_year[0] / 1e6 * offer.output_usd_mtok
            )
            bills.append(usd * (1 - waits))
        tokens = by_key(option)["tokens"]
        assert tokens[1] == pytest.approx(min(bills), rel=0.02), option.id
        # Prices fall by a fifth a year while demand grows.
        growth = 1 + workload.growth_per_year
        for year in range(2, economics.horizon_years + 1):
            assert tokens[year] / tokens[year - 1] == pytest.approx(0.80 * growth, rel=1e-6)


def test_tokens_of_the_coding_assistant_cost_what_the_price_list_says() -> None:
    # 20 requests/s in the busiest hour, 12.12 on average; the cheapest list price of
    # Qwen3-Coder-480B is 0.30 and 1.30 USD per million tokens in and out.
    recommendation = answer("coding_saas")
    (demand,) = recommendation.demand
    cheapest = min(
        (o for o in recommendation.options if o.venue == "token_api"),
        key=lambda o: o.cost.npv_usd if o.cost else math.inf,
    )
    millions_in, millions_out = (
        demand.input_tokens_per_year[0] / 1e6,
        demand.output_tokens_per_year[0] / 1e6,
    )
    assert by_key(cheapest)["tokens"][1] == pytest.approx(
        millions_in * 0.30 + millions_out * 1.30, rel=1e-6
    )


def test_documents_wait_for_spot_prices_by_hand() -> None:
    best = winner("batch_extraction")
    assert best.venue in ("public_cloud", "gpu_cloud")
    lines = by_key(best)
    # All of it can wait: nothing is committed and nothing runs on demand.
    assert lines["cloud_spot"][1] > 0
    assert not any(lines.get("cloud_committed", ())) and not any(lines.get("cloud_on_demand", ()))
    offer = load_catalog().cloud_offers[best.fleet.platform_id or ""]
    assert offer.spot_usd_h is not None and offer.spot_usd_h < offer.on_demand_usd_h
    # 11.1 requests/s at night are 4.6 on average; the year's requests over the paid hours, less
    # the 15 % that interruptions repeat, is what an instance must serve in a second.
    (demand,), (serving,) = answer("batch_extraction").demand, best.servings
    requests = demand.mean_req_s * SECONDS_PER_YEAR
    hours = lines["cloud_spot"][1] / offer.spot_usd_h / 1.15
    assert serving.saturation_req_s is not None
    assert requests / (hours * 3600) <= 1.001 * serving.saturation_req_s
    # 25 % more documents and 10 % lower prices each year.
    assert lines["cloud_spot"][2] / lines["cloud_spot"][1] == pytest.approx(1.25 * 0.90)


# ------------------------------------------------------- would an architect defend it?


def test_each_example_is_won_by_a_venue_that_can_be_defended() -> None:
    allowed = {
        "bank_chat": {"on_premises"},
        "batch_extraction": {"token_api", "public_cloud", "gpu_cloud"},
        "coding_saas": {"token_api", "gpu_cloud", "colocation", "hybrid"},
        "hospital_group": {"on_premises", "colocation", "hybrid"},
        "retail_edge": {"edge"},
    }
    for name, venues in allowed.items():
        assert winner(name).venue in venues, name


def test_costs_per_million_tokens_have_the_right_order_of_magnitude() -> None:
    # Hosted open models cost 0.1 to 1 USD; a small owned fleet used at a few per cent costs
    # several times that; a box in every shop costs most.
    bounds = {
        "bank_chat": (0.5, 6.0),
        "batch_extraction": (0.01, 0.2),
        "coding_saas": (0.1, 2.0),
        "hospital_group": (0.1, 2.0),
        "retail_edge": (1.0, 20.0),
    }
    for name, (low, high) in bounds.items():
        cost = winner(name).cost
        assert cost is not None
        assert low < cost.usd_per_mtok.base < high, name
        assert cost.usd_per_mtok.low <= cost.usd_per_mtok.base <= cost.usd_per_mtok.high


def test_no_shop_gets_a_developer_kit() -> None:
    platforms = load_catalog().platforms
    for option in answer("retail_edge").options:
        assert "developer kit" not in platforms[option.fleet.platform_id or ""].name.lower()


def test_a_cheaper_service_of_unknown_latency_is_told_with_its_open_questions() -> None:
    recommendation = answer("coding_saas")
    best = winner("coding_saas")
    # a hosted API, or own servers that leave a part of the load to one
    api = min(
        (
            o for o in recommendation.options
            if any(g.key == "ttft" and g.status == "unknown" for g in o.gates)
        ),
        key=lambda o: o.cost.npv_usd if o.cost else math.inf,
    )  # fmt: skip  # one choice
    assert best.cost is not None and api.cost is not None
    if api is not best and api.cost.usd_per_mtok.base < 0.75 * best.cost.usd_per_mtok.base:
        # the API itself, or what costs even less and has open questions as well
        asking = [t for t in recommendation.trade_offs if t.open_questions > 0]
        assert asking and all("open questions" in t.sentence for t in asking)
        named = recommendation.option(asking[-1].option_id).cost
        assert named is not None and named.npv_usd <= api.cost.npv_usd


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_said_reads_well(name: str) -> None:
    recommendation = answer(name)
    said = [
        recommendation.headline,
        recommendation.confidence_reason,
        *recommendation.reasons,
        *recommendation.risks,
        *recommendation.conditions,
        *(o.why for o in (*recommendation.options, *recommendation.rejected)),
        *(o.title for o in (*recommendation.options, *recommendation.rejected)),
    ]
    for text in said:
        assert ".." not in text, text
        assert "nan" not in text.lower().split(), text
        assert not re.search(r"(?<![\d.,])1 (weeks|years|racks|sites)\b", text), text
        assert not re.search(r"\d\.\d{6,}", text), text
    assert 1 <= len(recommendation.reasons) <= 3
    assert len(recommendation.risks) <= 6


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_in_an_answer_is_infinite_or_missing(name: str) -> None:
    assert list(not_finite(answer(name))) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_command_line_answers_with_code_0(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(path_of(name)), "--as-of", AS_OF.isoformat(), "--quiet"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert winner(name).title.split(":")[0] in shown
