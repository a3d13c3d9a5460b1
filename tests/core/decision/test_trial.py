"""The length of a test: held against simulated tests, and by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.catalog.types import CloudOffer
from core.decision.trial import hours_of, rents, requests_for, requests_within
from core.recommendation import LatencyPoint, Serving, TrialRent
from tests.core.decision import builders as b


@pytest.mark.parametrize(("level", "sigma"), [(0.95, 0.5), (0.9, 0.8), (0.5, 0.4)])
def test_simulated_tests_of_that_length_keep_the_error(level: float, sigma: float) -> None:
    count = int(np.ceil(requests_within(sigma, level, 0.05, 0.9)))
    draws = np.random.default_rng(3).lognormal(0.0, sigma, (2000, count))
    true = np.exp(sigma * {0.95: 1.6449, 0.9: 1.2816, 0.5: 0.0}[level])
    found = np.quantile(draws, level, axis=1)
    kept = np.mean(np.abs(found / true - 1.0) <= 0.05)
    assert kept == pytest.approx(0.9, abs=0.03)


def serving_with(ratio: float) -> Serving:
    """P95 so many times the median of TTFT."""
    ttft = {"mean": 110.0, "p50": 100.0, "p90": 150.0, "p95": 100.0 * ratio, "p99": 400.0}
    point = LatencyPoint(1.0, ttft, ttft, ttft, ttft)
    return dataclasses.replace(b.serving(), at_peak=point)


def test_a_wider_spread_takes_more_requests_by_hand() -> None:
    # sigma = ln 3 / 1.645 = 0.668; (1.645 x 0.668 x sqrt(0.0475) / (0.05 x 0.1031))^2 = 2,158
    assert requests_for(serving_with(3.0), "p95") == 2200


def test_fifty_lie_beyond_the_percentile_at_the_least() -> None:
    narrow = serving_with(1.01)
    for percentile, least in (("p90", 500), ("p95", 1000), ("p99", 5000)):
        assert requests_for(narrow, percentile) == least
    unknown = dataclasses.replace(b.serving(), at_peak=None)
    assert requests_for(unknown, "p95") == 1000


def test_the_test_is_rented_on_the_cheapest_instance_that_holds_a_replica() -> None:
    """Hours by hand: 5 minutes to warm up, then what the requests take at one a second."""
    serving = dataclasses.replace(
        serving_with(1.5), accelerator_id="h100", accelerators_per_replica=4
    )
    hours = hours_of(serving, "p95")
    assert hours == pytest.approx((5 + max(30, requests_for(serving, "p95") / 60)) / 60)
    assert hours_of(dataclasses.replace(serving, accelerators_per_replica=0), "p95") is None
    dear = b.cloud_offer("USA")
    small = dataclasses.replace(dear, id="small", accelerator_count=2, on_demand_usd_h=9.0)
    other = dataclasses.replace(dear, id="other", accelerator_id="l4", on_demand_usd_h=1.0)
    cheap = dataclasses.replace(dear, id="cheap", instance="c4", on_demand_usd_h=20.0)

    def told(platform: str, *offers: CloudOffer) -> tuple[TrialRent, ...]:
        option = b.option(servings=(serving,), fleet=b.fleet(platform_id=platform))
        catalog = b.SmallCatalog(cloud_offers={o.id: o for o in offers})
        return rents(option, b.assessment(), catalog)

    (own,) = told("p5", dear, small, other, cheap)
    assert own.own and own.usd == pytest.approx(hours * 55.0) and own.source == b.SOURCE
    (found,) = told("server-8", dear, small, other, cheap)
    assert (found.own, found.usd_per_h) == (False, 20.0) and "c4" in found.instance
    assert found.usd == pytest.approx(hours * 20.0)
    assert told("server-8", small, other) == (), "none holds a replica: no price is known"
