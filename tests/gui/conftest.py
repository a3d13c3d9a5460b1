"""A window with a quick engine and files of its own; nothing may keep running afterwards."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.catalog.load import load_catalog
from core.language import ENGLISH
from gui.main_window import MainWindow
from gui.preferences import Preferences
from gui.view_models.session import Session
from tests.gui.answers import answer
from tests.gui.fakes import Engine
from tests.gui.opening import opened

HARMLESS = ("This plugin does not support", "propagateSizeHints")


FULL_COLLECTIONS = itertools.cycle([False] * 24 + [True])


@pytest.fixture(autouse=True)
def collected_here() -> Iterator[None]:
    """Garbage is collected between tests: in a worker's thread it would take widgets apart."""
    gc.disable()
    yield
    gc.collect(2 if next(FULL_COLLECTIONS) else 1)
    gc.enable()


@pytest.fixture(autouse=True)
def english_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows without preferences speak English, whatever this computer does."""
    monkeypatch.setattr("gui.preferences.system_language", lambda: ENGLISH)


@pytest.fixture
def engine() -> Engine:
    made = Engine()
    made.answer = answer
    return made


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(path=tmp_path / "preferences" / "preferences.json")


@pytest.fixture
def qt_silence() -> Iterator[list[str]]:
    """Qt's own complaints; a test that uses it must not cause any."""
    said: list[str] = []

    def listen(kind: QtMsgType, context: object, text: str) -> None:
        if not any(part in text for part in HARMLESS):
            said.append(text)

    before = qInstallMessageHandler(listen)
    yield said
    qInstallMessageHandler(before)
    assert said == []


@pytest.fixture
def window(
    qtbot: QtBot,
    engine: Engine,
    preferences: Preferences,
    qapp: QApplication,
    qt_silence: list[str],
) -> Iterator[MainWindow]:
    session = Session(
        engine=engine, catalog=load_catalog(), as_of=date(2026, 11, 24), typing_pause_ms=1
    )
    with opened(session, preferences, qapp) as made:
        qtbot.waitUntil(lambda: not session.stale)
        yield made
        engine.gate.set()


@pytest.fixture
def real_window(
    preferences: Preferences, qapp: QApplication, qt_silence: list[str]
) -> Iterator[MainWindow]:
    """An empty window as the program opens it, with the engine and the catalog that ship."""
    from core.analysis import analyse

    start = preferences.new_assessment()
    session = Session(analyser=analyse, assessment=start, as_of=date(2026, 11, 24))
    with opened(session, preferences, qapp) as made:
        yield made
