"""Own servers in racks: how many racks they take, and what the racks add in power and weight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.catalog.types import Platform
from core.notation import local
from core.performance.types import Floats, Ints
from core.recommendation import Venue
from core.records import changed
from core.units import read_as
from core.venues import cooling
from core.venues.energy import Draw
from core.venues.racks import (
    BARE,
    SWITCH_HEIGHT_U,
    UNPUBLISHED_PER_RACK,
    Fittings,
    RackLimits,
    RackPlan,
    fit_for,
    plan_racks,
    planned_fit,
    racks_for,
)
from core.venues.study import Study
from core.words import _


def fittings_of(study: Study, platform: Platform) -> Fittings:
    """What a rack holds beside servers; nothing where the platform comes as a rack."""
    return BARE if platform.kind == "rack" else study.fittings


def limits_of(study: Study, platform: Platform, venue: Venue) -> RackLimits:
    """What a rack of the own room, or of a colocation hall, takes."""
    own = venue == "on_premises"
    limits = study.room_racks if own else study.hall_racks
    return changed(limits, fittings=BARE) if platform.kind == "rack" else limits


def rack_plan(study: Study, platform: Platform, servers: int, venue: Venue) -> RackPlan:
    """Racks for so many servers in the own room, or in a colocation hall."""
    return plan_racks(platform, servers, limits_of(study, platform, venue))


def why_so_many(study: Study, plan: RackPlan, venue: Venue) -> str:
    """What the number of racks follows from, as a sentence."""
    site, own = study.assessment.site, venue == "on_premises"
    servers, bound = plan.fit.servers, plan.fit.bound
    if bound == "whole":
        return _("It is sold as complete racks.")
    if bound == "unpublished":
        return _(
            "{n} servers per rack are assumed: neither their power, height nor weight is published."
        ).format(n=UNPUBLISHED_PER_RACK)
    if bound == "power":
        kw = (site.rack_power_kw if own else site.colocation_rack_kw) or 0.0
        limit = _("its power ({kw} kW)").format(kw=local(f"{kw:g}"))
    elif bound == "cooling":
        name = site.cooling if own else site.colocation_cooling
        planned, _most = cooling.KW_PER_RACK[name]
        kw = plan.fit.cooling_kw or planned
        text = (
            _("the cooling, {name} (planned for {kw} kW per rack)")
            if kw <= planned
            else _("the cooling, {name} ({kw} kW per rack at most, more than is planned for)")
        )
        limit = text.format(name=_(cooling.NAMES[name]), kw=local(f"{kw:g}"))
    elif bound == "height":
        limit = _("its height ({u} U, {switches} of them for switches)").format(
            u=site.rack_height_u, switches=local(f"{SWITCH_HEIGHT_U:g}")
        )
    else:
        load, unit = read_as(site.floor_load_kg_m2 or 0.0, "kg/m²")
        area, area_unit = read_as(site.rack_footprint_m2, "m²")
        limit = _("the floor ({load} {unit} on {area} {area_unit})").format(
            load=local(f"{load:,.0f}"),
            unit=unit,
            area=local(f"{area:.3g}"),
            area_unit=area_unit,
        )
    if plan.fit.exceeded:
        return _("One such server alone exceeds {limit}; a rack is counted for each.").format(
            limit=limit
        )
    if servers == 1:
        return _("A rack holds one such server; a second one would exceed {limit}.").format(
            limit=limit
        )
    return _("A rack holds up to {n} such servers; the limit is {limit}.").format(
        n=servers, limit=limit
    )


@dataclass(frozen=True, slots=True)
class Racked:
    """Own servers in the racks of the own room or of a hall, arrays of shape (years,)."""

    racks: Ints
    """In use, filled as those of the largest year."""
    kw: Floats
    """Nameplate of servers and switches; 0 of servers where it is not known."""


def racked(study: Study, platform: Platform, units: Ints, venue: Venue) -> Racked:
    """So many servers of each year, shape (years,), in racks.

    The bill, the power and the lead time ask alike: worked out once.
    """
    question = (platform.id, venue, units.tobytes())
    if question not in study.racked:
        limits = limits_of(study, platform, venue)
        racks = racks_for(units, fit_for(platform, int(units.max()), limits).servers)
        servers = units * (platform.nameplate_kw or 0.0)
        study.racked[question] = Racked(racks, servers + racks * limits.fittings.kw)
    found: Racked = study.racked[question]
    return found


def fewest_racks(study: Study, platform: Platform, units: Ints) -> Ints:
    """Racks of the own room that each of some numbers of servers needs, shape of ``units``."""
    limits = limits_of(study, platform, "on_premises")
    planned = racks_for(units, planned_fit(platform, limits).servers)
    if limits.racks is None or int(planned.max(initial=0)) <= limits.racks:
        return planned
    filled = racks_for(units, fit_for(platform, int(units.max()), limits).servers)
    return np.asarray(np.where(planned <= limits.racks, planned, filled))


def extra_kw(study: Study, platform: Platform, units: Ints) -> Floats:
    """Nameplate beyond the own room's spare power in each year, shape (years,).

    Switches included; nothing where the servers' or the spare power is not known.
    """
    spare = study.assessment.site.total_power_kw
    if spare is None or platform.nameplate_kw is None:
        return np.zeros(len(units))
    return np.maximum(racked(study, platform, units, "on_premises").kw - spare, 0.0)


def with_switches(
    draw: Draw | None, study: Study, platform: Platform, units: Ints, venue: Venue
) -> Draw | None:
    """A fleet's draw with the switches of its racks, which run at their nameplate all the time."""
    kw = fittings_of(study, platform).kw
    if draw is None or not kw:
        return draw
    racks = racked(study, platform, units, venue).racks
    return Draw(draw.kw_by_hour + racks[:, None] * kw, draw.next_kw_by_hour)
