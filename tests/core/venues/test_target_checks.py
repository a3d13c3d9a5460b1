"""Latency targets against predictions: the 80 % interval stays where physics allows."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from core.assess import assess
from core.catalog.load import load_catalog
from core.interchange.document import load
from core.performance.types import Targets, Uncertainty
from core.recommendation import LatencyPoint
from core.venues.target_checks import target_checks, tightest

LEVELS = ("mean", "p50", "p90", "p95", "p99")


def _flat(value: float) -> dict[str, float]:
    return dict.fromkeys(LEVELS, value)


def _interval() -> tuple[Uncertainty, int]:
    metrics = ("ttft", "tpot", "e2e", "throughput", "power")
    low = {m: np.array([0.5]) for m in metrics}
    high = {m: np.array([2.0]) for m in metrics}
    names = np.array(["extrapolated"], dtype=object)
    return Uncertainty(names, names, low, high), 0


@pytest.mark.parametrize(
    ("floor", "expected"),
    [
        (10.0, 15.0),  # half of the prediction lies above what is possible
        (20.0, 20.0),  # it does not: the interval ends at the floor
        (40.0, 30.0),  # a floor above the prediction never turns the interval round
    ],
)
def test_no_interval_reaches_below_the_floor(floor, expected):
    point = LatencyPoint(1.0, _flat(300.0), _flat(30.0), _flat(3000.0), _flat(300.0))
    targets = Targets(tpot_ms=50.0, percentile="p95")
    (check,) = target_checks(targets, point, _interval(), {"tpot": floor})
    assert check.predicted_ms is not None
    assert check.predicted_ms.low == expected
    assert (check.predicted_ms.base, check.predicted_ms.high) == (30.0, 60.0)


def test_an_end_to_end_target_has_no_floor_of_its_own():
    point = LatencyPoint(1.0, _flat(300.0), _flat(30.0), _flat(3000.0), _flat(300.0))
    targets = Targets(e2e_ms=5000.0, percentile="p95")
    (check,) = target_checks(targets, point, _interval(), {"tpot": 20.0, "ttft": 290.0})
    assert check.predicted_ms is not None and check.predicted_ms.low == 1500.0


def test_the_tightest_target_is_that_of_which_most_is_taken() -> None:
    point = LatencyPoint(1.0, _flat(900.0), _flat(49.0), _flat(3000.0), _flat(950.0))
    assert tightest(Targets(ttft_ms=1000.0, tpot_ms=50.0, percentile="p95"), point) == "tpot"
    assert tightest(Targets(ttft_ms=910.0, tpot_ms=50.0, percentile="p95"), point) == "ttft"
    assert tightest(Targets(percentile="p95"), point) is None


def test_what_limits_a_full_replica_is_the_target_it_is_nearest_to() -> None:
    """The bank's replicas see calmer arrivals than one alone: TPOT binds them, not TTFT."""
    bank = load(Path(str(files("resources"))) / "examples" / "bank_chat.json")
    best = assess(bank, load_catalog(), as_of=date(2026, 11, 24)).options[0].servings[0]
    limits = {target.key: target.limit_ms for target in best.targets}
    full = best.curve[-1]
    taken = {key: getattr(full, f"{key}_ms")["p95"] / limit for key, limit in limits.items()}
    assert full.req_s == pytest.approx(best.capacity_req_s)
    assert taken[best.binding_target or ""] == max(taken.values()) == pytest.approx(1.0, abs=0.002)
