"""What stands in place of an empty list: which filters hide the rest, and a way to have it back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from core.words import _
from gui.widgets.basics import Label


class NoHits(QWidget):
    """Says that nothing matches; hidden while something does."""

    cleared = Signal()
    """The filters are to be taken back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.about = Label()
        self.button = QPushButton(_("Show all"))
        self.button.setAutoDefault(False)
        self.button.clicked.connect(lambda _checked=False: self.cleared.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.about, 1)
        row.addWidget(self.button)
        self.hide()

    def tell(self, text: str) -> None:
        """Show what hides the rest; nothing hides the remark."""
        self.about.setText(text)
        self.setVisible(bool(text))
