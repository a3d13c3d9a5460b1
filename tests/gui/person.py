"""The hands of a person: clicks where something is seen, keys for whatever has the focus.

Both go to the window, as the system sends them, and Qt finds whom they are for: a list that is
open takes keys before the box below it, and what lies in front takes the click.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
    QWizard,
)

from core.assessment import Assessment, entries
from core.flow import step_of
from gui.main_window import MainWindow
from gui.pages.workload import workload_of
from gui.widgets.choice_editors import FlagsEditor
from gui.widgets.field_row import FieldRow
from gui.widgets.sliders import SliderEditor

CONTROL, PLAIN = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """The left button on a widget that is scrolled into view and can be used."""
    for area in _areas_around(widget):
        area.ensureWidgetVisible(widget)
    QApplication.processEvents()
    place = at or widget.rect().center()
    top = widget.window()
    spot = widget.mapTo(top, place)
    assert widget.isEnabled(), f"{widget} cannot be used"
    assert widget.visibleRegion().contains(place), f"{widget} is not in view"
    hit = top.childAt(spot) or top
    assert hit is widget or widget.isAncestorOf(hit), f"{hit} lies in front of {widget}"
    QTest.mouseClick(top.windowHandle(), Qt.MouseButton.LeftButton, PLAIN, spot)
    QApplication.processEvents()


def _areas_around(widget: QWidget) -> list[QScrollArea]:
    found, owner = [], widget.parentWidget()
    while owner is not None:
        if isinstance(owner, QScrollArea):
            found.append(owner)
        owner = owner.parentWidget()
    return found


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    """A key, for the window in front."""
    QTest.keyClick(_in_front(), key, modifier)
    QApplication.processEvents()


def type_text(text: str) -> None:
    """Key after key."""
    for letter in text:
        QTest.keyClick(_in_front(), letter)
        QApplication.processEvents()


def _in_front() -> QWindow:
    window = QGuiApplication.focusWindow()
    assert window is not None, "no window takes keys"
    return window


def tick(box: QCheckBox) -> None:
    """Click a box at its mark: its widget may be wider than what is drawn."""
    click(box, QPoint(8, box.height() // 2))


def write(line: QLineEdit, text: str) -> None:
    """Click into a line, replace what it holds, and leave it by Tab."""
    click(line, QPoint(6, line.height() // 2))
    assert line.hasFocus(), f"{line} does not take the focus"
    press(Qt.Key.Key_A, CONTROL)
    type_text(text)
    press(Qt.Key.Key_Tab)


def paste(box: QPlainTextEdit, text: str) -> None:
    """Click into a box and put a copied text in place of what it holds."""
    click(box.viewport(), QPoint(6, 6))
    QApplication.clipboard().setText(text)
    press(Qt.Key.Key_A, CONTROL)
    press(Qt.Key.Key_V, CONTROL)


def pick(box: QComboBox, text: str) -> None:
    """Choose from a list: by typing where it can be searched, else in the list that unfolds."""
    line = box.lineEdit()
    if line is not None:
        write(line, text)
        return
    click(box)
    view = box.view()
    assert view.isVisible(), f"{box} does not unfold"
    click_row(view, box.findText(text))
    assert not view.isVisible()


def click_row(view: QAbstractItemView, row: int) -> None:
    """Move over a list that has just unfolded to one of its rows, and click."""
    model, window = view.model(), view.window()
    assert 0 <= row < model.rowCount()
    for passed in (0, model.rowCount() - 1, row):  # unmoved, a click belongs to the unfolding
        view.scrollTo(model.index(passed, 0))
        place = view.visualRect(model.index(passed, 0)).center()
        QTest.mouseMove(window.windowHandle(), view.viewport().mapTo(window, place))
        QApplication.processEvents()
    click(view.viewport(), place)


def go_next(window: MainWindow) -> None:
    """The wizard's button "Next"."""
    click(window.wizard.button(QWizard.WizardButton.NextButton))


def row_of(window: MainWindow, path: str) -> FieldRow:
    """The row of an input of the page in view, unfolded where it is folded away."""
    prefix, _dot, key = path.rpartition(".")
    page: Any = window.wizard.currentPage()
    form = next(f for f in page.forms() if f.prefix == prefix and key in f.rows)
    row: FieldRow = form.rows[key]
    if row.field.more and not row.isVisible():
        click(form.fold)
    return row


def typed(value: Any, row: FieldRow) -> str:
    """A number as a person writes it: without separators of thousands, shares in percent."""
    return f"{value * row.field.factor:.12g}"


def enter(row: FieldRow, value: Any) -> None:
    """Give an input a value by the controls that it shows."""
    editor: Any = row.editor
    kind = row.field.kind
    if isinstance(editor, FlagsEditor):
        for key, box in editor.boxes.items():
            if box.isChecked() != (key in value):
                tick(box)
    elif isinstance(editor, SliderEditor):
        write(editor.number.box, typed(value, row))
    elif kind in ("int", "number", "share"):
        if editor.none is not None and editor.none.isChecked() != (value is None):
            tick(editor.none)
        if value is not None:
            write(editor.box, typed(value, row))
    elif kind == "bool":
        tick(editor.box)
    elif kind == "choice":
        pick(editor.box, editor.box.itemText(editor._ids.index(value)))
    elif kind == "long_text":
        paste(editor.box, value)
    elif kind in ("text", "date"):
        write(editor.box, value)
    else:
        raise NotImplementedError(f"nobody enters {kind} here yet")


def fill_in(window: MainWindow, wanted: Assessment) -> list[str]:
    """Enter on the page in view whatever differs from an assessment; the paths entered.

    In the order of the page, as a choice may fill in what stands below it.
    """
    key, entered = window.wizard.key, []
    for entry in entries(wanted):
        if step_of(entry.path).key != key:
            continue
        number = workload_of(entry.path)
        if number is not None:
            _turn_to_workload(window, number)
        if window.session.value(entry.path) != entry.value:
            enter(row_of(window, entry.path), entry.value)
            entered.append(entry.path)
            got = window.session.value(entry.path)
            assert got == entry.value, f"{entry.path}: {entry.value!r} became {got!r}"
    return entered


def _turn_to_workload(window: MainWindow, number: int) -> None:
    bar: Any = window.wizard.currentPage().bar  # type: ignore[attr-defined]  # both pages have one
    while number >= bar.tabs.count():
        click(bar.add)
    if bar.tabs.currentIndex() != number:
        click(bar.tabs, bar.tabs.tabRect(number).center())
    assert bar.tabs.currentIndex() == number
