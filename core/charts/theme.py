"""Colours and sizes of charts.

No chart relies on colour alone: marks, dashes, hatches and words carry the same information, and
neighbouring colours differ in lightness, for greyscale print and for colour-blind readers.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """How a chart looks. Colours are ``#rrggbb``; sizes in points.

    Text colours keep at least 4.5:1 against the background, marks at least 3:1 (WCAG 2.2).
    ``dataclasses.replace(theme, text_pt=...)`` gives larger text.
    """

    name: str
    background: str
    text: str
    muted: str
    """Secondary text, and options that are not feasible."""
    grid: str
    """Decoration only: nothing is read from it."""
    band: str
    """Fill of large quiet areas; anything written on it still reads."""
    series: tuple[str, ...]
    """Nine colours, dark and light by turns; the first marks the recommended option."""
    limit: str
    """Targets, limits and published reference lines."""
    hatched: bool
    text_pt: float = 9.0
    line_pt: float = 1.6


LIGHT = Theme(
    name="light",
    background="#ffffff",
    text="#1d2329",
    muted="#5a636d",
    grid="#d9dde2",
    band="#e6eef7",
    series=(
        "#0b4f94", "#d96b0a", "#006b58", "#b565b0", "#7a5600",
        "#3b8fcb", "#8f1d3f", "#6f8b1d", "#4b5560",
    ),
    limit="#b3203a",
    hatched=False,
)  # fmt: skip  # a palette reads as a row
PRINT = Theme(
    name="print",
    background="#ffffff",
    text="#1d2329",
    muted="#565f69",
    grid="#d9dde2",
    band="#e6eef7",
    series=LIGHT.series,
    limit="#b3203a",
    hatched=True,
    text_pt=8.0,
    line_pt=1.3,
)
DARK = Theme(
    name="dark",
    background="#1b1e23",
    text="#e8eaed",
    muted="#a6aeb8",
    grid="#3a4048",
    band="#27313d",
    series=(
        "#6fb1f0", "#c9741f", "#5fd0ae", "#b278c4", "#ead06b",
        "#4a8fc2", "#f5a3a0", "#8a9d3f", "#b6bfc9",
    ),
    limit="#ff8a80",
    hatched=False,
)  # fmt: skip  # a palette reads as a row
HIGH_CONTRAST = Theme(
    name="high contrast",
    background="#000000",
    text="#ffffff",
    muted="#e0e0e0",
    grid="#6b6b6b",
    band="#202020",
    series=(
        "#ffffff", "#e69500", "#00e5ff", "#ff79ff", "#ffff00",
        "#3fa7ff", "#ff9a9a", "#7cff6b", "#bdbdbd",
    ),
    limit="#ffff00",
    hatched=True,
    line_pt=2.2,
)  # fmt: skip  # a palette reads as a row
THEMES = {theme.name: theme for theme in (LIGHT, DARK, PRINT, HIGH_CONTRAST)}

HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----", "||||", "oo", "++")
DASHES: tuple[tuple[float, ...], ...] = ((), (5, 2), (1.5, 1.5), (7, 2, 1.5, 2), (3, 1.5), (9, 3))
"""On and off lengths in line widths; ``()`` is a solid line."""
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "<", ">")


def luminance(colour: str) -> float:
    """Relative luminance 0..1 of ``#rrggbb`` (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio 1..21 of two colours (WCAG 2.2)."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def ink_on(fill: str) -> str:
    """Black or white, whichever reads better on a fill."""
    return "#000000" if contrast(fill, "#000000") >= contrast(fill, "#ffffff") else "#ffffff"
