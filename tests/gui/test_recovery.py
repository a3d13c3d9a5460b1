from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.assessment import Assessment
from gui.recovery import Autosave, forget, leftovers
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


def test_typing_without_a_pause_does_not_put_autosave_off(
    session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    saver = Autosave(session, tmp_path)
    saver._timer.setInterval(60)
    for users in range(20):  # each edit comes before the pause after the last one has passed
        session.set_value(USERS, 100 + users)
        qtbot.wait(15)
        if saver.file.exists():
            break
    assert saver.file.exists()
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


def test_an_autosave_that_fails_is_told_once(
    session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    saver = Autosave(session, tmp_path / "file" / "recovery")
    said: list[str] = []
    saver.failed.connect(said.append)
    session.set_value(USERS, 77)
    saver.write()
    saver.write()
    assert len(said) == 1 and said[0].endswith("Save it to a file.")
    saver.close()


WRITER = """
import itertools, sys
from pathlib import Path
from PySide6.QtCore import QLockFile
from core.assessment import Assessment, with_value
from core.interchange.document import to_json
from core.interchange.files import write_atomic
import json
file = Path(sys.argv[1]) / "work.json"
lock = QLockFile(str(file.with_suffix(".lock")))
assert lock.tryLock(0)
for users in itertools.count(1):
    content = to_json(with_value(Assessment(), "workloads[0].users", users))
    write_atomic(file, json.dumps({"origin": "", "title": "x", "assessment": content}))
    print(users, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of Unix")
def test_work_survives_a_process_killed_while_it_writes(tmp_path: Path, checkout: Path) -> None:
    for _try in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)],
            stdout=subprocess.PIPE, cwd=checkout, text=True,
        ) as writer:  # fmt: skip  # one line per kind of argument
            assert writer.stdout is not None
            for _line in range(5):
                last = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
        (found,) = leftovers(tmp_path)
        assert found.assessment.workloads[0].users >= last
    # What it was writing when it died goes once nobody can be writing it any more.
    half = tmp_path / ".work.json.0123456789ab.tmp"
    half.write_text("{")
    os.utime(half, (0, 0))
    leftovers(tmp_path)
    assert not half.exists()
