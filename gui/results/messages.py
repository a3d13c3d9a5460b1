"""A strip above a page that says what state its contents are in, and what was done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from gui.direction import in_order


class Strip(QFrame):
    """One sentence with an optional moving bar and buttons; hidden while there is none."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(name)
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.bar = QProgressBar(self)
        self.bar.setMaximumWidth(160)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(name)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(10, 4, 10, 4)
        self._layout.addWidget(self.label, 1)
        self._layout.addWidget(self.bar)
        self._buttons: list[QPushButton] = []
        self.hide()

    @property
    def text(self) -> str:
        """What it says, "" while hidden."""
        return "" if self.isHidden() else self.label.text()

    def say(
        self,
        text: str,
        *,
        progress: float | None = None,
        moving: bool = False,
        buttons: tuple[tuple[str, Callable[[], None]], ...] = (),
    ) -> None:
        """Show a sentence; "" hides the strip. ``progress`` is 0..1, ``moving`` without an end."""
        for old in self._buttons:
            old.hide()
            old.deleteLater()
        self._buttons = []
        self.label.setText(text)
        self.setAccessibleDescription(text)
        self.bar.setVisible(moving or progress is not None)
        if moving:
            self.bar.setRange(0, 0)
        elif progress is not None:
            self.bar.setRange(0, 100)
            self.bar.setValue(round(progress * 100))
        for name, action in buttons:
            button = QPushButton(in_order(name), self)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, action=action: action())
            self._layout.addWidget(button)
            button.show()
            self._buttons.append(button)
        self.setVisible(bool(text))

    def advance(self, progress: float) -> None:
        """Move the bar without touching text and buttons."""
        self.bar.setRange(0, 100)
        self.bar.setValue(round(progress * 100))
