"""The loads that a report names for work that can wait follow from each other, step by step."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.charts import Chart, chart
from core.recommendation import Recommendation
from core.report.brief import Brief
from core.report.content import Para, Table
from core.report.sections import load_steps, performance, proof_of_concept
from core.report.sections import risks as risk_section
from tests.core.assess.cases import run


def night(**changes: object) -> Recommendation:
    """Ten hours a night at 11 requests a second, done within ten hours, 25 % more each year."""
    return run(
        workload__traffic_entry="requests",
        workload__peak_requests_per_s=11.0,
        workload__traffic_shape="batch_overnight",
        workload__batchable_share=1.0,
        workload__growth_per_year=0.25,
        workload__targets__ttft_ms=None,
        workload__targets__tpot_ms=None,
        workload__targets__e2e_ms=36_000_000.0,
        economics__horizon_years=3,
        **changes,
    )


def steps(answer: Recommendation) -> list[tuple[str, float]]:
    (demand,) = answer.demand
    (table,) = load_steps.blocks(Brief(answer), demand)
    assert isinstance(table, Table)
    return [(str(row[0]), float(str(row[1]))) for row in table.rows]


def test_each_load_by_hand() -> None:
    """110 request-hours per second a night; with nine hours of waiting, 19 hours to do them in."""
    answer = night(site__venues=("gpu_cloud", "public_cloud"))
    told = steps(answer)
    planned = 11 * 10 / (10 + 9)
    by_hand = [11, 11 * 10 / 24, planned, planned * 1.25**2]
    assert [value for _label, value in told[:4]] == pytest.approx(by_hand, rel=0.005)
    assert answer.winner is not None
    (serving,) = answer.winner.servings
    assert serving.waiting is not None and serving.waiting.own_instances and serving.capacity_req_s
    # 15 % of the work is repeated, and the replicas that are told carry both.
    done, with_repeated = told[4][1], told[5][1]
    assert with_repeated == pytest.approx(1.15 * done, rel=0.01)
    busy = with_repeated / serving.capacity_req_s
    assert busy <= serving.replicas_by_year[0] * 1.005 < busy + 8  # instances have up to eight


def test_a_standing_fleet_runs_it_as_it_comes_in() -> None:
    answer = night(site__venues=("on_premises",), site__total_power_kw=100.0, site__racks=10)
    told = steps(answer)
    assert len(told) == 5
    # never more than comes in, never less than the plan asks for
    assert told[2][1] <= told[4][1] <= told[0][1]


def test_work_that_cannot_wait_has_no_steps() -> None:
    answer = run()
    (demand,) = answer.demand
    assert not list(load_steps.blocks(Brief(answer), demand))


def test_the_week_is_drawn_as_it_comes_in_and_as_it_is_served() -> None:
    """Ten hours at 11, the rest nothing; what is served is as much, at other hours."""
    answer = night(site__venues=("gpu_cloud",))
    drawn = chart("weekly_load", answer, answer.winner)
    assert isinstance(drawn, Chart)
    _hour, served, asked = (
        np.array(column, dtype=float) for column in zip(*drawn.rows, strict=True)
    )
    assert sorted(set(asked.round(9))) == [0.0, 11.0] and (asked > 0).sum() == 70
    assert served.sum() == pytest.approx(70 * 11.0)
    assert not np.allclose(served, asked)


def test_a_planned_wait_is_no_criterion_of_a_short_test_but_the_work_done_is() -> None:
    answer = night(site__venues=("gpu_cloud",))
    assert answer.winner is not None
    (serving,) = answer.winner.servings
    (check,) = serving.targets
    assert check.waiting_ms > 0.0
    blocks = list(proof_of_concept.blocks(Brief(answer), answer.winner))
    (criteria,) = [b for b in blocks if isinstance(b, Table) and "Pass criteria" in str(b.caption)]
    names = [str(row[0]) for row in criteria.rows]
    assert names == ["Completed requests per second, one replica", "Failed requests"]
    spread = serving.throughput_interval
    assert serving.capacity_req_s and spread is not None
    assert criteria.rows[0][1] == f"≥ {serving.capacity_req_s:.3g}"
    least, most = str(criteria.rows[0][3]).split(" and ")
    assert float(least) == pytest.approx(serving.capacity_req_s * spread.low, rel=0.005)
    assert float(most) == pytest.approx(serving.capacity_req_s * spread.high, rel=0.005)
    # at random arrivals of just that rate it would be missed every other time
    (settings,) = [b for b in blocks if isinstance(b, Table) and b.columns[0].title == "Test"]
    rows = dict(settings.rows)
    assert rows["Load"] == (
        f"{serving.max_concurrency:,} requests at once; as one ends, the next begins"
    )
    assert "Arrivals" not in rows
    intro = next(str(b.text) for b in blocks if isinstance(b, Para))
    assert "a queue that is never empty" in intro and "by the clock" not in intro
    told = risk_section._performance(answer.winner)
    assert "from the work's turn on" in told and "planned to wait" in told


def test_a_planned_wait_is_told_at_both_ends_where_servers_stand_there() -> None:
    answer = night(site__venues=("gpu_cloud",))
    assert answer.winner is not None
    (serving,) = answer.winner.servings
    (rented,) = performance._plan(serving)
    assert "instance-hours" in str(rented.text)
    assert serving.waiting is not None
    stands = dataclasses.replace(serving.waiting, own_instances=False, ends_h=(1.0, 9.25))
    (owned,) = performance._plan(dataclasses.replace(serving, waiting=stands))
    assert "it waits 1.0 to 9.2 h" in str(owned.text) and "instance-hours" not in str(owned.text)
