"""Edits, undoes, saves and moves about at random: nothing may break, warn, leak or disagree."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QThreadPool, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.assess import assess
from core.assessment import problems
from core.flow import KEYS
from gui.main_window import MainWindow
from gui.widgets.field_row import FieldRow
from gui.workers import at_work

TYPED = ("7", "1,5", "0", "-3", "abc", "1e9", "12 000", "", "50 %", "9" * 40, "2027-02-30")
PASTED = ("<b>&", "🙂", "1\n2", "١٢", "12\u00a0000,5", "x" * 3000)


def edit(widget: Any, dice: random.Random, qtbot: QtBot) -> None:
    """Do to a control what a person could."""
    if isinstance(widget, QLineEdit) and widget.isEnabled():
        widget.setFocus()
        widget.selectAll()
        if dice.random() < 0.7:
            qtbot.keyClicks(widget, dice.choice(TYPED))
        else:
            QApplication.clipboard().setText(dice.choice(PASTED))
            widget.paste()
        if dice.random() < 0.5:
            widget.editingFinished.emit()
    elif isinstance(widget, QComboBox) and widget.count():
        index = dice.randrange(widget.count())
        widget.setCurrentIndex(index)
        widget.activated.emit(index)
    elif isinstance(widget, QSlider):
        widget.setValue(dice.randint(widget.minimum(), widget.maximum()))
    elif isinstance(widget, QCheckBox):
        widget.click()


def one_step(window: MainWindow, dice: random.Random, qtbot: QtBot, tmp_path: Path) -> None:
    choice = dice.random()
    rows = [r for r in window.wizard.currentPage().findChildren(FieldRow) if r.isVisible()]
    if choice < 0.5 and rows:
        row = dice.choice(rows)
        kinds = (QLineEdit, QComboBox, QSlider, QCheckBox)
        parts = [w for kind in kinds for w in row.editor.findChildren(kind) if w.isVisible()]
        if parts:
            edit(dice.choice(parts), dice, qtbot)
    elif choice < 0.6 and rows:
        reset = dice.choice(rows).reset
        if reset.isVisible():
            reset.click()
    elif choice < 0.75:
        window.wizard.go_to(dice.choice(KEYS[:6]))
    elif choice < 0.85:
        (window.session.undo if dice.random() < 0.6 else window.session.redo)()
    elif choice < 0.9:
        buttons = window.wizard.page_of("workload").bar.findChildren(QAbstractButton)
        if window.wizard.key == "workload":
            dice.choice(buttons).click()
    elif choice < 0.93:
        window.show_problem()
    elif choice < 0.96:
        window.session.save_as(tmp_path / "walk.json")
    else:
        qtbot.keyClick(window.wizard, Qt.Key.Key_Escape)
    QApplication.processEvents()


def same_everywhere(window: MainWindow) -> None:
    """Document, problems and every input in view agree."""
    session = window.session
    assert session.problems() == problems(session.assessment, session.names)
    for row in window.wizard.currentPage().findChildren(FieldRow):
        if row.isVisible() and not row.editor.hasFocus():
            owner = row.parentWidget()
            while not hasattr(owner, "prefix"):
                owner = owner.parentWidget()
            assert row.value == session.value(f"{owner.prefix}.{row.key}")  # type: ignore[attr-defined]  # found by its prefix


def walk(window: MainWindow, qtbot: QtBot, tmp_path: Path, seed: int, steps: int) -> None:
    dice = random.Random(seed)
    session = window.session
    for _step in range(steps):
        one_step(window, dice, qtbot, tmp_path)
        same_everywhere(window)
    while session.undo_text is not None:
        session.undo()
    if not session.problems():
        qtbot.waitUntil(lambda: not session.stale)
        assert session.recommendation is not None
        assert session.recommendation.assessment == session.assessment


@pytest.mark.parametrize("seed", [1, 2])
def test_a_short_walk(window: MainWindow, qtbot: QtBot, tmp_path: Path, seed: int) -> None:
    walk(window, qtbot, tmp_path, seed, 60)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(10))
def test_a_long_walk(window: MainWindow, qtbot: QtBot, tmp_path: Path, seed: int) -> None:
    walk(window, qtbot, tmp_path, 100 + seed, 600)


# ----------------------------------------------------------------------------- the real engine
ANSWER_MS = 120_000


def as_the_engine_says(window: MainWindow, qtbot: QtBot) -> None:
    """What the window tells is what the engine tells whoever asks it directly."""
    session = window.session
    qtbot.waitUntil(lambda: not session.stale and not session.busy, timeout=ANSWER_MS)
    answer = assess(session.assessment, session.catalog, as_of=session.as_of)
    assert session.recommendation == answer
    best = answer.winner.title if answer.winner else "No option is feasible"
    assert window.live.best.text() == best
    assert window.wizard.go_to("recommendation")
    page = window.wizard.page_of("recommendation")
    assert page.header.headline.text() == answer.settled(session.analysis).headline
    page.tabs.setCurrentIndex(1)
    listed = [row.id for row in page.options.model.rows]
    assert listed == [option.id for option in (*answer.options, *answer.rejected)]


def census(window: MainWindow) -> Counter[str]:
    """The widgets, timers and pools of threads that live in the window."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()
    kinds = (QWidget, QTimer, QThreadPool)
    return Counter(type(o).__name__ for o in window.findChildren(QObject) if isinstance(o, kinds))


@pytest.mark.full
@pytest.mark.parametrize("seed", range(3))
def test_a_walk_on_the_real_engine(
    real_window: MainWindow, qtbot: QtBot, tmp_path: Path, seed: int
) -> None:
    """Every few steps the answer is compared; nothing that the window made on its way stays."""
    window, dice = real_window, random.Random(200 + seed)
    session = window.session
    failures: list[str] = []
    session.errorOccurred.connect(failures.append)

    def home() -> None:
        """Everything taken back; every page looked at, the first one in view."""
        while session.undo_text is not None:
            session.undo()
        for key in (*KEYS, KEYS[0]):
            assert window.wizard.go_to(key)
            for form in getattr(window.wizard.currentPage(), "forms", tuple)():
                form.complete()
        as_the_engine_says(window, qtbot)
        qtbot.waitUntil(lambda: not at_work(), timeout=ANSWER_MS)

    qtbot.waitUntil(lambda: not session.stale, timeout=ANSWER_MS)
    home()
    before = census(window)
    for step in range(200):
        one_step(window, dice, qtbot, tmp_path)
        same_everywhere(window)
        if step % 5 == 0:
            while session.problems():
                session.undo()
            as_the_engine_says(window, qtbot)
    home()
    assert census(window) == before
    assert failures == []
