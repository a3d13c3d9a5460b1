"""The pages of the report as they will print, with zoom and page number."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, Qt, Signal
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from core.words import _

ZOOM_STEP = 1.25
SMALLEST, LARGEST = 0.25, 5.0


class ReportPreview(QWidget):
    """Shows a PDF held in memory."""

    pageShown = Signal(int, int)
    """(page from 1, number of pages)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = QPdfDocument(self)
        self._buffer: QBuffer | None = None
        self.view = QPdfView(self)
        self.view.setAccessibleName(_("Preview of the report"))
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setDocument(self.document)
        self.view.pageNavigator().currentPageChanged.connect(self._tell_page)
        self.pages = QLabel(self)
        self.tools = QHBoxLayout()
        self.tools.addWidget(self.pages)
        for text, name, action in (
            ("−", _("Zoom out"), lambda: self._zoom(1 / ZOOM_STEP)),
            ("+", _("Zoom in"), lambda: self._zoom(ZOOM_STEP)),
            ("↔", _("Fit the width"), self._fit_width),
            ("▭", _("Fit the page"), self._fit_page),
        ):
            button = QToolButton(self)
            button.setText(text)
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(action)
            self.tools.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def show_pdf(self, data: bytes | None) -> bool:
        """Show a document, staying on the same page; ``None`` clears. False if unreadable."""
        page = self.view.pageNavigator().currentPage()
        self.document.close()
        if self._buffer is not None:
            self._buffer.close()
            self._buffer.deleteLater()
            self._buffer = None
        if data is None:
            self.pages.setText("")
            return True
        buffer = QBuffer(self)
        buffer.setData(QByteArray(data))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._buffer = buffer
        self.document.load(buffer)
        good = self.document.status() == QPdfDocument.Status.Ready
        if good and 0 < page < self.document.pageCount():
            self.view.pageNavigator().jump(page, QPointF(), 0)
        self._tell_page()
        return good

    def _tell_page(self) -> None:
        count = self.document.pageCount()
        page = self.view.pageNavigator().currentPage() + 1
        text = _("Page {page} of {count}").format(page=page, count=count) if count else ""
        self.pages.setText(text)
        if count:
            self.pageShown.emit(page, count)

    def _zoom(self, factor: float) -> None:
        if self.view.zoomMode() != QPdfView.ZoomMode.Custom:
            self.view.setZoomFactor(self._fitted_factor())
            self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        wanted = self.view.zoomFactor() * factor
        self.view.setZoomFactor(min(max(wanted, SMALLEST), LARGEST))

    def _fitted_factor(self) -> float:
        """The zoom that shows a page as wide as the view does now."""
        size = self.document.pagePointSize(0)
        margins = self.view.documentMargins()
        room = self.view.viewport().width() - margins.left() - margins.right()
        points = size.width() * self.view.logicalDpiX() / 72.0
        return room / points if points > 0 else 1.0

    def _fit_width(self) -> None:
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)

    def _fit_page(self) -> None:
        self.view.setZoomMode(QPdfView.ZoomMode.FitInView)
