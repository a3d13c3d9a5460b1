"""Editors for one of several (searchable where there are many) and for any of several."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, QStringListModel, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCompleter, QGridLayout, QHBoxLayout, QWidget

from core.assessment.fields import Field
from core.words import _
from gui.view_models.choices import Choices
from gui.widgets.basics import CheckBox, LineEdit
from gui.widgets.combo_box import ComboBox
from gui.widgets.editor import Editor

SEARCH_FROM = 13
"""Choices from which on a list gets a search box."""


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
        line.setAccessibleName(_("{label}, search").format(label=self.field.label))
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
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._columns = 0
        self.boxes: dict[str, CheckBox] = {}
        for key, name in field.choices:
            box = CheckBox(name)
            box.setAccessibleName(f"{field.label}: {name}")
            box.clicked.connect(self._clicked)
            self.boxes[key] = box
        self._arrange(2)

    def _arrange(self, columns: int) -> None:
        if columns != self._columns:
            self._columns = columns
            for number, box in enumerate(self.boxes.values()):
                self._grid.addWidget(box, number // columns, number % columns)

    def minimumSizeHint(self) -> QSize:
        # One column where there is no room for two: what is asked for at least.
        widest = max(box.sizeHint().width() for box in self.boxes.values())
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        widest = max(box.sizeHint().width() for box in self.boxes.values())
        room = 2 * widest + self._grid.horizontalSpacing()
        self._arrange(2 if event.size().width() >= room else 1)

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
