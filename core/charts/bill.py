"""The bill: cash flow by year, and which line costs how much per million tokens."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from core.charts.common import nothing_feasible, per_mtok, subject
from core.charts.records import PLOT_LEAST, ROWS_LEAST, Absent, Cell, Chart
from core.charts.rows import bar, row_heights, row_plot, upright, whisker
from core.charts.scales import Axis, aligned, money_unit, padded
from core.charts.sheet import Box, KeyEntry, Sheet, Style, mark_row
from core.charts.theme import HATCHES, Theme
from core.decision.wording import lower_first, money, number, years_in_words
from core.recommendation import Analysis, Cost, CostLine, Option, Recommendation
from core.words import N_, _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("capex", "opex", "energy", "metered", "residual")
MOST_LINES = 12
BASIS = {
    "sourced": N_("sourced"),
    "weak": N_("source of low confidence"),
    "assumption": N_("assumption"),
}
"""What a line of the bill rests on, surest first; lines drawn together count as the least sure."""


def _kind_names() -> dict[str, str]:
    return {
        "capex": _("Purchases"),
        "opex": _("Operation"),
        "energy": _("Energy"),
        "metered": _("Metered charges"),
        "residual": _("Resale"),
    }


def _priced(recommendation: Recommendation, option: Option | None) -> tuple[Option, Cost] | str:
    """The option the bill is about with its cost, or why there is no bill."""
    about = subject(recommendation, option)
    if about is None:
        return nothing_feasible()
    if about.cost is None or not about.cost.lines:
        return _("{title}: no price is known.").format(title=about.title)
    return about, about.cost


# -- cash flow -------------------------------------------------------------------------------


def cash_flow(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """What is paid in each year by kind, and the running total."""
    key, title = "cash_flow", _("Cash flow by year")
    found = _priced(recommendation, option)
    if isinstance(found, str):
        return Absent(key, title, found)
    about, cost = found
    kinds = [k for k in KINDS if any(line.kind == k for line in cost.lines)]
    years = len(cost.yearly_usd)
    flows = {
        k: [sum(x.yearly_usd[y] for x in cost.lines if x.kind == k) for y in range(years)]
        for k in kinds
    }
    running, total = [], 0.0
    for amount in cost.yearly_usd:
        total += amount
        running.append(total)
    code, of = recommendation.currency.code, recommendation.money
    names = _kind_names()
    rows: list[tuple[Cell, ...]] = [
        (
            _("Start") if y == 0 else _("Year {n}").format(n=y),
            *(of(flows[k][y]) for k in kinds),
            of(cost.yearly_usd[y]),
            of(running[y]),
        )
        for y in range(years)
    ]
    alt = _("{title}: {start} at the start, {total} after {years}.").format(
        title=about.title,
        start=money(cost.yearly_usd[0], recommendation.currency),
        total=money(running[-1], recommendation.currency),
        years=years_in_words(years - 1),
    )
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(
            _("Year"),
            *(f"{names[k]} ({code})" for k in kinds),
            _("Sum ({code})").format(code=code),
            _("Running total ({code})").format(code=code),
        ),
        rows=tuple(rows),
        draw=partial(
            _draw_cash,
            flows={k: tuple(of(v) for v in flows[k]) for k in kinds},
            running=tuple(of(v) for v in running),
            code=code,
        ),
        note=_("{title}. Nominal, undiscounted.").format(title=about.title),
        heights_mm=(74.0, 76.0),
        least=PLOT_LEAST,
    )


def _draw_cash(
    figure: Figure,
    theme: Theme,
    flows: dict[str, tuple[float, ...]],
    running: tuple[float, ...],
    code: str,
) -> None:
    from matplotlib.patches import Rectangle

    sheet = Sheet(figure, theme)
    box, names, years = sheet.box, _kind_names(), len(running)
    styles = {k: sheet.style(i) for i, k in enumerate(flows)}
    total = Style(theme.text, (), "o", "")
    entries = [KeyEntry(names[k], styles[k]) for k in flows]
    used = sheet.key([*entries, KeyEntry(_("Running total"), total, "line")], box)
    ups = [sum(max(f[y], 0.0) for f in flows.values()) for y in range(years)]
    downs = [sum(min(f[y], 0.0) for f in flows.values()) for y in range(years)]
    unit = money_unit(max(map(abs, [*running, *ups, *downs])), code)
    low, high = padded([v / unit.divisor for v in (*running, *ups, *downs)])
    stride = max(1, -(-years // (8 if sheet.narrow else 16)))
    ticks = tuple(
        (float(y), _("start") if y == 0 else str(y)) for y in range(years) if y % stride == 0
    )
    x = Axis(-0.55, years - 0.45, _("year"), ticks=ticks)
    axes, _frame = sheet.plot(
        Box(box.left, box.bottom, box.right, box.top - used), x, Axis(low, high, unit.text)
    )
    tops, bottoms = [0.0] * years, [0.0] * years
    for kind, amounts in flows.items():
        style = styles[kind]
        for y, amount in enumerate(amounts):
            if not amount:
                continue
            stack = tops if amount > 0 else bottoms
            place = ((y - 0.32, stack[y] / unit.divisor), 0.64, amount / unit.divisor)
            stack[y] += amount
            patch = Rectangle(
                *place, facecolor=style.colour, edgecolor=theme.background, linewidth=0.6
            )
            axes.add_patch(patch)
            mark_row(patch, y)
            if style.hatch:
                axes.add_patch(
                    Rectangle(
                        *place,
                        facecolor="none",
                        edgecolor=theme.background,
                        linewidth=0.0,
                        hatch=style.hatch,
                    )
                )
    axes.axhline(0.0, color=theme.muted, linewidth=0.7)
    axes.plot(
        range(years),
        [v / unit.divisor for v in running],
        label=_("Running total"),
        color=theme.text,
        linewidth=theme.line_pt,
        marker="o",
        markersize=3.5,
        markeredgecolor=theme.background,
        markeredgewidth=0.6,
    )


# -- levelised cost by line ------------------------------------------------------------------


def cost_breakdown(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """Each line's part of the levelised cost, with its low and high case."""
    key, title = "cost_breakdown", _("What the cost per million tokens is made of")
    found = _priced(recommendation, option)
    if isinstance(found, str):
        return Absent(key, title, found)
    about, cost = found
    if not cost.npv_usd:
        return Absent(key, title, _("{title}: costs nothing.").format(title=about.title))
    code = recommendation.currency.code
    # present value of a line over the present value of the tokens
    factor = recommendation.money(cost.usd_per_mtok.base / cost.npv_usd)
    lines = sorted(cost.lines, key=lambda x: -abs(x.present_value_usd))
    parts = [(x, x.present_value_usd * factor) for x in lines]
    top = parts[0]
    alt = _("{title}: {total} {code} per million tokens; most is {label} with {amount}.").format(
        title=about.title,
        total=number(recommendation.money(cost.usd_per_mtok.base)),
        code=code,
        label=lower_first(top[0].label),
        amount=number(top[1]),
    )
    unit = per_mtok(code)
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(
            _("Line"),
            _("Low ({unit})").format(unit=unit),
            _("Base ({unit})").format(unit=unit),
            _("High ({unit})").format(unit=unit),
            _("Share (%)"),
            _("Basis"),
        ),
        rows=tuple(
            (
                x.label,
                min(v * x.low_factor, v * x.high_factor),
                v,
                max(v * x.low_factor, v * x.high_factor),
                100.0 * x.present_value_usd / cost.npv_usd,
                _(BASIS[x.basis]),
            )
            for x, v in parts
        ),
        draw=partial(_draw_breakdown, parts=tuple(parts), unit=unit),
        note=_("{title}. Lines show low and high case.").format(title=about.title),
        heights_mm=row_heights(min(len(parts), MOST_LINES), 18.0),
        least=ROWS_LEAST,
    )


def _draw_breakdown(
    figure: Figure, theme: Theme, parts: tuple[tuple[CostLine, float], ...], unit: str
) -> None:
    sheet = Sheet(figure, theme)
    box = sheet.box
    shown = parts[:MOST_LINES] if len(parts) <= MOST_LINES else parts[: MOST_LINES - 1]
    rest = sum(v for _x, v in parts[len(shown) :])
    labels = [x.label for x, _v in shown]
    values = [v for _x, v in shown]
    bases = [x.basis for x, _v in shown]
    if len(parts) > len(shown):
        labels.append(_("{n} smaller lines").format(n=len(parts) - len(shown)))
        values.append(rest)
        bases.append(max((x.basis for x, _v in parts[len(shown) :]), key=list(BASIS).index))
    ends = [v * f for x, v in shown for f in (1.0, x.low_factor, x.high_factor)]
    low, high = padded([*ends, *values])
    # light enough for the range to show on it
    style = Style(theme.series[5], (), "", "")
    styles = {"sourced": style, "weak": replace(style, hatch=HATCHES[1]), "assumption": style}
    entries = [
        KeyEntry(_(BASIS[key]), styles[key], "outline" if key == "assumption" else "fill")
        for key in BASIS
        if key in bases
    ]
    used = sheet.key(entries, box)
    rows = row_plot(
        sheet,
        Box(box.left, box.bottom, box.right, box.top - used),
        labels,
        aligned(values),
        Axis(low, high, unit),
    )
    for i, value in enumerate(values):
        guess = bases[i] == "assumption"
        bar(sheet, rows, i, 0.0, value, styles[bases[i]], row=i, hollow=guess)
        if i < len(shown):
            line = shown[i][0]
            span = sorted((value * line.low_factor, value * line.high_factor))
            if span[1] > span[0]:
                whisker(sheet, rows, i, span[0], span[1], theme.text, 0.9)
    upright(sheet, rows, 0.0, theme.muted, width=0.7)
