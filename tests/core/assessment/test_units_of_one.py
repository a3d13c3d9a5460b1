"""One of a unit is told in the singular, in every language."""

from __future__ import annotations

import pytest

from core.assessment import Economics, Site
from core.assessment.fields import fields_of
from core.language import speaking


@pytest.mark.parametrize(
    ("code", "one", "more"),
    [("en", "site", "sites"), ("fr", "site", "sites"), ("de", "Standort", "Standorte")],
)
def test_one_site_is_no_sites(code: str, one: str, more: str) -> None:
    with speaking(code):
        field = dict(fields_of(Site))["edge_sites"]
        assert field.unit_in("EUR", 1) == one
        assert field.unit_in("EUR", 2) == field.unit_in("EUR") == more


def test_an_amount_of_one_keeps_its_currency() -> None:
    field = dict(fields_of(Economics))["electricity_price_kwh"]
    assert field.unit_in("EUR", 1) == field.unit_in("EUR", 0.2) == "EUR per kWh"
