"""The report as it will print, made in the background, and the file made of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
    QWizard,
    QWizardPage,
)

from core.interchange.files import check_writable, write_atomic
from core.words import _
from gui.direction import in_order
from gui.pages.report_choices import ReportChoices
from gui.pages.report_making import Build, Made, build_report, report_work
from gui.results.fitting import fold, is_narrow
from gui.results.messages import Strip
from gui.results.report_preview import ReportPreview
from gui.save_dialog import ask_where, named, suggestion
from gui.workers import Newest, Ticket

if TYPE_CHECKING:
    from gui.view_models.session import Session

NARROW = 105
"""Letters below which the preview's buttons stand under the report's own."""
SETTLE_MS = 250
"""Wait for further changes before the preview is made again."""


class ReportPage(QWizardPage):
    """Previews the PDF and writes it where the person wants it."""

    reportCreated = Signal(str)
    """The path of the file that was written."""
    _told = Signal(object, float)

    def __init__(
        self, session: Session, parent: QWidget | None = None, *, build: Build = build_report
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Report"))
        self.setFinalPage(True)
        self.setButtonText(QWizard.WizardButton.FinishButton, _("Create PDF report"))
        self.session = session
        self.ask_path: Callable[[str], str] = self._ask_path
        self._build = build
        self._made: Made | None = None
        self._wanted_path: Path | None = None
        self._failed = ""
        self._given_up = False
        self._folder: Path | None = None
        self._saved: Path | None = None

        self.strip = Strip(_("State of the report"), self)
        self.choices = ReportChoices(session, self)
        self.choices.changed.connect(self._soon)
        self.title_box, self.paper = self.choices.title_box, self.choices.paper
        self.preview = ReportPreview(self)
        self.create_button = QPushButton(in_order(_("Create PDF report…")), self)
        self.create_button.setAutoDefault(False)
        self.create_button.clicked.connect(self.create_report)
        view = QHBoxLayout()
        view.addLayout(self.preview.tools)
        view.addStretch(1)
        view.addWidget(self.create_button)
        self._bar = bar = QHBoxLayout()
        bar.addWidget(self.choices, 1)
        bar.addSpacing(12)
        bar.addLayout(view)
        self.empty = QLabel(self)
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(bar)
        layout.addWidget(self.strip)
        layout.addWidget(self.preview, 1)
        layout.addWidget(self.empty, 1)

        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._make)
        self._maker = Newest(self)
        self._maker.done.connect(self._arrived)
        self._maker.failed.connect(self._not_made)
        self._writer = Newest(self)
        self._writer.done.connect(self._written)
        self._writer.failed.connect(self._not_written)
        self._told.connect(self._tell)
        self._connect()
        self._refresh()

    def _connect(self) -> None:
        session = self.session
        session.recommendationChanged.connect(self._soon)
        session.analysisChanged.connect(self._soon)
        session.assessmentChanged.connect(self._refresh)
        session.busyChanged.connect(self._refresh)
        session.busyChanged.connect(self._write_if_whole)
        # Nothing may run on when the page is gone. Closures, since the collector may already
        # have taken the Python side of the page apart.
        for worker in (self._maker, self._writer):
            self.destroyed.connect(lambda _gone=None, worker=worker: worker.close())

    # ------------------------------------------------------------------------------- making
    @property
    def report(self) -> bytes | None:
        """The finished report for the answer as it stands; ``None`` while there is none."""
        return self._made.data if self._made is not None and self._current() else None

    def close_down(self) -> None:
        """Give up what runs and wait until nothing does."""
        self._timer.stop()
        self._maker.close()
        self._writer.close()

    def _current(self) -> bool:
        made, session = self._made, self.session
        return (
            made is not None
            and made.recommendation is session.recommendation
            and made.analysis is session.analysis
            and made.paper == self.choices.paper_size()
            and made.language == self.choices.code()
            and made.look == self.choices.look
        )

    def _soon(self) -> None:
        self._failed, self._given_up = "", False
        if not self._current():
            self._saved = None
        if (self.isVisible() or self._wanted_path is not None) and not self._current():
            self._timer.start()
        self._refresh()

    def _make(self) -> None:
        recommendation = self.session.recommendation
        if recommendation is None or self._current():
            self._refresh()
            return
        choices, told = self.choices, self._told
        work = report_work(
            self.session, self._build, choices.paper_size(), choices.code(), choices.look, told
        )
        self._maker.start(work)
        self._refresh()

    def cancel(self) -> None:
        """Give up the report being made; the preview stays as it was."""
        self._timer.stop()
        self._maker.cancel()
        self._wanted_path, self._given_up = None, True
        self._refresh()

    def _tell(self, ticket: Ticket, share: float) -> None:
        if not ticket.cancelled and self._maker.running:
            self.strip.advance(share)

    def _arrived(self, made: Made) -> None:
        self._made = made
        if not self.preview.show_pdf(made.data):
            self._failed = _("The report was made, but its preview cannot be shown.")
        self._refresh()
        self._write_if_whole()

    def _write_if_whole(self) -> None:
        """Write the file that was asked for, once the report has all that it tells."""
        if not (self.session.busy or self.session.analysing):
            self._write_as_it_is()

    def _write_as_it_is(self) -> None:
        """Write the report without the analysis that is still to come."""
        if self._wanted_path is not None and self._current():
            self._write(self._wanted_path)

    def _not_made(self, error: Exception) -> None:
        self._wanted_path = None
        self._failed = _("The report could not be made: {error}").format(error=error)
        self._refresh()

    # ------------------------------------------------------------------------------ writing
    def create_report(self) -> None:
        """Ask where to, and write the report there as soon as it is finished."""
        if self.session.recommendation is None:
            return
        text = self.ask_path(suggestion(self.session, ".pdf", self._folder))
        if not text:
            return
        path = named(text, ".pdf")
        self._folder = path.parent
        try:
            check_writable(path)
        except OSError as error:
            self._not_written(error)
            return
        self._wanted_path, self._given_up = path, False
        if self._current():
            self._write_if_whole()
            self._refresh()
        elif not self._maker.running:
            self._make()

    def _write(self, path: Path) -> None:
        made = self._made
        assert made is not None
        self._wanted_path = None
        self.strip.say(_("Writing {path}…").format(path=path), moving=True)

        def work(ticket: Ticket) -> Path:
            write_atomic(path, made.data)
            return path

        self._writer.start(work)

    def _written(self, path: Path) -> None:
        self._saved = path
        self._refresh()
        self.reportCreated.emit(str(path))

    def _not_written(self, error: Exception) -> None:
        self._saved = None
        text = _("{error}. Choose another name or folder.").format(error=str(error).rstrip("."))
        self.strip.say(text, buttons=((_("Choose another place…"), self.create_report),))

    def _ask_path(self, proposed: str) -> str:
        return ask_where(self, _("Create PDF report"), proposed, "PDF (*.pdf)", ".pdf")

    # -------------------------------------------------------------------------------- state
    def validatePage(self) -> bool:
        # The wizard's last button writes the file; the window stays open.
        self.create_report()
        return False

    def initializePage(self) -> None:
        self._soon()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # One button for one thing: a wizard has its own last button, named like this page's.
        self.create_button.setVisible(self.wizard() is None)
        if not self._given_up:
            self._soon()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        if self._wanted_path is None:
            self._maker.cancel()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fold(self._bar, is_narrow(self, NARROW))

    def _refresh(self) -> None:
        session, has_pdf = self.session, self._made is not None
        self.choices.show_title()
        self.preview.setVisible(has_pdf)
        self.empty.setVisible(not has_pdf)
        self.create_button.setEnabled(session.recommendation is not None)
        if not has_pdf:
            self.empty.setText(self._empty_text())
        if session.recommendation is None:
            self.strip.say("")
        elif self._maker.running or self._timer.isActive():
            self.strip.say(
                _("Making the report…"), progress=0.0, buttons=((_("Cancel"), self.cancel),)
            )
        elif self._failed:
            self.strip.say(self._failed, buttons=((_("Try again"), self._again),))
        elif session.busy:
            self.strip.say(_("Computing with your latest changes…"), moving=True)
        elif session.stale:
            self.strip.say(_("This report is for earlier inputs: the latest have no answer yet."))
        elif self._given_up and not self._current():
            self.strip.say(
                _("The preview is not up to date."), buttons=((_("Update"), self._again),)
            )
        elif session.analysing and self._wanted_path is not None:
            self.strip.say(
                _("The report is written as soon as its uncertainty is analysed…"),
                moving=True,
                buttons=((_("Write it without"), self._write_as_it_is), (_("Cancel"), self.cancel)),
            )
        elif self._writer.running:
            pass  # the strip says so
        elif session.analysing and self._saved is None:
            self.strip.say(_("Analysing the uncertainty, which the report will tell…"), moving=True)
        else:
            self._show_saved()

    def _show_saved(self) -> None:
        path = self._saved
        if path is None:
            self.strip.say("")
            return
        self.strip.say(
            _("Saved: {path}").format(path=path),
            buttons=(
                (_("Open"), lambda: _open(path)),
                (_("Open folder"), lambda: _open(path.parent)),
            ),
        )

    def _again(self) -> None:
        self._failed, self._given_up = "", False
        self._make()

    def _empty_text(self) -> str:
        if self.session.recommendation is not None:
            return self._failed or _("The preview appears here.")
        if self.session.busy:
            return _("Computing the recommendation…")
        return _("There is no answer yet to report on.")


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
