"""Which region rented instances are in, and how far away that is."""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest

from core.assessment import Assessment, with_value
from core.catalog.load import Catalog, load_catalog
from core.catalog.types import CloudOffer
from core.recommendation import Option, Recommendation
from core.venues.cloud_region import distances, place_of, preferred, region_name, way_of, way_to
from tests.core.assess.cases import every, run

OWN_MS, TRANSATLANTIC_MS, CROSS_COUNTRY_MS = 30.0, 75.0, 71.0
US_ASIA_MS, EUROPE_ASIA_MS = 175.0, 199.0


@cache
def catalog() -> Catalog:
    return load_catalog()


def at(region: str, residency: str = "none") -> Assessment:
    asked = with_value(Assessment(), "site.region", region)
    return with_value(asked, "site.data_residency", residency)


def offers(provider: str, instance: str) -> list[CloudOffer]:
    found = [
        o
        for o in catalog().cloud_offers.values()
        if (o.provider, o.instance) == (provider, instance)
    ]
    assert found
    return found


@pytest.mark.parametrize(
    ("region", "iso3", "area", "added"),
    [
        ("DEU", "DEU", "", 0.0),
        ("DEU", "FIN", "", 0.0),  # the same part of the world: the users' own link says it
        ("DEU", "USA", "us_east", TRANSATLANTIC_MS),
        ("DEU", "USA", "us_west", TRANSATLANTIC_MS + CROSS_COUNTRY_MS),  # by the shortest way
        ("DEU", "JPN", "", EUROPE_ASIA_MS),
        ("US-VA", "USA", "us_east", 0.0),
        ("US-VA", "USA", "", 0.0),  # somewhere in the country: the provider's nearest
        ("US-CA", "USA", "us_east", CROSS_COUNTRY_MS),
        ("US-CA", "SWE", "", CROSS_COUNTRY_MS + TRANSATLANTIC_MS),
        ("US-CA", "JPN", "", US_ASIA_MS),
        ("ZAF", "USA", "us_west", 152.0 + TRANSATLANTIC_MS + CROSS_COUNTRY_MS),
    ],
)
def test_the_round_trip_is_the_users_link_and_those_between_areas(
    region: str, iso3: str, area: str, added: float
) -> None:
    way = way_to(at(region), catalog(), iso3, area)
    assert way.rtt_ms == pytest.approx(OWN_MS + added)
    assert way.is_known


def test_of_unknown_places_the_assumption_is_told() -> None:
    nowhere = way_to(at("DEU"), catalog(), "", "")
    assert (nowhere.rtt_ms, nowhere.is_known) == (OWN_MS, False)
    # No link of the catalog leads to the Middle East: the longest known between areas is taken.
    longest = max(link.rtt_ms.base for link in catalog().links.values() if link.joins)
    far = way_to(at("ISR"), catalog(), "USA", "us_east")
    assert (far.rtt_ms, far.is_known) == (OWN_MS + longest, False)


def test_a_dearer_region_farther_away_is_no_choice() -> None:
    # p5.48xlarge: Stockholm 58.89 (spot 10.57), Virginia 55.04 (17.84), London, Tokyo and Mumbai
    # dearer. From Germany the nearest and the cheaper one across the ocean are worth comparing.
    group = offers("AWS", "p5.48xlarge")
    assert len(group) == 5
    kept = [p.offer.region_code for p in preferred(at("DEU"), catalog(), group)]
    assert kept == ["eu-north-1", "us-east-1"]
    # From Virginia the cheapest is the nearest, but spot is cheaper in Stockholm.
    kept = [p.offer.region_code for p in preferred(at("US-VA"), catalog(), group)]
    assert kept == ["us-east-1", "eu-north-1"]


def test_data_rules_come_before_price_and_distance() -> None:
    group = offers("AWS", "p5.48xlarge")
    assert [p.offer.region_code for p in preferred(at("DEU", "eu"), catalog(), group)] == [
        "eu-north-1"
    ]
    assert [p.offer.region_code for p in preferred(at("JPN", "country"), catalog(), group)] == [
        "ap-northeast-1"
    ]
    # Nothing is permitted: one is kept. A large cloud has regions in most countries, so it is
    # sized for one nearby, to be quoted, at the price of the nearest that is known.
    (quoted,) = preferred(at("DEU", "country"), catalog(), group)
    assert (quoted.offer.region_code, quoted.way.rtt_ms, quoted.elsewhere) == (
        "eu-north-1", OWN_MS, True,
    )  # fmt: skip  # one thought
    # A small one has not: it is rejected, and the way to it is told as at least one's own link.
    (far,) = preferred(at("DEU", "country"), catalog(), offers("Nebius", "gpu-b200-sxm_8gpu"))
    assert (far.way.rtt_ms, far.elsewhere, far.forbidden) == (OWN_MS, False, True)
    place = place_of(at("DEU", "country"), catalog(), far)
    assert "at least" in place.network
    # the whole way is the one that is told where no rule forbids it
    free = way_of(at("DEU"), catalog(), far.offer)
    assert (place.rtt_ms or 0.0) + place.uncounted_ms == pytest.approx(free.rtt_ms)


def test_a_price_of_elsewhere_is_told_as_such() -> None:
    answer = run(site__region="DEU", site__data_residency="country")
    found = [o for o in rented(answer).values() if "price of" in o.title]
    assert found
    for option in found:
        assert option.place.rtt_ms == OWN_MS
        assert option.place.label.startswith("a region in Germany to be quoted, at the price of")
        # it would run on this grid
        assert option.carbon.kwh_per_mtok is None or "Germany" in option.carbon.source
        gate = next(g for g in option.gates if g.key == "residency")
        assert gate.status == "unknown"
        assert any("quotation" in condition for condition in option.conditions)


def test_codes_that_few_know_are_told_with_their_country() -> None:
    by_code = {o.region_code: region_name(catalog(), o) for o in catalog().cloud_offers.values()}
    assert by_code["IN2"] == "IN2, India" and by_code["FIN-03"] == "FIN-03, Finland"
    assert by_code["US"] == "US" and by_code["us-east-1"] in ("us-east-1", "us-east-1, USA")
    assert by_code["eu-central-1"] == "eu-central-1" and by_code[""] == ""


def test_every_offer_is_sized_at_its_own_distance() -> None:
    assessment = at("DEU")
    found = distances(assessment, catalog(), ("public_cloud", "gpu_cloud"))
    assert found == sorted(set(found))
    assert {OWN_MS, OWN_MS + TRANSATLANTIC_MS} <= set(found)
    for placed in preferred(assessment, catalog(), catalog().cloud_offers.values()):
        assert placed.way == way_of(assessment, catalog(), placed.offer)
        assert placed.way.rtt_ms in found


def rented(answer: Recommendation) -> dict[str, Option]:
    return {o.fleet.platform_id or "": o for o in every(answer) if o.venue == "public_cloud"}


@cache
def both() -> tuple[Recommendation, Recommendation]:
    return run(site__region="DEU"), run(site__region="US-VA")


def test_an_option_names_its_region_and_its_network() -> None:
    for answer, ms in zip(both(), (OWN_MS + TRANSATLANTIC_MS, OWN_MS), strict=True):
        for key, option in rented(answer).items():
            offer = catalog().cloud_offers[key]
            assert offer.region_code in option.title
            assert option.place.label.startswith(offer.region_code)
            if offer.country_iso3 == "USA" and offer.area == "us_east":
                assert option.place.rtt_ms == pytest.approx(ms)
                assert "75 ms" in option.place.network or ms == OWN_MS


def test_the_ocean_is_in_the_first_token() -> None:
    """The same instance at the same load per replica answers later by what the ocean takes."""
    here, there = rented(both()[0]), rented(both()[1])
    seen = 0
    for key in here.keys() & there.keys():
        if catalog().cloud_offers[key].area != "us_east":
            continue
        for far, near in zip(here[key].servings, there[key].servings, strict=True):
            alike = far.configuration == near.configuration and far.at_peak and near.at_peak
            if alike and far.replicas_by_year == near.replicas_by_year:
                assert far.at_peak is not None and near.at_peak is not None
                late = far.at_peak.ttft_ms["p50"] - near.at_peak.ttft_ms["p50"]
                assert late == pytest.approx(TRANSATLANTIC_MS, abs=1e-6)
                seen += 1
    assert seen >= 2  # where the ocean leaves the configuration as it is


def test_own_places_and_apis() -> None:
    for option in every(both()[0]):
        if option.venue == "on_premises":
            assert (option.place.label, option.place.rtt_ms) == ("Germany", 0.25)
        if option.venue == "colocation":
            assert option.place.rtt_ms == OWN_MS
        if option.venue == "token_api":
            assert option.place.rtt_ms is None
        if option.venue == "hybrid" and option.place.rtt_ms is not None:
            assert "; " in option.place.label


def test_a_longer_own_link_moves_every_region_alike() -> None:
    assessment = at("DEU")
    site = dataclasses.replace(assessment.site, wan_link="satellite_leo")
    slow = dataclasses.replace(assessment, site=site)
    for offer in catalog().cloud_offers.values():
        added = way_of(slow, catalog(), offer).rtt_ms - way_of(assessment, catalog(), offer).rtt_ms
        assert added == pytest.approx(45.0 - OWN_MS)
