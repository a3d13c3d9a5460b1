"""Editors for a date and for a week of hourly weights."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QCalendarWidget,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from core.assessment.fields import Field
from core.notation import typed_day
from core.words import _
from gui.direction import in_order
from gui.theme import em
from gui.widgets.basics import IconButton, Label, LineEdit
from gui.widgets.editor import Editor


class DateEditor(Editor):
    """A date, typed as 2027-03-31 or as the language writes it, or picked from a calendar."""

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
        plain = typed_day(text.strip())
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
        self._load = QPushButton(in_order(_("From a file…")))
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

        from core.spreadsheet_text import decoded, numbers_in

        try:
            text = decoded(Path(path).read_bytes()[:200_000])
        except (OSError, UnicodeDecodeError) as error:
            self._state.setText(_("The file cannot be read: {error}").format(error=error))
            return
        self._set(numbers_in(text))

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
