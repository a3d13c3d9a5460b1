"""One click that fills a page: a list of presets with their descriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.words import _
from gui.widgets.basics import Label
from gui.widgets.combo_box import ComboBox

SHIFT = Qt.KeyboardModifier.ShiftModifier


class PresetBox(ComboBox):
    """A list whose keys open it: walking over the closed list would apply what it passes."""

    WALKING = frozenset(
        (
            Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
            Qt.Key.Key_Home, Qt.Key.Key_End,
        )
    )  # fmt: skip  # a list of keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | SHIFT)
        if plain and (event.key() in self.WALKING or event.text().strip()):
            self.showPopup()
            if event.text().strip():
                self.view().keyboardSearch(event.text())
            return
        super().keyPressEvent(event)


class PresetsRow(QWidget):
    """Choosing a preset applies it; what each one is stands in the list and below."""

    def __init__(
        self, label: str, apply: Callable[[str], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._notes: dict[str, str] = {}
        caption = QLabel(label)
        self.box = PresetBox()
        self.box.setAccessibleName(label)
        self.box.setPlaceholderText(_("Choose one to fill in this page"))
        self.note = Label(colour="muted")
        caption.setBuddy(self.box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        column.addLayout(row)
        column.addWidget(self.note)
        row.addWidget(caption)
        row.addWidget(self.box, 1)
        self.box.currentIndexChanged.connect(self._tell)
        self.box.activated.connect(lambda _row: apply(str(self.box.currentData())))

    def set_presets(self, presets: Iterable[tuple[str, str, str]]) -> None:
        """(id, title, description) of each preset."""
        listed = list(presets)
        if [key for key, _title, _note in listed] == list(self._notes):
            return
        self._notes = {key: note for key, _title, note in listed}
        self.box.clear()
        for row, (key, title, note) in enumerate(listed):
            self.box.addItem(title, key)
            self.box.setItemData(row, note, Qt.ItemDataRole.ToolTipRole)
        self._tell()

    def show_current(self, key: str) -> None:
        """Show the preset that the page is like ("" for none)."""
        self.box.setCurrentIndex(self.box.findData(key) if key else -1)

    def _tell(self) -> None:
        note = self._notes.get(str(self.box.currentData()), "")
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.box.setAccessibleDescription(note)
