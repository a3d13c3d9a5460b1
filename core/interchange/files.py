"""Reading and writing files without surprises: whole or not at all, with readable errors."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import secrets
import stat
import time
from pathlib import Path

from core.interchange.errors import DocumentError, UnwritableFileError
from core.notation import local
from core.words import N_, _

_REASONS = {
    errno.ENOENT: N_("the folder does not exist"),
    errno.ENOTDIR: N_("a part of the path is a file, not a folder"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EROFS: N_("the file system is read-only"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.EDQUOT: N_("the disk quota is used up"),
}


HALF_WRITTEN_S = 3600.0
"""Age from which on a half-written file has no writer any more."""


def _unwritable(path: Path, error: OSError) -> UnwritableFileError:
    if isinstance(error, PermissionError):
        why = _("permission denied; the file may be protected or open in another program")
    else:
        known = _REASONS.get(error.errno or 0)
        if error.errno == errno.ENOENT and path.parent.is_dir():  # /proc and the like
            known = N_("the folder takes no new files")
        why = _(known) if known else error.strerror or str(error)
    return _refused(path, why)


def _refused(path: Path, why: str) -> UnwritableFileError:
    return UnwritableFileError(_("{path}: cannot be written: {why}").format(path=path, why=why))


def _scratch(path: Path) -> Path:
    # The name is cut so that the scratch file's own never exceeds what file systems allow.
    return path.parent / f".{path.name[:100]}.{secrets.token_hex(6)}.tmp"


def sweep(folder: Path, name: str = "") -> None:
    """Remove what a process that was killed while writing left half written.

    Of the file of this name, or of all in the folder; what cannot be removed stays.
    """
    pattern = f".{glob.escape(name[:100]) or '*'}.{'[0-9a-f]' * 12}.tmp"
    for part in folder.glob(pattern):
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > HALF_WRITTEN_S:
                part.unlink()


def _target(path: Path) -> Path:
    """Where the bytes go (links followed), if that can be an ordinary file."""
    try:
        target = Path(os.path.realpath(path))
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise _refused(path, _("not a usable path")) from error
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return target
    except OSError as error:
        raise _unwritable(path, error) from error
    if stat.S_ISDIR(mode):
        raise _refused(path, _("it is a folder"))
    if not stat.S_ISREG(mode):
        raise _refused(path, _("it is not an ordinary file"))
    return target


def check_writable(path: Path) -> None:
    """Find out before long work whether ``path`` can be written; changes nothing.

    Raises UnwritableFileError. A later write can still fail (the disk fills up), and says so.
    """
    target = _target(path)
    if target.exists():
        try:
            target.open("r+b").close()
        except OSError as error:
            raise _unwritable(path, error) from error
    probe = _scratch(target)
    try:
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        probe.unlink()
    except OSError as error:
        raise _unwritable(path, error) from error


def write_atomic(path: Path, data: bytes | str) -> None:
    """Write a file so that it is there completely or, on any failure, as it was before.

    Text is written as UTF-8. A symbolic link's target is replaced, not the link; an existing
    file keeps its permissions; what was left of a write that was killed long ago is removed.
    Raises UnwritableFileError.
    """
    target = _target(path)
    content = data.encode("utf-8") if isinstance(data, str) else data
    scratch = _scratch(target)
    try:
        handle = os.open(
            scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666
        )
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            if target.exists():
                # What the owner allowed before still holds; where it cannot be copied, the
                # ordinary permissions of a new file do.
                with contextlib.suppress(OSError):
                    scratch.chmod(target.stat().st_mode & 0o7777)
            os.replace(scratch, target)  # noqa: PTH105 - the documented atomic call, by its name
        except BaseException:
            with contextlib.suppress(OSError):
                scratch.unlink()
            raise
    except OSError as error:
        raise _unwritable(path, error) from error
    _sync_folder(target.parent)
    sweep(target.parent, target.name)


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system offers it."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read_bounded(path: Path, limit: int) -> bytes:
    """The bytes of an ordinary file of at most ``limit`` bytes. Raises DocumentError."""
    file = str(path)
    try:
        if path.is_dir():
            raise DocumentError(_("is a folder, not a file"), file=file)
        if path.exists() and not path.is_file():
            raise DocumentError(_("is not an ordinary file"), file=file)
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except DocumentError:
        raise  # it is a ValueError, too
    except FileNotFoundError as error:
        raise DocumentError(_("cannot be read: no such file"), file=file) from error
    except PermissionError as error:
        raise DocumentError(_("cannot be read: permission denied"), file=file) from error
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DocumentError(_("cannot be read: {why}").format(why=why), file=file) from error
    if len(data) > limit:
        raise DocumentError(
            _("is too large: more than {limit} bytes").format(limit=local(f"{limit:,}")), file=file
        )
    return data
