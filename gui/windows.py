"""All windows of the program, and what they share: look, preferences, recovered work."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

import core
from gui.icons import app_icon
from gui.main_window import MainWindow
from gui.preferences import load_preferences
from gui.recovery import leftovers
from gui.theme import theme
from gui.view_models.session import Session, analyse


class Windows(QObject):
    """Keeps windows alive while they are open."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        app.setApplicationName("inference-advisor")
        app.setApplicationDisplayName("Inference Advisor")
        app.setApplicationVersion(core.__version__)
        app.setDesktopFileName("inference-advisor")
        app.setWindowIcon(app_icon())
        self.preferences = load_preferences()
        theme().apply(app, self.preferences.theme, self.preferences.text_percent)
        self.open: list[MainWindow] = []

    def start(self, files: list[Path]) -> None:
        """A window per file, or one with a new assessment; then what a crash left behind."""
        first = self.another()
        for number, file in enumerate(files):
            window = self.another() if number else first
            window.documents.open(str(file))
        QTimer.singleShot(500, self, self._recover)

    def another(self) -> MainWindow:
        """Open a window with a new assessment."""
        window = MainWindow(Session(analyser=analyse), self.preferences, another=self.another)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.open:
            corner = self.open[-1].pos()
            window.move(corner.x() + 30, corner.y() + 30)
        self.open.append(window)
        window.destroyed.connect(partial(self._forget, window))
        window.show()
        return window

    def _forget(self, window: MainWindow, _gone: object = None) -> None:
        self.open = [other for other in self.open if other is not window]

    def _recover(self) -> None:
        found = leftovers()
        # One at a time, in windows that hold nothing yet; the rest stays for the next start.
        free = [window for window in self.open if window.isVisible() and not window.session.dirty]
        for window, leftover in zip(free, found, strict=False):
            window.offer(leftover)

    def close(self) -> None:
        """Stop whatever still runs."""
        for window in self.open:
            window.shut_down()
        self.open = []
