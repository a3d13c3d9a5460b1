from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from core.language import LANGUAGES, speaking
from gui.main_window import MainWindow
from gui.preferences import RECENT, VERSION, Preferences, load_preferences, system_language
from gui.preferences_dialog import PreferencesDialog
from gui.theme import theme


def test_what_was_set_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "preferences.json"
    mine = Preferences(theme="dark", text_percent=150, live_shown=False, language="fr", path=file)
    mine.report_company, mine.report_logo = "Example", "/a/logo.svg"
    mine = Preferences(
        theme="dark",
        text_percent=150,
        live_shown=False,
        language="fr",
        currency="EUR",
        region="FRA",
        paper="Letter",
        path=file,
    )
    mine.add_recent(Path("a.json"))
    assert load_preferences(file) == mine


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"theme": "pink", "text_percent": 9000, "recent": [1], "live_shown": "x"}',
        '{"report_logo": 5, "report_company": null}',
        '{"language": "xx"}',
        '{"version": 2, "currency": "XXX", "region": "../x", "paper": 5}',
        '{"version": "2", "theme": "dark"}',
        '{"version": true, "theme": "dark"}',
    ],
)
def test_nonsense_means_defaults(tmp_path: Path, content: str) -> None:
    file = tmp_path / "preferences.json"
    file.write_text(content, encoding="utf-8")
    assert load_preferences(file) == Preferences(path=file)


def test_recent_files_are_few_newest_first_and_once(tmp_path: Path) -> None:
    mine = Preferences(path=tmp_path / "p.json")
    for number in [*range(15), 3]:
        mine.add_recent(Path(f"{number}.json"))
    assert mine.recent[0] == "3.json" and len(mine.recent) == RECENT
    assert mine.recent.count("3.json") == 1


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    Preferences(path=tmp_path / "file" / "p.json").save()


def test_an_older_file_is_brought_up_to_date(tmp_path: Path) -> None:
    file = tmp_path / "preferences.json"
    file.write_text('{"version": 1, "theme": "dark", "text_percent": 150}', encoding="utf-8")
    found = load_preferences(file)
    assert (found.theme, found.text_percent) == ("dark", 150)
    assert (found.currency, found.region, found.paper) == ("USD", "DEU", "A4")
    found.save()
    assert json.loads(file.read_text())["version"] == VERSION


def test_what_a_newer_program_wrote_is_read_and_kept_beside(tmp_path: Path) -> None:
    file = tmp_path / "preferences.json"
    text = '{"version": 99, "theme": "dark", "hologram": true}'
    file.write_text(text, encoding="utf-8")
    load_preferences(file).save()
    assert load_preferences(file).theme == "dark"
    assert (tmp_path / "preferences-version-99.json").read_text() == text


def test_new_assessments_start_as_preferred(window: MainWindow, qtbot: QtBot) -> None:
    window.looks.show_preferences()
    [dialog] = window.findChildren(PreferencesDialog)
    dialog.currency.setCurrentIndex(dialog.currency.findData("CHF"))
    dialog.region.setCurrentIndex(dialog.region.findData("FRA"))
    dialog.paper.setCurrentIndex(dialog.paper.findData("Letter"))
    before = window.session.assessment
    dialog.accept()
    assert window.session.assessment == before
    again = load_preferences(window.preferences.path)
    assert (again.currency, again.region, again.paper) == ("CHF", "FRA", "Letter")
    assert window.documents.new()
    assert window.session.value("economics.currency") == "CHF"
    assert window.session.value("site.region") == "FRA"
    assert not window.session.dirty and window.session.problems() == []


def test_preferences_from_before_units_are_metric_and_keep_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "preferences.json"
    file.write_text('{"version": 2, "language": "fr", "paper": "Letter"}')
    found = load_preferences(file)
    assert (found.units, found.language, found.paper) == ("metric", "fr", "Letter")
    found.units = "us"
    found.save()
    assert load_preferences(file).units == "us"
    file.write_text('{"version": 3, "units": "cubits"}')
    assert load_preferences(file).units == "metric"


def test_look_and_words_are_chosen_there_too(window: MainWindow, qtbot: QtBot) -> None:
    asked: list[dict[str, str]] = []
    window.looks._desk = SimpleNamespace(show_in=lambda **words: asked.append(words))  # type: ignore[assignment]  # as much of a desk as is asked here
    window.looks.show_preferences()
    [dialog] = window.findChildren(PreferencesDialog)
    assert (dialog.mode.currentData(), dialog.scale.currentData()) == ("system", "100")
    for box, value in (
        (dialog.mode, "dark"),
        (dialog.scale, "150"),
        (dialog.language, "de"),
        (dialog.units, "us"),
    ):
        box.setCurrentIndex(box.findData(value))
    dialog.accept()
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == [{"language": "de", "units": "us"}]
    assert theme().colours.dark and theme().scale == 150
    again = load_preferences(window.preferences.path)
    assert (again.theme, again.text_percent) == ("dark", 150)
    assert [a.text() for a in window.menus.sizes.actions() if a.isChecked()] == ["150 %"]
    window.looks.choose(mode="light", scale=100)


def test_unchanged_preferences_show_no_window_anew(window: MainWindow, qtbot: QtBot) -> None:
    asked: list[dict[str, str]] = []
    window.looks._desk = SimpleNamespace(show_in=lambda **words: asked.append(words))  # type: ignore[assignment]  # as much of a desk as is asked here
    window.looks.show_preferences()
    [dialog] = window.findChildren(PreferencesDialog)
    dialog.accept()
    qtbot.wait(20)
    assert asked == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_choice_is_seen_whole_in_large_text(
    window: MainWindow, qapp: QApplication, code: str
) -> None:
    """In French at 200 % the upper four were squeezed until their text was cut."""
    window.looks.choose(scale=200)
    with speaking(code):
        window.looks.show_preferences()
    dialog = window.findChildren(PreferencesDialog)[-1]
    qapp.processEvents()
    for box in dialog.findChildren(QComboBox):
        wanted = box.sizeHint()
        assert box.height() >= wanted.height() and box.width() >= wanted.width()
    dialog.reject()
    window.looks.choose(scale=100)


@pytest.mark.parametrize(
    ("spoken", "code"),
    [
        (["fr-CA", "en-US"], "fr"),
        (["de"], "de"),
        (["es-ES", "de-AT", "en"], "de"),
        (["C"], "en"),
        ([], "en"),
    ],
)
def test_without_preferences_the_systems_language_is_spoken(
    spoken: list[str], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class System:
        @staticmethod
        def system() -> type[System]:
            return System

        @staticmethod
        def uiLanguages() -> list[str]:  # noqa: N802 - Qt's name
            return spoken

    monkeypatch.setattr("gui.preferences.QLocale", System)
    monkeypatch.setattr("gui.preferences.system_language", system_language)
    file = tmp_path / "preferences.json"
    first = load_preferences(file)
    assert first.language == code
    first.language = "en"  # chosen: it stays, whatever the system speaks
    first.save()
    assert load_preferences(file).language == "en"
