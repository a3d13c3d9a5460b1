"""What every import has in common: choose a file, read it in the background, look, use it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.words import _
from gui.direction import in_order
from gui.save_dialog import start_folder
from gui.theme import open_at
from gui.view_models.failures import by_name
from gui.view_models.session import Session
from gui.widgets.basics import Label
from gui.widgets.combo_box import ComboBox
from gui.workers import Newest, Ticket


class ImportDialog(QDialog):
    """Shows what a file holds before anything is taken from it.

    A kind of import gives ``title``, ``about``, ``kinds``, and how a file is read, told and used.
    """

    title = ""
    about = ""
    """One sentence: what is read and what becomes of it."""
    kinds = ""
    """File patterns as file dialogs take them."""
    several = False
    """Whether more than one file can be chosen."""
    columns = False
    """Whether what was found stands in columns, for which every letter must be as wide."""
    used = Signal(str, str)
    """What was taken in, as undo calls it, and the input that shows it best."""
    _told = Signal(object, float, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.files: list[str] = []
        self.found: Any = None
        self.ask_files: Callable[[], list[str]] = self._ask_files
        self.setWindowTitle(_(self.title))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        self.file = Label(_("No file is chosen."))
        self.choose_button = QPushButton(in_order(_("&Choose a file…")))
        self.choose_button.setAutoDefault(False)
        self.choose_button.clicked.connect(self.choose)
        row = QHBoxLayout()
        row.addWidget(self.file, 1)
        row.addWidget(self.choose_button)
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        if self.columns:
            fixed = QFont()  # of the family only: the size stays that of all text
            fixed.setFamily(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family())
            self.text.setFont(fixed)
        self.text.setAccessibleName(_("What the file holds"))
        self.state = Label(colour="muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Reading"))
        self.bar.hide()
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.use_button = self.buttons.button(buttons.Ok)
        self.use_button.setText(_("&Use it"))
        self.use_button.setEnabled(False)
        self.buttons.accepted.connect(self._use)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(Label(_(self.about)))
        layout.addLayout(row)
        layout.addLayout(self.form)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.state)
        layout.addWidget(self.bar)
        layout.addWidget(self.buttons)
        open_at(self, 40, 36)  # a refit's errors, before and after, stand there at once

        self._reader = Newest(self)
        self._reader.done.connect(self._arrived)
        self._reader.failed.connect(self._failed)
        self._told.connect(self._tell)
        self.finished.connect(lambda _result: self._reader.close())

    # ------------------------------------------------------------------- what an import is
    def reading(self) -> Callable[[Ticket], Any]:
        """How the files are read, with the choices as they stand now; runs in a worker."""
        return lambda ticket: None

    def lines(self, found: Any) -> list[str]:
        """What was found, to be read before it is used."""
        return []

    def use(self, found: Any) -> str:
        """Take it into the assessment; the input that shows it best, "" where none does.

        ValueError says why not.
        """
        return ""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        rows = range(self.form.rowCount())
        items = (self.form.itemAt(row, QFormLayout.ItemRole.FieldRole) for row in rows)
        fields = filter(None, (item.widget() for item in items if item is not None))
        # Rows come after the buttons were made, but stand before them.
        for one, other in pairwise((self.choose_button, *fields, self.text)):
            self.setTabOrder(one, other)

    # ------------------------------------------------------------------------------- reading
    def choose(self) -> None:
        """Ask for a file and read it."""
        files = self.ask_files()
        if files:
            self.take(files)

    def take(self, files: list[str]) -> None:
        """Read these files."""
        self.files = files
        from core.interchange.measured import MOST_NAMED, names_of

        self.file.setText(names_of(files) if len(files) > MOST_NAMED else ", ".join(files))
        self.file.setToolTip("\n".join(files))
        self.chosen()
        self.read()

    def chosen(self) -> None:
        """Another file was chosen, nothing of it is read yet."""

    def read(self) -> None:
        """Read the files with the choices as they stand."""
        self.found = None
        self.use_button.setEnabled(False)
        if not self.files:
            return
        self.state.set_colour("muted")
        self.state.setText(_("Reading…"))
        self.bar.setRange(0, 0)
        self.bar.show()
        self._reader.start(self.reading())

    def progress_to(self, ticket: Ticket) -> Callable[[float, str], None]:
        """Progress of a reading for its worker: shown here, and the place to give up."""
        told = self._told

        def progress(share: float, text: str) -> None:
            ticket.tell(told, share, text)

        return progress

    def _tell(self, ticket: Ticket, share: float, text: str) -> None:
        if not ticket.cancelled:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * share))
            self.state.setText(text)

    def _arrived(self, found: Any) -> None:
        self.found = found
        self.bar.hide()
        self.state.setText("")
        self.text.setPlainText("\n".join(self.lines(found)))
        self.use_button.setEnabled(True)

    def _failed(self, error: Exception) -> None:
        self.bar.hide()
        self.text.setPlainText("")
        self.state.set_colour("bad")
        told = by_name(error) if getattr(error, "file", "") in self.files else error
        self.state.setText(_("It cannot be used: {error}").format(error=told))

    def _use(self) -> None:
        try:
            path = self.use(self.found)
        except ValueError as error:
            self._failed(error)
        else:
            self.accept()
            self.used.emit(_(self.title), path)

    def _ask_files(self) -> list[str]:
        title, kinds, folder = _(self.title), _(self.kinds), str(start_folder(self.session))
        if self.several:
            return list(QFileDialog.getOpenFileNames(self, title, folder, kinds)[0])
        path, _kind = QFileDialog.getOpenFileName(self, title, folder, kinds)
        return [path] if path else []


def workload_choice(session: Session, number: int) -> ComboBox:
    """The workloads to choose from, ``number`` in view."""
    box = ComboBox()
    box.setAccessibleName(_("Workload"))
    box.addItems([str(workload.name) for workload in session.assessment.workloads])
    box.setCurrentIndex(number)
    return box
