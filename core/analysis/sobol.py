"""Sobol points: futures that cover every combination of uncertain inputs evenly.

The same points as those of ``scipy.stats.qmc`` (a test compares them), from the direction numbers
of Joe and Kuo, SIAM J. Sci. Comput. 30, 2008: importing scipy alone took longer than everything
that is done with the points.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from core.performance.types import Floats

_BITS = 30
_HEADER_LINES = 3


@cache
def _directions() -> NDArray[np.uint32]:
    """Direction numbers, shape (dimensions, bits)."""
    table = files("resources").joinpath("sampling", "sobol_directions.csv")
    with table.open(encoding="utf-8") as lines:
        numbers = np.loadtxt(lines, delimiter=",", skiprows=_HEADER_LINES, dtype=np.uint32)
    return np.asarray(numbers[:, 1:])


def points(dimensions: int, power: int) -> NDArray[np.uint32]:
    """The first ``2**power`` points as 30-bit integers, shape (points, dimensions).

    Raises ``ValueError`` for more dimensions than there are direction numbers (64).
    """
    directions = _directions()
    if not 1 <= dimensions <= len(directions):
        raise ValueError(f"{dimensions} dimensions: 1 to {len(directions)} are possible")
    order = np.arange(2**power, dtype=np.uint32)
    gray = order ^ (order >> 1)
    found = np.zeros((len(order), dimensions), dtype=np.uint32)
    for bit in range(power):
        chosen = (gray >> bit) & 1
        found ^= chosen[:, None] * directions[None, :dimensions, bit]
    return found


@lru_cache(maxsize=4)
def normal_draws(dimensions: int, power: int, seed: int) -> Floats:
    """Standard normal values, shape (2**power, dimensions), the same for the same seed.

    The points are shifted by a random number per dimension, bit by bit (a digital shift): every
    value is then uniform, and the even cover is kept. Drawn once: not to be written to.
    """
    shift = np.random.default_rng(seed).integers(0, 2**_BITS, dimensions, dtype=np.uint32)
    uniform = ((points(dimensions, power) ^ shift).astype(np.float64) + 0.5) / 2.0**_BITS
    quantile = NormalDist().inv_cdf
    normal = np.fromiter(map(quantile, uniform.ravel().tolist()), np.float64, uniform.size)
    normal.flags.writeable = False
    return normal.reshape(uniform.shape)
