"""Choosing a language: every window in it at once, with all the work in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QLocale
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from core.assessment import Assessment
from core.assessment.names import ADDED_NAME
from core.assessment.workload import DEFAULT_NAME
from core.interchange.document import load, save
from core.language import ENGLISH, language, speaking
from core.units import METRIC, use_units
from core.words import _
from gui.documents import examples
from gui.language import speak
from gui.main_window import MainWindow
from gui.preferences import load_preferences
from gui.view_models.baseline import entries_with_baseline
from gui.view_models.session import Session
from gui.windows import Windows
from gui.workers import Newest, Ticket

EXAMPLES = Path(str(resources.files("resources"))) / "examples"


@pytest.fixture
def windows(qapp: QApplication, tmp_path: Path) -> Iterator[Windows]:
    made = Windows(qapp)
    made.preferences.path = tmp_path / "preferences.json"
    yield made
    for window in list(made.open):
        window.documents.ask_unsaved = lambda: "discard"
        window.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    speak(qapp, ENGLISH)


def titles(window: MainWindow) -> list[str]:
    return [action.text().replace("&", "") for action in window.menuBar().actions()]


def test_every_window_is_shown_anew_with_its_work(windows: Windows, qtbot: QtBot) -> None:
    windows.start([])
    first = windows.open[0]
    first.session.set_value("workloads[0].users", 1234)
    first.wizard.go_to("site")
    assert titles(first)[0] == "File"
    windows.show_in(language="de")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    (window,) = windows.open
    assert titles(window) == ["Datei", "Bearbeiten", "Szenarien", "Ansicht", "Hilfe"]
    assert window.session.value("workloads[0].users") == 1234
    assert window.session.dirty and window.session.undo_text
    assert window.wizard.key == "site"
    assert load_preferences(windows.preferences.path).language == "de"
    window.session.undo()
    assert window.session.value("workloads[0].users") == 2000


def test_back_in_english_everything_is_english(windows: Windows, qtbot: QtBot) -> None:
    windows.start([])
    before = titles(windows.open[0])
    for code in ("fr", "en"):
        windows.show_in(language=code)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert titles(windows.open[0]) == before
    assert language() == ENGLISH


@pytest.mark.parametrize("edited", [False, True])
def test_a_name_that_nobody_typed_follows_the_language(windows: Windows, edited: bool) -> None:
    windows.start([])
    if edited:
        windows.open[0].session.set_value("workloads[0].users", 1234)
    windows.show_in(language="de")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    session = windows.open[0].session
    assert session.value("workloads[0].name") == "Chat-Assistent"
    assert session.dirty == edited
    (name,) = (e for e, _s in entries_with_baseline(session.assessment, None) if "name" in e.path)
    assert name.default == name.value  # it does not count as changed
    assert windows.another().session.value("workloads[0].name") == "Chat-Assistent"
    session.undo()
    windows.show_in(language="en")
    assert windows.open[0].session.value("workloads[0].name") == "Chat assistant"


def test_names_of_added_and_doubled_workloads_follow_the_language(windows: Windows) -> None:
    windows.start([])
    bar = windows.open[0].wizard.page_of("workload").bar
    bar.copy.click()
    bar.add.click()
    bar.add.click()
    windows.show_in(language="fr")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    with speaking("fr"):
        chat, added = _(DEFAULT_NAME), _(ADDED_NAME)
    assert (chat, added) != (DEFAULT_NAME, ADDED_NAME)
    names = [w.name for w in windows.open[0].session.assessment.workloads]
    assert names == [chat, f"{chat} 2", added, f"{added} 2"]


def test_names_that_were_typed_or_stored_stay(windows: Windows, tmp_path: Path) -> None:
    file = tmp_path / "stored.json"
    save(Assessment(), file)
    windows.start([file])
    typed = windows.another().session
    typed.set_value("workloads[0].name", "Ask the chat assistant")
    windows.show_in(language="fr")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    stored, other = (window.session for window in windows.open)
    assert stored.value("workloads[0].name") == "Chat assistant" and not stored.dirty
    assert other.value("workloads[0].name") == "Ask the chat assistant"


def test_the_answer_is_computed_in_the_language(windows: Windows, qtbot: QtBot) -> None:
    windows.start([])
    windows.show_in(language="de")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    (window,) = windows.open
    qtbot.waitUntil(lambda: window.session.recommendation is not None, timeout=60_000)
    assert window.session.recommendation.language == "de"
    assert window.live.status.text() == "Aktuell"


def test_a_report_may_speak_another_language_than_the_window(qapp: QApplication) -> None:
    """The answer is asked for again in that language, and the window's own stays as it is."""

    def engine(assessment: Assessment, catalog: object, **options: object) -> SimpleNamespace:
        return SimpleNamespace(assessment=assessment, language=language())

    def analyser(answer: SimpleNamespace, catalog: object, **options: object) -> str:
        return f"analysis in {language()} of an answer in {answer.language}"

    session = Session(engine=engine, analyser=analyser)
    try:
        session._recommendation = engine(session.assessment, None)  # as after computing
        session._analysis = analyser(session._recommendation, None)  # as after computing
        told, analysis = session.told_in("fr")(Ticket(1))
        assert told.language == "fr" and analysis == "analysis in fr of an answer in fr"
        assert session.told_in(ENGLISH)(Ticket(1)) == (session._recommendation, session._analysis)
        assert session.recommendation.language == language() == ENGLISH
    finally:
        session.close()


def test_qts_own_buttons_follow(qapp: QApplication) -> None:
    def cancel() -> str:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        return box.buttons()[0].text().replace("&", "")

    try:
        speak(qapp, "de")
        assert cancel() == "Abbrechen"
        assert QLocale().decimalPoint() == ","
    finally:
        speak(qapp, ENGLISH)
    assert cancel() == "Cancel"


def test_a_worker_speaks_the_language_it_was_started_in(qtbot: QtBot, qapp: QApplication) -> None:
    heard: list[str] = []
    worker = Newest()

    def listen(ticket: Ticket) -> str:
        return language()

    worker.done.connect(heard.append)
    try:
        speak(qapp, "fr")
        worker.start(listen)
        speak(qapp, ENGLISH)
        qtbot.waitUntil(lambda: heard == ["fr"], timeout=5_000)
    finally:
        speak(qapp, ENGLISH)
        worker.close()


def test_other_units_show_every_window_anew_with_its_work(windows: Windows, qtbot: QtBot) -> None:
    """What is stored stays metric; a new window starts in the units chosen."""
    windows.start([])
    windows.open[0].session.set_value("site.floor_load_kg_m2", 1000.0)
    try:
        windows.show_in(units="us")
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        (window,) = windows.open
        assert window.session.value("site.floor_load_kg_m2") == 1000.0 and window.session.dirty
        window.wizard.go_to("site")
        row = window.wizard.page_of("site").forms()[0].rows["floor_load_kg_m2"]
        # 1,000 kg/m² are 204.8 lb/ft².
        assert (row.editor.box.text(), row.editor.unit.text()) == ("204.816", "lb/ft²")
        assert "lb/ft²" in row.editor.box.accessibleName()
        row.editor.box.selectAll()
        qtbot.keyClicks(row.editor.box, "250")
        assert window.session.value("site.floor_load_kg_m2") == pytest.approx(1220.61, abs=0.01)
        assert load_preferences(windows.preferences.path).units == "us"
        checked = [a.text() for a in window.menus.units.actions() if a.isChecked()]
        assert checked == ["US customary (pounds, square feet, gallons)"]
    finally:
        use_units(METRIC)


def test_an_example_is_told_in_the_language(windows: Windows) -> None:
    windows.start([])
    windows.show_in(language="de")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    (window,) = windows.open
    window.documents.ask_unsaved = lambda: "discard"
    for _title, name in examples():
        assert window.documents.open_example(name)
        told = window.session.assessment
        english = load(EXAMPLES / name)
        assert told.project.title in dict(examples())  # as the menu lists it
        assert told.project.notes != english.project.notes
        for one, other in zip(told.workloads, english.workloads, strict=True):
            assert one.name != other.name  # and nothing else
            assert dataclasses.replace(one, name=other.name) == other
        assert not window.session.dirty
