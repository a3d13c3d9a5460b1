"""Servers in racks: the fewest racks that respect every limit, and which limit that is.

Units: kW of electrical power at nameplate, U of rack height, kg, kVA of apparent power.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Literal

import numpy as np

from core.catalog.types import Platform
from core.performance.types import Ints
from core.recommendation import Rack
from core.records import quickly_made

POWER_FACTOR = 0.95
BREAKER_SHARE = 0.8
"""Continuous load is kept at 80 % of a breaker (NEC 210.20, common practice elsewhere)."""
SWITCH_HEIGHT_U = 2.0
SWITCHES_PER_RACK = 2
"""One fails without the servers noticing; ``rack_switch_kw`` of the planning values is of both."""
UNPUBLISHED_PER_RACK = 8
"""Servers per rack where neither power, height nor weight is published (assumption)."""
RACKS_DETAILED = 60
"""The rack plan lists at most so many racks; the count covers all."""

Bound = Literal["power", "cooling", "height", "weight", "whole", "unpublished"]
"""What keeps another server out of a rack; ``whole``: it is sold as a rack."""


@dataclass(frozen=True, slots=True)
class Fittings:
    """What stands in every rack beside servers: the rack, its power strips, two switches."""

    kw: float = 0.0
    """Of the switches."""
    kg: float = 0.0


BARE = Fittings()


@dataclass(frozen=True, slots=True)
class RackLimits:
    """What one rack of a room takes, and how many there are; ``None`` is not known."""

    kw: float | None = None
    """Continuous load that its supply carries."""
    height_u: float = 42.0
    kg: float | None = None
    """Heaviest rack that the floor carries."""
    cooling_kw: float | None = None
    """Heat per rack for which the cooling is planned."""
    cooling_most_kw: float | None = None
    """Most heat per rack that the cooling carries."""
    racks: int | None = None
    fittings: Fittings = BARE


@quickly_made
@dataclass(frozen=True, slots=True)
class Fit:
    """Servers that one rack holds, and the limit that keeps the next one out."""

    servers: int
    bound: Bound
    cooling_kw: float | None = None
    """Heat of one rack that was allowed, where the cooling has a limit."""
    exceeded: bool = False
    """One server alone, which stands in a rack all the same, is beyond the limit already."""


@dataclass(frozen=True, slots=True)
class RackPlan:
    """Racks for a number of servers, and what they ask of the room."""

    racks: tuple[Rack, ...]
    count: int
    fit: Fit
    """Of one rack; the fullest one of the plan may hold fewer."""
    kw_per_rack: float | None
    height_u: float | None
    """Of all servers and switches."""
    weight_kg: float | None
    nameplate_kw: float | None
    feed_kva: float | None


def racks_for(units: Ints, per_rack: int) -> Ints:
    """Racks that hold so many servers, shape of ``units``."""
    return np.asarray(-(-units // per_rack), dtype=np.int64)


def beyond_free(racks: Ints, free: int | None, *, sold_whole: bool) -> Ints:
    """Racks to buy of so many that are needed, shape of ``racks``: those beyond the free ones.

    None where servers are ``sold_whole``, as a rack; all where nothing is known of free ones.
    """
    bought = np.maximum(racks - (free or 0), 0)
    return np.asarray(bought * (not sold_whole), dtype=np.int64)


def _fit(platform: Platform, limits: RackLimits, cooling_kw: float | None) -> Fit:
    """Servers by nameplate power, heat, height less 2 U for switches, and weight.

    At least one: a server that exceeds a limit still stands in a rack, and the gate says so.
    """
    if platform.kind == "rack":
        return Fit(1, "whole")
    found: list[tuple[int, Bound]] = []
    beside = limits.fittings
    kw, height, kg = platform.nameplate_kw, platform.height_u, platform.weight_kg
    if limits.kw and kw:
        found.append((int((limits.kw - beside.kw) / kw + 1e-9), "power"))
    if cooling_kw and kw:
        found.append((int((cooling_kw - beside.kw) / kw + 1e-9), "cooling"))
    if height:
        found.append((int((limits.height_u - SWITCH_HEIGHT_U) / height + 1e-9), "height"))
    if limits.kg and kg:
        found.append((int((limits.kg - beside.kg) / kg + 1e-9), "weight"))
    if not found:
        return Fit(UNPUBLISHED_PER_RACK, "unpublished")
    servers, bound = min(found, key=itemgetter(0))
    return Fit(max(1, servers), bound, cooling_kw, exceeded=servers < 1)


def planned_fit(platform: Platform, limits: RackLimits) -> Fit:
    """Servers in one rack at the heat for which the cooling is planned."""
    return _fit(platform, limits, limits.cooling_kw)


def fit_for(platform: Platform, servers: int, limits: RackLimits) -> Fit:
    """Servers in one rack of a fleet: at the planned heat, where the free racks suffice for that.

    Where they do not, racks are filled up to the most that the cooling carries, and the gate on
    cooling asks for a check.
    """
    planned = planned_fit(platform, limits)
    if limits.racks is None or -(-servers // planned.servers) <= limits.racks:
        return planned
    return _fit(platform, limits, limits.cooling_most_kw)


@quickly_made
@dataclass(frozen=True, slots=True)
class Layout:
    """Servers of one kind spread evenly over a number of racks; ``None`` is not published."""

    racks: int
    kw: float | None
    """Nameplate of the fullest rack, switches included."""
    kg: float | None
    """Of the fullest rack with what it holds beside servers."""
    nameplate_kw: float | None
    """Of all racks."""


def layouts(
    platform: Platform, servers: int, height_u: float, free: int | None, fittings: Fittings
) -> Iterator[Layout]:
    """The ways to spread a fleet over the racks of a room, from the widest to the tightest.

    Over no more racks than are ``free`` (``None``: as many as there are servers), with no more
    servers in one than its height holds. Power, heat and weight rule none out: how much of them
    each way takes is for the caller to judge. Where the free racks are too few for that height,
    all of them with the servers is the only way.
    """
    tallest = 1
    if platform.kind != "rack":  # a unit at least, where no height is published
        tallest = max(1, int((height_u - SWITCH_HEIGHT_U) / (platform.height_u or 1.0) + 1e-9))
    widest = max(1, servers if free is None else min(servers, free))
    kw, kg = platform.nameplate_kw, platform.weight_kg
    last, least = 0, -(-servers // widest)
    for most in range(least, max(least, min(tallest, servers)) + 1):
        racks = -(-servers // most)
        if racks == last:
            continue  # the same racks, filled less evenly
        last = racks
        yield Layout(
            racks=racks,
            kw=None if kw is None else most * kw + fittings.kw,
            kg=None if kg is None else most * kg + fittings.kg,
            nameplate_kw=None if kw is None else servers * kw + racks * fittings.kw,
        )


def plan_racks(platform: Platform, servers: int, limits: RackLimits) -> RackPlan:
    """As few racks as hold the servers, which are spread over them evenly.

    Racks sold whole have their switches inside: their ``limits`` have no fittings.
    """
    fit, beside = fit_for(platform, servers, limits), limits.fittings
    count = -(-servers // fit.servers)
    each, more = divmod(servers, count)
    kw, height, weight = platform.nameplate_kw, platform.height_u, platform.weight_kg
    network_u = 0.0 if platform.kind == "rack" else SWITCH_HEIGHT_U
    racks = []
    for number in range(min(count, RACKS_DETAILED)):
        here = each + (number < more)
        racks.append(
            Rack(
                number=number + 1,
                servers=((platform.title, height or 0.0, kw or 0.0),) * here,
                power_kw=here * (kw or 0.0) + beside.kw,
                limit_kw=limits.kw,
                height_u=here * (height or 0.0) + network_u,
                limit_u=float(limits.height_u),
                weight_kg=None if weight is None else here * weight + beside.kg,
            )
        )
    nameplate = None if kw is None else kw * servers + beside.kw * count
    return RackPlan(
        racks=tuple(racks),
        count=count,
        fit=fit,
        kw_per_rack=None if kw is None else kw * (each + bool(more)) + beside.kw,
        height_u=None if height is None else height * servers + network_u * count,
        weight_kg=None if weight is None else weight * servers + beside.kg * count,
        nameplate_kw=nameplate,
        feed_kva=feed_kva(nameplate),
    )


def feed_kva(nameplate_kw: float | None) -> float | None:
    """Apparent power each feed must offer: kW over power factor over the 80 % rule.

    With A and B feeds either must carry everything, so each needs this much.
    """
    return None if nameplate_kw is None else nameplate_kw / POWER_FACTOR / BREAKER_SHARE
