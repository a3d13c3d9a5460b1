"""All windows of the program, and what they share: look, preferences, recovered work."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

import core
from core.assessment import Assessment
from core.language import language as spoken
from core.units import use_units
from gui.hands import Hands
from gui.icons import app_icon
from gui.language import speak
from gui.main_window import MainWindow
from gui.preferences import load_preferences
from gui.recovery import leftovers
from gui.theme import theme
from gui.view_models.engine import analyse
from gui.view_models.session import Session

if TYPE_CHECKING:
    from gui.scenarios.model import Entry
    from gui.scenarios.window import CompareWindow

ICON_MS, RECOVERY_MS = 100, 500
"""When, after the start, the icon is drawn and what a crash left behind is offered."""
ICON_TRIES = 50
"""How often the icon waits that long for a window to be on the screen, at most."""

TURN_S = 0.001
"""How long a thread that computes keeps Python from the window that wants it, at most; Python's
own 5 ms, at each return from Qt, add up to pauses that can be felt."""


class Windows(QObject):
    """Keeps windows alive while they are open."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        sys.setswitchinterval(TURN_S)
        app.setApplicationName("inference-advisor")
        app.setApplicationDisplayName("Inference Advisor")
        app.setApplicationVersion(core.__version__)
        app.setDesktopFileName("inference-advisor")
        self.preferences = load_preferences()
        theme().apply(app, self.preferences.theme, self.preferences.text_percent)
        self._app = app
        speak(app, self.preferences.language)
        use_units(self.preferences.units)
        self.open: list[MainWindow] = []
        self.comparing: CompareWindow | None = None
        self.hands = Hands(self)

    def start(self, files: list[Path]) -> None:
        """A window per file, or one with a new assessment; then what a crash left behind."""
        first = self.another()
        for number, file in enumerate(files):
            window = self.another() if number else first
            window.documents.open(str(file))
        self._draw_icon_later(ICON_TRIES)
        QTimer.singleShot(RECOVERY_MS, self, self._recover)

    def _draw_icon_later(self, tries: int) -> None:
        """Every window takes the icon from the program; it is drawn once a window is on the screen.

        The time counts from now: a slow start must not run into it before a window is painted.
        """

        def draw() -> None:
            handles = [window.windowHandle() for window in self.open]
            if tries and not any(handle and handle.isExposed() for handle in handles):
                self._draw_icon_later(tries - 1)
            else:
                self._app.setWindowIcon(app_icon())

        QTimer.singleShot(ICON_MS, self, draw)

    def another(self) -> MainWindow:
        """Open a window with a new assessment."""
        session = Session(analyser=analyse, assessment=self.preferences.new_assessment())
        session.paper = self.preferences.paper
        window = MainWindow(session, self.preferences, desk=self)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.open:
            corner = self.open[-1].pos()
            window.move(corner.x() + 30, corner.y() + 30)
        self.open.append(window)
        window.destroyed.connect(partial(self._forget, window))
        window.show()
        self.hands.watch(window)
        self._tell_comparison()
        return window

    def open_file(self, path: str) -> MainWindow:
        """Open a window with a file."""
        window = self.another()
        window.documents.open(path)
        return window

    def duplicate(self, assessment: Assessment) -> MainWindow:
        """Open a window with a copy to change; it counts as unsaved work."""
        window = self.another()
        window.session.new(assessment, unsaved=True)
        return window

    def compare(self) -> CompareWindow:
        """Show the documents of all windows side by side."""
        from gui.scenarios.model import Scenarios
        from gui.scenarios.window import CompareWindow

        if self.comparing is None:
            window = CompareWindow(Scenarios(self._sessions, self._session_for_file))
            window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            window.closed.connect(partial(self._compared, window))
            window.editRequested.connect(self._edit_compared)
            window.file.opened.connect(lambda path: self._remember(path))
            self.comparing = window
        self.comparing.show()
        self.hands.watch(self.comparing)
        self.comparing.raise_()
        self.comparing.activateWindow()
        return self.comparing

    def open_comparison(self, path: str) -> None:
        """Show the scenarios of a file side by side."""
        self.compare().file.open(path)

    def _edit_compared(self, entry: Entry) -> None:
        if self.comparing is None:
            return
        scenarios = self.comparing.scenarios
        window = self.duplicate(entry.session.assessment)
        scenarios.replace(entry, window.session)

    def _remember(self, path: str) -> None:
        self.preferences.add_recent(Path(path).resolve())

    def show_in(self, *, language: str = "", units: str = "") -> None:
        """Show every window in another language, other units or both ("": as they are).

        Each document is answered anew in them.
        """
        preferences = self.preferences
        preferences.language = language or preferences.language
        preferences.units = units or preferences.units
        preferences.save()
        before = spoken()
        speak(self._app, preferences.language)
        use_units(preferences.units)
        for session in self._sessions():
            known = session.catalog.use_cases.values() if session.catalog else ()
            session.rename([use_case.title for use_case in known], before)
        self._renew()

    def _renew(self) -> None:
        """Build every window anew, with all that is in it."""
        # Its list stays as it is while documents move to other windows.
        compared, self.comparing = self.comparing, None
        successors = {}
        for old in list(self.open):
            new = self.another()
            new.succeed(old)
            successors[old.session] = new.session
            self.open.remove(old)
        if compared is not None:
            self.compare().succeed(compared, successors)

    def _sessions(self) -> list[Session]:
        return [window.session for window in self.open]

    def _session_for_file(self) -> Session:
        # The catalog is loaded once: whichever window has it lends it.
        known = (session.catalog for session in self._sessions())
        return Session(catalog=next((c for c in known if c is not None), None))

    def _tell_comparison(self) -> None:
        if self.comparing is not None:
            self.comparing.scenarios.refresh()

    def _compared(self, window: CompareWindow) -> None:
        if self.comparing is window:
            self.comparing = None

    def _forget(self, window: MainWindow, _gone: object = None) -> None:
        self.open = [other for other in self.open if other is not window]
        self._tell_comparison()
        if not self.open and self.comparing is not None:
            self.comparing.close()

    def _recover(self) -> None:
        found = leftovers()
        # One at a time, in windows that hold nothing yet; the rest stays for the next start.
        free = [window for window in self.open if window.isVisible() and not window.session.dirty]
        for window, leftover in zip(free, found, strict=False):
            window.offer(leftover)

    def close(self) -> None:
        """Stop whatever still runs."""
        if self.comparing is not None:
            self.comparing.close()
        for window in self.open:
            window.shut_down()
        self.open = []
