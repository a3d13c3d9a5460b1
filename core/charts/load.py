"""The week's demand against what the installed replicas serve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from core.catalog.types import OWNED_VENUES
from core.charts.common import subject
from core.charts.records import PLOT_LEAST, Absent, Chart
from core.charts.scales import Axis, padded
from core.charts.sheet import Box, KeyEntry, Sheet, Style, mark_rows_by_x
from core.charts.theme import Theme
from core.decision.wording import number, percent
from core.recommendation import Analysis, Option, Recommendation, WorkloadDemand
from core.words import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 3
HOURS = 168
FARTHEST = 5.0
"""Multiple of the busiest hour up to which the capacity is drawn: a flat week tells nothing."""


@dataclass(frozen=True, slots=True)
class _Week:
    workload: str
    hours: tuple[float, ...]
    """Requests per second as they are served."""
    asked: tuple[float, ...]
    """The same as they come in; empty where none can wait, so that both are the same."""
    capacity: float | None
    """Requests per second of all serving replicas in the first year, targets met, spares down."""
    installed: float | None
    """The same with the spares running; ``None`` where there are none."""


def weekly_load(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """Requests per second over the 168 hours of a week of the first year, with capacity."""
    key, title = "weekly_load", _("Load over the week")
    about = subject(recommendation, option)
    weeks = [
        _Week(d.workload, _served(about, d), _asked(d), *_capacity(about, d.workload))
        for d in recommendation.demand
        if len(d.hourly_req_s) == HOURS
    ]
    if not weeks:
        return Absent(key, title, _("The demand by the hour is not known."))
    weeks.sort(key=lambda w: -max(w.hours))
    first = weeks[0]
    alt = _("{workload}: {peak} requests per second in the busiest hour, {mean} on average").format(
        workload=first.workload,
        peak=number(max(first.hours)),
        mean=number(sum(first.hours) / HOURS),
    )
    if first.capacity:
        alt += _("; usable capacity {capacity}, so the busiest hour uses {share}").format(
            capacity=number(first.capacity), share=percent(max(first.hours) / first.capacity)
        )
    notes = [] if about is None else [_("{title}, first year.").format(title=about.title)]
    notes += [_installed(w) for w in weeks[:MOST] if w.installed]
    if all(w.capacity is None for w in weeks):
        notes.append(_no_capacity(about))
    if len(weeks) > MOST:
        notes.append(_("The {n} busiest of {all} workloads.").format(n=MOST, all=len(weeks)))
    shown = weeks[:MOST]
    return Chart(
        key=key,
        title=title,
        alt_text=alt + ".",
        columns=(
            _("Hour of the week"),
            *(_per_second(w.workload) for w in weeks),
            *(
                _("{workload}, as they come in (requests/s)").format(workload=w.workload)
                for w in weeks
                if w.asked
            ),
        ),
        rows=tuple(
            (float(h), *(w.hours[h] for w in weeks), *(w.asked[h] for w in weeks if w.asked))
            for h in range(HOURS)
        ),
        draw=partial(_draw, weeks=tuple(shown)),
        note=" ".join(notes),
        heights_mm=(20.0 + 42.0 * len(shown), 20.0 + 40.0 * len(shown)),
        least=PLOT_LEAST,
    )


def _no_capacity(option: Option | None) -> str:
    if option is not None and any(s.capacity_req_s is not None for s in option.servings):
        return _("It carries no load within the targets, so no capacity is drawn.")
    return _("A hosted service has no capacity of one's own to draw.")


def _per_second(workload: str) -> str:
    """A workload with the unit of its load."""
    return f"{workload} ({_('requests/s')})"


def _asked(demand: WorkloadDemand) -> tuple[float, ...]:
    return () if demand.waiting is None else demand.waiting.asked_hourly_req_s


def _served(option: Option | None, demand: WorkloadDemand) -> tuple[float, ...]:
    """Requests per second by hour, as the option runs work that can wait; else as planned."""
    servings = [] if option is None else [s for s in option.servings if s.waiting is not None]
    found = [s.waiting for s in servings if s.workload == demand.workload]
    if len(found) != 1 or found[0] is None:  # a hybrid's parts serve as planned between them
        return demand.hourly_req_s
    return found[0].hourly_req_s


def _installed(week: _Week) -> str:
    """What is usable while the spares are down, and what stands there with them."""
    return _(
        "{workload}: {usable} requests/s usable with the spares down, {installed} installed."
    ).format(
        workload=week.workload,
        usable=number(week.capacity or 0.0),
        installed=number(week.installed or 0.0),
    )


def fullest_use(recommendation: Recommendation, option: Option) -> float | None:
    """Average use of own servers, 0..1, at which the busiest hour fills what is usable of them.

    That of the first year, times what the week of the workload that comes nearest to its capacity
    could grow. ``None`` for rented capacity, which follows the load, and where it is not known.
    """
    planned = option.fleet.utilisation
    if planned is None or option.venue not in OWNED_VENUES:
        return None
    room = []
    for demand in recommendation.demand:
        capacity = _capacity(option, demand.workload)[0]
        busiest = max(_served(option, demand), default=0.0)
        if not capacity or not busiest:
            return None
        room.append(capacity / busiest)
    return planned * min(room) if room else None


def _capacity(option: Option | None, workload: str) -> tuple[float | None, float | None]:
    """Of the replicas serving a workload, and with the spares; a hybrid's burst is not counted."""
    if option is None:
        return None, None
    total = 0.0
    for serving in option.servings:
        if serving.workload == workload and serving.capacity_req_s and serving.replicas_by_year:
            total += serving.capacity_req_s * serving.replicas_by_year[0]
    fleet = option.fleet
    if not total or not fleet.spares_by_year or not fleet.spares_by_year[0]:
        return total or None, None
    units, spares = fleet.units_by_year[0], fleet.spares_by_year[0]
    return total, total * units / (units - spares) if units > spares else None


def _steps(hours: tuple[float, ...]) -> list[tuple[float, float]]:
    """An hourly series as the corners of its steps."""
    return [corner for h, v in enumerate(hours) for corner in ((float(h), v), (float(h + 1), v))]


def _usable(weeks: tuple[_Week, ...]) -> str:
    if any(w.installed for w in weeks):
        return _("capacity within the targets, spares down")
    return _("capacity within the targets")


def _draw(figure: Figure, theme: Theme, weeks: tuple[_Week, ...]) -> None:
    from matplotlib.patches import Polygon

    sheet = Sheet(figure, theme)
    box = sheet.box
    demand, limit = Style(theme.series[5], (), "", ""), Style(theme.limit, (4, 2), "", "")
    asked = Style(theme.text, (), "", "")
    moved = any(w.asked for w in weeks)
    entries = [KeyEntry(_("requests as they are served") if moved else _("demand"), demand)]
    if moved:
        entries.append(KeyEntry(_("as they come in"), asked, "line"))
    if any(w.capacity and w.capacity <= FARTHEST * max(w.hours) for w in weeks):
        entries.append(KeyEntry(_usable(weeks), limit, "line"))
    used = sheet.key(entries, box)
    days = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    ticks = tuple((24.0 * d + 12.0, name) for d, name in enumerate(days))
    high = (box.height - used) / len(weeks)
    for n, week in enumerate(weeks):
        top = box.top - used - n * high
        far = week.capacity is not None and week.capacity > FARTHEST * max(week.hours)
        level_y = 0.0 if far else week.capacity or 0.0
        low_y, high_y = padded([*week.hours, *week.asked, level_y], pad=0.1)
        name = _("requests/s") if len(weeks) == 1 else _per_second(week.workload)
        y = Axis(low_y, high_y, name)
        x = Axis(0.0, float(HOURS), "", ticks=ticks)
        most = 5 if sheet.narrow else 6
        axes, frame = sheet.plot(Box(box.left, top - high + 0.5, box.right, top), x, y, most=most)
        corners = [(0.0, 0.0), *_steps(week.hours), (float(HOURS), 0.0)]
        shape = Polygon(
            corners, closed=True, facecolor=demand.colour, edgecolor="none", linewidth=0.0
        )
        mark_rows_by_x(shape)
        axes.add_patch(shape)
        if week.asked:
            across, up = zip(*_steps(week.asked), strict=True)
            axes.plot(across, up, color=asked.colour, linewidth=0.9)
        for day in range(1, 7):
            axes.axvline(24.0 * day, color=theme.grid, linewidth=0.6)
        if week.capacity and far:
            said = _("usable capacity {capacity}/s, beyond the scale").format(
                capacity=number(week.capacity)
            )
            sheet.text(frame.right, frame.top, said, ha="right", va="top", colour=theme.limit)
        elif week.capacity:
            level = frame.bottom + y.place(week.capacity) * frame.height
            ends = [(frame.left, level), (frame.right, level)]
            sheet.stroke(ends, theme.limit, width=1.2, line=limit.line)
            sheet.text(
                frame.right,
                level + 0.4,
                f"{number(week.capacity)}/s",
                ha="right",
                va="bottom",
                colour=theme.limit,
            )
