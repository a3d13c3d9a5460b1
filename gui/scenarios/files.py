"""A comparison as a file: which scenarios were compared, opened and saved together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from core.words import _
from gui.save_dialog import ask_unsaved, ask_where, named
from gui.scenarios.model import Scenarios
from gui.view_models.failures import not_opened, not_saved

if TYPE_CHECKING:
    from core.interchange.comparison_file import Kept

SUFFIXES = (".json", ".pdf")


class ComparisonFile(QObject):
    """Opens and saves the list of scenarios, and asks about changes that no file has.

    The questions are attributes, so that tests answer them without a dialog.
    """

    changed = Signal()
    """Another file, or saved."""
    opened = Signal(str)
    """A file was opened or saved: its path, for the recent ones."""
    failed = Signal(str)
    """A sentence about a file that could not be read or written."""

    def __init__(self, scenarios: Scenarios, window: QWidget) -> None:
        super().__init__(window)
        self._scenarios, self._window = scenarios, window
        self.path: Path | None = None
        self._saved: tuple[Kept, ...] | None = None
        """What the file has; ``None`` where there is no file."""
        self.ask_open: Callable[[], str] = self._open_dialog
        self.ask_save: Callable[[], str] = self._save_dialog
        self.ask_unsaved: Callable[[], str] = self._unsaved_dialog
        """Returns ``save``, ``discard`` or ``cancel``."""

    @property
    def dirty(self) -> bool:
        """Whether the file has other scenarios.

        Without a file nothing is lost: windows and files hold every scenario.
        """
        return self._saved is not None and self._scenarios.kept() != self._saved

    def open(self, path: str = "") -> bool:
        """Show the scenarios of a file, asking which where none is given."""
        from core.interchange.comparison_file import load

        path = path or self.ask_open()
        if not path or not self.may_leave():
            return False
        try:
            kept = load(path)
        except (OSError, ValueError) as error:
            self.failed.emit(not_opened(error, Path(path)))
            return False
        self._scenarios.take(kept)
        # A report is never overwritten by its scenarios: saving asks for a name.
        self.path = None if path.lower().endswith(".pdf") else Path(path)
        self._saved = self._scenarios.kept() if self.path else None
        self.opened.emit(path)
        self.changed.emit()
        return True

    def save(self) -> bool:
        """Save to the file in use, asking for one where there is none."""
        return self._write(self.path) if self.path is not None else self.save_as()

    def save_as(self) -> bool:
        """Save to another file."""
        text = self.ask_save()
        if not text:
            return False
        return self._write(named(text, ".json"))

    def _write(self, path: Path) -> bool:
        from core.interchange.comparison_file import save

        kept = self._scenarios.kept()
        try:
            save(kept, path)
        except (OSError, ValueError) as error:
            self.failed.emit(not_saved(error, path))
            return False
        self.path, self._saved = path, kept
        self.opened.emit(str(path))
        self.changed.emit()
        return True

    def succeed(self, other: ComparisonFile) -> None:
        """Take the place of another window's file, its scenarios having been taken already."""
        self.path, self._saved = other.path, other._saved
        self.changed.emit()

    def may_leave(self) -> bool:
        """Ask about changes that the file does not have; False to stay."""
        if not self.dirty:
            return True
        answer = self.ask_unsaved()
        return answer == "discard" or (answer == "save" and self.save())

    # ------------------------------------------------------------------------------- dialogs
    def _open_dialog(self) -> str:
        kinds = _("Comparisons and reports (*.json *.pdf);;All files (*)")
        path, _kind = QFileDialog.getOpenFileName(self._window, _("Open a comparison"), "", kinds)
        return path

    def _save_dialog(self) -> str:
        proposed = str(self.path or "comparison.json")
        title, kinds = _("Save the comparison"), _("Comparisons (*.json)")
        return ask_where(self._window, title, proposed, kinds, ".json")

    def _unsaved_dialog(self) -> str:
        return ask_unsaved(self._window, self.path.stem if self.path else "")
