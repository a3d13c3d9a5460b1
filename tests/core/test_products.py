"""Sums of products: right, and the same however the arrays lie in memory."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.products import dot, dots, product

DRAWN = np.random.default_rng(5).lognormal(0.0, 3.0, size=(512, 7))
WEIGHTS = np.random.default_rng(6).normal(size=(7, 4))


def elsewhere(values: np.ndarray, offset: int) -> np.ndarray:
    """A copy that begins so many doubles into a block of memory."""
    block = np.empty(values.size + offset)
    block[offset:] = values.ravel()
    return block[offset:].reshape(values.shape)


def test_products_by_hand() -> None:
    assert dot(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])) == 32.0
    left = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    assert product(left, np.array([10.0, 1.0])).tolist() == [12.0, 34.0, 56.0]
    right = np.array([[10.0, 0.0], [1.0, 2.0]])
    assert product(left, right).tolist() == [[12.0, 4.0], [34.0, 8.0], [56.0, 12.0]]


def test_products_against_exact_sums() -> None:
    expected = [math.fsum(row * WEIGHTS[:, 0]) for row in DRAWN]
    assert product(DRAWN, WEIGHTS[:, 0]) == pytest.approx(expected, rel=1e-12, abs=1e-9)
    assert dot(DRAWN[:, 0], DRAWN[:, 1]) == pytest.approx(
        math.fsum(DRAWN[:, 0] * DRAWN[:, 1]), rel=1e-12
    )


def test_rows_are_each_the_product_of_two_arrays() -> None:
    assert dots(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0])).tolist() == [17.0, 39.0]
    flags = DRAWN.T > 1.0
    assert dots(flags, DRAWN[:, 0]).tolist() == [dot(row, DRAWN[:, 0]) for row in flags]


@pytest.mark.parametrize("offset", [1, 2, 3, 5])
def test_the_last_digit_does_not_depend_on_where_an_array_lies(offset: int) -> None:
    there, weights = elsewhere(DRAWN, offset), elsewhere(WEIGHTS, offset)
    assert np.array_equal(product(there, weights), product(DRAWN, WEIGHTS))
    assert np.array_equal(product(np.asfortranarray(there), weights), product(DRAWN, WEIGHTS))
    # of a part of the rows, as when the work is shared
    assert np.array_equal(product(there[3:200], weights), product(DRAWN, WEIGHTS)[3:200])
    column = elsewhere(DRAWN[:, 0], offset)
    assert dot(column, column) == dot(DRAWN[:, 0].copy(), DRAWN[:, 0].copy())


def test_rows_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        product(DRAWN, WEIGHTS[:-1])
