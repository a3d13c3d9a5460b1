"""Hard limits of the room or the edge site: power, cooling, space, weight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.assessment import Assessment
from core.catalog.types import Platform
from core.decision.anchors import (
    COOLING_KW_PER_RACK,
    COOLING_NAMES,
    DEVELOPER_KIT,
    EXTRA_POWER_WEEKS,
    RACK_FOOTPRINT_M2,
    SWITCH_HEIGHT_U,
)
from core.decision.facts import DecisionCatalog, at_edge_sites, platform_of
from core.decision.wording import number
from core.recommendation import Gate, GateStatus, Option


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
    colocated = option.venue == "colocation" or (
        option.venue == "hybrid" and option.id.startswith("hybrid/colocation/")
    )
    if colocated:
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
    yield from _grade(option, platform)
    yield _rack_power(option, room, platform)
    if room.own:
        yield from _total_power(option, assessment, room)
    yield from _cooling(option, room, platform)
    if room.own:
        yield _rack_count(option, room, platform)
    yield _height(option, room, platform)
    if room.own:
        yield _floor(option, room)


def _compare(
    key: str,
    label: str,
    needed: float | None,
    limit: float | None,
    unit: str,
    *,
    what: str,
    offer: str,
    change: str,
    ask: str,
) -> Gate:
    """A gate of the form needed <= limit; unknown where either number is missing."""
    if needed is None or limit is None:
        have = (
            "the site's limit is not given"
            if needed is not None
            else "the hardware's figure is not published"
        )
        text = f"{what} {_amount(needed, unit)}" if needed is not None else what
        return Gate(key, label, "unknown", needed, limit, unit, f"{text}; {have}.", ask)
    status: GateStatus = "pass" if needed <= limit * (1 + 1e-9) else "fail"
    return Gate(
        key,
        label,
        status,
        needed,
        limit,
        unit,
        f"{what} {_amount(needed, unit)}; {offer} {number(limit)}.",
        change if status == "fail" else "",
    )


def _amount(value: float, unit: str) -> str:
    """A number with its unit, singular where it is one rack."""
    return f"{number(value)} {unit.removesuffix('s') if value == 1 and unit == 'racks' else unit}"


def _rack_power(option: Option, room: Room, platform: Platform | None) -> Gate:
    needed, limit = rack_kw(option, platform), room.rack_kw
    more = (needed or 0.0) - (limit or 0.0)
    return _compare(
        "rack_power",
        "Power per rack",
        needed,
        limit,
        "kW",
        what="Needs",
        offer="each rack offers",
        change=f"{number(more)} kW more per rack, or servers with fewer accelerators.",
        ask=f"Confirm {number(needed)} kW per rack." if needed is not None else _ASK_VENDOR,
    )


def _total_power(option: Option, assessment: Assessment, room: Room) -> Iterator[Gate]:
    weeks = assessment.site.extra_power_weeks
    wait = f"{EXTRA_POWER_WEEKS if weeks is None else weeks} weeks" + (
        " assumed" if weeks is None else ""
    )
    needed, limit = option.fleet.nameplate_kw, room.total_kw
    more = (needed or 0.0) - (limit or 0.0)
    yield _compare(
        "total_power",
        "Total power",
        needed,
        limit,
        "kW",
        what="Needs",
        offer="the room has",
        change=f"{number(more)} kW more ({wait} for a new feed), or part of the load elsewhere.",
        ask=f"Confirm {number(needed)} kW of spare power." if needed is not None else _ASK_VENDOR,
    )
    needed, limit = option.fleet.feed_kva, room.feed_kva
    if limit is None and needed is not None:
        sides = " on each of the A and B feeds" if assessment.site.redundant_feeds else ""
        ask = f"Confirm {number(needed)} kVA of spare capacity{sides}."
    else:
        ask = _ASK_VENDOR
    more = (needed or 0.0) - (limit or 0.0)
    yield _compare(
        "feeds",
        "Feed capacity",
        needed,
        limit,
        "kVA",
        what="Needs feeds of",
        offer="spare capacity is",
        change=f"{number(more)} kVA more ({wait} for a new feed).",
        ask=ask,
    )


def _cooling(option: Option, room: Room, platform: Platform | None) -> Iterator[Gate]:
    label, have = "Cooling class", COOLING_NAMES.get(room.cooling, room.cooling)
    if platform is None:
        yield Gate(
            "cooling",
            label,
            "unknown",
            None,
            None,
            "kW",
            f"The cooling that the servers need is not known; the room has {have}.",
            "Ask the vendor for the cooling class.",
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
            f"{platform.name} needs direct-to-chip liquid cooling; the room has {have}.",
            "A liquid loop with a coolant distribution unit, or an air-cooled server.",
        )
        return
    planning, most = COOLING_KW_PER_RACK.get(room.cooling, (None, None))
    # fewer servers per rack is the free remedy, so the least possible rack load decides
    needed = rack_kw(option, platform)
    if not room.own and platform.nameplate_kw is not None:
        needed = platform.nameplate_kw
    if needed is None or planning is None or most is None:
        yield Gate(
            "cooling",
            label,
            "unknown",
            needed,
            planning,
            "kW",
            f"The heat per rack is not known; the room has {have}.",
            _ASK_VENDOR,
        )
        return
    status: GateStatus = "pass" if needed <= planning else "unknown" if needed <= most else "fail"
    message = (
        f"At least {number(needed)} kW of heat per rack; {have} is planned for "
        f"{number(planning)} kW and carries {number(most)} at most."
    )
    change = (
        f"Have the airflow checked for {number(needed)} kW per rack."
        if status == "unknown"
        else f"Cooling for {number(needed)} kW per rack, or spread the servers over more racks."
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
        "Free racks",
        float(count),
        None if room.racks is None else float(room.racks),
        "racks",
        what="Needs",
        offer="free are",
        change=f"{more} more {'rack' if more == 1 else 'racks'}, or more power per rack so that "
        "more servers share one.",
        ask=f"Confirm {_amount(float(count), 'racks').replace(' ', ' free ')}.",
    )


def _height(option: Option, room: Room, platform: Platform | None) -> Gate:
    label, limit = "Rack height", float(room.rack_height_u)
    if platform is not None and platform.kind == "rack":
        return Gate(
            "height",
            label,
            "pass",
            None,
            None,
            "U",
            f"{platform.name} comes as a complete rack.",
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
        what="Needs with switches",
        offer="a rack has",
        change=f"A rack {number(more)} U higher.",
        ask="Get the height from the vendor.",
    )


def _floor(option: Option, room: Room) -> Gate:
    weights = [rack.weight_kg for rack in option.fleet.racks]
    known = [w for w in weights if w is not None]
    needed = max(known) / RACK_FOOTPRINT_M2 if known and len(known) == len(weights) else None
    more = (needed or 0.0) - (room.floor_load_kg_m2 or 0.0)
    return _compare(
        "floor_load",
        "Floor load",
        needed,
        room.floor_load_kg_m2,
        "kg/m²",
        what="Loads the floor with",
        offer="it carries",
        change=f"{number(more)} kg/m² more, or fewer servers per rack.",
        ask=f"Confirm that the floor carries {number(needed)} kg/m²."
        if needed is not None
        else "Get the weight from the vendor and the limit of the floor.",
    )


def _grade(option: Option, platform: Platform | None) -> Iterator[Gate]:
    """Developer kits are for prototypes, not for a service that people rely on."""
    if platform is None or DEVELOPER_KIT not in platform.name.lower():
        return
    yield Gate(
        "hardware_grade",
        "Hardware made for production",
        "fail",
        None,
        None,
        "",
        f"{platform.name}: developer kits are sold for building prototypes, without the warranty "
        "and supply of a product.",
        "An industrial computer with the same module.",
    )


def _edge(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Iterator[Gate]:
    platform, fleet = platform_of(option, catalog), option.fleet
    yield from _grade(option, platform)
    sites = max(fleet.sites, 1)
    needed = None if fleet.nameplate_kw is None else fleet.nameplate_kw / sites
    limit = assessment.site.edge_site_power_kw
    more = (needed or 0.0) - (limit or 0.0)
    yield _compare(
        "edge_power",
        "Power per edge site",
        needed,
        limit,
        "kW",
        what="Needs",
        offer="each site offers",
        change=f"{number(more)} kW more at each site, or a smaller accelerator or model.",
        ask=f"Confirm {number(needed)} kW at each site." if needed is not None else _ASK_VENDOR,
    )
    if platform is not None and platform.cooling == "liquid":
        yield Gate(
            "cooling",
            "Cooling class",
            "fail",
            None,
            None,
            "",
            f"{platform.name} needs liquid cooling, which edge sites do not have.",
            "An air-cooled server.",
        )


_ASK_VENDOR = "Get the nameplate power from the vendor."
