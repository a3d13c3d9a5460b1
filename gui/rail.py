"""The steps at the left: where one is, what is done, what needs attention; click to go there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from core.flow import KEYS, STEPS, State
from core.words import _
from gui.direction import in_order
from gui.icons import icon
from gui.theme import em

_LOOKS: dict[str, tuple[str, str]] = {
    "done": ("check", "good"),
    "needs_attention": ("warning", "warn"),
    "not_yet": ("not_yet", "muted"),
}

ROOMY_EM, CLOSE_EM = 2.1, 1.4
"""Height of a step, in letter heights, where there is room and where there is little."""


def state_text(state: State) -> str:
    """A step's mark in words."""
    return {
        "done": _("done"),
        "needs_attention": _("needs attention"),
        "not_yet": _("not yet"),
    }[state]


class Rail(QListWidget):
    """Emits the key of the step asked for; it moves only when told to."""

    stepChosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Steps"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSpacing(2)
        self.setWordWrap(True)
        for number, item in enumerate(STEPS, 1):
            row = QListWidgetItem(f"{number}. {item.title}")
            row.setData(Qt.ItemDataRole.UserRole, item.key)
            self.addItem(row)
        self._compact = False
        self._states: dict[str, State] = {}
        self.show_states(dict.fromkeys(KEYS, "not_yet"), {})
        self.set_current(KEYS[0])
        # A click or Enter goes; arrow keys only choose, so that a screen reader can look around.
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)
        self._resize()

    def _resize(self) -> None:
        side = em(self, 1.1)
        self.setIconSize(QSize(side, side))
        self.setFixedWidth(em(self, 4.2 if self._compact else 11.5))
        height = self._row_height()
        for row, part in enumerate(STEPS):
            item = self.item(row)
            item.setSizeHint(QSize(em(self, 3), height))
            item.setText(str(row + 1) if self._compact else in_order(f"{row + 1}. {part.title}"))

    def _row_height(self) -> int:
        """Roomy; closer where that shows every step without scrolling."""
        spare = 2 * self.spacing()
        fits = (self.height() - 2 * self.frameWidth()) // len(STEPS) - spare
        return min(em(self, ROOMY_EM), max(em(self, CLOSE_EM), fits))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().height() != event.size().height():
            self._resize()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        renewing = (QEvent.Type.FontChange, QEvent.Type.LayoutDirectionChange)
        if event.type() in renewing and hasattr(self, "_compact"):
            self._resize()

    def set_compact(self, compact: bool) -> None:
        """Numbers without titles, where there is little room."""
        if compact != self._compact:
            self._compact = compact
            self._resize()

    def _choose(self, item: QListWidgetItem) -> None:
        self.stepChosen.emit(str(item.data(Qt.ItemDataRole.UserRole)))

    def set_current(self, key: str) -> None:
        """Mark the step in view."""
        for row, name in enumerate(KEYS):
            item = self.item(row)
            font = QFont(item.font())
            font.setBold(name == key)
            item.setFont(font)
        self.setCurrentRow(KEYS.index(key))

    def show_states(self, states: dict[str, State], problems: dict[str, int]) -> None:
        """Mark every step, with the number of its problems."""
        if states == self._states and not problems:
            return
        self._states = dict(states)
        for row, part in enumerate(STEPS):
            state = states[part.key]
            name, colour = _LOOKS[state]
            words = state_text(state)
            if problems.get(part.key):
                words = _("{count} to correct").format(count=problems[part.key])
            item = self.item(row)
            item.setIcon(icon(name, colour))
            item.setToolTip(f"{part.title}: {words}\n{part.question}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row + 1}. {part.title}, {words}")
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, part.question)
