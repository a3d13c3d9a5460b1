from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CODE = """
import gui
from PySide6.QtCore import QObject, Signal
class Sender(QObject):
    sent = Signal()
sender = Sender()
for _ in range(20_000):
    sender.sent.emit()
print("alive", True)
"""


def test_many_signals_do_not_end_the_program(checkout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=checkout, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip  # one line per kind of argument
    assert (done.returncode, done.stdout.strip()) == (0, "alive True"), done.stderr
