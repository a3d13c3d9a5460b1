"""Where to write a file: under the very name that was asked about, its ending included."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QWidget

from core.words import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox

    from gui.view_models.session import Session

LONGEST_NAME = 80


def named(text: str, suffix: str) -> Path:
    """The file that a name means: with its kind's ending (".json"), typed or not."""
    path = Path(text)
    return path if path.suffix.lower() == suffix else path.with_name(f"{path.name}{suffix}")


def suggestion(session: Session, suffix: str, folder: Path | None = None) -> str:
    """A name after the assessment's title, beside its file unless ``folder`` says where."""
    title = session.assessment.project.shown_title
    return str((folder or start_folder(session)) / file_name(title, suffix))


def file_name(title: str, suffix: str) -> str:
    """A title as the name of a file, of letters that every system takes."""
    name = re.sub(r"[^\w\- ]+", "", title).strip()[:LONGEST_NAME] or _("Assessment")
    return f"{name}{suffix}"


def start_folder(session: Session) -> Path:
    """Where a dialog for files begins: beside the assessment's own, else at the documents."""
    return documents() if session.path is None else session.path.parent


def documents() -> Path:
    """The folder of this computer's user for documents."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    folder = Path(QStandardPaths.writableLocation(place))
    # Machines that nobody set up for working at them have no such folder.
    return folder if folder.is_dir() else Path.home()


class Last:
    """Where a file was last written, for names that are proposed without a folder."""

    folder: Path | None = None


def ask_where(parent: QWidget, title: str, proposed: str, kinds: str, suffix: str) -> str:
    """Ask for a file to write; "" to give up. A name alone is proposed where the last one went.

    Whether a file may be replaced is asked here and not by the file dialog, which knows only what
    was typed: "plan" would replace "plan.json" unasked.
    """
    from PySide6.QtWidgets import QFileDialog  # the first window waits for no dialog

    if proposed and not Path(proposed).is_absolute():
        proposed = str((Last.folder or documents()) / proposed)
    while True:
        text, _kind = QFileDialog.getSaveFileName(
            parent, title, proposed, kinds, options=QFileDialog.Option.DontConfirmOverwrite
        )
        if not text:
            return ""
        path = named(text, suffix)
        if not path.exists() or may_replace(parent, path):
            Last.folder = path.parent
            return str(path)
        proposed = str(path)


def may_replace(parent: QWidget, path: Path) -> bool:
    """Ask whether a file that exists may be replaced."""
    box = question(
        parent,
        _("Replace the file?"),
        _("{name} exists already.").format(name=path.name),
        _("Replacing it loses what is in it now."),
    )
    replace = box.addButton(_("&Replace"), box.ButtonRole.DestructiveRole)
    box.addButton(box.StandardButton.Cancel)
    box.setDefaultButton(box.StandardButton.Cancel)
    box.exec()
    return box.clickedButton() is replace


def ask_unsaved(parent: QWidget, title: str) -> str:
    """Ask what becomes of changes that no file has: "save", "discard" or "cancel"."""
    box = question(
        parent,
        _("Unsaved changes"),
        _("Save the changes to “{title}”?").format(title=title),
        _("They are lost otherwise."),
    )
    buttons = box.StandardButton
    box.setIcon(box.Icon.Question)
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    answer = box.exec()
    return {buttons.Save.value: "save", buttons.Discard.value: "discard"}.get(answer, "cancel")


def question(parent: QWidget, title: str, text: str, detail: str) -> QMessageBox:
    """A box about a file, with a warning's picture and no buttons yet."""
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)  # names are typed, and no markup
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(detail)
    return box
