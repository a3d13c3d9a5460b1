"""The window: steps at the left, the page in the middle, the live estimate at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from core.assessment import Problem
from core.flow import step_of
from core.words import _
from gui.arrangement import Arrangement
from gui.commands import Commands, Desk
from gui.documents import Documents
from gui.dropping import TakesFiles
from gui.live_estimate import LiveEstimate
from gui.looks import Looks
from gui.menus import Menus
from gui.preferences import Preferences, load_preferences
from gui.rail import Rail
from gui.recovery import Autosave, Leftover, forget
from gui.transfers import Transfers
from gui.view_models.session import Session
from gui.widgets.banner import Banner
from gui.widgets.basics import IconButton, Label
from gui.wizard import AdvisorWizard

if TYPE_CHECKING:  # every class of Qt costs the first window its share
    from PySide6.QtGui import QCloseEvent

UNSEEN_MS = 150
"""A window that nothing has painted by then (it is hidden) begins to work nevertheless."""


class MainWindow(TakesFiles):
    """One document with its wizard. Closing asks about unsaved changes once."""

    def __init__(
        self,
        session: Session,
        preferences: Preferences | None = None,
        *,
        autosave: bool = True,
        desk: Desk | None = None,
    ) -> None:
        super().__init__()
        self.session = session
        session.setParent(self)
        self.preferences = preferences or load_preferences()
        self._desk = desk
        self.documents = Documents(session, self.preferences, self)
        self.autosave = Autosave(session) if autosave else None
        self.commands, self.looks = Commands(self, desk), Looks(self, desk)

        self.banner = Banner()
        self.wizard = AdvisorWizard(session)
        self.rail = Rail()
        middle = QWidget()
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.banner)
        column.addWidget(self.wizard, 1)
        row = QHBoxLayout(middle)
        row.setContentsMargins(6, 6, 6, 0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)
        self.setCentralWidget(middle)
        # From the last input of a page Tab goes on, and only then to the other steps.
        self.setTabOrder(self.wizard.button(AdvisorWizard.WizardButton.HelpButton), self.rail)
        self.live = LiveEstimate(session)
        self.live_dock = QDockWidget(_("Live estimate"), self)
        self.live_dock.setObjectName("live_estimate")
        self.live_dock.setTitleBarWidget(self._live_title())
        self.live_dock.setWidget(self.live)
        self.live_dock.setAllowedAreas(
            Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea
        )
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.live_dock)
        self.live_dock.setVisible(self.preferences.live_shown)
        self.transfers = Transfers(session, self.wizard.cursor_, self)
        self.menus = Menus(self)
        self.arrangement = Arrangement(self)
        self._connect()
        self._succeeded = False
        self.arrangement.fit()
        self.rail.set_current(self.wizard.key)
        self._changed()
        self._begun = False
        QTimer.singleShot(UNSEEN_MS, self, self._begin)

    def _live_title(self) -> QWidget:
        """A title that grows with the text; Qt's own and its buttons stay as they were made."""
        bar = QWidget()
        hide = IconButton("cross", _("Hide the live estimate"))
        hide.clicked.connect(self.live_dock.hide)
        row = QHBoxLayout(bar)
        row.setContentsMargins(4, 4, 2, 0)
        row.addWidget(Label(self.live_dock.windowTitle()), 1)
        row.addWidget(hide)
        return bar

    def _begin(self) -> None:
        """What comes after the first paint: the catalog with the first answer, the other pages."""
        if not self._begun:
            self._begun = True
            self.session.compute()
            self.wizard.build_rest()

    def _connect(self) -> None:
        session, wizard = self.session, self.wizard
        session.assessmentChanged.connect(self._changed)
        session.documentChanged.connect(self._changed)
        session.catalogChanged.connect(self._changed)
        session.recommendationChanged.connect(self._changed)
        session.staleChanged.connect(lambda stale: self._mark_steps())
        session.errorOccurred.connect(lambda text: self.banner.tell(text, level="error"))
        session.noticed.connect(self.banner.tell)
        session.saveFailed.connect(self._not_saved)
        session.located.connect(self._show_edited)
        if self.autosave is not None:
            self.autosave.failed.connect(self._not_saved)
        self.documents.comparisonFound.connect(self.commands.open_comparison)
        self.documents.importFound.connect(lambda kind, path: self.transfers.take(kind, [path]))
        self.documents.refused.connect(lambda text: self.banner.tell(text, level="error"))
        self.documents.sharedWith.connect(lambda text: self._offer_save_as(text, "warning"))
        self.documents.changedOnDisk.connect(self._offer_reload)
        self.documents.agreed.connect(lambda: self.banner.clear("file"))
        wizard.stepChanged.connect(self._step_changed)
        wizard.blocked.connect(self._blocked)
        wizard.helpRequested.connect(self.commands.help)
        wizard.measurementsRequested.connect(self.transfers.import_measurements)
        self.rail.stepChosen.connect(wizard.go_to)
        self.rail.stepChosen.connect(lambda key: self.rail.set_current(wizard.key))
        self.live.problemRequested.connect(self.show_problem)
        self.live.resultsRequested.connect(lambda: wizard.go_to("recommendation"))
        self.documents.opened.connect(self._opened)
        self.live_dock.visibilityChanged.connect(self.arrangement.live_toggled)
        session.recommendationChanged.connect(self.arrangement.summarise)
        session.staleChanged.connect(lambda stale: self.arrangement.summarise())
        self.transfers.done.connect(wizard.posted)
        self.transfers.taken.connect(wizard.reveal)
        self.transfers.failed.connect(lambda text: self.banner.tell(text, level="error"))
        wizard.refused.connect(lambda text: self.banner.tell(text, level="error"))
        wizard.posted.connect(lambda text: self.statusBar().showMessage(text, 10_000))

    # --------------------------------------------------------------------------------- state
    def _changed(self) -> None:
        session = self.session
        self.setWindowTitle(f"{session.title}[*] – Inference Advisor")
        self.setWindowModified(session.dirty)
        self.setWindowFilePath(str(session.path or ""))
        state = (
            _("Unsaved changes")
            if session.dirty
            else (_("Saved") if session.path else _("Not changed"))
        )
        self.arrangement.state.setText(state)
        if not session.problems():
            self.banner.clear("problems")
        self.menus.refresh()
        self._mark_steps()

    def _mark_steps(self) -> None:
        self.rail.show_states(self.wizard.step_states(), self.wizard.problem_counts())

    def _step_changed(self, key: str) -> None:
        self.rail.set_current(key)
        self.banner.clear("problems")
        self._mark_steps()
        self.arrangement.arrange()

    def _opened(self) -> None:
        self.banner.clear()
        self.wizard.go_to("workload")
        self.wizard.forget_visits()
        self._mark_steps()

    def _show_edited(self, path: str) -> None:
        """After undo and redo: let the person see what changed."""
        self.statusBar().clearMessage()  # it may offer the undo that just happened
        if path:
            self.wizard.reveal(path)

    # ------------------------------------------------------------------------------ problems
    def _blocked(self, found: list[Problem]) -> None:
        first = found[0]
        part = step_of(first.path)
        text = _("{label} {message}.").format(label=first.label, message=first.message)
        if part.key != self.wizard.key:
            text = f"{part.title}: {text}"
        if len(found) > 1:
            text += " " + _("{count} more to correct.").format(count=len(found) - 1)
        self.wizard.reveal(first.path)
        self.banner.tell(
            text,
            action=_("Show it"),
            do=lambda: self.wizard.reveal(first.path),
            topic="problems",
        )

    def show_problem(self) -> None:
        """Go to the first input that must be corrected."""
        found = self.session.problems()
        if found:
            self._blocked(found)

    # ---------------------------------------------------------------------------------- files
    def _not_saved(self, text: str) -> None:
        self._offer_save_as(text, "error")

    def _offer_save_as(self, text: str, level: str) -> None:
        self.banner.tell(
            text, action=_("Save as…"), do=self.documents.save_as, topic="file", level=level
        )

    def _offer_reload(self, text: str) -> None:
        self.banner.tell(text, action=_("Reload it"), do=self.documents.reload, topic="file")

    # -------------------------------------------------------------------------------- actions
    def create_pdf(self) -> None:
        """Go to the report and ask where to write it."""
        if self.wizard.go_to("report"):
            self.wizard.page_of("report").create_report()

    def offer(self, leftover: Leftover) -> None:
        """Offer work that a crash left behind."""

        def restore() -> None:
            if self.documents.restore(leftover.assessment, leftover.still_of()):
                forget(leftover)

        self.banner.tell(
            _('"{title}" was not saved when the program ended.').format(title=leftover.title),
            action=_("Restore it"),
            do=restore,
            topic="recovery",
            level="info",
        )

    # --------------------------------------------------------------------------------- events
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._begun:
            # When all is painted: a thread that computes would hold the painting up.
            QTimer.singleShot(0, self, self._begin)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrangement.arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "arrangement"):
            self.arrangement.arrange()
            # Its labels take the new font only later, and what they show is cut to it.
            QTimer.singleShot(0, self, self.arrangement.arrange)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.documents.look()

    # ------------------------------------------------------------------------------- the end
    def succeed(self, old: MainWindow) -> None:
        """Take the place of another window with all that is in it; the other one goes."""
        self.session.take_over(old.session)
        self.setGeometry(old.geometry())
        self.setWindowState(old.windowState())
        self.wizard.recall(old.wizard)
        old._succeeded = True
        old.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._succeeded and not self.documents.may_leave():
            event.ignore()
            return
        self.shut_down()
        event.accept()

    def shut_down(self) -> None:
        """Stop everything that runs for this window."""
        self.wizard.close_down()
        self.documents.guard.close()
        self.transfers.close()
        if self.autosave is not None:
            self.autosave.close()
        self.session.close()
