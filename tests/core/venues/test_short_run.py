"""What the next tokens cost, and the cost curve of a fleet that stays, against whole re-runs."""

from __future__ import annotations

import pytest

from core.recommendation import Cost, Option, Recommendation
from tests.core.assess.cases import run


def answer(users: int) -> Recommendation:
    return run(site__venues=("on_premises",), workload__users=users, workload__growth_per_year=0.0)


def cost_of(option: Option | None) -> Cost:
    assert option is not None and option.cost is not None
    return option.cost


def test_the_next_tokens_cost_what_a_little_more_demand_adds() -> None:
    """One per cent more users on the same servers, the whole pipeline run again."""
    now, more = answer(2000), answer(2020)
    assert now.winner is not None
    one, other = cost_of(now.winner), cost_of(more.option(now.winner.id))
    assert more.option(now.winner.id).fleet.units_by_year == now.winner.fleet.units_by_year
    tokens = one.npv_usd / one.usd_per_mtok.base
    added = (other.npv_usd - one.npv_usd) / (0.01 * tokens)
    assert one.usd_per_mtok_short_run == pytest.approx(added, rel=0.02)
    # Idle and spare servers draw on: far below the whole electricity bill per token.
    electricity = sum(x.present_value_usd for x in one.lines if x.kind == "energy") / tokens
    assert one.usd_per_mtok_short_run is not None
    assert 0 < one.usd_per_mtok_short_run < 0.5 * electricity
    # A further server is dearer than the next tokens on those that stand there.
    assert one.usd_per_mtok_next_server is not None
    assert one.usd_per_mtok_short_run < one.usd_per_mtok_next_server < one.usd_per_mtok.base


def test_the_curve_goes_through_what_other_demands_cost() -> None:
    now, more = answer(2200), answer(3000)
    assert now.winner is not None and now.winner.fleet.utilisation is not None
    curve = dict(now.cost_against_utilisation)
    used = now.winner.fleet.utilisation
    assert curve[used] == pytest.approx(cost_of(now.winner).usd_per_mtok.base)
    other = more.option(now.winner.id)
    assert other.fleet.units_by_year == now.winner.fleet.units_by_year
    served = [o.servings[0].configuration for o in (now.winner, other)]
    assert served[0] == served[1]  # a share of the capacity of the same
    again = dict(more.cost_against_utilisation)
    for level in (0.1, 0.2, 0.5):  # the same fleet, whatever the demand it was drawn for
        assert curve[level] == pytest.approx(again[level], rel=1e-3)


def test_a_fleet_paid_by_the_hour_alone_has_no_curve() -> None:
    hourly = run(
        site__venues=("gpu_cloud",),
        economics__commitment="on_demand",
        workload__growth_per_year=0.0,
    )
    keys = {line.key for line in cost_of(hourly.winner).lines}
    assert "cloud_on_demand" in keys and "cloud_committed" not in keys
    assert hourly.cost_against_utilisation == ()
