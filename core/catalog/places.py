"""Reading regions, network links, planning values and currencies."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.catalog.table import Row, by_id, read_table
from core.catalog.types import Currency, NetworkLink, Range, Region

AREAS = (
    "europe",
    "us_east",
    "us_west",
    "asia",
    "oceania",
    "south_america",
    "africa",
    "middle_east",
)
"""Parts of the world between which network links are known; the east of the US has its centre."""
_ISO3 = re.compile(r"[A-Z]{3}")


def regions() -> Mapping[str, Region]:
    """Countries and states by id. Raises ``CatalogError``."""
    return by_id(read_table("regions"), region)


def region(row: Row) -> Region:
    """One country or state; its own provenance is that of the PUE."""
    iso3 = row.raw("iso3")
    if iso3 and not _ISO3.fullmatch(iso3):
        raise row.fail("iso3", "three capital letters (ISO 3166-1 alpha-3) are expected")
    enterprise = row.optional("pue_enterprise", 1, 3)
    return Region(
        id=row.text("id"),
        name=row.text("name"),
        iso3=iso3,
        currency=row.text("currency"),
        is_eu=row.flag("is_eu"),
        electricity_usd_kwh=row.optional_span(
            "USD/kWh",
            ("electricity_source", "electricity_as_of", "electricity_confidence"),
            "electricity_low_usd_kwh",
            "electricity_base_usd_kwh",
            "electricity_high_usd_kwh",
        ),
        carbon_kg_kwh=row.optional("carbon_kg_kwh", 0, 2),
        carbon_year=row.raw("carbon_year"),
        carbon_source=row.raw("carbon_source"),
        pue_enterprise=enterprise,
        pue_best=row.optional("pue_best", 1, enterprise or 3),
        provenance=row.provenance(),
        area=row.choice("area", AREAS),
    )


def links() -> Mapping[str, NetworkLink]:
    """Kinds of network link by id. Raises ``CatalogError``."""
    return by_id(read_table("links"), link)


def link(row: Row) -> NetworkLink:
    """One kind of link, its round trip in milliseconds."""
    return NetworkLink(
        row.text("id"),
        row.text("title"),
        row.span("ms", row.provenance(), "rtt_low_ms", "rtt_base_ms", "rtt_high_ms"),
        tuple(_pair(row, pair) for pair in row.raw("joins").split()),
    )


def _pair(row: Row, text: str) -> tuple[str, str]:
    one, _dash, other = text.partition("-")
    if one not in AREAS or other not in AREAS:
        raise row.fail("joins", f"pairs of areas are expected ({', '.join(AREAS)})")
    return one, other


def assumptions() -> dict[str, Range]:
    """Planning values by key. Raises ``CatalogError``."""
    return dict(by_id(read_table("assumptions"), assumption, "key"))


def assumption(row: Row) -> Range:
    """One planning value."""
    return row.span(row.text("unit"), row.provenance())


def currencies() -> Mapping[str, Currency]:
    """Currencies by code. Raises ``CatalogError``."""
    return by_id(read_table("currencies"), currency, "code")


def currency(row: Row) -> Currency:
    """One currency: units for one US dollar."""
    return Currency(row.text("code"), row.number("per_usd", 1e-6, 1e6), row.provenance())
