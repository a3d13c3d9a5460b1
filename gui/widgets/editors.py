"""One editor per kind of field. Each keeps what was typed, right or wrong, and reports it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QDate, QLocale, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QCompleter,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from core.assessment.fields import Field
from core.words import _
from gui.theme import em
from gui.view_models.choices import Choices
from gui.widgets import numbers
from gui.widgets.basics import ComboBox, IconButton, Label, LineEdit, Slider, TextBox

SEARCH_FROM = 13
"""Choices from which on a list gets a search box."""


def decimal_point() -> str:
    """The decimal mark of the language in use."""
    return QLocale().decimalPoint()


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

    def set_choices(self, choices: Choices) -> None:
        """What there is to choose from."""

    def set_wrong(self, wrong: bool) -> None:
        """Mark the value as impossible."""
        target = self.focus_widget()
        if bool(target.property("wrong")) != wrong:
            target.setProperty("wrong", wrong)
            target.style().unpolish(target)
            target.style().polish(target)

    def set_names(self, name: str, description: str) -> None:
        """What screen readers say."""
        target = self.focus_widget()
        target.setAccessibleName(name)
        target.setAccessibleDescription(description)


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
        self.box.setMaximumWidth(em(self, 9))
        self.box.setMinimumWidth(em(self, 4.5))
        self.none: QCheckBox | None = None
        self._value: Any = None
        self._last: Any = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box, 3)
        unit = Label(field.unit)
        unit.setWordWrap(False)
        layout.addWidget(unit)
        if field.optional:
            self.none = QCheckBox(field.none_text)
            self.none.setAccessibleName(f"{field.label}: {field.none_text}")
            self.none.toggled.connect(self._toggle)
            layout.addWidget(self.none)
        layout.addStretch(1)
        self.box.textEdited.connect(self._typed)
        self.box.editingFinished.connect(self._leave)
        self.box.stepped.connect(self._step)

    def focus_widget(self) -> QWidget:
        if self.none is not None and not self.box.isEnabled():
            return self.none
        return self.box

    def show_value(self, value: Any) -> None:
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
        self.box.setText(numbers.shown(value, self.field, decimal_point()))
        self.box.setCursorPosition(0)

    def set_names(self, name: str, description: str) -> None:
        unit = f", {self.field.unit}" if self.field.unit else ""
        self.box.setAccessibleName(name + unit)
        self.box.setAccessibleDescription(description)

    def set_wrong(self, wrong: bool) -> None:
        if bool(self.box.property("wrong")) != wrong:
            self.box.setProperty("wrong", wrong)
            self.box.style().unpolish(self.box)
            self.box.style().polish(self.box)

    def _typed(self, text: str) -> None:
        self._value = numbers.parse(text, self.field, decimal_point())
        self.edited.emit(self._value, True)

    def _leave(self) -> None:
        # Shown again as it was understood; text that is no number stays as it is.
        self.box.setText(numbers.shown(self._value, self.field, decimal_point()))
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


class SliderEditor(Editor):
    """A whole number within a short range: a slider, and a box for typing it."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.slider = Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(int(field.minimum or 0), int(field.maximum or 100))
        self.slider.setPageStep(5)
        self.number = NumberEditor(field)
        self.number.box.setMaximumWidth(em(self, 4.5))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.number)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(self.finished)
        self.number.edited.connect(self._typed)
        self.number.finished.connect(self.finished)

    def focus_widget(self) -> QWidget:
        return self.slider

    def show_value(self, value: Any) -> None:
        self.number.show_value(value)
        self._move(value)

    def set_wrong(self, wrong: bool) -> None:
        self.number.set_wrong(wrong)

    def set_names(self, name: str, description: str) -> None:
        super().set_names(name, description)
        self.number.set_names(name, description)

    def _move(self, value: Any) -> None:
        if isinstance(value, int | float):
            self.slider.blockSignals(True)
            self.slider.setValue(round(max(-1e6, min(1e6, value))))
            self.slider.blockSignals(False)

    def _slid(self, value: int) -> None:
        self.number.show_value(value)
        self.edited.emit(value, True)

    def _typed(self, value: Any, typing: bool) -> None:
        self._move(value)
        self.edited.emit(value, typing)


class TextEditor(Editor):
    """One line of text."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = LineEdit()
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


class LongTextEditor(Editor):
    """Several lines of text."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = TextBox()
        self.box.setFixedHeight(em(self, 5))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.box.textChanged.connect(lambda: self.edited.emit(self.box.toPlainText(), True))

    def focus_widget(self) -> QWidget:
        return self.box

    def show_value(self, value: Any) -> None:
        if self.box.toPlainText() != str(value):
            self.box.blockSignals(True)
            self.box.setPlainText(str(value))
            self.box.blockSignals(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.finished.emit()
        super().focusOutEvent(event)


class BoolEditor(Editor):
    """Yes or no."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = QCheckBox(_("Yes"))
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


class ChoiceEditor(Editor):
    """One of several; long lists are searched by typing any part of a name or id."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = ComboBox()
        self._ids: list[str] = []
        self._value: Any = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.box.activated.connect(self._chosen)
        self._choices: Choices = ()
        self.set_choices(field.choices)

    def focus_widget(self) -> QWidget:
        return self.box

    def set_choices(self, choices: Choices) -> None:
        if choices == self._choices:
            return
        self._choices = choices
        self._ids = [key for key, _name in choices]
        self.box.clear()
        self.box.addItems([name for _key, name in choices])
        for row, (key, name) in enumerate(choices):
            tip = key if self.field.choices_from == "models" else name
            self.box.setItemData(row, tip, Qt.ItemDataRole.ToolTipRole)
        if len(choices) >= SEARCH_FROM:
            self._make_searchable()
        value, self._value = self._value, object()
        self.show_value(value)

    def _make_searchable(self) -> None:
        line = LineEdit()
        self.box.setEditable(True)
        self.box.setLineEdit(line)
        self.box.setInsertPolicy(ComboBox.InsertPolicy.NoInsert)
        names = [name for _key, name in self._choices]
        completer = QCompleter(QStringListModel(names, self), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(12)
        self.box.setCompleter(completer)
        completer.activated.connect(self._completed)
        line.setPlaceholderText(_("Type to search"))
        line.editingFinished.connect(self._left)

    def show_value(self, value: Any) -> None:
        if value == self._value and (value in self._ids) == (self.box.currentIndex() >= 0):
            return
        self._value = value
        known = value in self._ids
        if not known and not self.box.isEditable():
            # Not among the choices (a file of another version, or no catalog yet): say so.
            self.box.setPlaceholderText("" if value is None else str(value))
        self.box.setCurrentIndex(self._ids.index(value) if known else -1)
        if not known and self.box.isEditable():
            self.box.setEditText("" if value is None else str(value))
        line = self.box.lineEdit()
        if line is not None:
            line.setCursorPosition(0)

    def _chosen(self, row: int) -> None:
        if 0 <= row < len(self._ids):
            self._value = self._ids[row]
            self.edited.emit(self._value, False)
            self.finished.emit()

    def _completed(self, name: str) -> None:
        self._chosen(next((i for i, (_k, n) in enumerate(self._choices) if n == name), -1))

    def _left(self) -> None:
        """Typed and left: a name, an id, the only match, or back to what was chosen."""
        text = self.box.currentText().strip().lower()
        exact = [i for i, pair in enumerate(self._choices) if text in (p.lower() for p in pair)]
        near = [i for i, pair in enumerate(self._choices) if any(text in p.lower() for p in pair)]
        found = exact[:1] or (near if len(near) == 1 and text else [])
        if found and self._ids[found[0]] != self._value:
            self._chosen(found[0])
        if self._value in self._ids:
            self.box.setCurrentIndex(self._ids.index(self._value))
            self.box.setEditText(self._choices[self._ids.index(self._value)][1])


class FlagsEditor(Editor):
    """Any of several."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._extra: tuple[str, ...] = ()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        self.boxes: dict[str, QCheckBox] = {}
        for number, (key, name) in enumerate(field.choices):
            box = QCheckBox(name)
            box.setAccessibleName(f"{field.label}: {name}")
            box.clicked.connect(self._clicked)
            self.boxes[key] = box
            grid.addWidget(box, number // 2, number % 2)

    def focus_widget(self) -> QWidget:
        return next(iter(self.boxes.values()))

    def set_names(self, name: str, description: str) -> None:
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)

    def show_value(self, value: Any) -> None:
        chosen = value if isinstance(value, tuple) else ()
        self._extra = tuple(v for v in chosen if v not in self.boxes)
        for key, box in self.boxes.items():
            box.setChecked(key in chosen)

    def _clicked(self) -> None:
        chosen = tuple(key for key, box in self.boxes.items() if box.isChecked())
        self.edited.emit(chosen + self._extra, False)
        self.finished.emit()


class DateEditor(Editor):
    """A date, typed as 2027-03-31 or picked from a calendar; or none."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.box = LineEdit()
        self.box.setPlaceholderText(field.none_text)
        self.box.setMaximumWidth(em(self, 9))
        self._pick = IconButton("table", _("{label}: open a calendar").format(label=field.label))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        layout.addWidget(self._pick)
        hint = Label(_("year-month-day"), colour="muted")
        layout.addWidget(hint)
        layout.addStretch(1)
        self.box.textEdited.connect(self._typed)
        self.box.editingFinished.connect(self.finished)
        self._pick.clicked.connect(self._open)

    def focus_widget(self) -> QWidget:
        return self.box

    def show_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if self.box.text().strip() != text:
            self.box.setText(text)

    def _typed(self, text: str) -> None:
        plain = text.strip()
        value = plain or (None if self.field.optional else "")
        self.edited.emit(value, True)

    def _open(self) -> None:
        menu = QMenu(self)
        calendar = QCalendarWidget(menu)
        shown = QDate.fromString(self.box.text().strip(), Qt.DateFormat.ISODate)
        calendar.setSelectedDate(shown if shown.isValid() else QDate.currentDate())
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)

        def take(day: QDate) -> None:
            menu.close()
            text = day.toString(Qt.DateFormat.ISODate)
            self.box.setText(text)
            self.edited.emit(text, False)
            self.finished.emit()

        calendar.activated.connect(take)
        calendar.clicked.connect(take)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._pick.mapToGlobal(self._pick.rect().bottomLeft()))
        calendar.setFocus()


class HoursEditor(Editor):
    """A week of 168 hourly weights from a file, or none."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._state = Label()
        self._load = QPushButton(_("From a file…"))
        self._load.setToolTip(_("A text or CSV file with 168 numbers, Monday 00:00 first"))
        self._drop = QPushButton(_("Use the preset week"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._state)
        buttons = QHBoxLayout()
        buttons.addWidget(self._load)
        buttons.addWidget(self._drop)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self._load.clicked.connect(self._ask)
        self._drop.clicked.connect(lambda: self._set(None))

    def focus_widget(self) -> QWidget:
        return self._load

    def show_value(self, value: Any) -> None:
        if value is None:
            text = self.field.none_text
        elif isinstance(value, tuple):
            text = _("{count} hourly weights").format(count=len(value))
        else:
            text = str(value)
        self._state.setText(text)
        self._drop.setEnabled(value is not None)

    def read(self, path: str) -> None:
        """Take the numbers of a file."""
        from pathlib import Path

        try:
            text = Path(path).read_text(encoding="utf-8-sig")[:200_000]
        except (OSError, UnicodeDecodeError) as error:
            self._state.setText(_("The file cannot be read: {error}").format(error=error))
            return
        words = text.replace(";", " ").replace(",", " ").split()
        found = tuple(float(word) for word in words if _is_number(word))
        self._set(found)

    def _ask(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(
            self, _("Hourly weights"), "", _("Numbers (*.csv *.txt);;All files (*)")
        )
        if path:
            self.read(path)

    def _set(self, value: Any) -> None:
        self.show_value(value)
        self.edited.emit(value, False)
        self.finished.emit()


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


_KINDS: dict[str, type[Editor]] = {
    "text": TextEditor,
    "long_text": LongTextEditor,
    "int": NumberEditor,
    "number": NumberEditor,
    "share": NumberEditor,
    "bool": BoolEditor,
    "choice": ChoiceEditor,
    "flags": FlagsEditor,
    "date": DateEditor,
    "hours": HoursEditor,
}


def editor_for(field: Field) -> Editor:
    """The editor of a field's kind."""
    return _KINDS[field.kind](field)
