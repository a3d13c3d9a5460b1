"""What every test starts from: no display, no network, none of the user's own files."""

from __future__ import annotations

import gc
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

# Before anything imports Qt or matplotlib: both read these once.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["MPLBACKEND"] = "Agg"

# The same examples in every run, and no verdict from the clock of a busy machine.
settings.register_profile("suite", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("suite")

_scratch = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Give the process, and those it starts, empty settings, cache and data folders."""
    scratch = tempfile.TemporaryDirectory(prefix="inference-advisor-tests-")
    config.stash[_scratch] = scratch
    for variable in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        folder = Path(scratch.name) / variable.lower()
        folder.mkdir()
        os.environ[variable] = str(folder)
    runtime = Path(scratch.name) / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)


def pytest_collection_finish() -> None:
    """Look for garbage after 20,000 new objects instead of 700, as the command line does.

    Five thousand collected tests are kept to the end: each look through them finds nothing.
    """
    gc.set_threshold(20_000, *gc.get_threshold()[1:])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove them."""
    scratch = config.stash.get(_scratch, None)
    if scratch is not None:
        scratch.cleanup()


@pytest.fixture(scope="session")
def qapp_cls():  # type: ignore[no-untyped-def]  # Qt must not load for tests of the engine
    """pytest-qt's application, with Qt's standard folders switched to its test mode."""
    from PySide6.QtCore import QStandardPaths
    from PySide6.QtWidgets import QApplication

    QStandardPaths.setTestModeEnabled(True)
    return QApplication


@pytest.fixture
def checkout() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def in_english() -> None:
    """Every test starts in English and metric, whatever a window before it was switched to."""
    from core.language import ENGLISH, use_language
    from core.units import METRIC, use_units

    use_language(ENGLISH)
    use_units(METRIC)
