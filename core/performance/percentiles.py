"""Percentiles of a latency that is a skewed time plus, sometimes, a wait.

Every latency of a request is a *time* that all requests have, with a long right tail because
prompts and answers differ in length (a lognormal above a floor), plus a *wait* for a place that
some have (exponential, as in a queue with many servers).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from core.performance.types import Distribution, Floats, Percentile
from core.records import quickly_made

LEVELS: dict[Percentile, float] = {"p50": 0.50, "p90": 0.90, "p95": 0.95, "p99": 0.99}
_ATOMS = 9
_Z_ATOMS = np.array([NormalDist().inv_cdf((k + 0.5) / _ATOMS) for k in range(_ATOMS)])
_TAIL = (1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.319381530)
_ROOT_2_PI = math.sqrt(2.0 * math.pi)
_NEGLIGIBLE = 1e-2
"""A wait rarer than this share of the tail is left out of a percentile."""
_ROUNDS = 40
_EXACT = 1e-5
"""The search ends where the tail is within this share of the one wanted."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Latency:
    """A latency of n replicas, every array of shape (n,), milliseconds.

    ``floor`` + a lognormal with ``mean`` - ``floor`` and ``variance``; with ``wait_chance`` an
    exponential wait of ``wait_mean`` on top (``mean`` does not include it). No percentile exceeds
    ``ceiling``, where there is one.
    """

    floor: Floats
    mean: Floats
    variance: Floats
    wait_chance: Floats
    wait_mean: Floats
    ceiling: Floats | None = None


def normal_tail(z: Floats) -> Floats:
    """P(Z > z) of the standard normal; Abramowitz and Stegun 26.2.17, error below 1e-7."""
    t = 1.0 / (1.0 + 0.2316419 * np.abs(z))
    upper = t * _TAIL[0]  # Horner's scheme, in place: this is asked thousands of times
    for coefficient in _TAIL[1:]:
        upper += coefficient
        upper *= t
    upper *= np.exp(-0.5 * z * z)
    upper /= _ROOT_2_PI
    return np.where(z >= 0, upper, 1.0 - upper)


def _shape(latency: Latency) -> tuple[Floats, Floats]:
    """(mu, sigma) of the lognormal above the floor."""
    above = np.maximum(latency.mean - latency.floor, 1e-9)
    log_ratio = np.log1p(latency.variance / above**2)
    return np.log(above) - log_ratio / 2.0, np.sqrt(log_ratio)


def percentile(latency: Latency, level: float) -> Floats:
    """The time that a share ``level`` of requests stays below, shape (n,)."""
    return _percentile(latency, level, *_shape(latency))


def _percentile(latency: Latency, level: float, mu: Floats, sigma: Floats) -> Floats:
    """The same where the lognormal is known."""
    z = NormalDist().inv_cdf(level)
    found = latency.floor + np.exp(mu + z * sigma)
    waits = np.flatnonzero(latency.wait_chance > _NEGLIGIBLE * (1.0 - level))
    if len(waits):
        found[waits] = _with_wait(
            latency.floor[waits],
            mu[waits],
            sigma[waits],
            latency.wait_chance[waits],
            latency.wait_mean[waits],
            1.0 - level,
        )
    return found if latency.ceiling is None else np.minimum(found, latency.ceiling)


def percentiles_of(latencies: Sequence[Latency], level: float) -> Floats:
    """``percentile`` of several latencies of the same n replicas in one go, shape (k, n)."""
    if len(latencies) == 1:
        return percentile(latencies[0], level)[None, :]
    columns = ("floor", "mean", "variance", "wait_chance", "wait_mean")
    stacked = [np.concatenate([getattr(one, name) for one in latencies]) for name in columns]
    found = percentile(Latency(*stacked), level).reshape(len(latencies), -1)
    for row, one in zip(found, latencies, strict=True):
        if one.ceiling is not None:
            np.minimum(row, one.ceiling, out=row)
    return found


def _with_wait(
    floor: Floats, mu: Floats, sigma: Floats, chance: Floats, mean: Floats, above: float
) -> Floats:
    """Solve P(time + wait > t) = ``above`` for t.

    Lower bound: no wait. Upper: half of ``above`` each to time and wait (union bound). Between
    them regula falsi (Illinois variant) on the logarithm of the tail, which is nearly straight.
    """
    normal = NormalDist()
    atoms = np.exp(mu[:, None] + sigma[:, None] * _Z_ATOMS)
    rate, wide, soon = 1.0 / mean[:, None], np.maximum(sigma, 1e-9), 1.0 - chance

    def excess(t: Floats) -> Floats:
        """Logarithm of the tail beyond t over ``above``."""
        z = np.log(np.maximum(t, 1e-12))
        z -= mu
        z /= wide
        alone = normal_tail(z)
        waiting = atoms - t[:, None]
        waiting *= rate
        np.exp(np.minimum(waiting, 0.0, out=waiting), out=waiting)
        late: Floats = np.add.reduce(waiting, axis=1)
        late /= _ATOMS
        np.maximum(late, alone, out=late)
        late *= chance
        tail = soon * alone
        tail += late
        np.maximum(tail, 1e-300, out=tail)
        tail /= above
        return np.log(tail, out=tail)

    low = np.exp(mu + normal.inv_cdf(1.0 - above) * sigma)
    high = np.exp(mu + normal.inv_cdf(1.0 - above / 2.0) * sigma) + mean * np.log(
        np.maximum(2.0 * chance / above, 1.0)
    )
    high = np.maximum(high * (1 + 1e-9), low)
    over, under = excess(low), excess(high)
    was_over = np.zeros(len(low), dtype=bool)
    found = high
    for turn in range(_ROUNDS):
        share = over / np.maximum(over - under, 1e-12)
        share = np.minimum(np.maximum(share, 0.0, out=share), 1.0, out=share)
        found = low + (high - low) * share
        value = excess(found)
        if np.abs(value).max() < _EXACT:
            break
        is_over = value > 0
        again = (is_over == was_over) & (turn > 0)
        low, high = np.where(is_over, found, low), np.where(is_over, high, found)
        over = np.where(is_over, value, np.where(again, 0.5 * over, over))
        under = np.where(is_over, np.where(again, 0.5 * under, under), value)
        was_over = is_over
    return np.asarray(floor + found)


def distribution(latency: Latency) -> Distribution:
    """Mean and percentiles of a latency."""
    mu, sigma = _shape(latency)
    p50, p90, p95, p99 = (_percentile(latency, level, mu, sigma) for level in LEVELS.values())
    p90 = np.maximum(p90, p50)
    p95 = np.maximum(p95, p90)
    return Distribution(
        latency.mean + latency.wait_chance * latency.wait_mean, p50, p90, p95, np.maximum(p99, p95)
    )
