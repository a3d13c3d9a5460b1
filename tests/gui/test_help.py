"""Help on every step, in every language, about the same things."""

from __future__ import annotations

import re
from importlib import resources

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.flow import STEPS
from core.language import ENGLISH, LANGUAGES, speaking
from gui.help import help_text, licences_text, shortcuts_text
from gui.language import speak
from gui.text_dialog import TextDialog
from gui.theme import theme

OTHERS = tuple(code for code in LANGUAGES if code != ENGLISH)


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("key", [step.key for step in STEPS])
def test_a_translated_help_has_the_same_parts_and_figures(key: str, code: str) -> None:
    english = help_text(key)
    with speaking(code):
        other = help_text(key)
    assert other != english
    assert other.count("\n\n") == english.count("\n\n")
    assert other.count("**") == english.count("**")

    def figures(text: str) -> list[str]:
        return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[.,\u00a0 ](?=\d)|CO2", "", text)))

    assert figures(other) == figures(english)


def test_shortcuts_are_a_table_and_the_window_fits_its_screen(
    qtbot: QtBot, qapp: QApplication
) -> None:
    theme().apply(qapp, "light", 200)
    dialog = TextDialog("Keyboard shortcuts", shortcuts_text())
    qtbot.addWidget(dialog)
    theme().apply(qapp, "light", 100)
    assert "|" not in dialog.browser.toPlainText()
    room = dialog.screen().availableGeometry()
    assert dialog.width() <= room.width() and dialog.height() < room.height()


def test_shortcuts_are_named_as_the_menus_name_them(qapp: QApplication) -> None:
    speak(qapp, "de")
    told = shortcuts_text()
    speak(qapp, ENGLISH)
    assert "Strg+Umschalt+S" in told and "Ctrl" not in told
    assert "Ctrl+PgDown, Ctrl+PgUp" in shortcuts_text()


@pytest.mark.parametrize("percent", [100, 200])
def test_help_is_read_from_its_beginning(qtbot: QtBot, qapp: QApplication, percent: int) -> None:
    theme().apply(qapp, "light", percent)
    dialog = TextDialog("Help", help_text("workload"))
    qtbot.addWidget(dialog)
    dialog.resize(400, 300)
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.browser.setFocus()
    qapp.processEvents()
    bar = dialog.browser.verticalScrollBar()
    assert bar.maximum() > 0 and bar.value() == 0
    theme().apply(qapp, "light", 100)


def test_licences_are_whole_and_keep_their_lines(qtbot: QtBot) -> None:
    dialog = TextDialog("Licences", licences_text())
    qtbot.addWidget(dialog)
    shown = dialog.browser.toPlainText()
    for words in ("SIL OPEN FONT LICENSE Version 1.1", "Data credits", "Redistribution and use"):
        assert words in shown
    # The typeface's licence asks to be passed on whole.
    file = resources.files("resources") / "licences" / "AdvisorSans-OFL.txt"
    assert file.read_text(encoding="utf-8").strip() in shown
