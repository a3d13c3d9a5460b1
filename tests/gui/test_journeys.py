"""Every example entered by hand into an empty window, and taken to a written report.

The real window, the real engine and the shipped catalog; every input that differs from its
default is clicked or typed, page by page. What the window tells is then what the engine tells
whoever asks it directly.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWizard
from pytestqt.qtbot import QtBot

from core.analysis import analyse
from core.assess import assess
from core.catalog.load import load_catalog
from core.flow import KEYS
from core.interchange.document import load
from core.recommendation import Analysis, Recommendation
from core.report import report_bytes
from gui.main_window import MainWindow
from tests.gui.person import click, fill_in, go_next
from tests.report.pdf_reading import all_text, compact

AS_OF = date(2026, 11, 24)
EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "resources" / "examples").glob("*.json"))
QUICK = "retail_edge"
"""One place to run it is allowed: the fewest options to analyse."""
LONG_MS = 300_000
"""No verdict on speed, which the benchmarks give: a limit for a machine that does more."""


def journey(
    window: MainWindow, qtbot: QtBot, example: Path, file: Path
) -> tuple[Recommendation, Analysis | None, bytes]:
    """From the empty window to the report, opened again: the answer, its analysis, the file."""
    session, wizard, wanted = window.session, window.wizard, load(example)
    window.activateWindow()
    qtbot.waitUntil(lambda: not session.stale, timeout=LONG_MS)  # the defaults are answered
    for key in KEYS[:5]:
        assert wizard.key == key
        fill_in(window, wanted)
        go_next(window)
    assert session.problems() == [] and session.assessment == wanted

    assert wizard.key == "review"
    go_next(window)
    qtbot.waitUntil(lambda: not session.stale, timeout=LONG_MS)
    answer = assess(wanted, load_catalog(), as_of=AS_OF)
    assert session.recommendation == answer

    results = wizard.page_of("recommendation")
    qtbot.waitUntil(lambda: session.analysis is not None, timeout=LONG_MS)
    analysis = session.analysis
    told = answer.settled(analysis)
    assert results.header.headline.text() == told.headline
    assert answer.winner is not None and window.live.best.text() == answer.winner.title
    click(results.tabs.tabBar(), results.tabs.tabBar().tabRect(1).center())
    listed = [row.id for row in results.options.model.rows]
    assert listed == [option.id for option in (*answer.options, *answer.rejected)]

    go_next(window)
    report = wizard.page_of("report")
    report.ask_path = lambda _suggestion: str(file)  # the system's own dialog
    click(wizard.button(QWizard.WizardButton.FinishButton))
    qtbot.waitUntil(lambda: report.strip.text == f"Saved: {file}", timeout=LONG_MS)
    data = file.read_bytes()
    assert compact(told.headline) in compact(all_text(data))
    assert set(wizard.step_states().values()) == {"done"}

    assert window.documents.new() and session.assessment != wanted
    assert window.documents.open(str(file))
    assert session.assessment == wanted and session.path is None
    return answer, analysis, data


def test_an_example_entered_by_hand_becomes_its_report(
    real_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (example,) = [path for path in EXAMPLES if path.stem == QUICK]
    journey(real_window, qtbot, example, tmp_path / "made.pdf")


@pytest.mark.full
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_entered_by_hand_is_analysed_and_printed_as_the_engine_does(
    real_window: MainWindow, qtbot: QtBot, tmp_path: Path, example: Path
) -> None:
    answer, analysis, data = journey(real_window, qtbot, example, tmp_path / "made.pdf")
    assert analysis == analyse(answer, load_catalog())
    assert data == report_bytes(answer, analysis=analysis)
