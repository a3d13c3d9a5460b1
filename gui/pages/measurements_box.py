"""What the performance is computed with: the shipped parameters, or a refit to own measurements."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.words import _
from gui.direction import in_order
from gui.view_models.session import Session
from gui.widgets.basics import Group, Label


class MeasurementsBox(Group):
    """Says which measurements the document brings along; imports some, or leaves them out."""

    importRequested = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(_("Own measurements"), parent)
        self._session = session
        self.text = Label()
        self.message = Label(colour="bad")
        self.bring = QPushButton(in_order(_("Import measurements…")))
        self.leave = QPushButton(_("Back to the shipped parameters"))
        for button in (self.bring, self.leave):
            button.setAutoDefault(False)
        self.bring.clicked.connect(self.importRequested)
        self.leave.clicked.connect(lambda: session.use_measurements(None))
        buttons = QHBoxLayout()
        buttons.addWidget(self.bring)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(self.message)
        column.addLayout(buttons)
        self.refresh()

    def refresh(self) -> None:
        """Show what the document holds."""
        own = self._session.own_measurements
        found = [p for p in self._session.problems() if p.path == "own_measurements"]
        self.text.setText(
            own.summary
            if own is not None
            else _(
                "None. Performance is computed with the shipped parameters, fitted to published "
                "measurements. Results of your own benchmarks make it fit your site."
            )
        )
        self.message.setText(
            "".join(_("{label} {message}.").format(label=p.label, message=p.message) for p in found)
        )
        self.message.setVisible(bool(found))
        self.leave.setVisible(own is not None)

    def take_focus(self) -> None:
        """Put the focus on what helps."""
        (self.bring if self.leave.isHidden() else self.leave).setFocus()
