from __future__ import annotations

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui import garbage
from gui.garbage import EVERY_MS, PATIENCE, QUIET_TURNS, SOON_MS, THRESHOLDS, Collector
from gui.hands import Hands
from gui.workers import Newest, at_work


class Knot:
    """Something that only the collector can free; it notes in which thread that happened."""

    def __init__(self, freed_in: list[int]) -> None:
        self.me = self
        weakref.finalize(self, lambda: freed_in.append(threading.get_ident()))


def test_garbage_of_every_thread_is_freed_in_the_windows_own(qtbot: QtBot) -> None:
    collector = Collector()
    freed_in: list[int] = []

    def litter() -> None:
        for _number in range(20 * THRESHOLDS[0]):
            Knot(freed_in)

    try:
        worker = threading.Thread(target=litter)
        worker.start()
        worker.join()
        assert freed_in == []  # the worker's thread has freed none
        qtbot.waitUntil(lambda: bool(freed_in), timeout=10 * EVERY_MS)
        assert set(freed_in) == {threading.get_ident()}
    finally:
        collector.close()
    assert gc.isenabled()


def test_garbage_waits_for_answers_but_not_for_ever(qtbot: QtBot) -> None:
    computing = [True]
    collector = Collector(computing=lambda: computing[0])
    freed_in: list[int] = []

    def litter() -> None:
        for _number in range(2 * THRESHOLDS[0]):
            Knot(freed_in)

    try:
        litter()
        for _turn in range(PATIENCE):
            collector.collect()
        assert freed_in == []
        collector.collect()
        assert len(freed_in) == 2 * THRESHOLDS[0]
        litter()
        collector.collect()
        assert len(freed_in) == 2 * THRESHOLDS[0]
        computing[0] = False
        for _turn in range(QUIET_TURNS - 1):
            collector.collect()
        assert len(freed_in) == 2 * THRESHOLDS[0]
        collector.collect()
        assert len(freed_in) == 4 * THRESHOLDS[0]
    finally:
        collector.close()


def test_work_between_quiet_moments_puts_garbage_off_again(qtbot: QtBot) -> None:
    computing = [False]
    collector = Collector(computing=lambda: computing[0])
    freed_in: list[int] = []
    try:
        for _number in range(2 * THRESHOLDS[0]):
            Knot(freed_in)
        for _pause in range(3):  # an answer, a moment, its analysis, a moment, the next edit
            computing[0] = True
            collector.collect()
            computing[0] = False
            for _turn in range(QUIET_TURNS - 1):
                collector.collect()
        assert freed_in == []
        collector.collect()
        assert len(freed_in) == 2 * THRESHOLDS[0]
    finally:
        collector.close()


def test_garbage_does_not_wait_where_too_much_is_new(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "MOST_NEW", 3 * THRESHOLDS[0])
    collector = Collector(computing=lambda: True)
    freed_in: list[int] = []
    try:
        collector.collect()
        for _number in range(4 * THRESHOLDS[0]):
            Knot(freed_in)
        collector.collect()
        assert len(freed_in) == 4 * THRESHOLDS[0]
    finally:
        collector.close()


def test_garbage_waits_while_somebody_clicks_types_or_scrolls(qtbot: QtBot) -> None:
    """In the windows themselves, as the system hands it on; afterwards it goes."""
    hands, window = Hands(), QWidget()
    qtbot.addWidget(window)
    window.show()
    hands.watch(window)
    assert not hands.moved()
    handle = window.windowHandle()
    collector = Collector(moving=hands.moved)
    freed_in: list[int] = []
    deeds = (
        lambda: QTest.mouseClick(handle, Qt.MouseButton.LeftButton),
        lambda: QTest.keyClick(handle, Qt.Key.Key_A),
        lambda: QTest.mouseMove(handle, QPoint(5, 5)),
        lambda: QTest.wheelEvent(handle, QPointF(5, 5), QPoint(0, 120)),
    )
    try:
        for _number in range(2 * THRESHOLDS[0]):
            Knot(freed_in)
        for deed in deeds:
            deed()
            for _turn in range(QUIET_TURNS):
                collector.collect()
        assert freed_in == []
        collector.collect()
        assert len(freed_in) == 2 * THRESHOLDS[0]
    finally:
        collector.close()


def test_garbage_goes_soon_after_the_answer_that_it_waited_for(qtbot: QtBot) -> None:
    computing = [True]
    collector = Collector(computing=lambda: computing[0])
    freed_in: list[int] = []
    try:
        for _number in range(2 * THRESHOLDS[0]):
            Knot(freed_in)
        collector.collect()
        computing[0] = False
        qtbot.waitUntil(lambda: bool(freed_in), timeout=2 * QUIET_TURNS * SOON_MS)
    finally:
        collector.close()


def test_what_is_there_with_the_first_answer_is_never_looked_through(qtbot: QtBot) -> None:
    computing = [True]
    collector = Collector(computing=lambda: computing[0])
    try:
        collector.settle()
        kept = [[number] for number in range(1000)]
        assert gc.get_freeze_count() == 0
        computing[0] = False
        qtbot.waitUntil(lambda: gc.get_freeze_count() > len(kept), timeout=EVERY_MS)
    finally:
        gc.unfreeze()
        collector.close()


def test_work_in_the_background_is_known_of(qtbot: QtBot) -> None:
    caller, go_on = Newest(), threading.Event()
    try:
        caller.start(lambda ticket: go_on.wait(10))
        assert at_work()
        go_on.set()
        qtbot.waitUntil(lambda: not at_work())
    finally:
        go_on.set()
        caller.close()
