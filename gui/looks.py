"""How every window looks and speaks: colours, size of text, language, units; remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gui.theme import SCALES, Mode, theme

if TYPE_CHECKING:
    from gui.commands import Desk
    from gui.main_window import MainWindow


class Looks:
    """Changes the look when it is chosen in a window, and keeps it as a preference."""

    def __init__(self, window: MainWindow, desk: Desk | None) -> None:
        self._window, self._desk = window, desk

    def choose(self, *, mode: Mode | None = None, scale: int | None = None) -> None:
        """Other colours or another text size, in every window."""
        window, app = self._window, QApplication.instance()
        preferences = window.preferences
        preferences.theme = mode or preferences.theme
        preferences.text_percent = scale or preferences.text_percent
        preferences.save()
        if isinstance(app, QApplication):
            at = window.focusWidget()
            theme().apply(app, preferences.theme, preferences.text_percent)
            if at is not None:
                # A wizard in another style lays its page out anew, where the focus gets lost.
                QTimer.singleShot(0, at, at.setFocus)
        window.menus.show_look()

    def step_scale(self, steps: int) -> None:
        """The next larger or smaller text."""
        present = self._window.preferences.text_percent
        at = SCALES.index(min(SCALES, key=lambda s: abs(s - present)))
        self.choose(scale=SCALES[min(len(SCALES) - 1, max(0, at + steps))])

    def show_in(self, *, language: str = "", units: str = "") -> None:
        """Another language or other units in every window."""
        preferences, desk = self._window.preferences, self._desk
        present = preferences.language, preferences.units
        if desk is not None and (language or present[0], units or present[1]) != present:
            # After the menu has closed: this window is about to be replaced.
            QTimer.singleShot(0, self._window, lambda: desk.show_in(language=language, units=units))

    def show_preferences(self) -> None:
        """All of it in a dialog, and how new assessments start."""
        from gui.preferences_dialog import PreferencesDialog

        window = self._window
        dialog = PreferencesDialog(window.preferences, window.session.catalog, window)
        dialog.looksChosen.connect(lambda mode, scale: self.choose(mode=mode, scale=scale))
        dialog.wordsChosen.connect(lambda code, system: self.show_in(language=code, units=system))
        dialog.open()
