"""The window for preferences: how a new assessment starts, and on which paper reports are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from core.assessment.economics import CURRENCIES
from core.words import _
from gui.preferences import PAPERS, Preferences
from gui.widgets.basics import ComboBox, Label

if TYPE_CHECKING:
    from core.catalog.load import Catalog


class PreferencesDialog(QDialog):
    """Changes the preferences when accepted; documents that are open stay as they are."""

    def __init__(
        self, preferences: Preferences, catalog: Catalog | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.setWindowTitle(_("Preferences"))
        self.currency = self._choice(CURRENCIES, preferences.currency)
        regions = {} if catalog is None else catalog.regions
        named = sorted(((key, _(r.name)) for key, r in regions.items()), key=lambda pair: pair[1])
        if preferences.region not in regions:
            named.insert(0, (preferences.region, preferences.region))
        self.region = self._choice(tuple(named), preferences.region)
        self.paper = self._choice(tuple((name, name) for name in PAPERS), preferences.paper)
        form = QFormLayout()
        for text, box in (
            (_("&Currency"), self.currency),
            (_("Country or &state"), self.region),
            (_("&Paper of reports"), self.paper),
        ):
            form.addRow(text, box)
            box.setAccessibleName(text.replace("&", ""))
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(
            Label(
                _(
                    "New assessments start with these; open ones stay as they are. Colours, text "
                    "size, language and units are in the menu View."
                ),
                colour="muted",
            )
        )
        column.addLayout(form)
        column.addWidget(self.buttons)

    def _choice(self, choices: tuple[tuple[str, str], ...], present: str) -> ComboBox:
        box = ComboBox()
        for key, name in choices:
            box.addItem(name, key)
        box.setCurrentIndex(max(0, box.findData(present)))
        return box

    def accept(self) -> None:
        self._preferences.currency = str(self.currency.currentData())
        self._preferences.region = str(self.region.currentData())
        self._preferences.paper = str(self.paper.currentData())
        self._preferences.save()
        super().accept()
