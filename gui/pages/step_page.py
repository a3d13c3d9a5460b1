"""What every input page is: a step, a scrolling column, and the values of the session."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget, QWizardPage

from core.flow import Step
from gui.pages.form import Form
from gui.theme import em
from gui.view_models.session import Session
from gui.widgets.basics import ScrollArea

COLUMN_EM = 54


class StepPage(QWizardPage):
    """A page of the wizard that shows inputs. It refreshes only while it is looked at."""

    jumpRequested = Signal(str)
    """Go to the input with this path, wherever it is."""
    measurementsRequested = Signal()
    """Import own measurements."""
    messagePosted = Signal(str)
    """A sentence about what was done."""

    def __init__(self, session: Session, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self.step = session, step
        self.setTitle(step.title)
        self.setSubTitle(step.question)
        self.setAccessibleName(step.title)
        self._outdated = True
        self._content = QWidget()
        outer = QVBoxLayout(self._content)
        outer.setContentsMargins(2, 2, 8, 2)
        self.column = QVBoxLayout()
        self.column.setSpacing(8)
        outer.addLayout(self.column)
        outer.addStretch(1)
        self.area = ScrollArea(self._content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)
        session.assessmentChanged.connect(self._changed)
        session.catalogChanged.connect(self._changed)

    def forms(self) -> tuple[Form, ...]:
        """The forms on the page, in reading order."""
        return ()

    def place(self, path: str) -> None:
        """Make the section that holds ``path`` the one in view."""

    def refresh(self) -> None:
        """Show the values as they stand."""
        for form in self.forms():
            form.refresh()

    def reveal(self, path: str) -> bool:
        """Bring the input at ``path`` into view and give it the focus."""
        self.place(path)
        self.refresh()
        prefix, _dot, key = path.rpartition(".")
        for form in self.forms():
            if form.prefix == prefix and form.reveal(key):
                # Laid out first: an unfolded part has no place yet.
                QTimer.singleShot(0, form.rows[key], partial(self._bring, form, key))
                return True
        return False

    def _bring(self, form: Form, key: str) -> None:
        row = form.rows[key]
        if not row.visibleRegion().isEmpty() and row.visibleRegion().boundingRect() == row.rect():
            return
        self.area.ensureWidgetVisible(row, 0, em(self, 2))

    def _changed(self) -> None:
        self._outdated = True
        if self.isVisible():
            self._renew()

    def _renew(self) -> None:
        self._outdated = False
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        if self._outdated:
            self._renew()
        super().showEvent(event)
        self._content.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def limit_width(self) -> None:
        """Keep lines readable on wide screens."""
        self.area.widest_em = COLUMN_EM
