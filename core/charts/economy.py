"""Cost over time and over the owned share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from core.charts.common import ranked, short, subject
from core.charts.records import PLOT_LEAST, Absent, Cell, Chart
from core.charts.scales import Axis, Unit, crossing, money_unit, padded
from core.charts.sheet import Box, KeyEntry, Sheet, Style
from core.charts.theme import Theme
from core.decision.wording import chance, money, number
from core.notation import semicolons
from core.recommendation import Analysis, HybridPoint, Option, Recommendation
from core.words import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LINES = 5
BESIDE_AXIS = 0.025
"""Share of the plot between its axis and a mark at its first value."""


# -- break-even ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Course:
    name: str
    usd: tuple[float, ...]
    """Cumulative by month."""


def break_even(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """Cumulative cost by month of the leading options of different venues and the base case."""
    key, title = "break_even", _("Cumulative cost over time")
    courses = _courses(recommendation, option)
    if not courses:
        return Absent(key, title, _("No price is known for any option."))
    code = recommendation.currency.code
    months = min(len(c.usd) for c in courses)
    about = subject(recommendation, option) or ranked(recommendation)[0]
    alt = _("Paid after {months} months: {totals}.").format(
        months=months - 1,
        totals=semicolons(f"{c.name} {money(c.usd[-1], recommendation.currency)}" for c in courses),
    )
    payback = None if about.cost is None else about.cost.payback_months
    notes = [_("Undiscounted; purchases and resale fall on the month they are paid.")]
    if recommendation.base_case:
        notes.append(_("Base case: {text}.").format(text=recommendation.base_case.rstrip(".")))
    if payback is not None and payback > 0:
        alt += " " + _("It has paid back against the base case after {n} months.").format(
            n=number(payback)
        )
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(_("Month"), *(f"{c.name} ({code})" for c in courses)),
        rows=tuple(
            (float(m), *(recommendation.money(c.usd[m]) for c in courses)) for m in range(months)
        ),
        draw=partial(_draw_courses, courses=courses, recommendation=recommendation),
        note=" ".join(notes),
        heights_mm=(72.0, 76.0),
        least=PLOT_LEAST,
    )


def _courses(recommendation: Recommendation, option: Option | None) -> tuple[_Course, ...]:
    """The chosen option or the winner, then the best of each other venue, then the base case."""
    everything = (*recommendation.options, *recommendation.rejected)
    base = next(
        (o for o in everything if o.title == recommendation.base_case and o.cost is not None), None
    )
    head = subject(recommendation, option)
    chosen: list[Option] = [head] if head is not None and head.cost is not None else []
    for item in ranked(recommendation):
        new = all(o.venue != item.venue or o.id == item.id for o in chosen)
        if item.cost is not None and new and item.id not in {o.id for o in chosen}:
            chosen.append(item)
    chosen = chosen[: LINES - 1]
    if base is not None and base.id not in {o.id for o in chosen}:
        chosen.append(base)
    courses = []
    for item in chosen:
        assert item.cost is not None
        if len(item.cost.cumulative_usd) > 1:
            name = short(item)
            if base is not None and item.id == base.id:
                name = _("Base case: {name}").format(name=name)
            courses.append(_Course(name, item.cost.cumulative_usd))
    if recommendation.paid_today_usd and courses:
        courses.append(_Course(_("Base case: paid today"), recommendation.paid_today_usd))
    return tuple(courses)


def _draw_courses(
    figure: Figure, theme: Theme, courses: tuple[_Course, ...], recommendation: Recommendation
) -> None:
    sheet = Sheet(figure, theme)
    box = sheet.box
    values = [[recommendation.money(v) for v in c.usd] for c in courses]
    unit = money_unit(max(abs(v) for line in values for v in line), recommendation.currency.code)
    shown = [[v / unit.divisor for v in line] for line in values]
    months = max(len(line) for line in shown) - 1
    low, high = padded([v for line in shown for v in line])
    step = 6 if months <= 36 else 12
    if sheet.narrow:
        step *= 2
    ticks = tuple((float(m), str(m)) for m in range(0, months + 1, step))
    direct = not sheet.narrow
    right = 0.34 * box.width if direct else 0.0
    used = 0.0
    if not direct:
        entries = [KeyEntry(c.name, sheet.style(i), "line") for i, c in enumerate(courses)]
        used = sheet.key(entries, box)
    place = Box(box.left, box.bottom, box.right, box.top - used)
    x = Axis(0.0, float(months), _("months after the start"), ticks=ticks)
    y = Axis(low, high, unit.text)
    axes, frame = sheet.plot(place, x, y, right=right)
    ends = []
    for i, line in enumerate(shown):
        style = sheet.style(i)
        axes.plot(
            range(len(line)),
            line,
            label=courses[i].name,
            color=style.colour,
            linestyle=style.line,
            linewidth=theme.line_pt * (1.3 if i == 0 else 1.0),
        )
        ends.append(
            (frame.bottom + y.place(line[-1]) * frame.height, courses[i].name, style.colour)
        )
    if direct:
        sheet.end_labels(frame, ends, right)


# -- hybrid split ----------------------------------------------------------------------------


def hybrid_split(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """Present cost of an owned base plus burst, for every size of the base."""
    key, title = "hybrid_split", _("How much to own: base and burst")
    about = recommendation.split_shown(option)
    if about is None or len(about.hybrid_curve) < 2:
        return Absent(key, title, _("No hybrid of an owned base and a burst venue was possible."))
    curve = about.hybrid_curve
    best = min(curve, key=lambda p: p.total_usd)
    code, money_of = recommendation.currency.code, recommendation.money
    alt = _(
        "{title}: cheapest with {n} owned units that serve {share} of the tokens, {total}; "
        "owning nothing costs {none}, owning all {all}."
    ).format(
        title=about.title,
        n=best.owned_units,
        share=chance(best.owned_share),
        total=money(best.total_usd, recommendation.currency),
        none=money(curve[0].total_usd, recommendation.currency),
        all=money(curve[-1].total_usd, recommendation.currency),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            float(p.owned_units),
            100.0 * p.owned_share,
            money_of(p.owned_usd),
            money_of(p.burst_usd),
            money_of(p.total_usd),
        )
        for p in curve
    ]
    unit = money_unit(max(money_of(p.total_usd) for p in curve), code)
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(
            _("Owned units"),
            _("Tokens served by them (%)"),
            _("Owned ({code}, present value)").format(code=code),
            _("Burst ({code}, present value)").format(code=code),
            _("Total ({code}, present value)").format(code=code),
        ),
        rows=tuple(rows),
        draw=partial(
            _draw_hybrid,
            curve=curve,
            unit=Unit(unit.divisor / recommendation.currency.per_usd, unit.text),
        ),
        note=about.title + ".",
        heights_mm=(70.0, 74.0),
        least=PLOT_LEAST,
    )


def _draw_hybrid(figure: Figure, theme: Theme, curve: tuple[HybridPoint, ...], unit: Unit) -> None:
    from matplotlib.patches import Polygon

    sheet = Sheet(figure, theme)
    box = sheet.box
    owned, burst, total = sheet.style(0), sheet.style(1), Style(theme.text, (), "o", "")
    used = sheet.key(
        [
            KeyEntry(_("Owned base"), owned),
            KeyEntry(_("Burst"), burst),
            KeyEntry(_("Total"), total, "line"),
        ],
        box,
    )
    xs = [float(p.owned_units) for p in curve]
    lower = [p.owned_usd / unit.divisor for p in curve]
    upper = [p.total_usd / unit.divisor for p in curve]
    low, high = padded([*lower, *upper], pad=0.14)
    whole = xs[-1] - xs[0]
    step = max(1, math.ceil(whole / (5 if sheet.narrow else 8)))
    ticks = tuple((x, f"{x:.0f}") for x in xs if (x - xs[0]) % step == 0)
    best = min(range(len(xs)), key=lambda i: upper[i])
    end = xs[-1] if whole else xs[0] + 1.0
    # a mark on the axis itself would cover a figure of it
    start = xs[0] - (BESIDE_AXIS * (end - xs[0]) if best == 0 else 0.0)
    x = Axis(start, end, _("owned units"), ticks=ticks)
    y = Axis(low, high, _("{unit}, present value").format(unit=unit.text))
    axes, frame = sheet.plot(Box(box.left, box.bottom, box.right, box.top - used), x, y)
    base = [0.0] * len(xs)
    for bottom, top, style in ((base, lower, owned), (lower, upper, burst)):
        outline = [*zip(xs, top, strict=True), *zip(xs[::-1], bottom[::-1], strict=True)]
        axes.add_patch(
            Polygon(outline, closed=True, facecolor=style.colour, edgecolor="none", linewidth=0.0)
        )
        if style.hatch:
            axes.add_patch(
                Polygon(
                    outline,
                    closed=True,
                    facecolor="none",
                    edgecolor=theme.background,
                    linewidth=0.0,
                    hatch=style.hatch,
                )
            )
    axes.plot(xs, upper, label=_("Total"), color=theme.text, linewidth=theme.line_pt)
    across = frame.left + x.place(xs[best]) * frame.width
    up = frame.bottom + y.place(upper[best]) * frame.height
    sheet.stroke([(across, up)], theme.text, line="", marker="D", size=6.5, row=best)
    words = _("cheapest: {n}, serving {share}").format(
        n=curve[best].owned_units, share=chance(curve[best].owned_share)
    )
    half = sheet.measure(words, bold=True) / 2.0
    middle = min(max(across, frame.left + half), frame.right - half)
    # above the line wherever the words reach: at its points there, and where they begin and end
    line = [
        (frame.left + x.place(at) * frame.width, frame.bottom + y.place(v) * frame.height)
        for at, v in zip(xs, upper, strict=True)
    ]
    ends = [crossing(line, at) for at in (middle - half - 0.6, middle + half + 0.6)]
    reach = [v for at, v in line if abs(at - middle) <= half] + [v for v in ends if v is not None]
    foot = max([up, *reach]) + 1.6
    plate = Box(middle - half - 0.6, foot - 0.2, middle + half + 0.6, foot + sheet.line)
    sheet.rectangle(plate, theme.background, z=2.5)  # words never stand on a pattern
    sheet.text(middle, foot, words, ha="center", va="bottom", bold=True)
