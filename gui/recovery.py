"""Autosave beside the person's files, never into them, and what a crash left behind.

Each window keeps one recovery file and a lock that says a living process owns it. What is found
without an owner is offered at the next start.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile, QObject, QStandardPaths, QTimer, Signal

from core.assessment import Assessment
from core.words import _
from gui.view_models.session import Session
from gui.workers import Newest, Ticket

log = logging.getLogger(__name__)
PAUSE_MS = 3000
MAX_BYTES = 64 * 1024 * 1024


def default_folder() -> Path:
    """Where recovery files are kept."""
    place = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "recovery"


@dataclass(frozen=True, slots=True)
class Leftover:
    """Work that a process did not get to save."""

    file: Path
    title: str
    origin: str
    """The file it was being edited as; "" for one never saved."""
    assessment: Assessment

    def still_of(self) -> Path | None:
        """The file it was being edited as; ``None`` where that is gone or was written since."""
        try:
            origin = Path(self.origin) if self.origin else None
            if origin is None or origin.stat().st_mtime > self.file.stat().st_mtime:
                return None
        except OSError:
            return None
        return origin


class Autosave(QObject):
    """Writes a session's unsaved work a moment after an edit, away from the window.

    While edits go on it writes again and again: what a crash takes is never older than that moment.
    """

    failed = Signal(str)
    """Unsaved work cannot be kept, and why; told once until it works again."""

    def __init__(self, session: Session, folder: Path | None = None) -> None:
        super().__init__(session)
        self._session = session
        self._folder = folder or default_folder()
        self._file = self._folder / f"{os.urandom(8).hex()}.json"
        self._lock: QLockFile | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.write)
        self._writer = Newest(self)
        self._writer.done.connect(self._kept)
        self._writer.failed.connect(self._failed)
        self._told = False
        session.assessmentChanged.connect(self._soon)
        session.documentChanged.connect(self._settle)

    @property
    def file(self) -> Path:
        """The recovery file (present only while there is unsaved work)."""
        return self._file

    def _soon(self) -> None:
        # Never put off: whoever types without a pause would have nothing kept.
        if not self._timer.isActive():
            self._timer.start()

    def write(self) -> None:
        """Keep the work as it stands."""
        session = self._session
        if not session.dirty:
            self._drop()
            return
        if not self._own():
            return
        assessment, origin, title = session.assessment, str(session.path or ""), session.title
        earlier, file = session.earlier(), self._file

        def work(ticket: Ticket) -> None:
            from core.interchange.document import to_json
            from core.interchange.files import write_atomic
            from core.interchange.unfinished import finished

            content = {
                "origin": origin,
                "title": title,
                "assessment": to_json(finished(assessment, earlier)[0]),
            }
            ticket.check()
            write_atomic(file, json.dumps(content))

        self._writer.start(work)

    def _own(self) -> bool:
        if self._lock is None:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                self._failed(error)
                return False
            lock = QLockFile(str(self._file.with_suffix(".lock")))
            lock.setStaleLockTime(0)
            if not lock.tryLock(0):
                return False
            self._lock = lock
        return True

    def _settle(self) -> None:
        if not self._session.dirty:
            self._timer.stop()
            self._drop()

    def _drop(self) -> None:
        if self._lock is not None:
            self._writer.cancel()
            self._file.unlink(missing_ok=True)

    def _kept(self, _result: object) -> None:
        self._told = False

    def _failed(self, error: Exception) -> None:
        log.warning("autosave failed: %s", error)
        if not self._told:
            self._told = True
            self.failed.emit(
                _("Unsaved work cannot be kept for recovery: {error}. Save it to a file.").format(
                    error=error
                )
            )

    def close(self) -> None:
        """The person decided about the work: nothing is left to recover."""
        self._timer.stop()
        self._writer.close()
        if self._lock is not None:
            try:
                self._file.unlink(missing_ok=True)
            except OSError as error:
                log.warning("recovery file stays: %s", error)
            self._lock.unlock()
            self._lock = None


def leftovers(folder: Path | None = None) -> list[Leftover]:
    """Unsaved work of processes that are gone, newest first. Unreadable files are left alone."""
    from core.interchange.document import from_json
    from core.interchange.files import sweep

    folder = folder or default_folder()
    found = []
    sweep(folder)
    try:
        files = sorted(folder.glob("*.json"), key=lambda f: f.stat().st_mtime, reverse=True)
    except OSError:
        return []
    for file in files:
        lock = QLockFile(str(file.with_suffix(".lock")))
        lock.setStaleLockTime(0)
        if not lock.tryLock(0):
            continue
        try:
            if file.stat().st_size > MAX_BYTES:
                continue
            content: Any = json.loads(file.read_text(encoding="utf-8"))
            assessment = from_json(content["assessment"], file=file.name)
            title, origin = str(content["title"]), str(content["origin"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("recovery file %s cannot be read: %s", file.name, error)
            continue
        finally:
            lock.unlock()
        found.append(Leftover(file, title or _("Untitled assessment"), origin, assessment))
    return found


def forget(leftover: Leftover) -> None:
    """Delete recovered (or unwanted) work."""
    try:
        leftover.file.unlink(missing_ok=True)
        leftover.file.with_suffix(".lock").unlink(missing_ok=True)
    except OSError as error:
        log.warning("recovery file stays: %s", error)
