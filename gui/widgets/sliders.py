"""Sliders; loaded with the first page that has some."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from core.assessment.fields import Field
from gui.widgets.editor import Editor
from gui.widgets.editors import NumberEditor


class Slider(QSlider):
    """A slider that a passing mouse wheel does not move."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SliderEditor(Editor):
    """A whole number within a short range: a slider, and a box for typing it."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.slider = Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(int(field.minimum or 0), int(field.maximum or 100))
        self.slider.setPageStep(5)
        self.number = NumberEditor(field)
        self.number.keep_narrow()
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
