"""Hard limits of the room: power, cooling, space, weight; those of an edge site beside them."""

from __future__ import annotations

from collections.abc import Iterator

from core.assessment import Assessment
from core.assessment.site import Site
from core.catalog.types import Platform
from core.decision.edge_gates import edge_checks, grade
from core.decision.facts import DecisionCatalog, at_edge_sites, platform_of
from core.decision.limits import ASK_VENDOR, compare
from core.decision.rooms import Room, rack_kw, room_of
from core.decision.verdicts import gate
from core.decision.wording import measured, number
from core.economics.assumptions import DEFAULTS
from core.facility import floor_kg_m2
from core.recommendation import Gate, GateStatus, Option
from core.venues import cooling
from core.venues.racks import SWITCH_HEIGHT_U
from core.venues.timing import feed_weeks
from core.words import _, ngettext


def checks(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Iterator[Gate]:
    """The gates of the place; none for rented capacity."""
    if at_edge_sites(option):
        yield from edge_checks(option, assessment, catalog)
        return
    room = room_of(option, assessment)
    if room is None:
        return
    platform = platform_of(option, catalog)
    yield from grade(platform)
    yield _rack_power(option, room, platform)
    if room.own:
        yield from _total_power(option, assessment, room)
    yield from _cooling(option, room, platform)
    if room.own:
        yield _rack_count(option, room, platform)
    yield _height(option, room, platform)
    if room.own:
        yield _floor(option, assessment.site, room)


def _rack_power(option: Option, room: Room, platform: Platform | None) -> Gate:
    needed, limit = rack_kw(option, platform), room.rack_kw
    more = (needed or 0.0) - (limit or 0.0)
    return compare(
        "rack_power",
        _("Power per rack"),
        needed,
        limit,
        "kW",
        told=_("Needs {needed} per rack; each rack offers {limit}."),
        change=lambda: _("{more} kW more per rack.").format(more=number(more)),
        ask=lambda: (
            _("Confirm {needed} kW per rack.").format(needed=number(needed))
            if needed is not None
            else _(ASK_VENDOR)
        ),
    )


def _total_power(option: Option, assessment: Assessment, room: Room) -> Iterator[Gate]:
    needed, limit = option.fleet.nameplate_kw, room.total_kw
    more = (needed or 0.0) - (limit or 0.0)
    weeks = number(feed_weeks(assessment.site, DEFAULTS, more).base, 2)
    wait = (
        _("{n} weeks assumed").format(n=weeks)
        if assessment.site.extra_power_weeks is None
        else _("{n} weeks").format(n=weeks)
    )
    yield compare(
        "total_power",
        _("Total power"),
        needed,
        limit,
        "kW",
        told=_("Needs {needed}; the room has {limit}."),
        change=lambda: _("{more} kW more ({wait} for a new feed).").format(
            more=number(more), wait=wait
        ),
        ask=lambda: (
            _("Confirm {needed} kW of spare power.").format(needed=number(needed))
            if needed is not None
            else _(ASK_VENDOR)
        ),
    )
    needed, limit = option.fleet.feed_kva, room.feed_kva
    if limit is None and needed is not None:
        sides = _(" on each of the A and B feeds") if assessment.site.redundant_feeds else ""
        ask = _("Confirm {needed} kVA of spare capacity{sides}.").format(
            needed=number(needed), sides=sides
        )
    else:
        ask = _(ASK_VENDOR)
    more = (needed or 0.0) - (limit or 0.0)
    yield compare(
        "feeds",
        _("Feed capacity"),
        needed,
        limit,
        "kVA",
        told=_("Needs feeds of {needed}; {limit} are spare."),
        change=lambda: _("{more} kVA more ({wait} for a new feed).").format(
            more=number(more), wait=wait
        ),
        ask=ask,
    )


def _cooling(option: Option, room: Room, platform: Platform | None) -> Iterator[Gate]:
    label, have = _("Cooling class"), _(cooling.NAMES.get(room.cooling, room.cooling))
    if platform is None:
        yield gate(
            "cooling",
            label,
            "unknown",
            _("The cooling that the servers need is not known; the room has {have}.").format(
                have=have
            ),
            _("Ask the vendor for the cooling class."),
            unit="kW",
        )
        return
    if platform.cooling == "liquid" and room.cooling != "liquid":
        yield gate(
            "cooling",
            label,
            "fail",
            _("{name} needs direct-to-chip liquid cooling; the room has {have}.").format(
                name=platform.title, have=have
            ),
            _("A liquid loop with a coolant distribution unit."),
        )
        return
    planning, most = cooling.KW_PER_RACK.get(room.cooling, (None, None))
    needed = rack_kw(option, platform)  # racks are filled to what cooling is planned for
    if needed is None or planning is None or most is None:
        yield gate(
            "cooling",
            label,
            "unknown",
            _("The heat per rack is not known; the room has {have}.").format(have=have),
            _(ASK_VENDOR),
            needed=needed,
            limit=planning,
            unit="kW",
        )
        return
    status: GateStatus = "pass" if needed <= planning else "unknown" if needed <= most else "fail"
    message = _(
        "{needed} kW of heat in the fullest rack; {have} is planned for {planning} kW "
        "and carries {most} at most."
    ).format(needed=number(needed), have=have, planning=number(planning), most=number(most))
    change = (
        _("Have the airflow checked for {needed} kW per rack.").format(needed=number(needed))
        if status == "unknown"
        else _("Cooling for {needed} kW per rack.").format(needed=number(needed))
    )
    yield gate(
        "cooling",
        label,
        status,
        message,
        change,
        needed=needed,
        limit=most if status == "fail" else planning,
        unit="kW",
    )


def _rack_count(option: Option, room: Room, platform: Platform | None) -> Gate:
    count = option.fleet.rack_count
    if platform is not None and platform.kind == "rack":
        count = max(count, 1)
    more = count - (room.racks or 0)
    return compare(
        "racks",
        _("Free racks"),
        float(count),
        None if room.racks is None else float(room.racks),
        "racks",
        told=_("Needs {needed}; {limit} free."),
        change=lambda: ngettext("{n} more rack.", "{n} more racks.", more).format(n=more),
        ask=lambda: ngettext("Confirm {n} free rack.", "Confirm {n} free racks.", count).format(
            n=number(count)
        ),
    )


def _height(option: Option, room: Room, platform: Platform | None) -> Gate:
    label, limit = _("Rack height"), float(room.rack_height_u)
    if platform is not None and platform.kind == "rack":
        return gate(
            "height",
            label,
            "pass",
            _("{name} comes as a complete rack.").format(name=platform.title),
            unit="U",
        )
    planned = max((rack.height_u for rack in option.fleet.racks), default=None)
    one = platform.height_u if platform else None
    needed = None if one is None else max(one + SWITCH_HEIGHT_U, planned or 0.0)
    more = (needed or 0.0) - limit
    return compare(
        "height",
        label,
        needed,
        limit,
        "U",
        told=_("Needs {needed} with switches; a rack has {limit}."),
        change=lambda: _("A rack {more} U higher.").format(more=number(more)),
        ask=_("Get the height from the vendor."),
    )


def _floor(option: Option, site: Site, room: Room) -> Gate:
    needed = floor_kg_m2(option.fleet, site)
    more = (needed or 0.0) - (room.floor_load_kg_m2 or 0.0)
    return compare(
        "floor_load",
        _("Floor load"),
        needed,
        room.floor_load_kg_m2,
        "kg/m²",
        told=_("Loads the floor with {needed}; it carries {limit}."),
        change=lambda: _("{more} more under each rack.").format(more=measured(more, "kg/m²")),
        ask=lambda: (
            _("Confirm that the floor carries {needed}.").format(needed=measured(needed, "kg/m²"))
            if needed is not None
            else _("Get the weight from the vendor and the limit of the floor.")
        ),
    )
