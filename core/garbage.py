"""Python's search for garbage, put off while much is made that stays.

An answer is hundreds of thousands of records that all live on and refer to each other in no
circle. The automatic collector, which looks through what is new after every 700 objects, finds
nothing among them and takes a tenth of the time.
"""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Iterator

_lock = threading.Lock()
_under_way = 0
_was_on = False


@contextlib.contextmanager
def put_off() -> Iterator[None]:
    """No automatic collection inside a ``with`` block, nor in blocks of other threads.

    Whoever had switched it off already (the window does) finds it off afterwards.
    """
    global _under_way, _was_on
    with _lock:
        _under_way += 1
        if _under_way == 1:
            _was_on = gc.isenabled()
            gc.disable()
    try:
        yield
    finally:
        with _lock:
            _under_way -= 1
            if not _under_way and _was_on:
                _count_as_old()
                gc.enable()


def _count_as_old() -> None:
    """Put what was made among the old objects, or the next new one has all of it looked through.

    Not where somebody has frozen objects: those would thaw.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()
