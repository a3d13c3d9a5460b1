"""Separate pools as a tuning lever: computed for the winner's own case, said with its numbers."""

from __future__ import annotations

import dataclasses
import math
import re

import pytest

from core.analysis import disaggregated, tuning
from core.candidates import Policy
from core.recommendation import LeverEffect, Recommendation
from tests.core.assess.cases import run, small_catalog


@pytest.fixture(scope="module")
def answer() -> Recommendation:
    return run(site__venues=("on_premises",), workload__targets__ttft_ms=2000.0)


@pytest.fixture(scope="module")
def lever(answer: Recommendation) -> LeverEffect:
    found = {effect.key: effect for effect in tuning.levers(answer, small_catalog())}
    return found[tuning.DISAGGREGATION]


def test_the_lever_is_computed_without_a_cost(lever: LeverEffect) -> None:
    assert lever.ttft_change is not None and -1.0 < lever.ttft_change < 2.0
    assert lever.tpot_change is not None and -1.0 < lever.tpot_change < 2.0
    assert lever.cost_change is None and "cost is not computed" in lever.note
    assert not lever.in_use and lever.note.startswith("Not in use. Prefill replicas of")


def test_the_hardware_told_carries_the_peak(answer: Recommendation, lever: LeverEffect) -> None:
    """Accelerators at the peak are at least those that the told rate per accelerator takes."""
    assert answer.winner is not None
    (serving,) = answer.winner.servings
    rate, together, needed, now = (
        float(x)
        for x in re.findall(
            r"serve ([\d.]+) requests/s .* together ([\d.]+); .* takes (\d+) .* instead of (\d+)",
            lever.note,
        )[0]
    )
    assert serving.capacity_req_s is not None
    assert together == pytest.approx(
        serving.capacity_req_s / serving.accelerators_per_replica, rel=0.01
    )
    assert now == max(serving.replicas_by_year) * serving.accelerators_per_replica
    peak = max(serving.peak_req_s_by_year)
    assert needed >= math.ceil(peak / rate * 0.8)


def test_it_is_not_possible_where_no_configuration_is_known(answer: Recommendation) -> None:
    assert answer.winner is not None
    case = tuning._case(answer, small_catalog(), answer.winner)
    study = case.study(answer.assessment, Policy())
    (serving,) = answer.winner.servings
    elsewhere = dataclasses.replace(serving, accelerator_id="no-such-card")
    option = dataclasses.replace(answer.winner, servings=(elsewhere,))
    assert disaggregated.effect(study, option, 8) is None
    unable = dataclasses.replace(serving, capacity_req_s=0.0)
    option = dataclasses.replace(answer.winner, servings=(unable,))
    assert disaggregated.effect(study, option, 8) is None
