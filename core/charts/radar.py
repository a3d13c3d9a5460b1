"""The five constraints of the first options on one pentagon."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from core.charts.common import ranked, short
from core.charts.records import Absent, Chart
from core.charts.sheet import Box, KeyEntry, Sheet
from core.charts.theme import Theme
from core.decision.constraints import CONSTRAINTS, LABELS
from core.recommendation import Analysis, Option, Recommendation, Score
from core.words import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def constraints_radar(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """The five constraints of the first options, each 0 to 100."""
    key, title = "constraints_radar", _("The five constraints")
    options = [o for o in ranked(recommendation, option, 3) if _five(o)]
    if not options:
        return Absent(key, title, _("No option could be scored on the five constraints."))
    first = _five(options[0])
    alt = _("Five constraints of {title}, 0 to 100: {values}.").format(
        title=options[0].title,
        values=", ".join(f"{LABELS[k]} {_shown(first[k].value)}" for k in CONSTRAINTS),
    )
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(_("Constraint (0 to 100)"), *(o.title for o in options)),
        rows=tuple((LABELS[k], *(_five(o)[k].value for o in options)) for k in CONSTRAINTS),
        draw=partial(_draw_radar, options=tuple(options)),
        note=_("100 is most headroom. A gap in a line is a constraint that does not apply."),
        heights_mm=(82.0, 82.0),
    )


def _shown(value: float | None) -> str:
    return _("n/a") if value is None else f"{value:.0f}"


def _five(option: Option) -> dict[str, Score]:
    found = {s.key: s for s in option.scores if s.key in CONSTRAINTS}
    return found if len(found) == len(CONSTRAINTS) else {}


def _draw_radar(figure: Figure, theme: Theme, options: tuple[Option, ...]) -> None:
    sheet = Sheet(figure, theme)
    box = sheet.box
    entries = [KeyEntry(f"{short(o)}", sheet.style(i), "line") for i, o in enumerate(options)]
    used = sheet.key(entries, box)
    plot = Box(box.left, box.bottom, box.right, box.top - used)
    values = [[_five(o)[k].value for k in CONSTRAINTS] for o in options]
    captions = [
        f"{_(LABELS[k])}\n" + " · ".join(_shown(v[i]) for v in values)
        for i, k in enumerate(CONSTRAINTS)
    ]
    side = max(sheet.measure(c.split("\n")[0]) for c in captions)
    narrow = plot.width < 2 * side + 50
    lines = 3 if narrow else 2
    limit = (plot.width - 36.0) / 2.0 if narrow else side + 1.0
    high = (lines + 0.2) * sheet.line
    radius = min(
        (plot.width / 2.0 - limit - 1.0) / math.cos(math.radians(18)),
        (plot.height - 2 * high - 2.0) / 1.81,
    )
    radius = max(radius, 8.0)
    x0, y0 = (plot.left + plot.right) / 2.0, plot.bottom + high + 1.0 + radius * 0.81
    angles = [math.radians(90.0 - 72.0 * i) for i in range(5)]

    def at(i: int, value: float) -> tuple[float, float]:
        r = radius * value / 100.0
        return x0 + r * math.cos(angles[i]), y0 + r * math.sin(angles[i])

    for ring in (25.0, 50.0, 75.0, 100.0):
        points = [at(i % 5, ring) for i in range(6)]
        sheet.stroke(points, theme.grid if ring < 100 else theme.muted, width=0.6)
    for i in range(5):
        sheet.stroke([(x0, y0), at(i, 100.0)], theme.grid, width=0.6)
    for n, line in enumerate(values):
        style = sheet.style(n)
        for i in range(5):
            first, second = line[i], line[(i + 1) % 5]
            if first is not None and second is not None:
                ends = [at(i, first), at((i + 1) % 5, second)]
                sheet.stroke(ends, style.colour, width=theme.line_pt * 1.2, line=style.line)
        for i in range(5):
            if (value := line[i]) is not None:
                sheet.stroke([at(i, value)], style.colour, line="", marker=style.marker, row=i)
    for i, caption in enumerate(captions):
        x, y = at(i, 100.0)
        name, numbers = caption.split("\n")
        wrapped = f"{sheet.wrap(name, limit, lines - 1)}\n{numbers}"
        ha = "center" if i == 0 else ("left" if i in (1, 2) else "right")
        va = "bottom" if i == 0 else ("top" if i in (2, 3) else "center")
        if i in (2, 3):
            ha, y = "center", y - 0.8
            half = max(sheet.measure(t) for t in wrapped.split("\n")) / 2.0
            x = min(max(x, plot.left + half), plot.right - half)
        elif i == 0:
            y += 0.8
        else:
            x += 1.4 if i == 1 else -1.4
        sheet.text(x, y, wrapped, ha=ha, va=va)
