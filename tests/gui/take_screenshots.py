"""Pictures of every page of the wizard for README and help: ``make screenshots``.

Draws offscreen from a bundled example, at the size of a small laptop: ``1-workload.png`` in light,
``1-workload-dark.png`` in dark, and so on.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from gui.theme import Mode

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LC_ALL"] = "C"  # pictures speak English, whatever this computer does
for _name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
    os.environ[_name] = tempfile.mkdtemp(prefix="screenshots-")

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "resources" / "docs" / "screenshots"
EXAMPLE = ROOT / "resources" / "examples" / "bank_chat.json"
MODES: tuple[tuple[Mode, str], ...] = (("light", ""), ("dark", "-dark"))
"""Colours, and what they add to a picture's name."""
WIDTH, HEIGHT = 1280, 720
MOST_S = 300.0
"""Longest wait for an answer, its analysis or the report."""
SETTLED_S = 1.5
"""A page is laid out and painted by then."""


COLOURS = 256
"""A window has few: the nearest of these differ by a hundredth at most, in a third of the room."""


def write(image: QImage, path: Path) -> None:
    """Write a picture as a small PNG."""
    from PIL import Image
    from PySide6.QtGui import QImage

    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    size, line = (plain.width(), plain.height()), plain.bytesPerLine()
    picture = Image.frombytes("RGB", size, bytes(plain.constBits()), "raw", "RGB", line)
    method, plainly = Image.Quantize.MAXCOVERAGE, Image.Dither.NONE
    few = picture.quantize(COLOURS, method=method, dither=plainly)
    few.save(path, optimize=True)


def main() -> int:
    """Write one picture per page and theme."""
    sys.path.insert(0, str(ROOT))
    from PySide6.QtWidgets import QApplication

    from core.flow import KEYS
    from gui.windows import Windows

    app = QApplication(["screenshots"])
    windows = Windows(app)
    windows.start([EXAMPLE])
    (window,) = windows.open
    window.resize(WIDTH, HEIGHT)
    session, wizard = window.session, window.wizard
    TARGET.mkdir(parents=True, exist_ok=True)

    def wait(seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            app.processEvents()
            time.sleep(0.01)

    def until(ready: Callable[[], bool]) -> None:
        end = time.monotonic() + MOST_S
        while not ready():
            if time.monotonic() > end:
                raise TimeoutError("no answer, analysis or report came")
            wait(0.05)

    until(lambda: not session.stale and session.analysis is not None)
    for mode, suffix in MODES:
        window.looks.choose(mode=mode)
        wizard.go_to(KEYS[0])
        wizard.forget_visits()
        for number, key in enumerate(KEYS, 1):
            wizard.go_to(key)
            if key == "report":
                until(lambda: wizard.page_of("report").report is not None)
            wait(SETTLED_S)
            write(window.grab().toImage(), TARGET / f"{number}-{key}{suffix}.png")
    windows.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
