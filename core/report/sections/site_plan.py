"""The site plan: what facilities must provide, the racks, and the bill of materials."""

from __future__ import annotations

from core.recommendation import Fleet, Option
from core.report.brief import DASH, Brief, num, share, years
from core.report.content import Blocks, Callout, Column, Picture, SideBySide, Table
from core.report.sections import carbon
from core.report.sections.materials import materials
from core.report.sections.provisions import provisions
from core.words import _


def blocks(brief: Brief) -> Blocks:
    """Space, power and cooling of the subject, or why there is nothing to plan."""
    yield from brief.about_subject()
    option = brief.subject
    if option is None or not option.fleet.unit or option.fleet.platform_id is None:
        yield Callout(
            _(
                "No hardware stands on an own site in this option: the provider plans racks, power "
                "and cooling. What remains is the network to the provider."
            )
        )
        if option is not None:
            yield from _rented(option)
            yield from carbon.blocks(brief, option)
        return
    fleet = option.fleet
    if fleet.nameplate_kw is None and not fleet.racks:
        yield Callout(
            _(
                "The hardware stands at the provider ({unit}: {name}); its racks, power and "
                "cooling are not published and are not planned here."
            ).format(unit=_(fleet.unit), name=fleet.platform_name)
        )
        yield from _rented(option)
        yield from carbon.blocks(brief, option)
        return
    yield from provisions(brief, option)
    yield from materials(brief, option)
    yield from _pictures(fleet)
    yield from carbon.blocks(brief, option)


def _pictures(fleet: Fleet) -> Blocks:
    """Racks beside the power that they draw, where a few racks leave room for it."""
    if not fleet.racks:
        yield Picture("power_budget")
    elif len({rack.servers for rack in fleet.racks}) == 1:
        yield SideBySide(((Picture("rack_layout"),), (Picture("power_budget"),)))
    else:
        yield Picture("rack_layout")
        yield Picture("power_budget")


def _rented(option: Option) -> Blocks:
    fleet = option.fleet
    if not fleet.unit:
        return
    yield Table(
        (Column(_("Rented capacity")), Column(_("Value"))),
        (
            (_("Type"), fleet.platform_name or DASH),
            *(((_("Place"), option.place.label),) if option.place.label else ()),
            *(((_("Network"), option.place.network),) if option.place.network else ()),
            (_("Units per year, spares included"), years(fleet.units_by_year)),
            (_("Accelerators at the largest year"), num(fleet.accelerators)),
            (_("Utilisation, first year"), share(fleet.utilisation)),
        ),
    )
