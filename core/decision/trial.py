"""How many requests a test must serve before its percentile says something.

The sample quantile at level p of n independent values has the standard error
``sqrt(p (1 - p) / n) / f(q)``, with f the density there. Latencies are taken as lognormal through
the predicted median and the percentile that is judged, so relative to the quantile the error is
``sigma sqrt(p (1 - p) / n) / phi(z_p)``. Requests that queue together are not independent: what
is told is the least that a test needs.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from core.notation import rounded
from core.recommendation import LatencyPoint, Serving

WITHIN = 0.05
"""Relative error of the percentile that a test may leave."""
CONFIDENCE = 0.9
"""Share of tests that keep it."""
BEYOND = 50
"""Requests that must lie beyond the percentile at the least."""
LEVELS = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
_NORMAL = NormalDist()


def requests_for(serving: Serving, percentile: str) -> int:
    """Completed requests after which every target's percentile is known within ``WITHIN``.

    From the predicted latencies in the busiest hour; where nothing is predicted, by ``BEYOND``
    alone. ``percentile`` is a key of ``LEVELS``. Rounded up to two figures.
    """
    level = LEVELS[percentile]
    count = BEYOND / (1.0 - level)
    for check in serving.targets:
        sigma = _sigma(serving.at_peak, check.key)
        count = max(count, requests_within(sigma, level, WITHIN, CONFIDENCE))
    return round(rounded(count, up=True, digits=2))


def requests_within(sigma: float, level: float, within: float, confidence: float) -> float:
    """Independent requests that give a lognormal's quantile within a relative error."""
    z = _NORMAL.inv_cdf(0.5 + confidence / 2.0)
    density = _NORMAL.pdf(_NORMAL.inv_cdf(level))
    return (z * sigma * math.sqrt(level * (1.0 - level)) / (within * density)) ** 2


def _sigma(point: LatencyPoint | None, key: str) -> float:
    """Spread of a latency's logarithm, from its median to its 95th percentile."""
    if point is None:
        return 0.0
    values: dict[str, float] = getattr(point, f"{key}_ms")
    middle, high = values["p50"], values["p95"]
    if not 0.0 < middle < high or not math.isfinite(high):
        return 0.0
    return math.log(high / middle) / _NORMAL.inv_cdf(0.95)
