"""The site plan: racks from the front, and power against the site's limits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from core.charts.common import nothing_feasible, subject
from core.charts.records import Absent, Cell, Chart
from core.charts.rows import bar, row_heights, row_plot, upright
from core.charts.scales import Axis, padded
from core.charts.sheet import Box, KeyEntry, Sheet, Style
from core.charts.theme import Theme, ink_on
from core.decision.wording import measured, number, percent
from core.fleet import AVERAGE_POWER, NAMEPLATE_POWER, PEAK_POWER, POWER_WITH_COOLING
from core.notation import semicolons
from core.recommendation import Analysis, Fleet, Gate, Option, Rack, Recommendation
from core.units import converted, name_of
from core.words import _, ngettext

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOW_ROW_MM = 7.4

LIMITS = (
    "rack_power",
    "total_power",
    "feeds",
    "cooling",
    "racks",
    "height",
    "floor_load",
    "edge_power",
)
"""Gates of the place that compare a number with a limit."""


def _owned(recommendation: Recommendation, option: Option | None) -> Option | str:
    """The option with machines of one's own that a site chart is about, or why there is none."""
    about = subject(recommendation, option)
    if about is None:
        return nothing_feasible()
    if about.fleet.nameplate_kw is None and not about.fleet.racks:
        return _("{title}: the provider powers, cools and houses it.").format(title=about.title)
    return about


# -- racks -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Group:
    """Racks that follow one another and are alike."""

    rack: Rack
    first: int
    last: int

    @property
    def name(self) -> str:
        """For example ``Racks 1–12``."""
        if self.first == self.last:
            return _("Rack {n}").format(n=self.first)
        return _("Racks {first}–{last}, alike").format(first=self.first, last=self.last)


def _groups(fleet: Fleet) -> list[_Group]:
    groups: list[_Group] = []
    for rack in fleet.racks:
        same = groups and (
            groups[-1].rack.servers,
            groups[-1].rack.power_kw,
            groups[-1].rack.limit_kw,
            groups[-1].rack.height_u,
        ) == (rack.servers, rack.power_kw, rack.limit_kw, rack.height_u)
        if same:
            groups[-1] = _Group(groups[-1].rack, groups[-1].first, rack.number)
        else:
            groups.append(_Group(rack, rack.number, rack.number))
    return groups


def rack_layout(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """Front view of the racks with height units and kW; racks that are alike drawn once."""
    key, title = "rack_layout", _("Racks")
    about = _owned(recommendation, option)
    if isinstance(about, str):
        return Absent(key, title, about)
    fleet = about.fleet
    if not fleet.racks:
        return Absent(key, title, _("{title}: needs no racks.").format(title=about.title))
    groups = _groups(fleet)
    first = fleet.racks[0]
    limit = _("no limit known") if first.limit_kw is None else f"{number(first.limit_kw)} kW"
    alt = _(
        "Racks: {count}. The first holds {servers}, draws {kw} kW by nameplate (limit: {limit}) "
        "and fills {height} of {limit_u} U."
    ).format(
        count=fleet.rack_count,
        servers=_servers_in_words(first),
        kw=number(first.power_kw),
        limit=limit,
        height=number(first.height_u),
        limit_u=number(first.limit_u),
    )
    notes = [_("{title}. Nameplate power.").format(title=about.title)]
    if fleet.racks_not_listed:
        notes.append(
            _("{n} of {all} racks are detailed.").format(n=len(fleet.racks), all=fleet.rack_count)
        )
    if any(s[1] <= 0 for r in fleet.racks for s in r.servers):
        notes.append(_("Heights that the vendor does not publish are drawn as 1 U, dashed."))
    rows: list[tuple[Cell, ...]] = [
        (
            float(r.number),
            _servers_in_words(r),
            r.power_kw,
            r.limit_kw,
            r.height_u,
            r.limit_u,
            converted(r.weight_kg, "kg"),
        )
        for r in fleet.racks
    ]
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(
            _("Rack"),
            _("Servers"),
            _("Nameplate (kW)"),
            _("Limit (kW)"),
            _("Height (U)"),
            _("Limit (U)"),
            _("Weight ({unit})").format(unit=name_of("kg")),
        ),
        rows=tuple(rows),
        draw=partial(_draw_racks, groups=tuple(groups), fleet=fleet),
        note=" ".join(notes),
        heights_mm=(92.0, 88.0),
    )


def _servers_in_words(rack: Rack) -> str:
    counts: dict[str, int] = {}
    for name, _u, _kw in rack.servers:
        counts[name] = counts.get(name, 0) + 1
    return ", ".join(f"{n} × {name}" for name, n in counts.items())


def _draw_racks(figure: Figure, theme: Theme, groups: tuple[_Group, ...], fleet: Fleet) -> None:
    sheet, count = Sheet(figure, theme), fleet.rack_count
    box, line = sheet.box, sheet.line
    scale_mm = sheet.measure(f"42 {_('U')}") + 1.5
    wide = 34.0
    fit = max(1, int((box.width - scale_mm + 4.0) / (wide + 4.0)))
    shown = groups if len(groups) <= fit else (*groups[: max(fit - 1, 1)], groups[-1])[:fit]
    rack_mm = min((box.width - scale_mm + 4.0) / len(shown) - 4.0, 52.0)
    notes = []
    hidden = sum(g.last - g.first + 1 for g in groups if g not in shown)
    if hidden:
        text = ngettext(
            "{n} rack in between is not drawn", "{n} racks in between are not drawn", hidden
        )
        notes.append(text.format(n=hidden))
    if count > groups[-1].last:
        later = count - groups[-1].last
        text = ngettext("{n} more rack is not drawn", "{n} more racks are not drawn", later)
        notes.append(text.format(n=later))
    top = box.top - 2.0 * line - 0.8
    bottom = box.bottom + 3.0 * line + 1.5 + (line if notes else 0.0)
    units = max(g.rack.limit_u for g in shown) or 42.0
    per_u = (top - bottom) / units
    for u in range(0, int(units) + 1, 6 if units <= 48 else 12):
        y = bottom + u * per_u
        sheet.text(box.left, y, f"{u} {_('U')}", colour=theme.muted)
        sheet.stroke([(box.left + scale_mm - 1.0, y), (box.left + scale_mm, y)], theme.muted)
    for n, group in enumerate(shown):
        left = box.left + scale_mm + n * (rack_mm + 4.0)
        frame = Box(left, bottom, left + rack_mm, bottom + group.rack.limit_u * per_u)
        _draw_rack(sheet, frame, group, per_u)
        sheet.text(left, top + 0.8, sheet.wrap(group.name, rack_mm, 2), va="bottom", bold=True)
        _draw_load(sheet, Box(left, bottom - 2.0 * line - 1.2, left + rack_mm, bottom - 0.8), group)
    free = Box(box.left + scale_mm + len(shown) * (rack_mm + 4.0) + 2.0, bottom, box.right, top)
    if free.width >= 42.0:
        for n, fact in enumerate(_facts(fleet)):
            words = sheet.wrap(fact, free.width, 1)
            sheet.caption(free.left, free.top - (n + 0.5) * 1.25 * line, words, ha="left")
    if notes:
        sheet.text(
            box.left,
            box.bottom,
            sheet.wrap(semicolons(notes) + ".", box.width, 1),
            va="bottom",
            colour=theme.muted,
        )


def _facts(fleet: Fleet) -> list[str]:
    """What a facilities manager asks about the whole fleet, as far as it is known."""
    first, facts = fleet.racks[0], []
    for words, value, unit in (
        (_("Racks: {value}"), float(fleet.rack_count), ""),
        (_("Servers, spares included: {value}"), float(max(fleet.units_by_year, default=0)), ""),
        (_("Spares: {value}"), float(fleet.spares), ""),
        (_("Accelerators: {value}"), float(fleet.accelerators), ""),
        (_("Nameplate: {value} kW"), fleet.nameplate_kw, ""),
        (_("Heat to remove: {value} kW"), fleet.heat_kw, ""),
        (_("Each feed: {value} kVA"), fleet.feed_kva, ""),
        (_("Weight of the first rack: {value}"), first.weight_kg, "kg"),
        (_("Weight in all: {value}"), fleet.weight_kg, "kg"),
    ):
        if value is not None:
            told = measured(value, unit) if unit else number(value)
            facts.append(words.format(value=told))
    return facts


def _draw_rack(sheet: Sheet, frame: Box, group: _Group, per_u: float) -> None:
    theme, rack = sheet.theme, group.rack
    sheet.rectangle(frame, theme.band, edge=theme.muted, width=0.9, row=group.first - 1)
    fill = theme.series[0]
    at = frame.bottom
    for name, height, kw in rack.servers:
        high = (height if height > 0 else 1.0) * per_u
        place = Box(frame.left + 0.8, at + 0.15, frame.right - 0.8, at + high - 0.15)
        sheet.rectangle(place, fill if height > 0 else None, edge=fill, width=0.6)
        ink = ink_on(fill) if height > 0 else theme.text
        power = f"{number(kw)} kW" if kw else _("kW unknown")
        if place.height >= 2.2 * sheet.line:
            words = f"{sheet.wrap(name, place.width - 1.6, 1)}\n{power}"
            middle = (place.bottom + place.top) / 2.0
            sheet.text(place.left + 0.9, middle, words, colour=ink)
        elif place.height >= 0.72 * sheet.line:
            words = sheet.wrap(f"{power}, {name}", place.width - 1.6, 1)
            sheet.caption(
                place.left + 0.9, (place.bottom + place.top) / 2.0, words, ha="left", colour=ink
            )
        at += high
    network = rack.height_u - sum(height for _n, height, _kw in rack.servers)
    if network > 0.5 and at + network * per_u <= frame.top + 0.01:
        place = Box(
            frame.left + 0.8,
            frame.top - network * per_u + 0.15,
            frame.right - 0.8,
            frame.top - 0.15,
        )
        sheet.rectangle(place, theme.series[8], edge=theme.series[8], width=0.6)
        if place.height >= 0.72 * sheet.line:
            words = sheet.wrap(_("Switches, {u} U").format(u=number(network)), place.width - 1.6, 1)
            middle = (place.bottom + place.top) / 2.0
            sheet.caption(
                place.left + 0.9, middle, words, ha="left", colour=ink_on(theme.series[8])
            )


def _draw_load(sheet: Sheet, place: Box, group: _Group) -> None:
    """A small bar of the rack's power with its limit, and both in words."""
    theme, rack = sheet.theme, group.rack
    top = place.top - 0.4
    track = Box(place.left, top - 1.8, place.right, top)
    limit = rack.limit_kw
    if limit is None:
        words = _("{kw} kW, limit not known").format(kw=number(rack.power_kw))
    else:
        words = _("{kw} of {limit} kW").format(kw=number(rack.power_kw), limit=number(limit))
        most = max(limit, rack.power_kw) * 1.12
        over = rack.power_kw > limit * (1 + 1e-9)
        used = place.left + rack.power_kw / most * place.width
        sheet.rectangle(track, theme.band)
        sheet.rectangle(
            Box(track.left, track.bottom, used, track.top), theme.limit if over else theme.series[0]
        )
        at = place.left + limit / most * place.width
        sheet.stroke([(at, track.bottom - 0.5), (at, track.top + 0.5)], theme.text, width=1.2)
        if over:
            words += _(": over the limit")
    sheet.text(place.left, track.bottom - 0.7, sheet.wrap(words, place.width, 2), va="top")


# -- power -----------------------------------------------------------------------------------


def power_budget(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """Power of the fleet in kW, and how much of each of the site's limits it uses."""
    key, title = "power_budget", _("Power and the site's limits")
    about = _owned(recommendation, option)
    if isinstance(about, str):
        return Absent(key, title, about)
    fleet = about.fleet
    figures = [
        (name, kw)
        for name, kw in (
            (_(NAMEPLATE_POWER), fleet.nameplate_kw),
            (_(PEAK_POWER), fleet.peak_kw),
            (_(AVERAGE_POWER), fleet.average_kw),
            (_(POWER_WITH_COOLING), fleet.facility_kw),
        )
        if kw is not None
    ]
    if not figures:
        return Absent(key, title, _("{title}: its power is not known.").format(title=about.title))
    limits = [
        g
        for g in about.gates
        if g.key in LIMITS and g.needed is not None and g.limit is not None and g.limit > 0
    ]
    unknown = [g.label for g in about.gates if g.key in LIMITS and g.status == "unknown"]
    rows: list[tuple[Cell, ...]] = [(name, kw, None, None) for name, kw in figures]
    rows += [
        (
            f"{g.label} ({name_of(g.unit)})",
            converted(g.needed, g.unit),
            converted(g.limit, g.unit),
            100.0 * (g.needed or 0.0) / (g.limit or 1.0),
        )
        for g in limits
    ]
    alt = ", ".join(f"{name} {number(kw)} kW" for name, kw in figures) + "."
    if limits:
        alt += " " + _("Share of the limits used: {parts}.").format(
            parts=", ".join(
                f"{g.label} {percent((g.needed or 0.0) / (g.limit or 1.0))}" for g in limits
            )
        )
    notes = [f"{about.title}."]
    if unknown:
        notes.append(_("To be confirmed: {labels}.").format(labels=", ".join(unknown)))
    total = next((g.limit for g in limits if g.key == "total_power"), None)
    count = len(figures) + len(limits)
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(_("Item"), _("Needed"), _("Limit"), _("Share of the limit (%)")),
        rows=tuple(rows),
        draw=partial(_draw_power, figures=tuple(figures), limits=tuple(limits), total=total),
        note=" ".join(notes),
        # low rows: on paper it stands below the racks on one page, Letter too
        heights_mm=(
            row_heights(count, 40.0 if limits else 18.0)[0],
            LOW_ROW_MM * count + (36.0 if limits else 18.0),
        ),
    )


def _draw_power(
    figure: Figure,
    theme: Theme,
    figures: tuple[tuple[str, float], ...],
    limits: tuple[Gate, ...],
    total: float | None,
) -> None:
    sheet = Sheet(figure, theme)
    box = sheet.box
    limit = Style(theme.limit, (4, 2), "", "")
    entries = [KeyEntry(_("limit"), limit, "line")] if limits else []
    used = sheet.key(entries, box) if entries else 0.0
    foot = 2.0 * sheet.line + 4.0
    rows_mm = (box.height - used - foot * (2 if limits else 1)) / (len(figures) + len(limits))
    middle = box.top - used - rows_mm * len(figures) - foot
    upper = row_plot(
        sheet,
        Box(box.left, middle + 2.0 if limits else box.bottom, box.right, box.top - used),
        [name for name, _kw in figures],
        [f"{number(kw)} kW" for _n, kw in figures],
        Axis(*padded([*(kw for _n, kw in figures), total or 0.0]), "kW"),
    )
    for i, (_name, kw) in enumerate(figures):
        bar(sheet, upper, i, 0.0, kw, sheet.style(0), row=i)
    if total is not None:
        upright(sheet, upper, total, theme.limit, width=1.3, line=limit.line)
    if not limits:
        return
    shares = [100.0 * (g.needed or 0.0) / (g.limit or 1.0) for g in limits]
    lower = row_plot(
        sheet,
        Box(box.left, box.bottom, box.right, middle),
        [g.label for g in limits],
        [
            _("{needed} of {limit}").format(
                needed=number(converted(g.needed, g.unit) or 0.0),
                limit=measured(g.limit or 0.0, g.unit),
            )
            for g in limits
        ],
        Axis(0.0, max(*shares, 100.0) * 1.08, _("share of the limit used"), suffix=" %"),
    )
    for i, share in enumerate(shares):
        over = share > 100.0 * (1 + 1e-9)
        style = Style(theme.limit, (), "", "") if over else sheet.style(0)
        row = len(figures) + i
        bar(sheet, lower, i, 0.0, share, style, row=row, text=_("over the limit") if over else "")
    upright(sheet, lower, 100.0, theme.limit, width=1.3, line=limit.line)
