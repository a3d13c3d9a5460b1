"""The page with the answer: the sentence, the figures, and everything behind them in tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
    QWizardPage,
)

from core.notation import semicolons
from core.recommendation import Analysis, Option, Recommendation
from core.words import _
from gui.results.changes import Change, applied
from gui.results.charts_view import ChartSource, ChartsView, make_charts
from gui.results.details import option_sections
from gui.results.document import DocumentView
from gui.results.fitting import Area, Tabs
from gui.results.header import Header
from gui.results.messages import Strip
from gui.results.options_table import OptionsPanel
from gui.results.overview import overview_sections
from gui.results.sensitivity import sensitivity_sections
from gui.results.sources import source_sections, sources_of
from gui.results.what_if import WhatIfPanel
from gui.results.why_not import WhyNotPanel
from gui.widgets.combo_box import ComboBox

if TYPE_CHECKING:
    from gui.view_models.session import Session


LOW = 45
"""Lines of text below which the page is low: charts and tables get the room of the figures."""
LEAST_LETTERS, LEAST_LINES = 20, 15
"""What a tab shows at least; where the window is lower, the page scrolls."""


class RecommendationPage(QWizardPage):
    """Shows the session's recommendation; fills a tab only when it is looked at."""

    messagePosted = Signal(str)
    """A short sentence for the status bar (something was copied or saved)."""
    refused = Signal(str)
    """Why something could not be written: it stays until it is read."""

    def __init__(
        self,
        session: Session,
        parent: QWidget | None = None,
        *,
        charts: ChartSource = make_charts,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Recommendation"))
        self.session = session
        self._option_id: str | None = None
        self._unfilled: set[QWidget] = set()
        self._seen: Recommendation | None = None
        self._seen_analysis: Analysis | None = None
        self._error = ""

        self.strip = Strip(_("State of the results"), self)
        self.header = Header(self)
        self.overview = DocumentView(_("Reasons, risks and what to confirm"), self)
        self.options = OptionsPanel(self)
        self.why_not = WhyNotPanel(self, session.admitting)
        self.details_choice = ComboBox(self)
        self.details_choice.setAccessibleName(_("Option shown"))
        self.details = DocumentView(_("Details of the option"), self)
        self.charts = ChartsView(charts, self)
        self.sensitivity = DocumentView(_("What would change the answer"), self)
        self.what_if = WhatIfPanel(session, self)
        self.sources = DocumentView(_("Sources"), self)
        self.tabs = self._tabs()

        self.waiting = QLabel(self)
        self.waiting.setWordWrap(True)
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.waiting.setTextFormat(Qt.TextFormat.PlainText)
        self.waiting_bar = QProgressBar(self)
        self.waiting_bar.setRange(0, 0)
        self.waiting_bar.setTextVisible(False)
        self.waiting_bar.setMaximumWidth(320)
        self.waiting_bar.setAccessibleName(_("Computing"))
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self._waiting_page())
        self.stack.addWidget(self._results_page())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        # Reading order: widgets stand in the order in which they were made, which is another.
        self.setTabOrder(self.strip.label, self.header.confidence)
        self.setTabOrder(self.header.confidence, self.tabs)
        # Where keys begin: a figure further up would scroll the sentence out of view.
        self.starts_at = self.tabs.tabBar()
        self._connect()
        self._refresh()

    # ------------------------------------------------------------------------------- making
    def _tabs(self) -> Tabs:
        details = QWidget(self)
        bar = QHBoxLayout()
        label = QLabel(_("Option"), details)
        label.setBuddy(self.details_choice)
        bar.addWidget(label)
        bar.addWidget(self.details_choice, 1)
        layout = QVBoxLayout(details)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addLayout(bar)
        layout.addWidget(self.details, 1)
        tabs = Tabs(self)
        tabs.setAccessibleName(_("Parts of the results"))
        tabs.setDocumentMode(True)
        tabs.setUsesScrollButtons(True)
        for widget, title in (
            (self.overview, _("Why")),
            (self.options, _("Options")),
            (self.why_not, _("Why not")),
            (details, _("Details")),
            (self.charts, _("Charts")),
            (self.sensitivity, _("Sensitivity")),
            (self.what_if, _("What if")),
            (self.sources, _("Sources")),
        ):
            tabs.setTabToolTip(tabs.addTab(widget, title), widget.accessibleName() or title)
        self._details_tab = details
        return tabs

    def _waiting_page(self) -> QWidget:
        page = QWidget(self)
        layout = QVBoxLayout(page)
        layout.addStretch(1)
        layout.addWidget(self.waiting)
        layout.addWidget(self.waiting_bar, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        return page

    def _results_page(self) -> QWidget:
        page = QWidget(self)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.strip)
        layout.addWidget(self.header)
        layout.addWidget(self.tabs, 1)
        self.tabs.least(LEAST_LETTERS, LEAST_LINES)
        self.area = Area(page, self)
        return self.area

    def _connect(self) -> None:
        session = self.session
        for signal in (
            session.recommendationChanged,
            session.analysisChanged,
            session.assessmentChanged,
        ):
            signal.connect(self._refresh)
        session.busyChanged.connect(self._refresh)
        session.errorOccurred.connect(self._note_error)
        self.tabs.currentChanged.connect(self._fill_current)
        self.options.optionChosen.connect(self.choose)
        self.options.optionOpened.connect(self.open_details)
        self.why_not.optionChosen.connect(self.choose)
        self.why_not.optionOpened.connect(self.open_details)
        self.why_not.changesAsked.connect(self._change)
        self.details_choice.activated.connect(
            lambda row: self.choose(str(self.details_choice.itemData(row)))
        )
        self.charts.saved.connect(self.messagePosted)
        self.charts.refused.connect(self.refused)
        self.header.tiles.asked.connect(self._explain)
        for view in (self.overview, self.details, self.sensitivity, self.sources):
            view.linkFollowed.connect(self.follow)

    # ------------------------------------------------------------------------------ showing
    @property
    def option_id(self) -> str | None:
        """The option that details and charts are about."""
        return self._option_id

    def choose(self, option_id: str) -> None:
        """Make an option the one that details and charts are about."""
        if option_id == self._option_id or self._option(option_id) is None:
            return
        self._option_id = option_id
        for table in (self.options.table, self.why_not.table):
            if table.chosen() != option_id:
                table.choose(option_id)
        self._unfilled |= {self._details_tab, self.charts, self.sources}
        self._fill_current()

    def open_details(self, option_id: str) -> None:
        """Show an option in full."""
        self.choose(option_id)
        self.tabs.setCurrentWidget(self._details_tab)
        self.details.setFocus()

    def _explain(self, section: str) -> None:
        """Show how a key figure of the winner is computed."""
        winner = self._seen.winner if self._seen else None
        if winner is not None:
            self.open_details(winner.id)
            self.details.scrollToAnchor(section)

    def follow(self, target: str) -> None:
        """Go where a link leads: ``option:ID``, ``chart:KEY``, ``source:N`` or ``tab:why_not``."""
        kind, _colon, name = target.partition(":")
        if kind == "option":
            self.open_details(QUrl.fromPercentEncoding(name.encode()))
        elif kind == "chart":
            self.tabs.setCurrentWidget(self.charts)
            self.charts.show_key(name)
        elif kind == "source":
            self.tabs.setCurrentWidget(self.sources)
            self.sources.scrollToAnchor(target)
        elif kind == "tab":
            self.tabs.setCurrentWidget(self.why_not)
            self.why_not.table.setFocus()

    def close_down(self) -> None:
        """Wait until nothing runs in the background."""
        self.charts.close_down()
        self.what_if.close_down()
        self.why_not.close_down()

    def initializePage(self) -> None:
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        """Show what the session has, or say why there is nothing to show."""
        session = self.session
        recommendation = session.recommendation
        if recommendation is None:
            self.stack.setCurrentIndex(0)
            self.waiting.setText(self._waiting_text())
            self.waiting_bar.setVisible(session.busy)
            return
        self._error = self._error if not session.busy else ""
        self._show_state()
        if not self.isVisible():
            return
        self.stack.setCurrentIndex(1)
        new, analysis = recommendation is not self._seen, session.analysis
        if new:
            self._adopt(recommendation)
        if new or analysis is not self._seen_analysis:
            self._seen_analysis = analysis
            self.header.show_recommendation(recommendation, analysis)
            self._unfilled |= {
                self.overview,
                self.why_not,
                self.charts,
                self.sensitivity,
                self.sources,
            }
        self._fill_current()

    def _adopt(self, recommendation: Recommendation) -> None:
        """A new answer: keep an option chosen beside the best, where it still exists."""
        first = self._seen is None
        was_feasible = bool(self._seen and self._seen.winner)
        # Whoever chose nothing looks at the best, whichever it is now.
        followed = self._seen is None or self._option_id == _best(self._seen)
        self._seen = recommendation
        if followed or self._option(self._option_id) is None:
            self._option_id = _best(recommendation)
        feasible = recommendation.winner is not None
        self.tabs.setTabText(0, _("Why") if feasible else _("What binds"))
        self.tabs.setTabText(2, _("Why not") if feasible else _("Smallest changes"))
        if not feasible and (first or was_feasible):
            self.tabs.setCurrentWidget(self.why_not)
        elif feasible and not first and not was_feasible:
            self.tabs.setCurrentWidget(self.overview)
        self._unfilled |= {self.options, self.why_not, self._details_tab}

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        """On a low page the confidence and the figures stand with the reasons alone."""
        feasible = self._seen is not None and self._seen.winner is not None
        low = self.height() < LOW * self.fontMetrics().height()
        other = self.tabs.currentWidget() is not self.overview
        self.header.keep_short(feasible and low and other)

    def _fill_current(self) -> None:
        self._share_height()
        widget, recommendation = self.tabs.currentWidget(), self._seen
        if widget not in self._unfilled or recommendation is None:
            return
        self._unfilled.discard(widget)
        analysis, option = self.session.analysis, self._option(self._option_id)
        sources = sources_of(recommendation, option, analysis)
        if widget is self.overview:
            self.overview.show_sections(overview_sections(recommendation, analysis))
        elif widget is self.options:
            self.options.show_recommendation(recommendation)
            self.options.table.choose(self._option_id)
        elif widget is self.why_not:
            self.why_not.show_recommendation(recommendation, analysis)
        elif widget is self._details_tab:
            self._fill_choice(recommendation)
            self.details.show_sections(
                option_sections(option, recommendation, sources) if option else ()
            )
        elif widget is self.charts:
            self.charts.show_results(recommendation, option, analysis)
        elif widget is self.sensitivity:
            self.sensitivity.show_sections(sensitivity_sections(recommendation, analysis, sources))
        elif widget is self.sources:
            self.sources.show_sections(source_sections(sources, recommendation))

    def _fill_choice(self, recommendation: Recommendation) -> None:
        self.details_choice.clear()
        for option in (*recommendation.options, *recommendation.rejected):
            rank = f"{option.rank}." if option.rank is not None else "✗"
            self.details_choice.addItem(f"{rank} {option.title}", option.id)
        self.details_choice.setCurrentIndex(self.details_choice.findData(self._option_id))

    def _option(self, option_id: str | None) -> Option | None:
        recommendation = self._seen
        if recommendation is None or option_id is None:
            return None
        try:
            return recommendation.option(option_id)
        except KeyError:
            return None

    # -------------------------------------------------------------------------------- state
    def _waiting_text(self) -> str:
        if self.session.busy:
            return _("Computing the recommendation…")
        problems = self.session.problems()
        if problems:
            lines = "\n".join(f"{p.label}: {p.message}" for p in problems[:8])
            return _("There is no answer yet: these inputs need attention.") + f"\n\n{lines}"
        return self._error or _("There is no answer yet.")

    def _show_state(self) -> None:
        session = self.session
        if session.busy:
            self.strip.say(_("Computing with your latest changes…"), moving=True)
        elif self._error:
            self.strip.say(self._error)
        elif session.stale:
            count = len(session.problems())
            text = _("These results are for earlier inputs.")
            if count:
                text += " " + (
                    _("One input needs attention.")
                    if count == 1
                    else _("{n} inputs need attention.").format(n=count)
                )
            self.strip.say(text)
        else:
            self.strip.say("")

    def _note_error(self, text: str) -> None:
        self._error = text
        self._refresh()

    def _change(self, changes: tuple[Change, ...]) -> None:
        # Without a path: undo takes it back here, where its effect is seen.
        changed = applied(changes, self.session.assessment)
        told = semicolons(change.text for change in changes)
        one = len(changes) == 1
        self.session.replace(changed, changes[0].text if one else _("Smallest changes"))
        self.messagePosted.emit(_("Changed: {changes}. Undo takes it back.").format(changes=told))


def _best(recommendation: Recommendation) -> str | None:
    """The option shown where none is chosen."""
    best = recommendation.winner or next(iter(recommendation.rejected), None)
    return best.id if best else None
