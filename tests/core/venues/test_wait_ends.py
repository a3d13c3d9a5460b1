"""How long work waits where servers do more or less than is predicted."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.assessment import Assessment
from core.hours import MS_PER_HOUR
from core.venues.demand import Demand, demand_of
from tests.core.assess.cases import every, small_catalog
from tests.core.venues.test_queued import answer
from tests.core.venues.test_waiting import NIGHT


def a_night() -> Demand:
    """One request a second from 20:00 to 06:00, all of which may wait ten hours."""
    catalog, workload = small_catalog(), Assessment().workloads[0]
    workload = dataclasses.replace(
        workload,
        traffic_entry="requests",
        peak_requests_per_s=1.0,
        custom_hours=tuple(NIGHT.tolist()),
        batchable_share=1.0,
        growth_per_year=0.0,
        targets=dataclasses.replace(workload.targets, e2e_ms=10 * MS_PER_HOUR),
    )
    shape = catalog.traffic_shapes[workload.traffic_shape]
    return demand_of(workload, catalog.models[workload.model], shape, 2)


@pytest.mark.parametrize(
    ("carried", "hours"),
    [
        # ten hours of work at the rate r take 10 / r: what comes in after t leaves after t / r
        (0.8, 9.5 * (1 / 0.8 - 1)),
        (0.5, 9.5 * (1 / 0.5 - 1)),
        (0.45, 9.5 * (1 / 0.45 - 1)),  # later than it may be
        (1.0, 0.0),
        (0.4, None),  # ten hours of work a day, of which 24 x 0.4 are done
    ],
)
def test_a_wait_by_hand(carried: float, hours: float | None) -> None:
    found = a_night().waits_on_h(0.95, np.full(2, carried))
    assert found == (None if hours is None else pytest.approx(hours, abs=0.02))


def test_what_cannot_wait_comes_first() -> None:
    half = dataclasses.replace(a_night(), fixed_hours=0.5 * NIGHT)
    # 0.3 by day are 14 x 0.3 = 4.2 hours of work, of the 10 x 0.5 that come in by night
    assert half.waits_on_h(0.95, np.full(2, 0.3)) is None
    # by day 0.6, by night 0.1 of 0.6: the half hour's work of an hour of night waits until 06:00
    late = half.waits_on_h(0.95, np.full(2, 0.6))
    assert late is not None and 5.0 < late < 14.0


def test_servers_that_stand_there_tell_both_ends_and_rented_ones_run_more_hours() -> None:
    seen = set()
    for option in every(answer(1.0)):
        for waits in (s.waiting for s in option.servings if s.waiting is not None):
            if option.venue not in ("on_premises", "colocation", "edge"):
                assert waits.ends_h is None
                continue
            if option.venue not in answer(1.0).assessment.site.venues:
                continue
            assert waits.ends_h is not None
            least, most = waits.ends_h
            assert least <= waits.wait_h and (most is None or waits.wait_h <= most)
            (told,) = (note for note in option.notes if "of the work can wait" in note)
            if most is not None and most < 0.05:
                assert "80 % interval" not in told and "but need not" in told
            elif most is None:
                assert "no longer keep up with it" in told
            else:
                assert f"it waits {least:.1f} to {most:.1f} h" in told
                seen.add(most > 10.0)  # the deadline
    assert seen
