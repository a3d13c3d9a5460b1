"""A replica as a queue: how many requests are inside, and how long an arrival waits.

A serving replica works on all its requests at once, each a little: a processor-sharing queue whose
total rate depends on how many are inside. Its state is that number, a birth-death chain. Replacing
the replica by its closed-loop throughput at each number is the flow-equivalent server of queueing
networks [1]; for Poisson arrivals the distribution does not depend on the shape of the service time
[2]. Bursty arrivals come as clumps of geometric size, for which the chain still has a product form:

    S(n) = S(n-1) (q + (1 - q) load / rate(n)),

S being the distribution that an *arrival* sees and q the share of arrivals that are followed by
another of the same clump. At ``limit`` requests inside, further ones wait in order; beyond it S
falls geometrically.

[1] Chandy, Herzog, Woo, "Parametric analysis of queuing networks", IBM J. Res. Dev. 19 (1975).
[2] Baskett, Chandy, Muntz, Palacios, J. ACM 22 (1975); Kelly, "Reversibility and Stochastic
    Networks" (1979).
[3] Takacs, "Introduction to the Theory of Queues" (1962); peakedness: Eckberg, ITC 10 (1983).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.performance.types import Floats

_Z95 = 1.6448536269514722
DENSE_LEVELS = 16
"""Numbers of requests up to here are states of their own; above, states are spaced by ratio."""
LEVEL_RATIO = 1.11
_WIDE = 128
"""With so many replicas it is quicker to add level by level than row by row."""
_UNLIKELY = 700.0
"""exp of more would overflow: so rare that it never happens."""


def lognormal_sigma(mean: float, p95: float) -> float:
    """Sigma of the lognormal distribution with this mean and 95th percentile.

    From p95 / mean = exp(1.645 sigma - sigma^2 / 2). No lognormal has a p95 above 3.87 means: such
    a pair gets the widest one; a p95 below the mean gets 0 (all requests alike).
    """
    if mean <= 0 or p95 <= mean:
        return 0.0
    inside = _Z95**2 - 2.0 * math.log(p95 / mean)
    return _Z95 - math.sqrt(max(inside, 0.0))


def overlap(sigma: float) -> float:
    """E[min(X, Y)] / E[X] of two independent lognormal lengths: 1 if all alike, 1/2 if exponential.

    One minus the Gini coefficient. It decides how much of a clump is still inside together.
    """
    return math.erfc(sigma / 2.0)


def squared_cv(sigma: float) -> float:
    """Squared coefficient of variation of a lognormal distribution."""
    return math.expm1(sigma**2)


def clump_mates(arrival_cv: float | Floats, window: Floats) -> Floats:
    """Arrivals of a Gamma stream expected soon after an arrival, shape of ``window``.

    Within a time that averages ``window`` mean gaps (exponential): f / (1 - f) with f the Laplace
    transform of the gap at rate 1 / window. Poisson: exactly ``window``; long windows:
    window + (cv^2 - 1) / 2.
    """
    cv2 = np.square(np.maximum(arrival_cv, 0.05))
    gaps = np.log1p(cv2 / np.maximum(window, 1e-12)) / cv2  # -log f
    return np.asarray(1.0 / np.expm1(np.minimum(gaps, _UNLIKELY)))


def clump_chance(arrival_cv: float | Floats, kept: float, stay: Floats) -> Floats:
    """Chance q that an arrival is followed by another of its clump, shape of ``stay``.

    ``stay``: mean time inside, in mean gaps. Clumps are as large as makes an arrival find as many
    others inside as in a GI/M/infinity queue [3]: 1 + mates - stay, the peakedness; ``kept``
    corrects it for service times that are not exponential (1/2), as their overlap does in the
    heavy-traffic limit. Streams more regular than Poisson count as Poisson (pessimistic).
    """
    mates = clump_mates(arrival_cv, stay) - stay
    size = 1.0 + np.maximum(mates, 0.0) * 2.0 * kept
    return np.asarray(1.0 - 1.0 / size)


def wait_spread(arrival_cv: float | Floats, service_cv2: float, use: Floats) -> Floats:
    """Wait for a place over that of the memoryless queue, at ``use`` of saturation.

    (cv_arrivals^2 + cv_service^2) / 2 (Allen and Cunneen), for bursts in light traffic with half
    of the exponent that Kraemer and Langenbach-Belz (1976) found for one server: simulation of
    16 to 256 places lies between none and all of it.
    """
    cv2 = np.square(arrival_cv)
    plain = (cv2 + service_cv2) / 2.0
    light = 0.5 * (1.0 - use) * np.maximum(cv2 - 1.0, 0.0) / (cv2 + 4.0 * service_cv2 + 1e-12)
    return np.asarray(np.maximum(plain, 0.05) * np.exp(-light))


def levels_up_to(limit: float) -> Floats:
    """Numbers of requests used as states: 0 to 16, then spaced by ratio, until one >= ``limit``.

    One fixed sequence, so that a replica's result does not depend on what else is in a table.
    """
    levels = [0.0, 1.0]
    while levels[-1] < limit:
        far = round(levels[-1] * LEVEL_RATIO) if levels[-1] >= DENSE_LEVELS else 0
        levels.append(max(levels[-1] + 1.0, float(far)))
    return np.array(levels)


@dataclass(frozen=True, slots=True)
class Chain:
    """The states of n replicas: levels (n, m), clipped at each one's limit, and sum weights.

    ``after`` and ``before`` (n, m - 1) sum a function over the integers of a gap from its two ends
    (trapezium rule; exact where the gap is 1, nothing where it is 0).
    """

    levels: Floats
    before: Floats
    after: Floats
    weights: Floats
    """Weight of each level in a sum over 0 .. limit - 1."""


def chain(levels: Floats, limit: Floats) -> Chain:
    """States of replicas with these limits; ``levels`` (m,) must reach the largest of them."""
    clipped = np.minimum(levels[None, :], limit[:, None])
    gaps = np.diff(clipped, axis=1)
    there = gaps > 0
    after = np.where(there, (gaps + 1.0) / 2.0, 0.0)
    before = np.where(there, (gaps - 1.0) / 2.0, 0.0)
    weights = np.zeros_like(clipped)
    weights[:, :-1] += after
    weights[:, 1:] += before
    return Chain(*map(np.asfortranarray, (clipped, before, after, weights)))


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Who is inside, at one load per replica; ``seen`` and ``wait_chance`` sum to 1."""

    seen: Floats
    """Chance that an arrival finds about this many inside and starts at once, shape (n, m)."""
    wait_chance: Floats
    """Chance that an arrival has to wait for a place, shape (n,)."""
    wait_mean: Floats
    """Mean wait of those that have to, in units of 1 / rate, shape (n,)."""
    present: Floats
    """Weights of the number in service as a request meets it during its service, shape (n, m)."""


def _summed_up(grown: Floats) -> Floats:
    """Running sums over the states, from 0."""
    n, m = grown.shape
    found = np.zeros((n, m + 1), order="F")
    if n < _WIDE:
        np.add.accumulate(grown, axis=1, out=found[:, 1:])
        return found
    columns, steps = found.T, grown.T
    for k in range(m):
        np.add(columns[k], steps[k], out=columns[k + 1])
    return found


def occupancy(
    chain_: Chain,
    rate: Floats,
    load: Floats,
    follow: Floats,
    spread: Floats,
) -> Occupancy:
    """Solve the chain at loads (n,) below each replica's top rate.

    ``rate`` (n, m): completions per unit of time with that many inside, its first column unused;
    ``follow`` (n,): chance q of the clumps; ``spread`` (n,): ``wait_spread``.
    """
    top = rate[:, -1]
    levels, after, before = chain_.levels, chain_.after, chain_.before
    alone = (load * (1.0 - follow))[:, None]
    step = alone / rate[:, 1:]
    step += follow[:, None]
    log_step = np.log(step)
    grown = after * log_step
    grown[:, 1:] += before[:, 1:] * log_step[:, :-1]
    log_seen = _summed_up(grown)
    log_seen -= np.maximum.reduce(log_seen, axis=1, keepdims=True)
    seen = np.exp(log_seen, out=log_seen)
    at_limit = seen[:, -1].copy()
    busy = np.minimum(load / top, 1.0 - 1e-12)
    fall = np.where(spread >= 1.0, 1.0 - (1.0 - busy) / spread, busy ** (1.0 / spread))
    tail = at_limit / (1.0 - fall)
    # a request in service meets n with weight n p(n), and p(n) = load_of_clumps S(n-1) / rate(n)
    last = levels[:, -1] * (at_limit / step[:, -1] + tail) / top
    seen *= chain_.weights
    step *= rate[:, 1:]
    present = np.zeros(rate.shape, order="F")
    np.divide(seen[:, 1:], step, out=present[:, 1:])
    present *= levels
    present[:, -1] += last
    present *= (1.0 / np.maximum(np.add.reduce(present, axis=1), 1e-300))[:, None]
    share = 1.0 / (np.add.reduce(seen, axis=1) + tail)
    seen *= share[:, None]
    return Occupancy(seen, tail * share, 1.0 / (top * (1.0 - fall)), present)
