"""Names of files to write: no file is replaced that nobody was asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

import gui.save_dialog as dialogs
from core.assessment import Assessment, with_value
from gui.main_window import MainWindow
from gui.save_dialog import ask_where, may_replace, named, suggestion
from gui.view_models.session import Session
from tests.gui.fakes import Engine


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a person types into the file dialog, one after the other."""
    texts: list[str] = []

    def answer(*_given: Any, **_options: Any) -> tuple[str, str]:
        return (texts.pop(0) if texts else "", "")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    return texts


@pytest.mark.parametrize(
    ("text", "name"),
    [("plan", "plan.json"), ("plan.json", "plan.json"), ("plan.JSON", "plan.JSON"),
     ("plan 1.2", "plan 1.2.json"), ("plan.pdf", "plan.pdf.json")],
)  # fmt: skip  # pairs
def test_the_ending_is_added_once(tmp_path: Path, text: str, name: str) -> None:
    assert named(str(tmp_path / text), ".json") == tmp_path / name


def test_a_name_typed_without_ending_does_not_replace_unasked(
    qtbot: QtBot, tmp_path: Path, typed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    (tmp_path / "plan.json").write_text("someone's work")
    asked: list[Path] = []
    answers = [False, True]

    def may_replace(_parent: QWidget, path: Path) -> bool:
        asked.append(path)
        return answers.pop(0)

    monkeypatch.setattr(dialogs, "may_replace", may_replace)
    # Refused, it asks for another name; accepted, it is that file.
    typed[:] = [str(tmp_path / "plan"), str(tmp_path / "plan")]
    found = ask_where(window, "Save", "", "JSON (*.json)", ".json")
    assert found == str(tmp_path / "plan.json") and asked == [tmp_path / "plan.json"] * 2
    typed[:] = [str(tmp_path / "new")]
    assert ask_where(window, "Save", "", "", ".json") == str(tmp_path / "new.json")
    assert len(asked) == 2
    assert ask_where(window, "Save", "", "", ".json") == ""


def test_replacing_is_not_what_enter_does(qtbot: QtBot, tmp_path: Path) -> None:
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication, QMessageBox

    window = QWidget()
    qtbot.addWidget(window)
    seen: list[str] = []

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append(box.text())
        qtbot.keyClick(box, Qt.Key.Key_Return)

    QTimer.singleShot(50, press)
    assert not dialogs.may_replace(window, tmp_path / "plan.json")
    assert seen == ["plan.json exists already."]


def test_names_are_proposed_after_the_title(tmp_path: Path) -> None:
    session = Session(engine=Engine())
    session.new(with_value(Assessment(), "project.title", "Chat: 24/7 <Bern>"))
    assert suggestion(session, ".csv", tmp_path) == str(tmp_path / "Chat 247 Bern.csv")
    session.new(with_value(Assessment(), "project.title", "//"))
    assert suggestion(session, ".csv", tmp_path) == str(tmp_path / "Assessment.csv")


def test_saving_to_a_file_open_elsewhere_is_told(window: MainWindow, tmp_path: Path) -> None:
    other = MainWindow(Session(engine=Engine()), window.preferences, autosave=False)
    try:
        window.documents.ask_save = other.documents.ask_save = lambda: str(tmp_path / "both")
        assert window.documents.save_as() and window.banner.text == ""
        assert other.documents.save_as()
        assert "both.json is open in another window too" in other.banner.text
    finally:
        other.close()
        other.deleteLater()


def test_a_folder_that_does_not_exist_is_not_proposed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs.QStandardPaths, "writableLocation", lambda _place: "/nowhere/Docs")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    session = Session(engine=Engine())
    assert suggestion(session, ".csv") == str(tmp_path / "Untitled assessment.csv")


def test_names_in_questions_are_printed_as_they_were_typed(window: MainWindow) -> None:
    window.session.set_value("project.title", "A & <b>plan</b>")
    seen: list[tuple[Qt.TextFormat, str]] = []

    def give_up() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append((box.textFormat(), box.text()))
        box.reject()

    for ask in (
        window.documents._unsaved_dialog,
        window.documents._changed_dialog,
        lambda: may_replace(window, Path("A & <b>plan.json")),
    ):
        QTimer.singleShot(0, window, give_up)
        assert ask() in ("cancel", False)
    assert {form for form, _text in seen} == {Qt.TextFormat.PlainText}
    assert "A & <b>plan</b>" in seen[0][1] and "A & <b>plan.json" in seen[2][1]


def test_a_name_alone_is_proposed_among_the_documents_then_where_the_last_one_went(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    proposed: list[Path] = []

    def answer(_parent: QWidget, _title: str, place: str, *_rest: Any, **_more: Any) -> Any:
        proposed.append(Path(place))
        return str(tmp_path / "charts" / "cost.png"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    monkeypatch.setattr(dialogs.Last, "folder", None)
    for _time in range(2):
        ask_where(window, "Save the chart", "Cost.png", "PNG (*.png)", ".png")
    assert proposed == [dialogs.documents() / "Cost.png", tmp_path / "charts" / "Cost.png"]
