"""What defaults carry, held against the same case asked without anything beyond them."""

from __future__ import annotations

from typing import Any

import pytest

from core.language import speaking
from core.recommendation import Option, Recommendation
from tests.core.assess.cases import every, run


def calm(**values: Any) -> Recommendation:
    """Poisson arrivals: a replica carries the same however many share the load."""
    return run(site__venues=("on_premises",), workload__arrival_cv=1.0, **values)


def served(answer: Recommendation) -> dict[str, Option]:
    return {o.id: o for o in every(answer) if o.servings and o.servings[0].capacity_req_s}


def per_accelerator(option: Option) -> float:
    serving = option.servings[0]
    return (serving.capacity_req_s or 0.0) / serving.accelerators_per_replica


@pytest.mark.parametrize("drafts", [0.0, 2.0])
def test_defaults_carry_what_is_found_where_nothing_else_may_be_used(drafts: float) -> None:
    plain = served(calm(workload__lowest_precision="bf16"))
    tuned = served(calm(workload__speculative_tokens=drafts))
    held = 0
    for key in plain.keys() & tuned.keys():
        size = plain[key].servings[0].accelerators_per_replica
        ratio = dict(tuned[key].servings[0].at_defaults)[size]
        found = ratio * per_accelerator(tuned[key])  # each is found by bisection
        assert found == pytest.approx(per_accelerator(plain[key]), rel=1e-4)
        assert tuned[key].servings[0].draft_tokens == drafts
        held += 1
    assert held >= 3


def test_a_configuration_at_defaults_is_its_own_measure() -> None:
    for option in served(calm(workload__lowest_precision="bf16")).values():
        serving = option.servings[0]
        assert dict(serving.at_defaults)[serving.accelerators_per_replica] == pytest.approx(1.0)
        assert "Runs on defaults" in next(s.reason for s in option.scores if s.key == "tuning")


def test_points_do_not_depend_on_the_language() -> None:
    """Neither the skill that a configuration takes nor what it uses is read from its words."""
    wanted: dict[str, Any] = {
        "workload__model": "Qwen/Qwen3-Coder-480B-A35B-Instruct",
        "workload__speculative_tokens": 2.0,
    }

    def points() -> dict[str, dict[str, float | None]]:
        found = every(run(**wanted))
        return {o.id: {s.key: s.value for s in o.scores} for o in found}

    english = points()
    with speaking("de"):
        assert points() == english
