"""The options side by side: sortable, filtered by venue, text and feasibility."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from core.decision.wording import listed, milliseconds, number
from core.fleet import NAMEPLATE_POWER
from core.notation import local, quoted
from core.recommendation import Option, Recommendation
from core.words import _
from gui.results import texts
from gui.results.fitting import fold, is_narrow
from gui.results.rows import Cell, Column, Row, RowsFilter, RowsModel, number_cell
from gui.results.table import ResultTable
from gui.theme import em
from gui.widgets.basics import CheckBox, LineEdit
from gui.widgets.combo_box import ComboBox
from gui.widgets.no_hits import NoHits

NARROW = 60
"""Letters below which the filters stand in two rows."""
TITLE, TITLE_LINES = 1, 3
"""The column of titles; what tells hybrids apart stands at the end of theirs."""
LEAVING = (8, 11, 10, 9, 7, 6, 3, 5)
"""Columns that go where there is no room, the first one first: the venue, which titles begin with,
the bottleneck, the tightest target, the spending, the evidence, the weeks, the range, the power."""


def columns_for(recommendation: Recommendation | None) -> tuple[Column, ...]:
    """The columns; headings name the unit and the user's currency.

    What a decision needs comes first.
    """
    code = recommendation.currency.code if recommendation else "USD"
    return (
        Column(_("Rank"), _("Place among the options that meet every limit"), numeric=True),
        Column(_("Option")),
        Column(
            _("Cost, {code}/Mtok").format(code=code),
            _("Levelised cost per million tokens over the horizon"),
            numeric=True,
        ),
        Column(_("Low to high"), _("Range of the cost: low and high of every line"), numeric=True),
        Column(_("Score"), _("Weighted sum of the criteria, 0 to 100"), numeric=True),
        Column(
            f"{_(NAMEPLATE_POWER)}, kW",
            _("Nameplate power of your own machines, cooling not counted; none for rented ones"),
            numeric=True,
        ),
        Column(_("Weeks"), _("Weeks until it serves (base estimate)"), numeric=True),
        Column(_("Evidence"), _("How near the prediction is to measured data")),
        Column(_("Venue"), _("Where it runs and how it is paid for")),
        Column(_("Up front, {code}").format(code=code), _("Paid at the start"), numeric=True),
        Column(
            _("Tightest target"),
            _("Predicted latency in the busiest hour against the limit it comes nearest to"),
        ),
        Column(_("Bottleneck"), _("The lowest of the five constraint scores")),
    )


def row_of(option: Option, recommendation: Recommendation) -> Row:
    """One option as a row."""
    cost, fleet, weeks = option.cost, option.fleet, option.weeks_to_deploy
    status = (
        _("Meets every limit")
        if option.feasible
        else _("Rejected: {limits}").format(
            limits=", ".join(gate.label for gate in texts.failed_gates(option)) or _("no price")
        )
    )
    check = texts.tightest(option)
    if check is None:
        target = Cell(texts.DASH)
    else:
        got = check.predicted_ms
        shown = _("not published") if got is None else milliseconds(got.base)
        text = f"{texts.target_name(check.key)} {shown} / {milliseconds(check.limit_ms)}"
        used = None if got is None else texts.used_share(check)
        target = number_cell(text, used, texts.status_word(check.status))
    rank = str(option.rank) if option.rank is not None else "✗"
    power_tip = _(
        "Predicted at peak {peak}, on average of the first year {average}; nameplate with "
        "cooling {all}"
    ).format(
        peak=texts.value_text(fleet.peak_kw, "kW"),
        average=texts.value_text(fleet.average_kw, "kW"),
        all=texts.value_text(fleet.facility_kw, "kW"),
    )
    score = option.total_score
    return Row(
        option.id,
        (
            number_cell(rank, None if option.rank is None else float(option.rank), status),
            Cell(option.title, option.title, f"{option.title}\n{option.why}".strip()),
            number_cell(
                texts.plain_amount(cost.usd_per_mtok.base if cost else None, recommendation),
                cost.usd_per_mtok.base if cost else None,
                "" if cost else _("No price is known."),
            ),
            number_cell(
                texts.money_range(cost.usd_per_mtok, recommendation) if cost else texts.DASH,
                cost.usd_per_mtok.high if cost else None,
            ),
            number_cell(texts.DASH if score is None else local(f"{score:.1f}"), score),
            number_cell(texts.value_text(fleet.nameplate_kw), fleet.nameplate_kw, power_tip),
            number_cell(
                number(weeks.base) if weeks else texts.DASH,
                weeks.base if weeks else None,
                texts.weeks_text(weeks),
            ),
            Cell(
                texts.evidence_word(texts.worst_evidence(option)),
                texts.worst_evidence(option),
                " ".join(dict.fromkeys(s.evidence_note for s in option.servings)).strip(),
            ),
            Cell(option.venue_label, option.venue_label),
            number_cell(
                texts.plain_amount(cost.capex_usd if cost else None, recommendation),
                cost.capex_usd if cost else None,
            ),
            target,
            Cell(texts.constraint_word(option.bottleneck), option.bottleneck),
        ),
    )


class OptionsFilter(RowsFilter):
    """Shows the options that match the text, the venue and the feasibility asked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text, self._venue, self._feasible_only = "", "", True
        self._options: dict[str, Option] = {}

    def set_options(self, options: tuple[Option, ...]) -> None:
        """The options behind the rows."""
        self._options = {option.id: option for option in options}

    def ask(self, text: str, venue: str, *, feasible_only: bool) -> None:
        """Show only what matches."""
        self._text, self._venue = text.strip().casefold(), venue
        self._feasible_only = feasible_only
        self.invalidate()

    def filterAcceptsRow(
        self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex
    ) -> bool:
        model = self.sourceModel()
        if not isinstance(model, RowsModel):
            return True
        option = self._options.get(model.rows[source_row].id)
        if option is None:
            return False
        if self._feasible_only and not option.feasible:
            return False
        if self._venue and option.venue != self._venue:
            return False
        words = f"{option.title} {option.venue_label} {option.provider} {option.region}".casefold()
        return all(word in words for word in self._text.split())


class OptionsPanel(QWidget):
    """The table of options with its filters."""

    optionChosen = Signal(str)
    optionOpened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RowsModel(columns_for(None), self)
        self.proxy = OptionsFilter(self)
        self.proxy.setSourceModel(self.model)
        self.table = ResultTable(self.proxy, _("Options"), self)
        self.table.setSortingEnabled(True)
        self.table.keep_in_view(TITLE, LEAVING)
        self.table.most_lines = TITLE_LINES
        self.table.rowChosen.connect(self.optionChosen)
        self.table.rowOpened.connect(self.optionOpened)

        self.search = LineEdit(self)
        self.search.setPlaceholderText(_("Filter options"))
        self.search.setAccessibleName(_("Filter options by words"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(self.fontMetrics().averageCharWidth() * 14)
        self.venue = ComboBox(self, fitting=True)
        self.venue.setAccessibleName(_("Venue shown"))
        self.feasible = CheckBox(_("Feasible only"), self)
        self.feasible.setToolTip(_("Only options that meet every hard limit"))
        self.every = CheckBox(_("All columns"), self)
        self.every.setToolTip(_("Some have no room here; the details of an option tell them too"))
        self.every.hide()
        self.count = QLabel(self)
        self._bar = QHBoxLayout()
        self._bar.addWidget(self.search, 1)
        rest = QHBoxLayout()
        rest.addWidget(self.venue)
        rest.addWidget(self.feasible)
        rest.addWidget(self.every)
        rest.addSpacing(em(self, 0.6))  # or it would read as the end of the choice before it
        rest.addWidget(self.count)
        rest.addSpacing(em(self, 0.4))  # what stands at the edge looks cut
        self._bar.addLayout(rest)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        self.no_hits = NoHits(self)
        self.no_hits.cleared.connect(self._clear)
        layout.addLayout(self._bar)
        layout.addWidget(self.no_hits)
        layout.addWidget(self.table, 1)
        QWidget.setTabOrder(self.search, self.venue)
        QWidget.setTabOrder(self.venue, self.feasible)
        QWidget.setTabOrder(self.feasible, self.every)
        QWidget.setTabOrder(self.every, self.no_hits.button)
        QWidget.setTabOrder(self.no_hits.button, self.table)

        self.search.textChanged.connect(self._filter)
        self.venue.currentIndexChanged.connect(self._filter)
        self.feasible.toggled.connect(self._filter)
        self.every.toggled.connect(self.table.show_all)
        self.table.columnsLeft.connect(
            lambda left: self.every.setVisible(left > 0 or self.every.isChecked())
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fold(self._bar, is_narrow(self, NARROW))

    def show_recommendation(self, recommendation: Recommendation) -> None:
        """Fill the table; filters, order and the chosen row stay where they still apply."""
        options = (*recommendation.options, *recommendation.rejected)
        chosen = self.table.chosen()
        first = not self.model.rows
        self.proxy.set_options(options)
        self.model.show_rows(
            [row_of(option, recommendation) for option in options], columns_for(recommendation)
        )
        self._fill_venues(options)
        if first or not recommendation.options:
            self.feasible.setChecked(bool(recommendation.options))
        if first:
            self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self._filter()
        if first:
            self.table.fit_columns(18)
        self.table.choose(chosen)

    def _fill_venues(self, options: tuple[Option, ...]) -> None:
        wanted = self.venue.currentData() or ""
        names = dict.fromkeys((option.venue, option.venue_label) for option in options)
        self.venue.blockSignals(True)
        self.venue.clear()
        self.venue.addItem(_("All venues"), "")
        for venue, label in names:
            if self.venue.findData(venue) < 0:
                self.venue.addItem(label, venue)
        self.venue.setCurrentIndex(max(self.venue.findData(wanted), 0))
        self.venue.blockSignals(False)

    def _filter(self) -> None:
        chosen = self.table.chosen()
        self.proxy.ask(
            self.search.text(),
            self.venue.currentData() or "",
            feasible_only=self.feasible.isChecked(),
        )
        self.table.choose(chosen)
        shown, total = self.proxy.rowCount(), self.model.rowCount()
        self.count.setText(_("{shown} of {total}").format(shown=shown, total=total))
        self.no_hits.tell(self._hidden_by() if total and not shown else "")

    def _hidden_by(self) -> str:
        """Which filters hide every option."""
        given = (
            (self.search.text().strip(), _("the words {name}")),
            (self.venue.currentText() if self.venue.currentData() else "", _("the venue {name}")),
            (self.feasible.text() if self.feasible.isChecked() else "", "{name}"),
        )
        named = listed([text.format(name=quoted(name)) for name, text in given if name])
        return _("No option matches {filters}.").format(filters=named)

    def _clear(self) -> None:
        """Show every option again; the button goes, so the words have the cursor."""
        self.search.clear()
        self.venue.setCurrentIndex(0)
        self.feasible.setChecked(False)
        self.search.setFocus()
