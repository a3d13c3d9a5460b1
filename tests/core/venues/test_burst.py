"""What a hybrid rents: the same prices as a cloud's, spares for both its parts, a queue on spot."""

from __future__ import annotations

import dataclasses
import itertools
import math
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from core.assess.costing import Costed, cost_options
from core.assessment import Assessment, with_value
from core.recommendation import Option
from core.venues import hybrid, hybrid_curve, waiting
from core.venues.load_split import split_load
from core.venues.spares import (
    OwnPart,
    joint_availability,
    joint_spares,
    spares_for,
    under_repair,
    unit_unavailability,
)
from tests.core.assess.cases import AS_OF, small_catalog


@lru_cache(maxsize=4)
def costed(**values: object) -> Costed:
    given = with_value(Assessment(), "workloads[0].traffic_entry", "requests")
    given = with_value(given, "workloads[0].peak_requests_per_s", 150.0)
    for path, value in (("site.total_power_kw", 1e6), ("site.racks", 9999)):
        given = with_value(given, path, value)
    for path, value in values.items():
        section, key = path.split("__", 1)
        where = "workloads[0]" if section == "workload" else section
        given = with_value(given, f"{where}.{key.replace('__', '.')}", value)
    return cost_options(given, small_catalog(), AS_OF, lambda share, text: None)


def parts(run: Costed) -> tuple[hybrid.Base, hybrid.Burst]:
    pure = [o for o in run.options if o.venue != "hybrid"]
    base = hybrid._base(run.study, run.drafts, pure, "on_premises", lambda option: True)
    burst = hybrid._cloud(run.drafts, pure, lambda option: True)
    assert base is not None and burst is not None
    run.book.add(base.draft.sizing.pools)
    return base, burst


def hybrids(run: Costed) -> list[Option]:
    found = [o for o in run.options if o.venue == "hybrid" and o.id.startswith("hybrid/on_")]
    assert found
    return found


def by_state(own: OwnPart, needed: int, spares: int, down: float) -> float:
    """The same by every state of every machine."""
    up = 0.0
    for state in itertools.product((0, 1), repeat=own.servers + needed + spares):
        lost, gone = sum(state[: own.servers]), sum(state[own.servers :])
        if gone + math.ceil(max(lost - own.spares, 0) * own.each - 1e-9) <= spares:
            up += math.prod(
                u if failed else 1 - u
                for failed, u in zip(
                    state,
                    [own.unavailability] * own.servers + [down] * (needed + spares),
                    strict=True,
                )
            )
    return up


@pytest.mark.parametrize("each", [0.4, 1.0, 1.5])
@pytest.mark.parametrize("own_spares", [0, 1])
def test_both_parts_fail_independently(each: float, own_spares: int) -> None:
    own = OwnPart(4, own_spares, 0.03, each)
    for spares in range(4):
        found = joint_availability(own, 3, spares, 0.01)
        assert found == pytest.approx(by_state(own, 3, spares, 0.01), abs=1e-12)
    fewest = joint_spares(own, 3, 0.01, 0.999)
    assert by_state(own, 3, fewest, 0.01) >= 0.999
    assert fewest == 0 or by_state(own, 3, fewest - 1, 0.01) < 0.999


def test_without_own_servers_it_is_the_cloud_and_many_are_nearly_normal() -> None:
    none = OwnPart(0, 0, 0.01, 1.0)
    for needed in (1, 9, 400):
        assert joint_spares(none, needed, 0.004, 0.9999) == spares_for(needed, 0.004, 0.9999)
    few, many = OwnPart(39_000, 0, 0.005, 1.0), OwnPart(41_000, 0, 0.005, 1.0)  # 195, 205 down
    for asked in (0.9, 0.999, 0.99999):
        exact, close = (joint_spares(own, 50, 0.005, asked) for own in (few, many))
        assert 10 - 2 <= close - exact <= 10 + 3  # ten more are down
    assert under_repair(3, 0.0035, 0.99) == 1 and under_repair(0, 0.1, 0.99) == 0
    # 400 million: 1.4 million on average and 2.3264 of their 1,181 deviations
    assert under_repair(400_000_000, 0.0035, 0.99) == pytest.approx(1_402_748, abs=5)


@pytest.mark.parametrize("needed", [300_000, 5_000_000, 200_000_000])
def test_of_many_instances_both_parts_still_fail_independently(needed: int) -> None:
    """Against the sum over own failures of the cloud's probability by SciPy's binomial."""
    own, down = OwnPart(40, 1, 0.01, 2.5), 0.004
    spares = joint_spares(own, needed, down, 0.999)

    def by_itself(count: int) -> float:
        up = 0.0
        for lost in range(own.servers + 1):
            free = count - math.ceil(2.5 * max(lost - 1, 0))
            chance = math.comb(40, lost) * 0.01**lost * 0.99 ** (40 - lost)
            up += chance * binom.cdf(free, needed + count, down)
        return up

    for count in (spares - 1, spares, spares + 1):
        found = joint_availability(own, needed, count, down)
        assert found == pytest.approx(by_itself(count), abs=1e-9)
    assert by_itself(spares) >= 0.999 > by_itself(spares - 1)


@given(
    st.lists(st.floats(0.0, 1.0), min_size=24, max_size=24),
    st.lists(st.floats(0.0, 2.0), min_size=24, max_size=24),
    st.integers(0, 30),
    st.floats(0.0, 2.0),
)
def test_the_base_takes_the_most_that_it_serves_in_time(
    day: list[float], work: list[float], window: int, more: float
) -> None:
    fixed, later = np.tile(day, 7), np.tile(work, 7)
    height = float(fixed.max()) + more
    share = waiting.share_in_time(fixed, later, window, height)
    assert 0.0 <= share <= 1.0
    assert waiting.level(fixed, share * later, window) <= height * (1 + 1e-9) + 1e-9
    if 0.001 < share < 1.0:
        assert waiting.level(fixed, min(1.0, share * 1.01) * later, window) > height


@pytest.mark.parametrize("queue", [False, True])
@pytest.mark.parametrize("units", [0, 1, 2, 3])
def test_every_request_is_served_once(queue: bool, units: int) -> None:
    run = costed(workload__batchable_share=0.5)
    sizing = parts(run)[0].draft.sizing
    split = split_load(run.study, sizing, units, queue=queue)
    for demand, served, above, left in zip(
        run.study.demands, split.served, split.above, split.left, strict=True
    ):
        rest = left * demand.waiting_hours.mean()
        assert (served.mean(axis=1) + above.mean(axis=1) + rest).tolist() == pytest.approx(
            demand.hours_by_year.mean(axis=1).tolist()
        )
        assert (served >= 0).all() and (above >= 0).all() and (left >= 0).all()


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_without_a_base_the_burst_costs_what_the_cloud_does(share: float) -> None:
    run = costed(workload__batchable_share=share)
    base, burst = parts(run)
    totals = []
    for queue in hybrid_curve.ways_to_split(run.study, burst):
        ledger = hybrid_curve.Ledger(run.study.money)
        split = split_load(run.study, base.draft.sizing, 0, queue=queue)
        use = hybrid_curve.add_burst(ledger, run.study, base.draft.sizing, burst, split)
        assert use.instances is not None and not use.instances.stand_in.any()
        totals.append(ledger.usd)
    assert burst.pure.cost is not None
    assert min(totals) == pytest.approx(burst.pure.cost.npv_usd, rel=1e-9)
    assert len(totals) == (2 if share else 1)


def test_work_that_can_wait_is_rented_on_spot() -> None:
    found = [o for o in hybrids(costed(workload__batchable_share=0.5)) if o.contract is not None]
    assert found
    for option in found:
        assert option.cost is not None and option.contract is not None
        keys = {line.key for line in option.cost.lines}
        assert ("cloud_spot" in keys) == (option.contract.spot > 0)
    assert any(o.contract is not None and o.contract.spot > 0.1 for o in found)


def test_spares_are_rented_for_the_availability_and_paid_for() -> None:
    """At 99.999 % one own server or instance of a few may not fail unnoticed; at 90 % it may."""
    low, high = costed(site__availability=0.9), costed(site__availability=0.99999)
    (base, burst), (again, other) = parts(low), parts(high)
    assert burst.rented is not None
    other = dataclasses.replace(other, rented=high.drafts.by_offer()[burst.rented.offer.id])
    found = []
    for run, own, rented in ((low, base, burst), (high, again, other)):
        draft = next(d for d in run.drafts.owned["on_premises"] if d.platform == base.platform)
        priced = hybrid_curve.cost_at(
            run.study, run.book, dataclasses.replace(own, draft=draft), rented, 1
        )
        point, split, use = priced.point, priced.split, priced.use
        assert use.instances is not None
        sizing, assume = use.instances.fleet.sizing, run.study.assume
        short = unit_unavailability(
            base.platform.accelerator_count * assume.base("gpu_failure_rate_year"),
            assume.base("cloud_replace_hours"),
        )
        asked = run.study.assessment.site.availability
        assert use.instances.availability >= asked
        # what one own server does at most, in instances, by the requests it serves
        pool = sizing.pools[0]
        each = split.served[0].max(axis=1) / pool.capacity.further * pool.size / sizing.per_unit
        worst = min(
            by_state(OwnPart(1, 0, short, float(e)), int(n), int(s), sizing.unavailability)
            for e, n, s in zip(each, sizing.needed, sizing.spares, strict=True)
            if n + s < 12
        )
        assert worst >= asked
        found.append((point.burst_usd, int(sizing.spares.max()), int(use.instances.quota.max())))
    assert found[0][1] == 0 < found[1][1]
    assert found[1][0] > found[0][0] and found[1][2] > found[0][2]


def test_an_api_as_a_burst_takes_the_people_it_takes_alone() -> None:
    run = costed()
    hosted = [o for o in hybrids(run) if ":token_api/" in o.id]
    alone = next(o for o in run.options if o.venue == "token_api")
    assert hosted and alone.cost is not None
    (people,) = [line.present_value_usd for line in alone.cost.lines if line.key == "staff"]
    for option in hosted:
        assert option.cost is not None
        staff = [line.present_value_usd for line in option.cost.lines if line.key == "staff"]
        assert len(staff) == 2 and staff[1] == pytest.approx(people)
