"""What a fleet asks of its building: power feeds, heat, air, liquid, floor, and what to order.

Everything follows from the fleet's nameplate and the inputs of the site; nothing is priced here
that the bill does not price.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.assessment.site import Site
from core.economics.assumptions import DEFAULTS
from core.recommendation import CostLine, Fleet, Option
from core.venues.racks import beyond_free, feed_kva
from core.venues.supply import breaker_a, current_a

AIR_KG_M3 = 1.2
"""Density at 20 °C and sea level; a tenth less per 1,000 m of height."""
AIR_KJ_KG_K = 1.006
WATER_KG_L = 0.994
WATER_KJ_KG_K = 4.18
"""Of water at 35 °C; glycol mixtures carry about a tenth less."""
BTU_H_PER_KW = 3412.14
RECOMMENDED_AIR_C = (18.0, 27.0)
DENSE_AIR_C = (18.0, 22.0)
AIR_SOURCE = "ASHRAE TC 9.9, 2021"
"""Inlet air recommended for classes A1 to A4, and for H1, dense air-cooled products."""
LIQUID_CLASSES = ("W17", "W27", "W32", "W40", "W45")
"""ASHRAE classes of liquid, named after the warmest supply in °C."""


@dataclass(frozen=True, slots=True)
class Needs:
    """One place where machines stand: a rack, an edge site, or all racks. ``None`` is unknown."""

    heat_kw: float | None
    air_m3_h: float | None
    """Air-cooled servers in racks: supply air that takes all heat at the rise assumed."""
    liquid_l_min: float | None
    """Liquid-cooled servers: flow that takes all heat at the rise assumed, hence the most."""
    current_a: float | None
    """On each feed, at nameplate; either feed carries everything."""
    breaker_a: int | None
    feed_kva: float | None


def air_m3_h(heat_kw: float, rise_k: float) -> float:
    """Air that carries a heat flow away: V = Q / (ρ c ΔT), m³/h."""
    return 3600.0 * heat_kw / (AIR_KG_M3 * AIR_KJ_KG_K * rise_k)


def liquid_l_min(heat_kw: float, rise_k: float) -> float:
    """Water that carries a heat flow away: V = Q / (ρ c ΔT), litres per minute."""
    return 60.0 * heat_kw / (WATER_KG_L * WATER_KJ_KG_K * rise_k)


def needs(fleet: Fleet, heat_kw: float | None) -> Needs:
    """What a part of a fleet with this nameplate needs."""
    air = liquid = current = None
    breaker = None
    if heat_kw is not None and fleet.cooling == "liquid":
        liquid = liquid_l_min(heat_kw, DEFAULTS["liquid_rise_k"].base)
    elif heat_kw is not None and fleet.cooling and fleet.rack_count:
        air = air_m3_h(heat_kw, DEFAULTS["air_rise_k"].base)
    if heat_kw is not None and fleet.supply is not None:
        current = current_a(heat_kw, fleet.supply)
        breaker = breaker_a(heat_kw, fleet.supply)
    return Needs(heat_kw, air, liquid, current, breaker, feed_kva(heat_kw))


def of_one(fleet: Fleet) -> Needs:
    """What the fullest rack needs, or one edge site where there are no racks."""
    if fleet.rack_count:
        return needs(fleet, fleet.kw_per_rack)
    kw = fleet.nameplate_kw
    return needs(fleet, None if kw is None else kw / max(fleet.sites, 1))


def per_site(fleet: Fleet, total: float | None) -> float | None:
    """Each edge site's part of a power or weight; ``None`` at a single place or in racks.

    All sites have the same boxes and, as planned, the same load.
    """
    if total is None or fleet.sites <= 1 or fleet.rack_count:
        return None
    return total / fleet.sites


def of_all(fleet: Fleet) -> Needs:
    """What all racks or sites need together."""
    return needs(fleet, fleet.nameplate_kw)


def floor_kg_m2(fleet: Fleet, site: Site) -> float | None:
    """Load of the heaviest rack on the floor under it; ``None`` where a weight is not known."""
    weights = [rack.weight_kg for rack in fleet.racks]
    known = [kg for kg in weights if kg is not None]
    return max(known) / site.rack_footprint_m2 if known and len(known) == len(weights) else None


@dataclass(frozen=True, slots=True)
class Network:
    """Ports, cables and what they plug into; counts at the largest year."""

    switches: int
    data_ports: int
    management_ports: int

    @property
    def cables(self) -> int:
        """One for each port of a server."""
        return self.data_ports + self.management_ports


def network(fleet: Fleet) -> Network:
    """Of the servers of a fleet: one port of each for management, the others for data.

    At an edge site the box has one port for both, on the switch that the site has.
    """
    servers = max(fleet.units_by_year, default=0)
    if not fleet.rack_count:
        return Network(0, fleet.network_ports, 0)
    return Network(fleet.switches, fleet.network_ports - servers, servers)


def power_strips(fleet: Fleet, site: Site) -> int:
    """Rack power distribution units: one for each feed of each rack."""
    return fleet.rack_count * (2 if site.redundant_feeds else 1)


def colocated(option: Option) -> bool:
    """Whether its own servers stand in a rented hall."""
    return option.venue == "colocation" or option.id.startswith("hybrid/colocation/")


def racks_to_buy(option: Option, site: Site) -> int | None:
    """Racks beyond the free ones of the own room; ``None`` where the hall provides them."""
    fleet = option.fleet
    if colocated(option) or fleet.unit == "racks":
        return None
    return int(beyond_free(np.array(fleet.rack_count), site.racks, sold_whole=False))


def sources(fleet: Fleet) -> tuple[str, ...]:
    """What the figures of air and liquid rest on; nothing for hardware outside server rooms."""
    if not fleet.rack_count:
        return ()
    if fleet.cooling == "liquid":
        return (DEFAULTS["liquid_rise_k"].provenance.source,)
    return (AIR_SOURCE, DEFAULTS["air_rise_k"].provenance.source)


def line(option: Option, *keys: str) -> CostLine | None:
    """The first cost line with one of some keys."""
    lines = option.cost.lines if option.cost else ()
    return next((x for key in keys for x in lines if x.key == key), None)
