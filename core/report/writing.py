"""A report into its file: whole, or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from core.words import _


class ReportWriteError(OSError):
    """The report could not be written; the message names the path and the reason."""

    def __str__(self) -> str:
        return str(self.strerror or super().__str__())


def write_whole(path: str | os.PathLike[str], make: Callable[[], bytes]) -> None:
    """Write what ``make`` returns to ``path``; an older file stays until the new one is whole.

    Raises ReportWriteError where the place cannot be written, before ``make`` is called.
    """
    target = Path(path)
    part = target.with_name(f".report-{secrets.token_hex(4)}.part")
    try:
        if target.is_dir():
            raise IsADirectoryError(21, _("it is a folder"))
        file = part.open("xb")
    except OSError as error:
        raise _write_error(target, error) from error
    try:
        with file:
            _store(file, make(), target)
        _move(part, target)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _store(file: BinaryIO, data: bytes, target: Path) -> None:
    try:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    except OSError as error:
        raise _write_error(target, error) from error


def _move(part: Path, target: Path) -> None:
    try:
        part.replace(target)
    except PermissionError as error:
        raise ReportWriteError(
            error.errno,
            _("The report cannot be written to {path}: the file may be open in another program. "
              "Close it or choose another name.").format(path=target),
        ) from error  # fmt: skip  # one sentence
    except OSError as error:
        raise _write_error(target, error) from error


def _write_error(target: Path, error: OSError) -> ReportWriteError:
    reason = error.strerror or str(error)
    text = _("The report cannot be written to {path}: {reason}.").format(path=target, reason=reason)
    return ReportWriteError(error.errno, text)
