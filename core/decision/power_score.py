"""The score for power density: rack, room, cooling and floor against their limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from core.assessment import Assessment
from core.assessment.site import Site
from core.catalog.types import Platform
from core.decision.anchors import POWER_FULL_SHARE
from core.decision.facts import DecisionCatalog, at_edge_sites, platform_of
from core.decision.rating import (
    LABELS,
    Rating,
    headroom_score,
    not_applicable,
    not_known,
)
from core.decision.rooms import Room, room_of
from core.decision.wording import measured, number, percent
from core.recommendation import Fleet, Option
from core.units import read_as
from core.venues import cooling
from core.venues.racks import BARE, Fittings, Layout, layouts
from core.words import N_, _, ngettext

_POWER_FORMULA = N_(
    "100 × (1 − r) / (1 − 0.5), between 0 and 100; r is the largest of power of the fullest "
    "rack, total power, heat per rack over what the cooling class carries, and floor load, each "
    "over the site's limit; with the servers spread over as many of the free racks as leaves "
    "most room, though fewer may be planned"
)
Limit = Literal["rack", "heat", "total", "floor"]
Used = tuple[float, Limit]
"""Share of a limit that is used, and which limit."""


def power_density(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Rating:
    """The worst of the limits of power and weight; for edge sites, the power of a site.

    A rack plan takes as few racks as hold the servers, and so fills a rack to whatever it offers:
    scored as planned, a rack that carries more would look worse. What the room leaves is scored
    instead, over the best of the ways to spread the servers: more power, floor or free racks never
    lower it, and a little more never changes it much. A hall rents as many racks as one takes.
    """
    if at_edge_sites(option):
        return _edge_power(option, assessment)
    room, platform = room_of(option, assessment), platform_of(option, catalog)
    if room is None:
        return not_applicable(
            "power_density", _("Not applicable: the provider powers and cools it."), _POWER_FORMULA
        )
    fleet, best = option.fleet, None
    servers = max(1, *fleet.units_by_year)
    if platform is not None:
        beside = _fittings(fleet, platform)
        for way in layouts(platform, servers, room.rack_height_u, room.racks, beside):
            used = max(_used(way, room, assessment.site), default=None)
            if used is not None and (best is None or _is_better(used[0], best[1][0])):
                best = way, used
    if best is None:
        return _unknown()
    way, (share, limit) = best
    text = _told(way, limit, room, assessment.site)
    if servers > 1 and limit != "total":
        racks = ngettext("{n} rack", "{n} racks", way.racks).format(n=way.racks)
        told = (
            _("{figure} with the servers in {racks}")
            if way.racks == option.fleet.rack_count
            else _("{figure} if the servers are spread over {racks}")  # not as planned
        )
        text = told.format(figure=text, racks=racks)
    return _rated(share, text)


def _is_better(share: float, than: float) -> bool:
    """Whether a way to spread the servers is told rather than one that was tried before it.

    Of those that score alike, the tightest is nearest to the plan; of those that score nothing,
    the one that comes nearest to the limit, as the plan does that the limit was checked on.
    """
    if _score(share) == _score(than) == 0.0:
        return share < than
    return _score(share) >= _score(than)


def _edge_power(option: Option, assessment: Assessment) -> Rating:
    limit, fleet = assessment.site.edge_site_power_kw, option.fleet
    if fleet.nameplate_kw is None or not limit:
        return _unknown()
    kw = fleet.nameplate_kw / max(fleet.sites, 1)
    text = _("{kw} of {edge_site_power_kw} kW per site").format(
        kw=number(kw), edge_site_power_kw=number(limit)
    )
    return _rated(kw / limit, text)


def _fittings(fleet: Fleet, platform: Platform) -> Fittings:
    """What each rack holds beside servers, by what the fleet's figures count beyond them."""
    if not fleet.rack_count:
        return BARE
    servers = max(fleet.units_by_year, default=0)

    def beside(of_all: float | None, of_one: float | None) -> float:
        if of_all is None or of_one is None:
            return 0.0
        return (of_all - servers * of_one) / fleet.rack_count

    return Fittings(
        beside(fleet.nameplate_kw, platform.nameplate_kw),
        beside(fleet.weight_kg, platform.weight_kg),
    )


def _used(way: Layout, room: Room, site: Site) -> Iterator[Used]:
    """Every limit of a room that is known, with the servers spread in one way."""
    _planned, most = cooling.KW_PER_RACK.get(room.cooling, (0.0, 0.0))
    if way.kw is not None and room.rack_kw:
        yield way.kw / room.rack_kw, "rack"
    if way.kw is not None and most:
        yield way.kw / most, "heat"
    if way.nameplate_kw is not None and room.total_kw:
        yield way.nameplate_kw / room.total_kw, "total"
    if way.kg is not None and room.floor_load_kg_m2:
        yield way.kg / site.rack_footprint_m2 / room.floor_load_kg_m2, "floor"


def _told(way: Layout, limit: Limit, room: Room, site: Site) -> str:
    """What is used of a limit, in words."""
    if limit == "rack":
        return _("{per_rack} of {rack_kw} kW per rack").format(
            per_rack=number(way.kw or 0.0), rack_kw=number(room.rack_kw or 0.0)
        )
    if limit == "heat":
        _planned, most = cooling.KW_PER_RACK[room.cooling]
        return _("{per_rack} kW of heat per rack of the {most} that {cooling} carries").format(
            per_rack=number(way.kw or 0.0),
            most=number(most),
            cooling=_(cooling.NAMES[room.cooling]),
        )
    if limit == "total":
        return _("{nameplate_kw} of {total_kw} kW in total").format(
            nameplate_kw=number(way.nameplate_kw or 0.0), total_kw=number(room.total_kw or 0.0)
        )
    load = (way.kg or 0.0) / site.rack_footprint_m2
    return _("{load} of {limit} on the floor").format(
        load=number(read_as(load, "kg/m²")[0]),
        limit=measured(room.floor_load_kg_m2 or 0.0, "kg/m²"),
    )


def _score(share: float) -> float:
    return headroom_score(share, POWER_FULL_SHARE)


def _unknown() -> Rating:
    return not_known(
        "power_density",
        _("Not known: the site's limits or the hardware's power are missing."),
        _POWER_FORMULA,
    )


def _rated(share: float, text: str) -> Rating:
    return Rating(
        "power_density",
        _(LABELS["power_density"]),
        _score(share),
        f"{text} ({percent(share)}).",
        _(_POWER_FORMULA),
    )
