"""Opens a window for a test and sees that nothing of it is left when it is closed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow
from gui.preferences import Preferences
from gui.theme import theme
from gui.view_models.session import Session


@contextmanager
def opened(session: Session, preferences: Preferences, app: QApplication) -> Iterator[MainWindow]:
    """A window of 1280 by 720 on the screen; closing it ends every thread that it started."""
    theme().apply(app, "light", 100)
    threads = set(threading.enumerate())
    made = MainWindow(session, preferences)
    made.documents.ask_unsaved = lambda: "discard"
    made.resize(1280, 720)
    made.show()
    yield made
    made.close()
    assert not made.isVisible()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    app.processEvents()
    left = {t for t in threading.enumerate() if t not in threads and not t.name.startswith("Dummy")}
    assert left == set()
