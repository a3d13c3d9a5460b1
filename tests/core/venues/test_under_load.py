"""Configurations under load that are kept, against those made anew."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.assess.costing import cost_options
from core.assessment import Assessment
from core.candidates import Candidates
from core.performance import engine
from core.performance import parameters as par
from core.venues.under_load import MOST_KEPT, chosen_rows
from tests.core.assess.cases import AS_OF, small_catalog


@pytest.fixture
def candidates() -> Candidates:
    run = cost_options(Assessment(), small_catalog(), AS_OF, lambda share, text: None, bare=True)
    return dataclasses.replace(run.study.candidates[0], chosen={})


def usable(candidates: Candidates, count: int) -> list[int]:
    return [int(row) for row in np.flatnonzero(candidates.usable)[:count]]


def test_what_is_kept_is_what_is_found_anew(candidates: Candidates) -> None:
    rows = usable(candidates, 3)
    top = candidates.capacities[min(candidates.capacities)].saturation_req_s[rows]
    asked, cvs = np.array([2, 0]), np.array([1.0, 1.5])
    for share in (0.4, 0.7, 0.4):
        loads = share * top[asked]
        found, latencies = chosen_rows(candidates, rows).at_loads(asked, loads, cvs)
        alone = engine.ready(candidates.table.take(np.array(rows)), candidates.demand.profile)
        other = alone.at_loads(asked, loads, cvs)
        assert found.power_w.tolist() == other.power_w.tolist()
        assert [ms[3] for ms in latencies.ttft_ms] == other.ttft_ms.p95.tolist()
    again, _latencies = chosen_rows(candidates, rows).at_loads(asked, 0.4 * top[asked], cvs)
    assert again is found  # asked before, and not worked out twice
    few, many = (chosen_rows(candidates, rows).roofs(np.full(3, n)) for n in (1.0, 8.0))
    assert few[0].points[0] == many[0].points[0]  # a lone prompt's prefill
    assert few[0].points[1].achieved_tflops < many[0].points[1].achieved_tflops


def test_other_performance_parameters_find_nothing_kept(candidates: Candidates) -> None:
    rows = usable(candidates, 2)
    stated = chosen_rows(candidates, rows)
    slower = dataclasses.replace(par.active(), common={**par.active().common, "step_ms": 50.0})
    with par.use(slower):
        other = chosen_rows(candidates, rows)
    assert other is not stated
    assert np.all(other.ready.queues.step_ms > stated.ready.queues.step_ms)
    assert chosen_rows(candidates, rows) is not other


def test_no_more_is_kept_than_a_few_runs_ask(candidates: Candidates) -> None:
    for row in usable(candidates, MOST_KEPT + 2):
        chosen = chosen_rows(candidates, [row])
        for load in np.linspace(0.01, 0.02, MOST_KEPT + 2):
            chosen.at_loads(np.array([0]), np.array([load]), np.array([1.0]))
        assert len(chosen._states) == MOST_KEPT
    assert len(candidates.chosen) == MOST_KEPT
