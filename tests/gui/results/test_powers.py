"""Wherever the power of a fleet stands, it says which power it is, and all say the same."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel

from core.analysis.what_if import RESULTS
from core.comparison import compare
from core.decision.wording import number
from core.report.sections.key_figures import _power
from gui.live_estimate import LiveEstimate
from gui.results.options_table import OptionsPanel
from gui.results.overview import key_figures
from tests.gui.results import samples

WORDS = "IT power, nameplate"


class Session(samples.FakeSession):
    """What the live estimate asks of a session besides."""

    catalogChanged = Signal()  # noqa: N815 - named as the session's own
    progressed = Signal(float, str)
    previous = None


def test_the_power_is_the_same_under_the_same_words_everywhere(qtbot: Any) -> None:
    answer = samples.recommendation()
    winner = answer.winner
    assert winner is not None and winner.fleet.nameplate_kw is not None
    kw = f"{number(winner.fleet.nameplate_kw)} kW"
    live = LiveEstimate(Session(answer))  # type: ignore[arg-type]  # a stand-in
    qtbot.addWidget(live)
    assert f"{WORDS}: {kw}" in [label.accessibleName() for label in live.findChildren(QLabel)]
    panel = OptionsPanel()
    qtbot.addWidget(panel)
    panel.show_recommendation(answer)
    table = panel.proxy
    heads = [table.headerData(c, Qt.Orientation.Horizontal) for c in range(table.columnCount())]
    assert f"{table.index(0, heads.index(f'{WORDS}, kW')).data()} kW" == kw
    told = {figure.label: figure.value for figure in key_figures(answer)}
    assert told[WORDS] == kw
    label, value, _note = _power(winner)
    assert (label, value) == (WORDS, kw)
    (one,) = (result for result in RESULTS if result.key == "nameplate_kw")
    assert one.label == WORDS
    (row,) = (row for row in compare([answer, answer]).results if row.label == WORDS)
    assert row.texts == (kw, kw)
