"""Half of the analysis in a copy of this process, where there is a second processor for it."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")


def can_fork() -> bool:
    """Whether a copy is cheap and safe: on Linux, no other thread, a second processor.

    A window has threads, so that its analyses stay in one process.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return False
    if threading.get_ident() != threading.main_thread().ident:
        return False  # a thread that Python did not start, as Qt's are, is not counted above
    return len(os.sched_getaffinity(0)) > 1


def aside(work: Callable[[], T]) -> Callable[[], T]:
    """Start ``work`` in a copy of this process; what is returned waits for its result.

    Where that cannot be, or the copy comes to nothing, the work is done when its result is asked
    for. ``work`` changes nothing outside itself and its result can be pickled.
    """
    if not can_fork():
        return work
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_work_and_send, args=(work, sending), daemon=True)
    with warnings.catch_warnings():
        # Python 3.12 warns of threads that numpy's library keeps; it renews them in the copy
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    sending.close()

    def fetch() -> T:
        try:
            result: T = receiving.recv()
        except EOFError:  # an error, or killed: the same work here tells what it was
            result = work()
        process.join()
        return result

    return fetch


def _work_and_send(work: Callable[[], T], sending: Connection) -> None:
    try:
        sending.send(work())
    except BaseException:  # reported by doing the work again where it is seen
        os._exit(1)
