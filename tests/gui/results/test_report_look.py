"""Company, confidentiality line, colour and logo: asked once, checked at once, printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QDialogButtonBox

from gui.pages.report import ReportPage
from gui.pages.report_look import LookDialog, ReportLook
from tests.gui.results import samples
from tests.gui.results.samples import FakeSession
from tests.gui.results.test_report_page import Builder, ready

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><path d="M0 0h4v1z"/></svg>'


@pytest.fixture
def dialog(qtbot: Any) -> LookDialog:
    made = LookDialog(ReportLook(company="Example"))
    qtbot.addWidget(made)
    return made


def can_keep(dialog: LookDialog) -> bool:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_what_cannot_be_printed_is_told_beside_it_and_not_kept(
    dialog: LookDialog, tmp_path: Path
) -> None:
    assert can_keep(dialog) and dialog.state.text() == ""
    dialog.accent.setText("#ffee88")
    assert not can_keep(dialog) and "too light" in dialog.state.text()
    dialog.accent.setText("#7a1f3d")
    assert can_keep(dialog)
    dialog.logo.setText(str(tmp_path / "absent.svg"))
    assert not can_keep(dialog) and "cannot be read" in dialog.state.text()
    (tmp_path / "logo.svg").write_text(SVG.replace("<path", "<image"), encoding="utf-8")
    dialog.ask_logo = lambda: str(tmp_path / "logo.svg")
    dialog._choose()
    assert not can_keep(dialog) and "'image'" in dialog.state.text()
    (tmp_path / "logo.svg").write_text(SVG, encoding="utf-8")
    dialog._check()
    assert can_keep(dialog)
    assert dialog.look == ReportLook("Example", "", "#7a1f3d", str(tmp_path / "logo.svg"))


def test_the_report_is_made_anew_in_the_look_that_was_chosen(qtbot: Any, tmp_path: Path) -> None:
    builder = Builder()
    page = ReportPage(FakeSession(samples.recommendation()), build=builder)  # type: ignore[arg-type]  # a stand-in
    qtbot.addWidget(page)
    page.show()
    ready(page, qtbot)
    assert "branding" not in builder.calls[0]
    (tmp_path / "logo.svg").write_text(SVG, encoding="utf-8")
    asked = []

    def ask(look: ReportLook) -> ReportLook:
        asked.append(look)
        return ReportLook("Example & Co", "internal", "#7a1f3d", str(tmp_path / "logo.svg"))

    page.choices.ask_look = ask
    page.choices.look_button.click()
    assert asked == [ReportLook()]
    ready(page, qtbot)
    branding = builder.calls[-1]["branding"]
    assert (branding.company, branding.confidentiality) == ("Example & Co", "internal")
    assert branding.logo == SVG.encode()
    page.choices.look_button.click()  # the same again: nothing to do
    assert len(builder.calls) == 2
    page.close_down()


def test_a_logo_that_is_gone_is_told_when_the_report_is_made(qtbot: Any, tmp_path: Path) -> None:
    page = ReportPage(FakeSession(samples.recommendation()), build=Builder())  # type: ignore[arg-type]  # a stand-in
    qtbot.addWidget(page)
    page.choices._own_preferences.report_logo = str(tmp_path / "gone.png")
    page.show()
    qtbot.waitUntil(lambda: "cannot be read" in page.strip.text, timeout=20_000)
    page.close_down()
