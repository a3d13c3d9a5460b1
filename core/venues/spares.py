"""How many units fail at once, and the spares that an availability asks for."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from core.hours import HOURS_PER_YEAR
from core.performance.types import Floats

NEARLY_NORMAL = 1000.0
"""Standard deviation of the number of failed servers from which on single ones are not counted:
their shares of a probability are below 0.0004, and nothing is left of the digits of factorials."""


TABLED = 30.0
"""Standard deviation from which on the probabilities of all numbers that fail are worked out at
once, where many of them are asked for: adding each up by itself takes minutes."""


MANY_DOWN = 200.0
"""Own servers down on average from which on not every number of them is looked at."""


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
