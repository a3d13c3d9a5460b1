"""The five constraints of the first options on one pentagon."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from core.charts.common import ranked, short
from core.charts.records import ROWS_LEAST, Absent, Chart
from core.charts.sheet import Box, KeyEntry, Sheet
from core.charts.theme import Theme
from core.decision.rating import CONSTRAINTS, LABELS
from core.decision.standings import points_of
from core.notation import after_label
from core.recommendation import Analysis, Option, Recommendation, Score
from core.words import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARK_MM = 1.6
"""Half the largest mark: words at a corner stand clear of a mark of 100 points on it."""
CORNERS = 3
"""Rated constraints from which a line has a shape."""


def constraints_radar(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """The five constraints of the first options, each 0 to 100."""
    key, title = "constraints_radar", _("The five constraints")
    options = [o for o in ranked(recommendation, option, 3) if _five(o)]
    if not options:
        return Absent(key, title, _("No option could be scored on the five constraints."))
    if all(sum(s.value is not None for s in _five(o).values()) < CORNERS for o in options):
        return Absent(key, title, _("Fewer than three of the constraints are rated."))
    alt = _("Five constraints, 0 to 100. {options}").format(
        options=" ".join(f"{after_label(o.title, _in_words(o))}." for o in options)
    )
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(_("Constraint (0 to 100)"), *(o.title for o in options)),
        rows=tuple((_(LABELS[k]), *(_five(o)[k].value for o in options)) for k in CONSTRAINTS),
        draw=partial(_draw_radar, options=tuple(options)),
        note=_("100 is most headroom. A gap in a line is a constraint that does not apply."),
        heights_mm=(74.0, 80.0),
        least=ROWS_LEAST,
    )


def _in_words(option: Option) -> str:
    five = _five(option)
    if all(s.value is None for s in five.values()):
        return _("none applies")
    return ", ".join(f"{_(LABELS[k])} {_shown(five[k])}" for k in CONSTRAINTS)


def _shown(score: Score) -> str:
    return _("n/a") if score.value is None else points_of(score)


def _five(option: Option) -> dict[str, Score]:
    found = {s.key: s for s in option.scores if s.key in CONSTRAINTS}
    return found if len(found) == len(CONSTRAINTS) else {}


def _draw_radar(figure: Figure, theme: Theme, options: tuple[Option, ...]) -> None:
    sheet = Sheet(figure, theme)
    box = sheet.box
    values = [[_five(o)[k].value for k in CONSTRAINTS] for o in options]
    names = [
        short(o) + ("" if any(v is not None for v in line) else _(" (n/a)"))
        for o, line in zip(options, values, strict=True)
    ]
    entries = [KeyEntry(name, sheet.style(i), "marked") for i, name in enumerate(names)]
    used = sheet.key(entries, box)
    plot = Box(box.left, box.bottom, box.right, box.top - used)
    told = [" · ".join(_shown(_five(option)[key]) for option in options) for key in CONSTRAINTS]
    pentagon = _place(sheet, plot, told)
    for ring in (25.0, 50.0, 75.0, 100.0):
        outline = [pentagon.at(i % 5, ring) for i in range(6)]
        sheet.stroke(outline, theme.muted if ring == 100.0 else theme.grid, width=0.6)
    for i in range(5):
        sheet.stroke([pentagon.at(i, 0.0), pentagon.at(i, 100.0)], theme.grid, width=0.6)
    for n, line in enumerate(values):
        style, size = sheet.style(n), (8.5, 6.0, 4.0)[n]
        for i, value in enumerate(line):
            after = line[(i + 1) % 5]
            if value is not None and after is not None:
                ends = [pentagon.at(i, value), pentagon.at((i + 1) % 5, after)]
                sheet.stroke(ends, style.colour, width=theme.line_pt, line=style.line)
        for i, value in enumerate(line):
            if value is not None:
                sheet.stroke(
                    [pentagon.at(i, value)],
                    style.colour,
                    line="",
                    marker=style.marker,
                    size=size,
                    row=i,
                )
    for i, words in enumerate(pentagon.captions):
        _caption(sheet, plot, pentagon, i, words)


@dataclass(frozen=True, slots=True)
class _Pentagon:
    """Where the corners are (mm on the page) and what stands at them."""

    x: float
    y: float
    radius: float
    captions: tuple[str, ...]

    def at(self, corner: int, value: float) -> tuple[float, float]:
        """The place of a value 0..100 on the spoke of a corner, the first one on top."""
        angle, r = math.radians(90.0 - 72.0 * corner), self.radius * value / 100.0
        return self.x + r * math.cos(angle), self.y + r * math.sin(angle)


def _place(sheet: Sheet, plot: Box, numbers: list[str]) -> _Pentagon:
    """The largest pentagon that leaves room for the words at its corners."""
    sides = [_(LABELS[CONSTRAINTS[i]]) for i in (1, 4)]
    whole = max(sheet.measure(t) for t in sides)
    narrow = plot.width < 2.0 * whole + 60.0
    longest = max(sheet.measure(w) for t in sides for w in t.split()) if narrow else whole
    limit = max(longest, sheet.measure(numbers[1]), sheet.measure(numbers[4])) + 0.5
    captions = []
    for i, key in enumerate(CONSTRAINTS):
        room = limit if i in (1, 4) else plot.width / 2.0 - 1.5
        captions.append(f"{sheet.wrap(_(LABELS[key]), room, 2)}\n{numbers[i]}")
    above = sheet.line * (captions[0].count("\n") + 1) + 1.0 + MARK_MM
    below = sheet.line * max(captions[i].count("\n") + 1 for i in (2, 3)) + 1.0 + MARK_MM
    tall = 1.0 + math.cos(math.radians(36.0))
    radius = max(
        min(
            (plot.width / 2.0 - limit - 2.0 - MARK_MM) / math.cos(math.radians(18.0)),
            (plot.height - above - below) / tall,
        ),
        6.0,
    )
    spare = max(plot.height - above - below - tall * radius, 0.0) / 2.0
    middle = plot.bottom + below + spare + radius * (tall - 1.0)
    return _Pentagon((plot.left + plot.right) / 2.0, middle, radius, tuple(captions))


def _caption(sheet: Sheet, plot: Box, pentagon: _Pentagon, corner: int, words: str) -> None:
    x, y = pentagon.at(corner, 100.0)
    half = max(sheet.measure(t) for t in words.split("\n")) / 2.0
    if corner == 0:
        sheet.text(x, y + 1.0 + MARK_MM, words, ha="center", va="bottom")
    elif corner in (2, 3):
        # two captions share the width below: each keeps to its half
        side = 1.0 if corner == 2 else -1.0
        x = pentagon.x + side * max(abs(x - pentagon.x), half + 1.0)
        x = min(max(x, plot.left + half), plot.right - half)
        sheet.text(x, y - 1.0 - MARK_MM, words, ha="center", va="top")
    else:
        side = 1.0 if corner == 1 else -1.0
        sheet.text(x + side * (1.0 + MARK_MM), y, words, ha="left" if corner == 1 else "right")
