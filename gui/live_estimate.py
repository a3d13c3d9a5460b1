"""The answer so far, beside every page: best option, cost, latency, power, what just changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from core.words import _
from gui.theme import em, theme
from gui.view_models.session import Session
from gui.widgets.basics import Heading, Label, ScrollArea

if TYPE_CHECKING:
    from core.recommendation import Option, Recommendation, TargetCheck

# The words for figures live with the results and load the engine's types with them, which the
# first window does not wait for: hence the imports inside functions.
_MARKS = {"pass": ("✓", "good"), "fail": ("✕", "bad"), "unknown": ("?", "warn")}


def relative(before: float | None, after: float | None) -> str:
    """A change in percent with its sign; "" where there is none worth telling."""
    if before is None or after is None or before <= 0:
        return ""
    from core.decision.wording import signed_percent

    share = after / before - 1
    return "" if abs(share) < 0.005 else signed_percent(share)


def changes(before: Recommendation | None, after: Recommendation) -> list[str]:
    """What differs between two answers, in sentences, the choice first."""
    if before is None:
        return []
    old, new = before.winner, after.winner
    if old is None and new is None:
        return [_("Still no feasible option.")]
    if new is None:
        return [_("No option is feasible any more.")]
    if old is None:
        return [_("An option is feasible now.")]
    from core.fleet import PEAK_POWER

    found = []
    if old.title != new.title:
        found.append(_("Best option was: {title}").format(title=old.title))
    pairs = (
        (
            _("Cost per million tokens"),
            old.cost.usd_per_mtok.base if old.cost else None,
            new.cost.usd_per_mtok.base if new.cost else None,
        ),
        (
            _("Up-front spending"),
            old.cost.capex_usd if old.cost else None,
            new.cost.capex_usd if new.cost else None,
        ),
        (_(PEAK_POWER), old.fleet.peak_kw, new.fleet.peak_kw),
        (_("Utilisation"), old.fleet.utilisation, new.fleet.utilisation),
    )
    for name, was, is_now in pairs:
        text = relative(was, is_now)
        if text:
            found.append(f"{name}: {text}")
    return found or [_("The last edit changed nothing that counts here.")]


def summary_of(session: Session) -> str:
    """The answer in one line; "" where there is none."""
    recommendation = session.recommendation
    if recommendation is None:
        return ""  # before the first answer nothing of the results is loaded
    from gui.results.texts import amount

    winner = recommendation.winner
    if winner is None:
        text = _("No option is feasible")
    elif winner.cost is None:
        text = winner.title
    else:
        cost = amount(winner.cost.usd_per_mtok.base, recommendation)
        text = _("{cost} per million tokens: {title}").format(cost=cost, title=winner.title)
    return _("{text} (earlier inputs)").format(text=text) if session.stale else text


class LiveEstimate(QWidget):
    """Always up to date or marked as not; never waited for."""

    problemRequested = Signal()
    """Show what must be corrected."""
    resultsRequested = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._error = ""
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(4, 2, 4, 2)
        column.setSpacing(4)

        self.status = Label(colour="muted")
        self.status.setAccessibleName(_("State of the estimate"))
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(6)
        self.bar.setAccessibleName(_("Computing"))
        keep = self.bar.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(keep)
        self.fix = QPushButton(_("Show what to correct"))
        self.fix.setAutoDefault(False)
        self.best = Heading("")
        self.cost = Label()
        self.cost.setAccessibleName(_("Cost per million tokens"))
        self.cost_note = Label(colour="muted")
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._line = QFrame()
        self._line.setFrameShape(QFrame.Shape.HLine)
        self.changes_title = Heading(_("What the last edit changed"))
        self.changes = Label()
        self.more = QPushButton(_("Open the recommendation"))
        self.more.setAutoDefault(False)
        theme().size(self.cost, 1.5, bold=True)
        for label in (self.status, self.cost_note, self.changes):
            theme().size(label, 0.9)
        for widget in (
            self.status, self.bar, self.fix, self.best, self.cost, self.cost_note, self._rows,
            self._line, self.changes_title, self.changes, self.more,
        ):  # fmt: skip  # from top to bottom
            column.addWidget(widget)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(ScrollArea(self._content))

        self.fix.clicked.connect(self.problemRequested)
        self.more.clicked.connect(self.resultsRequested)
        session.recommendationChanged.connect(self._answered)
        session.assessmentChanged.connect(self._edited)
        session.busyChanged.connect(lambda busy: self._tell())
        session.staleChanged.connect(lambda stale: self._tell())
        session.catalogChanged.connect(self._tell)
        session.progressed.connect(self._progress)
        session.errorOccurred.connect(self._failed)
        self._restyle()
        self._answered()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "changes"):
            self._restyle()

    def _restyle(self) -> None:
        self.setMinimumWidth(em(self, 15.5))

    # -------------------------------------------------------------------------------- state
    def _edited(self) -> None:
        self._error = ""
        self._tell()

    def _failed(self, text: str) -> None:
        self._error = text
        self._tell()

    def _progress(self, share: float, text: str) -> None:
        self.bar.setValue(round(share * 1000))

    def _tell(self) -> None:
        session = self._session
        wrong = len(session.problems())
        if session.busy:
            waiting = session.catalog is None
            text = _("Loading the catalog…") if waiting else _("Computing…")
            colour = "muted"
        elif wrong:
            text = (
                _("{count} inputs must be corrected first.")
                if wrong > 1
                else (_("One input must be corrected first."))
            )
            text, colour = text.format(count=wrong), "bad"
        elif self._error and session.stale:
            text, colour = self._error, "bad"
        elif session.stale:
            text, colour = _("Out of date: waiting for the edit to end."), "warn"
        else:
            text, colour = _("Up to date"), "good"
        if session.stale and session.recommendation is not None and (session.busy or wrong):
            text += " " + _("The figures below are for the earlier inputs.")
        self.status.set_colour(colour)
        self.status.setText(text)
        self.bar.setVisible(session.busy)
        self.fix.setVisible(bool(wrong))
        shown = "muted" if session.stale else "text"
        for label in (self.best, self.cost):
            label.set_colour(shown)
        self.more.setEnabled(session.recommendation is not None and not wrong)

    # ------------------------------------------------------------------------------ figures
    def _answered(self) -> None:
        recommendation = self._session.recommendation
        known = recommendation is not None
        for widget in (self._rows, self._line, self.changes_title, self.changes, self.more):
            widget.setVisible(known)
        if recommendation is None:
            self.best.setText(_("No estimate yet"))
            self.cost.setText("")
            self.cost_note.setText("")
        else:
            winner = recommendation.winner
            if winner is None:
                self._show_none(recommendation)
            else:
                self._show(recommendation, winner)
            told = changes(self._session.previous, recommendation)
            self.changes.setText("\n".join(told))
            self.changes.setVisible(bool(told))
            self.changes_title.setVisible(bool(told))
            self._line.setVisible(bool(told))
        self._tell()

    def _show_none(self, recommendation: Recommendation) -> None:
        self.best.setText(_("No option is feasible"))
        self.cost.setText("")
        nearest = recommendation.rejected[0] if recommendation.rejected else None
        note = recommendation.headline
        if nearest is not None:
            broken = [gate for gate in nearest.gates if gate.status == "fail"]
            told = _("{label}: {text}")
            reasons = [told.format(label=g.label, text=g.remedy or g.message) for g in broken]
            nearest_is = _("Nearest: {title}").format(title=nearest.title)
            note = "\n".join((nearest_is, *reasons))
        self.cost_note.setText(note)
        self._clear_rows()

    def _show(self, recommendation: Recommendation, winner: Option) -> None:
        from core.fleet import AVERAGE_POWER, NAMEPLATE_POWER, PEAK_POWER, POWER_WITH_COOLING
        from gui.results.texts import (
            DASH,
            amount,
            confidence_word,
            money_range,
            share_text,
            value_text,
        )

        self.best.setText(winner.title)
        cost = winner.cost
        if cost is not None:
            spread = cost.usd_per_mtok
            self.cost.setText(amount(spread.base, recommendation))
            confidence = confidence_word(recommendation.confidence)
            self.cost_note.setText(
                _(
                    "per million tokens ({range} with all costs low or high), "
                    "confidence {confidence}"
                ).format(range=money_range(spread, recommendation), confidence=confidence)
            )
        self._clear_rows()
        several = len(winner.servings) > 1
        for serving in winner.servings:
            if several:
                self._add_row(serving.workload, "", "", "text")
            for check in serving.targets:
                self._add_target(check)
        fleet = winner.fleet
        capex = cost.capex_usd if cost is not None else None
        rows = [
            (
                _("Up-front spending"),
                amount(capex, recommendation),
            ),
            (_(NAMEPLATE_POWER), value_text(fleet.nameplate_kw, "kW")),
            (_(POWER_WITH_COOLING), value_text(fleet.facility_kw, "kW")),
            (_(PEAK_POWER), value_text(fleet.peak_kw, "kW")),
            (_(AVERAGE_POWER), value_text(fleet.average_kw, "kW")),
            (_("Utilisation"), share_text(fleet.utilisation)),
            (_("Options that qualify"), str(len(recommendation.options))),
        ]
        for name, text in rows:
            if text != DASH:  # power and utilisation of what a provider runs
                self._add_row(name, text, "", "text")

    def _add_target(self, check: TargetCheck) -> None:
        from core.comparison.results import latency_text

        mark, colour = _MARKS[check.status]
        text = latency_text(check)
        # A figure and its unit stay together.
        text = re.sub(r"(?<=\d) (?=(ms|s|h)\b)", "\N{NO-BREAK SPACE}", text)
        self._add_row(check.label, text, mark, colour)

    def _clear_rows(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _add_row(self, name: str, text: str, mark: str, colour: str) -> None:
        row = self._grid.rowCount()
        title = Label(name, self._rows, colour="muted" if text else "text")
        value = Label(f"{mark} {text}".strip(), self._rows, colour=colour)
        value.setAccessibleName(f"{name}: {text}")
        self._grid.addWidget(title, row, 0)
        self._grid.addWidget(value, row, 1)
