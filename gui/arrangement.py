"""How a window uses the room it has: rail, live estimate, and the answer in the status bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy
from shiboken6 import isValid

from core.words import _
from gui.live_estimate import summary_of
from gui.theme import em

if TYPE_CHECKING:
    from gui.main_window import MainWindow

COMPACT_RAIL_EM = 58
NO_LIVE_EM = 48
NO_LIVE_BESIDE_RESULTS_EM = 90
"""Window widths, in letter heights, below which the rail shows numbers and the dock hides; beside
the results, which tell the same and more, it hides earlier."""
RESULTS = ("recommendation", "report")


class Arrangement(QObject):
    """Gives the page room where the window is small or the text large."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._busy = False
        self.state = QLabel()
        self.summary = QLabel()
        self.summary.setAccessibleName(_("Estimate"))
        # It is cut to the room there is and must not ask for more.
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        window.statusBar().addWidget(self.summary, 1)
        window.statusBar().addPermanentWidget(self.state)

    def fit(self) -> None:
        """Give a new window its size, never larger than its screen."""
        window = self._window
        screen = window.screen().availableGeometry()
        width = min(1440, screen.width())
        # First, or what has no room there would make the window wider than its screen.
        self.arrange(width)
        window.resize(width, min(900, screen.height() - em(window, 2)))  # less the title bar
        window.resizeDocks([window.live_dock], [em(window, 18)], Qt.Orientation.Horizontal)

    def arrange(self, width: int | None = None) -> None:
        """Show what there is room for in the window's width, or in this one."""
        window = self._window
        letters = (width or window.width()) / max(1, em(window, 1))
        window.rail.set_compact(letters < COMPACT_RAIL_EM)
        beside_results = window.wizard.key in RESULTS
        least = NO_LIVE_BESIDE_RESULTS_EM if beside_results else NO_LIVE_EM
        shown = window.preferences.live_shown and letters >= least
        if shown == window.live_dock.isHidden():
            self._busy = True
            window.live_dock.setVisible(shown)
            self._busy = False
        self.summarise()

    def summarise(self) -> None:
        """The answer in one line, for when the live estimate is hidden."""
        window = self._window
        text = summary_of(window.session) if window.live_dock.isHidden() else ""
        width = max(200, window.width() - self.state.sizeHint().width() - em(window, 4))
        self.summary.setText(
            self.summary.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
        )

    def live_toggled(self, _shown: bool) -> None:
        """The live estimate came or went; remembered where that is the person's wish."""
        window = self._window
        # Hidden for want of room, or with the whole window, it is not; the dock's last signal may
        # come when the window is already gone.
        if not isValid(window):
            return
        if window.isVisible() and not window.isMinimized() and not self._busy:
            self.summarise()
            window.preferences.live_shown = not window.live_dock.isHidden()
            window.preferences.save()
