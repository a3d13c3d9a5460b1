"""What is loaded before the first line of the command line and before the first window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("pandas", "matplotlib", "reportlab", "scipy", "pikepdf")
WINDOW = ("PySide6", "shiboken6")

# Anything of the window system fails to import, as on a machine that has no display libraries.
NO_QT = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6", "gui"):
            raise ImportError("the engine asked for " + name)
sys.meta_path.insert(0, Refuse())
"""


def loaded_by(code: str, checkout: Path) -> set[str]:
    """Top-level packages a fresh interpreter has loaded after running ``code``."""
    report = "\nimport sys; print('\\nLOADED', *{n.split('.')[0] for n in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code + report],
        cwd=checkout, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip  # one line per kind of argument
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize(
    "command",
    ["import core.cli", "import core.cli\nassert core.cli.main(['presets']) in (0, None)"],
    ids=["import", "presets"],
)
def test_command_line_starts_light_and_without_qt(command: str, checkout: Path) -> None:
    assert not loaded_by(NO_QT + command, checkout) & {*HEAVY, *WINDOW}


def test_window_is_ready_before_anything_heavy_loads(checkout: Path) -> None:
    assert not loaded_by("import gui.app, gui.main_window", checkout) & set(HEAVY)
