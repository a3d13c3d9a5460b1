"""How work follows lengths: by hand, and against a re-run at a length between."""

from __future__ import annotations

import dataclasses

import pytest

from core.analysis import length_effects
from core.analysis.length_effects import STEEPEST, Work, elasticity, work_of, work_per_request
from core.analysis.narrow import Narrow
from core.analysis.uncertain_inputs import PREFIX_POINTS
from core.recommendation import Option, Recommendation
from tests.core.assess.cases import run, small_catalog
from tests.core.decision import builders


def option(capacity: float | None) -> Option:
    serving = builders.serving(
        capacity_req_s=capacity, peak_req_s_by_year=(10.0, 20.0), accelerators_per_replica=4
    )
    return builders.option("own", servings=(serving,))


def test_the_workload_with_most_prompt_tokens_a_second_counts_for_the_cache() -> None:
    """A rare long prompt does not outweigh many short ones; shares fall by the same points."""
    one = run().assessment.workloads[0]
    rare = dataclasses.replace(
        one,
        name="Rare",
        input_tokens_mean=9_000.0,
        input_tokens_p95=9_500.0,
        prefix_cache_share=0.9,
    )
    often = dataclasses.replace(
        one, name="Often", input_tokens_mean=900.0, input_tokens_p95=950.0, prefix_cache_share=0.5
    )
    stated = dataclasses.replace(run().assessment, workloads=(rare, often))
    _asked, factor = length_effects._fresh(stated, {"Rare": 0.01, "Often": 10.0})
    assert factor == pytest.approx((1.0 - 0.5 + PREFIX_POINTS) / (1.0 - 0.5))


def test_elasticity_by_hand() -> None:
    # 30 requests/s through replicas of 4 that carry 5 each keep 24 accelerators busy.
    assert work_per_request(option(5.0), [30.0]) == pytest.approx(24.0)
    # Half as much carried at twice the length: in proportion; a quarter: as its square.
    assert elasticity(option(5.0), option(2.5), 2.0) == pytest.approx(1.0)
    assert elasticity(option(5.0), option(1.25), 2.0) == pytest.approx(2.0)
    # Half the prompts fresh and 1.41 times carried: as the root.
    assert elasticity(option(5.0), option(5.0 * 2**0.5), 0.5) == pytest.approx(0.5)
    assert elasticity(option(5.0), option(1e-9), 1.1) == STEEPEST
    for unknown in (None, option(0.0), option(None)):
        assert elasticity(option(5.0), unknown, 2.0) is None
    assert Work.by_time(0.3) == Work(0.3, 0.7, 0.3)


@pytest.fixture(scope="module")
def answer() -> Recommendation:
    return run(site__venues=("on_premises",), workload__growth_per_year=0.0)


def test_a_length_between_takes_what_the_power_says(answer: Recommendation) -> None:
    narrow = Narrow(answer, small_catalog(), 4)
    found = work_of(narrow, {o.id: 0.5 for o in narrow.options})
    workload = answer.assessment.workloads[0]
    for factor in (0.85, 1.15):
        longer = dataclasses.replace(
            workload,
            input_tokens_mean=workload.input_tokens_mean * factor,
            input_tokens_p95=workload.input_tokens_p95 * factor,
        )
        again = narrow.run(dataclasses.replace(answer.assessment, workloads=(longer,))).by_id()
        for one in narrow.options:
            before, after = (work_per_request(o, [1.0]) for o in (one, again[one.id]))
            assert before and after
            assert after / before == pytest.approx(factor ** found[one.id].prompts, rel=0.08)
