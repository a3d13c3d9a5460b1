"""The chain of states against textbook queues and a brute-force solution."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.performance import queueing


def _occupancy(places, load, rates=None, follow=0.0, spread=1.0):
    """One replica with ``places``; each place serves 1 per unit of time unless ``rates``."""
    limit = np.array([float(places)])
    levels = queueing.levels_up_to(places)
    chain = queueing.chain(levels, limit)
    rate = np.maximum(chain.levels, 1.0) if rates is None else rates(chain.levels)
    one = np.ones(1)
    solved = queueing.occupancy(chain, rate, load * one, follow * one, spread * one)
    return chain, solved


def erlang_c(places: int, load: float) -> float:
    """Chance to wait in M/M/k at an offered load in Erlang (Erlang 1917), by the B recursion."""
    b = 1.0
    for k in range(1, places + 1):
        b = load * b / (k + load * b)
    return b / (1.0 - load / places * (1.0 - b))


@pytest.mark.parametrize(("places", "use"), [(1, 0.5), (4, 0.3), (8, 0.8), (16, 0.95)])
def test_constant_service_per_place_is_m_m_k(places, use):
    load = places * use
    _chain, solved = _occupancy(places, load)
    assert solved.wait_chance[0] == pytest.approx(erlang_c(places, load), rel=1e-9)
    assert solved.wait_mean[0] == pytest.approx(1.0 / (places - load), rel=1e-9)


@pytest.mark.parametrize(("places", "use"), [(64, 0.9), (250, 0.92), (1000, 0.97)])
def test_wide_spaced_states_keep_erlang_c(places, use):
    load = places * use
    _chain, solved = _occupancy(places, load)
    assert solved.wait_chance[0] == pytest.approx(erlang_c(places, load), rel=0.12)


def test_many_places_see_a_poisson_number_inside():
    load = 5.0
    chain, solved = _occupancy(400, load)
    dense = np.arange(17)
    poisson = np.exp(-load) * load**dense / np.array([math.factorial(n) for n in dense])
    assert solved.seen[0, :16] == pytest.approx(poisson[:16], rel=1e-4)
    assert float(solved.seen[0] @ chain.levels[0]) == pytest.approx(load, rel=1e-3)


def test_clumps_are_the_batch_queue_solved_by_brute_force():
    places, load, q = 12, 6.0, 0.6
    chain, solved = _occupancy(places, load, follow=q, spread=1.0 / (1.0 - q))
    # M^X/M/12 with geometric batches: stationary vector of the generator, cut at 400
    n = 400
    generator = np.zeros((n, n))
    for i in range(n):
        if i:
            generator[i, i - 1] = min(i, places)
        for size in range(1, n - i):
            generator[i, i + size] += load * (1 - q) * (1 - q) * q ** (size - 1)
        generator[i, i] = -generator[i].sum()
    system = np.vstack([generator.T, np.ones(n)])
    p = np.linalg.lstsq(system, np.append(np.zeros(n), 1.0), rcond=None)[0]
    # an arrival finds those of before and the earlier ones of its batch
    seen = np.array([(1 - q) * sum(p[j] * q ** (i - j) for j in range(i + 1)) for i in range(n)])
    assert solved.seen[0, :12] == pytest.approx(seen[:12], rel=1e-6)
    assert solved.wait_chance[0] == pytest.approx(seen[12:].sum(), rel=1e-6)
    inside = np.minimum(np.arange(n), places) * p
    expected = np.array([inside[k] for k in range(12)] + [inside[12:].sum()]) / inside.sum()
    assert solved.present[0, :13] == pytest.approx(expected, rel=1e-6)
    assert chain.levels[0, 12] == 12


def test_one_replica_does_not_change_another():
    levels = queueing.levels_up_to(900)
    together = queueing.chain(levels, np.array([7.0, 200.0, 900.0]))
    rate = together.levels / (1.0 + 0.02 * together.levels) + 1e-9
    load, zero, one = np.array([3.0, 30.0, 40.0]), np.zeros(3), np.ones(3)
    all_three = queueing.occupancy(together, rate, load, zero, one)
    alone = queueing.chain(queueing.levels_up_to(200), np.array([200.0]))
    rate_alone = alone.levels / (1.0 + 0.02 * alone.levels) + 1e-9
    second = queueing.occupancy(alone, rate_alone, load[1:2], zero[:1], one[:1])
    assert all_three.wait_chance[1] == pytest.approx(second.wait_chance[0], rel=1e-12)
    m = alone.levels.shape[1] - 1
    assert all_three.seen[1, :m] == pytest.approx(second.seen[0, :m], rel=1e-12)


@given(mean=st.floats(1.0, 1e5), sigma=st.floats(0.0, 1.6))
def test_lognormal_sigma_inverts_its_p95(mean, sigma):
    p95 = mean * math.exp(1.6448536269514722 * sigma - sigma**2 / 2)
    assert queueing.lognormal_sigma(mean, p95) == pytest.approx(sigma, abs=2e-4)


def test_lengths_without_spread_or_with_too_much():
    assert queueing.lognormal_sigma(100.0, 90.0) == 0.0
    assert queueing.lognormal_sigma(100.0, 1e6) == pytest.approx(1.64485, rel=1e-4)


def test_overlap_is_the_mean_of_the_shorter_of_two():
    random = np.random.default_rng(3)
    a, b = (random.lognormal(-0.32, 0.8, 400_000) for _ in range(2))
    assert queueing.overlap(0.8) == pytest.approx(np.minimum(a, b).mean(), rel=0.01)


def test_mates_of_poisson_are_the_window_and_of_bursts_the_renewal_function():
    window = np.array([0.01, 0.5, 20.0])
    assert queueing.clump_mates(1.0, window) == pytest.approx(window, rel=1e-9)
    random = np.random.default_rng(5)
    shape = 1.0 / 9.0
    arrivals = np.cumsum(random.gamma(shape, 1.0 / shape, 400_000))
    for mean in (0.05, 1.0, 30.0):
        ends = arrivals + random.exponential(mean, len(arrivals))
        later = np.searchsorted(arrivals, ends) - np.arange(len(arrivals)) - 1
        expected = queueing.clump_mates(3.0, np.array([mean]))[0]
        assert later[:300_000].mean() == pytest.approx(expected, rel=0.08)


@given(cv=st.floats(0.0, 8.0), kept=st.floats(0.5, 1.0))
def test_clumps_grow_with_the_stay_and_never_reach_one(cv, kept):
    chance = queueing.clump_chance(cv, kept, np.geomspace(1e-6, 1e4, 60))
    assert np.all(chance >= 0) and np.all(chance < 1)
    assert np.all(np.diff(chance) >= -1e-9)
    if cv <= 1:
        assert np.all(chance < 1e-6)
