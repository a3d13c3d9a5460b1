"""Files: new, open, save, recent, examples, and the one question about unsaved changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from core.words import _
from gui.preferences import Preferences
from gui.view_models.session import Session

SUFFIXES = (".json", ".pdf")


def opens(path: str) -> bool:
    """Whether a file is of a kind that can be opened."""
    return path.lower().endswith(SUFFIXES)


def examples() -> list[tuple[str, str]]:
    """(title, file name) of the examples that ship with the program."""
    found = []
    folder = resources.files("resources") / "examples"
    if folder.is_dir():
        for file in folder.iterdir():
            if file.name.endswith(".json"):
                content = json.loads(file.read_text(encoding="utf-8"))
                found.append((str(content["project"]["title"]), file.name))
    return sorted(found)


class Documents(QObject):
    """Asks for names and decisions, then has the session do it.

    The questions are attributes, so that tests answer them without a dialog.
    """

    changed = Signal()
    """The recent files changed."""
    opened = Signal()
    """Another document is in the window."""

    def __init__(self, session: Session, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._preferences, self._window = session, preferences, window
        self.ask_open: Callable[[], str] = self._open_dialog
        self.ask_save: Callable[[], str] = self._save_dialog
        self.ask_unsaved: Callable[[], str] = self._unsaved_dialog
        """Returns ``save``, ``discard`` or ``cancel``."""

    # ------------------------------------------------------------------------------- actions
    def new(self) -> bool:
        """An untitled assessment in place of this one."""
        if not self.may_leave():
            return False
        self._session.new()
        self.opened.emit()
        return True

    def open(self, path: str = "") -> bool:
        """Open a file, asking which where none is given."""
        path = path or self.ask_open()
        if not path or not self.may_leave():
            return False
        if not self._session.open(path):
            self._preferences.forget_recent(path)
            self.changed.emit()
            return False
        self._remember(Path(path))
        self.opened.emit()
        return True

    def open_example(self, name: str) -> bool:
        """A copy of an example as an untitled document."""
        from core.interchange.document import from_json

        if not self.may_leave():
            return False
        file = resources.files("resources") / "examples" / name
        self._session.new(from_json(file.read_text(encoding="utf-8"), file=name))
        self.opened.emit()
        return True

    def save(self) -> bool:
        """Save to the document's file, asking for one where it has none."""
        if self._session.path is None:
            return self.save_as()
        return self._session.save()

    def save_as(self) -> bool:
        """Save under another name."""
        text = self.ask_save()
        if not text:
            return False
        path = Path(text)
        if path.suffix.lower() != ".json":
            path = path.with_name(f"{path.name}.json")
        if not self._session.save_as(path):
            return False
        self._remember(path)
        return True

    def may_leave(self) -> bool:
        """Ask about unsaved changes, once; True where the document may go."""
        if not self._session.dirty:
            return True
        answer = self.ask_unsaved()
        if answer == "save":
            return self.save()
        return answer == "discard"

    def _remember(self, path: Path) -> None:
        self._preferences.add_recent(path.resolve())
        self.changed.emit()

    # ------------------------------------------------------------------------------- dialogs
    def _folder(self) -> str:
        if self._session.path is not None:
            return str(self._session.path.parent)
        if self._preferences.recent:
            return str(Path(self._preferences.recent[0]).parent)
        place = QStandardPaths.StandardLocation.DocumentsLocation
        return QStandardPaths.writableLocation(place)

    def _open_dialog(self) -> str:
        kinds = _("Assessments and reports (*.json *.pdf);;All files (*)")
        path, _kind = QFileDialog.getOpenFileName(
            self._window, _("Open an assessment"), self._folder(), kinds
        )
        return path

    def _save_dialog(self) -> str:
        allowed = "".join(c for c in self._session.title if c.isalnum() or c in " -_").strip()
        suggestion = str(Path(self._folder()) / f"{allowed[:80] or 'assessment'}.json")
        path, _kind = QFileDialog.getSaveFileName(
            self._window, _("Save the assessment"), suggestion, _("Assessments (*.json)")
        )
        return path

    def _unsaved_dialog(self) -> str:
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(_("Unsaved changes"))
        text = _('Save the changes to "{title}"?')
        box.setText(text.format(title=self._session.title))
        box.setInformativeText(_("They are lost otherwise."))
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        return {buttons.Save.value: "save", buttons.Discard.value: "discard"}.get(answer, "cancel")
