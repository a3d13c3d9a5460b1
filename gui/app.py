"""Start-up: look, window, files from the command line; everything heavy comes later."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

NO_DISPLAY = (
    "Inference Advisor found no display to open its window on.\n"
    "On a machine without one, use the command line: inference-assess --help\n"
)
USAGE = (
    "usage: inference-advisor [FILE ...]\n\n"
    "Opens the wizard, each assessment (.json) or report (.pdf) in a window of its own, and kept\n"
    "comparisons side by side.\n"
)

STARTED_MS = 400
"""When the window is there and what it is made of stays."""


def display_missing() -> bool:
    """Whether a window cannot be opened here (Linux without X or Wayland)."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return False
    return not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main(argv: Sequence[str] | None = None) -> int:
    """Open the wizard with the files named; the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if any(argument in ("-h", "--help") for argument in arguments):
        sys.stdout.write(USAGE)
        return 0
    if display_missing():
        sys.stderr.write(NO_DISPLAY)
        return 1
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        sys.stderr.write(f"The window system cannot be loaded: {error}\n{_hint()}")
        return 1
    gc.disable()  # everything made while starting stays, so there is nothing to look for
    from PySide6.QtCore import QTimer

    from gui.garbage import Collector
    from gui.windows import Windows
    from gui.workers import at_work

    app = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(app, QApplication)
    windows = Windows(app)
    windows.start([Path(argument) for argument in arguments if not argument.startswith("-")])
    collector = Collector(computing=at_work, moving=windows.hands.moved)
    QTimer.singleShot(STARTED_MS, collector, collector.settle)
    code = app.exec()
    windows.close()
    collector.close()
    return code


def _hint() -> str:
    if sys.platform.startswith("linux"):
        return "Debian packages it needs: libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1\n"
    return ""


if __name__ == "__main__":
    sys.exit(main())
