"""The site plan: what facilities must provide, the racks, and the bill of materials."""

from __future__ import annotations

from core.recommendation import Fleet, Option
from core.report.brief import DASH, Brief, formula, num, share, years
from core.report.content import Blocks, Callout, Column, Heading, Para, Picture, Table
from core.report.sections import carbon
from core.report.sections.constraints import STATUS
from core.units import converted, name_of
from core.words import _

SITE_GATES = (
    "rack_power",
    "total_power",
    "feeds",
    "cooling",
    "racks",
    "height",
    "floor_load",
    "edge_power",
)


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
            ).format(unit=fleet.unit, name=fleet.platform_name)
        )
        yield from _rented(option)
        yield from carbon.blocks(brief, option)
        return
    yield Para(
        _(
            "Feeds and racks are sized at nameplate power, energy is billed at the predicted "
            "average. Heat to reject equals the nameplate power."
        )
    )
    yield _needs(fleet)
    limits = [g for g in option.gates if g.key in SITE_GATES]
    if limits:
        yield Table(
            (
                Column(_("Limit of the site")),
                Column(_("Needed"), "", "decimal"),
                Column(_("Available"), "", "decimal"),
                Column(_("Unit")),
                Column(_("Status")),
            ),
            tuple(
                (
                    g.label,
                    num(converted(g.needed, g.unit)),
                    num(converted(g.limit, g.unit)),
                    name_of(g.unit),
                    _(STATUS[g.status]),
                )
                for g in limits
            ),
            caption=_("Against the limits of the site"),
        )
    yield Heading(_("Bill of materials"), 2)
    yield from _materials(brief, option)
    yield Picture("rack_layout")
    yield Picture("power_budget")
    yield from carbon.blocks(brief, option)


def _needs(fleet: Fleet) -> Table:
    pairs = (
        (_("Sites"), num(fleet.sites), ""),
        (_("Racks"), num(fleet.rack_count), ""),
        (_("Power of the fullest rack"), num(fleet.kw_per_rack), "kW"),
        (_("Nameplate IT power"), num(fleet.nameplate_kw), "kW"),
        (_("Predicted peak IT power"), num(fleet.peak_kw), "kW"),
        (_("Predicted average IT power, first year"), num(fleet.average_kw), "kW"),
        (_("Facility power with cooling and losses"), num(fleet.facility_kw), "kW"),
        (_("Heat to reject"), num(fleet.heat_kw), "kW"),
        (_("Feeds (80 % of the breaker, power factor)"), num(fleet.feed_kva), "kVA"),
        (_("Height of the servers"), num(fleet.height_u), _("U")),
        (
            _("Weight of servers, racks and switches"),
            num(converted(fleet.weight_kg, "kg")),
            name_of("kg"),
        ),
        (_("Network ports"), num(fleet.network_ports), ""),
    )
    return Table(
        (
            Column(_("What facilities provide")),
            Column(_("Value"), "", "decimal"),
            Column(_("Unit")),
        ),
        tuple(pair for pair in pairs if pair[1] not in (DASH, "0")),
        caption=_("At the largest year, all sites together"),
    )


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


def _materials(brief: Brief, option: Option) -> Blocks:
    fleet = option.fleet
    most = max(fleet.units_by_year, default=0)
    yield Table(
        (
            Column(_("Item")),
            Column(_("Quantity"), "", "decimal"),
            Column(_("Remark")),
        ),
        (
            (
                fleet.platform_name,
                num(most),
                _("{unit} per year: {years}; {spares} of them spare").format(
                    unit=fleet.unit, years=years(fleet.units_by_year), spares=fleet.spares
                ),
            ),
            (
                _("Accelerators in them"),
                num(fleet.accelerators),
                ", ".join(dict.fromkeys(s.accelerator_name or "" for s in option.servings)),
            ),
            *(
                (
                    (
                        _("Racks"),
                        num(fleet.rack_count),
                        _("with power distribution for A and B feeds"),
                    ),
                )
                if fleet.rack_count
                else ()
            ),
            (_("Network ports"), num(fleet.network_ports), _("data and management")),
        ),
        caption=_("Hardware at the largest year"),
    )
    lines = [x for x in option.cost.lines if x.kind == "capex"] if option.cost else []
    if lines:
        yield Table(
            (
                Column(_("Up-front line")),
                Column(_("Formula")),
                Column(_("At the start"), brief.code, "decimal"),
                Column(_("As of")),
            ),
            tuple(
                (
                    x.label,
                    formula(x.formula),
                    brief.whole(x.yearly_usd[0]),
                    x.provenance.as_of or _("undated"),
                )
                for x in lines
            ),
            caption=_("Priced items (budget figures; ask for quotations)"),
        )


def _racks(fleet: Fleet) -> tuple[tuple[str, str, str], ...]:
    if not fleet.rack_count:
        return ()
    text = _("with power distribution for A and B feeds")
    return ((_("Racks"), num(fleet.rack_count), text),)
