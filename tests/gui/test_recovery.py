from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.assessment import Assessment, with_value
from gui.recovery import Autosave, forget, leftovers, storable
from gui.view_models.session import Session
from tests.gui.fakes import Engine, catalog

USERS = "workloads[0].users"


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session(engine=Engine(), catalog=catalog(), typing_pause_ms=1)
    yield made
    made.close()


def written(saver: Autosave, qtbot: QtBot) -> None:
    saver.write()
    qtbot.waitUntil(saver.file.exists)


def test_unsaved_work_survives_a_crash(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    saver = Autosave(session, tmp_path)
    session.set_value(USERS, 77)
    written(saver, qtbot)
    assert leftovers(tmp_path) == []  # its owner lives
    assert saver._lock is not None
    saver._lock.unlock()  # as the system does when the process is killed
    (found,) = leftovers(tmp_path)
    assert found.assessment.workloads[0].users == 77
    forget(found)
    assert leftovers(tmp_path) == []
    saver.close()


def test_nothing_is_left_once_the_person_decided(
    session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    saver = Autosave(session, tmp_path)
    session.set_value(USERS, 77)
    written(saver, qtbot)
    saver.close()
    assert list(tmp_path.iterdir()) == []


def test_undone_work_is_not_kept(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    saver = Autosave(session, tmp_path)
    session.set_value(USERS, 77)
    written(saver, qtbot)
    session.undo()
    assert not saver.file.exists()
    saver.close()


def test_text_in_a_number_field_does_not_stop_autosave(
    session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    saver = Autosave(session, tmp_path)
    session.set_value(USERS, "many")
    session.set_value("project.title", "Mine")
    written(saver, qtbot)
    saver._lock.unlock() if saver._lock else None
    (found,) = leftovers(tmp_path)
    assert found.assessment.project.title == "Mine"
    assert found.assessment.workloads[0].users == Assessment().workloads[0].users
    saver.close()


def test_broken_recovery_files_are_passed_over(tmp_path: Path, qapp: object) -> None:
    (tmp_path / "half.json").write_text('{"title": "x", "assess', encoding="utf-8")
    (tmp_path / "odd.json").write_text("[1, 2]", encoding="utf-8")
    assert leftovers(tmp_path) == []
    assert leftovers(tmp_path / "nowhere") == []


def test_a_folder_that_cannot_be_made_costs_nothing(
    session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    saver = Autosave(session, tmp_path / "file" / "recovery")
    session.set_value(USERS, 77)
    saver.write()
    assert not saver.file.exists()
    saver.close()


def test_storable_changes_only_what_no_file_can_hold() -> None:
    fine = with_value(Assessment(), USERS, -5)
    assert storable(fine) == fine
