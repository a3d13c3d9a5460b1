"""Files that are dropped on a window: recognised, and given to whoever takes their kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMainWindow

from core.words import _
from gui.documents import dropped

if TYPE_CHECKING:  # every class of Qt costs the first window its share
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent

    from gui.commands import Desk
    from gui.documents import Documents
    from gui.transfers import Transfers


class TakesFiles(QMainWindow):
    """A window that takes files wherever they are dropped."""

    documents: Documents
    transfers: Transfers
    _desk: Desk | None

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        wanted = dropped(event.mimeData())
        if wanted:
            event.acceptProposedAction()
            names = ", ".join(Path(path).name for path in wanted)
            self.statusBar().showMessage(_("Drop to open: {names}").format(names=names))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.statusBar().clearMessage()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        wanted = dropped(event.mimeData())
        self.statusBar().clearMessage()
        if wanted:
            event.acceptProposedAction()
            # After the drop has ended: a question would hold up the program that dragged.
            QTimer.singleShot(0, self, lambda: self.open_files(wanted))

    def open_files(self, paths: list[str]) -> None:
        """Open files: measurements together, further documents in windows of their own."""
        from core.interchange.recognise import kind_of

        kinds = {path: kind_of(path) for path in paths}
        measured = [path for path in paths if kinds[path] == "measurements"]
        if measured:
            self.transfers.take("measurements", measured)
        for refused in (path for path in paths if kinds[path] in ("table", "unknown")):
            self.documents.open(refused)  # it says why not, and no window is opened for that
        others = [path for path in paths if kinds[path] not in ("measurements", "table", "unknown")]
        if others:
            self.documents.open(others[0])
        if self._desk is not None:
            for path in others[1:]:
                self._desk.open_file(path)
