from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CODE = """
import gui
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
app = QCoreApplication([])
class Sender(QObject):
    sent = Signal()
sender, timer = Sender(), QTimer()
for _ in range(30_000):
    sender.sent.emit()
    timer.start(1000)
    timer.stop()
print("alive", None, True, False)
"""


def test_many_calls_into_qt_do_not_end_the_program(checkout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=checkout, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip  # one line per kind of argument
    assert (done.returncode, done.stdout.strip()) == (0, "alive None True False"), done.stderr
