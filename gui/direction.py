"""Texts of a left-to-right language inside a window laid out from right to left.

Lists, tables and buttons take a text's direction from the window's: "1. Workload" would read
"Workload .1", "Open…" would read "…Open". Signs that isolate a text give it the direction of its
own first letter (Unicode Standard Annex 9).
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

_ISOLATE, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def in_order(text: str) -> str:
    """A text as it reads in its own language, whatever direction the window has."""
    if not text or QApplication.layoutDirection() == Qt.LayoutDirection.LeftToRight:
        return text
    return f"{_ISOLATE}{text}{_END}"
