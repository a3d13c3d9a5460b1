"""Sections of text and tables as data, and the reader's view of them.

The view writes the only markup there is: every text it is given is escaped, whoever typed it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices, QPalette, QResizeEvent
from PySide6.QtWidgets import QTextBrowser, QWidget

from gui.theme import em

WIDEST_EM = 72


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a part of the results (``source:3``, ``tab:why_not``) or to the web."""

    text: str
    target: str


CellContent = str | Link


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``strong`` for the sentence that matters most."""

    text: CellContent
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """Sentences that stand beside each other."""

    items: tuple[CellContent, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values."""

    rows: tuple[tuple[str, CellContent], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; ``numeric`` are the columns set to the right, ``anchors`` name its rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[CellContent, ...], ...]
    numeric: frozenset[int] = frozenset()
    anchors: tuple[str, ...] = ()


Block = Paragraph | Bullets | Facts | Grid


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, the name links reach it by, and what stands under it."""

    title: str
    key: str
    blocks: tuple[Block, ...]


_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+[^\s<>\"')\].,;:]")
# Qt reads these only where they stand on the list itself.
_LIST = "-qt-list-indent: 0; margin-left: 16px; margin-top: 2px; margin-bottom: 6px;"
_TABLE = "margin-top: 8px; margin-bottom: 4px;"
SHORT = 18
"""Characters up to which a figure is never broken into lines."""
_FIGURES = re.compile(r"[\d.,:/\s\u00a0+\-\u2212–%×]+")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def _escaped(text: str) -> str:
    # A figure and its percent sign stay on one line.
    kept = text.replace(" %", "\N{NO-BREAK SPACE}%")
    return html.escape(_UNSEEN.sub("\N{REPLACEMENT CHARACTER}", kept))


def _inline(content: CellContent) -> str:
    if isinstance(content, Link):
        target = html.escape(content.target, quote=True)
        return f'<a href="{target}">{_escaped(content.text)}</a>'
    parts, at = [], 0
    for match in _ADDRESS.finditer(content):
        parts.append(_escaped(content[at : match.start()]))
        address = html.escape(match[0], quote=True)
        parts.append(f'<a href="{address}">{_escaped(match[0])}</a>')
        at = match.end()
    parts.append(_escaped(content[at:]))
    return "".join(parts)


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        text = _inline(block.text)
        return f"<p><b>{text}</b></p>" if block.strong else f"<p>{text}</p>"
    if isinstance(block, Bullets):
        return (
            f'<ul style="{_LIST}">'
            + "".join(f"<li>{_inline(item)}</li>" for item in block.items)
            + "</ul>"
        )
    if isinstance(block, Facts):
        rows = "".join(
            f'<tr><td class="name" width="30%">{_escaped(name)}</td><td>{_inline(value)}</td></tr>'
            for name, value in block.rows
        )
        return f'<table width="99%" cellspacing="0" cellpadding="3">{rows}</table>'
    return _grid(block)


def _grid(grid: Grid) -> str:
    def side(column: int) -> str:
        return "right" if column in grid.numeric else "left"

    def kept(cell: CellContent) -> str:
        """A date, a figure or a single word stays in one line; sentences wrap."""
        short = (
            isinstance(cell, str)
            and len(cell) <= SHORT
            and (" " not in cell or bool(_FIGURES.fullmatch(cell)))
        )
        return ' style="white-space: nowrap"' if short else ""

    head = "".join(
        f'<th align="{side(c)}" valign="bottom">{_escaped(title)}</th>'
        for c, title in enumerate(grid.columns)
    )
    body = []
    for number, row in enumerate(grid.rows):
        name = grid.anchors[number] if grid.anchors else ""
        anchor = f'<a name="{html.escape(name, quote=True)}"></a>' if name else ""
        cells = "".join(
            f'<td align="{side(c)}" valign="top"{kept(cell)}>'
            f"{anchor if c == 0 else ''}{_inline(cell)}</td>"
            for c, cell in enumerate(row)
        )
        body.append(f'<tr class="{"odd" if number % 2 else "even"}">{cells}</tr>')
    return (
        f'<table style="{_TABLE}" width="99%" cellspacing="0" cellpadding="6">'
        f"<thead><tr>{head}</tr></thead>{''.join(body)}</table>"
    )


def to_html(sections: Sequence[Section]) -> str:
    """The sections as a page of Qt's rich text, everything in them escaped."""
    parts = []
    for section in sections:
        key = html.escape(section.key, quote=True)
        parts.append(f'<h3><a name="{key}"></a>{_escaped(section.title)}</h3>')
        parts.extend(_block(block) for block in section.blocks)
    return f"<body>{''.join(parts)}</body>"


def _mixed(front: QColor, back: QColor, share: float) -> str:
    """``share`` of the front colour over the back colour."""
    mixed = [
        round(a * share + b * (1.0 - share))
        for a, b in zip(front.getRgb()[:3], back.getRgb()[:3], strict=True)  # type: ignore[index]  # the stub calls the tuple an object
    ]
    return QColor(*mixed).name()


def style_sheet(palette: QPalette) -> str:
    """Colours of the window's own palette, so that a page is as light or dark as the rest."""
    base = palette.color(QPalette.ColorRole.Base)
    text = palette.color(QPalette.ColorRole.Text)
    link = palette.color(QPalette.ColorRole.Link)
    return (
        f"body {{ color: {text.name()}; }}"
        f"h3 {{ margin-top: 14px; margin-bottom: 4px; }}"
        f"p {{ margin-top: 2px; margin-bottom: 6px; }}"
        f"li {{ margin-bottom: 4px; }}"
        f"a {{ color: {link.name()}; }}"
        f"td.name {{ color: {_mixed(text, base, 0.78)}; }}"
        f"th {{ background-color: {_mixed(text, base, 0.12)}; }}"
        f"tr.odd td {{ background-color: {_mixed(text, base, 0.04)}; }}"
    )


class DocumentView(QTextBrowser):
    """Shows sections: selectable, copyable, walked by keyboard, coloured as the window is."""

    linkFollowed = Signal(str)
    """A link inside the results (``source:3``...); web addresses open in the browser."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sections: tuple[Section, ...] = ()
        self._spare = 0
        self._written: tuple[tuple[Section, ...], str] | None = None
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        self.document().setDocumentMargin(10)
        self.anchorClicked.connect(self._follow)

    @property
    def sections(self) -> tuple[Section, ...]:
        """What it shows."""
        return self._sections

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show these sections; the reader stays at the same place where there is one."""
        self._sections = tuple(sections)
        self._write()

    def _write(self) -> None:
        style = style_sheet(self.palette())
        if self._written == (self._sections, style):
            return
        self._written = (self._sections, style)
        bar = self.verticalScrollBar()
        place = bar.value()
        self.document().setDefaultStyleSheet(style)
        self.setHtml(to_html(self._sections))
        bar.setValue(min(place, bar.maximum()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        # Lines stay short enough to read on wide screens.
        spare = max(0, self.width() - em(self, WIDEST_EM))
        if spare != self._spare:
            self._spare = spare
            # Before the text is laid out: its width would else stay that of the former margin.
            self.setViewportMargins(0, 0, spare, 0)
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._write()

    def _follow(self, url: QUrl) -> None:
        if url.scheme() in ("http", "https"):
            QDesktopServices.openUrl(url)
        else:
            self.linkFollowed.emit(url.toString())
