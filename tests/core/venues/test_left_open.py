"""What stands in for inputs that are left open, against the catalog's own rows."""

from __future__ import annotations

import pytest

from core.assessment import Assessment, with_value
from core.catalog.load import Catalog, load_catalog
from core.venues.left_open import left_open

PRICE, STAFF, PUE = "economics.electricity_price_kwh", "economics.staff_cost_usd_year", "site.pue"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_the_regions_values_stand_in_with_their_sources(catalog: Catalog) -> None:
    assessment = with_value(Assessment(), "site.region", "DEU")
    found = left_open(assessment, catalog)
    germany = catalog.regions["DEU"]
    assert set(found) == {PRICE, STAFF, PUE} and germany.electricity_usd_kwh is not None
    assert found[PRICE] == (
        germany.electricity_usd_kwh.base,
        germany.electricity_usd_kwh.provenance,
    )
    in_euros = left_open(with_value(assessment, "economics.currency", "EUR"), catalog)
    ratio = in_euros[PRICE][0] / found[PRICE][0]
    assert ratio == pytest.approx(catalog.currencies["EUR"].per_usd)
    assert in_euros[STAFF] == found[STAFF], "an engineer's cost is entered in dollars"


def test_what_is_given_needs_no_stand_in(catalog: Catalog) -> None:
    assessment = Assessment()
    for path, value in ((PRICE, 0.2), (STAFF, 100_000.0), (PUE, 1.4)):
        assessment = with_value(assessment, path, value)
        assert path not in left_open(assessment, catalog)
    assert left_open(assessment, catalog) == {}


@pytest.mark.parametrize(
    ("path", "value"), [("site.region", "nowhere"), ("economics.currency", "XXX")]
)
def test_an_unknown_region_or_currency_has_none(catalog: Catalog, path: str, value: str) -> None:
    assert left_open(with_value(Assessment(), path, value), catalog) == {}
