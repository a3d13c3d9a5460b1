from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QIcon, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.assessment import Assessment, with_value
from core.interchange.document import save
from gui.icons import app_icon
from gui.main_window import MainWindow
from gui.windows import ICON_MS, Windows


@pytest.fixture
def windows(qapp: QApplication) -> Iterator[Windows]:
    made = Windows(qapp)
    yield made
    for window in list(made.open):
        window.documents.ask_unsaved = lambda: "discard"
        window.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_a_window_per_file_and_closed_ones_are_gone(
    windows: Windows, qtbot: QtBot, tmp_path: Path
) -> None:
    files = []
    for users in (11, 12):
        files.append(tmp_path / f"{users}.json")
        save(with_value(Assessment(), "workloads[0].users", users), files[-1])
    windows.start(files)
    assert [w.session.value("workloads[0].users") for w in windows.open] == [11, 12]
    windows.open[0].close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert [w.session.value("workloads[0].users") for w in windows.open] == [12]


def test_a_file_that_cannot_be_opened_leaves_a_window_that_says_so(
    windows: Windows, tmp_path: Path
) -> None:
    windows.start([tmp_path / "missing.json"])
    (window,) = windows.open
    assert window.isVisible() and "missing.json" in window.banner.text


def test_what_is_done_in_any_window_is_noticed(windows: Windows, qtbot: QtBot) -> None:
    windows.start([])
    windows.another()
    for window in windows.open:
        windows.hands.moved()
        assert not windows.hands.moved()
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)
        assert windows.hands.moved()


def test_the_first_answer_comes_by_itself(windows: Windows, qtbot: QtBot) -> None:
    windows.start([])
    (window,) = windows.open
    qtbot.waitUntil(lambda: window.session.recommendation is not None, timeout=60_000)
    assert window.live.status.text() == "Up to date"


def test_the_icon_waits_for_the_first_window_however_long_that_takes(
    windows: Windows, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    make, paint = windows.another, MainWindow.paintEvent

    def slowly() -> MainWindow:
        window = make()
        time.sleep(2 * ICON_MS / 1000)
        return window

    def painted(window: MainWindow, event: QPaintEvent) -> None:
        order.append("window")
        paint(window, event)

    def draw() -> QIcon:
        order.append("icon")
        return app_icon()

    monkeypatch.setattr(MainWindow, "paintEvent", painted)
    monkeypatch.setattr("gui.windows.app_icon", draw)
    monkeypatch.setattr(windows, "another", slowly)
    windows.start([])
    qtbot.waitUntil(lambda: "icon" in order)
    assert order[0] == "window"
    assert not qapp.windowIcon().isNull()
