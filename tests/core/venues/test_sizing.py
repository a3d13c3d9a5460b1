"""Replicas, servers, spares, racks and feeds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from core.analysis.what_if import WhatIf
from core.performance.splitting import SplitCapacity
from core.venues.sizing import filled, parted, replicas_for, servers_for
from core.venues.spares import fleet_availability, spares_for, unit_unavailability
from tests.core.assess.cases import every, run, small_catalog


def test_accelerators_that_would_idle_take_further_replicas() -> None:
    """Two servers of 8: three replicas of 2 become eight; 4 and 2 x 2 become 2 x 4, 4 x 2."""
    assert filled([np.array([3])], [2], np.array([2]), 8)[0].tolist() == [8]
    mixed = filled([np.array([1]), np.array([2])], [4, 2], np.array([2]), 8)
    assert [r.tolist() for r in mixed] == [[2], [4]]
    assert filled([np.array([0, 5])], [1], np.array([0, 1]), 8)[0].tolist() == [0, 8]
    # three of five may not fit again: nothing is added
    assert filled([np.array([1])], [3], np.array([1]), 8)[0].tolist() == [1]
    # 2 + 1 of 4 accelerators: in proportion 2.67 and 1.33, so the fourth is the first pool's
    both = filled([np.array([1, 2]), np.array([1, 1])], [1, 1], np.array([1, 1]), 4)
    assert [x.tolist() for x in both] == [[2, 3], [2, 1]]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from([1, 2, 4, 8])), min_size=1, max_size=4),
    st.integers(0, 3),
)
def test_no_accelerator_idles_that_a_replica_would_fit_on(
    pools: list[tuple[int, int]], more: int
) -> None:
    needed = servers_for([(np.array([n]), size) for n, size in pools], 8) + more
    held = filled([np.array([n]) for n, _size in pools], [s for _n, s in pools], needed, 8)
    taken = sum(int(r[0]) * size for r, (_n, size) in zip(held, pools, strict=True))
    assert all(int(r[0]) >= n for r, (n, _size) in zip(held, pools, strict=True))
    # where every share is whole nothing is left; else less than the smallest that has a share
    assert 0 <= int(needed[0]) * 8 - taken < max(size for _n, size in pools)


def test_replicas_by_hand() -> None:
    # 2.6 req/s with 10 % headroom over 1.0 per replica: 2.86, so three.
    assert replicas_for(np.array([2.6, 0.1, 0.0]), SplitCapacity.alike(1.0), 0.10).tolist() == [
        3,
        1,
        1,
    ]
    # exactly what one carries is one, not two
    assert replicas_for(np.array([1.0]), SplitCapacity.alike(1.1), 0.10).tolist() == [1]


@given(
    st.lists(st.tuples(st.integers(1, 30), st.sampled_from([1, 2, 4, 8])), min_size=1, max_size=4)
)
def test_sizes_that_divide_fill_servers_exactly(pools: list[tuple[int, int]]) -> None:
    servers = servers_for([(np.array([n]), size) for n, size in pools], 8)
    assert int(servers[0]) == -(-sum(n * size for n, size in pools) // 8)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from([1, 2, 3, 5, 6])), min_size=1, max_size=3)
)
def test_other_sizes_never_need_fewer_than_the_volume(pools: list[tuple[int, int]]) -> None:
    servers = int(servers_for([(np.array([n]), size) for n, size in pools], 8)[0])
    assert servers >= -(-sum(n * size for n, size in pools) // 8)
    assert servers <= sum(-(-n // (8 // size)) for n, size in pools)


def test_availability_by_hand_and_by_simulation() -> None:
    down = unit_unavailability(0.32, 96.0)  # 8 accelerators x 4 % a year, four days
    cycle = 0.32 * 96 / 8760
    assert down == pytest.approx(cycle / (1 + cycle))
    # Two needed, one spare: all up, or exactly one of three down.
    up = 1 - down
    assert fleet_availability(2, 1, down) == pytest.approx(up**3 + 3 * up**2 * down)
    draws = np.random.default_rng(1).random((200_000, 12)) < 0.05
    simulated = float(np.mean(draws.sum(axis=1) <= 2))
    assert fleet_availability(10, 2, 0.05) == pytest.approx(simulated, abs=0.005)


@given(st.integers(1, 50_000), st.floats(0.0005, 0.05), st.floats(0.9, 0.9999))
def test_spares_are_enough_and_not_one_too_many(needed: int, down: float, wanted: float) -> None:
    spares = spares_for(needed, down, wanted)
    assert fleet_availability(needed, spares, down) >= wanted
    assert spares == 0 or fleet_availability(needed, spares - 1, down) < wanted


@pytest.mark.parametrize("needed", [1, 40, 3_000, 2_000_000])
@pytest.mark.parametrize("down", [0.0004, 0.0035, 0.08])
def test_availability_of_fleets_of_any_size_is_the_binomial_of_scipy(
    needed: int, down: float
) -> None:
    for spares in (0, 1, int(needed * down), int(needed * down * 1.1) + 3):
        assert fleet_availability(needed, spares, down) == pytest.approx(
            binom.cdf(spares, needed + spares, down), abs=1e-7
        )


@pytest.mark.parametrize("needed", [400_000_000, 10**11])
def test_of_hundreds_of_millions_the_number_that_fail_is_nearly_normal(needed: int) -> None:
    down = 0.0035
    mean = needed * down / (1 - down)
    for deviations in (-2.0, 0.0, 1.3, 2.6, 4.3):
        spares = round(mean + deviations * (mean / (1 - down)) ** 0.5)
        assert fleet_availability(needed, spares, down) == pytest.approx(
            binom.cdf(spares, needed + spares, down), abs=1e-6
        )
    spares = spares_for(needed, down, 0.99999)
    assert fleet_availability(needed, spares, down) >= 0.99999
    assert fleet_availability(needed, spares - 1, down) < 0.99999 + 1e-9


def test_planning_headroom_is_what_the_user_says() -> None:
    """Twice the capacity above the peak takes at least the hardware of none, and it is a slider."""
    venues = {"site__venues": ("on_premises",), "workload__users": 20_000}
    bare, ample = (run(site__planning_headroom=share, **venues) for share in (0.0, 1.0))
    units = {o.id: max(o.fleet.units_by_year) for o in every(bare) if o.fleet.units_by_year}
    more = [
        max(o.fleet.units_by_year) - units[o.id]
        for o in every(ample)
        if o.id in units and o.venue == "on_premises" and o.fleet.units_by_year
    ]
    assert more and min(more) >= 0 and max(more) > 0
    sliders = {slider.key: slider.now for slider in WhatIf(ample, small_catalog()).sliders}
    assert sliders["site.planning_headroom"] == 1.0


def parts(replicas: list[int], sizes: list[int], units: int, per_unit: int) -> list[int]:
    held = parted([np.array([r]) for r in replicas], sizes, np.array([units]), per_unit)
    return [int(h[0]) for h in held]


def test_too_few_accelerators_are_all_given_to_replicas() -> None:
    """Three replicas on two accelerators: two thirds of 2 and of 1 are 1.33 and 0.67."""
    assert parts([2, 1], [1, 1], 2, 1) == [1, 1]
    assert parts([2, 1], [1, 1], 1, 1) == [1, 0]
    assert parts([1, 3], [4, 1], 1, 4) == [0, 3]  # no four are left, and no fourth is asked for
    assert parts([4, 4], [1, 1], 8, 1) == [4, 4]
    assert parts([5], [2], 1, 8) == [4]
    assert parts([3], [3], 1, 8) == [2]  # sizes that do not divide a server: whole shares alone


@given(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from((1, 2, 4, 8))), min_size=1, max_size=4),
    st.integers(0, 9),
)
def test_no_accelerator_idles_that_a_replica_asks_for(
    pools: list[tuple[int, int]], units: int
) -> None:
    replicas, sizes = [r for r, _s in pools], [s for _r, s in pools]
    there = 8 * units
    held = parts(replicas, sizes, units, 8)
    left = there - sum(h * s for h, s in zip(held, sizes, strict=True))
    assert left >= 0
    for has, asked, size in zip(held, replicas, sizes, strict=True):
        assert 0 <= has <= asked
        assert has == asked or left < size


def by_remainder(replicas: list[int], sizes: list[int], there: int) -> list[int]:
    """Units too few for all, one hour by itself: whole shares, then one for each by remainder,
    then as many as fit."""
    taken = max(sum(r * s for r, s in zip(replicas, sizes, strict=True)), 1)
    held = [min(r * there // taken, r) for r in replicas]
    left = there - sum(h * s for h, s in zip(held, sizes, strict=True))
    order = sorted(range(len(sizes)), key=lambda i: -(replicas[i] * there % taken))
    for most in (1, there):
        for i in order:
            given = min(left // sizes[i], replicas[i] - held[i], most)
            held[i] += given
            left -= given * sizes[i]
    return held


@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, 4, 8]), st.lists(st.integers(0, 9), min_size=3, max_size=3)
        ),
        min_size=2, max_size=6,
    ),
    st.lists(st.integers(0, 6), min_size=3, max_size=3),
)  # fmt: skip  # one thought
def test_what_is_too_little_is_handed_out_hour_by_hour(
    pools: list[tuple[int, list[int]]], units: list[int]
) -> None:
    sizes = [size for size, _wanted in pools]
    wanted = [np.array(replicas, dtype=np.int64) for _size, replicas in pools]
    found = parted(wanted, sizes, np.array(units, dtype=np.int64), 8)
    for hour in range(3):
        here = [int(replicas[hour]) for replicas in wanted]
        plain = by_remainder(here, sizes, units[hour] * 8)
        assert [int(held[hour]) for held in found] == plain


def test_what_stands_there_serves() -> None:
    """Two servers of four hold 3 replicas of one and 2 of two: the eighth takes one more of one.

    Of four single ones and one pair on two servers, 4 x 8 / 6 is 5 and a third, 1 x 8 / 6 one and
    a third: the pair has as large a remainder, but takes two; what is left is one.
    """
    units = np.array([2], dtype=np.int64)
    assert [r.tolist() for r in filled([np.array([3]), np.array([2])], [1, 2], units, 4)] == [
        [4],
        [2],
    ]
    assert [r.tolist() for r in filled([np.array([4]), np.array([1])], [1, 2], units, 4)] == [
        [6],
        [1],
    ]
