"""Drives the program on a real X display, as its own process: ``real_window.py FOLDER``.

Writes ``done.json`` (what was seen) and ``window.png`` into the folder; the test beside it reads
them. Keys and clicks go through Qt's own event queue to windows that X really shows.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(folder: Path) -> int:
    """From a file on the command line through every page to the PDF, by keyboard."""
    sys.path.insert(0, str(ROOT))
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QLineEdit, QWizard

    from core.report import report_bytes
    from gui.windows import Windows

    app = QApplication(["inference-advisor"])
    windows = Windows(app)
    windows.start([ROOT / "resources" / "examples" / "bank_chat.json"])
    (window,) = windows.open

    def until(ready: Callable[[], bool], seconds: float = 180.0) -> None:
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                raise TimeoutError(ready.__name__)
            app.processEvents()
            time.sleep(0.01)

    until(lambda: window.windowHandle().isExposed() and not window.session.stale)
    users = window.wizard.page_of("workload").form.rows["users"].editor.box
    assert isinstance(users, QLineEdit)
    users.setFocus()
    users.selectAll()
    QTest.keyClicks(users, "4500")
    until(lambda: not window.session.stale)
    seen = [window.wizard.key]
    while window.wizard.key != "report":
        QTest.keyClick(window.wizard.button(QWizard.WizardButton.NextButton), Qt.Key.Key_Space)
        until(lambda: window.wizard.key != seen[-1], 20)
        seen.append(window.wizard.key)
    page = window.wizard.page_of("report")
    page._build = lambda answer, **options: report_bytes(answer, sections=(), **options)
    page.ask_path = lambda _suggestion: str(folder / "made.pdf")
    page.create_report()
    until((folder / "made.pdf").exists)
    window.wizard.go_to("recommendation")
    until(lambda: window.wizard.page_of("recommendation").stack.currentIndex() != 0)
    app.processEvents()
    screen = app.primaryScreen()
    picture = screen.grabWindow(0)
    picture.save(str(folder / "window.png"))
    colours = {picture.toImage().pixel(x, y) for x in range(0, 1280, 16) for y in range(0, 720, 9)}
    found = {
        "platform": app.platformName(),
        "screen": [screen.size().width(), screen.size().height()],
        "window": [window.width(), window.height()],
        "steps": seen,
        "users": window.session.value("workloads[0].users"),
        "colours": len(colours),
    }
    window.documents.ask_unsaved = lambda: "discard"
    found["closed"] = window.close()
    windows.close()
    (folder / "done.json").write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
