"""Scenarios side by side: the list follows the windows, the tables follow every edit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.assessment import Assessment, with_value
from core.catalog.load import load_catalog
from core.interchange.comparison_file import Kept, load
from core.interchange.comparison_file import save as save_comparison
from core.interchange.document import save
from gui.preferences import Preferences
from gui.scenarios.model import Scenarios
from gui.scenarios.window import CompareWindow
from gui.view_models.session import Session
from gui.windows import Windows
from tests.gui.answers import answer
from tests.gui.fakes import Engine


def titled(title: str) -> Assessment:
    return with_value(Assessment(), "project.title", title)


class Desk:
    """Sessions without windows."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.engine.answer = answer
        self.sessions: list[Session] = []

    def session(self, assessment: Assessment | None = None) -> Session:
        made = Session(
            engine=self.engine,
            catalog=load_catalog(),
            assessment=assessment,
            as_of=date(2026, 11, 24),
            typing_pause_ms=1,
        )
        made.compute()
        return made

    def open(self, title: str) -> Session:
        self.sessions.append(self.session(titled(title)))
        return self.sessions[-1]


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.engine.gate.set()
    for session in made.sessions:
        session.close()


@pytest.fixture
def window(desk: Desk, qtbot: QtBot) -> Iterator[CompareWindow]:
    desk.open("First")
    desk.open("Second")
    made = CompareWindow(Scenarios(lambda: desk.sessions, desk.session))
    made.show()
    qtbot.waitUntil(lambda: made.comparison is not None)
    yield made
    made.close()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def headings(window: CompareWindow) -> list[str]:
    model = window.results.model()
    horizontal = Qt.Orientation.Horizontal
    return [str(model.headerData(c, horizontal)) for c in range(model.columnCount())][1:]


def items(window: CompareWindow) -> list[str]:
    return [window.list.item(row).text() for row in range(window.list.count())]


def test_every_open_document_is_a_column(window: CompareWindow) -> None:
    assert headings(window) == ["First", "Second"]
    assert window.inputs.model().rowCount() == 0


def test_an_edit_in_a_window_shows_by_itself(
    window: CompareWindow, desk: Desk, qtbot: QtBot
) -> None:
    desk.sessions[1].set_value("site.rack_power_kw", 21.0)
    qtbot.waitUntil(lambda: window.inputs.model().rowCount() > 0)
    model = window.inputs.model()
    shown = [[str(model.index(r, c).data()) for c in range(3)] for r in range(model.rowCount())]
    assert shown[0] == ["Site constraints", "", ""]
    assert shown[1][0] == "Power per rack" and shown[1][2].startswith("21 kW")
    assert len(shown) == 2


def test_a_document_to_be_corrected_is_left_out_and_says_so(
    window: CompareWindow, desk: Desk, qtbot: QtBot
) -> None:
    desk.sessions[1].set_value("site.rack_power_kw", "twelve")
    qtbot.waitUntil(lambda: window.comparison is None)
    qtbot.waitUntil(lambda: any("corrected" in text for text in items(window)))
    assert window.results.model().rowCount() == 0
    assert not window.save_button.isEnabled()


def test_a_file_is_computed_and_compared_and_can_be_taken_out(
    window: CompareWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    save(with_value(titled("Third"), "site.racks", 9), tmp_path / "third.json")
    window.ask_open = lambda: str(tmp_path / "third.json")
    window.chooser.add.click()
    qtbot.waitUntil(lambda: headings(window) == ["First", "Second", "Third"])
    window.list.setCurrentRow(2)
    assert window.chooser.remove.isEnabled()
    window.chooser.remove.click()
    qtbot.waitUntil(lambda: headings(window) == ["First", "Second"])


def test_a_file_that_cannot_be_read_is_told(window: CompareWindow, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    window.ask_open = lambda: str(tmp_path / "bad.json")
    window.chooser.add.click()
    assert "bad.json" in window.banner.text
    assert len(items(window)) == 2


def test_another_base_turns_the_columns_round(window: CompareWindow, qtbot: QtBot) -> None:
    window.list.setCurrentRow(1)
    window.chooser.first.click()
    qtbot.waitUntil(lambda: headings(window) == ["Second", "First"])
    assert items(window) == ["Second", "First"]
    assert not window.chooser.first.isEnabled()


def test_an_unticked_scenario_is_left_out(window: CompareWindow, qtbot: QtBot) -> None:
    window.list.item(1).setCheckState(Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: window.comparison is None)
    assert "at least two" in window.note.text()


def test_the_table_goes_to_the_clipboard_and_into_a_file(
    window: CompareWindow, tmp_path: Path
) -> None:
    window.copy_button.click()
    assert QGuiApplication.clipboard().text().splitlines()[0].endswith("First\tSecond")
    window.ask_save = lambda: str(tmp_path / "comparison")
    window.save_button.click()
    head = (tmp_path / "comparison.csv").read_text(encoding="utf-8").splitlines()[0]
    assert head == "kind,section,item,unit,First,Second,Second: change"


def test_a_folder_that_cannot_be_written_is_told(window: CompareWindow, tmp_path: Path) -> None:
    window.ask_save = lambda: str(tmp_path / "missing" / "comparison.csv")
    window.save_button.click()
    assert "the folder does not exist" in window.banner.text


def test_duplicate_rename_and_compare_from_the_menu(qapp: QApplication, qtbot: QtBot) -> None:
    windows = Windows(qapp)
    first = windows.another()
    first.session.set_value("project.title", "Today")
    first.commands.duplicate()
    second = windows.open[1]
    assert second.session.dirty and second.session.value("project.title") == "Today – copy"
    second.commands.ask_name = lambda present: f"  {present.removesuffix(' – copy')} plus  "
    second.commands.rename()
    assert second.session.value("project.title") == "Today plus"
    second.session.undo()
    assert second.session.value("project.title") == "Today – copy"
    compared = windows.compare()
    assert windows.compare() is compared
    assert [e.name for e in compared.scenarios.entries] == ["Today", "Today – copy"]
    for window in list(windows.open):
        window.documents.ask_unsaved = lambda: "discard"
        window.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert windows.open == [] and windows.comparing is None


def test_a_comparison_is_saved_and_comes_back(
    window: CompareWindow, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    """What was compared is what the file holds; opened again, it is compared again."""
    window.list.setCurrentRow(1)
    window.chooser.first.click()
    window.file.ask_save = lambda: str(tmp_path / "both")
    assert window.file.save()
    assert not window.file.dirty and window.windowTitle().startswith("both[*]")
    kept = load(tmp_path / "both.json")
    assert [each.name for each in kept] == ["Second", "First"]
    assert kept[1].assessment == desk.sessions[0].assessment

    desk.sessions[0].set_value("site.racks", 7)
    assert window.file.dirty
    qtbot.waitUntil(window.isWindowModified)
    window.file.ask_unsaved = lambda: "cancel"
    assert not window.close()
    window.file.ask_unsaved = lambda: "discard"
    assert window.file.open(str(tmp_path / "both.json"))
    qtbot.waitUntil(lambda: items(window) == ["Second", "First", "Second", "First"])
    assert headings(window) == ["Second", "First"]
    entries = window.scenarios.entries
    assert [(e.own, e.chosen) for e in entries] == [(True, True)] * 2 + [(False, False)] * 2
    assert entries[1].session.assessment == kept[1].assessment
    assert not window.file.dirty


def test_a_comparison_that_cannot_be_read_or_written_is_told_and_nothing_is_lost(
    window: CompareWindow, tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_text('{"format": "inference-advisor-comparison"}')
    assert not window.file.open(str(tmp_path / "bad.json"))
    assert "version: must be 1" in window.banner.text
    window.file.ask_save = lambda: str(tmp_path / "missing" / "both.json")
    assert not window.file.save()
    assert "the folder does not exist" in window.banner.text
    assert items(window) == ["First", "Second"] and window.file.path is None


def test_a_comparison_opens_from_any_window_and_its_scenarios_can_be_edited(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Preferences(path=tmp_path / "preferences.json")
    monkeypatch.setattr("gui.windows.load_preferences", lambda: own)
    file = tmp_path / "both.json"
    save_comparison([Kept("A", titled("A")), Kept("B", titled("B"))], file)
    windows = Windows(qapp)
    windows.start([file])
    [first] = windows.open
    assert not first.session.dirty and first.session.path is None
    compared = windows.comparing
    assert compared is not None and compared.file.path == file
    assert windows.preferences.recent[0] == str(file)

    qtbot.waitUntil(lambda: compared.list.count() == 3)
    compared.list.setCurrentRow(1)
    compared.chooser.edit.click()
    editing = windows.open[1]
    assert editing.session.assessment == titled("B")
    assert [e.session for e in compared.scenarios.entries][1] is editing.session
    editing.session.set_value("site.racks", 5)
    assert compared.file.dirty and compared.file.save()
    assert load(file)[1].assessment.site.racks == 5

    windows.show_in(language="de")
    again = windows.comparing
    assert again is not None and again is not compared and again.file.path == file
    assert [e.name for e in again.scenarios.entries if e.chosen] == ["A", "B"]
    windows.show_in(language="en")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    editing, left = windows.open[1], windows.comparing
    assert left is not None and len(windows.open) == 2
    editing.documents.ask_unsaved = lambda: "discard"
    editing.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    # The window is gone, the scenario it showed is not: the comparison still has it.
    assert [(e.name, e.own, e.chosen) for e in left.scenarios.entries] == [
        ("A", True, True),
        ("B", True, True),
        ("Untitled assessment", False, False),
    ]
    assert left.scenarios.entries[1].session.assessment.site.racks == 5
    assert not left.file.dirty
    for window in list(windows.open):
        window.documents.ask_unsaved = lambda: "discard"
        window.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert windows.open == [] and windows.comparing is None
