"""Whether anybody types, clicks or moves the mouse: what can wait should not get in the way."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

_MOVES = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.InputMethod,
    )
)


class Hands(QObject):
    """Notices input as the system gives it to windows, before any widget has it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._moved = False

    def watch(self, window: QWidget) -> None:
        """Notice what is done in a window, from now on; it must be shown."""
        # Not the program's own events: each would wait for Python while something is computed.
        handle = window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def moved(self) -> bool:
        """Whether there was input since this was last asked."""
        moved, self._moved = self._moved, False
        return moved

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._moved = True
        return False
