"""From peak load to replicas, whole servers, spares, racks and feeds.

Units: kW of electrical power at nameplate, U of rack height, kVA of apparent power.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.catalog.types import Platform
from core.hours import HOURS_PER_YEAR
from core.notation import local
from core.performance.splitting import SplitCapacity
from core.performance.types import Floats, Ints
from core.recommendation import Rack
from core.words import _

POWER_FACTOR = 0.95
BREAKER_SHARE = 0.8
"""Continuous load is kept at 80 % of a breaker (NEC 210.20, common practice elsewhere)."""
SWITCH_HEIGHT_U = 2.0


@dataclass(frozen=True, slots=True)
class Fittings:
    """What stands in every rack beside servers: the rack, its power strips, two switches."""

    kw: float = 0.0
    """Of the switches."""
    kg: float = 0.0


BARE = Fittings()
RACKS_DETAILED = 60
"""The rack plan lists at most so many racks; the count covers all."""


def replicas_for(
    load_req_s: Floats, capacity: SplitCapacity, headroom: float, least: int | Ints = 1
) -> Ints:
    """Fewest replicas that together carry ``load`` with planning headroom, at least ``least``.

    Shape of the load, (h,) or any; of rows of capacities (n,) for loads (h,): (n, h).
    """
    wanted = np.ceil(capacity.replicas(load_req_s * (1.0 + headroom)) - 1e-9)
    return np.maximum(wanted, least).astype(np.int64)


def servers_for(pools: Sequence[tuple[Ints, int]], per_server: int) -> Ints:
    """Servers that hold every pool of (replicas, accelerators per replica), shape of replicas.

    Larger replicas are placed first; what is left over in a server takes smaller ones. Exact
    where sizes divide each other (1, 2, 4, 8 on 8), first-fit decreasing otherwise.
    """
    if all(per_server % size == 0 for _, size in pools) and _chain([s for _, s in pools]):
        needed = sum(replicas * size for replicas, size in pools)
        return np.asarray(-(-np.asarray(needed) // per_server), dtype=np.int64)
    shape = np.shape(pools[0][0])
    flat = [(np.ravel(replicas), size) for replicas, size in pools]
    sizes = [size for _, size in pools]
    counts = [
        _first_fit(tuple(zip(needed, sizes, strict=True)), per_server)
        for needed in zip(*(r.tolist() for r, _ in flat), strict=True)
    ]
    return np.asarray(counts, dtype=np.int64).reshape(shape)


def filled(
    replicas: Sequence[Ints], sizes: Sequence[int], units: Ints, per_unit: int
) -> tuple[Ints, ...]:
    """Replicas of each pool when all accelerators of the units serve, never fewer than given.

    Accelerators that are paid for and would idle take further replicas, in proportion. Where
    sizes do not divide each other nothing is added: it might not fit.
    """
    if not (all(per_unit % size == 0 for size in sizes) and _chain(list(sizes))):
        return tuple(replicas)
    taken = np.maximum(sum(r * size for r, size in zip(replicas, sizes, strict=True)), 1)
    return tuple(np.maximum(r * units * per_unit // taken, r) for r in replicas)


def _chain(sizes: list[int]) -> bool:
    ordered = sorted(set(sizes))
    return all(b % a == 0 for a, b in itertools.pairwise(ordered))


@lru_cache(maxsize=16_384)
def _first_fit(pools: tuple[tuple[int, int], ...], per_server: int) -> int:
    free: dict[int, int] = {}  # free accelerators -> servers with exactly that many free
    servers = 0
    for replicas, size in sorted(pools, key=lambda pool: -pool[1]):
        left = replicas
        for room in sorted((r for r in free if r >= size), reverse=True):
            fit, available = room // size, free.pop(room)
            used = min(available, -(-left // fit))
            if used < available:
                free[room] = available - used
            if used:
                last = left - (used - 1) * fit
                placed = min(left, used * fit)
                full = used - (1 if last < fit else 0)
                free[room - fit * size] = free.get(room - fit * size, 0) + full
                if full < used:
                    free[room - last * size] = free.get(room - last * size, 0) + 1
                left -= placed
            if not left:
                break
        if left:
            fit = per_server // size
            new = -(-left // fit)
            servers += new
            last = left - (new - 1) * fit
            free[per_server - fit * size] = free.get(per_server - fit * size, 0) + new - 1
            free[per_server - last * size] = free.get(per_server - last * size, 0) + 1
    return servers


def unit_unavailability(failures_per_year: float, repair_hours: float) -> float:
    """Share of time one server is down: mean repair time over mean cycle time."""
    down = failures_per_year * repair_hours / HOURS_PER_YEAR
    return down / (1.0 + down)


@lru_cache(maxsize=16_384)
def fleet_availability(needed: int, spares: int, unavailability: float) -> float:
    """Probability that at least ``needed`` of ``needed + spares`` independent servers are up."""
    total, up = needed + spares, 1.0 - unavailability
    if unavailability <= 0:
        return 1.0
    # P(at most `spares` down): the binomial term of exactly `spares`, by logarithms so that large
    # fleets do not underflow, and those below it by their ratios, as far down as they count
    at_most = (
        math.lgamma(total + 1)
        - math.lgamma(spares + 1)
        - math.lgamma(needed + 1)
        + spares * math.log(unavailability)
        + needed * math.log(up)
    )
    deviation = math.sqrt(total * unavailability * up)
    count = min(spares, max(int(spares - total * unavailability + 12.0 * deviation), 0) + 20)
    k = np.arange(spares, spares - count, -1, dtype=np.float64)
    ratios = np.cumsum(np.log(k / (total - k + 1.0) * (up / unavailability)))
    return min(math.exp(at_most) + math.fsum(np.exp(at_most + ratios).tolist()), 1.0)


@lru_cache(maxsize=4096)
def spares_for(needed: int, unavailability: float, availability: float) -> int:
    """Fewest spare servers with which the peak is served with probability ``availability``."""
    if needed <= 0:
        return 0
    # availability is at least one half, so the spares are at least about the mean number down
    least = max(0, int(needed * unavailability / (1.0 - unavailability)) - 2)
    most, step = least, 1
    while fleet_availability(needed, most, unavailability) < availability:
        least, most, step = most + 1, most + step, 2 * step
    while least < most:
        middle = (least + most) // 2
        if fleet_availability(needed, middle, unavailability) < availability:
            least = middle + 1
        else:
            most = middle
    return most


def kw_of_fullest_rack(
    platform: Platform,
    servers: int,
    limit_kw: float | None,
    rack_height_u: float,
    fittings: Fittings = BARE,
) -> float:
    """Nameplate kW of the fullest rack where floor load sets no limit; 0 where unknown."""
    per_rack = servers_in_one_rack(platform, limit_kw, rack_height_u, None, fittings)
    return (platform.nameplate_kw or 0.0) * min(per_rack, servers) + fittings.kw


def span(units: Ints) -> str:
    """Units from the first to the largest year: ``7``, or ``7 to 15``."""
    first, most = int(units[0]), int(units.max())
    if first == most:
        return local(f"{first:,}")
    return _("{low} to {high}").format(low=local(f"{first:,}"), high=local(f"{most:,}"))


@dataclass(frozen=True, slots=True)
class RackPlan:
    """Racks for a number of servers, and what they ask of the room."""

    racks: tuple[Rack, ...]
    count: int
    servers_per_rack: int
    kw_per_rack: float | None
    height_u: float | None
    weight_kg: float | None
    nameplate_kw: float | None
    feed_kva: float | None


def racks_for(units: Ints, per_rack: int) -> Ints:
    """Racks that hold so many servers, shape of ``units``."""
    return np.asarray(-(-units // per_rack), dtype=np.int64)


def servers_in_one_rack(
    platform: Platform,
    limit_kw: float | None,
    rack_height_u: float,
    limit_kg: float | None,
    fittings: Fittings = BARE,
) -> int:
    """Servers that fit one rack by nameplate power, height less 2 U for switches, weight.

    At least one: a server that exceeds a limit still stands in a rack, and the gate says so.
    """
    fits = [10_000]
    if platform.kind == "rack":
        return 1
    if limit_kw and platform.nameplate_kw:
        fits.append(int((limit_kw - fittings.kw) / platform.nameplate_kw + 1e-9))
    if platform.height_u:
        fits.append(int((rack_height_u - SWITCH_HEIGHT_U) / platform.height_u + 1e-9))
    if limit_kg and platform.weight_kg:
        fits.append(int((limit_kg - fittings.kg) / platform.weight_kg + 1e-9))
    if len(fits) == 1:
        return 8
    return max(1, min(fits))


def servers_per_rack(
    platform: Platform,
    servers: int,
    limit_kw: float | None,
    rack_height_u: float,
    limit_kg: float | None,
    available: int | None = None,
    fittings: Fittings = BARE,
) -> int:
    """Servers in the fullest rack: spread over those ``available``, else as many as fit."""
    per_rack = servers_in_one_rack(platform, limit_kw, rack_height_u, limit_kg, fittings)
    if available:
        per_rack = min(per_rack, max(1, -(-servers // available)))
    return per_rack


def plan_racks(
    platform: Platform,
    servers: int,
    limit_kw: float | None,
    rack_height_u: float,
    limit_kg: float | None,
    available: int | None = None,
    fittings: Fittings = BARE,
) -> RackPlan:
    """Spread servers over the racks that are ``available``, else over as few as hold them.

    ``limit_kg`` is the heaviest rack the floor carries. Racks sold whole have their ``fittings``
    inside.
    """
    if platform.kind == "rack":
        fittings = BARE
    per_rack = servers_per_rack(
        platform, servers, limit_kw, rack_height_u, limit_kg, available, fittings
    )
    count = -(-servers // per_rack)
    kw, height, weight = platform.nameplate_kw, platform.height_u, platform.weight_kg
    racks = []
    for number in range(min(count, RACKS_DETAILED)):
        here = min(per_rack, servers - number * per_rack)
        racks.append(
            Rack(
                number=number + 1,
                servers=((platform.name, height or 0.0, kw or 0.0),) * here,
                power_kw=here * (kw or 0.0) + fittings.kw,
                limit_kw=limit_kw,
                height_u=here * (height or 0.0)
                + (0.0 if platform.kind == "rack" else SWITCH_HEIGHT_U),
                limit_u=float(rack_height_u),
                weight_kg=None if weight is None else here * weight + fittings.kg,
            )
        )
    fullest = min(per_rack, servers)
    nameplate = None if kw is None else kw * servers + fittings.kw * count
    return RackPlan(
        racks=tuple(racks),
        count=count,
        servers_per_rack=per_rack,
        kw_per_rack=None if kw is None else kw * fullest + fittings.kw,
        height_u=None if height is None else height * servers,
        weight_kg=None if weight is None else weight * servers + fittings.kg * count,
        nameplate_kw=nameplate,
        feed_kva=feed_kva(nameplate),
    )


def feed_kva(nameplate_kw: float | None) -> float | None:
    """Apparent power each feed must offer: kW over power factor over the 80 % rule.

    With A and B feeds either must carry everything, so each needs this much.
    """
    return None if nameplate_kw is None else nameplate_kw / POWER_FACTOR / BREAKER_SHARE
