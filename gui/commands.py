"""What a window's menus ask for beside its document: other windows, scenarios, help."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QApplication

from core.assessment import Assessment, with_value
from core.words import _
from gui.help import about_text, help_text, licences_text, shortcuts_text
from gui.widgets.field_row import FieldRow

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class Desk(Protocol):
    """Whoever looks after all windows."""

    def another(self) -> object:
        """Open a window with a new assessment."""

    def open_file(self, path: str) -> object:
        """Open a window with a file."""

    def duplicate(self, assessment: Assessment) -> object:
        """Open a window with a copy."""

    def compare(self) -> object:
        """Show the documents of all windows side by side."""

    def open_comparison(self, path: str) -> object:
        """Show the scenarios of a file side by side."""

    def show_in(self, *, language: str = "", units: str = "") -> object:
        """Show every window in another language or in other units."""


class Commands:
    """Each command once, whoever asks; without a ``desk`` there are no other windows."""

    def __init__(self, window: MainWindow, desk: Desk | None) -> None:
        self._window, self._desk = window, desk
        self.ask_name: Callable[[str], str] = self._ask_name
        """Returns the new name; an attribute, so that tests answer without a dialog."""

    # ------------------------------------------------------------------- windows, scenarios
    def another(self) -> None:
        """Open another window."""
        if self._desk is not None:
            self._desk.another()

    def duplicate(self) -> None:
        """Open a copy of this document in a window of its own, to change and compare."""
        if self._desk is not None:
            assessment = self._window.session.assessment
            title = _("{title} – copy").format(title=assessment.project.shown_title)
            self._desk.duplicate(with_value(assessment, "project.title", title))

    def rename(self) -> None:
        """Ask for the scenario's name, which is the project's title."""
        session = self._window.session
        title = self.ask_name(str(session.assessment.project.title)).strip()
        if title:
            session.set_value("project.title", title)

    def _ask_name(self, present: str) -> str:
        from PySide6.QtWidgets import QInputDialog  # the first window waits for no dialog

        text, given = QInputDialog.getText(
            self._window, _("Rename the scenario"), _("Title of the assessment"), text=present
        )
        return text if given else ""

    def compare(self) -> None:
        """Show the documents of all windows side by side."""
        if self._desk is not None:
            self._desk.compare()

    def open_comparison(self, path: str) -> None:
        """Show the scenarios of a file side by side."""
        if self._desk is not None:
            self._desk.open_comparison(path)

    def quit(self) -> None:
        """Close every window; one that must not close stays and keeps the program running."""
        QApplication.closeAllWindows()

    # --------------------------------------------------------------------------------- help
    def help(self) -> None:
        """About the field with the focus, or about the page."""
        window = self._window
        widget = QApplication.focusWidget()
        while widget is not None and widget is not window:
            if isinstance(widget, FieldRow):
                widget.info.open()
                return
            widget = widget.parentWidget()
        self._text(_("Help"), help_text(window.wizard.key))

    def show_shortcuts(self) -> None:
        """List the keyboard shortcuts."""
        self._text(_("Keyboard shortcuts"), shortcuts_text())

    def show_licences(self) -> None:
        """The licences of what is bundled."""
        self._text(_("Licences"), licences_text())

    def show_about(self) -> None:
        """What the program is."""
        self._text(_("About Inference Advisor"), about_text())

    def _text(self, title: str, markdown: str) -> None:
        from gui.text_dialog import TextDialog

        TextDialog(title, markdown, self._window).show()
