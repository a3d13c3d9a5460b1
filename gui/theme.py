"""How it looks: three complete palettes, the bundled typeface, and text from 100 to 200 %.

Fusion everywhere with palettes of our own, since native styles ignore some of a palette's roles.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib import resources
from typing import Literal
from weakref import WeakKeyDictionary

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from shiboken6 import isValid

Mode = Literal["system", "light", "dark", "high_contrast"]
MODES: tuple[Mode, ...] = ("system", "light", "dark", "high_contrast")
SCALES = (100, 125, 150, 175, 200)
BASE_POINT_SIZE = 10.0


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one theme, as #rrggbb; every text colour reads on window, base and card."""

    name: str
    dark: bool
    window: str
    base: str
    card: str
    """Alternate rows and notes."""
    button: str
    text: str
    muted: str
    accent: str
    on_accent: str
    border: str
    good: str
    warn: str
    bad: str
    disabled: str


LIGHT = Colours(
    name="light",
    dark=False,
    window="#f3f5f8",
    base="#ffffff",
    card="#e9eef4",
    button="#e6ebf1",
    text="#15202b",
    muted="#4b5a68",
    accent="#0f5c94",
    on_accent="#ffffff",
    border="#8493a1",
    good="#17682f",
    warn="#7d4a00",
    bad="#ab1f17",
    disabled="#75828e",
)
DARK = Colours(
    name="dark",
    dark=True,
    window="#1b2228",
    base="#12171c",
    card="#262f37",
    button="#2c363f",
    text="#e9eef3",
    muted="#b2bdc8",
    accent="#6cb6ee",
    on_accent="#0a1824",
    border="#71808e",
    good="#7bd08f",
    warn="#f2ba62",
    bad="#ff9a90",
    disabled="#8794a0",
)
HIGH_CONTRAST = Colours(
    name="high_contrast",
    dark=True,
    window="#000000",
    base="#000000",
    card="#141414",
    button="#000000",
    text="#ffffff",
    muted="#ffffff",
    accent="#ffd400",
    on_accent="#000000",
    border="#ffffff",
    good="#7dff97",
    warn="#ffd400",
    bad="#ffa39b",
    disabled="#b4b4b4",
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK, HIGH_CONTRAST)}


def palette(colours: Colours) -> QPalette:
    """Every role of every group, so that nothing is left to the style's guess."""
    roles = QPalette.ColorRole
    made = QPalette()
    window = QColor(colours.window)
    table = {
        roles.Window: colours.window,
        roles.WindowText: colours.text,
        roles.Base: colours.base,
        roles.AlternateBase: colours.card,
        roles.Text: colours.text,
        roles.PlaceholderText: colours.muted,
        roles.Button: colours.button,
        roles.ButtonText: colours.text,
        roles.BrightText: colours.bad,
        roles.ToolTipBase: colours.card,
        roles.ToolTipText: colours.text,
        roles.Highlight: colours.accent,
        roles.HighlightedText: colours.on_accent,
        roles.Accent: colours.accent,
        roles.Link: colours.accent,
        roles.LinkVisited: colours.accent,
        roles.Light: window.lighter(120).name(),
        roles.Midlight: window.lighter(108).name(),
        roles.Mid: colours.border,
        roles.Dark: colours.border,
        roles.Shadow: "#000000",
    }
    for role, colour in table.items():
        made.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.PlaceholderText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.disabled))
    made.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, QColor(colours.border))
    made.setColor(QPalette.ColorGroup.Disabled, roles.HighlightedText, QColor(colours.base))
    return made


# Fusion derives outlines from the window's colour, which leaves none on black.
_OUTLINES = """
    QPushButton {{ border: 1px solid {border}; border-radius: 3px; padding: 4px 12px; }}
    QPushButton:focus {{ border: 2px solid {accent}; padding: 3px 11px; }}
    QPushButton:disabled {{ border: 1px dashed {disabled}; color: {disabled}; }}
    QToolButton:focus {{ border: 2px solid {accent}; }}
    QGroupBox {{ border: 1px solid {border}; margin-top: 1.2em; padding-top: 4px; }}
    QGroupBox::title {{ subcontrol-origin: margin; left: 6px; }}
    QCheckBox::indicator {{ border: 1px solid {border}; }}
    QCheckBox::indicator:checked {{ background: {accent}; border: 1px solid {border}; }}
    QCheckBox:focus {{ border: 1px solid {accent}; }}
    QTabBar::tab {{ border: 1px solid {border}; padding: 4px 8px; }}
    QTabBar::tab:selected {{ background: {accent}; color: {on_accent}; }}
    QTreeView, QTableView, QListView, QMenu {{ border: 1px solid {border}; }}
    QMenu::separator {{ height: 1px; background: {border}; margin: 3px 6px; }}
    QFileDialog QLineEdit, QInputDialog QLineEdit, QDialog QPlainTextEdit, QDialog QTextBrowser
        {{ border: 1px solid {border}; }}
    QScrollBar {{ background: {base}; border: 1px solid {border}; }}
    QScrollBar::handle {{ background: {text}; border: 2px solid {base}; min-height: 24px;
        min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0px; height: 0px; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: {base}; }}
    QProgressBar {{ border: 1px solid {border}; }}
    QProgressBar::chunk {{ background: {accent}; }}
    QSplitter::handle {{ background: {border}; }}
"""


# Fusion's box to tick, slider, scroll bar and arrow of a choice keep their size however large the
# text is. The arrow itself is drawn by the program's own combo box.
_GROWING = """
    QCheckBox::indicator, QListView::indicator {{ width: {box}px; height: {box}px; }}
    QComboBox {{ border: 1px solid {border}; border-radius: 3px; padding: 3px 5px;
        background: {button}; }}
    QComboBox:editable {{ background: {base}; }}
    QComboBox:focus {{ border: 2px solid {accent}; padding: 2px 4px; }}
    QComboBox:disabled {{ border: 1px dashed {disabled}; color: {disabled}; }}
    ComboBox::drop-down {{ border: none; width: {drop}px; }}
    ComboBox::down-arrow {{ image: none; }}
    QComboBox QLineEdit {{ border: none; padding: 0px; background: transparent; }}
    QScrollBar:vertical {{ width: {bar}px; }}
    QScrollBar:horizontal {{ height: {bar}px; }}
    QSlider {{ min-height: {high}px; }}
    QSlider::groove:horizontal {{ border: 1px solid {border}; height: {groove}px; }}
    QSlider::sub-page:horizontal {{ background: {accent}; }}
    QSlider::handle:horizontal {{ background: {accent}; border: 2px solid {border};
        width: {box}px; margin: -{over}px 0; }}
    QSlider::handle:horizontal:focus {{ border: 2px solid {text}; }}
"""
BOX_PX, DROP_PX, GROOVE_PX, OVER_PX, BAR_PX = 14, 20, 4, 7, 14


def _sheet(colours: Colours, scale: int) -> str:
    """The style sheet for controls that Fusion draws too small or on black invisibly."""
    box, drop, groove, over, bar = (
        round(px * scale / 100) for px in (BOX_PX, DROP_PX, GROOVE_PX, OVER_PX, BAR_PX)
    )
    values = {
        **asdict(colours),
        **{"box": box, "drop": drop, "groove": groove, "over": over, "bar": bar},
        "high": groove + 2 * over + 4,
    }
    sheet = _GROWING + (_OUTLINES if colours is HIGH_CONTRAST else "")
    return sheet.format(**values)


class Theme(QObject):
    """The look in use. ``changed`` comes after the application has taken it on."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._colours = LIGHT
        self._mode: Mode = "system"
        self._scale = 100
        self._families: list[str] = []
        self._watching = False
        self._sized: WeakKeyDictionary[QWidget, tuple[float, bool]] = WeakKeyDictionary()

    @property
    def colours(self) -> Colours:
        """The colours in use."""
        return self._colours

    @property
    def mode(self) -> Mode:
        """What was asked for."""
        return self._mode

    @property
    def scale(self) -> int:
        """Text size in percent."""
        return self._scale

    @property
    def styled(self) -> bool:
        """Whether a style sheet draws controls, because Fusion's are too small or not seen."""
        return self._scale > 100 or self._colours is HIGH_CONTRAST

    def apply(self, app: QApplication, mode: Mode = "system", scale: int = 100) -> None:
        """Give the application these colours and this text size, now and for later windows."""
        self._mode, self._scale = mode, min(200, max(100, scale))
        hints = app.styleHints()
        if not self._watching:
            app.setStyle("Fusion")
            self._families = _register_fonts()
            hints.colorSchemeChanged.connect(self._follow)
            self._watching = True
        if mode == "system":
            self._colours = DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT
        else:
            self._colours = THEMES[mode]
        # Only where there is no other way: a style sheet makes every new widget costly.
        sheet = _sheet(self._colours, self._scale) if self.styled else ""
        font = QFont()
        font.setFamilies([*self._families, *QFont().families()])
        font.setPointSizeF(BASE_POINT_SIZE * self._scale / 100)
        app.setFont(font)
        made = palette(self._colours)
        app.setPalette(made)
        QToolTip.setPalette(made)
        before = app.styleSheet()
        if sheet or before:
            # Qt posts the new font to every widget; a style sheet that comes before it keeps
            # the old one there.
            QApplication.sendPostedEvents(None, QEvent.Type.ApplicationFontChange.value)
            if before:
                app.setStyleSheet("")
            if sheet:
                app.setStyleSheet(sheet)
        self._resize()
        self.changed.emit()

    def size(self, widget: QWidget, factor: float, *, bold: bool = False) -> None:
        """Give a widget ``factor`` times the text size, now and whenever that changes."""
        self._sized[widget] = (factor, bold)
        widget.setFont(resized(QApplication.font(), factor, bold=bold))

    def _resize(self) -> None:
        # A style sheet puts back the fonts it first saw, and fonts of their own inherit no size.
        for widget, (factor, bold) in list(self._sized.items()):
            if isValid(widget):
                widget.setFont(resized(QApplication.font(), factor, bold=bold))

    def _follow(self) -> None:
        app = QApplication.instance()
        if self._mode == "system" and isinstance(app, QApplication):
            self.apply(app, "system", self._scale)


def _register_fonts() -> list[str]:
    """Register the bundled typeface and return its family names."""
    found: list[str] = []
    for file in sorted((resources.files("resources") / "fonts").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".ttf"):
            number = QFontDatabase.addApplicationFontFromData(file.read_bytes())
            names = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
            found.extend(name for name in names if name not in found)
    return found


_theme: list[Theme] = []


def theme() -> Theme:
    """The application's theme."""
    if not _theme:
        _theme.append(Theme())
    return _theme[0]


def colours() -> Colours:
    """The colours in use."""
    return theme().colours


def em(widget: QWidget, count: float) -> int:
    """``count`` letter heights of a widget's font in pixels: sizes that grow with the text."""
    return round(widget.fontMetrics().height() * count)


def open_at(window: QWidget, wide: float, high: float) -> None:
    """Give a window its first size in letter heights, or as much of it as the screen has."""
    screen = window.screen().availableGeometry()
    frame = em(window, 2)  # the title bar, which Qt knows only once the window is shown
    window.resize(
        min(em(window, wide), screen.width()), min(em(window, high), screen.height() - frame)
    )


def tone(widget: QWidget, colour: str) -> None:
    """Give a label one of the theme's colours (``muted``, ``good``, ``warn``, ``bad``...)."""
    changed = QPalette(QApplication.palette())
    value = QColor(getattr(colours(), colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):
        changed.setColor(role, value)
    widget.setPalette(changed)


def resized(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """A copy of a font, larger or smaller by a factor."""
    made = QFont(font)
    made.setPointSizeF(font.pointSizeF() * factor)
    made.setBold(bold)
    return made
