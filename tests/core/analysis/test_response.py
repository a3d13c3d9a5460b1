"""The fit between re-runs: exact where it must be, smooth between, one order of every sum."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis import sobol
from core.analysis.response import STEPPED, Response, _kernel, _solved


def test_a_plane_is_met_everywhere_and_the_first_place_exactly() -> None:
    places = np.concatenate([np.zeros((1, 3)), sobol.normal_draws(3, 5, 1)])
    plane = (1.0 + places @ np.array([2.0, -1.0, 0.5]))[:, None]
    found = Response.through(places, plane)
    assert found.at(places[:1])[0, 0] == plane[0, 0]
    others = 0.8 * sobol.normal_draws(3, 6, 2)
    wanted = 1.0 + others @ np.array([2.0, -1.0, 0.5])
    assert np.abs(found.at(others)[:, 0] - wanted).mean() < 0.03


def test_what_bends_is_followed_between_the_places() -> None:
    places = np.concatenate([np.zeros((1, 2)), sobol.normal_draws(2, 5, 1)])

    def bent(at: np.ndarray) -> np.ndarray:
        return np.stack([at[:, 0] ** 2, np.exp(0.3 * at[:, 1])], axis=1)

    found = Response.through(places, bent(places))
    others = 0.8 * sobol.normal_draws(2, 6, 2)
    assert np.abs(found.at(others) - bent(others)).mean() < 0.1


def test_one_place_says_the_same_everywhere() -> None:
    same = Response.constant(np.array([3.0, 4.0]), 2)
    assert np.array_equal(same.at(np.array([[9.0, 9.0]])), [[3.0, 4.0]])


def test_the_system_is_solved_as_by_lapack() -> None:
    root = np.random.default_rng(1).normal(size=(12, 12))
    matrix = root @ root.T + np.eye(12)
    right = np.random.default_rng(2).normal(size=(12, 3))
    assert _solved(matrix, right) == pytest.approx(np.linalg.solve(matrix, right))


def test_slips_are_what_is_missed_without_a_place() -> None:
    places = sobol.normal_draws(2, 4, 1)
    values = np.sin(3.0 * places[:, :1])
    found = Response.through(places, values)
    for left_out in (3, 9):
        others = np.delete(np.arange(len(places)), left_out)
        # a fit through the others and the first place, held to the same origin by hand
        known, right = places[others], values[others] - values[0]
        pull = np.linalg.solve(
            _kernel(known, known, STEPPED) + STEPPED.steps * np.eye(len(known)), right
        )
        said = _kernel(places[[left_out]], known, STEPPED) @ pull
        missed = values[left_out] - values[0] - said[0]
        assert found.slips[left_out] == pytest.approx(missed)
