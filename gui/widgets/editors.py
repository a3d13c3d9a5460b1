"""Editors for numbers and text, and the editor of each kind of field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.assessment import numbers
from core.assessment.fields import Field
from core.language import ENGLISH, language
from core.notation import marks
from core.words import _
from gui.theme import em
from gui.widgets.basics import CheckBox, Label, LineEdit
from gui.widgets.choice_editors import ChoiceEditor, FlagsEditor
from gui.widgets.editor import Editor

if TYPE_CHECKING:  # every class of Qt costs the first window its share
    from PySide6.QtGui import QKeyEvent


def number_marks() -> tuple[str, str]:
    """Thousands separator and decimal mark: the language's; in English the system's."""
    if language() != ENGLISH:
        return marks()
    point = QLocale().decimalPoint()
    return (".", ",") if point == "," else (",", ".")


_NOTHING_YET = object()


class _NumberBox(LineEdit):
    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10,
                 Qt.Key.Key_PageDown: -10}.get(Qt.Key(event.key()))  # fmt: skip  # a table
        if steps is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(steps)


class NumberEditor(Editor):
    """A number with its unit, and a box to say that it is not known or unlimited."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = _NumberBox()
        self._widest = 9.0
        self._rescale()
        self.none: CheckBox | None = None
        self._value: Any = _NOTHING_YET
        self._last: Any = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box, 3)
        self.unit = Label(field.unit)
        self.unit.setWordWrap(False)
        layout.addWidget(self.unit)
        if field.optional:
            self.none = CheckBox(field.none_text)
            self.none.setAccessibleName(f"{field.label}: {field.none_text}")
            self.none.toggled.connect(self._toggle)
            layout.addWidget(self.none)
        layout.addStretch(1)
        self.box.textEdited.connect(self._typed)
        self.box.editingFinished.connect(self._leave)
        self.box.stepped.connect(self._step)

    def keep_narrow(self) -> None:
        """Room for few digits only."""
        self._widest = 4.5
        self._rescale()

    def _rescale(self) -> None:
        self.box.setMinimumWidth(em(self, 4))
        self.box.setMaximumWidth(em(self, self._widest))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._rescale()

    def focus_widget(self) -> QWidget:
        if self.none is not None and not self.box.isEnabled():
            return self.none
        return self.box

    def show_value(self, value: Any) -> None:
        self.unit.setText(self.field.unit_in(self.currency, value))
        same = value == self._value and type(value) is type(self._value)
        if same and (self.box.text() or value is None):
            return
        self._value = value
        if value is not None:
            self._last = value
        if self.none is not None:
            self.none.blockSignals(True)
            self.none.setChecked(value is None)
            self.none.blockSignals(False)
            self.box.setEnabled(value is not None)
        self.box.setText(numbers.shown(value, self.field, number_marks()))
        self.box.setCursorPosition(0)

    def set_names(self, name: str, description: str) -> None:
        unit = self.field.unit_in(self.currency)
        unit = f", {unit}" if unit else ""
        self.box.setAccessibleName(name + unit)
        self.box.setAccessibleDescription(description)

    def set_wrong(self, wrong: bool) -> None:
        if bool(self.box.property("wrong")) != wrong:
            self.box.setProperty("wrong", wrong)
            self.box.update()

    def _typed(self, text: str) -> None:
        self._value = numbers.parse(text, self.field, number_marks()[1], self.currency)
        self.edited.emit(self._value, True)

    def _leave(self) -> None:
        # Shown again as it was understood; text that is no number stays as it is.
        self.box.setText(numbers.shown(self._value, self.field, number_marks()))
        self.finished.emit()

    def _step(self, steps: int) -> None:
        if isinstance(self._value, int | float):
            value = numbers.stepped(self._value, self.field, steps)
            self.show_value(value)
            self.edited.emit(value, True)

    def _toggle(self, unknown: bool) -> None:
        value = self._last
        if not unknown and not isinstance(value, int | float):
            # Somewhere to start from: what was there before, or the least that is allowed.
            value = self.field.minimum or 0.0
            if self.field.above_minimum or not value:
                value = numbers.stepped(value, self.field, 1)
            value = int(value) if self.field.kind == "int" else float(value)
        self.show_value(None if unknown else value)
        self.edited.emit(None if unknown else value, False)
        self.finished.emit()
        if not unknown:
            self.box.setFocus()
            self.box.selectAll()


class TextEditor(Editor):
    """One line of text."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = LineEdit()
        self.box.setPlaceholderText(field.none_text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.box.textEdited.connect(lambda text: self.edited.emit(text, True))
        self.box.editingFinished.connect(self.finished)

    def focus_widget(self) -> QWidget:
        return self.box

    def show_value(self, value: Any) -> None:
        if self.box.text() != str(value):
            self.box.setText(str(value))
            self.box.setCursorPosition(0)


class BoolEditor(Editor):
    """Yes or no."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = CheckBox(_("Yes"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        layout.addStretch(1)
        self.box.clicked.connect(self._clicked)

    def focus_widget(self) -> QWidget:
        return self.box

    def show_value(self, value: Any) -> None:
        self.box.setChecked(value is True)

    def _clicked(self, on: bool) -> None:
        self.edited.emit(on, False)
        self.finished.emit()


_KINDS: dict[str, type[Editor]] = {
    "text": TextEditor,
    "int": NumberEditor,
    "number": NumberEditor,
    "share": NumberEditor,
    "bool": BoolEditor,
    "choice": ChoiceEditor,
    "flags": FlagsEditor,
}


def editor_for(field: Field) -> Editor:
    """The editor of a field's kind."""
    if field.kind in ("date", "hours"):
        # Calendars and weeks are on no first page.
        from gui.widgets.date_and_hours import DateEditor, HoursEditor

        return DateEditor(field) if field.kind == "date" else HoursEditor(field)
    if field.kind == "long_text":
        from gui.widgets.long_text import LongTextEditor

        return LongTextEditor(field)
    return _KINDS[field.kind](field)
