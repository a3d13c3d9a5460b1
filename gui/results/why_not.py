"""Why not the others: what each option fails on, by how much, and what would admit it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from core.assessment import Assessment
from core.decision import verdicts
from core.notation import semicolons
from core.recommendation import Analysis, Option, Recommendation, SmallestChange
from core.words import _
from gui.results import texts
from gui.results.changes import Change, limit_ways, searched_ways
from gui.results.fitting import Area, is_narrow
from gui.results.rows import Cell, Column, Row, RowsModel, number_cell
from gui.results.table import ResultTable
from gui.workers import Newest, Ticket

log = logging.getLogger(__name__)

Search = Callable[[Recommendation, str], Callable[[Ticket], SmallestChange] | None]
"""Work that searches what would admit an option of an answer; ``None`` where it cannot be."""
LONGEST_LINES = 60
"""Widest column, in heights of a line, before they give way to each other."""
LEAVING = (3, 5)
"""Columns that go where there is no room: what is told below the table too, and the cost."""
REASON, EMPTY_WHERE_FEASIBLE = 2, (3, 4)
"""The column of reasons, and those after it that say nothing of an option that is only behind."""
COLUMNS = 2
"""Buttons side by side."""
NARROW = 100
"""Letters below which they stand under each other."""
MOST_OTHERS = 2
"""Other options whose changes are offered where nothing is feasible."""


def columns_for(recommendation: Recommendation | None) -> tuple[Column, ...]:
    """The columns; the cost's heading names the user's currency."""
    code = recommendation.currency.code if recommendation else "USD"
    return (
        Column(_("Option")),
        Column(_("Verdict"), _("Rejected by a hard limit, or ranked behind the winner")),
        Column(_("Binding limit, or why it loses")),
        Column(_("Needed against limit")),
        Column(
            _("What it would take"),
            _("As searched by computing again, else what each limit takes by itself"),
        ),
        Column(_("Cost, {code}/Mtok").format(code=code), numeric=True),
    )


def row_of(
    option: Option,
    order: int,
    recommendation: Recommendation,
    searched: SmallestChange | None = None,
) -> Row:
    """One option that was not chosen; ``order`` is its place from the winner down."""
    cost = option.cost
    usd = None if cost is None else cost.usd_per_mtok.base
    gate = verdicts.binding(option.gates)
    failed = texts.failed_gates(option)
    # the binding one first: the number beside it is that one's
    names = ", ".join(dict.fromkeys(g.label for g in (*((gate,) if gate else ()), *failed)))
    if option.feasible:
        verdict, limit = _("Rank {n}").format(n=option.rank), option.why or texts.DASH
    else:
        verdict = "✗ " + _("Rejected")
        limit = names or (_("No price known") if cost is None else texts.DASH)
    change = verdicts.remedies(option.gates)
    if searched is not None and searched.changes:
        change = semicolons(c.text for c in searched_ways(searched)[0])
    if cost is None and gate is None:
        change = _("A quotation")
    return Row(
        option.id,
        (
            Cell(option.title, option.title, option.why),
            number_cell(verdict, float(order), option.why),
            Cell(limit, limit),
            Cell(texts.gate_margin(gate) if gate else texts.DASH, gate.label if gate else None),
            Cell(change or texts.DASH, change or None),
            number_cell(texts.plain_amount(usd, recommendation), usd),
        ),
    )


class WhyNotPanel(QWidget):
    """The options not chosen, and for the one pointed at the reason and changes as buttons."""

    optionChosen = Signal(str)
    optionOpened = Signal(str)
    changesAsked = Signal(object)
    """A tuple of ``Change`` to apply to the inputs."""

    def __init__(self, parent: QWidget | None = None, search: Search | None = None) -> None:
        super().__init__(parent)
        self._recommendation: Recommendation | None = None
        self._searched: dict[str, SmallestChange] = {}
        self._search = search
        self._sought: str | None = None
        self._worker = Newest(self).heard_by(self._found, self._not_found)
        self.model = RowsModel(columns_for(None), self)
        self.table = ResultTable(self.model, _("Options not chosen"), self)
        self.table.setSortingEnabled(True)
        self.table.share_room(most_lines=4, leaving=LEAVING)
        self.table.spread(REASON, over=EMPTY_WHERE_FEASIBLE)
        self.table.rowChosen.connect(self._point)
        self.table.rowOpened.connect(self.optionOpened)
        self.reason = QLabel(self)
        self.reason.setWordWrap(True)
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        self.reason.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.reason.setAccessibleName(_("Why not this option"))
        below = QWidget(self)
        self.below = Area(below, self)
        self.buttons = QGridLayout()
        self.buttons.setSpacing(4)
        self.buttons.setColumnStretch(COLUMNS, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.below)
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.reason)
        column.addLayout(self.buttons)
        column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        """What is told below the table takes what it needs, and scrolls beyond half of the room."""
        self.below.fit()
        self.below.setFixedHeight(min(self.below.needed(), self.height() // 2))

    def show_recommendation(
        self, recommendation: Recommendation, analysis: Analysis | None = None
    ) -> None:
        """Fill the table and point at the row it pointed at, else at the first."""
        chosen, first = self.table.chosen(), not self.model.rows
        if recommendation is not self._recommendation:
            self._worker.cancel()
            self._searched = {}
        self._recommendation = recommendation
        self._searched |= {c.option_id: c for c in analysis.smallest_changes} if analysis else {}
        others = (*recommendation.options[1:], *recommendation.rejected)
        found = self._searched
        rows = [
            row_of(option, n, recommendation, found.get(option.id))
            for n, option in enumerate(others)
        ]
        self.model.show_rows(rows, columns_for(recommendation))
        if first:
            self.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
            self.table.fit_columns(LONGEST_LINES)
        if not self.table.choose(chosen) and others:
            start = recommendation.rejected[0].id if not recommendation.options else others[0].id
            self.table.choose(start)
        self._explain(self.table.chosen())

    def _point(self, option_id: str) -> None:
        self._explain(option_id)
        self.optionChosen.emit(option_id)

    def _explain(self, option_id: str | None) -> None:
        """Tell why not this option, with buttons for what would admit it."""
        self._tell(option_id)
        self._share_height()

    def _tell(self, option_id: str | None) -> None:
        while (item := self.buttons.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        recommendation = self._recommendation
        if recommendation is None or option_id is None:
            self.reason.setText(_("There is no other option."))
            return
        option = recommendation.option(option_id)
        self.reason.setText(option.why or option.title)
        if option.feasible:
            return
        found = self._searched.get(option.id)
        if found is not None:
            self.reason.setText(f"{self.reason.text()} {found.sentence}")
            for way in searched_ways(found):
                self._add_button(way)
            self._offer_others(option.id)
            return
        if self._starts_search(recommendation, option):
            looking = _("What would admit it is searched by computing again…")
            self.reason.setText(f"{self.reason.text()} {looking}")
            return
        self._offer_limits(option, recommendation.assessment)

    def _starts_search(self, recommendation: Recommendation, option: Option) -> bool:
        """Search what admits an option in the background; False where nothing can."""
        if self._worker.running and self._sought == option.id:
            return True
        work = None if self._search is None else self._search(recommendation, option.id)
        if work is None or option.cost is None:
            return False
        self._sought = option.id
        self._worker.start(work)
        return True

    def _found(self, change: SmallestChange) -> None:
        self._searched[change.option_id] = change
        if self.table.chosen() == change.option_id:
            self._explain(change.option_id)

    def _not_found(self, error: Exception) -> None:
        log.error("the smallest change could not be searched", exc_info=error)
        recommendation, sought = self._recommendation, self._sought
        if recommendation is not None and sought is not None and self.table.chosen() == sought:
            option = recommendation.option(sought)
            self.reason.setText(option.why or option.title)
            self._offer_limits(option, recommendation.assessment)

    def close_down(self) -> None:
        """Wait until nothing runs in the background."""
        self._worker.close()

    def _offer_limits(self, option: Option, assessment: Assessment) -> None:
        """What each limit takes by itself as buttons, and all of it together."""
        for way in limit_ways(option, assessment):
            self._add_button(way)

    def _offer_others(self, option_id: str) -> None:
        """Where nothing is feasible: what the analysis found for other options, by their names.

        The fewest changes first, then whoever is nearest.
        """
        if self._recommendation is None or self._recommendation.winner is not None:
            return
        others = [c for c in self._searched.values() if c.changes and c.option_id != option_id]
        places = {o.id: n for n, o in enumerate(self._recommendation.rejected)}
        others.sort(key=lambda c: (len(c.changes), places.get(c.option_id, len(places))))
        for change in others[:MOST_OTHERS]:
            self._add_button(searched_ways(change)[0], change.option_title)

    def _add_button(self, changes: tuple[Change, ...], title: str = "") -> None:
        """A button that makes changes, each told in a line of its own, under what they are for."""
        told = [*([title] if title else []), *(change.text for change in changes)]
        button = QPushButton("\n".join(told).replace("&", "&&"), self)
        button.setAccessibleName(semicolons(told))
        button.setToolTip(_("Changes the inputs and computes again; undo takes it back."))
        button.setAutoDefault(False)
        button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Minimum)
        button.clicked.connect(lambda _checked=False: self.changesAsked.emit(changes))
        place, columns = self.buttons.count(), 1 if is_narrow(self, NARROW) else COLUMNS
        self.buttons.addWidget(button, place // columns, place % columns)
        button.show()  # at once, so that its height counts

    def assessment(self) -> Assessment | None:
        """The inputs that the table is for."""
        return None if self._recommendation is None else self._recommendation.assessment
