"""What if: sliders on the inputs that matter, and what becomes of the answer while they move."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.decision.wording import signed_percent, significant
from core.recommendation import Recommendation
from core.words import _
from gui.results.fitting import fold, is_narrow
from gui.results.rows import Cell, Column, Row, RowsModel
from gui.results.table import ResultTable
from gui.results.texts import DASH
from gui.theme import em
from gui.widgets.basics import Label, ScrollArea
from gui.widgets.sliders import Slider
from gui.workers import Newest, Ticket

if TYPE_CHECKING:
    from core.analysis.what_if import Effect, Outcome, WhatIf
    from core.analysis.what_if import Slider as Range
    from gui.view_models.session import Session

STEPS = 200
"""Places of a slider."""
PAUSE_MS = 60
LEAST_CHANGE = 0.0005
LEAST_TABLE_EM = 10
NAME_EM = 16
NARROW = 100
"""Letters below which what becomes of the answer stands below the sliders, not beside them."""


def value_at(place: int, given: Range) -> float:
    """The value at a place of a slider, 0 to ``STEPS``; as it stands where that is nearest.

    Of three figures: what is computed with is what is shown.
    """
    if place == place_of(given.now, given):
        return given.now
    share = place / STEPS
    if given.logarithmic and given.low > 0:
        value = given.low * (given.high / given.low) ** share
    else:
        value = given.low + (given.high - given.low) * share
    return min(max(significant(value), given.low), given.high)


def place_of(value: float, given: Range) -> int:
    """Where a value is on a slider."""
    if given.high <= given.low:
        return 0
    if given.logarithmic and given.low > 0:
        share = math.log(value / given.low) / math.log(given.high / given.low)
    else:
        share = (value - given.low) / (given.high - given.low)
    return round(STEPS * min(max(share, 0.0), 1.0))


class WhatIfPanel(QWidget):
    """Moves inputs without changing the document; answers in the background."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.what_if: WhatIf | None = None
        self.outcome: Outcome | None = None
        self.sliders: dict[str, Slider] = {}
        self._ranges: dict[str, Range] = {}
        self._values: dict[str, Label] = {}
        self._for: Recommendation | None = None

        self.about = Label(_("Move an input to see what becomes of the answer. The document stays "
                             "as it is."), colour="muted")  # fmt: skip  # two sentences
        self._box = QWidget()
        self._grid = QGridLayout(self._box)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self.verdict = Label()
        self.reset = self._button(_("&Reset the sliders"), self._reset)
        self.exact = self._button(_("Ask the &whole catalog"), lambda: self._ask(exact=True))
        bar = QHBoxLayout()
        bar.addStretch(1)
        bar.addWidget(self.exact)
        bar.addWidget(self.reset)
        self.table = ResultTable(RowsModel((), self), _("What becomes of the answer"))
        self.table.share_room(most_lines=2)
        self.setAccessibleName(_("What if"))
        inputs, effects = QVBoxLayout(), QVBoxLayout()
        inputs.addWidget(self._box)
        inputs.addLayout(bar)
        inputs.addStretch(1)
        effects.addWidget(self.verdict)
        effects.addWidget(self.table, 1)
        self._sides = QHBoxLayout()
        self._sides.setSpacing(12)
        self._sides.addLayout(inputs, 1)
        self._sides.addLayout(effects, 1)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self.about)
        column.addLayout(self._sides, 1)
        self.table.setMinimumHeight(em(self, LEAST_TABLE_EM))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(ScrollArea(content))

        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(lambda: self._ask(exact=False))
        self._worker = Newest(self)
        self._worker.done.connect(self._arrived)
        self._worker.failed.connect(self._failed)
        worker = self._worker
        self.destroyed.connect(lambda: worker.close())
        session.recommendationChanged.connect(self._changed)

    def _button(self, text: str, do: Any) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.setEnabled(False)
        button.clicked.connect(lambda _checked=False: do())
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fold(self._sides, is_narrow(self, NARROW))

    # ------------------------------------------------------------------------------ preparing
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._prepare()

    def _changed(self) -> None:
        if self.isVisible():
            self._prepare()

    def _prepare(self) -> None:
        """Make the sliders of the present answer, once it is looked at."""
        answer, catalog = self.session.recommendation, self.session.catalog
        if answer is None or catalog is None or answer is self._for:
            return
        self._for, self.what_if, self.outcome = answer, None, None
        self._clear()
        self.verdict.setText(_("Preparing…"))

        def work(ticket: Ticket) -> Any:
            from core.analysis.what_if import WhatIf

            made = WhatIf(answer, catalog)
            return made, made.sliders, made.at({})

        self._worker.start(work)

    def _clear(self) -> None:
        self.sliders, self._values, self._ranges = {}, {}, {}
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._rows_model().show_rows((), ())
        for button in (self.reset, self.exact):
            button.setEnabled(False)

    def _build(self, ranges: tuple[Range, ...]) -> None:
        for row, given in enumerate(ranges):
            name, value = Label(given.label), Label(given.now_text)
            value.setWordWrap(False)
            # a name of several workloads would push the figures out of the window
            wide = em(self, NAME_EM)
            name.setWordWrap(name.fontMetrics().horizontalAdvance(given.label) > wide)
            name.setMaximumWidth(wide)
            slider = Slider(Qt.Orientation.Horizontal)
            slider.setRange(0, STEPS)
            slider.setPageStep(STEPS // 10)
            slider.setValue(place_of(given.now, given))
            slider.setAccessibleName(given.label)
            slider.setAccessibleDescription(_("Now: {value}").format(value=given.now_text))
            slider.valueChanged.connect(lambda place, key=given.key: self._slid(key, place))
            name.setBuddy(slider)
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(slider, row, 1)
            self._grid.addWidget(value, row, 2)
            slider.setMinimumWidth(em(self, 5))
            self.sliders[given.key], self._values[given.key] = slider, value
            self._ranges[given.key] = given

    # ---------------------------------------------------------------------------------- asking
    def moved(self) -> dict[str, float]:
        """The sliders' values."""
        return {k: value_at(s.value(), self._ranges[k]) for k, s in self.sliders.items()}

    def _slid(self, key: str, place: int) -> None:
        if self.what_if is not None:
            text = self.what_if.text(key, value_at(place, self._ranges[key]))
            self._values[key].setText(text)
            self._timer.start()

    def _reset(self) -> None:
        for key, slider in self.sliders.items():
            slider.setValue(place_of(self._ranges[key].now, self._ranges[key]))

    def _ask(self, *, exact: bool) -> None:
        asked, values = self.what_if, self.moved()
        if asked is None:
            return
        if exact:
            self.verdict.setText(_("Asking the whole catalog…"))
        self._worker.start(
            lambda ticket: (asked, None, asked.exact(values) if exact else asked.at(values))
        )

    def _arrived(self, result: Any) -> None:
        self.what_if, ranges, self.outcome = result
        if ranges is not None:
            self._build(ranges)
        if self.outcome is not None:
            self._show(self.outcome)

    def _failed(self, error: Exception) -> None:
        self.verdict.set_colour("bad")
        self.verdict.setText(_("It cannot be computed: {error}").format(error=error))

    # --------------------------------------------------------------------------------- showing
    def _show(self, outcome: Outcome) -> None:
        if not outcome.winner_after:
            text, colour = _("No option is feasible then"), "bad"
        elif outcome.still_wins:
            text, colour = _("Still best: {title}").format(title=outcome.winner_after), "good"
        else:
            text, colour = _("Best then: {title}").format(title=outcome.winner_after), "warn"
        asked = _("whole catalog") if outcome.exact else _("among the contenders")
        self.verdict.set_colour(colour)
        why = f". {outcome.why_none}" if outcome.why_none else ""
        self.verdict.setText(f"{text} ({asked}){why}")
        columns = (
            Column(_("Result")),
            _side(_("Now"), _("Now: nearest, rejected"), outcome.nearest_before),
            _side(_("Then"), _("Then: nearest, rejected"), outcome.nearest_after),
            Column(_("Change")),
        )
        rows = [
            Row(e.key, (Cell(e.label), Cell(e.before_text), Cell(e.after_text), _change(e)))
            for e in outcome.effects
        ]
        self._rows_model().show_rows(rows, columns)
        self.table.setVisible(bool(rows))
        self.table.fit_columns()
        self.reset.setEnabled(bool(outcome.moved))
        self.exact.setEnabled(bool(outcome.moved) and not outcome.exact)

    def _rows_model(self) -> RowsModel:
        model = self.table.model()
        assert isinstance(model, RowsModel)
        return model

    def close_down(self) -> None:
        """Wait until nothing is being computed."""
        self._timer.stop()
        self._worker.close()


def _side(plain: str, rejected: str, nearest: str) -> Column:
    """A column of figures; those of a rejected option are marked as such."""
    return Column(rejected, nearest) if nearest else Column(plain)


def _change(effect: Effect) -> Cell:
    """How much a result moves; nothing where it does not, a dash where no ratio can be told."""
    if effect.before == effect.after:
        return Cell("")
    if effect.change is None:
        return Cell(DASH)
    return Cell("" if abs(effect.change) < LEAST_CHANGE else signed_percent(effect.change))
