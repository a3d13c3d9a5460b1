"""Which of several workloads the pages show."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class WorkloadCursor(QObject):
    """The workload in view, the same on every page of a window."""

    moved = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._index = 0

    @property
    def index(self) -> int:
        """Position in ``assessment.workloads``."""
        return self._index

    def move(self, index: int) -> None:
        """Show another workload."""
        if index != self._index and index >= 0:
            self._index = index
            self.moved.emit(index)
