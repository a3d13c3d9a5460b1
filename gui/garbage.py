"""Collects Python's garbage in the window's own thread only.

Python collects in whatever thread happens to allocate. In a worker's thread that would take
widgets apart which belong to the window's, and end the program. So the automatic collector is
off while windows are open, and a timer does its work here, between answers: a collection looks
through all that is new, which would hold up whoever waits.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1500
SOON_MS = 100
"""A collection that waits for an answer is tried again so soon: what piles up while answer
follows answer would all be looked through at once, in one long gap of the window."""
PATIENCE = 300
"""It waits so many times, then it is made all the same."""
THRESHOLDS = (2_000, 15, 20)
"""New objects, young collections and middle ones after which the next generation is collected."""


class Collector(QObject):
    """Switches the automatic collector off until ``close``.

    ``computing`` says whether something is being computed: then a collection waits, at most
    ``PATIENCE`` times.
    """

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        computing: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(parent)
        self._computing, self._put_off, self._settling = computing, 0, False
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def settle(self) -> None:
        """What is there stays, with the answer that is being computed: never look through it."""
        self._settling = self._computing()
        if self._settling:
            QTimer.singleShot(SOON_MS, self, self.settle)
        else:
            gc.freeze()

    def collect(self) -> None:
        """Collect what the counts ask for, the oldest generation that is due."""
        if self._put_off < PATIENCE and (self._settling or self._computing()):
            self._put_off += 1
            self._timer.start(SOON_MS)
            return
        if self._put_off:
            self._put_off = 0
            self._timer.start(EVERY_MS)
        counts = gc.get_count()
        due = [age for age in (0, 1, 2) if counts[age] > THRESHOLDS[age]]
        if due:
            gc.collect(due[-1])

    def close(self) -> None:
        """Leave collecting to Python again."""
        self._timer.stop()
        gc.enable()
