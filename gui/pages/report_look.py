"""Whose report it is: company, confidentiality line, accent colour and logo, set once for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.words import _
from gui.direction import in_order
from gui.theme import open_at
from gui.widgets.basics import Label, LineEdit

if TYPE_CHECKING:
    from core.report import Branding

MOST_BYTES = 10_000_000
"""Read of a logo at most; what can be printed is checked by the report itself."""


@dataclass(frozen=True, slots=True)
class ReportLook:
    """What a person set about every report; empty texts mean the program's own look."""

    company: str = ""
    confidentiality: str = ""
    accent: str = ""
    logo: str = ""
    """Path of a PNG or SVG."""

    def branding(self) -> Branding:
        """The same for the report. Raises ValueError, in words, for what cannot be printed."""
        from core.report import Branding

        made = Branding(self.company, self.confidentiality, self.accent, self._logo())
        made.colour()
        made.line()
        made.checked_logo()
        return made

    def _logo(self) -> bytes | None:
        if not self.logo:
            return None
        try:
            with Path(self.logo).open("rb") as file:
                return file.read(MOST_BYTES)
        except OSError as error:
            raise ValueError(
                _("The logo {path} cannot be read: {reason}. Choose it again.").format(
                    path=self.logo, reason=error.strerror or error
                )
            ) from error


class LookDialog(QDialog):
    """Asks for a look; what cannot be printed is told at once, and cannot be kept."""

    def __init__(self, look: ReportLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Look of the report"))
        self.ask_logo: Callable[[], str] = self._ask_logo
        self.company = LineEdit(look.company)
        self.confidentiality = LineEdit(look.confidentiality)
        self.accent = LineEdit(look.accent)
        self.accent.setPlaceholderText("#17567d")
        self.logo = LineEdit(look.logo)
        choose = QPushButton(in_order(_("&Choose a file…")))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.addWidget(self.logo, 1)
        row.addWidget(choose)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, box, place in (
            (_("Company, at the foot of every page"), self.company, None),
            (_("Confidentiality line, at the foot of every page"), self.confidentiality, None),
            (_("Accent colour (#rrggbb, dark enough for white paper)"), self.accent, None),
            (_("Logo on the first page (PNG or SVG)"), self.logo, row),
        ):
            label = Label(text)
            label.setWordWrap(False)
            label.setBuddy(box)
            box.setAccessibleName(text)
            form.addRow(label, place or box)
            box.textChanged.connect(self._check)
        self.state = Label(colour="bad")
        self.state.setAccessibleName(_("What cannot be printed"))
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(Label(_("Kept on this computer for every report.")))
        layout.addLayout(form)
        layout.addWidget(self.state)
        layout.addStretch(1)
        layout.addWidget(self.buttons)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        open_at(self, 46, 16)
        self._check()

    @property
    def look(self) -> ReportLook:
        """What stands in the fields."""
        boxes = (self.company, self.confidentiality, self.accent, self.logo)
        return ReportLook(*(box.text().strip() for box in boxes))

    def _check(self) -> None:
        try:
            self.look.branding()
        except ValueError as error:
            text = str(error)
        else:
            text = ""
        self.state.setText(text)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not text)

    def _choose(self) -> None:
        path = self.ask_logo()
        if path:
            self.logo.setText(path)

    def _ask_logo(self) -> str:
        folder = str(Path(self.logo.text()).parent) if self.logo.text() else ""
        path, _pattern = QFileDialog.getOpenFileName(
            self, _("Choose a logo"), folder, f"{_('Logos')} (*.png *.svg)"
        )
        return path
