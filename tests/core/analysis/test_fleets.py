"""Servers of a future by hand: what they carry, how many hold the load, how full they are."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.analysis.curves import Curves
from core.analysis.engine_runs import PLACES
from core.analysis.fleets import Fleet
from core.analysis.latency_law import latency_used_by_law
from core.analysis.response import Response
from core.performance.splitting import SplitCapacity

AT = np.array([0.0, 1.0])


def curves(*configurations: tuple[int, float, float]) -> Curves:
    """Of (accelerators, requests per second of a replica, lone request over target) each."""
    values, which = [], []
    for i, (_size, carried, lone) in enumerate(configurations):
        which += [(i, False), (i, True)]
        values += [math.log(lone), math.log(carried / max(1.0 - lone, 0.02)), 1.0]
    told = Response.constant(np.array(values), PLACES - 1)
    return Curves(tuple(c[0] for c in configurations), AT, ((told, tuple(which)),))


def held(fleet: Fleet, *loads: tuple[float, ...]):
    """In futures with these multiples of the load in each year."""
    return fleet.in_futures(np.zeros((len(loads), PLACES)), np.array(loads))


def test_whole_servers_hold_the_load_with_headroom_and_are_used_so_far() -> None:
    # two accelerators carry 10 a second, a server of four 20; 30 stated, 10 % to spare: 33 take
    # four replicas, two servers, of which 30 of 40 are used; three times as much takes five
    fleet = Fleet((curves((2, 10.0, 0.5)),), np.array([[30.0, 30.0]]), 4, 0.1)
    found = held(fleet, (1.0, 1.0), (1.0, 3.0), (1.0, 0.5))
    assert found.units.tolist() == [[2, 2], [2, 5], [2, 2]]  # none is given back
    assert found.used[:, 0] == pytest.approx([30 / 40, 90 / 100, 30 / 40])
    assert found.work == pytest.approx([12.0] * 3)  # 60 a second at 5 for each accelerator
    # between a lone request's half and the target: a straight line
    share = latency_used_by_law([found], np.zeros((3, 1)))
    assert share == pytest.approx([0.875, 0.95, 0.875])


def test_two_workloads_share_servers_and_what_is_left_of_them() -> None:
    # 9 a second on replicas of one (4 each): three; 6 on replicas of two (5 each): two; 3 + 4
    # accelerators are two servers of four: the eighth takes another replica of one
    fleet = Fleet((curves((1, 4.0, 0.2)), curves((2, 5.0, 0.2))), np.array([[9.0], [6.0]]), 4, 0.0)
    found = held(fleet, (1.0,))
    assert found.units.tolist() == [[2]]
    assert found.used[0] == pytest.approx([9 / 16, 6 / 10])


def test_the_configuration_that_takes_fewest_servers_is_taken_then_the_one_with_most_room() -> None:
    # four accelerators carry 20 together or 12 as two pairs
    both = curves((4, 20.0, 0.5), (2, 6.0, 0.3))
    found = held(Fleet((both,), np.array([[10.0]]), 4, 0.0), (1.0,), (1.9,), (0.1,))
    # 10 and 19 take one server of the first, 10 one and 19 two of the second; 10 leaves
    # 0.5 x 10/20 of the target there and 0.7 x 2/12 here, 1 leaves 0.5 x 19/20 and 0.7 x 11/12
    assert found.taken[:, 0].tolist() == [0, 0, 1]
    # one that misses the target with a lone request is only taken where all others do too
    late = curves((4, 20.0, 1.2), (2, 6.0, 0.3))
    assert held(Fleet((late,), np.array([[10.0]]), 4, 0.0), (1.0,)).taken[0, 0] == 1
    none = curves((4, 20.0, 1.2), (2, 6.0, 1.5))
    found = held(Fleet((none,), np.array([[10.0]]), 4, 0.0), (1.0,))
    assert found.taken[0, 0] == 0
    assert latency_used_by_law([found], np.zeros((1, 1)))[0] == pytest.approx(1.2)


def test_loads_of_rows_are_carried_as_one_by_one() -> None:
    """Bursts: one replica carries less than each of several."""
    shared = SplitCapacity(
        at=np.array([0.0, 1.0, 2.0]),
        begin=np.array([[0.0, 2.0, 6.0], [0.0, 1.0, 2.0]]),
        slope=np.array([[2.0, 4.0, 5.0], [1.0, 1.0, 1.0]]),
    )
    loads = np.array([[1.0, 5.0, 16.0], [1.0, 5.0, 16.0]])
    wanted = shared.replicas_each(loads)
    for row in range(2):
        assert wanted[row] == pytest.approx(shared.rows(row).replicas(loads[row]))
    whole = np.ceil(wanted).astype(np.int64)
    for row in range(2):
        one = shared.rows(row).together(whole[row].astype(float))
        assert shared.together_each(whole)[row] == pytest.approx(one)
