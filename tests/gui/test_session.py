from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.assessment import Assessment, with_value
from core.catalog.load import load_catalog
from gui.view_models.session import Session
from tests.gui.answers import answer
from tests.gui.fakes import Engine, catalog

PEAK = "workloads[0].users"


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def session(qtbot: QtBot, engine: Engine) -> Iterator[Session]:
    made = Session(engine=engine, catalog=catalog(), as_of=date(2026, 11, 24), typing_pause_ms=1)
    yield made
    engine.gate.set()
    made.close()


def test_an_edit_is_answered_in_another_thread(
    qtbot: QtBot, session: Session, engine: Engine
) -> None:
    with qtbot.waitSignal(session.recommendationChanged):
        session.set_value(PEAK, 4000)
    assert engine.asked[-1].workloads[0].users == 4000
    assert engine.threads[-1] != threading.get_ident()
    assert session.recommendation is not None
    assert session.recommendation.assessment is session.assessment
    assert not session.stale and not session.busy


def test_only_the_newest_answer_counts(qtbot: QtBot, session: Session, engine: Engine) -> None:
    answers = []
    session.recommendationChanged.connect(lambda: answers.append(session.recommendation))
    engine.gate.clear()
    session.set_value(PEAK, 1)
    qtbot.waitUntil(lambda: len(engine.asked) == 1)
    session.set_value(PEAK, 2)
    session.set_value(PEAK, 3)
    assert session.stale and session.busy
    engine.gate.set()
    qtbot.waitUntil(lambda: not session.stale)
    assert [a.assessment.workloads[0].users for a in answers] == [3]


def test_impossible_values_are_kept_but_not_computed(
    qtbot: QtBot, session: Session, engine: Engine
) -> None:
    session.set_value(PEAK, -5)
    qtbot.wait(30)
    assert session.value(PEAK) == -5
    assert [p.path for p in session.problems()] == [PEAK]
    assert engine.asked == [] and session.stale and not session.busy


def test_undo_and_redo_bring_every_state_back(session: Session) -> None:
    first = session.assessment
    session.set_value(PEAK, 10)
    session.set_value("site.racks", None)
    last = session.assessment
    assert session.undo_text == "Free racks"
    session.undo()
    session.undo()
    assert session.assessment == first and session.undo_text is None and not session.dirty
    session.undo()
    session.redo()
    session.redo()
    assert session.assessment == last and session.redo_text is None and session.dirty


def test_keystrokes_in_one_field_are_one_step(session: Session) -> None:
    for typed in (1, 12, 125):
        session.set_value(PEAK, typed, typing=True)
    session.seal()
    session.set_value(PEAK, 9, typing=True)
    session.undo()
    assert session.value(PEAK) == 125
    session.undo()
    assert session.value(PEAK) == 2000


def test_an_edit_after_undo_forgets_what_was_undone(session: Session) -> None:
    session.set_value(PEAK, 10)
    session.undo()
    session.set_value(PEAK, 20)
    assert session.redo_text is None


def test_undoing_to_the_answered_values_needs_no_new_answer(
    qtbot: QtBot, session: Session, engine: Engine
) -> None:
    with qtbot.waitSignal(session.recommendationChanged):
        session.compute()
    session.set_value(PEAK, 10)
    session.undo()
    qtbot.wait(30)
    assert not session.stale and len(engine.asked) == 1


def test_words_of_the_report_need_no_new_answer_and_leave_the_analysis(
    qtbot: QtBot, engine: Engine
) -> None:
    engine.answer = answer
    found = object()
    session = Session(
        engine=engine,
        analyser=lambda recommendation, catalog, progress: found,
        catalog=load_catalog(),
        as_of=date(2026, 11, 24),
        typing_pause_ms=1,
    )
    session.set_value(PEAK, 4000)
    assert not session.analysing
    qtbot.waitUntil(lambda: session.analysing)
    qtbot.waitUntil(lambda: session.analysis is found, timeout=20_000)
    assert not session.analysing
    asked, latest = len(engine.asked), session.recommendation
    session.set_value("project.title", "Shop")
    answered = session.recommendation
    assert answered is not None and latest is not None
    assert answered.assessment == session.assessment and not session.stale
    assert answered.options is latest.options and session.analysis is found
    session.undo()
    assert session.recommendation == latest
    # Whatever else differs is computed.
    session.set_value("project.title", "Shop")
    session.set_value(PEAK, 5000)
    qtbot.waitUntil(lambda: not session.stale)
    assert [a.workloads[0].users for a in engine.asked[asked:]] == [5000]
    session.close()


def test_a_failure_of_the_engine_is_told_in_a_sentence(
    qtbot: QtBot, session: Session, engine: Engine
) -> None:
    engine.error = ValueError("no such thing")
    with qtbot.waitSignal(session.errorOccurred) as told:
        session.compute()
    assert "no such thing" in told.args[0]
    assert not session.busy and session.stale
    engine.error = None
    with qtbot.waitSignal(session.recommendationChanged):
        session.set_value(PEAK, 11)


def test_a_replacement_is_one_step(session: Session) -> None:
    two = dataclasses.replace(session.assessment, workloads=session.assessment.workloads * 2)
    session.replace(two, "Add a workload")
    assert session.undo_text == "Add a workload"
    session.undo()
    assert len(session.assessment.workloads) == 1


def test_unknown_paths_are_refused(session: Session) -> None:
    with pytest.raises(KeyError):
        session.set_value("site.nonsense", 1)


def test_close_gives_running_work_up(qtbot: QtBot, session: Session, engine: Engine) -> None:
    answers: list[int] = []
    session.recommendationChanged.connect(lambda: answers.append(1))
    engine.gate.clear()
    session.compute()
    qtbot.waitUntil(lambda: len(engine.asked) == 1)
    threading.Timer(0.05, engine.gate.set).start()
    session.close()
    qtbot.wait(20)
    assert answers == []


def test_save_and_open_return_the_same_values(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    session.set_value(PEAK, 321)
    assert session.save_as(tmp_path / "a.json") and not session.dirty
    session.set_value(PEAK, 5)
    assert session.dirty
    assert session.open(tmp_path / "a.json")
    assert session.assessment == with_value(Assessment(), PEAK, 321)
    assert session.undo_text is None and not session.dirty


def test_a_broken_file_leaves_the_document_alone(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"schema_version": 1, "site": ', encoding="utf-8")
    session.set_value(PEAK, 5)
    with qtbot.waitSignal(session.errorOccurred) as told:
        assert not session.open(broken)
    assert "broken.json" in told.args[0]
    assert session.value(PEAK) == 5
