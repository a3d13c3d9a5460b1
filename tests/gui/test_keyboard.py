"""Without a mouse: from the first page to a PDF; and laid out from right to left."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.flow import KEYS
from core.report import report_bytes
from gui.main_window import MainWindow
from gui.view_models.session import Session
from tests.gui.fakes import Engine

MOST_TABS = 400


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key, for whatever has the focus."""
    widget = QApplication.focusWidget()
    assert widget is not None, "the focus is nowhere"
    QTest.keyClick(widget, key, modifier)
    QApplication.processEvents()


def tab_to(wanted: QWidget) -> None:
    """Press Tab until a widget has the focus."""
    for _press in range(MOST_TABS):
        if QApplication.focusWidget() is wanted:
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(f"{wanted.accessibleName() or wanted} is not reached by Tab")


def test_from_the_first_page_to_a_pdf_without_a_mouse(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    """Type a number, go on page by page, and write the report."""
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    form = window.wizard.page_of("workload").form
    users = form.rows["users"].editor.box
    tab_to(users)
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(users, "about 3,000")
    assert window.session.value("workloads[0].users") == 3000
    for key in KEYS[1:]:
        tab_to(window.wizard.button(window.wizard.WizardButton.NextButton))
        press(Qt.Key.Key_Space)
        assert window.wizard.key == key
    qtbot.waitUntil(lambda: not window.session.stale)
    page = window.wizard.page_of("report")
    file = tmp_path / "made.pdf"
    page.ask_path = lambda _suggestion: str(file)
    page._build = lambda answer, **options: report_bytes(answer, sections=(), **options)
    qtbot.waitUntil(lambda: page.report is not None, timeout=60_000)
    tab_to(window.wizard.button(window.wizard.WizardButton.FinishButton))
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(file.exists, timeout=20_000)
    assert file.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("key", KEYS[:-1])
def test_every_control_of_a_page_is_reached_and_left_by_tab(window: MainWindow, key: str) -> None:
    """No control traps the focus, and every button in view gets it."""
    window.activateWindow()
    window.wizard.go_to(key)
    QApplication.processEvents()
    page = window.wizard.page_of(key)
    missing = {
        button
        for button in page.findChildren(QPushButton)
        if button.isVisible()
        and button.isEnabled()
        and button.focusPolicy() & Qt.FocusPolicy.TabFocus
    }
    first = window.rail
    first.setFocus()
    for _press in range(MOST_TABS):
        press(Qt.Key.Key_Tab)
        missing.discard(QApplication.focusWidget())  # type: ignore[arg-type]  # a button or not
        if QApplication.focusWidget() is first:
            break
    else:
        raise AssertionError(f"the focus never comes back: {QApplication.focusWidget()}")
    assert [button.text() for button in missing] == []


def test_from_right_to_left_nothing_overlaps_and_the_steps_stand_at_the_right(
    window: MainWindow, qapp: QApplication
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        for key in KEYS[:-1]:
            window.wizard.go_to(key)
            qapp.processEvents()
            corner = QPoint(0, 0)
            rail, wizard = (w.mapTo(window, corner).x() for w in (window.rail, window.wizard))
            assert rail > wizard
            for form in getattr(window.wizard.page_of(key), "forms", tuple)():
                for row in form.rows.values():
                    if row.isVisible() and not row._stacked:
                        label = row.label.mapTo(row, corner).x()
                        editor = row.editor.mapTo(row, corner).x()
                        assert label >= editor + row.editor.width() - 1, row.key
                        # Qt would align the hint by the text's own direction, far from its field
                        assert row.hint.alignment() & Qt.AlignmentFlag.AlignRight, row.key
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_from_right_to_left_texts_keep_their_own_order(
    window: MainWindow, qapp: QApplication
) -> None:
    """ "1. Workload" is not drawn as "Workload .1": an isolate holds number, stop and word."""

    def first_letters() -> tuple[str, str]:
        page = window.wizard.page_of("review")
        page.refresh()
        value = page.tree.topLevelItem(0).child(0).child(0)
        return window.rail.item(0).text(), value.text(0)

    plain = first_letters()
    assert plain[0] == "1. Workload"
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        qapp.processEvents()
        for before, now in zip(plain, first_letters(), strict=True):
            assert now == f"\N{FIRST STRONG ISOLATE}{before}\N{POP DIRECTIONAL ISOLATE}"
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    qapp.processEvents()
    assert first_letters() == plain


def test_from_right_to_left_commands_end_in_their_dots(
    window: MainWindow, qapp: QApplication, qtbot: QtBot
) -> None:
    """ "Open…" is not drawn as "…Open"."""
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    session = Session(engine=Engine())
    other = MainWindow(session, window.preferences, autosave=False)
    try:
        texts = [action.text() for action in other.findChildren(QAction)]
        dotted = [text for text in texts if "…" in text]
        assert len(dotted) >= 10
        sign, end = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
        assert all(text.startswith(sign) and text.endswith(end) for text in dotted)
    finally:
        other.close()
        other.deleteLater()
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_a_page_that_opens_has_the_focus_where_it_was_left(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.activateWindow()
    wizard = window.wizard
    title = wizard.page_of("workload").titled.rows["title"].editor.box
    qtbot.waitUntil(title.hasFocus)
    for key in KEYS[1:]:
        wizard.next()
        page = wizard.page_of(key)
        qtbot.waitUntil(lambda page=page: page.isAncestorOf(QApplication.focusWidget()))
    users = wizard.page_of("workload").form.rows["users"].editor.box
    wizard.reveal("workloads[0].users")
    qtbot.waitUntil(users.hasFocus)
    QTest.mouseClick(
        window.rail.viewport(), Qt.MouseButton.LeftButton,
        pos=window.rail.visualItemRect(window.rail.item(2)).center(),
    )  # fmt: skip  # one click
    qtbot.waitUntil(lambda: wizard.page_of("site").isAncestorOf(QApplication.focusWidget()))
    window.rail.stepChosen.emit("workload")
    qtbot.waitUntil(users.hasFocus)


def test_tab_goes_from_the_figures_to_the_tabs_and_what_they_hold(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.wizard.go_to("recommendation")
    page = window.wizard.page_of("recommendation")
    window.session.set_value("workloads[0].users", 700)
    qtbot.waitUntil(lambda: not window.session.stale)
    tiles = page.header.tiles._tiles  # new ones, where the old ones stood
    window.activateWindow()
    qtbot.waitUntil(tiles[0].isVisible)
    tiles[0].setFocus()
    for wanted in (*tiles[1:], page.tabs.tabBar(), page.overview):
        press(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is wanted


def test_the_answer_takes_the_focus_when_it_comes_and_undo_ends_its_offer(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.activateWindow()
    session, page = window.session, window.wizard.page_of("recommendation")
    answer, session._recommendation = session.recommendation, None
    window.rail.setFocus()
    window.wizard.go_to("recommendation")
    QApplication.processEvents()
    assert window.rail.hasFocus()  # the page shows that it computes
    session._recommendation = answer
    session.recommendationChanged.emit()
    qtbot.waitUntil(page.tabs.tabBar().hasFocus)
    session.set_value("workloads[0].users", 700)
    page.messagePosted.emit("Changed. Undo takes it back.")
    assert window.statusBar().currentMessage()
    session.undo()
    assert not window.statusBar().currentMessage()
