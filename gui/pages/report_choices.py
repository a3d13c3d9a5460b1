"""What a report is made with: title, paper, language and look, in a row above the preview."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from core.language import LANGUAGES, language
from core.words import _
from gui.direction import in_order
from gui.pages.report_look import LookDialog, ReportLook
from gui.pages.report_making import Paper
from gui.preferences import REPORT_LOOK, Preferences
from gui.widgets.basics import LineEdit
from gui.widgets.combo_box import ComboBox

if TYPE_CHECKING:
    from gui.view_models.session import Session


class ReportChoices(QWidget):
    """The row of choices."""

    changed = Signal()
    """Paper, language or look are others; the title is an input, which the session tells of."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._own_preferences = Preferences()
        self.title_box = LineEdit(self)
        self.title_box.setAccessibleName(_("Title of the report"))
        self.title_box.setPlaceholderText(_("Untitled assessment"))
        self.title_box.textEdited.connect(
            lambda text: session.set_value("project.title", text, typing=True)
        )
        self.title_box.editingFinished.connect(session.seal)
        self.paper = ComboBox(self, fitting=True)
        self.paper.setAccessibleName(_("Paper"))
        self.paper.addItem("A4", "A4")
        self.paper.addItem("Letter", "Letter")
        self.paper.setCurrentIndex(max(0, self.paper.findData(session.paper)))
        self.paper.currentIndexChanged.connect(self.changed)
        # Made from left to right, which is the order of Tab.
        self.language = ComboBox(self, fitting=True)
        self.language.setAccessibleName(_("Language of the report"))
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        self.language.setCurrentIndex(self.language.findData(language()))
        self.language.currentIndexChanged.connect(self.changed)
        self.ask_look: Callable[[ReportLook], ReportLook | None] = self._ask_look
        self.look_button = QPushButton(in_order(_("Look…")), self)
        self.look_button.setAccessibleName(_("Look of the report"))
        self.look_button.setToolTip(_("Company, confidentiality line, accent colour and logo"))
        self.look_button.setAutoDefault(False)
        self.look_button.clicked.connect(self.change_look)
        what = QHBoxLayout(self)
        what.setContentsMargins(0, 0, 0, 0)
        for text, choice in (
            (_("Title"), self.title_box),
            (_("Paper"), self.paper),
            (_("Language"), self.language),
        ):
            label = QLabel(text, self)
            label.setBuddy(choice)
            what.addWidget(label)
            what.addWidget(choice, 1 if choice is self.title_box else 0)
        what.addWidget(self.look_button)

    def show_title(self) -> None:
        """Show the project's title, which other pages edit too."""
        title = str(self._session.assessment.project.title)
        if title != self.title_box.text():
            self.title_box.setText(title)

    def paper_size(self) -> Paper:
        """The size of the sheets."""
        return "Letter" if self.paper.currentData() == "Letter" else "A4"

    def code(self) -> str:
        """The language of the report."""
        return str(self.language.currentData())

    @property
    def look(self) -> ReportLook:
        """Whose report it is, as this computer's user set it."""
        kept = self._preferences()
        return ReportLook(*(getattr(kept, key) for key in REPORT_LOOK))

    def change_look(self) -> None:
        """Ask for another look, keep it and make the preview anew."""
        found = self.ask_look(self.look)
        if found is None or found == self.look:
            return
        kept = self._preferences()
        for key, text in zip(REPORT_LOOK, astuple(found), strict=True):
            setattr(kept, key, text)
        kept.save()
        self.changed.emit()

    def _preferences(self) -> Preferences:
        """Those of the window; a page alone has its own, which are not kept."""
        found = getattr(self.window(), "preferences", None)
        return found if isinstance(found, Preferences) else self._own_preferences

    def _ask_look(self, look: ReportLook) -> ReportLook | None:
        dialog = LookDialog(look, self)
        chosen = dialog.look if dialog.exec() else None
        dialog.deleteLater()
        return chosen
