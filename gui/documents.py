"""Files: new, open, save, recent, examples, and the one question about unsaved changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QWidget

from core.assessment import Assessment
from core.assessment.names import told_in_language
from core.words import _
from gui.direction import in_order
from gui.file_guard import FileGuard
from gui.preferences import Preferences
from gui.save_dialog import ask_unsaved, ask_where, named, question, suggestion
from gui.view_models.session import Session

if TYPE_CHECKING:  # every class of Qt costs the first window its share
    from PySide6.QtCore import QMimeData

SUFFIXES = (".json", ".jsonl", ".pdf", ".csv", ".tsv", ".txt")


def opens(path: str) -> bool:
    """Whether a file is of a kind that can be opened or imported."""
    return path.lower().endswith(SUFFIXES)


def dropped(data: QMimeData) -> list[str]:
    """The files of a drag that can be opened or imported."""
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if opens(path)]


def examples() -> list[tuple[str, str]]:
    """(title, file name) of the examples that ship with the program."""
    found = []
    folder = resources.files("resources") / "examples"
    if folder.is_dir():
        for file in folder.iterdir():
            if file.name.endswith(".json"):
                content = json.loads(file.read_text(encoding="utf-8"))
                found.append((_(str(content["project"]["title"])), file.name))
    return sorted(found)


class Documents(QObject):
    """Asks for names and decisions, then has the session do it.

    The questions are attributes, so that tests answer them without a dialog.
    """

    changed = Signal()
    """The recent files changed."""
    opened = Signal()
    """Another document is in the window."""
    comparisonFound = Signal(str)
    """The file to open holds several scenarios: they are for comparing, this document stays."""
    importFound = Signal(str, str)
    """The file to open is none of ours but can be taken in: what it is, and its path."""
    refused = Signal(str)
    """The file to open is of no kind that is read: a sentence that says what is."""
    agreed = Signal()
    """File and document agree again: what was told about the file no longer holds."""
    sharedWith = Signal(str)
    """The file is open elsewhere too: a sentence that says so."""
    changedOnDisk = Signal(str)
    """Another program changed the file: a sentence that says so."""

    def __init__(self, session: Session, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._preferences, self._window = session, preferences, window
        self.ask_open: Callable[[], str] = self._open_dialog
        self.ask_save: Callable[[], str] = self._save_dialog
        self.ask_unsaved: Callable[[], str] = self._unsaved_dialog
        """Returns ``save``, ``discard`` or ``cancel``."""
        self.ask_changed: Callable[[], str] = self._changed_dialog
        """Returns ``overwrite``, ``save_as``, ``reload`` or ``cancel``."""
        self.guard = FileGuard()
        self._told_of_change = False

    # ------------------------------------------------------------------------------- actions
    def new(self) -> bool:
        """An untitled assessment in place of this one."""
        if not self.may_leave():
            return False
        self._session.new(self._preferences.new_assessment())
        self._adopted()
        self.opened.emit()
        return True

    def open(self, path: str = "") -> bool:
        """Open a file, asking which where none is given."""
        from core.interchange.comparison_file import is_comparison
        from core.interchange.recognise import kind_of, not_taken

        path = path or self.ask_open()
        if not path:
            return False
        kind = kind_of(path)
        if kind in ("table", "unknown"):
            self.refused.emit(not_taken(kind, Path(path).name))
            return False
        if kind != "document":
            self.importFound.emit(kind, path)
            return False
        if is_comparison(path):
            self.comparisonFound.emit(path)
            return False
        if not self.may_leave():
            return False
        if not self._session.open(path):
            self._preferences.forget_recent(path)
            self.changed.emit()
            return False
        self._remember(Path(path))
        self._adopted()
        self.opened.emit()
        self._tell_if_shared()
        return True

    def _tell_if_shared(self) -> None:
        if self.guard.shared and self._session.path is not None:
            self.sharedWith.emit(
                _(
                    "{name} is open in another window too. Whoever saves last is asked before "
                    "anything is overwritten."
                ).format(name=self._session.path.name)
            )

    def open_example(self, name: str) -> bool:
        """A copy of an example as an untitled document, told in the language in use."""
        from core.interchange.document import from_json

        if not self.may_leave():
            return False
        file = resources.files("resources") / "examples" / name
        example = from_json(file.read_text(encoding="utf-8"), file=name)
        self._session.new(told_in_language(example))
        self._adopted()
        self.opened.emit()
        return True

    def restore(self, assessment: Assessment, path: Path | None = None) -> bool:
        """Take up work that was not saved: edits of the file at ``path``, or untitled."""
        if not self.may_leave():
            return False
        self._session.new(assessment, unsaved=True, path=path)
        self._adopted()
        self.opened.emit()
        self._tell_if_shared()
        return True

    def save(self) -> bool:
        """Save to the document's file, asking for one where it has none."""
        if self._session.path is None:
            return self.save_as()
        if self.guard.changed():
            answer = self.ask_changed()
            if answer == "save_as":
                return self.save_as()
            if answer == "reload":
                self.reload()
            if answer != "overwrite":
                return False
        saved = self._session.save()
        if saved:
            self._adopted()
        return saved

    def reload(self) -> bool:
        """Take what another program wrote into the file; undo brings the present values back."""
        done = self._session.reload()
        if done:
            self._adopted()
        return done

    def look(self) -> None:
        """Find out whether another program changed the file, and tell once."""
        if not self.guard.changed():
            self._told_of_change = False
        elif not self._told_of_change and self._session.path is not None:
            self._told_of_change = True
            self.changedOnDisk.emit(
                _("{name} was changed by another program. Reload it, or go on with what is here; "
                  "undo brings back what a reload replaces.").format(name=self._session.path.name)
            )  # fmt: skip  # two sentences

    def _adopted(self) -> None:
        """File and document agree from now on."""
        self._told_of_change = False
        self.guard.adopt(self._session.path)
        self.agreed.emit()

    def save_as(self) -> bool:
        """Save under another name."""
        text = self.ask_save()
        if not text:
            return False
        path = named(text, ".json")
        if not self._session.save_as(path):
            return False
        self._remember(path)
        self._adopted()
        self._tell_if_shared()
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
        from PySide6.QtWidgets import QFileDialog  # the first window waits for no dialog

        kinds = _("Assessments, comparisons and reports (*.json *.pdf);;All files (*)")
        path, _kind = QFileDialog.getOpenFileName(
            self._window, _("Open an assessment"), self._folder(), kinds
        )
        return path

    def _save_dialog(self) -> str:
        proposed = suggestion(self._session, ".json", Path(self._folder()))
        title, kinds = _("Save the assessment"), _("Assessments (*.json)")
        return ask_where(self._window, title, proposed, kinds, ".json")

    def _changed_dialog(self) -> str:
        name = self._session.path.name if self._session.path else ""
        box = question(
            self._window,
            _("The file has changed"),
            _("{name} was changed by another program.").format(name=name),
            _("Overwriting loses that change; reloading can be undone here."),
        )
        roles = box.ButtonRole
        answers = {
            "save_as": box.addButton(in_order(_("Save &as…")), roles.AcceptRole),
            "overwrite": box.addButton(_("&Overwrite"), roles.DestructiveRole),
            "reload": box.addButton(_("&Reload"), roles.ActionRole),
            "cancel": box.addButton(box.StandardButton.Cancel),
        }
        box.setDefaultButton(answers["save_as"])
        box.exec()
        chosen = box.clickedButton()
        return next((key for key, button in answers.items() if button is chosen), "cancel")

    def _unsaved_dialog(self) -> str:
        return ask_unsaved(self._window, self._session.title)
