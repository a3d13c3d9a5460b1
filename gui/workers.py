"""Work away from the window: one queue, one thread, and only the newest answer counts."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from typing import Any
from weakref import WeakSet

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, SignalInstance

log = logging.getLogger(__name__)
_callers: WeakSet[Newest] = WeakSet()


PROGRESS_S = 0.06
"""How often progress is told at most: a bar moves no smoother with more."""


class CancelledError(Exception):
    """Raised inside work whose answer nobody waits for any more."""


class Ticket:
    """One piece of work under way; the work asks it whether to go on."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._cancelled = threading.Event()
        self._last_told = time.monotonic()

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether the answer is no longer wanted."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise ``CancelledError`` where the answer is no longer wanted."""
        if self._cancelled.is_set():
            raise CancelledError

    def progress(self, signal: SignalInstance, *values: object) -> None:
        """Like ``tell``, but for words that may be left out: a step that is soon over has none.

        Whoever emits hands the interpreter over and gets it back milliseconds later.
        """
        self.check()
        now = time.monotonic()
        if now - self._last_told >= PROGRESS_S:
            self._last_told = now
            self.tell(signal, *values)

    def tell(self, signal: SignalInstance, *values: object) -> None:
        """Emit a signal from the work; ``CancelledError`` where nobody is left to hear it.

        Whoever asked may go between the question whether it is there and the emission.
        """
        self.check()
        try:
            signal.emit(self, *values)
        except RuntimeError:
            self.cancel()
            raise CancelledError from None


class _Run(QRunnable):
    """Carries a call into the pool's thread and its outcome back by a queued signal."""

    def __init__(self, owner: Newest, ticket: Ticket, work: Callable[[Ticket], Any]) -> None:
        super().__init__()
        self._owner, self._ticket, self._work = owner, ticket, work
        self._arrived = owner.arrived
        # The work speaks the language of whoever asked for it.
        self._context = copy_context()

    def run(self) -> None:
        result, error = None, None
        try:
            self._ticket.check()
            result = self._context.run(self._work, self._ticket)
        except CancelledError:
            return
        except Exception as problem:
            # Whatever the work raises belongs to whoever asked for it, never to the thread.
            log.info("background work failed", exc_info=True)
            error = problem
        with contextlib.suppress(CancelledError):
            self._ticket.tell(self._arrived, result, error)


def at_work() -> bool:
    """Whether anything is awaited from the background, by any window."""
    return any(caller.running for caller in _callers)


class Newest(QObject):
    """Runs calls one at a time; a new call makes the earlier ones' answers worthless.

    ``done(result)`` or ``failed(exception)`` come in the thread of this object, for the newest
    call only. ``close`` waits until nothing runs.
    """

    done = Signal(object)
    failed = Signal(object)
    arrived = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(5_000)
        self._ticket: Ticket | None = None
        self._count = 0
        self._closed = False
        _callers.add(self)
        # An owner may be taken down without ``close``; its pool then waits for the work, which
        # must not go on for nobody. The latest ticket is kept beside this object, which is gone.
        latest = self._latest = [Ticket(0)]
        self.destroyed.connect(lambda: latest[0].cancel())
        self.arrived.connect(self._receive)

    def heard_by(self, done: Callable[[Any], None], failed: Callable[[Exception], None]) -> Newest:
        """Connect what takes an answer and what takes an error; returns itself."""
        self.done.connect(done)
        self.failed.connect(failed)
        return self

    @property
    def running(self) -> bool:
        """Whether an answer is awaited."""
        return self._ticket is not None

    def start(self, work: Callable[[Ticket], Any]) -> None:
        """Run ``work(ticket)`` in the background, giving up what was asked before."""
        if self._closed:
            return
        self.cancel()
        self._count += 1
        self._ticket = self._latest[0] = Ticket(self._count)
        self._pool.start(_Run(self, self._ticket, work))

    def cancel(self) -> None:
        """Give up what was asked."""
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None

    def close(self) -> None:
        """Give up what was asked and wait until the thread is idle."""
        self._closed = True
        self.cancel()
        self._pool.clear()
        self._pool.waitForDone()

    def _receive(self, ticket: Ticket, result: Any, error: Exception | None) -> None:
        if ticket is not self._ticket:
            return
        self._ticket = None
        if error is not None:
            self.failed.emit(error)
        else:
            self.done.emit(result)
