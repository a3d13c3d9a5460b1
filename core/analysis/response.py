"""What follows several drawn inputs together, between the points where it was computed.

A regression between re-runs of the engine: a straight plane, and what lies off it smoothly between
neighbouring points (kriging, a Gaussian process with a linear and a squared exponential kernel;
Rasmussen and Williams, Gaussian Processes for Machine Learning, MIT Press 2006, chapter 2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.performance.types import Floats
from core.products import product


@dataclass(frozen=True)
class Kind:
    """How what is asked for behaves between the places where it is known."""

    reach: float
    """How far a point tells of others, in the units of the points (standard deviations of a
    draw)."""
    plane: float
    """Variance of a plane's slopes against that of what lies off it."""
    steps: float
    """Share that is not smooth: whole servers, another configuration (a nugget)."""


STEPPED = Kind(4.0, 0.5, 0.01)
SMOOTH = Kind(20.0, 1.0, 1e-6)
"""What configurations carry and how a lone request does. Of the reaches and shares tried (3 to 40,
1e-4 to 1e-7) the one with which each run of four examples is told best by all the others."""


@dataclass(frozen=True)
class Response:
    """Several quantities as functions of a place; exact at the first of the known places."""

    places: Floats
    """Where they are known, shape (known, dimensions)."""
    pull: Floats
    """Of each known place on each quantity, shape (known, quantities)."""
    base: Floats
    """The quantities at the first known place, shape (quantities,)."""
    slips: Floats
    """What each known place lies above what all the others say of it, shape (known, quantities)."""
    kind: Kind = STEPPED

    @classmethod
    def through(cls, places: Floats, values: Floats, kind: Kind = STEPPED) -> Response:
        """From values at some places, shape (known, quantities)."""
        noise = kind.steps * np.eye(len(places))
        inverse = _solved(_kernel(places, places, kind) + noise, np.eye(len(places)))
        pull = product(inverse, values - values[0])
        # of a process without one observation, from all of them (Rasmussen and Williams, 5.12)
        return cls(places, pull, values[0], pull / np.diagonal(inverse)[:, None], kind)

    @classmethod
    def constant(cls, values: Floats, dimensions: int) -> Response:
        """The same everywhere."""
        return cls.through(np.zeros((1, dimensions)), values[None, :])

    def at(self, places: Floats) -> Floats:
        """The quantities at other places, shape (n, quantities)."""
        kind = self.kind
        here = _kernel(places, self.places, kind) - _kernel(self.places[:1], self.places, kind)
        return np.asarray(self.base + product(here, self.pull))


def _kernel(one: Floats, other: Floats, kind: Kind) -> Floats:
    plane = product(one, other.T)
    of_one, of_other = (one**2).sum(axis=1), (other**2).sum(axis=1)
    apart = np.maximum(of_one[:, None] + of_other - 2.0 * plane, 0.0)
    return np.asarray(kind.plane * plane + np.exp(-0.5 * apart / kind.reach**2))


def _solved(matrix: Floats, right: Floats) -> Floats:
    """The solution of a symmetric positive definite system, every sum in one order (``products``).

    Gauss-Jordan elimination, which needs no exchange of rows for such a matrix.
    """
    whole = np.concatenate([matrix, right], axis=1)
    for row in range(len(whole)):
        whole[row] /= whole[row, row]
        others = whole[:, row].copy()
        others[row] = 0.0
        whole -= others[:, None] * whole[row]
    return np.asarray(whole[:, len(matrix) :])
