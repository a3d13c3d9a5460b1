"""Energy and carbon of the subject, and beside it of the leading options."""

from __future__ import annotations

from collections.abc import Iterator

from core.costs import Carbon
from core.recommendation import Option
from core.report.brief import DASH, Brief, num, num_in_column
from core.report.content import Blocks, Callout, Column, Heading, Para, Picture, Table
from core.report.quoting import quoted
from core.units import converted, name_of
from core.words import _

LEADING = 6


def blocks(brief: Brief, option: Option) -> Blocks:
    """What is known; where nothing is published, a sentence says so."""
    found = option.carbon
    yield Heading(_("Energy and carbon"), 2)
    if found.kwh_per_year is None:
        text = _("Energy use is not known. {source}.")
        yield Callout(text.format(source=(found.source or DASH).rstrip(".")))
    else:
        yield Table(
            (
                Column(_("Average over the horizon")),
                Column(_("Value"), "", "decimal"),
                Column(_("Unit")),
            ),
            (
                (_("Electricity, facility"), num(found.kwh_per_year), _("kWh per year")),
                (_("Electricity per million tokens"), num(found.kwh_per_mtok), "kWh"),
                (_("Operation"), num(found.operational_g_per_mtok), _("gCO2e per million tokens")),
                (_("Manufacture"), num(found.embodied_g_per_mtok), _("gCO2e per million tokens")),
                (_("Together"), num(found.total_t_per_year), _("tCO2e per year")),
                *_water_rows(found),
            ),
        )
        water = found.water_source or _("use on site is not known")
        text = _("Source: {source}; water: {water}")
        yield Para(quoted(text.format(source=found.source or DASH, water=water)), "small")
    yield Picture("carbon")
    others = [o for o in brief.recommendation.options if o.carbon.kwh_per_year is not None]
    if others:
        yield _leading(others[:LEADING])


def _water_rows(found: Carbon) -> Iterator[tuple[str, str, str]]:
    """Water used at the place, where that is known."""
    if found.water_l_per_mtok is not None:
        yield _("Water on site per million tokens"), *_water(found.water_l_per_mtok, "L")
    if found.water_m3_per_year is not None:
        yield _("Water on site per year"), *_water(found.water_m3_per_year, "m³")


def _water(value: float | None, unit: str) -> tuple[str, str]:
    """An amount of water in the units in use, and its unit."""
    return num(converted(value, unit)), name_of(unit)


def _leading(options: list[Option]) -> Table:
    return Table(
        (
            Column(_("Option")),
            Column(_("Electricity"), _("kWh/Mtok"), "decimal"),
            Column(_("Operation"), _("gCO2e/Mtok"), "decimal"),
            Column(_("Manufacture"), _("gCO2e/Mtok"), "decimal"),
            Column(_("Together"), _("tCO2e per year"), "decimal"),
        ),
        tuple(
            (
                option.title,
                num_in_column(option.carbon.kwh_per_mtok),
                num_in_column(option.carbon.operational_g_per_mtok),
                num_in_column(option.carbon.embodied_g_per_mtok),
                num_in_column(option.carbon.total_t_per_year),
            )
            for option in options
        ),
        caption=_("Leading options whose energy use is known"),
    )
