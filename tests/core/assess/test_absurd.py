"""Demand that nobody has: an answer that says so, and no nonsense."""

from __future__ import annotations

import pytest

from core.decision.verdicts import failures
from tests.core.assess.cases import every, not_finite, run

EVERYBODY = {"workload__users": 1_000_000_000, "workload__growth_per_year": 0.0}
MANY = {"workload__users": 100_000_000, "workload__growth_per_year": 0.0}


def test_the_nearest_option_for_everybody_can_hold_the_model_and_has_a_price() -> None:
    result = run(site__venues=("on_premises",), site__total_power_kw=60.0, **EVERYBODY)
    assert result.winner is None
    nearest = result.rejected[0]
    assert nearest.cost is not None
    failed = {gate.key for gate in failures(nearest.gates)}
    assert failed and not failed & {"memory", "venue"}
    assert nearest.title in result.headline
    assert list(not_finite(result)) == []


@pytest.mark.parametrize("users", [30_000_000, 100_000_000, 5_000_000_000])
def test_what_can_never_be_delivered_is_refused_though_no_date_is_set(users: int) -> None:
    """20 servers a week, 60 at most: so many are not installed within the four years compared."""
    result = run(workload__users=users)
    assert list(not_finite(result)) == []
    slow = 0
    for option in every(result):
        weeks = option.weeks_to_deploy
        if weeks is None or weeks.low <= 4 * 365 / 7:
            continue
        late = next(gate for gate in failures(option.gates) if gate.key == "lead_time")
        assert "longer than the 4 years compared" in late.message
        slow += 1
    assert slow


def test_rented_capacity_for_many_is_called_what_it_is() -> None:
    result = run(site__venues=("public_cloud", "gpu_cloud"), **MANY)
    assert result.winner is not None
    assert result.winner.fleet.accelerators > 10_000
    assert "more than list prices" in result.risks[0]
    assert f"up to {max(result.winner.fleet.units_by_year):,} x" in result.winner.title
    assert list(not_finite(result)) == []


@pytest.mark.parametrize("load", [1e-9, 1.0, 1e6])
def test_a_model_that_does_not_fit_stands_behind_those_that_hold_it(load: float) -> None:
    result = run(workload__traffic_entry="requests", workload__peak_requests_per_s=load,
                 site__venues=("on_premises",))  # fmt: skip  # one call a line
    order = [
        any(gate.key == "memory" and gate.status == "fail" for gate in option.gates)
        for option in result.rejected
        if option.venue == "on_premises"
    ]
    assert order == sorted(order)
    assert every(result)
