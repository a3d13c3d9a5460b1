"""A sentence above the page that says what happened and offers what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from core.words import _
from gui.direction import in_order
from gui.icons import icon
from gui.theme import em
from gui.widgets.basics import IconButton, Label


class Banner(QFrame):
    """Stays until dismissed, replaced or no longer true; never takes the focus by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(_("Message"))
        self._picture = QLabel()
        self._text = Label()
        self._action = QPushButton()
        self._action.clicked.connect(self._act)
        self._close = IconButton("cross", _("Dismiss the message"))
        self._close.clicked.connect(self.clear)
        self._do: Callable[[], object] | None = None
        self.topic = ""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 4, 4)
        layout.addWidget(self._picture)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._action)
        layout.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown; "" where there is none."""
        return "" if self.isHidden() else self._text.text()

    def tell(
        self,
        text: str,
        *,
        action: str = "",
        do: Callable[[], object] | None = None,
        topic: str = "",
        level: str = "warning",
    ) -> None:
        """Show a sentence, with a button where something can be done."""
        colour = {"warning": "warn", "error": "bad"}.get(level, "accent")
        name = "info" if level == "info" else "warning"
        side = em(self, 1.2)
        self._picture.setPixmap(icon(name, colour).pixmap(QSize(side, side)))
        self._text.setText(text)
        self._do, self.topic = do, topic
        self._action.setText(in_order(action))
        self._action.setVisible(bool(action))
        self.setAccessibleDescription(text)
        self.show()

    def clear(self, topic: str | None = None) -> None:
        """Take the sentence away (only one on ``topic``, where that is given)."""
        if not isinstance(topic, str) or topic == self.topic:
            self._do, self.topic = None, ""
            self.hide()

    def _act(self) -> None:
        do = self._do
        self.clear()
        if do is not None:
            do()
