"""The roofline: arithmetic intensity against achieved and attainable speed, both logarithmic."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

from core.charts.common import nothing_feasible, ranked, short
from core.charts.records import PLOT_LEAST, Absent, Cell, Chart
from core.charts.scales import Axis, padded_log
from core.charts.sheet import Box, KeyEntry, Sheet, Style
from core.charts.theme import Theme
from core.decision.wording import number
from core.recommendation import Analysis, Option, Recommendation, RooflinePoint, Serving
from core.words import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 4
"""Roofs on one chart: more of them would lie on one another."""


@dataclass(frozen=True, slots=True)
class _Roof:
    name: str
    option_id: str
    workload: str
    peak: float
    bandwidth: float
    points: tuple[RooflinePoint, ...]

    def attainable(self, intensity: float) -> float:
        """TFLOP/s under the roof: bandwidth (GB/s) times intensity, at most the peak."""
        return min(self.peak, self.bandwidth * intensity / 1e3)

    @property
    def ridge(self) -> float:
        """Intensity from which computing limits, FLOP per byte."""
        return 1e3 * self.peak / self.bandwidth


def _roof(option: Option, serving: Serving, several: bool) -> _Roof | None:
    peak = serving.roof_peak_tflops
    # attainable speeds are computed from what is sustained, not from the data sheet
    bandwidth = serving.bandwidth_sustained_gb_s or serving.roof_bandwidth_gb_s
    points = tuple(
        p for p in serving.roofline if p.intensity_flop_per_byte > 0 and p.achieved_tflops > 0
    )
    if not peak or not bandwidth or not points:
        return None
    name = f"{short(option)}, {serving.workload}" if several else short(option)
    return _Roof(name, option.id, serving.workload, peak, bandwidth, points)


def roofline(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """Prefill and decode under their roofs: of the chosen option and of the leading others."""
    key, title = "roofline", _("Roofline")
    leading = ranked(recommendation, None, 12)
    options = leading if option is None else (option, *(o for o in leading if o.id != option.id))
    if not options:
        return Absent(key, title, nothing_feasible())
    roofs: list[_Roof] = []
    for item in options:
        for serving in item.servings:
            found = _roof(item, serving, len(item.servings) > 1)
            same = found is not None and any(
                (r.peak, r.bandwidth, r.points) == (found.peak, found.bandwidth, found.points)
                for r in roofs
            )
            if found is not None and not same:
                roofs.append(found)
    roofs = roofs[:MOST]
    if not roofs:
        return Absent(
            key, title, _("No accelerator is known: providers of hosted services publish none.")
        )
    rows: list[tuple[Cell, ...]] = [
        (r.name, p.label, p.intensity_flop_per_byte, p.achieved_tflops, p.attainable_tflops)
        for r in roofs
        for p in r.points
    ]
    first = roofs[0]
    alt = _("{name}: {points}; computing limits from {ridge} FLOP per byte.").format(
        name=first.name,
        points=", ".join(
            _("{label} at {x} FLOP per byte reaches {y} of {roof} TFLOP/s").format(
                label=p.label,
                x=number(p.intensity_flop_per_byte),
                y=number(p.achieved_tflops),
                roof=number(p.attainable_tflops),
            )
            for p in first.points
        ),
        ridge=number(first.ridge),
    )
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(
            _("Option"),
            _("Step"),
            _("Intensity (FLOP/byte)"),
            _("Achieved (TFLOP/s)"),
            _("Attainable (TFLOP/s)"),
        ),
        rows=tuple(rows),
        draw=partial(_draw, roofs=tuple(roofs)),
        note=_note(option, roofs),
        heights_mm=(76.0, 84.0),
        least=PLOT_LEAST,
    )


def _note(option: Option | None, roofs: list[_Roof]) -> str:
    """What is drawn, and that the chosen option is not where nothing is known of its hardware."""
    told = _(
        "Per accelerator; the slope is the memory bandwidth that is sustained. Under the slope "
        "bandwidth limits, under the flat part computing does."
    )
    if option is None or any(roof.option_id == option.id for roof in roofs):
        return told
    unknown = _("Of {title} no accelerator is known: shown are the best of the others.")
    return f"{unknown.format(title=option.title)} {told}"


def _is_decode(point: RooflinePoint) -> bool:
    return point.label in (_("Decode"), "Decode", "decode")


def _draw(figure: Figure, theme: Theme, roofs: tuple[_Roof, ...]) -> None:
    sheet = Sheet(figure, theme)
    box = sheet.box
    plain = Style(theme.text, (), "o", "")
    entries = [KeyEntry(r.name, sheet.style(i), "marked") for i, r in enumerate(roofs)]
    entries += [KeyEntry(_("prefill"), plain, "mark"), KeyEntry(_("decode"), plain, "hollow")]
    used = sheet.key(entries, box)
    xs = [p.intensity_flop_per_byte for r in roofs for p in r.points]
    x_low, x_high = padded_log([*xs, *(r.ridge * 3.0 for r in roofs)])
    ys = [p.achieved_tflops for r in roofs for p in r.points]
    ys += [r.attainable(x_low) for r in roofs] + [r.peak * 1.2 for r in roofs]
    y_low, y_high = padded_log(ys, 0.04)
    x = Axis(x_low, x_high, _("arithmetic intensity (FLOP per byte, log scale)"), log=True)
    y = Axis(y_low, y_high, _("speed per accelerator (TFLOP/s, log scale)"), log=True)
    _axes, frame = sheet.plot(Box(box.left, box.bottom, box.right, box.top - used), x, y)

    def at(intensity: float, speed: float) -> tuple[float, float]:
        return (
            frame.left + x.place(intensity) * frame.width,
            frame.bottom + y.place(speed) * frame.height,
        )

    first_rows = list(accumulate((len(roof.points) for roof in roofs), initial=0))
    for i, roof in reversed(list(enumerate(roofs))):  # the first one lies on top
        style = sheet.style(i)
        corners = [x_low, min(max(roof.ridge, x_low), x_high), x_high]
        sheet.stroke(
            [at(c, roof.attainable(c)) for c in corners],
            style.colour,
            width=theme.line_pt,
            line=style.line,
        )
        for row, point in enumerate(roof.points, first_rows[i]):
            place = at(point.intensity_flop_per_byte, point.achieved_tflops)
            above = at(point.intensity_flop_per_byte, point.attainable_tflops)
            if math.isfinite(above[1]) and above[1] > place[1]:
                sheet.stroke([place, above], style.colour, width=0.7, line=(0, (1, 2)))
            sheet.stroke(
                [place],
                style.colour,
                line="",
                marker=style.marker,
                size=6.5,
                hollow=_is_decode(point),
                row=row,
            )
