"""A report is written whole or not at all, and says why it could not be."""

from __future__ import annotations

import errno
import functools
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.report import ReportCancelledError, ReportWriteError, write_report
from tests.report import cases

write = functools.partial(write_report, cases.empty(), sections=["glossary"])


def test_it_writes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "Bericht – é.pdf"
    path.write_bytes(b"older")
    write(path)
    assert path.read_bytes().startswith(b"%PDF-1.7")
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_name_as_long_as_names_may_be(tmp_path: Path) -> None:
    path = tmp_path / f"{'n' * 251}.pdf"
    write(path)
    assert path.stat().st_size > 1000


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "report.pdf"
    with pytest.raises(ReportWriteError) as caught:
        write(path)
    assert str(path) in str(caught.value)
    assert "No such file or directory" in str(caught.value)
    assert caught.value.errno == errno.ENOENT


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ReportWriteError, match="it is a folder"):
        write(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_place_is_tried_before_the_work(tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(ReportWriteError):
        write(tmp_path / "no" / "x.pdf", progress=lambda _share, text: told.append(text))
    assert told == []


def test_a_target_open_elsewhere_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Any) -> None:
        raise PermissionError(errno.EACCES, "Access is denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ReportWriteError, match="open in another program"):
        write(tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("core.report.writing.os.fsync", full)
    path = tmp_path / "report.pdf"
    path.write_bytes(b"older")
    with pytest.raises(ReportWriteError, match="No space left"):
        write(path)
    assert [p.name for p in tmp_path.iterdir()] == ["report.pdf"]
    assert path.read_bytes() == b"older"


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ReportCancelledError):
        write(tmp_path / "report.pdf", cancelled=lambda: True)
    assert list(tmp_path.iterdir()) == []


def test_importing_the_report_loads_nothing_heavy(checkout: Path) -> None:
    code = (
        "import sys, core.report; "
        "print({'reportlab', 'matplotlib', 'pikepdf', 'pandas', 'PySide6'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=checkout, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
