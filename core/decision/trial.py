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

from core.assessment import Assessment, Workload
from core.catalog.types import CloudOffer
from core.decision.facts import DecisionCatalog, instances_of
from core.notation import rounded
from core.recommendation import LatencyPoint, Option, Serving, TrialRent

WARM_UP_MINUTES, LEAST_MINUTES = 5, 30
"""Before measuring, and of measuring at the least (judgement)."""

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


def minutes_needed(serving: Serving, percentile: str) -> float:
    """Minutes until the requests that the percentile asks for have come to one replica."""
    rate = serving.at_peak.req_s if serving.at_peak is not None else 0.0
    return requests_for(serving, percentile) / rate / 60.0 if rate > 0 else 0.0


def hours_of(serving: Serving, percentile: str) -> float | None:
    """Hours that the test holds one replica; ``None`` where no replica or its load is known."""
    if not serving.accelerators_per_replica or serving.at_peak is None:
        return None
    measured = max(float(LEAST_MINUTES), minutes_needed(serving, percentile))
    return (WARM_UP_MINUTES + measured) / 60.0


def workload_of(assessment: Assessment, serving: Serving) -> Workload | None:
    """The workload of a serving; a site or a part of it may have been added to its name."""
    known = {workload.name: workload for workload in assessment.workloads}
    if serving.workload in known:
        return known[serving.workload]
    return next((w for name, w in known.items() if serving.workload.startswith(name)), None)


def rents(
    option: Option, assessment: Assessment, catalog: DecisionCatalog
) -> tuple[TrialRent, ...]:
    """What renting the machine of each workload's test costs, at the list price on demand.

    The option's own instance where it is rented, else the cheapest single instance with the same
    accelerator and as many as a replica takes. A workload for which none is known is left out.
    """
    own = instances_of(option, catalog)
    found = []
    for serving in option.servings:
        workload = workload_of(assessment, serving)
        hours = hours_of(serving, "p95" if workload is None else workload.targets.percentile)
        fitting = [o for o in catalog.cloud_offers.values() if _holds(o, serving)]
        if hours is None or not fitting:
            continue
        offer = own if own in fitting else min(fitting, key=lambda o: (o.on_demand_usd_h, o.id))
        found.append(
            TrialRent(
                serving.workload,
                f"{offer.provider} {offer.instance} ({offer.region_code})",
                offer is own,
                hours,
                offer.on_demand_usd_h,
                hours * offer.on_demand_usd_h,
                offer.provenance,
            )
        )
    return tuple(found)


def _holds(offer: CloudOffer, serving: Serving) -> bool:
    """Whether one such instance takes a replica."""
    same = offer.accelerator_id == serving.accelerator_id
    return same and offer.accelerator_count >= serving.accelerators_per_replica


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
