"""A text in a window of its own, so that it can be read beside the page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from gui.theme import open_at


class TextDialog(QDialog):
    """Shows Markdown that ships with the program."""

    def __init__(self, title: str, markdown: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.browser = QTextBrowser()
        self.browser.setAccessibleName(title)
        document = self.browser.document()
        assert isinstance(document, QTextDocument)
        # Tables belong to GitHub's dialect; without it they show as bare lines.
        kinds = QTextDocument.MarkdownFeature
        document.setMarkdown(markdown, kinds.MarkdownDialectGitHub | kinds.MarkdownNoHTML)
        # The cursor stands where the text was put in: at its end, which would come into view.
        self.browser.moveCursor(QTextCursor.MoveOperation.Start)
        self.browser.setOpenLinks(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.browser)
        layout.addWidget(buttons)
        open_at(self, 34, 28)
