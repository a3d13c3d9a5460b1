"""Own servers in racks: how many racks they take, and what the racks add in power and weight."""

from __future__ import annotations

import numpy as np

from core.catalog.types import Platform
from core.performance.types import Floats, Ints
from core.recommendation import Venue
from core.venues.energy import Draw
from core.venues.sizing import (
    BARE,
    Fittings,
    RackPlan,
    plan_racks,
    racks_for,
    servers_in_one_rack,
    servers_per_rack,
)
from core.venues.study import Study

RACK_FOOTPRINT_M2 = 1.2


def rack_limit_kg(study: Study) -> float | None:
    """Heaviest rack that the floor of the own room carries; ``None`` where its limit is unknown."""
    limit = study.assessment.site.floor_load_kg_m2
    return None if limit is None else limit * RACK_FOOTPRINT_M2


def fittings_of(study: Study, platform: Platform) -> Fittings:
    """What a rack holds beside servers; nothing where the platform comes as a rack."""
    return BARE if platform.kind == "rack" else study.fittings


def _room(
    study: Study, platform: Platform, venue: Venue
) -> tuple[float | None, float, float | None, int | None, Fittings]:
    """What a rack of the own room or of a colocation hall takes, how many there are, and fittings.

    In the order in which ``plan_racks`` and ``servers_per_rack`` ask for them.
    """
    site, fittings = study.assessment.site, fittings_of(study, platform)
    if venue == "on_premises":
        limit_kg = rack_limit_kg(study)
        return site.rack_power_kw, site.rack_height_u, limit_kg, site.racks, fittings
    return site.colocation_rack_kw, site.rack_height_u, None, None, fittings


def rack_plan(study: Study, platform: Platform, servers: int, venue: Venue) -> RackPlan:
    """Racks for so many servers in the own room, or in a colocation hall."""
    return plan_racks(platform, servers, *_room(study, platform, venue))


def racks_by_year(study: Study, platform: Platform, units: Ints, venue: Venue) -> Ints:
    """Racks in use each year, filled as in the plan of the largest, shape (years,)."""
    per_rack = servers_per_rack(platform, int(units.max()), *_room(study, platform, venue))
    return racks_for(units, per_rack)


def fewest_racks(study: Study, platform: Platform, units: Ints) -> Ints:
    """Racks that the own room needs at least, shape of ``units``."""
    limit_kw, height_u, limit_kg, _racks, fittings = _room(study, platform, "on_premises")
    per_rack = servers_in_one_rack(platform, limit_kw, height_u, limit_kg, fittings)
    return racks_for(units, per_rack)


def nameplate_kw(study: Study, platform: Platform, units: Ints, venue: Venue) -> Floats:
    """Nameplate of servers and switches in each year, shape (years,); 0 of servers if unknown."""
    servers = units * (platform.nameplate_kw or 0.0)
    switches = racks_by_year(study, platform, units, venue) * fittings_of(study, platform).kw
    return np.asarray(servers + switches)


def with_switches(
    draw: Draw | None, study: Study, platform: Platform, units: Ints, venue: Venue
) -> Draw | None:
    """A fleet's draw with the switches of its racks, which run at their nameplate all the time."""
    kw = fittings_of(study, platform).kw
    if draw is None or not kw:
        return draw
    racks = racks_by_year(study, platform, units, venue)
    return Draw(draw.kw_by_hour + racks[:, None] * kw, draw.next_kw_by_hour)
