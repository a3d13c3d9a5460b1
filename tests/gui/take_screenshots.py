"""Pictures of every page of the wizard for README and help: ``make screenshots``.

Draws offscreen from a bundled example, in light and dark, at the size of a small laptop.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for _name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
    os.environ[_name] = tempfile.mkdtemp(prefix="screenshots-")

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "resources" / "docs" / "screenshots"
EXAMPLE = ROOT / "resources" / "examples" / "bank_chat.json"
NAMES = ("workload", "targets", "site", "economics", "priorities", "review", "recommendation",
         "report")  # fmt: skip  # the steps in order
WIDTH, HEIGHT = 1280, 720
MOST_S = 300.0
"""Longest wait for an answer, its analysis or the report."""


def main() -> int:
    """Write one picture per page and theme."""
    sys.path.insert(0, str(ROOT))
    from PySide6.QtWidgets import QApplication, QWizard

    from gui.main_window import MainWindow
    from gui.windows import Windows

    app = QApplication(["screenshots"])
    windows = Windows(app)
    windows.start([EXAMPLE])
    window = next(w for w in app.topLevelWidgets() if isinstance(w, MainWindow))
    window.resize(WIDTH, HEIGHT)
    wizard = window.findChild(QWizard)
    TARGET.mkdir(parents=True, exist_ok=True)

    def wait(seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            app.processEvents()
            time.sleep(0.01)

    def until(ready: Callable[[], bool]) -> None:
        end = time.monotonic() + MOST_S
        while not ready() and time.monotonic() < end:
            wait(0.05)

    session = window.session
    until(lambda: not session.stale and session.analysis is not None)
    for number, name in enumerate(NAMES):
        if number:
            wizard.next()
        if name == "report":
            until(lambda: window.wizard.currentPage().report is not None)
        wait(1.5)
        window.grab().save(str(TARGET / f"{number + 1}-{name}.png"))
    windows.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
