"""Countries: which are members of the European Union."""

from __future__ import annotations

from collections.abc import Mapping

from core.catalog.types import Region

EU_ISO3 = frozenset(
    (
        "AUT",
        "BEL",
        "BGR",
        "HRV",
        "CYP",
        "CZE",
        "DNK",
        "EST",
        "FIN",
        "FRA",
        "DEU",
        "GRC",
        "HUN",
        "IRL",
        "ITA",
        "LVA",
        "LTU",
        "LUX",
        "MLT",
        "NLD",
        "POL",
        "PRT",
        "ROU",
        "SVK",
        "SVN",
        "ESP",
        "SWE",
    )
)
"""Member states of the European Union (27), for offers whose country has no region row."""


def in_eu(iso3: str, regions: Mapping[str, Region]) -> bool:
    """Is a country a member state of the European Union?"""
    return iso3 in EU_ISO3 or any(r.is_eu for r in regions.values() if r.iso3 == iso3)
