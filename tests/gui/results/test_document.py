"""Documents show every text literally, whoever typed it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStackedWidget, QTabWidget, QWidget

from gui.results.document import (
    Bullets,
    DocumentView,
    Facts,
    Grid,
    Link,
    Paragraph,
    Section,
    style_sheet,
    to_html,
)
from gui.theme import em

HOSTILE = '<b>bold</b> & "quotes" <script>alert(1)</script> &amp; <a href="x">'


def everywhere(text: str) -> tuple[Section, ...]:
    blocks = (
        Paragraph(text),
        Bullets((text,)),
        Facts(((text, text),)),
        Grid((text,), ((text,), (Link(text, "option:x"),))),
    )
    return (Section(text, "key", blocks),)


def test_markup_in_a_text_is_shown_not_obeyed(qtbot: Any) -> None:
    view = DocumentView("Test")
    qtbot.addWidget(view)
    view.show_sections(everywhere(HOSTILE))
    assert view.toPlainText().count(HOSTILE) == 8


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_text_becomes_markup(text: str) -> None:
    page = to_html(everywhere(text))
    for tag in ("script", "img", "b onclick", "style"):
        assert f"<{tag}" not in page
    assert page.count("<table") == page.count("</table>") == 2
    assert page.count("<h3>") == 1


def test_control_characters_leave_a_visible_mark(qtbot: Any) -> None:
    view = DocumentView("Test")
    qtbot.addWidget(view)
    view.show_sections((Section("a\x00b", "k", (Paragraph("c\x1bd"),)),))
    assert view.toPlainText().splitlines()[:2] == ["a\ufffdb", "c\ufffdd"]


def test_web_addresses_become_links_without_the_full_stop(qtbot: Any) -> None:
    page = to_html((Section("s", "k", (Paragraph("See https://example.org/a?b=1&c=2."),)),))
    assert '<a href="https://example.org/a?b=1&amp;c=2">' in page
    assert "</a>." in page


def test_links_inside_the_results_are_told_and_others_opened(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "gui.results.document.QDesktopServices.openUrl", lambda url: opened.append(url.toString())
    )
    view = DocumentView("Test")
    qtbot.addWidget(view)
    with qtbot.waitSignal(view.linkFollowed) as caught:
        view.anchorClicked.emit(QUrl("source:3"))
    assert caught.args == ["source:3"]
    view.anchorClicked.emit(QUrl("https://example.org"))
    assert opened == ["https://example.org"]


def test_colours_follow_the_palette(qtbot: Any) -> None:
    view = DocumentView("Test")
    qtbot.addWidget(view)
    view.show()
    view.show_sections(everywhere("text"))
    dark = QPalette(view.palette())
    dark.setColor(QPalette.ColorRole.Base, QColor("#101010"))
    dark.setColor(QPalette.ColorRole.Text, QColor("#f0f0f0"))
    view.setPalette(dark)
    assert view.document().defaultStyleSheet() == style_sheet(dark)
    assert "#f0f0f0" in view.document().defaultStyleSheet()
    assert view.toPlainText().startswith("text")


def test_dates_and_figures_stay_in_one_line_however_narrow(qtbot: Any) -> None:
    view = DocumentView("Test")
    qtbot.addWidget(view)
    view.resize(160, 300)
    view.show()
    view.show_sections(
        (Section("s", "k", (Grid(("a", "b"), (("word " * 9, "2026-10-30"), ("c", "undated"))),)),)
    )  # fmt: skip  # one table
    for text in ("2026-10-30", "undated"):
        block = view.document().begin()
        while block.text() != text:
            block = block.next()
        assert block.layout().lineCount() == 1


def test_lines_stay_short_on_wide_screens(qtbot: Any) -> None:
    view = DocumentView("Test")
    qtbot.addWidget(view)
    view.resize(3000, 300)
    view.show()
    assert view.viewport().width() <= em(view, 73)
    view.resize(600, 300)
    assert view.viewport().width() > 560


def test_text_fills_the_view_whatever_size_it_took_while_hidden(qtbot: Any) -> None:
    """A window made small again while another page was in view had text one letter wide."""
    pages = QStackedWidget()
    qtbot.addWidget(pages)
    views = [DocumentView("Test") for _tab in range(2)]
    tabs = QTabWidget()
    for view in views:
        view.show_sections((Section("A", "a", (Paragraph("word " * 400),)),))
        tabs.addTab(view, "")
    pages.addWidget(tabs)
    pages.addWidget(QWidget())
    pages.resize(600, 400)
    pages.show()
    for width in (1365, 3285, 1055, 400, 2005):
        pages.setCurrentIndex(1)
        QApplication.processEvents()
        pages.resize(width, 600)
        QApplication.processEvents()
        pages.setCurrentIndex(0)
        for number, view in enumerate(views):
            tabs.setCurrentIndex(number)
            QApplication.processEvents()
            assert view.document().textWidth() == view.viewport().width(), (width, number)
