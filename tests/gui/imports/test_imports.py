"""Files of other programs, through the dialogs: read, shown, used, and refused in words."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from gui.imports.dialog import ImportDialog
from gui.imports.measurements import MeasurementsImport
from gui.imports.model import ModelImport
from gui.imports.traffic import TrafficImport
from gui.main_window import MainWindow
from tests.core.cli.test_calibrate import measurement_file
from tests.core.interchange.benchmarks.test_benchmarks import VLLM
from tests.core.interchange.huggingface.published import CATALOGUED
from tests.core.performance import own_site as site

MODEL = "workloads[0].model"


def opened(window: MainWindow, do: Callable[[], None]) -> Any:
    """The dialog that a menu command opens."""
    do()
    return window.findChildren(ImportDialog)[-1]


def given(dialog: ImportDialog, qtbot: QtBot, *files: Path) -> None:
    """Choose files and wait until they are read, for better or worse."""
    dialog.ask_files = lambda: [str(file) for file in files]
    dialog.choose_button.click()
    qtbot.waitUntil(lambda: not dialog._reader.running, timeout=60_000)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "gpt-oss-own"
    folder.mkdir()
    file = folder / "config.json"
    file.write_text(json.dumps(CATALOGUED["openai/gpt-oss-120b"]))
    return file


def test_a_model_is_shown_then_used_and_offered(
    window: MainWindow, qtbot: QtBot, config: Path
) -> None:
    before = window.session.value(MODEL)
    dialog = opened(window, window.transfers.import_model)
    assert isinstance(dialog, ModelImport) and not dialog.use_button.isEnabled()
    given(dialog, qtbot, config)
    # Known from the publisher: 116.8 billion parameters, 5.1 of them active and 0.6 embedding.
    assert "116.8 billion parameters" in dialog.text.toPlainText()
    assert dialog.name.text() == "gpt-oss-own"
    assert window.session.value(MODEL) == before
    dialog.use_button.click()
    chosen = window.session.value(MODEL)
    assert chosen == window.session.assessment.custom_models[0].id
    assert window.session.problems() == []
    page = window.wizard.page_of("workload")
    box = page.form.rows["model"].editor.box
    assert box.currentText() == "gpt-oss-own" and page.focusWidget() is box
    told = window.statusBar().currentMessage()
    assert told == "Done: Import a model. Undo takes it back."
    window.session.undo()
    assert window.session.value(MODEL) == before
    assert window.session.assessment.custom_models == ()


def test_only_what_stands_in_columns_has_letters_of_one_width(window: MainWindow) -> None:
    dialogs = [opened(window, do) for do in (
        window.transfers.import_model, window.transfers.import_measurements
    )]  # fmt: skip  # one after the other
    assert [d.text.font().family() == window.font().family() for d in dialogs] == [True, False]
    for dialog in dialogs:
        dialog.reject()


def test_another_name_is_another_model(window: MainWindow, qtbot: QtBot, config: Path) -> None:
    dialog = opened(window, window.transfers.import_model)
    given(dialog, qtbot, config)
    dialog.name.setText("Ours")
    dialog.name.editingFinished.emit()
    qtbot.waitUntil(lambda: dialog.found is not None)
    dialog.use_button.click()
    assert window.session.assessment.custom_models[0].name == "Ours"


def test_a_file_that_is_no_model_is_refused_in_words(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "config.json"
    file.write_text('{"hidden_size": "wide"}')
    dialog = opened(window, window.transfers.import_model)
    given(dialog, qtbot, file)
    assert "config.json" in dialog.state.text() and "max_position" in dialog.state.text()
    assert not dialog.use_button.isEnabled()
    dialog.reject()


def test_traffic_becomes_the_week_of_a_workload(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    rows = [f"{start + timedelta(hours=n)},{3600 * (1 + (n % 24 == 9))}" for n in range(24 * 14)]
    file = tmp_path / "load.csv"
    file.write_text("\n".join(["timestamp,count", *rows, "never,1"]))
    dialog = opened(window, window.transfers.import_traffic)
    assert isinstance(dialog, TrafficImport)
    given(dialog, qtbot, file)
    assert "2 requests/s in its busiest hour" in dialog.text.toPlainText()
    assert "line 338 skipped" in dialog.text.toPlainText()
    dialog.use_button.click()
    # One request a second, two in the hour from nine.
    workload = window.session.assessment.workloads[0]
    assert workload.peak_requests_per_s == pytest.approx(2.0)
    assert workload.custom_hours is not None and workload.traffic_entry == "requests"
    assert workload.custom_hours.index(max(workload.custom_hours)) % 24 == 9
    window.session.undo()
    assert window.session.assessment.workloads[0].custom_hours is None


def test_another_time_zone_turns_the_week(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    rows = [f"{start + timedelta(hours=n)},{1 + (n % 24 == 9)}" for n in range(24 * 14)]
    file = tmp_path / "load.csv"
    file.write_text("\n".join(["timestamp,count", *rows]))
    dialog = opened(window, window.transfers.import_traffic)
    given(dialog, qtbot, file)
    dialog.zone.setCurrentIndex(dialog.zone.findData("Asia/Tokyo"))
    qtbot.waitUntil(lambda: dialog.found is not None)
    dialog.use_button.click()
    hours = window.session.assessment.workloads[0].custom_hours
    assert hours is not None and hours.index(max(hours)) % 24 == 18


def test_measurements_are_refitted_with_errors_before_and_after(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = measurement_file(tmp_path / "own.csv", site.measured(site.own(decode=0.75)))
    dialog = opened(window, window.transfers.import_measurements)
    assert isinstance(dialog, MeasurementsImport)
    given(dialog, qtbot, file)
    text = dialog.text.toPlainText()
    assert "predicted better than before" in text
    assert "before" in text and "after" in text and "left out" in text
    dialog.ask_save = lambda: str(tmp_path / "kept")
    dialog.keep_button.click()
    kept = tmp_path / "kept.json"
    assert kept.exists()
    dialog.use_button.click()
    own = window.session.own_measurements
    assert own is not None and own.file == "own.csv"
    qtbot.waitUntil(lambda: not window.session.stale)
    assert window.session.recommendation.own_measurements == own
    assert window.menus.shipped.isEnabled() and window.session.dirty
    window.menus.shipped.trigger()
    assert window.session.own_measurements is None
    window.session.undo()
    assert window.session.own_measurements == own
    assert window.wizard.key == "site"
    box = window.wizard.page_of("site").measurements
    assert "own.csv" in box.text.text() and box.leave.isVisible()
    box.leave.click()
    assert window.session.own_measurements is None and "shipped" in box.text.text()
    window.session.undo()

    saved = tmp_path / "with-own.json"
    assert window.session.save_as(saved)
    window.session.new()
    assert window.session.own_measurements is None
    assert window.session.open(saved) and window.session.own_measurements == own


def test_a_refit_to_other_parameters_is_told_where_it_can_be_mended(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.session.use_measurements(dataclasses.replace(site.own(decode=0.75), file="old.csv"))
    problem = next(p for p in window.session.problems() if p.path == "own_measurements")
    assert "import old.csv again" in problem.message
    window.show_problem()
    box = window.wizard.page_of("site").measurements
    assert window.wizard.key == "site" and "old.csv" in box.message.text()
    assert window.wizard.problem_counts()["site"] == 1
    box.leave.click()
    assert window.session.problems() == []


def test_too_few_measurements_are_refused_with_what_is_missing(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "run.json"
    file.write_text(json.dumps(VLLM))
    dialog = opened(window, window.transfers.import_measurements)
    dialog.accelerator.setCurrentIndex(dialog.accelerator.findData("h100-sxm"))
    given(dialog, qtbot, file)
    assert "at least" in dialog.state.text()
    assert not dialog.use_button.isEnabled() and not dialog.keep_button.isEnabled()


def test_closing_gives_up_what_is_read(window: MainWindow, qtbot: QtBot, config: Path) -> None:
    dialog = opened(window, window.transfers.import_model)
    dialog.ask_files = lambda: [str(config)]
    dialog.choose_button.click()
    dialog.reject()
    assert dialog.result() == QDialog.DialogCode.Rejected
    assert window.session.assessment.custom_models == ()


def test_tab_goes_through_a_dialog_from_top_to_bottom(window: MainWindow) -> None:
    dialog = opened(window, window.transfers.import_measurements)
    stops, widget = [], dialog.choose_button
    while widget not in stops:
        stops.append(widget)
        widget = widget.nextInFocusChain()
    order = [
        stops.index(part)
        for part in (dialog.accelerator, dialog.count, dialog.drafts, dialog.text,
                     dialog.use_button)
    ]  # fmt: skip  # one list
    assert order == sorted(order)
    dialog.reject()


def test_what_a_file_holds_is_as_large_as_all_text(window: MainWindow) -> None:
    for scale in (100, 200):
        window.looks.choose(scale=scale)
        dialog = opened(window, window.transfers.import_model)
        size = QApplication.font().pointSizeF()
        assert dialog.text.fontInfo().pointSizeF() == pytest.approx(size, rel=0.05)
        dialog.reject()
    window.looks.choose(scale=100)


def test_a_file_that_cannot_be_used_is_named_once(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    """Its folder stands above."""
    file = tmp_path / "notes.txt"
    file.write_text("hello world\n1\n")
    dialog = opened(window, window.transfers.import_traffic)
    given(dialog, qtbot, file)
    assert dialog.file.text() == str(file)
    assert "notes.txt: needs a column" in dialog.state.text()
    assert str(tmp_path) not in dialog.state.text()
    dialog.reject()
