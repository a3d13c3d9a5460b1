"""A bursty stream shared by replicas: each sees less of the bursts, and carries more."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from core.performance import engine
from core.performance.splitting import SplitCapacity, computed_counts, split_cv
from tests.benchmarks.bench_candidates import CHAT, TARGETS, chat_table
from tests.core.performance.simulation import SCENARIOS, predicted, simulated, thinned_gaps

MEAN, _P50, _P90, P95, _P99 = range(5)


@pytest.mark.parametrize("replicas", [1, 2, 4, 8])
def test_a_thinned_stream_has_the_burstiness_of_the_formula(replicas):
    """By hand for CV 3: 9, 5, 3 and 2 squared; and as drawn."""
    by_hand = {1: 9.0, 2: 5.0, 4: 3.0, 8: 2.0}[replicas]
    assert split_cv(3.0, np.array(replicas)) ** 2 == pytest.approx(by_hand)
    gaps = thinned_gaps(np.random.default_rng(5), 3.0, 1.0, 200_000, replicas)
    assert gaps.mean() == pytest.approx(1.0, rel=0.03)
    assert np.square(gaps.std() / gaps.mean()) == pytest.approx(by_hand, rel=0.05)


def test_what_is_calm_stays_as_it_is():
    assert split_cv(1.0, np.array([1, 9])).tolist() == [1.0, 1.0]
    assert split_cv(0.5, np.array([1, 9])).tolist() == [0.5, 0.5]
    assert computed_counts(1.0) == computed_counts(0.5) == (1.0,)
    assert computed_counts(3.0) == (1.0, 2.0, 4.0, 8.0, math.inf)


@pytest.mark.parametrize("replicas", [1, 2, 4, 8])
def test_a_replica_of_a_fleet_agrees_with_simulation(replicas):
    """The engine knows the fleet only by its CV; the simulation plays the thinned stream."""
    machine, profile, _weight = SCENARIOS["chat"]
    whole = dataclasses.replace(profile, arrival_cv=3.0)
    seen = dataclasses.replace(profile, arrival_cv=float(split_cv(3.0, np.array(replicas))))
    truth = simulated(machine, whole, 0.5, 20_000, replicas=replicas)
    model = predicted(machine, seen, 0.5)
    for metric, most in (("ttft", 0.30), ("tpot", 0.15), ("e2e", 0.12)):
        error = model[metric] / truth[metric] - 1.0
        assert abs(error[MEAN]) < most, metric
        assert abs(error[P95]) < most, metric


def test_a_fleet_sized_for_the_whole_burstiness_would_be_too_large():
    """At CV 3 one of eight replicas is far from as slow as one alone; the engine says as much."""
    machine, profile, _weight = SCENARIOS["chat"]
    whole = dataclasses.replace(profile, arrival_cv=3.0)
    alone = simulated(machine, whole, 0.5, 20_000)["ttft"][P95]
    one_of_eight = simulated(machine, whole, 0.5, 20_000, replicas=8)["ttft"][P95]
    seen = dataclasses.replace(profile, arrival_cv=math.sqrt(2.0))
    told = predicted(machine, seen, 0.5)["ttft"][P95] / predicted(machine, whole, 0.5)["ttft"][P95]
    assert one_of_eight < 0.7 * alone
    assert told == pytest.approx(one_of_eight / alone, rel=0.3)


COUNTS, EACH = (1.0, 2.0, math.inf), np.array([2.0, 3.0, 5.0])


def test_a_steep_line_is_not_trusted():
    """Three carry 1.1 times three of two's 1.0 each, not the line's 3 x 1.67 = 5."""
    steep = SplitCapacity.of((1.0, 2.0, 4.0, math.inf), np.array([0.0, 1.0, 2.0, 2.0]))
    assert steep.together(np.array([1, 2, 3, 4, 5])).tolist() == pytest.approx([0, 2, 3.3, 8, 10])
    flat = SplitCapacity.of((1.0, 2.0, 4.0, math.inf), np.array([0.9, 1.0, 1.06, 1.1]))
    assert flat.together(np.array([3]))[0] == pytest.approx((2.0 + 4.24) / 2)


def test_replicas_for_a_load_by_hand():
    """One carries 2, two 6, and each further one 5."""
    one = SplitCapacity.of(COUNTS, EACH)
    loads = np.array([0.0, 1.0, 2.0, 4.0, 6.0, 8.5, 11.0])
    assert one.replicas(loads).tolist() == pytest.approx([0, 0.5, 1, 1.5, 2, 2.5, 3])
    assert one.together(np.array([0, 1, 2, 3, 12])).tolist() == [0, 2, 6, 11, 56]
    assert one.each(np.array([1, 2, 12])).tolist() == pytest.approx([2, 3, 56 / 12])


def test_many_rows_are_answered_as_each_alone():
    each = np.array([[2.0, 3.0, 5.0], [0.0, 1.0, 4.0], [3.0, 2.0, 3.5]])
    loads = np.linspace(0.0, 60.0, 31)
    table = SplitCapacity.of(COUNTS, each)
    found = table.replicas(loads)
    for i in range(3):
        one = table.rows(i)
        assert found[i].tolist() == pytest.approx(one.replicas(loads).tolist(), rel=1e-12)
        enough = np.ceil(found[i] - 1e-9)
        assert np.all(np.diff(found[i]) >= 0)
        assert np.all(one.together(enough) >= loads * (1 - 1e-9))
        assert np.all(one.together(np.maximum(enough - 1, 0)) <= loads * (1 + 1e-9) + 1e-9)


@pytest.mark.parametrize("cv", [1.5, 2.0, 3.0, 6.0])
def test_the_line_between_computed_counts_is_near_the_engine(cv):
    """Between the counts that are computed, hardly too much is told, and mostly what is true."""
    counts = computed_counts(cv)
    calmer = [float(c) for c in split_cv(cv, np.array(counts[1:]))]
    table = chat_table(40)
    bursty = dataclasses.replace(CHAT, arrival_cv=cv)
    ratios = []
    for i in range(40):  # each alone: a row that nothing else of its kind beats
        row = table.take(slice(i, i + 1))
        found = engine.capacities(row, bursty, TARGETS, (0.0,), calmer)[0]
        each = np.append(found.req_s, found.calmer_req_s)
        assert np.all(np.diff(each) >= 0)
        line = SplitCapacity.of(counts, each)
        for replicas in (3, 6, 20):
            seen = dataclasses.replace(CHAT, arrival_cv=float(split_cv(cv, np.array(replicas))))
            exact = float(engine.capacity(row, seen, TARGETS, 0.0).req_s[0])
            if exact > 0:
                ratios.append(float(line.each(np.array([replicas]))[0]) / exact)
    assert len(ratios) >= 10
    assert max(ratios) < 1.1
    if cv <= 2.0:
        assert np.median(ratios) == pytest.approx(1.0, abs=0.03)


def test_rows_that_cannot_lead_are_told_too_little_rather_than_much():
    table = chat_table(40)
    bursty = dataclasses.replace(CHAT, arrival_cv=3.0)
    calmer = [float(c) for c in split_cv(3.0, np.array(computed_counts(3.0)[1:]))]
    found = engine.capacities(table, bursty, TARGETS, (0.0,), calmer)[0]
    for column, cv in enumerate(calmer):
        exact = engine.capacity(table, dataclasses.replace(CHAT, arrival_cv=cv), TARGETS, 0.0).req_s
        assert np.all(found.calmer_req_s[:, column] <= exact * 1.002 + 1e-9)
        assert np.all(found.calmer_req_s[:, column] >= found.req_s)
