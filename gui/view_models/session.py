"""One open document: the assessment, its history and its file, answered as it changes."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from core.assessment import (
    Assessment,
    entries,
    get_value,
    with_value,
)
from core.assessment.names import renamed
from core.words import _
from gui.view_models.answering import TYPING_PAUSE_MS, Answering
from gui.view_models.engine import (
    Analyser,
    Engine,
)
from gui.view_models.failures import not_opened, not_saved
from gui.view_models.history import History, Step

if TYPE_CHECKING:
    from core.catalog.load import Catalog
    from core.performance.own_measurements import OwnMeasurements

log = logging.getLogger(__name__)


class Session(Answering):
    """The state that every page of one window shares.

    Edits are undoable and answered in the background, as ``Answering`` does. ``close`` must be
    called before the session is dropped.
    """

    assessmentChanged = Signal()
    """The document holds other values (edit, undo, redo, open, new)."""
    saveFailed = Signal(str)
    """A sentence for the person: why the file could not be written."""
    noticed = Signal(str)
    """A sentence for the person: what was done otherwise than expected."""
    documentChanged = Signal()
    """The file, the unsaved mark or what can be undone changed."""
    located = Signal(str)
    """An undo or redo happened at this path: show it."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        engine: Engine | None = None,
        analyser: Analyser | None = None,
        catalog: Catalog | None = None,
        assessment: Assessment | None = None,
        as_of: date | None = None,
        typing_pause_ms: int = TYPING_PAUSE_MS,
    ) -> None:
        super().__init__(
            parent,
            engine=engine,
            analyser=analyser,
            catalog=catalog,
            as_of=as_of,
            typing_pause_ms=typing_pause_ms,
        )
        self.paper = "A4"
        """What a report is printed on unless another is chosen."""
        self._history = History(assessment or Assessment())
        self._saved: Assessment | None = self._history.current
        self._path: Path | None = None

    # ------------------------------------------------------------------------- what it holds
    @property
    def assessment(self) -> Assessment:
        """The values as they stand, right or wrong."""
        return self._history.current

    @property
    def path(self) -> Path | None:
        """The file it was opened from or saved to."""
        return self._path

    @property
    def title(self) -> str:
        """The document's name as a person knows it."""
        if self._path is not None:
            return self._path.stem
        return self.assessment.project.shown_title

    @property
    def dirty(self) -> bool:
        """Whether there is something the file does not have."""
        return self.assessment != self._saved

    @property
    def undo_text(self) -> str | None:
        """What undo would take back; ``None`` where there is nothing."""
        return self._history.undo_text

    @property
    def redo_text(self) -> str | None:
        """What redo would do again; ``None`` where there is nothing."""
        return self._history.redo_text

    @property
    def own_measurements(self) -> OwnMeasurements | None:
        """The site's own factors that answers are computed with; ``None``: as shipped."""
        return self.assessment.own_measurements

    def use_measurements(self, own: OwnMeasurements | None) -> None:
        """Compute with these from now on, as an edit of the document (undoable)."""
        changed = dataclasses.replace(self.assessment, own_measurements=own)
        if changed != self.assessment:
            text = _("Parameters as shipped") if own is None else _("Own measurements")
            self._push(Step(changed, text, "own_measurements"))

    def value(self, path: str) -> Any:
        """The value at a path. Raises KeyError."""
        return get_value(self.assessment, path)

    # ------------------------------------------------------------------------------- editing
    def set_value(self, path: str, value: Any, *, typing: bool = False) -> None:
        """Change one value (undoable). ``typing`` joins keystrokes into one step. KeyError."""
        current = get_value(self.assessment, path)
        if current == value and type(current) is type(value):
            return
        label = next((e.field.label for e in entries(self.assessment) if e.path == path), path)
        changed = with_value(self.assessment, path, value)
        self._push(Step(changed, label, path), typing=typing)

    def replace(self, assessment: Assessment, text: str) -> None:
        """Put another assessment in its place as one undoable edit named ``text``."""
        if assessment != self.assessment:
            self._push(Step(assessment, text))

    def earlier(self) -> tuple[Assessment, ...]:
        """The document's states before the present one, newest first."""
        return self._history.earlier()

    def seal(self) -> None:
        """The next keystroke starts a new undo step (the field lost the focus)."""
        self._history.seal()

    def undo(self) -> None:
        """Take the last edit back."""
        if self._history.undo_text is not None:
            path = self._history.undo()
            self._moved()
            self.located.emit(path)

    def redo(self) -> None:
        """Do the edit again that was taken back."""
        if self._history.redo_text is not None:
            path = self._history.redo()
            self._moved()
            self.located.emit(path)

    def _push(self, step: Step, *, typing: bool = False) -> None:
        self._history.push(step, typing=typing)
        self._moved(typing=typing)

    def _moved(self, *, typing: bool = False) -> None:
        self._problems = None
        self._judge()
        self.assessmentChanged.emit()
        self.documentChanged.emit()
        self.compute(typing=typing)

    # ----------------------------------------------------------------------------- documents
    def new(
        self,
        assessment: Assessment | None = None,
        *,
        unsaved: bool = False,
        path: Path | None = None,
    ) -> None:
        """Start an untitled document (whoever calls has asked about unsaved changes).

        ``unsaved``: it counts as work to be kept from the start, a copy for example. ``path``: the
        file that it will be saved to, of recovered work.
        """
        self._adopt_document(assessment or Assessment(), path)
        if unsaved:
            self._saved = None
            self.documentChanged.emit()

    def open(self, path: Path | str) -> bool:
        """Open a file (an assessment, or a PDF report that carries one).

        False, with ``errorOccurred`` saying why, where it cannot be opened; the present
        document then stays.
        """
        from core.interchange.document import load

        path = Path(path)
        try:
            assessment = load(path)
        except (OSError, ValueError) as error:
            self.errorOccurred.emit(not_opened(error, path))
            return False
        # A report is never overwritten by its assessment: saving asks for a name.
        self._adopt_document(assessment, None if path.suffix.lower() == ".pdf" else path)
        return True

    def reload(self) -> bool:
        """Take the file's contents as an edit that can be undone; False where it cannot be read."""
        from core.interchange.document import load

        if self._path is None:
            return False
        try:
            assessment = load(self._path)
        except (OSError, ValueError) as error:
            self.errorOccurred.emit(not_opened(error, self._path))
            return False
        self._saved = assessment
        self.replace(assessment, _("Reload the file"))
        self.documentChanged.emit()
        return True

    def save(self) -> bool:
        """Write to the document's file; False, with ``saveFailed``, where that fails."""
        return self._path is not None and self.save_as(self._path)

    def save_as(self, path: Path | str) -> bool:
        """Write to another file and make it the document's own.

        Numbers in the middle of being typed are written as they last were; ``noticed`` tells.
        """
        from core.interchange.document import save
        from core.interchange.unfinished import finished

        path = Path(path)
        assessment, stand_ins = finished(self.assessment, self.earlier())
        try:
            save(assessment, path)
        except (OSError, ValueError) as error:
            self.saveFailed.emit(not_saved(error, path))
            return False
        self._path, self._saved = path, assessment
        self.documentChanged.emit()
        for item in stand_ins:
            text = _("Saved, but “{label}” as {written}, as it was: “{typed}” cannot be saved.")
            self.noticed.emit(text.format(label=item.label, written=item.written, typed=item.typed))
        return True

    def take_over(self, other: Session) -> None:
        """Go on with another session's document: its values, undo steps and file."""
        if other.catalog is not None:
            self._adopt(other.catalog)
        self._history, self._saved, self._path = other._history, other._saved, other._path
        self._moved()

    def rename(self, titles: Iterable[str], before: str) -> None:
        """Names that the program gave in the language ``before`` follow the one in use.

        ``titles`` are those of use cases. What a file holds stays as it was stored.
        """
        if self._path is not None:
            return

        def change(assessment: Assessment) -> Assessment:
            return renamed(assessment, titles, before)

        self._history.rewrite(change)
        self._saved = self._saved and change(self._saved)

    def _adopt_document(self, assessment: Assessment, path: Path | None) -> None:
        self._history = History(assessment)
        self._saved, self._path = assessment, path
        self._previous, self._other_document = None, True
        self._moved()
