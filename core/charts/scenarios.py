"""Charts that lay scenarios over each other: cost, venues, latency under rising load."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from core.charts.common import per_mtok
from core.charts.latency import METRICS, cut_at, metric_name, values_of
from core.charts.records import PLOT_LEAST, ROWS_LEAST, Absent, Cell, Chart
from core.charts.rows import mark, row_heights, row_plot, whisker
from core.charts.scales import Axis, aligned, padded
from core.charts.sheet import Box, KeyEntry, Sheet
from core.charts.theme import Theme
from core.comparison import Comparison, Scenario
from core.comparison.records import DASH
from core.decision.wording import milliseconds, number
from core.notation import quoted, semicolons
from core.recommendation import LatencyPoint, Serving, Spread
from core.words import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEAST_AT_PEAK = 1e-9
FARTHEST = 2.0
"""Multiple of the busiest hour up to which latencies are drawn."""
SAME_LOAD = 1e-6
"""Share by which the load of a point may differ from the busiest hour's and be the same."""


def scenario_charts(comparison: Comparison) -> tuple[Chart | Absent, ...]:
    """The scenarios' costs with their ranges, the cheapest of each venue, and latencies."""
    return costs(comparison), venues(comparison), latencies(comparison)


# -- cost ------------------------------------------------------------------------------------


def _spread(scenario: Scenario) -> Spread | None:
    winner = scenario.recommendation.winner
    return None if winner is None or winner.cost is None else winner.cost.usd_per_mtok


def costs(comparison: Comparison) -> Chart | Absent:
    """Levelised cost of every scenario's recommended option with low and high case."""
    key, title = "scenario_costs", _("Cost per million tokens by scenario")
    money, unit = comparison.money, per_mtok(comparison.currency.code)
    priced = [(s, spread) for s in comparison.scenarios if (spread := _spread(s)) is not None]
    if not priced:
        return Absent(key, title, _("No scenario has an option with a known price."))
    rows: list[tuple[Cell, ...]] = [
        (s.name, _title(s), money(v.low), money(v.base), money(v.high)) for s, v in priced
    ]
    rows += [(s.name, _title(s), None, None, None) for s in comparison.scenarios
             if _spread(s) is None]  # fmt: skip  # one thought
    least = min(priced, key=lambda pair: pair[1].base)
    return Chart(
        key=key,
        title=title,
        alt_text=_("{name} costs least: {cost} {unit}, range {low} to {high}.").format(
            name=least[0].name,
            cost=number(money(least[1].base)),
            low=number(money(least[1].low)),
            high=number(money(least[1].high)),
            unit=unit,
        ),
        columns=(
            _("Scenario"),
            _("Recommended option"),
            _("Low ({unit})").format(unit=unit),
            _("Base ({unit})").format(unit=unit),
            _("High ({unit})").format(unit=unit),
        ),
        rows=tuple(rows),
        draw=partial(_draw_costs, priced=tuple(priced), comparison=comparison),
        note=_("Bars span the low and the high case of every cost line together."),
        heights_mm=row_heights(len(priced)),
        least=ROWS_LEAST,
    )


def _title(scenario: Scenario) -> str:
    winner = scenario.recommendation.winner
    return winner.title if winner is not None else _("nothing qualifies")


def _draw_costs(
    figure: Figure,
    theme: Theme,
    priced: Sequence[tuple[Scenario, Spread]],
    comparison: Comparison,
) -> None:
    sheet, money = Sheet(figure, theme), comparison.money
    ends = [money(v) for _s, spread in priced for v in (spread.low, spread.base, spread.high)]
    rows = row_plot(
        sheet,
        sheet.box,
        [s.name for s, _spread in priced],
        aligned([money(spread.base) for _s, spread in priced]),
        Axis(*padded(ends), per_mtok(comparison.currency.code)),
    )
    for i, (scenario, spread) in enumerate(priced):
        style = sheet.style(comparison.scenarios.index(scenario))
        whisker(sheet, rows, i, money(spread.low), money(spread.high), style.colour,
                2.4 * theme.line_pt)  # fmt: skip  # place, then look
        mark(sheet, rows, i, money(spread.base), style.colour, style.marker, size=7.0)


# -- venues ----------------------------------------------------------------------------------


def venues(comparison: Comparison) -> Chart | Absent:
    """The least cost of each venue, a mark for every scenario."""
    key, title = "scenario_venues", _("Cheapest option of each venue by scenario")
    unit = per_mtok(comparison.currency.code)
    found = [row for row in comparison.results if row.key.startswith("venue.")]
    if not found:
        return Absent(key, title, _("No venue qualifies in any scenario."))
    best = min(
        ((v, row.label, name) for row in found
         for v, name in zip(row.values, comparison.names, strict=True) if v is not None),
    )  # fmt: skip  # one thought
    return Chart(
        key=key,
        title=title,
        alt_text=_("The least of all is {venue} in {name}: {cost} {unit}.").format(
            venue=best[1], name=best[2], cost=number(best[0]), unit=unit
        ),
        columns=(_("Venue"), *(f"{name} ({unit})" for name in comparison.names)),
        rows=tuple((row.label, *row.values) for row in found),
        draw=partial(_draw_venues, comparison=comparison),
        note=_("A venue without a mark does not qualify in that scenario."),
        heights_mm=row_heights(len(found), 20.0),
        least=PLOT_LEAST,  # marks alone, beside a name each
    )


def _draw_venues(figure: Figure, theme: Theme, comparison: Comparison) -> None:
    sheet = Sheet(figure, theme)
    found = [row for row in comparison.results if row.key.startswith("venue.")]
    box = sheet.box
    entries = [KeyEntry(n, sheet.style(i), "mark") for i, n in enumerate(comparison.names)]
    used = sheet.key(entries, box)
    values = [v for row in found for v in row.values if v is not None]
    rows = row_plot(
        sheet,
        Box(box.left, box.bottom, box.right, box.top - used),
        [row.label for row in found],
        (),
        Axis(*padded(values), per_mtok(comparison.currency.code)),
    )
    for i, row in enumerate(found):
        count = len(row.values)
        for n, value in enumerate(row.values):
            if value is not None:
                # One below the other, so that equal values do not hide each other.
                y = rows.centres[i] + rows.thick * ((count - 1) / 2.0 - n) / count
                style, rim = sheet.style(n), theme.background
                sheet.stroke([(rows.at(value), y)], style.colour, line="", marker=style.marker,
                             size=6.0, rim=rim, row=i)  # fmt: skip  # place, then look


# -- latency ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """One scenario's latencies; load as a multiple of its own busiest hour."""

    number: int
    name: str
    workload: str
    serving: Serving
    at_peak: LatencyPoint
    percentile: str

    def points(self, metric: str) -> list[tuple[float, float]]:
        """(share of the busiest hour's load, ms) as far as it is bounded.

        The busiest hour is one of them: a curve that begins at many times its load has no other.
        """
        peak = self.at_peak.req_s
        others = [p for p in self.serving.curve if abs(p.req_s / peak - 1.0) > SAME_LOAD]
        found = [(p.req_s / peak, values_of(p, metric).get(self.percentile, math.inf))
                 for p in (*others, self.at_peak)]  # fmt: skip  # one thought
        return sorted((x, y) for x, y in found if math.isfinite(y) and y > 0 and x <= FARTHEST)

    def limit(self, metric: str) -> float | None:
        """The target of this latency, ms."""
        return next((t.limit_ms for t in self.serving.targets if t.key == metric), None)


def latencies(comparison: Comparison) -> Chart | Absent:
    """Latency against load, in multiples of each scenario's busiest hour, for one workload.

    Shown is the first workload of which two scenarios' options have predicted latencies, else
    the first that any has.
    """
    key, title = "scenario_latency", _("Latency against load by scenario")
    known = [found for slot in comparison.workloads if (found := _lines(comparison, slot.places))]
    if not known:
        return Absent(
            key, title, _("No scenario's recommended option has latencies predicted under load.")
        )
    lines = next((lines for lines in known if len(lines) > 1), known[0])
    metrics = [m for m in METRICS if any(line.limit(m) is not None for line in lines)]
    metrics = metrics or list(METRICS[:2])
    rows: list[tuple[Cell, ...]] = [
        (line.name, x, *(dict(line.points(m)).get(x) for m in metrics))
        for line in lines
        for x, _y in line.points(metrics[0])
    ]
    silent = [
        s.name for i, s in enumerate(comparison.scenarios) if i not in {x.number for x in lines}
    ]
    notes = [_workloads(lines), _("Load 1 is each scenario's own busiest hour.")]
    notes += [text for m in metrics if (text := _targets(lines, m))]
    if silent:
        notes.append(_("Not predicted for: {names}.").format(names=", ".join(silent)))
    return Chart(
        key=key,
        title=title,
        alt_text=" ".join(_at_peak(line, metrics) for line in lines),
        columns=(
            _("Scenario"),
            _("Load (of the busiest hour)"),
            *(f"{metric_name(m)} (ms)" for m in metrics),
        ),
        rows=tuple(rows),
        draw=partial(_draw_latencies, lines=tuple(lines), metrics=tuple(metrics)),
        note=" ".join(notes),
        heights_mm=(14.0 + 44.0 * len(metrics), 64.0 if len(metrics) < 4 else 112.0),
        least=PLOT_LEAST,
    )


def _lines(comparison: Comparison, places: Sequence[int | None]) -> list[_Line]:
    lines = []
    for i, (scenario, place) in enumerate(zip(comparison.scenarios, places, strict=True)):
        serving = scenario.serving(place)
        if place is None or serving is None or serving.at_peak is None:
            continue
        if serving.at_peak.req_s > LEAST_AT_PEAK and len(serving.curve) > 1:
            work = scenario.recommendation.assessment.workloads[place]
            lines.append(
                _Line(
                    i, scenario.name, work.name, serving, serving.at_peak, work.targets.percentile
                )
            )
    return lines


def _workloads(lines: Sequence[_Line]) -> str:
    """Which workload is shown; that of each scenario where they are not called alike."""
    if len({line.workload for line in lines}) == 1:
        return _("Workload: {name}.").format(name=lines[0].workload)
    each = semicolons(
        _("{workload} of {scenario}").format(workload=quoted(line.workload), scenario=line.name)
        for line in lines
    )
    return _("Workloads: {each}.").format(each=each)


def _targets(lines: Sequence[_Line], metric: str) -> str:
    """Whose target is which, where they differ; else ""."""
    limits = [(line.name, line.limit(metric)) for line in lines]
    if len({limit for _name, limit in limits}) == 1:
        return ""
    each = semicolons(
        f"{name} {DASH if limit is None else milliseconds(limit)}" for name, limit in limits
    )
    return _("Target of {metric}: {each}.").format(metric=metric_name(metric), each=each)


def _at_peak(line: _Line, metrics: Sequence[str]) -> str:
    parts = []
    for metric in metrics:
        value = values_of(line.at_peak, metric).get(line.percentile, math.inf)
        text = milliseconds(value) if math.isfinite(value) else _("unbounded")
        parts.append(f"{metric_name(metric)} {text}")
    return _("{name} in the busiest hour ({percentile}): {values}.").format(
        name=line.name, percentile=line.percentile.upper(), values=", ".join(parts)
    )


def _draw_latencies(
    figure: Figure, theme: Theme, lines: Sequence[_Line], metrics: Sequence[str]
) -> None:
    sheet = Sheet(figure, theme)
    box = sheet.box
    entries = [KeyEntry(line.name, sheet.style(line.number), "line") for line in lines]
    used = sheet.key(entries, box)
    stacked = sheet.narrow and box.height - used >= 7.0 * sheet.line * len(metrics)
    columns = 1 if stacked else (len(metrics) if len(metrics) < 4 else 2)
    count = -(-len(metrics) // columns)
    wide, high = box.width / columns, (box.height - used) / count
    for n, metric in enumerate(metrics):
        column, row = n % columns, n // columns
        left, top = box.left + column * wide, box.top - used - row * high
        place = Box(left, top - high + 1.0, left + wide - (3.0 if columns > 1 else 0.0), top)
        _draw_panel(
            sheet, place, lines, metric, named=row == count - 1 or n + columns >= len(metrics)
        )


def beside(names: Sequence[tuple[float, str]], sheet: Sheet) -> list[tuple[float, str, float]]:
    """(height, text, shift to the right) of lines' names, given upwards: no two overlap.

    A name stands over its line at the left edge, or right of the names that stand as low.
    """
    placed: list[tuple[float, str, float]] = []
    for level, text in names:
        near = [p for p in placed if level - p[0] < sheet.line + 0.4]
        shift = max((s + sheet.measure(words) + 2.0 for _level, words, s in near), default=0.0)
        placed.append((level, text, shift))
    return placed


def _draw_panel(
    sheet: Sheet, place: Box, lines: Sequence[_Line], metric: str, *, named: bool
) -> None:
    theme = sheet.theme
    limits: dict[float, list[_Line]] = {}
    for line in lines:
        if (limit := line.limit(metric)) is not None:
            limits.setdefault(limit, []).append(line)
    wanted = [limit * 1.35 for limit in limits]
    for line in lines:
        points = line.points(metric)
        # Up to the busiest hour everything is shown, beyond it what fits.
        wanted += [1.35 * y for x, y in points if x <= 1.0][-1:] or [y for _x, y in points[:1]]
    cap = max(wanted, default=1.0)
    far = max((p[0] for line in lines for p in cut_at(line.points(metric), cap)), default=1.0)
    scale, unit = (1000.0, "s") if cap >= 5_000 else (1.0, "ms")
    label = _("load, busiest hour = 1") if named else ""
    x = Axis(0.0, max(far, 1.0) * 1.03, label)
    y = Axis(0.0, cap / scale, f"{metric_name(metric)} ({unit})")
    axes, frame = sheet.plot(place, x, y, most=5)
    across = frame.left + x.place(1.0) * frame.width
    sheet.stroke([(across, frame.bottom), (across, frame.top)], theme.muted, width=0.6)
    names = beside(
        [
            (
                frame.bottom + y.place(limit / scale) * frame.height,
                _("target {value} {unit}").format(value=number(limit / scale), unit=unit),
            )
            for limit in sorted(limits)
        ],
        sheet,
    )
    for (level, text, shift), limit in zip(names, sorted(limits), strict=True):
        # in the colour of its scenario where it is not the target of all; the note names it too
        own = limits[limit]
        colour = sheet.style(own[0].number).colour if len(own) == 1 < len(lines) else theme.limit
        sheet.stroke(
            [(frame.left, level), (frame.right, level)], colour, width=1.1, line=(0, (4, 2))
        )
        left, foot = frame.left + 0.8 + shift, level + 0.4
        words = Box(left - 0.4, foot, left + sheet.measure(text) + 0.4, foot + sheet.line)
        sheet.rectangle(words, theme.background, z=2.5)  # nor does another's line run through it
        sheet.text(left, foot, text, va="bottom", colour=colour)
    for line in lines:
        style, points = sheet.style(line.number), cut_at(line.points(metric), cap)
        axes.plot(
            [px for px, _y in points],
            [py / scale for _x, py in points],
            label=line.name,
            color=style.colour,
            linestyle=style.line,
            linewidth=theme.line_pt,
            marker=style.marker if len(points) == 1 else "",  # a single point makes no line
        )
