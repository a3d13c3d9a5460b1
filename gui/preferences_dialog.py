"""The window for preferences: how everything looks and reads, and how a new assessment starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from core.assessment.economics import CURRENCIES
from core.language import LANGUAGES
from core.units import SYSTEMS
from core.words import _
from gui.menus import mode_names
from gui.preferences import PAPERS, Preferences
from gui.theme import SCALES
from gui.widgets.basics import Label
from gui.widgets.combo_box import ComboBox

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from core.catalog.load import Catalog


class PreferencesDialog(QDialog):
    """Changes the preferences when accepted; documents that are open keep their inputs."""

    looksChosen = Signal(str, int)
    """Other colours or another text size: the mode and the percentage."""
    wordsChosen = Signal(str, str)
    """Another language or other units: code and system."""

    def __init__(
        self, preferences: Preferences, catalog: Catalog | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.setWindowTitle(_("Preferences"))
        modes = tuple((mode, name.replace("&", "")) for mode, name in mode_names())
        self.mode = self._choice(modes, preferences.theme)
        self.scale = self._choice(
            tuple((str(scale), f"{scale} %") for scale in SCALES), str(preferences.text_percent)
        )
        self.language = self._choice(tuple(LANGUAGES.items()), preferences.language)
        self.units = self._choice(
            tuple((system, _(name)) for system, name in SYSTEMS.items()), preferences.units
        )
        self.currency = self._choice(CURRENCIES, preferences.currency)
        regions = {} if catalog is None else catalog.regions
        named = sorted(((key, _(r.name)) for key, r in regions.items()), key=lambda pair: pair[1])
        if preferences.region not in regions:
            named.insert(0, (preferences.region, preferences.region))
        self.region = self._choice(tuple(named), preferences.region)
        self.paper = self._choice(tuple((name, name) for name in PAPERS), preferences.paper)
        everywhere, new = QFormLayout(), QFormLayout()
        for form, text, box in (
            (everywhere, _("Co&lours"), self.mode),
            (everywhere, _("&Text size"), self.scale),
            (everywhere, _("La&nguage"), self.language),
            (everywhere, _("&Units"), self.units),
            (new, _("&Currency"), self.currency),
            (new, _("Country or &state"), self.region),
            (new, _("&Paper of reports"), self.paper),
        ):
            form.addRow(text, box)
            box.setAccessibleName(text.replace("&", ""))
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(Label(_("In every window"), colour="muted"))
        column.addLayout(everywhere)
        column.addWidget(
            Label(_("New assessments start with these; open ones keep theirs"), colour="muted")
        )
        column.addLayout(new)
        column.addWidget(self.buttons)

    def _choice(self, choices: tuple[tuple[str, str], ...], present: str) -> ComboBox:
        box = ComboBox(fitting=True)
        for key, name in choices:
            box.addItem(name, key)
        box.setCurrentIndex(max(0, box.findData(present)))
        return box

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Qt opens no dialog higher than two thirds of the screen, though its rows get squeezed.
        layout = self.layout()
        if layout is not None:
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def accept(self) -> None:
        self._preferences.currency = str(self.currency.currentData())
        self._preferences.region = str(self.region.currentData())
        self._preferences.paper = str(self.paper.currentData())
        self._preferences.save()
        super().accept()
        present = self._preferences
        mode, scale = str(self.mode.currentData()), int(self.scale.currentData())
        if (mode, scale) != (present.theme, present.text_percent):
            self.looksChosen.emit(mode, scale)
        words = str(self.language.currentData()), str(self.units.currentData())
        if words != (present.language, present.units):
            self.wordsChosen.emit(*words)
