"""Hard limits of the room or the edge site: power, cooling, space, weight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.assessment import Assessment
from core.assessment.site import Site
from core.catalog.types import Platform
from core.decision.anchors import (
    DEVELOPER_KIT,
)
from core.decision.facts import DecisionCatalog, at_edge_sites, platform_of
from core.decision.verdicts import Change, gate
from core.decision.wording import measured, number
from core.economics.assumptions import DEFAULTS
from core.facility import colocated, floor_kg_m2
from core.recommendation import Gate, GateStatus, Option
from core.venues import cooling
from core.venues.racks import SWITCH_HEIGHT_U
from core.venues.timing import feed_weeks
from core.words import N_, _, ngettext


@dataclass(frozen=True, slots=True)
class Room:
    """The limits that apply to an option's own machines; ``None`` is not known."""

    rack_kw: float | None
    cooling: str
    total_kw: float | None
    feed_kva: float | None
    racks: int | None
    rack_height_u: int
    floor_load_kg_m2: float | None
    own: bool
    """The user's own room; False for a colocation hall, whose power and space are contracted."""


def room_of(option: Option, assessment: Assessment) -> Room | None:
    """The room an option's owned servers stand in; ``None`` for rented capacity and edge sites."""
    if at_edge_sites(option):
        return None
    site = assessment.site
    if colocated(option):
        return Room(
            site.colocation_rack_kw,
            site.colocation_cooling,
            None,
            None,
            None,
            site.rack_height_u,
            None,
            own=False,
        )
    owns = option.venue == "on_premises" or (
        option.venue == "hybrid" and option.fleet.nameplate_kw is not None
    )
    if owns:
        return Room(
            site.rack_power_kw,
            site.cooling,
            site.total_power_kw,
            site.feed_kva,
            site.racks,
            site.rack_height_u,
            site.floor_load_kg_m2,
            own=True,
        )
    return None


def rack_kw(option: Option, platform: Platform | None) -> float | None:
    """Nameplate of the fullest rack; at least that of one server."""
    planned = option.fleet.kw_per_rack
    one = platform.nameplate_kw if platform else None
    known = [v for v in (planned, one) if v is not None]
    return max(known) if known else None


def checks(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Iterator[Gate]:
    """The gates of the place; none for rented capacity."""
    if at_edge_sites(option):
        yield from _edge(option, assessment, catalog)
        return
    room = room_of(option, assessment)
    if room is None:
        return
    platform = platform_of(option, catalog)
    yield from _grade(platform)
    yield _rack_power(option, room, platform)
    if room.own:
        yield from _total_power(option, assessment, room)
    yield from _cooling(option, room, platform)
    if room.own:
        yield _rack_count(option, room, platform)
    yield _height(option, room, platform)
    if room.own:
        yield _floor(option, assessment.site, room)


def _compare(
    key: str,
    label: str,
    needed: float | None,
    limit: float | None,
    unit: str,
    *,
    told: str,
    change: Change,
    ask: Change,
) -> Gate:
    """A gate of the form needed <= limit; unknown where either number is missing.

    ``told`` is the sentence with both, as ``{needed}`` and ``{limit}``.
    """
    if needed is None:
        message = _("Not known: the hardware's figure is not published.")
        return gate(key, label, "unknown", message, ask, limit=limit, unit=unit)
    if limit is None:
        message = _("Needs {needed}; the site's limit is not given.")
        message = message.format(needed=_amount(needed, unit))
        return gate(key, label, "unknown", message, ask, needed=needed, unit=unit)
    status: GateStatus = "pass" if needed <= limit * (1 + 1e-9) else "fail"
    shown = (_amount(needed, unit), _amount(limit, unit))
    if status == "fail" and shown[0] == shown[1]:  # the excess lies beyond the figures printed
        shown = (_amount(needed, unit, EXACT_FIGURES), shown[1])
    message = told.format(needed=shown[0], limit=shown[1])
    return gate(key, label, status, message, change, needed=needed, limit=limit, unit=unit)


def _amount(value: float, unit: str, digits: int = 3) -> str:
    """A number with its unit, singular where it is one rack."""
    if unit == "racks":
        return ngettext("{n} rack", "{n} racks", round(value)).format(n=number(value, digits))
    return measured(value, unit, digits)


def _rack_power(option: Option, room: Room, platform: Platform | None) -> Gate:
    needed, limit = rack_kw(option, platform), room.rack_kw
    more = (needed or 0.0) - (limit or 0.0)
    return _compare(
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
            else _(_ASK_VENDOR)
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
    yield _compare(
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
            else _(_ASK_VENDOR)
        ),
    )
    needed, limit = option.fleet.feed_kva, room.feed_kva
    if limit is None and needed is not None:
        sides = _(" on each of the A and B feeds") if assessment.site.redundant_feeds else ""
        ask = _("Confirm {needed} kVA of spare capacity{sides}.").format(
            needed=number(needed), sides=sides
        )
    else:
        ask = _(_ASK_VENDOR)
    more = (needed or 0.0) - (limit or 0.0)
    yield _compare(
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
        yield Gate(
            "cooling",
            label,
            "unknown",
            None,
            None,
            "kW",
            _("The cooling that the servers need is not known; the room has {have}.").format(
                have=have
            ),
            _("Ask the vendor for the cooling class."),
        )
        return
    if platform.cooling == "liquid" and room.cooling != "liquid":
        yield Gate(
            "cooling",
            label,
            "fail",
            None,
            None,
            "",
            _("{name} needs direct-to-chip liquid cooling; the room has {have}.").format(
                name=platform.title, have=have
            ),
            _("A liquid loop with a coolant distribution unit."),
        )
        return
    planning, most = cooling.KW_PER_RACK.get(room.cooling, (None, None))
    needed = rack_kw(option, platform)  # racks are filled to what cooling is planned for
    if needed is None or planning is None or most is None:
        yield Gate(
            "cooling",
            label,
            "unknown",
            needed,
            planning,
            "kW",
            _("The heat per rack is not known; the room has {have}.").format(have=have),
            _(_ASK_VENDOR),
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
    yield Gate(
        "cooling",
        label,
        status,
        needed,
        most if status == "fail" else planning,
        "kW",
        message,
        "" if status == "pass" else change,
    )


def _rack_count(option: Option, room: Room, platform: Platform | None) -> Gate:
    count = option.fleet.rack_count
    if platform is not None and platform.kind == "rack":
        count = max(count, 1)
    more = count - (room.racks or 0)
    return _compare(
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
        return Gate(
            "height",
            label,
            "pass",
            None,
            None,
            "U",
            _("{name} comes as a complete rack.").format(name=platform.title),
            "",
        )
    planned = max((rack.height_u for rack in option.fleet.racks), default=None)
    one = platform.height_u if platform else None
    needed = None if one is None else max(one + SWITCH_HEIGHT_U, planned or 0.0)
    more = (needed or 0.0) - limit
    return _compare(
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
    return _compare(
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


def _grade(platform: Platform | None) -> Iterator[Gate]:
    """Developer kits are for prototypes, not for a service that people rely on."""
    if platform is None or DEVELOPER_KIT not in platform.name.lower():
        return
    yield Gate(
        "hardware_grade",
        _("Hardware made for production"),
        "fail",
        None,
        None,
        "",
        _(
            "{name}: developer kits are sold for building prototypes, without the "
            "warranty and supply of a product."
        ).format(name=platform.title),
        _("An industrial computer with the same module."),
    )


def _edge(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Iterator[Gate]:
    platform, fleet = platform_of(option, catalog), option.fleet
    yield from _grade(platform)
    sites = max(fleet.sites, 1)
    needed = None if fleet.nameplate_kw is None else fleet.nameplate_kw / sites
    limit = assessment.site.edge_site_power_kw
    more = (needed or 0.0) - (limit or 0.0)
    yield _compare(
        "edge_power",
        _("Power per edge site"),
        needed,
        limit,
        "kW",
        told=_("Needs {needed} per site; each site offers {limit}."),
        change=lambda: _("{more} kW more at each site.").format(more=number(more)),
        ask=lambda: (
            _("Confirm {needed} kW at each site.").format(needed=number(needed))
            if needed is not None
            else _(_ASK_VENDOR)
        ),
    )
    if platform is not None and platform.cooling == "liquid":
        yield Gate(
            "cooling",
            _("Cooling class"),
            "fail",
            None,
            None,
            "",
            _("{name} needs liquid cooling, which edge sites do not have.").format(
                name=platform.title
            ),
            _("An air-cooled server."),
        )


EXACT_FIGURES = 6
"""Figures of what is needed where three would print the limit itself."""
_ASK_VENDOR = N_("Get the nameplate power from the vendor.")
