"""The one typeface, and how large text is before it is drawn: layouts are measured, not guessed."""

from __future__ import annotations

import importlib.resources
import re
import unicodedata
from functools import lru_cache

from core.typeface import in_numbers, known_codes

FAMILY = "Advisor Sans"
MM_PER_INCH = 25.4
MM_PER_PT = MM_PER_INCH / 72.0
LINE_SPACING = 1.0
_SPACE = re.compile(r"(?<!\d x) (?!x )")
"""Where a line may break: a count stays with what it counts (2 x PCIe server)."""
LONGEST = 300
"""Characters of a text that are looked at: no chart has room for more."""


@lru_cache(maxsize=1)
def font_family() -> str:
    """Register the bundled typeface with matplotlib, once; its family name."""
    from matplotlib import font_manager

    folder = importlib.resources.files("resources") / "fonts"
    for style in ("Regular", "Bold", "Italic", "BoldItalic"):
        font_manager.fontManager.addfont(str(folder / f"AdvisorSans-{style}.ttf"))
    return FAMILY


def safe(text: str) -> str:
    """Text as it can be drawn on one line: white space for controls, numbers for unknown signs."""
    known = known_codes()

    def is_space(sign: str) -> bool:
        return sign.isspace() or unicodedata.category(sign) == "Cc"

    whole = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    signs = (s for s in whole if unicodedata.category(s) not in ("Cf", "Mn", "Me"))
    drawn = in_numbers(
        signs,
        lambda sign: ord(sign) not in known and not is_space(sign),
        lambda sign: " " if is_space(sign) else sign,
    )
    return " ".join(drawn.split())


@lru_cache(maxsize=8192)
def width_mm(text: str, pt: float, bold: bool = False) -> float:
    """Width of one line of text (already ``safe``), mm."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    if not text:
        return 0.0
    properties = FontProperties(family=font_family(), weight="bold" if bold else "normal", size=pt)
    width, _, _ = text_to_path.get_text_width_height_descent(text, properties, ismath=False)
    return float(width) * MM_PER_PT * 1.02  # hinting on screen widens a little


def line_mm(pt: float, lines: int = 1) -> float:
    """Height of so many lines, mm."""
    return pt * MM_PER_PT * 1.3 * lines


def wrap(
    text: str, limit_mm: float, pt: float, lines: int = 2, bold: bool = False
) -> tuple[str, ...]:
    """Break text into at most ``lines`` lines of at most ``limit_mm``; ``…`` where cut."""
    text = safe(text)
    out: list[str] = []
    line = ""
    words = _SPACE.split(text)
    while words:
        word = words.pop(0)
        trial = f"{line} {word}" if line else word
        if width_mm(trial, pt, bold) <= limit_mm:
            line = trial
        elif line:
            out.append(line)
            line = ""
            words.insert(0, word)
        else:
            kept = _prefix(word, limit_mm, pt, bold)
            out.append(word[:kept])
            words.insert(0, word[kept:])
        if len(out) == lines:
            rest = " ".join([*([line] if line else []), *words])
            if rest:
                out[-1] = _cut(f"{out[-1]} {rest}", limit_mm, pt, bold)
            return tuple(out)
    return (*out, line) if line or not out else tuple(out)


def _prefix(word: str, limit_mm: float, pt: float, bold: bool) -> int:
    """How many characters of a word fit, at least one."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if width_mm(word[:middle], pt, bold) <= limit_mm:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(text: str, limit_mm: float, pt: float, bold: bool) -> str:
    """Shorten to a width, with an ellipsis."""
    if width_mm(text, pt, bold) <= limit_mm:
        return text
    room = limit_mm - width_mm("…", pt, bold)
    return text[: _prefix(text, max(room, 0.0), pt, bold)].rstrip() + "…"
