"""What can be compared: the documents of all windows, and files opened for comparing only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.words import _
from gui.view_models.session import Session

if TYPE_CHECKING:
    from core.comparison import Comparison
    from core.interchange.comparison_file import Kept

Sessions = Callable[[], Sequence[Session]]
NewSession = Callable[[], Session]


class Entry:
    """A document that can be compared, and whether it is to be."""

    def __init__(self, session: Session, *, own: bool, name: str = "", chosen: bool = True) -> None:
        self.session = session
        self.own = own
        """Opened for comparing only: no window shows it."""
        self.chosen = chosen
        self.from_file = False
        """A window shows it, but it is one of the comparison's own: it stays when that closes."""
        self._given = name

    @property
    def name(self) -> str:
        """What its comparison called it; else the project's title, or the file's name."""
        title = str(self.session.assessment.project.title).strip()
        return self._given or title or self.session.title

    def kept(self) -> Kept:
        """The scenario as a file keeps it."""
        from core.interchange.comparison_file import Kept
        from core.interchange.unfinished import finished

        assessment, _stand_ins = finished(self.session.assessment, self.session.earlier())
        return Kept(self.name, assessment, self.chosen)

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
        kept = [
            entry if entry.own or entry.session in open_ones else self._revived(entry)
            for entry in self.entries
            if entry.own or entry.session in open_ones or entry.from_file
        ]
        known = [entry.session for entry in kept]
        new = [Entry(session, own=False) for session in open_ones if session not in known]
        for entry in new:
            self._watch(entry.session)
        if new or kept != self.entries:
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

    def kept(self) -> tuple[Kept, ...]:
        """What a file of this comparison holds: the scenarios chosen, and those of no window."""
        return tuple(
            entry.kept() for entry in self.entries if entry.own or entry.chosen or entry.from_file
        )

    def take(self, kept: Sequence[Kept]) -> None:
        """Compare the scenarios of a file; documents of windows stay, but are not chosen."""
        for entry in self.entries:
            entry.chosen = False
            if entry.own:
                entry.session.close()
        mine = [entry for entry in self.entries if not entry.own]
        taken = [self._made(each) for each in kept]
        self.entries = [*taken, *mine]
        self.changed.emit()

    def _made(self, kept: Kept) -> Entry:
        session = self._new_session()
        session.errorOccurred.connect(self.failed)
        session.new(kept.assessment)
        self._watch(session)
        return Entry(session, own=True, name=kept.name.strip(), chosen=kept.compared)

    def _revived(self, entry: Entry) -> Entry:
        """A scenario of the file whose window was closed: it stays as it was last edited."""
        return self._made(entry.kept())

    def succeed(self, other: Scenarios, successors: Mapping[Session, Session]) -> None:
        """Take the place of another list; ``successors`` of its windows' documents are here."""
        mine = {entry.session: entry for entry in self.entries}
        taken = []
        for old in other.entries:
            if old.own:
                taken.append(self._made(old.kept()))
            elif old.session in successors:
                entry = mine.pop(successors[old.session])
                entry.chosen, entry.from_file = old.chosen, old.from_file
                taken.append(entry)
        self.entries = [*taken, *mine.values()]
        self.changed.emit()

    def remove(self, entry: Entry) -> None:
        """Drop a file that was added."""
        if entry.own and entry in self.entries:
            self.entries.remove(entry)
            entry.session.close()
            self.changed.emit()

    def replace(self, entry: Entry, session: Session) -> None:
        """Have a window's document take the place of a scenario that had none."""
        mine = next((e for e in self.entries if e.session is session), None)
        if mine is None or not entry.own:
            return
        mine.chosen, mine.from_file = entry.chosen, True
        self.entries = [e for e in self.entries if e is not mine]
        self.entries[self.entries.index(entry)] = mine
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
