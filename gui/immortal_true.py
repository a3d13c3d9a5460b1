"""Keeps ``True`` alive: on Python 3.11, PySide6 6.12.0 gives back one reference to it too many.

There every ``emit`` of a signal drops a reference to ``True`` that it never took; after several
hundred the interpreter aborts with "deallocating True or False". From Python 3.12 on the object
is immortal and nothing has to be done.
"""

from __future__ import annotations

import sys

ENOUGH = 1 << 40
"""References in reserve: at a thousand signals a second they last for 35 years."""


def keep_true_alive() -> None:
    """Add references to ``True`` that nobody will give back (once; later calls do nothing)."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    if sys.getrefcount(True) > ENOUGH // 2:
        return
    import ctypes

    # The count is the first word of every object; only debugging builds put something before it.
    if not hasattr(sys, "getobjects"):
        ctypes.c_ssize_t.from_address(id(True)).value += ENOUGH
