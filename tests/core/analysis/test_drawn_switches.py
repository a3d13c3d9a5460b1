"""Which switch points lie within what the futures draw."""

from __future__ import annotations

import dataclasses

import pytest

from core.analysis.drawn_switches import within_draws
from core.assessment import Assessment
from core.recommendation import SwitchPoint


@pytest.mark.parametrize(
    ("path", "value", "inside"),
    [
        ("answer_length", 1.2, True),  # answers are drawn with P90 at 1.4 times
        ("answer_length", 1.5, False),
        ("load", 0.75, True),
        ("load", 1.9, False),
        ("workloads.growth_per_year", 0.28, True),  # 20 % stated, 10 points either way
        ("workloads.growth_per_year", 0.35, False),
        ("economics.horizon_years", 4.0, False),  # not drawn at all
    ],
)
def test_only_between_p10_and_p90_of_what_is_drawn(path: str, value: float, inside: bool) -> None:
    point = SwitchPoint(path, "Input", "now", "then", "Other", True, "", value)
    assert bool(within_draws([point], Assessment())) is inside
    assert not within_draws([dataclasses.replace(point, verified=False)], Assessment())
