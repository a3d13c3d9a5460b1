"""Bracketing and bisection against conditions whose turning point is known."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.search import Turn, first, ladder, narrowed


@given(root=st.floats(1.0, 1e6), up=st.booleans())
def test_the_turning_point_is_found_from_either_side(root: float, up: bool) -> None:
    def holds(value: float) -> bool:
        return value >= root if up else value <= root

    values = ladder(0.5, 4e6) if up else ladder(4e6, 0.5)
    turn = first(holds, values)
    assert turn is not None
    found = narrowed(holds, turn)
    assert holds(found.holds) and not holds(found.fails)
    assert found.holds == pytest.approx(root, rel=0.015)  # three figures, rounded outward


@given(root=st.integers(2, 10**9))
def test_whole_numbers_are_found_exactly(root: int) -> None:
    found = narrowed(lambda v: v >= root, Turn(4e9, 1.0), whole=True)
    assert (found.holds, found.fails) == (root, root - 1)


def test_what_is_told_was_tried() -> None:
    tried: list[float] = []

    def holds(value: float) -> bool:
        tried.append(value)
        return value >= math.pi

    found = narrowed(holds, Turn(10.0, 1.0))
    assert found.holds == 3.15
    assert found.holds in tried


def test_nothing_in_range() -> None:
    assert first(lambda value: False, ladder(1.0, 100.0)) is None


def test_a_ladder_reaches_its_end() -> None:
    assert ladder(1.0, 5.0) == [1.0, 2.0, 4.0, 5.0]
    assert ladder(8.0, 3.0) == [8.0, 4.0, 3.0]


def test_around_zero_a_turn_is_narrowed_to_a_width_of_its_own() -> None:
    """A share of a value near zero would never be reached; one point of a percent is enough."""
    asked: list[float] = []

    def falls(rate: float) -> bool:
        asked.append(rate)
        return rate <= -0.0004

    turn = narrowed(falls, Turn(holds=-0.2, fails=0.1), share=0.05, close=0.01)
    assert turn.holds <= -0.0004 < turn.fails
    assert abs(turn.holds - turn.fails) <= 0.011
    assert len(asked) <= 8
