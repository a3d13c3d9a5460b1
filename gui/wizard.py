"""The wizard itself: a QWizard that lives inside a window and never loses what was entered."""

from __future__ import annotations

import importlib
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget, QWizard, QWizardPage

from core.assessment import Problem
from core.flow import KEYS, STEPS, State, blocks_next, may_enter, states, step_of
from core.words import _
from gui.pages.making import make_page
from gui.pages.step_page import StepPage
from gui.view_models.cursor import WorkloadCursor
from gui.view_models.session import Session
from gui.workers import Newest, Ticket

BUILD_PAUSE_MS = 15


def _load_results(ticket: Ticket) -> None:
    """Load what the last two pages need, away from the window."""
    for name in ("gui.pages.recommendation", "gui.pages.report"):
        ticket.check()
        importlib.import_module(name)


def _takes_focus(widget: QWidget, page: QWidget) -> bool:
    """Whether Tab would stop at a widget of a page."""
    return (
        page.isAncestorOf(widget)
        and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.isVisibleTo(page)
        and widget.isEnabled()
    )


class AdvisorWizard(QWizard):
    """All steps in order. Next explains what is missing; the rail may jump anywhere."""

    stepChanged = Signal(str)
    posted = Signal(str)
    """Something was saved or copied: a sentence for the status bar."""
    refused = Signal(str)
    """Something could not be written, and why."""
    measurementsRequested = Signal()
    """Import own measurements."""
    blocked = Signal(object)
    """Problems (a list) that must be corrected before it goes on."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._walking = False
        self._visited: set[str] = set()
        self.cursor_ = WorkloadCursor(self)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setWizardStyle(QWizard.WizardStyle.ModernStyle)
        self.setOption(QWizard.WizardOption.IndependentPages, True)
        self.setOption(QWizard.WizardOption.NoCancelButton, True)
        self.setOption(QWizard.WizardOption.HaveHelpButton, True)
        self.setOption(QWizard.WizardOption.NoDefaultButton, True)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage, False)
        self.setButtonText(QWizard.WizardButton.BackButton, _("&Back"))
        self.setButtonText(QWizard.WizardButton.NextButton, _("&Next"))
        self.setButtonText(QWizard.WizardButton.HelpButton, _("Help"))
        self.pages: dict[str, QWizardPage] = {}
        self._reported = False
        self._waits_at: QWidget | None = None
        """Where the focus stays while the page in view has nothing to take it."""
        session.recommendationChanged.connect(self._answered)
        self._warm = Newest(self)
        self._warm.done.connect(self._build_results)
        self.currentIdChanged.connect(self._moved)
        self.page_of(KEYS[0])
        self.restart()
        self._next_build = QTimer(self)
        self._next_build.setSingleShot(True)
        self._next_build.setInterval(BUILD_PAUSE_MS)
        self._next_build.timeout.connect(self._build_one)

    # ------------------------------------------------------------------------------ building
    def page_of(self, key: str) -> Any:
        """The page of a step, made when first asked for."""
        page: Any = self.pages.get(key)
        if page is None:
            number = KEYS.index(key)
            page = self.pages[key] = make_page(key, self._session, self.cursor_)
            self.setPage(number, page)
            if isinstance(page, StepPage):
                page.jumpRequested.connect(self.reveal)
                page.measurementsRequested.connect(self.measurementsRequested)
                page.messagePosted.connect(self.posted)
            elif key == "recommendation":
                page.messagePosted.connect(self.posted)
                page.refused.connect(self.refused)
            elif key == "report":
                page.reportCreated.connect(self._mark_reported)
        return page

    def build_rest(self) -> None:
        """Make the other pages, one at a time so that nothing waits: once the window is there."""
        self.page_of(KEYS[0]).project.show()
        self._next_build.start()

    def _build_one(self) -> None:
        for key in KEYS[:-2]:
            if key not in self.pages:
                self.page_of(key)
                self._next_build.start()
                return
        self._warm.start(_load_results)

    def _build_results(self, _result: object) -> None:
        for key in KEYS[-2:]:
            self.page_of(key)

    def nextId(self) -> int:
        # Pages that are not made yet count as well.
        return self.currentId() + 1 if 0 <= self.currentId() < len(KEYS) - 1 else -1

    # -------------------------------------------------------------------------------- moving
    @property
    def key(self) -> str:
        """The step in view."""
        return KEYS[max(0, self.currentId())]

    def go_to(self, key: str) -> bool:
        """Walk to a step, keeping every value; False where results need corrections first."""
        target = KEYS.index(key)
        names = self._session.names
        if not may_enter(STEPS[target], self._session.assessment, names):
            self.blocked.emit(self._session.problems())
            return False
        # QWizard knows its history only from walking, so walk; nobody needs to watch.
        self._walking = True
        self.setUpdatesEnabled(False)
        try:
            while self.currentId() != target:
                before = self.currentId()
                if before < target:
                    self.page_of(KEYS[before + 1])
                    self.next()
                else:
                    self.back()
                if self.currentId() == before:
                    break
        finally:
            self._walking = False
            self.setUpdatesEnabled(True)
        self._moved()
        return self.currentId() == target

    def reveal(self, path: str) -> bool:
        """Go to the input at a path and give it the focus; False where there is none."""
        try:
            part = step_of(path)
        except KeyError:
            return False
        if not self.go_to(part.key):
            return False
        page = self.currentPage()
        return isinstance(page, StepPage) and page.reveal(path)

    def validateCurrentPage(self) -> bool:
        if self._walking:
            return True
        part = STEPS[self.currentId()]
        found = blocks_next(part, self._session.assessment, self._session.names)
        if found:
            self.blocked.emit(list(found))
            return False
        if self.nextId() >= 0:
            self.page_of(KEYS[self.nextId()])
        return super().validateCurrentPage()

    def reject(self) -> None:
        """Esc does nothing here: the work stays."""

    def done(self, result: int) -> None:
        """A wizard in a window does not end; its last button does what the last page is for."""
        if result == self.DialogCode.Accepted.value:
            self.validateCurrentPage()

    def _moved(self) -> None:
        if self._walking:
            return
        QTimer.singleShot(0, self, self._focus_page)  # once the page is laid out
        self._visited.add(self.key)
        self.stepChanged.emit(self.key)
        for kind in (QWizard.WizardButton.BackButton, QWizard.WizardButton.NextButton,
                     QWizard.WizardButton.FinishButton):  # fmt: skip  # the three that move
            button: QAbstractButton = self.button(kind)
            button.setAccessibleName(button.text().replace("&", ""))

    def _focus_page(self) -> None:
        """Go on in the page, where it was left or at its first control, and say which it is."""
        page = self.currentPage()
        target: QWidget | None = page.focusWidget() or getattr(page, "starts_at", None)
        if target is None or not _takes_focus(target, page):
            target = page.nextInFocusChain()
        while target is not None and not _takes_focus(target, page):
            target = target.nextInFocusChain() if target is not page else None
        self._waits_at = QApplication.focusWidget() if target is None else None
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)
        if QAccessible.isActive():
            part = STEPS[self.currentId()]
            place = _("Step {number} of {count}: {title}").format(
                number=self.currentId() + 1, count=len(STEPS), title=part.title
            )
            said = QAccessibleAnnouncementEvent(self, f"{place}. {part.question}")
            QAccessible.updateAccessibility(said)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_visited"):
            QTimer.singleShot(0, self, self._lower_header)

    def _lower_header(self) -> None:
        """Qt's header grows with the text and keeps its height when that is small again."""
        page = self.currentPage()
        for label in self.findChildren(QLabel):
            if not page.isAncestorOf(label) and label.text() == page.subTitle():
                label.setMinimumHeight(0)
        page.setSubTitle(page.subTitle())

    def _answered(self) -> None:
        """A page that had nothing to focus while it waited takes it now, unless it went on."""
        if self._waits_at is not None and self._waits_at is QApplication.focusWidget():
            QTimer.singleShot(0, self, self._focus_page)

    # -------------------------------------------------------------------------------- states
    def _mark_reported(self, path: str) -> None:
        self._reported = True
        self.posted.emit(_("Saved: {path}").format(path=path))
        self.stepChanged.emit(self.key)

    def forget_visits(self) -> None:
        """Another document: nothing of it has been looked at yet."""
        self._visited = {self.key}
        self._reported = False
        self.cursor_.move(0)

    def recall(self, other: AdvisorWizard) -> None:
        """What was looked at in another wizard counts here too, and its step is in view."""
        self._visited |= other._visited
        self._reported = other._reported
        self.go_to(other.key)

    def step_states(self) -> dict[str, State]:
        """Every step's mark."""
        session = self._session
        return states(
            session.assessment,
            session.names,
            visited=frozenset(self._visited),
            answered=session.recommendation is not None,
            stale=session.stale,
            reported=self._reported,
            feasible=session.recommendation is None or session.recommendation.winner is not None,
            known=session.problems(),
        )

    def problem_counts(self) -> dict[str, int]:
        """Number of problems by input step."""
        counts: dict[str, int] = {}
        problems: list[Problem] = self._session.problems()
        for problem in problems:
            key = step_of(problem.path).key
            counts[key] = counts.get(key, 0) + 1
        return counts

    def close_down(self) -> None:
        """Stop whatever pages have running."""
        self._next_build.stop()
        self._warm.close()
        for page in self.pages.values():
            stop = getattr(page, "close_down", None)
            if stop is not None:
                stop()
