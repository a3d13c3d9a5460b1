"""A real window on a virtual X display: the offscreen platform forgives what X does not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HARMLESS = ("propagateSizeHints", "XDG_RUNTIME_DIR", "xkbcomp", "dbus", "portal", "at-spi")


@pytest.mark.full
@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="no virtual X display here")
def test_from_a_file_to_a_pdf_on_a_real_display(tmp_path: Path, checkout: Path) -> None:
    own = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "CACHE")}
    environment = {**os.environ, **own, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(checkout)}
    done = subprocess.run(
        ["xvfb-run", "-a", "-s", "-screen 0 1280x720x24", sys.executable,
         str(checkout / "tests" / "gui" / "real_window.py"), str(tmp_path)],
        env=environment, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip  # a command in two lines
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "done.json").read_text())
    assert found["platform"] == "xcb" and found["screen"] == [1280, 720]
    assert found["window"][0] <= 1280 and found["window"][1] <= 720
    assert found["steps"][0] == "workload" and found["steps"][-1] == "report"
    assert len(found["steps"]) == 8 and found["users"] == 4500 and found["closed"]
    assert found["colours"] > 50, "the screen shows no window"
    assert (tmp_path / "made.pdf").read_bytes().startswith(b"%PDF-")
    said = [
        line for line in done.stderr.splitlines()
        if line.strip() and not any(part in line for part in HARMLESS)
    ]  # fmt: skip  # one list
    assert said == []
