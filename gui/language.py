"""The window's language: our words, Qt's own words, and how Qt writes numbers and dates."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from core.language import ENGLISH, use_language


class _QtWords:
    """Qt's translation of its standard buttons and dialogs, one language at a time."""

    def __init__(self) -> None:
        self._installed: QTranslator | None = None

    def show(self, app: QApplication, code: str) -> None:
        if self._installed is not None:
            app.removeTranslator(self._installed)
            self._installed = None
        found = QTranslator(app)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        # Qt without its translations keeps English buttons; nothing else suffers.
        if code != ENGLISH and found.load(f"qtbase_{code}", folder):
            app.installTranslator(found)
            self._installed = found


_qt_words = _QtWords()


def speak(app: QApplication, code: str) -> None:
    """Show windows that are built from now on in a language. Raises ValueError if unknown."""
    use_language(code)
    # English is written as the system has it, so that a comma typed there stays a comma.
    QLocale.setDefault(QLocale.system() if code == ENGLISH else QLocale(code))
    _qt_words.show(app, code)
