"""Products of arrays whose last digit is the same on every run.

NumPy hands ``@`` on floating-point arrays to BLAS, which adds in an order that depends on the
number of its threads and on where the arrays happen to lie in memory; a report must come out the
same to the byte. Here every sum has one order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[Any]


def dot(left: Numbers, right: Numbers) -> float:
    """The sum of the products of two arrays of one shape (n,)."""
    return float((left * right).sum())


def dots(rows: Numbers, right: Numbers) -> Floats:
    """``dot`` of each row of an array (m, n) with one of shape (n,)."""
    return np.asarray(np.multiply(rows, right, order="C").sum(axis=1))


def product(left: Floats, right: Floats) -> Floats:
    """The matrix product, ``left`` of shape (n, k), ``right`` (k,) or (k, m), for a small k."""
    tall = right.ndim > 1
    total = np.zeros((len(left), *right.shape[1:]))
    for column, row in zip(left.T, right, strict=True):
        total += column[:, None] * row if tall else column * row
    return total
