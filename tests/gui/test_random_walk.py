"""Edits, undoes, saves and moves about at random: nothing may break, warn, leak or disagree."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QSlider,
)
from pytestqt.qtbot import QtBot

from core.assessment import problems
from core.flow import KEYS
from gui.main_window import MainWindow
from gui.widgets.field_row import FieldRow

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


def walk(window: MainWindow, qtbot: QtBot, tmp_path: Path, seed: int, steps: int) -> None:
    dice = random.Random(seed)
    session = window.session
    for _step in range(steps):
        one_step(window, dice, qtbot, tmp_path)
        assert session.problems() == problems(session.assessment, session.names)
        for row in window.wizard.currentPage().findChildren(FieldRow):
            if row.isVisible() and not row.editor.hasFocus():
                owner = row.parentWidget()
                while not hasattr(owner, "prefix"):
                    owner = owner.parentWidget()
                assert row.value == session.value(f"{owner.prefix}.{row.key}")  # type: ignore[attr-defined]  # found by its prefix
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
