"""Capacity: what it promises must hold at that load, and fail a little above it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.performance import engine
from core.performance.capacity import MAX_UTILISATION
from core.performance.splitting import computed_counts, split_cv
from core.performance.types import Targets
from tests.benchmarks.bench_candidates import CHAT, chat_table

TABLE = chat_table(120)
TARGETS = Targets(ttft_ms=800.0, tpot_ms=60.0, e2e_ms=12_000.0, answer_ttft_ms=900.0)
RTT_MS = 20.0


def _worst(operating, targets, rtt):
    found = np.zeros(len(operating.req_s))
    for limit, latency, network in (
        (targets.ttft_ms, operating.ttft_ms, rtt),
        (targets.tpot_ms, operating.tpot_ms, 0.0),
        (targets.e2e_ms, operating.e2e_ms, rtt),
        (targets.answer_ttft_ms, operating.answer_ttft_ms, rtt),
    ):
        if limit is not None:
            found = np.maximum(found, (latency.at(targets.percentile) + network) / limit)
    return found


@pytest.mark.parametrize("cv", [1.0, 3.0])
@pytest.mark.parametrize("percentile", ["p50", "p95", "p99"])
def test_targets_hold_at_capacity_and_fail_just_above(cv, percentile):
    profile = dataclasses.replace(CHAT, arrival_cv=cv)
    targets = dataclasses.replace(TARGETS, percentile=percentile)
    found = engine.capacity(TABLE, profile, targets, RTT_MS)
    able = np.flatnonzero(found.req_s > 0)
    assert len(able) > 10
    at = engine.operate(TABLE, profile, found.req_s)
    assert np.all(_worst(at, targets, RTT_MS)[able] <= 1.0 + 1e-9)
    top = found.saturation_req_s
    bound = able[found.req_s[able] < 0.999 * MAX_UTILISATION * top[able]]
    above = engine.operate(TABLE, profile, found.req_s + 1e-4 * (top - found.req_s))
    # the search stops within 0.002 % of the target, or just below a load at which latency jumps
    assert len(bound) > 5
    near = _worst(at, targets, RTT_MS)[bound] > 1.0 - 2e-5
    assert np.all(near | (_worst(above, targets, RTT_MS)[bound] > 1.0))
    assert np.mean(near) > 0.75


@pytest.mark.parametrize("cv", [1.5, 3.0, 6.0])
def test_calmer_arrivals_never_cost_capacity_nor_does_being_near(cv):
    """All counts of replicas and all distances in one go, as each by itself."""
    calmer = [float(c) for c in split_cv(cv, np.array(computed_counts(cv)[1:]))]
    profile = dataclasses.replace(CHAT, arrival_cv=cv)
    found = engine.capacities(TABLE, profile, TARGETS, (0.2, 20.0, 150.0), calmer)
    each = np.stack([np.column_stack([f.req_s, f.calmer_req_s]) for f in found])
    assert np.all(np.diff(each, axis=2) >= 0)
    assert np.all(np.diff(each, axis=0) <= 0)
    for far, rtt in enumerate((0.2, 20.0, 150.0)):
        for i, one in ((0, cv), (-1, calmer[-1])):
            alone = engine.capacity(TABLE, dataclasses.replace(CHAT, arrival_cv=one), TARGETS, rtt)
            # where latency hardly grows with load, its last digits are many loads
            assert each[far, :, i] == pytest.approx(alone.req_s, rel=5e-3)


def test_a_replica_alone_in_its_table_has_the_same_capacity():
    whole = engine.capacity(TABLE, CHAT, TARGETS, RTT_MS)
    for i in (0, 17, 60, 119):
        columns = {
            f.name: getattr(TABLE, f.name)[i : i + 1]
            for f in dataclasses.fields(TABLE)
            if f.name not in ("model", "accelerators")
        }
        alone = engine.capacity(dataclasses.replace(TABLE, **columns), CHAT, TARGETS, RTT_MS)
        assert alone.req_s[0] == pytest.approx(whole.req_s[i], rel=1e-6)
        assert alone.binding[0] == whole.binding[i]


def test_who_cannot_serve_a_lone_request_has_no_capacity_and_says_why():
    targets = Targets(tpot_ms=20.0)
    found = engine.capacity(TABLE, CHAT, targets, 0.0)
    slow = found.lone_request.tpot_ms.p95 > 20.0
    assert slow.any() and not slow.all()
    assert np.all(found.req_s[slow] == 0)
    unable = ~slow & (found.req_s == 0)  # so near the target that the first neighbour is too many
    assert np.all(found.lone_request.tpot_ms.p95[unable] > 0.95 * 20.0)
    assert set(found.binding[slow]) == {"tpot"}


def test_a_network_slower_than_the_target_leaves_nothing():
    found = engine.capacity(TABLE, CHAT, Targets(ttft_ms=100.0), 150.0)
    assert np.all(found.req_s == 0)
    assert set(found.binding) == {"ttft"}


def test_the_network_costs_capacity_but_not_decode_speed():
    near = engine.capacity(TABLE, CHAT, Targets(ttft_ms=400.0), 0.0)
    far = engine.capacity(TABLE, CHAT, Targets(ttft_ms=400.0), 150.0)
    assert np.all(far.req_s <= near.req_s * 1.003)
    assert np.any(far.req_s < 0.95 * near.req_s)
    same = [engine.capacity(TABLE, CHAT, Targets(tpot_ms=60.0), r).req_s for r in (0.0, 150.0)]
    assert np.array_equal(*same)


def test_without_targets_saturation_is_the_limit():
    found = engine.capacity(TABLE, CHAT, Targets(), 0.0)
    assert found.req_s == pytest.approx(MAX_UTILISATION * found.saturation_req_s)
    assert set(found.binding) <= {"throughput", "memory"}
    limited = dataclasses.replace(TABLE, concurrency_limit=np.full(120, 1))
    held = engine.capacity(limited, CHAT, Targets(), 0.0)
    assert set(held.binding) == {"throughput"}
    assert np.all(held.saturation_req_s <= found.saturation_req_s * (1 + 1e-9))


@settings(max_examples=15, deadline=None)
@given(
    ttft=st.floats(150.0, 3000.0),
    tpot=st.floats(15.0, 120.0),
    looser=st.floats(1.0, 3.0),
    cv=st.sampled_from([1.0, 2.0, 4.0]),
)
def test_looser_targets_never_cost_capacity(ttft, tpot, looser, cv):
    profile = dataclasses.replace(CHAT, arrival_cv=cv)
    tight = engine.capacity(TABLE, profile, Targets(ttft_ms=ttft, tpot_ms=tpot), 5.0)
    loose = engine.capacity(
        TABLE, profile, Targets(ttft_ms=ttft * looser, tpot_ms=tpot * looser), 5.0
    )
    assert np.all(loose.req_s >= tight.req_s * (1 - 0.003))
    assert np.all(tight.req_s <= tight.saturation_req_s)


def test_bursts_cost_capacity():
    calm = engine.capacity(TABLE, CHAT, TARGETS, 0.0)
    bursty = engine.capacity(TABLE, dataclasses.replace(CHAT, arrival_cv=3.0), TARGETS, 0.0)
    assert np.all(bursty.req_s <= calm.req_s * 1.003)
    assert bursty.req_s.sum() < 0.95 * calm.req_s.sum()


def test_an_empty_table_has_an_empty_answer():
    empty = chat_table(0)
    found = engine.capacity(empty, CHAT, TARGETS, 0.0)
    assert len(found.req_s) == len(found.binding) == 0
    assert len(engine.operate(empty, CHAT, np.empty(0)).power_w) == 0
