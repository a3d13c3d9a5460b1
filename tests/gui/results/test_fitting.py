"""Tabs in a small window: their pages scroll by themselves, the page around them does not."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QSpacerItem, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.results.fitting import Area, Tabs
from gui.widgets.basics import Label


def high() -> QWidget:
    """A page that would like to be higher than any window."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.addSpacerItem(
        QSpacerItem(300, 2_000, QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    )
    return page


def test_a_high_tab_never_makes_the_page_around_it_scroll(qtbot: QtBot) -> None:
    content = QWidget()
    column = QVBoxLayout(content)
    column.addWidget(Label("a sentence that wraps " * 20))  # its height follows from its width
    tabs = Tabs()
    tabs.addTab(QWidget(), "low")
    tabs.addTab(high(), "high")
    tabs.least(20, 10)
    column.addWidget(tabs, 1)
    area = Area(content)
    qtbot.addWidget(area)
    area.resize(700, 600)
    area.show()
    for at in (0, 1, 0):
        tabs.setCurrentIndex(at)
        qtbot.wait(30)
        assert area.verticalScrollBar().maximum() == 0
    least = tabs.minimumHeight()
    area.resize(700, least)  # not even the tabs' least height fits below the sentence
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    assert tabs.height() >= least
