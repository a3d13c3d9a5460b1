"""Latency against load, with the targets and the busiest hour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from core.charts.common import nothing_feasible, subject
from core.charts.records import PLOT_LEAST, Absent, Cell, Chart
from core.charts.scales import Axis
from core.charts.sheet import Box, KeyEntry, Sheet, Style
from core.charts.theme import DASHES, Theme
from core.decision.wording import milliseconds, number
from core.recommendation import Analysis, LatencyPoint, Option, Recommendation, Serving
from core.words import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

METRICS = ("ttft", "tpot", "e2e", "answer_ttft")
LOG_FROM = 40.0
MOST_OVER = 2.5
"""How far the plot reaches above the target or the busiest hour to show the rest of a line."""
Point = tuple[float, float]


def metric_name(metric: str) -> str:
    """What one of ``METRICS`` is called."""
    return {
        "ttft": _("Time to first token"),
        "tpot": _("Time per output token"),
        "e2e": _("Whole answer"),
        "answer_ttft": _("Time to first answer token"),
    }[metric]


def values_of(point: LatencyPoint, metric: str) -> dict[str, float]:
    """Mean and percentiles of one metric at one load, ms."""
    found: dict[str, float] = getattr(point, f"{metric}_ms")
    return found


def latency_load(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """Latencies of one replica at rising load, one small plot per latency."""
    key, title = "latency_load", _("Latency against load")
    about = subject(recommendation, option)
    if about is None:
        return Absent(key, title, nothing_feasible())
    servings = [s for s in about.servings if len(s.curve) >= 2]
    if not servings:
        return Absent(
            key,
            title,
            _("{title}: no latency is published or predicted against load.").format(
                title=about.title
            ),
        )
    serving = max(servings, key=_strain)
    percentile = _percentile(recommendation, serving)
    metrics = _metrics(recommendation, serving)
    shown = tuple(dict.fromkeys(("p50", "p95", percentile)))
    rows: list[tuple[Cell, ...]] = [
        (p.req_s, *(_finite(values_of(p, m).get(q)) for m in metrics for q in shown))
        for p in serving.curve
    ]
    notes = [
        _("One replica of {model}: {configuration}. The first token includes the network.").format(
            model=serving.model_name, configuration=serving.configuration
        )
    ]
    if len(about.servings) > 1:
        notes.append(
            _("Shown: {workload}, nearest to its targets of {n} workloads.").format(
                workload=serving.workload, n=len(about.servings)
            )
        )
    if any(_is_cut(_panel(serving, m, shown, percentile)) for m in metrics):
        notes.append(_("A line that ends at the upper edge rises beyond the plot."))
    return Chart(
        key=key,
        title=title,
        alt_text=_alt(serving, percentile, metrics),
        columns=(
            _("Load per replica (requests/s)"),
            *(f"{metric_name(m)}, {q.upper()} (ms)" for m in metrics for q in shown),
        ),
        rows=tuple(rows),
        draw=partial(_draw, serving=serving, metrics=metrics, percentile=percentile, shown=shown),
        note=" ".join(notes),
        heights_mm=(14.0 + 44.0 * len(metrics), 64.0 if len(metrics) < 4 else 112.0),
        least=PLOT_LEAST,
    )


def _strain(serving: Serving) -> float:
    """The largest predicted latency over its target."""
    return max(
        (t.predicted_ms.base / t.limit_ms for t in serving.targets if t.predicted_ms), default=0.0
    )


def _percentile(recommendation: Recommendation, serving: Serving) -> str:
    for workload in recommendation.assessment.workloads:
        if workload.name == serving.workload:
            return workload.targets.percentile
    return "p95"


def _metrics(recommendation: Recommendation, serving: Serving) -> tuple[str, ...]:
    wanted = {t.key for t in serving.targets}
    return tuple(m for m in METRICS if m != "answer_ttft" or m in wanted)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _alt(serving: Serving, percentile: str, metrics: Sequence[str]) -> str:
    limits = {t.key: t.limit_ms for t in serving.targets}
    parts = []
    if serving.at_peak is not None:
        for metric in metrics:
            value = values_of(serving.at_peak, metric).get(percentile, math.inf)
            text = milliseconds(value) if math.isfinite(value) else _("unbounded")
            if metric in limits:
                text += _(" (target {limit})").format(limit=milliseconds(limits[metric]))
            parts.append(f"{metric_name(metric)} {text}")
        head = _("{percentile} in the busiest hour at {load} requests per second and replica: ")
        return (
            head.format(percentile=percentile.upper(), load=number(serving.at_peak.req_s))
            + ", ".join(parts)
            + "."
        )
    return _("Latency of one replica up to {load} requests per second.").format(
        load=number(serving.curve[-1].req_s)
    )


@dataclass(frozen=True, slots=True)
class _Panel:
    metric: str
    lines: dict[str, list[Point]]
    target: float | None
    cap: float
    log: bool
    low: float


def _panel(serving: Serving, metric: str, shown: Sequence[str], percentile: str) -> _Panel:
    lines = {
        q: [
            (p.req_s, v)
            for p in serving.curve
            if math.isfinite(v := values_of(p, metric).get(q, math.inf)) and v > 0
        ]
        for q in shown
    }
    target = next((t.limit_ms for t in serving.targets if t.key == metric), None)
    everything = [v for line in lines.values() for _x, v in line] or [1.0]
    wanted = [min(everything)]
    if target is not None:
        wanted.append(target * 1.35)
    if serving.at_peak is not None:
        at_peak = values_of(serving.at_peak, metric).get(percentile, math.inf)
        if math.isfinite(at_peak):
            wanted.append(at_peak * 1.35)
    # the judged line up to the largest load within the targets, unless it shoots up before
    served = serving.capacity_req_s or 0.0
    reached = [v for x, v in lines.get(percentile, ()) if x <= served * 1.02]
    if reached and len(wanted) > 1:
        wanted.append(min(1.05 * max(reached), MOST_OVER * max(wanted)))
    if len(wanted) == 1:
        wanted.append(
            min(max(everything), 4.0 * lines[percentile][0][1] if lines[percentile] else 1)
        )
    cap, low = max(wanted), min(everything)
    log = cap / low > LOG_FROM
    return _Panel(
        metric, lines, target, cap * (1.5 if log else 1.0), log, low / 1.5 if log else 0.0
    )


def _is_cut(panel: _Panel) -> bool:
    """Whether a line goes on beyond the plot."""
    return any(y > panel.cap for line in panel.lines.values() for _x, y in line)


def cut_at(line: Sequence[Point], cap: float) -> list[Point]:
    """A rising line up to where it leaves the plot, the crossing interpolated."""
    kept: list[Point] = []
    for x, y in line:
        if y > cap:
            if kept:
                x0, y0 = kept[-1]
                kept.append((x0 + (x - x0) * (cap - y0) / (y - y0), cap))
            break
        kept.append((x, y))
    return kept


def _draw(
    figure: Figure,
    theme: Theme,
    serving: Serving,
    metrics: tuple[str, ...],
    percentile: str,
    shown: tuple[str, ...],
) -> None:
    sheet = Sheet(figure, theme)
    box = sheet.box
    styles = {q: _line_style(sheet, q, percentile) for q in shown}
    limit = Style(theme.limit, (4, 2), "", "")
    peak = Style(theme.text, (), "D", "")
    entries = [KeyEntry(q.upper(), styles[q], "line") for q in shown]
    panels = [_panel(serving, m, shown, percentile) for m in metrics]
    if any(p.target is not None for p in panels):
        entries.append(KeyEntry(_("target at {p}").format(p=percentile.upper()), limit, "line"))
    if serving.at_peak is not None:
        entries.append(KeyEntry(_("busiest hour"), peak, "mark"))
    used = sheet.key(entries, box)
    # one below the other only where each is tall enough to read
    stacked = sheet.narrow and box.height - used >= 7.0 * sheet.line * len(panels)
    columns = 1 if stacked else (len(panels) if len(panels) < 4 else 2)
    lines = -(-len(panels) // columns)
    ends = [line[-1][0] for p in panels if (line := cut_at(p.lines[percentile], p.cap))]
    at_peak = serving.at_peak.req_s if serving.at_peak is not None else 0.0
    far = max([*ends, at_peak * 1.1, serving.capacity_req_s or 0.0]) or 1.0
    wide, high = box.width / columns, (box.height - used) / lines
    for n, panel in enumerate(panels):
        column, row = n % columns, n // columns
        left, top = box.left + column * wide, box.top - used - row * high
        place = Box(left, top - high + 1.0, left + wide - (3.0 if columns > 1 else 0.0), top)
        last = row == lines - 1 or n + columns >= len(panels)
        _draw_panel(sheet, place, panel, serving, percentile, styles, far, named=last)


def _told(value_ms: float, scale: float, unit: str) -> str:
    """A latency in the unit of its axis; a long one as everywhere else."""
    return milliseconds(value_ms) if value_ms >= 10_000 else f"{number(value_ms / scale)} {unit}"


def _line_style(sheet: Sheet, percentile: str, wanted: str) -> Style:
    if percentile == wanted:
        return Style(sheet.theme.series[0], DASHES[0], "", "")
    index = {"p50": 1, "p95": 2}.get(percentile, 3)
    return Style(sheet.theme.series[index], DASHES[index], "", "")


def _draw_panel(
    sheet: Sheet,
    place: Box,
    panel: _Panel,
    serving: Serving,
    percentile: str,
    styles: dict[str, Style],
    far: float,
    *,
    named: bool,
) -> None:
    theme = sheet.theme
    label = _("requests/s per replica") if named else ""
    x = Axis(0.0, far * 1.03, label)
    seconds = panel.cap >= 5_000
    scale, unit = (1000.0, "s") if seconds else (1.0, "ms")
    words = f"{metric_name(panel.metric)} ({unit}{_(', log scale') if panel.log else ''})"
    y = Axis(panel.low / scale, panel.cap / scale, words, log=panel.log)
    axes, frame = sheet.plot(place, x, y, most=5)
    for q, line in panel.lines.items():
        points = cut_at(line, panel.cap)
        axes.plot(
            [px for px, _y in points],
            [py / scale for _x, py in points],
            label=q.upper(),
            color=styles[q].colour,
            linestyle=styles[q].line,
            linewidth=theme.line_pt,
        )
    if panel.target is not None and panel.low < panel.target <= panel.cap:
        level = frame.bottom + y.place(panel.target / scale) * frame.height
        sheet.stroke(
            [(frame.left, level), (frame.right, level)], theme.limit, width=1.1, line=(0, (4, 2))
        )
        text = _told(panel.target, scale, unit)
        below = frame.top - level < sheet.line + 0.4  # else it would reach into the plot's title
        foot = level - 0.9 - sheet.line if below else level + 0.4
        sheet.text(frame.left + 0.8, foot, text, va="bottom", colour=theme.limit)
    if serving.at_peak is not None:
        value = values_of(serving.at_peak, panel.metric).get(percentile, math.inf)
        across = frame.left + x.place(serving.at_peak.req_s) * frame.width
        sheet.stroke([(across, frame.bottom), (across, frame.top)], theme.muted, width=0.6)
        if math.isfinite(value) and value <= panel.cap:
            up = frame.bottom + y.place(value / scale) * frame.height
            sheet.stroke([(across, up)], theme.text, line="", marker="D", size=5.0)
            text = _told(value, scale, unit)
            left = across - frame.left > sheet.measure(text, bold=True) + 3.0
            level = y.place(panel.target / scale) * frame.height if panel.target else -1.0
            clash = -0.5 <= frame.bottom + level - up <= sheet.line + 1.6
            wide, start = sheet.measure(text, bold=True), across + 1.5
            if left:
                start = across - 1.5 - wide
            foot = up - 0.6 - sheet.line if clash else up + 0.6
            words_box = Box(start - 0.3, foot, start + wide + 0.3, foot + sheet.line)
            sheet.rectangle(words_box, theme.background, z=2.5)  # no curve through the words
            sheet.text(
                across + (-1.5 if left else 1.5),
                up - 0.6 if clash else up + 0.6,
                text,
                va="top" if clash else "bottom",
                ha="right" if left else "left",
                bold=True,
            )
