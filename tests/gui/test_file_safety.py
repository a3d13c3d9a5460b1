"""What other programs, full disks and half-typed numbers do to a file: nothing that is lost."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent

from core.assessment import Assessment, with_value
from core.interchange.document import load, save
from gui.file_guard import FileGuard
from gui.main_window import MainWindow

USERS = "workloads[0].users"


def users(file: Path) -> Any:
    return load(file).workloads[0].users


def rewrite(file: Path, value: int) -> None:
    """As another program does, a moment later."""
    save(with_value(Assessment(), USERS, value), file)
    later = file.stat().st_mtime_ns + 2_000_000_000
    os.utime(file, ns=(later, later))


@pytest.fixture
def file(window: MainWindow, tmp_path: Path) -> Path:
    made = tmp_path / "mine.json"
    save(with_value(Assessment(), USERS, 100), made)
    assert window.documents.open(str(made))
    return made


def never() -> str:
    raise AssertionError("asked without need")


def come_back(window: MainWindow) -> None:
    """The window becomes the active one again."""
    window.activateWindow()
    window.changeEvent(QEvent(QEvent.Type.ActivationChange))


def test_an_undisturbed_file_is_saved_unasked(window: MainWindow, file: Path) -> None:
    window.documents.ask_changed = never
    window.session.set_value(USERS, 55)
    assert window.documents.save() and users(file) == 55
    window.session.set_value(USERS, 56)
    assert window.documents.save() and users(file) == 56


def test_a_change_by_another_program_is_told_and_reloading_loses_nothing(
    window: MainWindow, file: Path
) -> None:
    window.session.set_value(USERS, 55)
    rewrite(file, 77)
    come_back(window)
    assert "mine.json was changed by another program" in window.banner.text
    window.banner._action.click()
    assert window.session.value(USERS) == 77 and not window.session.dirty
    assert window.banner.text == ""
    window.session.undo()
    assert window.session.value(USERS) == 55 and window.session.dirty
    window.documents.ask_changed = never
    assert window.documents.save() and users(file) == 55


def test_it_is_told_once_a_change(window: MainWindow, file: Path) -> None:
    rewrite(file, 77)
    come_back(window)
    window.banner.clear()
    come_back(window)
    assert window.banner.text == ""


@pytest.mark.parametrize(
    ("answer", "on_disk", "done"), [("overwrite", 55, True), ("cancel", 77, False)]
)
def test_saving_over_another_programs_change_is_asked(
    window: MainWindow, file: Path, answer: str, on_disk: int, done: bool
) -> None:
    window.session.set_value(USERS, 55)
    rewrite(file, 77)
    come_back(window)
    window.documents.ask_changed = lambda: answer
    assert window.documents.save() is done
    assert users(file) == on_disk
    assert window.session.value(USERS) == 55
    assert (window.banner.text == "") is done  # what was told about the file no longer holds


def test_both_versions_are_kept_under_another_name(
    window: MainWindow, file: Path, tmp_path: Path
) -> None:
    window.session.set_value(USERS, 55)
    rewrite(file, 77)
    window.documents.ask_changed = lambda: "save_as"
    window.documents.ask_save = lambda: str(tmp_path / "other.json")
    assert window.documents.save()
    assert (users(file), users(tmp_path / "other.json")) == (77, 55)


def test_reloading_instead_of_saving_does_not_count_as_saved(
    window: MainWindow, file: Path
) -> None:
    # Else closing the window would throw away what the reload replaced.
    window.session.set_value(USERS, 55)
    rewrite(file, 77)
    window.documents.ask_changed = lambda: "reload"
    assert not window.documents.save()
    assert window.session.value(USERS) == 77


def test_a_touched_or_deleted_file_is_no_change(window: MainWindow, file: Path) -> None:
    window.documents.ask_changed = never
    os.utime(file, ns=(1, 1))
    come_back(window)
    assert window.banner.text == ""
    file.unlink()
    come_back(window)
    assert window.banner.text == ""
    window.session.set_value(USERS, 55)
    assert window.documents.save() and users(file) == 55


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "permission denied"),
     (errno.EROFS, "read-only")],
)  # fmt: skip  # a table
def test_a_disk_that_takes_nothing_leaves_file_and_work_as_they_were(
    window: MainWindow,
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    reason: str,
) -> None:
    def full(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    window.session.set_value(USERS, 55)
    with monkeypatch.context() as patch:
        patch.setattr("core.interchange.files.os.fsync", full)
        assert not window.documents.save()
    assert reason in window.banner.text and "Your work is still here." in window.banner.text
    assert users(file) == 100 and window.session.value(USERS) == 55 and window.session.dirty
    assert [f.name for f in tmp_path.glob(".*")] == []
    window.documents.ask_save = lambda: str(tmp_path / "elsewhere.json")
    window.banner._action.click()  # Save as
    assert users(tmp_path / "elsewhere.json") == 55 and not window.session.dirty


def test_a_number_in_the_middle_of_typing_is_saved_as_it_was(
    window: MainWindow, file: Path
) -> None:
    window.session.set_value(USERS, "10o", typing=True)
    window.session.set_value("site.racks", 3)
    assert window.documents.save()
    assert users(file) == 100 and load(file).site.racks == 3
    assert "“10o” cannot be saved" in window.banner.text
    # What was typed is still in its field, and still counts as unsaved.
    assert window.session.value(USERS) == "10o" and window.session.dirty


HOLDER = """
import sys
from pathlib import Path
from gui.file_guard import FileGuard
guard = FileGuard(Path(sys.argv[2]))
guard.adopt(Path(sys.argv[1]))
print("held" if not guard.shared else "not held", flush=True)
sys.stdin.read()
"""


def test_a_second_process_on_the_same_file_is_noticed_until_it_is_gone(
    tmp_path: Path, checkout: Path, qapp: object
) -> None:
    file, locks = tmp_path / "mine.json", tmp_path / "locks"
    save(Assessment(), file)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file), str(locks)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=checkout, text=True,
    ) as other:  # fmt: skip  # one line per kind of argument
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        guard = FileGuard(locks)
        guard.adopt(file)
        assert guard.shared
        other.kill()
    # Its lock file is still there, but nobody holds it: it is taken over.
    assert list(locks.iterdir())
    guard.adopt(file)
    assert not guard.shared
    guard.close()


def test_two_windows_on_one_file_are_told(window: MainWindow, file: Path, tmp_path: Path) -> None:
    twin = FileGuard()
    twin.adopt(file)
    assert twin.shared
    window.documents.guard.close()
    twin.adopt(file)
    assert not twin.shared
    assert window.documents.open(str(file))
    assert "open in another window too" in window.banner.text
    assert not any(letter.isdigit() for letter in window.banner.text)  # whose number helps nobody
    twin.close()


def test_a_guard_without_a_folder_of_its_own_does_no_harm(tmp_path: Path, qapp: object) -> None:
    (tmp_path / "file").write_text("")
    guard = FileGuard(tmp_path / "file" / "locks")
    guard.adopt(tmp_path / "file")
    assert not guard.shared and not guard.changed()
    guard.close()
