"""Energy, emissions and water of an option, of one part or two."""

from __future__ import annotations

from core.catalog.types import Platform
from core.economics.carbon import embodied_kg, embodied_source
from core.economics.cash_flow import LEAST_MTOK
from core.notation import local, semicolons
from core.performance.types import Floats, Ints
from core.recommendation import (
    Carbon,
)
from core.venues.study import Study
from core.words import _


def carbon_of(
    study: Study,
    kwh_it: Floats,
    pue: float,
    intensity_kg_kwh: float | None,
    source: str,
    accelerators: Ints,
    units: Ints,
    water: tuple[float | None, str] = (None, ""),
    platform: Platform | None = None,
) -> Carbon:
    """Energy, emissions and water, averaged over the horizon.

    ``accelerators`` and ``units`` are those in service each year; their embodied carbon is
    spread evenly over the useful life. ``water`` is litres per kWh of IT energy (``None`` is not
    known) and where that comes from.
    """
    tokens, years = max(study.mean_mtok, LEAST_MTOK), study.years
    kwh_it_year = float(kwh_it.sum()) / years
    kwh = kwh_it_year * pue
    life = study.assessment.economics.hardware_life_years
    embodied = embodied_kg(
        study.assume, float(accelerators.sum()) / years, float(units.sum()) / years, platform
    )
    embodied_g = embodied / life * 1000.0
    made = embodied_source(study.assume, platform)
    litres = None if water[0] is None else kwh_it_year * water[0]
    operational_g = None if intensity_kg_kwh is None else kwh * intensity_kg_kwh * 1000.0
    return Carbon(
        kwh_per_year=kwh,
        kwh_per_mtok=kwh / tokens,
        operational_g_per_mtok=None if operational_g is None else operational_g / tokens,
        embodied_g_per_mtok=embodied_g / tokens,
        total_t_per_year=None if operational_g is None else (operational_g + embodied_g) / 1e6,
        source=source if made in source else semicolons((source, made)),
        water_l_per_mtok=None if litres is None else litres / tokens,
        water_m3_per_year=None if litres is None else litres / 1000.0,
        water_source="" if litres is None else water[1],
    )


def add_carbon(one: Carbon, other: Carbon) -> Carbon:
    """Sum of two parts of an option; unknown where either is."""

    def both(a: float | None, b: float | None) -> float | None:
        return None if a is None or b is None else a + b

    return Carbon(
        both(one.kwh_per_year, other.kwh_per_year),
        both(one.kwh_per_mtok, other.kwh_per_mtok),
        both(one.operational_g_per_mtok, other.operational_g_per_mtok),
        both(one.embodied_g_per_mtok, other.embodied_g_per_mtok),
        both(one.total_t_per_year, other.total_t_per_year),
        _("{source}; burst: {source2}").format(source=one.source, source2=other.source),
        both(one.water_l_per_mtok, other.water_l_per_mtok),
        both(one.water_m3_per_year, other.water_m3_per_year),
        semicolons(s for s in (one.water_source, other.water_source) if s),
    )


def beside_unknown(own: Carbon, why: str) -> Carbon:
    """Carbon of an option whose other part's is not known, which ``why`` says: unknown.

    What is known of the own part is told in its source, and not taken for that of the whole.
    """
    told = [why]
    if own.kwh_per_year is not None:
        text = _("the own servers alone draw {kwh} kWh a year, cooling and losses included")
        told.append(text.format(kwh=local(f"{own.kwh_per_year:,.0f}")))
    if own.embodied_g_per_mtok is not None:
        text = _("making them causes {grams} gCO2e per million tokens of all")
        told.append(text.format(grams=local(f"{own.embodied_g_per_mtok:.3g}")))
    return Carbon(None, None, None, None, None, semicolons(told))


def unknown_carbon() -> Carbon:
    """Of what nobody publishes the power of."""
    return Carbon(
        None, None, None, None, None, _("Neither its power nor its energy use is published")
    )
