"""The bill of materials of owned hardware: every item with its quantity, and what pays for it."""

from __future__ import annotations

from collections.abc import Iterator

from core import facility
from core.assessment.site import Site
from core.decision.wording import number
from core.notation import semicolons
from core.recommendation import Option
from core.report.brief import DASH, Brief, formula, num, years
from core.report.content import Blocks, Column, Heading, Table
from core.words import _, ngettext

Row = tuple[str, str, str, str]
"""Item, quantity, remark, and the cost line that pays for it."""


def materials(brief: Brief, option: Option) -> Blocks:
    """What is ordered, at the largest year, and the priced lines."""
    site = brief.recommendation.assessment.site
    yield Heading(_("Bill of materials"), 2)
    yield Table(
        (
            Column(_("Item")),
            Column(_("Quantity"), "", "decimal"),
            Column(_("Remark")),
            Column(_("Paid in the line")),
        ),
        (
            *_machines(option),
            *_racks(option, site),
            *_network(option),
            *_liquid(option),
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


def _paid(option: Option, *keys: str) -> str:
    """The label of the line that pays for an item; what no line pays is not priced."""
    line = facility.line(option, *keys)
    return _("not priced") if line is None else line.label


def _machines(option: Option) -> Iterator[Row]:
    fleet = option.fleet
    most = max(fleet.units_by_year, default=0)
    servers = _paid(option, "servers", "lease")
    changing = len(set(fleet.units_by_year)) > 1
    remarks = [_("by year: {years}").format(years=years(fleet.units_by_year))] if changing else []
    if fleet.spares:
        remarks.append(_("{n} of them spare, running").format(n=number(fleet.spares)))
    if option.venue == "edge" and fleet.sites > 1:
        remarks.append(_("at {n} sites").format(n=number(fleet.sites)))
    yield fleet.platform_name, num(most), semicolons(remarks), servers
    if fleet.cold_spares:
        yield (
            _("Spare boxes in store"),
            num(fleet.cold_spares),
            _("so that a failed box is replaced at once while others are repaired"),
            servers,
        )
    names = ", ".join(dict.fromkeys(s.accelerator_name or "" for s in option.servings))
    yield (
        _("Accelerators"),
        num(fleet.accelerators),
        _("{names}, built in").format(names=names),
        servers,
    )


def _racks(option: Option, site: Site) -> Iterator[Row]:
    fleet, buy = option.fleet, facility.racks_to_buy(option, site)
    if not fleet.rack_count or fleet.unit == "racks":
        return
    if buy is None:
        remark = _("provided by the hall")
    elif not buy:
        remark = _("free racks of the room are used; none is bought")
    else:
        remark = _("{n} of them bought").format(n=number(buy))
    paid = _paid(option, "racks", "colocation") if buy or buy is None else _("nothing to pay")
    yield _("Racks"), num(fleet.rack_count), remark, paid
    one = facility.of_one(fleet)
    feeds = site.redundant_feeds
    strips = [_("two per rack, for feeds A and B") if feeds else _("one per rack")]
    if one.breaker_a is not None:
        strips.append(_("breaker of {a} A").format(a=number(one.breaker_a)))
    if buy is not None and buy < fleet.rack_count:
        strips.append(_("those of free racks are taken to be there"))
    yield (
        _("Power strips (PDUs)"),
        num(facility.power_strips(fleet, site)),
        semicolons(strips),
        paid,
    )


def _network(option: Option) -> Iterator[Row]:
    fleet, net = option.fleet, facility.network(option.fleet)
    if not fleet.rack_count:
        line = facility.line(option, "site_lines")
        yield (
            _("Ports on the switches of the sites"),
            num(net.data_ports),
            _("taken to be free"),
            _("nothing to pay"),
        )
        yield (
            _("Data lines"),
            num(fleet.sites),
            _("the existing line of each site is used") if line is None else _("one per site"),
            _("nothing to pay") if line is None else line.label,
        )
        return
    paid = _paid(option, "network")
    if net.switches:
        yield (
            _("Switches, top of rack"),
            num(net.switches),
            _("two per rack; speed and make follow from the ports"),
            paid,
        )
    yield (
        _("Network cards"),
        DASH,
        ngettext(
            "part of the server; {n} data port in all",
            "part of the servers; {n} data ports in all",
            net.data_ports,
        ).format(n=number(net.data_ports)),
        _paid(option, "servers", "lease"),
    )
    yield (
        _("Cables inside the racks"),
        num(net.cables),
        _("{data} for data, {management} for management").format(
            data=number(net.data_ports), management=number(net.management_ports)
        ),
        paid,
    )
    yield (
        _("Optics and cables to the building's network"),
        _("not known"),
        _("depends on that network and its distance"),
        paid,
    )
    if facility.line(option, "cross_connect") is not None:
        yield (
            _("Cross-connects"),
            num(2),
            _("from the hall to the carriers"),
            _paid(option, "cross_connect"),
        )


def _liquid(option: Option) -> Iterator[Row]:
    if option.fleet.cooling == "liquid":
        yield (
            _("Coolant distribution units, hoses, manifolds"),
            _("not known"),
            _("by the vendor's flow and class of liquid"),
            _paid(option, "cooling_works"),
        )
