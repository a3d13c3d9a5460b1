"""Exports from the menu: written in the background, refused in words."""

from __future__ import annotations

import json
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from core.assess import assess
from gui.main_window import MainWindow
from tests.core.assess.cases import small_catalog
from tests.gui.fakes import Engine
from tests.gui.results import samples


@pytest.mark.parametrize("kind", ["csv", "json", "workbook"])
def test_results_are_written_under_the_name_given(
    window: MainWindow, engine: Engine, qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    engine.answer = lambda assessment, day: assess(assessment, small_catalog(), as_of=day)
    window.session.set_value("workloads[0].users", 500)
    qtbot.waitUntil(lambda: not window.session.stale, timeout=30_000)
    window.transfers.ask_save = lambda _pattern: str(tmp_path / "out")
    with qtbot.waitSignal(window.transfers.done, timeout=30_000) as told:
        getattr(window.transfers, f"export_{kind}")()
    (file,) = tmp_path.glob("out.*")
    assert told.args == [f"Saved: {file}"]
    if kind == "csv":
        assert file.read_text(encoding="utf-8").startswith("rank,")
    elif kind == "json":
        assert json.loads(file.read_text(encoding="utf-8"))["format"] == "inference-advisor-results"
    else:
        assert "xl/workbook.xml" in zipfile.ZipFile(file).namelist()


def test_a_folder_that_is_not_there_is_told(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.transfers.ask_save = lambda _pattern: str(tmp_path / "missing" / "out.csv")
    with qtbot.waitSignal(window.transfers.failed, timeout=30_000):
        window.transfers.export_csv()
    assert "the folder does not exist" in window.banner.text


def test_parameters_that_are_none_are_refused(window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"format": "other"}')
    window.transfers.ask_open = lambda _pattern: str(file)
    window.transfers.open_parameters()
    assert "holds no site parameters" in window.banner.text
    assert window.session.own_measurements is None


def test_an_export_waits_for_the_analysis_that_it_holds(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    gate = threading.Event()

    def analyser(recommendation: Any, catalog: Any, progress: Any) -> Any:
        gate.wait(20)
        return samples.analysis(recommendation)

    window.session._analyser = analyser
    window.session.analyse()
    file = tmp_path / "out.json"
    window.transfers.ask_save = lambda _pattern: str(file)
    window.transfers.export_json()
    told = window.statusBar().currentMessage()
    assert told == f"{file} is written as soon as the uncertainty is analysed."
    assert not file.exists()
    with qtbot.waitSignal(window.transfers.done, timeout=30_000):
        gate.set()
    assert json.loads(file.read_text(encoding="utf-8"))["analysis"]["samples"] == 2000
