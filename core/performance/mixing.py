"""Anderson's mixing: a better next point from the last few steps of an iteration.

Steps of a robust fit are short where the data hardly tells two quantities apart, and repeat each
other. The combination of the last steps whose changes cancel the present step best is where they
were going (Anderson 1965; Walker and Ni, SIAM J. Numer. Anal. 49, 2011).
"""

from __future__ import annotations

import numpy as np

from core.performance.types import Floats

REMEMBERED = 5
"""Steps that are combined."""


class Mixing:
    """The last points of an iteration and the step that each proposed."""

    def __init__(self) -> None:
        self._points: list[Floats] = []
        self._moves: list[Floats] = []

    def proposal(self, point: Floats, move: Floats, scale: Floats) -> Floats | None:
        """Where to go from ``point`` instead of ``point + move``; ``None`` with no past.

        ``scale`` weighs each parameter's part of a step, all of shape (parameters,).
        """
        self._points = [*self._points, point][-REMEMBERED:]
        self._moves = [*self._moves, move][-REMEMBERED:]
        if len(self._points) == 1:
            return None
        changes = np.stack([(move - m) * scale for m in self._moves[:-1]], axis=1)
        shares = np.linalg.lstsq(changes, move * scale, rcond=1e-8)[0]
        reached = point + move
        found = reached.copy()
        for share, p, m in zip(shares.tolist(), self._points[:-1], self._moves[:-1], strict=True):
            found -= share * (reached - (p + m))
        return found
