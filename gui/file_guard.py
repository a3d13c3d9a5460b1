"""Notices what other programs do with the file that is open: change it, or open it as well."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QStandardPaths

log = logging.getLogger(__name__)


def default_folder() -> Path:
    """Where locks are kept: beside no user's file, so that read-only folders work too."""
    place = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "open"


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it was last read or written here."""

    modified_ns: int
    size: int
    digest: str


def _sha256(data: bytes) -> str:
    from hashlib import sha256  # loads OpenSSL: a first window without a file needs none

    return sha256(data).hexdigest()


def _look(path: Path, known: _Seen | None = None) -> _Seen | None:
    """The file as it is; its contents are read only where date or size differ from ``known``."""
    try:
        status = path.stat()
        if known and (status.st_mtime_ns, status.st_size) == (known.modified_ns, known.size):
            return known
        digest = _sha256(path.read_bytes())
    except OSError:
        return None
    return _Seen(status.st_mtime_ns, status.st_size, digest)


class FileGuard:
    """Knows the open file as it was left here, and holds the lock that says it is open."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._seen: _Seen | None = None
        self._lock: QLockFile | None = None
        self.shared = False
        """Whether another process or window has the file open too."""

    def adopt(self, path: Path | None) -> None:
        """This file was just read or written here (``None``: the document has none)."""
        self._seen = None if path is None else _look(path)
        if path != self._path or (path is not None and self._lock is None):
            self._release()
            self._path = path
            if path is not None:
                self._take(path)

    def changed(self) -> bool:
        """Whether the contents are others than were read or written here.

        A file that is gone, or only touched, is not changed: nothing of anybody is lost.
        """
        if self._path is None or self._seen is None:
            return False
        now = _look(self._path, self._seen)
        if now is None or now.digest == self._seen.digest:
            self._seen = now or self._seen
            return False
        return True

    def close(self) -> None:
        """The document is closed."""
        self._release()
        self._path = self._seen = None

    def _take(self, path: Path) -> None:
        folder = self._folder or default_folder()
        name = _sha256(str(path.resolve()).encode("utf-8", "surrogatepass"))
        lock = QLockFile(str(folder / f"{name[:32]}.lock"))
        # A lock lasts as long as its process: one whose process is gone is taken over at once.
        lock.setStaleLockTime(0)
        self.shared = False
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            log.warning("no folder for locks: %s", error)
            return
        if lock.tryLock(0):
            self._lock = lock
        elif lock.error() == QLockFile.LockError.LockFailedError:
            self.shared = True

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
        self.shared = False
