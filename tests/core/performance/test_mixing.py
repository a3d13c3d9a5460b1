"""Mixing of steps: exact on linear iterations, and only of the last steps."""

from __future__ import annotations

import numpy as np
import pytest

from core.performance.mixing import REMEMBERED, Mixing


def test_the_first_step_has_nothing_to_mix() -> None:
    assert Mixing().proposal(np.zeros(2), np.ones(2), np.ones(2)) is None


def test_a_linear_iteration_ends_after_as_many_steps_as_it_has_directions() -> None:
    """x -> A (x - end) + end with slow and fast directions: mixing solves it as GMRES would."""
    shrink, end = np.diag([0.99, 0.9, 0.5]), np.array([3.0, -2.0, 1.0])
    mixing, point = Mixing(), np.zeros(3)
    plain = point
    for _step in range(5):
        move = shrink @ (point - end) + end - point
        mixed = mixing.proposal(point, move, np.array([1.0, 2.0, 3.0]))
        point = point + move if mixed is None else mixed
        plain = shrink @ (plain - end) + end
    assert point == pytest.approx(end, abs=1e-6)
    assert abs(plain[0] - end[0]) > 2.8


def test_only_the_last_steps_count() -> None:
    random = np.random.default_rng(4)
    steps = [(random.normal(size=9), random.normal(size=9)) for _ in range(REMEMBERED + 6)]
    long, short = Mixing(), Mixing()
    for point, move in steps:
        found = long.proposal(point, move, np.ones(9))
    for point, move in steps[-REMEMBERED:]:
        again = short.proposal(point, move, np.ones(9))
    assert found is not None
    assert again is not None
    assert found == pytest.approx(again)
