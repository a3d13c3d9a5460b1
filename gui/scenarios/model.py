"""What can be compared: the documents of all windows, and files opened for comparing only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.words import _
from gui.view_models.session import Session

if TYPE_CHECKING:
    from core.comparison import Comparison

Sessions = Callable[[], Sequence[Session]]
NewSession = Callable[[], Session]


class Entry:
    """A document that can be compared, and whether it is to be."""

    def __init__(self, session: Session, *, own: bool) -> None:
        self.session = session
        self.own = own
        """Opened for comparing only: no window shows it."""
        self.chosen = True

    @property
    def name(self) -> str:
        """The project's title, which the person can change; the file's name where it has none."""
        return str(self.session.assessment.project.title).strip() or self.session.title

    @property
    def ready(self) -> bool:
        """Whether there is an answer to its values as they stand."""
        return self.session.recommendation is not None and not self.session.stale

    @property
    def state(self) -> str:
        """Why it cannot be compared yet; "" where it can."""
        if self.ready:
            return ""
        if self.session.problems():
            return _("inputs must be corrected first")
        return _("computing…")


class Scenarios(QObject):
    """The list of documents and what comparing the chosen ones gives.

    ``sessions`` gives the documents of the open windows; ``new_session`` makes one for a file.
    ``close`` must be called before it is dropped.
    """

    changed = Signal()
    """Another list, another choice, or another answer of one of them."""
    failed = Signal(str)
    """A sentence about a file that could not be read."""

    def __init__(self, sessions: Sessions, new_session: NewSession) -> None:
        super().__init__()
        self._sessions, self._new_session = sessions, new_session
        self.entries: list[Entry] = []
        self.refresh()

    def refresh(self) -> None:
        """Take up new windows, drop closed ones; the order and the choices stay."""
        open_ones = list(self._sessions())
        kept = [e for e in self.entries if e.own or e.session in open_ones]
        known = [entry.session for entry in kept]
        new = [Entry(session, own=False) for session in open_ones if session not in known]
        for entry in new:
            self._watch(entry.session)
        if new or len(kept) != len(self.entries):
            self.entries = [*kept, *new]
            self.changed.emit()

    def add_file(self, path: Path) -> bool:
        """Add a file; False, with ``failed``, where it cannot be read."""
        session = self._new_session()
        session.errorOccurred.connect(self.failed)
        if not session.open(path):
            session.close()
            return False
        self._watch(session)
        self.entries.append(Entry(session, own=True))
        self.changed.emit()
        return True

    def remove(self, entry: Entry) -> None:
        """Drop a file that was added."""
        if entry.own and entry in self.entries:
            self.entries.remove(entry)
            entry.session.close()
            self.changed.emit()

    def make_first(self, entry: Entry) -> None:
        """Hold all others against this one."""
        self.entries.remove(entry)
        self.entries.insert(0, entry)
        self.changed.emit()

    def choose(self, entry: Entry, chosen: bool) -> None:
        """Compare a document, or leave it out."""
        if entry.chosen != chosen:
            entry.chosen = chosen
            self.changed.emit()

    def waiting(self) -> list[Entry]:
        """Chosen documents without an answer yet."""
        return [entry for entry in self.entries if entry.chosen and not entry.ready]

    def comparison(self) -> Comparison | None:
        """The chosen documents that have an answer, side by side; ``None`` below two."""
        from core.comparison import compare

        ready = [entry for entry in self.entries if entry.chosen and entry.ready]
        answers = [e.session.recommendation for e in ready]
        found = [answer for answer in answers if answer is not None]
        return compare(found, [e.name for e in ready]) if len(found) > 1 else None

    def _watch(self, session: Session) -> None:
        for signal in (
            session.recommendationChanged,
            session.staleChanged,
            session.documentChanged,
        ):
            signal.connect(self._changed)

    def _changed(self, *_values: object) -> None:
        self.changed.emit()

    def close(self) -> None:
        """Stop what was started for files."""
        for entry in self.entries:
            if entry.own:
                entry.session.close()
        self.entries = []
