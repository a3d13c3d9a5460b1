"""The engine's answers to a document's values: computed away from the window, the newest kept."""

from __future__ import annotations

import dataclasses
import logging
from abc import abstractmethod
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from core.assessment import Assessment, Problem, problems
from core.language import language
from core.words import _
from gui.view_models.engine import (
    Analyser,
    AssessEngine,
    Engine,
    load_the_catalog,
    names_in,
    smallest_change,
    told_anew,
    with_brought,
)
from gui.workers import Newest, Ticket

if TYPE_CHECKING:
    from core.catalog.load import Catalog
    from core.catalog.types import Model
    from core.recommendation import Analysis, Recommendation

log = logging.getLogger(__name__)

TYPING_PAUSE_MS = 40
"""How long typing must rest before it is answered: just longer than a held key takes to repeat
(33 ms). Every other edit is answered at once."""
ANALYSIS_PAUSE_MS = 1200


class Answering(QObject):
    """Answers for the values of a document in the background; nothing here blocks the window.

    ``compute`` waits for a pause, runs the engine in a worker and keeps only the newest answer;
    its analysis follows once nothing was changed for a while. Whoever holds the values says what
    they are (``assessment``) and calls ``_judge`` and ``compute`` when they changed.
    """

    recommendationChanged = Signal()
    analysisChanged = Signal()
    busyChanged = Signal(bool)
    staleChanged = Signal(bool)
    """Whether the answer shown no longer belongs to the values shown."""
    errorOccurred = Signal(str)
    """A sentence for the person: what could not be done and why."""
    catalogChanged = Signal()
    """The catalog has been loaded."""
    progressed = Signal(float, str)
    """Share done (0..1) and the engine's current stage."""
    _told = Signal(object, float, str)

    def __init__(
        self,
        parent: QObject | None,
        *,
        engine: Engine | None,
        analyser: Analyser | None,
        catalog: Catalog | None,
        as_of: date | None,
        typing_pause_ms: int,
    ) -> None:
        super().__init__(parent)
        self._engine: Engine = engine or AssessEngine()
        self._typing_pause_ms = typing_pause_ms
        self._analyser = analyser
        self._catalog: Catalog | None = None
        self._names: dict[str, frozenset[str]] = {}
        self._extended: tuple[tuple[Model, ...], Catalog] | None = None
        self._as_of = as_of or date.today()
        self._recommendation: Recommendation | None = None
        self._previous: Recommendation | None = None
        self._other_document = False
        """The latest answer is of a document that was in its place before."""
        self._analysis: Analysis | None = None
        self._problems: list[Problem] | None = None
        self._stale = True
        self._busy = self._wanted = self._closed = False

        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._start)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(ANALYSIS_PAUSE_MS)
        self._pause.timeout.connect(self.analyse)

        self._loader = Newest(self).heard_by(self._loaded, self._not_loaded)
        self._worker = Newest(self).heard_by(self._answered, self._refused)
        self._analysing = Newest(self).heard_by(self._analysed, self._not_analysed)
        self._told.connect(self._tell)
        if catalog is not None:
            self._adopt(catalog)

    # ------------------------------------------------------------------------- what it holds
    @property
    @abstractmethod
    def assessment(self) -> Assessment:
        """The values as they stand, right or wrong."""

    @property
    def recommendation(self) -> Recommendation | None:
        """The engine's latest answer; ``stale`` says whether it belongs to the values."""
        return self._recommendation

    @property
    def previous(self) -> Recommendation | None:
        """The answer before the latest one, to show what an edit changed."""
        return self._previous

    @property
    def analysis(self) -> Analysis | None:
        """Uncertainty and switch points of ``recommendation``, once computed."""
        return self._analysis

    @property
    def analysing(self) -> bool:
        """Whether ``analysis`` is still to come for this answer."""
        return self._pause.isActive() or self._analysing.running

    @property
    def busy(self) -> bool:
        """Whether an answer is being computed."""
        return self._busy

    @property
    def stale(self) -> bool:
        """Whether the answer does not belong to the values (or there is none)."""
        return self._stale

    @property
    def catalog(self) -> Catalog | None:
        """The catalog, ``None`` until it is loaded."""
        return self._catalog

    @property
    def names(self) -> dict[str, frozenset[str]]:
        """Ids allowed in choices from the catalog; empty until it is loaded."""
        return with_brought(self._names, self.assessment)

    @property
    def offers(self) -> Catalog | None:
        """The catalog with the models that the document brings along."""
        own = self.assessment.custom_models
        if self._catalog is None or not own:
            return self._catalog
        if self._extended is None or self._extended[0] != own:
            try:
                self._extended = (own, self._catalog.with_models(own))
            except ValueError as error:
                log.warning("own models cannot be offered: %s", error)
                self._extended = (own, self._catalog)
        return self._extended[1]

    @property
    def as_of(self) -> date:
        """The date the answer is to hold for."""
        return self._as_of

    def problems(self) -> list[Problem]:
        """Everything wrong with the values, in the order of the wizard."""
        if self._problems is None:
            self._problems = problems(self.assessment, self.names)
        return self._problems

    # ----------------------------------------------------------------------------- computing
    def _judge(self) -> None:
        latest = self._recommendation
        stale = latest is None or latest.assessment != self.assessment
        if stale != self._stale:
            self._stale = stale
            self.staleChanged.emit(stale)

    def compute(self, *, typing: bool = False) -> None:
        """Answer for the values as they stand in the background; ``typing`` waits for a pause."""
        if self._closed:
            return
        self._worker.cancel()
        if self._only_words_differ():
            self._answer_at_once()
            return
        self._pause.stop()
        self._analysing.cancel()
        if not self._stale:
            # Undone back to what the latest answer is for.
            self._stop_asking()
            self._follow_up()
            return
        self._wanted = True
        self._timer.start(self._typing_pause_ms if typing else 0)

    def _only_words_differ(self) -> bool:
        """Whether the latest answer holds as it is, but for the words that its report prints."""
        latest = self._recommendation
        if latest is None or not self._stale or self._other_document or self.problems():
            return False
        reworded = dataclasses.replace(latest.assessment, project=self.assessment.project)
        return reworded == self.assessment

    def _answer_at_once(self) -> None:
        """Take the latest answer over; what is being found out about it holds as well."""
        assert self._recommendation is not None
        self._stop_asking()
        self._recommendation = self._recommendation.printed_for(self.assessment.project)
        self._judge()
        self.recommendationChanged.emit()
        if not self.analysing:
            self._follow_up()

    def _stop_asking(self) -> None:
        self._timer.stop()
        self._wanted = False
        self._work(False)

    def load(self) -> None:
        """Load the catalog in the background; computing waits for it."""
        if self._catalog is None and not self._loader.running and not self._closed:
            self._loader.start(lambda ticket: load_the_catalog())

    def _start(self) -> None:
        if self._closed or not self._wanted:
            return
        if self._catalog is None:
            self._work(True)
            self.load()
            return
        self._wanted = False
        if self.problems():
            self._work(False)
            return
        self._work(True)
        assessment, catalog, as_of, engine = (
            self.assessment, self._catalog, self._as_of, self._engine,
        )  # fmt: skip  # taken now: the worker must not look at the session
        told = self._told

        def answer(ticket: Ticket) -> Any:
            def progress(share: float, text: str) -> None:
                ticket.progress(told, share, text)

            return engine(assessment, catalog, as_of=as_of, progress=progress)

        self._worker.start(answer)

    def _tell(self, ticket: Ticket, share: float, text: str) -> None:
        if not ticket.cancelled:
            self.progressed.emit(share, text)

    def _adopt(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._names = names_in(catalog, self._as_of)
        self._extended = None
        self._problems = None

    def _loaded(self, catalog: Any) -> None:
        self._adopt(catalog)
        self.catalogChanged.emit()
        self._start()

    def _not_loaded(self, error: Exception) -> None:
        self._work(False)
        self.errorOccurred.emit(_("The catalog could not be read: {error}").format(error=error))

    def _answered(self, recommendation: Any) -> None:
        # What another document's answer was is no change of this one.
        before = None if self._other_document else self._recommendation
        self._other_document = False
        self._previous, self._recommendation = before, recommendation
        had_analysis, self._analysis = self._analysis is not None, None
        self._judge()
        self._work(False)
        self.recommendationChanged.emit()
        if had_analysis:
            self.analysisChanged.emit()
        self._follow_up()

    def _refused(self, error: Exception) -> None:
        self._work(False)
        log.error("the engine failed", exc_info=error)
        self.errorOccurred.emit(_("No answer could be computed: {error}").format(error=error))

    def _work(self, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busyChanged.emit(busy)

    # ------------------------------------------------------------------------------ analysis
    def _follow_up(self) -> None:
        if self._analyser is not None and self._analysis is None:
            self._pause.start()

    def analyse(self) -> None:
        """Compute uncertainty and switch points of the answer in the background."""
        recommendation, catalog, analyser = self._recommendation, self._catalog, self._analyser
        if self._closed or self._stale or analyser is None or recommendation is None:
            return

        def work(ticket: Ticket) -> Any:
            return analyser(recommendation, catalog, progress=lambda share, text: ticket.check())

        self._analysing.start(work)

    def admitting(
        self, recommendation: Recommendation, option_id: str
    ) -> Callable[[Ticket], Any] | None:
        """Work that searches what would admit a rejected option; ``None`` without the engine."""
        catalog = self._catalog
        if catalog is None or not isinstance(self._engine, AssessEngine):
            return None
        return lambda ticket: smallest_change(recommendation, catalog, option_id)

    def told_in(self, code: str) -> Callable[[Ticket], tuple[Any, Any]]:
        """Work that gives the present answer and its analysis in the words of a language."""
        if code == language() or self._recommendation is None:
            present = (self._recommendation, self._analysis)
            return lambda ticket: present
        analyser = self._analyser if self._analysis is not None else None
        return told_anew(
            code, self._recommendation, self._catalog, self._as_of, self._engine, analyser
        )

    def _analysed(self, analysis: Any) -> None:
        self._analysis = analysis
        self.analysisChanged.emit()

    def _not_analysed(self, error: Exception) -> None:
        log.error("the analysis failed", exc_info=error)
        self.errorOccurred.emit(
            _("Uncertainty and switch points could not be computed: {error}").format(error=error)
        )
        self.analysisChanged.emit()  # none is to come

    def close(self) -> None:
        """Stop everything that runs; afterwards the session answers no more."""
        self._closed = True
        self._timer.stop()
        self._pause.stop()
        for worker in (self._loader, self._worker, self._analysing):
            worker.close()
