"""Long texts in the window: every page is built of marked texts and cuts none of them off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from core.assessment.economics import CURRENCIES
from core.catalog.load import load_catalog
from core.flow import STEPS
from core.language import ENGLISH, use_language
from gui.main_window import MainWindow
from gui.preferences import Preferences
from gui.view_models.session import Session
from tests.gui.answers import answer
from tests.gui.fakes import Engine
from tests.locale.pseudo import pseudo_language

INPUT_STEPS = tuple(step.key for step in STEPS[:6])


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, preferences: Preferences) -> Iterator[MainWindow]:
    engine = Engine()
    engine.answer = answer
    with pseudo_language() as code:
        use_language(code)
        session = Session(
            engine=engine, catalog=load_catalog(), as_of=date(2026, 11, 24), typing_pause_ms=1
        )
        made = MainWindow(session, preferences, autosave=False)
        made.documents.ask_unsaved = lambda: "discard"
        made.resize(1280, 720)
        made.show()
        qtbot.waitUntil(lambda: not session.stale)
        yield made
        made.close()
        made.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        use_language(ENGLISH)


def shown(parent: QWidget) -> Iterator[QLabel | QAbstractButton]:
    for kind in (QLabel, QAbstractButton):
        for child in parent.findChildren(kind):
            if child.isVisibleTo(parent) and child.text().strip():
                yield child


def cut(widget: QLabel | QAbstractButton) -> bool:
    """Whether a text needs more room than its widget has."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        room = QRect(0, 0, max(widget.width(), 1), 10_000)
        needed = widget.fontMetrics().boundingRect(
            room, int(Qt.TextFlag.TextWordWrap), widget.text()
        )
        return needed.height() > widget.height() + 2 or needed.width() > widget.width() + 2
    return widget.sizeHint().width() > widget.width() + 2


@pytest.mark.parametrize("key", INPUT_STEPS)
def test_no_text_of_a_page_is_cut_off(window: MainWindow, key: str) -> None:
    window.wizard.go_to(key)
    QApplication.processEvents()
    texts = list(shown(window.wizard.currentPage()))
    assert len(texts) >= 3
    for _turn in range(20):  # what comes late (a unit, a price) is laid out in the next turns
        if any(cut(w) for w in texts):
            QApplication.processEvents()
    assert [w.text() for w in texts if cut(w)] == []
    # The check itself notices a text that lost its room.
    texts[0].setFixedSize(8, 8)
    QApplication.processEvents()
    assert cut(texts[0])


@pytest.mark.parametrize("key", INPUT_STEPS)
def test_every_text_of_a_page_is_marked_for_translation(window: MainWindow, key: str) -> None:
    window.wizard.go_to(key)
    QApplication.processEvents()
    plain = [
        w.text() for w in shown(window.wizard.currentPage())
        if "[" not in w.text() and any(c.isalpha() for c in w.text())
        and w.text() not in dict(CURRENCIES)
    ]  # fmt: skip  # one list
    assert plain == []
