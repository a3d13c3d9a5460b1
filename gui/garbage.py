"""Collects Python's garbage in the window's own thread only.

Python collects in whatever thread happens to allocate. In a worker's thread that would take
widgets apart which belong to the window's, and end the program. So the automatic collector is
off while windows are open, and a timer does its work here, when nothing has been computed and
nobody has touched keys or mouse for a while: a collection looks through all that is new, the answer
just given too, which would hold up whoever is waiting for the next one or turning a page.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1500
SOON_MS = 100
"""A collection that waits is tried again so soon."""
QUIET_TURNS = 20
"""It waits until nothing was computed and nobody did anything so many times in a row: the analysis
follows its answer, and who types follows an answer with the next edit."""
PATIENCE = 3_000
"""It waits so many times at most, then it is made all the same ..."""
MOST_NEW = 1_000_000
"""... and so it is where so many objects are new: an answer with its analysis has a fifth of it."""
THRESHOLDS = (2_000, 15, 20)
"""New objects, young collections and middle ones after which the next generation is collected."""


class Collector(QObject):
    """Switches the automatic collector off until ``close``.

    ``computing`` says whether something is being computed, ``moving`` whether there was input since
    it was last asked: until ``QUIET_TURNS`` after them a collection waits, at most ``PATIENCE``
    times and for ``MOST_NEW`` objects.
    """

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        computing: Callable[[], bool] = lambda: False,
        moving: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(parent)
        self._computing, self._moving, self._settling = computing, moving, False
        self._put_off, self._quiet = 0, QUIET_TURNS
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
        busy = self._settling or self._moving() or self._computing()
        self._quiet = 0 if busy else self._quiet + 1
        if self._quiet < QUIET_TURNS and not self._overdue():
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

    def _overdue(self) -> bool:
        return self._put_off >= PATIENCE or gc.get_count()[0] > MOST_NEW

    def close(self) -> None:
        """Leave collecting to Python again."""
        self._timer.stop()
        gc.enable()
