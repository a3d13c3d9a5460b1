"""What every editor is: it shows one value, keeps what is typed, and reports each edit."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.assessment.fields import Field
from gui.view_models.choices import Choices


class Editor(QWidget):
    """Shows and edits one value. ``edited(value, typing)`` comes with every change by hand."""

    edited = Signal(object, bool)
    finished = Signal()
    """The field was left, or a choice was made."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field

    def focus_widget(self) -> QWidget:
        """What takes the focus, and what the label belongs to."""
        return self

    def show_value(self, value: Any) -> None:
        """Show a value without reporting it as an edit."""

    currency = ""
    """Code of the currency that an amount of money is in."""

    def set_choices(self, choices: Choices) -> None:
        """What there is to choose from."""

    def set_wrong(self, wrong: bool) -> None:
        """Mark the value as impossible."""
        target = self.focus_widget()
        if bool(target.property("wrong")) != wrong:
            target.setProperty("wrong", wrong)
            target.update()

    def set_names(self, name: str, description: str) -> None:
        """What screen readers say."""
        target = self.focus_widget()
        target.setAccessibleName(name)
        target.setAccessibleDescription(description)
