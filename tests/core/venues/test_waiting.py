"""Work that can wait: when it runs and how long it waits, by hand and by its invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.performance.types import Floats
from core.venues.waiting import (
    KEPT_FOR_SPOT,
    deadline_h,
    in_full_hours,
    level,
    up_to,
    waits_h,
    window_h,
)
from tests.core.assess.cases import every, run

NOTHING = np.zeros(168)
NIGHT = np.array([1.0 if h % 24 >= 20 or h % 24 < 6 else 0.0 for h in range(168)])
"""One request per second from 20:00 to 06:00."""


def weeks(most: float = 50.0) -> st.SearchStrategy[Floats]:
    """A week whose days differ, of whole numbers and many zeros."""
    hour = st.one_of(st.just(0.0), st.floats(0.01, most))
    return st.lists(hour, min_size=24, max_size=24).map(lambda day: np.resize(np.array(day), 168))


def queue_of(waiting: Floats, served: Floats) -> Floats:
    """Work waiting at the end of each hour of three weeks, from an empty Monday."""
    return np.asarray(np.cumsum(np.tile(waiting - served, 3)))


def in_time(waiting: Floats, served: Floats, window: int) -> bool:
    """Whether all that has come in runs at the latest ``window`` hours later."""
    queue = queue_of(waiting, served)
    queue = queue - queue.min()
    recent = np.array([np.tile(waiting, 4)[168 + i - window + 1 : 168 + i + 1].sum()
                       for i in range(168)])  # fmt: skip  # one thought
    return bool((queue[:168] <= recent + 1e-6 * max(1.0, float(waiting.max()))).all())


def test_the_deadline_is_that_of_the_whole_answer_or_a_day() -> None:
    assert deadline_h(None) == deadline_h(30_000.0) == 24.0
    assert deadline_h(36_000_000.0) == 10.0
    # A tenth is left for serving and restarts, whole hours count.
    assert (window_h(36_000_000.0), window_h(None), window_h(3_600_000.0)) == (9, 21, 0)
    assert window_h(36_000_000.0, KEPT_FOR_SPOT) == 5


def test_a_night_that_may_wait_nine_hours_by_hand() -> None:
    """Ten hours of work spread over nineteen, so at 10 / 19 of the rate."""
    height = level(NOTHING, NIGHT, 9)
    assert height == pytest.approx(10 / 19)
    served = up_to(NOTHING, NIGHT, height)
    assert served.sum() == pytest.approx(NIGHT.sum())
    day = [height] * 15 + [0.0] * 5 + [height] * 4  # until 15:00, from 20:00
    assert served[24:48].tolist() == pytest.approx(day, abs=1e-12)
    # What comes in after t hours leaves after 1.9 t: 0.9 t of waiting, t even over 0 to 10.
    waits = waits_h(NIGHT, served)
    assert np.quantile(waits, 0.95) == pytest.approx(0.9 * 9.5, abs=0.01)
    assert waits[-1] == pytest.approx(9.0, abs=0.01)
    # A fleet that carries 0.8 is done after 12.5 hours and makes wait a quarter of t.
    quick = up_to(NOTHING, NIGHT, 0.8)
    assert np.count_nonzero(quick > 1e-12) == 7 * 13
    assert np.quantile(waits_h(NIGHT, quick), 0.95) == pytest.approx(0.25 * 9.5, abs=0.01)


def test_it_waits_for_work_that_cannot() -> None:
    """Two requests a second by day leave no room below two; the night takes the rest."""
    day = 2.0 * (1.0 - NIGHT)
    morning = np.where(np.arange(168) % 24 == 8, 3.0, 0.0)
    served = up_to(day, morning, level(day, morning, 21))
    assert (day + served).max() == pytest.approx(2.0)
    assert served[24:48].tolist() == pytest.approx([0.0] * 20 + [2.0, 1.0, 0.0, 0.0])
    # The last comes in at 9:00 and leaves at 22:00: an hour's part runs evenly through it.
    assert waits_h(morning, served)[-1] == pytest.approx(22 - 9, abs=0.01)


def test_instances_start_for_a_full_hour_of_work_or_when_it_is_late() -> None:
    trickle = np.full(168, 0.25)
    full = in_full_hours(trickle, 1.0, 1, 9)
    assert np.count_nonzero(full) == 42 and full.max() == pytest.approx(1.0)
    late = in_full_hours(trickle, 1.0, 1, 2)  # at the latest in the second hour after
    assert np.count_nonzero(late) == 56 and late.max() == pytest.approx(0.75)
    # A night of one request a second on an instance that serves one: as it comes.
    assert in_full_hours(NIGHT, 1.0, 1, 9).tolist() == pytest.approx(NIGHT.tolist())


@given(weeks(), weeks(), st.integers(0, 167), st.floats(1.0, 3.0))
def test_nothing_is_lost_early_or_late(
    fixed: Floats, waiting: Floats, window: int, more: float
) -> None:
    height = level(fixed, waiting, window)
    for served in (up_to(fixed, waiting, height), up_to(fixed, waiting, height * more)):
        assert served.sum() == pytest.approx(waiting.sum(), abs=1e-6)
        assert (fixed + served <= height * more + 1e-9).all()
        queue = queue_of(waiting, served)
        assert np.ptp(queue[[167, 335, 503]]) == pytest.approx(0.0, abs=1e-6)  # weeks are alike
        assert in_time(waiting, served, window)
        assert waits_h(waiting, served)[-1] <= window + 0.01


@given(weeks(0.5), st.lists(st.floats(10.0, 50.0), min_size=1, max_size=6), st.integers(0, 10))
def test_no_lower_level_would_do(fixed: Floats, burst: list[float], window: int) -> None:
    """A second method: serve hour by hour at a hair less, and something is late."""
    waiting = np.resize(np.array(burst + [0.0] * (24 - len(burst))), 168)
    height = level(fixed, waiting, window)  # of at most 16 hours of the day, so above its mean
    less, queue, served = height * 0.9995, 0.0, []
    for hour in range(504):
        queue += waiting[hour % 168]
        done = min(queue, max(less - fixed[hour % 168], 0.0))
        queue -= done
        served.append(done)
    assert not in_time(waiting, np.array(served[336:]), window)


@given(weeks(), st.floats(0.5, 80.0), st.integers(0, 40))
def test_full_hours_lose_nothing_and_are_in_time(waiting: Floats, each: float, window: int) -> None:
    most = int(np.ceil(level(NOTHING, waiting, window) / each - 1e-9))
    assume(most > 0)
    served = in_full_hours(waiting, each, most, window)
    assert served.sum() == pytest.approx(waiting.sum(), rel=1e-9)
    assert in_time(waiting, served, window)
    # No more instances than the deadline takes, but for what an hour's work was gathered for.
    assert served.max() <= (most + 1) * each * (1 + 1e-9)


def test_the_week_of_many_sites_is_that_of_all_of_them() -> None:
    """The busiest hour of the first year is that of the rate which sizes the fleet."""
    answer = run(
        site__venues=("edge",),
        site__edge_sites=40,
        workload__users=4000,
        workload__batchable_share=0.5,
    )
    edge = [o for o in every(answer) if o.venue == "edge"]
    found = [s for o in edge for s in o.servings if s.replicas_by_year and s.waiting]
    assert found
    (demand,) = answer.demand
    for serving in found:
        assert serving.waiting is not None
        week = serving.waiting.hourly_req_s
        assert max(week) == pytest.approx(serving.peak_req_s_by_year[0], rel=1e-9)
        assert sum(week) == pytest.approx(sum(demand.hourly_req_s), rel=1e-6)  # none is lost


def test_what_is_served_as_it_arrives_waits_for_nothing_at_all() -> None:
    """Not for the last digits of a sum: a results file told 2.9e-12 hours."""
    waiting = np.random.default_rng(1).uniform(0.1, 1.0, 168) / 3.0
    served = up_to(NOTHING, waiting, 2.0)
    assert not waits_h(waiting, served).any()
