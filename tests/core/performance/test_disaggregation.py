"""Separate prefill and decode pools: rates matched by hand, and what the split must change."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from core.catalog.load import load_catalog
from core.performance import disaggregation as split
from core.performance import engine, step_time
from core.performance.types import RequestProfile, Targets
from tests.core.performance.test_step_time import table

CATALOG = load_catalog()
LLAMA = CATALOG.resolve_model("Llama-3.3-70B")
H100 = CATALOG.resolve_accelerator("h100-sxm")
LONG = RequestProfile(6000, 9000, 300, 600)
TARGETS = Targets(ttft_ms=3000.0, tpot_ms=40.0)


def rows(*tp):
    """Llama 70B in FP8 on H100, one row per tensor-parallel degree."""
    n = len(tp)
    found = table(LLAMA, H100, n=n, weight_precision=np.array(["fp8"] * n, dtype=object))
    return dataclasses.replace(found, tp=np.array(tp))


def rates(prefill, decode):
    a, b = np.array(prefill, dtype=float), np.array(decode, dtype=float)
    return split.Pools(a, b, 0 * a, 0 * a, 0 * b)


def test_rates_are_matched_as_by_hand():
    # One prefill replica serves 2 a second, one decode replica 6: three to one serve 6 on
    # 4 x 2 accelerators.
    unit = split.matched(rows(2), rates([2.0], [6.0]))
    assert (unit.prefill_replicas, unit.decode_replicas) == (3, 1)
    assert (unit.req_s, unit.accelerators) == (6.0, 8)
    assert unit.req_s_per_accelerator == pytest.approx(0.75)


def test_each_role_takes_the_row_that_serves_most_per_accelerator():
    # Prefill: 3/2 beats 4/4 a second per accelerator; decode: 12/4 beats 4/2.
    unit = split.matched(rows(2, 4), rates([3.0, 4.0], [4.0, 12.0]))
    assert (unit.prefill_row, unit.decode_row) == (0, 1)
    assert (unit.prefill_replicas, unit.decode_replicas) == (4, 1)


@pytest.mark.parametrize(("r_p", "r_d"), [(1.0, 1.0), (2.3, 7.9), (11.0, 3.1), (1.0, 40.0)])
def test_whole_replicas_come_near_the_bound_of_pools_of_any_size(r_p, r_d):
    unit = split.matched(rows(2), rates([r_p], [r_d]))
    bound = 1.0 / (2.0 / r_p + 2.0 / r_d)
    assert 0.85 * bound <= unit.req_s_per_accelerator <= bound * (1 + 1e-9)
    assert unit.prefill_replicas + unit.decode_replicas <= split.MOST_REPLICAS


def test_a_role_that_nobody_can_play_leaves_no_unit():
    assert split.matched(rows(2), rates([0.0], [5.0])) is None
    assert split.matched(rows(2), rates([5.0], [0.0])) is None


def test_the_hand_over_is_the_kv_cache_over_the_port():
    # 6,000 tokens of 320 KiB (80 layers, 8 heads, K and V, 128, 16 bits) over four ports of
    # 50 GB/s, and 4 % of unused blocks.
    assert split.transfer_ms(rows(4), LONG)[0] == pytest.approx(
        6000 * 327_680 * 1.04 / (4 * 50e9) * 1e3, rel=1e-3
    )
    assert split.transfer_ms(rows(4), LONG, 25.0)[0] == pytest.approx(
        2 * split.transfer_ms(rows(4), LONG)[0]
    )


def test_decode_without_prompts_keeps_a_tighter_tpot():
    """Long prompts delay every decode that shares their replica; apart, none."""
    whole = rows(4)
    tight = Targets(ttft_ms=6000.0, tpot_ms=26.0, percentile="p99")
    together = engine.capacity(whole, LONG, tight, 0.0)
    unit = split.matched(whole, split.pools(whole, LONG, tight))
    assert together.binding[0] == "tpot"
    assert unit.req_s_per_accelerator > 1.2 * together.req_s[0] / 4


def test_splitting_gains_no_work_where_nothing_is_limited():
    """Without targets both ways do the same work: the split only loses to whole replicas."""
    whole = rows(4)
    together = engine.capacity(whole, LONG, Targets(), 0.0).req_s[0] / 4
    apart = split.matched(whole, split.pools(whole, LONG, Targets()))
    assert apart.req_s_per_accelerator == pytest.approx(together, rel=0.35)


def test_a_slow_network_costs_ttft_and_bounds_the_prefill_pool():
    fast, slow = (split.pools(rows(4), LONG, TARGETS, transfer_gb_s=x) for x in (50.0, 0.2))
    assert slow.ttft_alone_ms[0] - fast.ttft_alone_ms[0] == pytest.approx(
        slow.transfer_ms[0] - fast.transfer_ms[0]
    )
    assert slow.prefill_req_s[0] < fast.prefill_req_s[0]
    assert slow.prefill_req_s[0] <= 1e3 / slow.transfer_ms[0]
    assert slow.decode_req_s[0] == fast.decode_req_s[0]


def test_longer_answers_ask_for_more_decode_replicas():
    def share(output):
        unit = split.matched(
            rows(4),
            split.pools(rows(4), RequestProfile(2000, 3000, output, 2 * output), TARGETS),
        )
        return unit.decode_replicas / (unit.prefill_replicas + unit.decode_replicas)

    assert share(50) < share(400) < share(3000)


def test_a_limit_on_the_whole_answer_binds_both_pools():
    free = split.pools(rows(4), LONG, Targets(e2e_ms=60_000.0))
    tight = split.pools(rows(4), LONG, Targets(e2e_ms=9_000.0))
    assert tight.prefill_req_s[0] < free.prefill_req_s[0]
    assert tight.decode_req_s[0] < free.decode_req_s[0]


def test_where_the_model_does_not_fit_no_role_is_played():
    # 70 GB of weights leave nothing of an H100's 80.
    both = split.pools(rows(1, 2), LONG, TARGETS)
    assert both.prefill_req_s[0] == both.decode_req_s[0] == 0.0
    assert both.prefill_req_s[1] > 0 and both.decode_req_s[1] > 0


def test_an_empty_table_has_no_unit():
    empty = rows()
    assert split.matched(empty, split.pools(empty, LONG, TARGETS)) is None


def test_a_lone_first_token_comes_through_both_engines():
    """Prefill replica's own, the transfer, then router and the second engine's handling."""
    prompts = dataclasses.replace(LONG, output_tokens_mean=1.0, output_tokens_p95=1.0)
    first = engine.capacity(rows(4), prompts, Targets(), 0.0).lone_request.ttft_ms.p50[0]
    both = split.pools(rows(4), LONG, TARGETS)
    added = both.ttft_alone_ms[0] - first - both.transfer_ms[0]
    q = step_time.setting(rows(4)).q
    assert added == pytest.approx(85.0 + float(q["prompt_ms"][0, 0]))


def test_in_company_a_request_is_let_in_between_steps():
    q = {"prompt_ms": 20.0, "step_wait": 3.0}
    alone, two, many = (float(split.admission_seconds(q, 0.01, n)) for n in (1.0, 2.0, 1e9))
    assert alone == pytest.approx(0.105)
    assert two == pytest.approx(0.12)  # the other one steps half of the time
    assert many == pytest.approx(0.135)


def test_a_slack_limit_on_the_first_token_leaves_time_for_the_answer():
    """A whole answer in 20 s and a first token in 30: the latter limits nothing."""
    tight = Targets(e2e_ms=20_000.0)
    slack = Targets(e2e_ms=20_000.0, ttft_ms=30_000.0)
    alone, both = (split.pools(rows(4, 8), LONG, targets) for targets in (tight, slack))
    assert np.all(both.decode_req_s > 0)
    assert both.decode_req_s == pytest.approx(alone.decode_req_s)
    assert both.prefill_req_s == pytest.approx(alone.prefill_req_s)
