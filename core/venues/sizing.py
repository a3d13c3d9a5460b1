"""From peak load to replicas, whole servers and spares."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from core.hours import HOURS_PER_YEAR
from core.notation import local
from core.performance.splitting import SplitCapacity
from core.performance.types import Floats, Ints
from core.words import _

NEARLY_NORMAL = 1000.0
"""Standard deviation of the number of failed servers from which on single ones are not counted:
their shares of a probability are below 0.0004, and nothing is left of the digits of factorials."""

TABLED = 30.0
"""Standard deviation from which on the probabilities of all numbers that fail are worked out at
once, where many of them are asked for: adding each up by itself takes minutes."""

MANY_DOWN = 200.0
"""Own servers down on average from which on not every number of them is looked at."""


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

    Accelerators that are paid for and would idle take further replicas, in proportion; what whole
    replicas leave of that goes to the largest remainders. Where sizes do not divide each other
    nothing is added: it might not fit.
    """
    if not (all(per_unit % size == 0 for size in sizes) and _chain(list(sizes))):
        return tuple(replicas)
    there = units * per_unit
    taken = np.maximum(sum(r * size for r, size in zip(replicas, sizes, strict=True)), 1)
    held = [np.maximum(r * there // taken, r) for r in replicas]
    left = there - sum(r * size for r, size in zip(held, sizes, strict=True))
    if len(sizes) > 1 and (left >= min(sizes)).any():
        _hand_out(held, left, sizes, [r * there % taken for r in replicas])
    return tuple(held)


def _hand_out(held: list[Ints], left: Ints, sizes: Sequence[int], remainders: list[Ints]) -> None:
    """Add a replica to each pool in the order of remainders where it fits, then what still fits."""
    share, size = np.stack(remainders), np.array(sizes)
    waiting = share.copy()
    for _turn in sizes:
        fits = (waiting > 0) & (size.reshape(-1, *(1 for _axis in left.shape)) <= left)
        first = np.where(fits, waiting, 0).argmax(axis=0)
        for i, replicas in enumerate(held):
            given = (first == i) & fits[i]
            replicas += given
            left = left - size[i] * given
            waiting[i][given] = 0
    for i, replicas in enumerate(held):
        more = np.where(share[i] > 0, left // size[i], 0)
        replicas += more
        left = left - size[i] * more


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
    mean, deviation = total * unavailability, math.sqrt(total * unavailability * up)
    if spares > mean + 40.0 * (deviation + 1.0):
        return 1.0  # to the last digit, and without adding up millions of terms
    if deviation > NEARLY_NORMAL:
        return _nearly_normal((spares + 0.5 - mean) / deviation, (up - unavailability) / deviation)
    # P(at most `spares` down): the binomial term of exactly `spares`, by logarithms so that large
    # fleets do not underflow, and those below it by their ratios, as far down as they count
    at_most = (
        math.lgamma(total + 1)
        - math.lgamma(spares + 1)
        - math.lgamma(needed + 1)
        + spares * math.log(unavailability)
        + needed * math.log(up)
    )
    count = min(spares, max(int(spares - mean + 12.0 * deviation), 0) + 20)
    k = np.arange(spares, spares - count, -1, dtype=np.float64)
    ratios = np.cumsum(np.log(k / (total - k + 1.0) * (up / unavailability)))
    return min(math.exp(at_most) + math.fsum(np.exp(at_most + ratios).tolist()), 1.0)


def _nearly_normal(z: float, skewness: float) -> float:
    """P(at most ``z`` deviations above the mean): Edgeworth's series to its first term."""
    normal = NormalDist()
    return min(max(normal.cdf(z) - normal.pdf(z) * skewness * (z * z - 1.0) / 6.0, 0.0), 1.0)


@lru_cache(maxsize=4096)
def spares_for(needed: int, unavailability: float, availability: float) -> int:
    """Fewest spare servers with which the peak is served with probability ``availability``."""
    if needed <= 0:
        return 0
    # availability is at least one half, so the spares are at least about the mean number down
    least = max(0, int(needed * unavailability / (1.0 - unavailability)) - 2)
    return _fewest(
        lambda spares: fleet_availability(needed, spares, unavailability) >= availability, least
    )


def _fewest(enough: Callable[[int], bool], least: int) -> int:
    """The smallest number from ``least`` on that is enough; every larger one is."""
    most, step = least, 1
    while not enough(most):
        least, most, step = most + 1, most + step, 2 * step
    return bisect_left(range(least, most), True, key=enough) + least


@dataclass(frozen=True, slots=True)
class OwnPart:
    """Own servers whose load goes to rented instances when they fail."""

    servers: int
    spares: int
    """Of these, more than the load takes."""
    unavailability: float
    """Share of time in which one is down and not replaced yet."""
    each: float
    """Instances that do what one of them does."""


def joint_availability(own: OwnPart, needed: int, spares: int, unavailability: float) -> float:
    """Probability that ``spares`` instances are enough for what failed of own servers and rented.

    ``needed`` instances and the spares fail as well, each independently; beyond the own spares each
    own server that is down takes ``each`` instances.
    """
    total, down = needed + spares, own.unavailability
    mean = own.servers * down
    if mean > MANY_DOWN:  # sums of many: nearly normal
        parts = ((own.each, own.servers, down), (1.0, total, unavailability))
        variance = sum(w**2 * n * u * (1.0 - u) for w, n, u in parts)
        third = sum(w**3 * n * u * (1.0 - u) * (1.0 - 2.0 * u) for w, n, u in parts)
        room = spares + 0.5 + own.each * own.spares - sum(w * n * u for w, n, u in parts)
        return _nearly_normal(room / math.sqrt(variance), third / variance**1.5)
    deviation = math.sqrt(total * unavailability * (1.0 - unavailability))
    counted = TABLED < deviation <= NEARLY_NORMAL
    table = _failures_up_to(total, unavailability) if counted else None
    found = 0.0
    for failed in range(own.servers + 1):
        free = spares - math.ceil(own.each * max(failed - own.spares, 0) - 1e-9)
        if free < 0 or failed > mean + 12.0 * math.sqrt(mean) + 20.0:
            break
        found += _binomial(own.servers, failed, down) * (
            fleet_availability(total - free, free, unavailability)
            if table is None
            else table.at_most(free)
        )
    return min(found, 1.0)


@dataclass(frozen=True, slots=True)
class _FailuresUpTo:
    """Probabilities that at most so many are down, from ``first`` on; 0 before, 1 beyond."""

    first: int
    cumulative: Floats

    def at_most(self, down: int) -> float:
        place = down - self.first
        if place < 0:
            return 0.0
        return float(self.cumulative[min(place, len(self.cumulative) - 1)])


@lru_cache(maxsize=16)
def _failures_up_to(total: int, unavailability: float) -> _FailuresUpTo:
    """All of them for one fleet, by the ratios of neighbouring binomial terms."""
    up, mean = 1.0 - unavailability, total * unavailability
    reach = 12.0 * math.sqrt(mean * up) + 20.0
    first, last = max(0, int(mean - reach)), min(total, int(mean + reach))
    k = np.arange(first + 1, last + 1, dtype=np.float64)
    ratios = np.cumsum(np.log((total - k + 1.0) / k * (unavailability / up)))
    terms = np.exp(_log_binomial(total, first, unavailability) + np.append(0.0, ratios))
    summed = np.cumsum(terms)
    # they are all there is: what the logarithms of large factorials lose is a common factor
    return _FailuresUpTo(first, summed / summed[-1])


def joint_spares(own: OwnPart, needed: int, unavailability: float, availability: float) -> int:
    """Fewest spare instances with which the peak is served with probability ``availability``."""
    return _fewest(
        lambda spares: joint_availability(own, needed, spares, unavailability) >= availability, 0
    )


def under_repair(servers: int, unavailability: float, availability: float) -> int:
    """Most servers that are down at once, but for the share 1 - ``availability`` of the time."""
    return bisect_left(
        range(servers),
        True,
        key=lambda down: fleet_availability(servers - down, down, unavailability) >= availability,
    )


def _binomial(count: int, failed: int, unavailability: float) -> float:
    """Probability that exactly so many of ``count`` are down, by logarithms."""
    if unavailability <= 0.0:
        return float(failed == 0)
    return math.exp(_log_binomial(count, failed, unavailability))


def _log_binomial(count: int, failed: int, unavailability: float) -> float:
    ways = math.lgamma(count + 1) - math.lgamma(failed + 1) - math.lgamma(count - failed + 1)
    return ways + failed * math.log(unavailability) + (count - failed) * math.log1p(-unavailability)


@lru_cache(maxsize=4096)
def stock_for(failures: float, availability: float) -> int:
    """Fewest spares in store with which a failed box finds one with probability ``availability``.

    ``failures`` are those expected while one box is away for repair; their number is Poisson's
    (independent failures of many boxes; Feeney and Sherbrooke, 1966, base stock by Palm's
    theorem).
    """
    if failures <= 0.0:
        return 0
    deviation = math.sqrt(failures)
    if deviation > NEARLY_NORMAL:  # Cornish and Fisher, as far as the skewness
        z = NormalDist().inv_cdf(availability)
        return math.ceil(failures + deviation * z + (z * z - 1.0) / 6.0 - 0.5)
    # of many, those twelve deviations below the mean are never all that is needed
    stock = max(0, int(failures - 12.0 * deviation))
    term = total = math.exp(stock * math.log(failures) - failures - math.lgamma(stock + 1))
    while total < availability:
        stock += 1
        term *= failures / stock
        total += term
    return stock


def span(units: Ints) -> str:
    """Units from the first to the largest year: ``7``, or ``7 to 15``."""
    first, most = int(units[0]), int(units.max())
    if first == most:
        return local(f"{first:,}")
    return _("{low} to {high}").format(low=local(f"{first:,}"), high=local(f"{most:,}"))
