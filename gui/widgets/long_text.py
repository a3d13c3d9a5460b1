"""Several lines of text; loaded with the first page that has some."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QMimeData
from PySide6.QtGui import QFocusEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from core.assessment.fields import Field
from gui.theme import em
from gui.widgets.basics import leaves_undo_to_the_document, outline
from gui.widgets.editor import Editor


class TextBox(QPlainTextEdit):
    """Several lines of text; Tab goes to the next field; files dropped are for the window."""

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return not source.hasUrls() and super().canInsertFromMimeData(source)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        outline(self, self.viewport())

    def event(self, event: QEvent) -> bool:
        if leaves_undo_to_the_document(event):
            event.ignore()
            return False
        return super().event(event)


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
