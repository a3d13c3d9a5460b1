"""Files are written whole or not at all, and refusals say why."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from core.interchange.errors import DocumentError, UnwritableFileError
from core.interchange.files import HALF_WRITTEN_S, check_writable, read_bounded, write_atomic

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions and links")


@posix
def test_an_existing_file_keeps_its_permissions_and_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real.json"
    real.write_text("old")
    real.chmod(0o640)
    link = tmp_path / "link.json"
    link.symlink_to(real)
    write_atomic(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_the_longest_name_a_file_system_takes_is_taken(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250 + ".json")
    write_atomic(path, b"x")
    assert path.read_bytes() == b"x"


@pytest.mark.parametrize("act", [check_writable, lambda path: write_atomic(path, "x")])
def test_unwritable_places_are_named_with_the_reason(act, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # two functions of one shape
    (tmp_path / "file").write_text("kept")
    for path, why in (
        (tmp_path / "no" / "a.json", "folder does not exist"),
        (tmp_path, "it is a folder"),
        (tmp_path / "file" / "a.json", "not a folder"),
        (tmp_path / ("n" * 300), "name is too long"),
    ):
        with pytest.raises(UnwritableFileError, match=why) as caught:
            act(path)
        assert str(path) in str(caught.value)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_permission_denied_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As root, permissions stop nothing: the refusal is the system's, made by hand.
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.replace", denied)
    path = tmp_path / "a.pdf"
    path.write_text("open elsewhere")
    with pytest.raises(UnwritableFileError, match=r"permission denied.*open in another program"):
        write_atomic(path, "new")
    assert path.read_text() == "open elsewhere"
    assert [p.name for p in tmp_path.iterdir()] == ["a.pdf"]


def test_checking_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("content")
    check_writable(path)
    check_writable(tmp_path / "new.json")
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]
    assert path.read_text() == "content"


@posix
def test_devices_and_pipes_are_neither_read_nor_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(DocumentError, match="not an ordinary file"):
        read_bounded(pipe, 10)
    with pytest.raises(UnwritableFileError, match="not an ordinary file"):
        check_writable(pipe)


def test_reading_stops_at_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 11)
    with pytest.raises(DocumentError, match="more than 10 bytes"):
        read_bounded(path, 10)
    assert read_bounded(path, 11) == b"x" * 11


def test_a_folder_is_no_file_and_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        read_bounded(tmp_path, 10)
    assert str(caught.value) == f"{tmp_path}: is a folder, not a file"


def test_what_a_killed_write_left_is_removed_by_a_later_one(tmp_path: Path) -> None:
    """Of this file only, and only where no other process can still be writing it."""
    old, fresh = (tmp_path / f".a[1].json.{n}{'0' * 11}.tmp" for n in (1, 2))
    others = (tmp_path / ".b.json.100000000000.tmp", tmp_path / ".a[1].json.notes.tmp")
    for part in (old, fresh, *others):
        part.write_text("{")
    long_ago = time.time() - HALF_WRITTEN_S - 60
    for part in (old, *others):
        os.utime(part, (long_ago, long_ago))
    write_atomic(tmp_path / "a[1].json", "whole")
    assert (tmp_path / "a[1].json").read_text() == "whole"
    assert not old.exists() and fresh.exists() and all(part.exists() for part in others)
