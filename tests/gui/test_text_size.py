"""Text from 100 to 200 % in a window that is open: all of it, with what it is read and used by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAction, QHelpEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionSlider,
    QTabWidget,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.results.options_table import OptionsPanel
from gui.results.rows import Cell, Column, Row, RowsModel
from gui.results.table import ResultTable
from gui.theme import theme
from gui.widgets.combo_box import ComboBox
from gui.widgets.sliders import Slider

WITH_TEXT = (QLabel, QAbstractButton, QLineEdit, QComboBox, QAbstractItemView)


@pytest.fixture(autouse=True)
def usual_look(qapp: QApplication) -> Iterator[None]:
    theme().apply(qapp, "light", 100)
    yield
    theme().apply(qapp, "light", 100)


def sizes(window: QWidget) -> dict[QWidget, float]:
    return {
        widget: widget.font().pointSizeF()
        for widget in window.findChildren(QWidget)
        # Qt's own corner and dock buttons show no text
        if isinstance(widget, WITH_TEXT) and not widget.objectName().startswith("qt_")
    }


def test_every_text_takes_every_size_whatever_was_before(window: MainWindow) -> None:
    """Style sheets come and go with sizes and colours, and put back fonts they saw before."""
    for key in ("recommendation", "workload"):
        window.wizard.go_to(key)
        QApplication.processEvents()
    usual = sizes(window)
    assert len(usual) > 300 and len(set(usual.values())) >= 4
    looks: tuple[tuple[Any, int], ...] = (
        ("light", 200), ("light", 100), ("dark", 200), ("high_contrast", 200),
        ("high_contrast", 100), ("high_contrast", 150), ("dark", 125), ("light", 100),
    )  # fmt: skip  # pairs
    for mode, scale in looks:
        window.looks.choose(mode=mode, scale=scale)
        QApplication.processEvents()
        for widget, size in sizes(window).items():
            if widget in usual:
                wanted = usual[widget] * scale / 100
                assert size == pytest.approx(wanted, abs=0.11), (mode, scale, widget)


def test_scroll_bars_grow_and_menus_have_no_icons_that_do_not(window: MainWindow) -> None:
    bar = window.wizard.page_of("workload").area.verticalScrollBar()
    bar.ensurePolished()
    usual = bar.sizeHint().width()
    assert any(a.isIconVisibleInMenu() and not a.icon().isNull() for a in shown_in_file(window))
    window.looks.choose(scale=200)
    assert bar.sizeHint().width() >= 1.8 * usual
    assert not any(a.isIconVisibleInMenu() for a in shown_in_file(window))


def shown_in_file(window: MainWindow) -> list[QAction]:
    (menu,) = [a.menu() for a in window.menuBar().actions() if a.text() == "&File"]
    menu.aboutToShow.emit()
    return list(menu.actions())


def arrow(box: ComboBox) -> QRect:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    kind, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxArrow
    return box.style().subControlRect(kind, option, part, box)


def handle(slider: Slider) -> QRect:
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    kind, part = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
    return slider.style().subControlRect(kind, option, part, slider)


def ink(box: ComboBox) -> int:
    """Width in pixels of what is drawn in the arrow's place."""
    room = arrow(box).adjusted(3, 4, -3, -4)
    image = box.grab(room).toImage()
    back = image.pixelColor(0, 0).lightness()
    columns = [
        x
        for x in range(image.width())
        if any(abs(image.pixelColor(x, y).lightness() - back) > 60 for y in range(image.height()))
    ]
    return max(columns) - min(columns) + 1 if columns else 0


@pytest.mark.parametrize("mode", ["light", "dark", "high_contrast"])
@pytest.mark.parametrize("editable", [False, True])
def test_arrows_and_handles_grow_with_the_text(
    qtbot: QtBot, qapp: QApplication, mode: Any, editable: bool
) -> None:
    found = []
    for scale in (100, 200):
        theme().apply(qapp, mode, scale)
        box, slider = ComboBox(), Slider(Qt.Orientation.Horizontal)
        box.setEditable(editable)
        for widget in (box, slider):
            qtbot.addWidget(widget)
            widget.resize(300, widget.sizeHint().height())
            widget.show()
        qapp.processEvents()
        assert handle(slider).height() <= slider.height()
        found.append((arrow(box).width(), ink(box), handle(slider).width()))
    (room, width, wide), (room2, width2, wide2) = found
    assert room2 >= 1.8 * room and width2 >= 1.7 * width > 0 and wide2 >= 1.7 * wide


def test_columns_keep_their_texts(qtbot: QtBot, qapp: QApplication) -> None:
    model = RowsModel((Column("What it is called"), Column("How much", numeric=True)))
    model.show_rows([Row("a", (Cell("A text of some length"), Cell("1,234,567", 1234567.0)))])
    table = ResultTable(model, "Table")
    qtbot.addWidget(table)
    table.resize(900, 200)
    table.show()
    table.fit_columns()
    theme().apply(qapp, "light", 200)
    qapp.processEvents()
    needed = table.fontMetrics().horizontalAdvance("A text of some length")
    assert table.columnWidth(0) > needed > 150


def test_a_menu_of_large_text_cuts_no_text(window: MainWindow) -> None:
    """All of "As the system" is drawn, beside a mark that grows with the text as well."""
    window.looks.choose(scale=200)
    QApplication.processEvents()
    colours = window.menus.modes.actions()[0].associatedObjects()
    [menu] = [shown for shown in colours if isinstance(shown, QMenu)]
    menu.popup(window.pos())
    QApplication.processEvents()
    line = menu.fontMetrics()
    words = max(line.horizontalAdvance(a.text().replace("&", "")) for a in menu.actions())
    # Fusion draws the text behind a column as wide as the text is high, with gaps beside it.
    assert menu.actionGeometry(menu.actions()[0]).width() >= words + 2.2 * line.height()
    menu.hide()


def test_ticks_and_lines_of_menus_are_seen_on_black(window: MainWindow) -> None:
    """What is on is told from what is off, and groups from each other, in high contrast too."""
    window.looks.choose(mode="high_contrast")
    QApplication.processEvents()
    ticked = next(a for a in window.menus.modes.actions() if a.isChecked())
    [menu] = [shown for shown in ticked.associatedObjects() if isinstance(shown, QMenu)]
    menu.popup(window.pos())
    QApplication.processEvents()
    image = menu.grab().toImage()

    def light(action: QAction) -> int:
        place = menu.actionGeometry(action)
        mark = QRect(place.left(), place.top(), menu.fontMetrics().height(), place.height())
        return max(
            image.pixelColor(x, y).lightness()
            for x in range(mark.left() + 2, mark.right())
            for y in range(mark.top() + 2, mark.bottom() - 2)
        )

    others = [a for a in menu.actions() if not a.isChecked()]
    assert light(ticked) > 200 and max(light(a) for a in others) < 60
    menu.hide()


def test_a_fitting_choice_has_room_for_its_longest_name(qtbot: QtBot, qapp: QApplication) -> None:
    for scale in (100, 200):
        theme().apply(qapp, "light", scale)
        box = ComboBox(fitting=True)
        qtbot.addWidget(box)
        box.addItems(["A4", "English"])
        box.resize(box.sizeHint())
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        kind, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = box.style().subControlRect(kind, option, part, box)
        assert room.width() >= box.fontMetrics().horizontalAdvance("English")


def test_the_results_take_back_their_place_after_large_text(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.wizard.go_to("recommendation")
    page = window.wizard.page_of("recommendation")
    qtbot.waitUntil(page.tabs.tabBar().hasFocus)
    usual, least = page.height(), page.tabs.minimumHeight()
    window.looks.choose(scale=200)
    qtbot.wait(50)
    assert page.height() < usual
    assert page.area.verticalScrollBar().value() == 0  # the sentence is in view
    window.looks.choose(scale=100)
    qtbot.waitUntil(lambda: page.height() == pytest.approx(usual, abs=6))
    assert page.tabs.minimumHeight() == least  # it needs no scrolling any more


def test_a_choice_without_room_ends_with_an_ellipsis_and_is_told_in_full(qtbot: QtBot) -> None:
    """Qt stops amid a letter."""
    box = ComboBox()
    qtbot.addWidget(box)
    box.addItems(["short", "Business hours, one country (measured: US developers)"])
    box.setCurrentIndex(1)
    box.resize(160, box.sizeHint().height())
    box.show()
    assert box.shown_text().endswith("…") and box.shown_text()[:-1] in box.currentText()
    room = box.fontMetrics().horizontalAdvance(box.shown_text())
    assert 80 < room < box.width()
    help_event = QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), box.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(box, help_event)
    qtbot.waitUntil(lambda: QToolTip.text() == box.currentText())
    QToolTip.hideText()
    box.resize(600, box.height())
    assert box.shown_text() == box.currentText()


@pytest.mark.parametrize("percent", [100, 200])
def test_the_number_of_options_stands_clear_of_the_edge(
    window: MainWindow, qapp: QApplication, percent: int
) -> None:
    theme().apply(qapp, "light", percent)
    window.resize(1280, 720)
    window.wizard.go_to("recommendation")
    panel = window.wizard.page_of("recommendation").findChild(OptionsPanel)
    tabs = panel.parentWidget().parentWidget()
    assert isinstance(tabs, QTabWidget)
    tabs.setCurrentWidget(panel)
    QApplication.processEvents()
    count = panel.count
    needed = count.fontMetrics().horizontalAdvance(count.text())
    assert count.width() >= needed
    right = count.mapTo(panel, QPoint(count.width(), 0)).x()
    assert panel.width() - right >= count.fontMetrics().averageCharWidth() / 2
    # "Feasible only 10 of 190" would read as one phrase.
    before = panel.feasible.mapTo(panel, QPoint(panel.feasible.width(), 0)).x()
    assert count.mapTo(panel, QPoint()).x() - before > count.fontMetrics().averageCharWidth()
