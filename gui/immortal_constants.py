"""Keeps ``None``, ``True`` and ``False`` alive under PySide6 6.12.0 on Python 3.11.

There every call into Qt that returns one of them gives back a reference it never took: a timer's
``start`` drops one to ``None``, a signal's ``emit`` one to ``True``. After some thousand calls the
interpreter aborts ("deallocating None"). From Python 3.12 on these objects are immortal and
nothing has to be done.
"""

from __future__ import annotations

import sys

ENOUGH = 1 << 40
"""References in reserve: at a million calls a second they last for twelve days."""


def keep_constants_alive() -> None:
    """Add references that nobody will give back (once; later calls do nothing)."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    # Only builds for debugging put something before the count, the first word of every object.
    if hasattr(sys, "getobjects"):
        return
    import ctypes

    for constant in (None, True, False):
        if sys.getrefcount(constant) < ENOUGH // 2:
            ctypes.c_ssize_t.from_address(id(constant)).value += ENOUGH
