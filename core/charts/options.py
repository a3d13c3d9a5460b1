"""Charts that compare options: cost with its range, scores, carbon."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from core.charts.common import per_mtok, ranked, short
from core.charts.records import ROWS_LEAST, Absent, Cell, Chart
from core.charts.rows import bar, mark, row_heights, row_plot, whisker
from core.charts.scales import Axis, aligned, padded, padded_log
from core.charts.sheet import Box, KeyEntry, Sheet
from core.charts.theme import Theme
from core.decision.wording import number
from core.notation import local
from core.recommendation import Analysis, Option, OptionUncertainty, Recommendation
from core.words import _, ngettext

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_CARBON = 6
"""Options whose carbon is drawn, as many as the table beside it has."""
LOG_FROM = 15.0
"""Ratio of largest to smallest value from which a log axis reads better."""


def cost_per_mtok(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """Levelised cost of the ranked options with both its ranges."""
    key, title = "cost_per_mtok", _("Cost per million tokens")
    sampled = {u.option_id: u for u in analysis.uncertainty} if analysis else {}
    code, money = recommendation.currency.code, recommendation.money
    options = ranked(recommendation, option)
    priced = [o for o in options if o.cost is not None]
    unpriced = [o for o in (*recommendation.options, *recommendation.rejected) if o.cost is None]
    if not priced:
        return Absent(key, title, _("No price is known for any option."))
    rows: list[tuple[Cell, ...]] = []
    for o in priced:
        assert o.cost is not None
        spread, futures = o.cost.usd_per_mtok, sampled.get(o.id)
        rows.append(
            (
                o.title,
                _("feasible") if o.feasible else _("not feasible"),
                money(spread.low),
                money(spread.base),
                money(spread.high),
                money(futures.usd_per_mtok_p10) if futures else None,
                money(futures.usd_per_mtok_p90) if futures else None,
            )
        )
    rows += [(o.title, _("no price known"), None, None, None, None, None) for o in unpriced]
    first = priced[0]
    assert first.cost is not None
    low, base, high = (
        money(v)
        for v in (
            first.cost.usd_per_mtok.low,
            first.cost.usd_per_mtok.base,
            first.cost.usd_per_mtok.high,
        )
    )
    alt = _(
        "Levelised cost of {n} options. {title}: {base} {code} per million tokens, "
        "range {low} to {high}."
    ).format(
        n=len(priced),
        title=first.title,
        base=number(base),
        low=number(low),
        high=number(high),
        code=code,
    )
    notes = []
    hidden = len(recommendation.options) - sum(o.feasible for o in priced)
    if hidden > 0:
        text = ngettext(
            "{n} more feasible option is not drawn.",
            "{n} more feasible options are not drawn.",
            hidden,
        )
        notes.append(text.format(n=hidden))
    if unpriced:
        n = len(unpriced)
        notes.append(
            ngettext(
                "{n} option has no known price; it is rejected and not drawn.",
                "{n} options have no known price; they are rejected and not drawn.",
                n,
            ).format(n=local(f"{n:,}"))
        )
    line = _(
        "The line runs from every cost line at its low case to every one at its high case, at the "
        "stated load."
    )
    if sampled:
        line += " " + _(
            "The bar is another range: it holds 80 % of the sampled futures (P10 to P90), in which "
            "load, growth, prices and speed vary together."
        )
        # only the leading and the cheapest are run through the futures: a missing bar says so
        barless = sum(o.id not in sampled for o in priced)
        if barless:
            line += " " + ngettext(
                "{n} option drawn has no bar: it was not run through the futures.",
                "{n} options drawn have no bar: they were not run through the futures.",
                barless,
            ).format(n=barless)
    notes.append(line)
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(
            _("Option"),
            _("Status"),
            _("Low ({unit})").format(unit=per_mtok(code)),
            _("Base ({unit})").format(unit=per_mtok(code)),
            _("High ({unit})").format(unit=per_mtok(code)),
            _("P10 of futures ({unit})").format(unit=per_mtok(code)),
            _("P90 of futures ({unit})").format(unit=per_mtok(code)),
        ),
        rows=tuple(rows),
        draw=partial(
            _draw_costs, options=tuple(priced), recommendation=recommendation, sampled=sampled
        ),
        note=" ".join(notes),
        heights_mm=row_heights(len(priced), 17.0),
        least=ROWS_LEAST,
    )


def _draw_costs(
    figure: Figure,
    theme: Theme,
    options: tuple[Option, ...],
    recommendation: Recommendation,
    sampled: Mapping[str, OptionUncertainty],
) -> None:
    sheet = Sheet(figure, theme)
    # no pattern, which would be read as part of the line over it
    band, line = dataclasses.replace(sheet.style(5), hatch=""), sheet.style(0)
    key = [
        KeyEntry(_("base value"), line, "mark"),
        KeyEntry(_("all costs low to all costs high"), line, "line"),
    ]
    if sampled:
        key.append(KeyEntry(_("80 % of sampled futures"), band))
    taken = sheet.key(key, sheet.box)
    box = Box(sheet.box.left, sheet.box.bottom, sheet.box.right, sheet.box.top - taken)
    money, code = recommendation.money, recommendation.currency.code
    spreads = [o.cost.usd_per_mtok for o in options if o.cost is not None]
    ends = [money(v) for s in spreads for v in (s.low, s.base, s.high)]
    for o in options:
        if o.id in sampled:
            futures = sampled[o.id]
            ends += [money(futures.usd_per_mtok_p10), money(futures.usd_per_mtok_p90)]
    positive = [v for v in ends if v > 0]
    log = len(positive) == len(ends) and max(ends) / min(ends) > LOG_FROM
    low, high = padded_log(ends) if log else padded(ends)
    label = per_mtok(code) + (_(" (log scale)") if log else "")
    winner = recommendation.winner
    best = {i for i, o in enumerate(options) if winner is not None and o.id == winner.id}
    rows = row_plot(
        sheet,
        box,
        [short(o) for o in options],
        aligned([money(s.base) for s in spreads]),
        Axis(low, high, label, log=log),
        bold=best,
        muted={i for i, o in enumerate(options) if not o.feasible},
    )
    for i, (item, spread) in enumerate(zip(options, spreads, strict=True)):
        colour = theme.series[0] if item.feasible else theme.muted
        if item.id in sampled:
            futures = sampled[item.id]
            start, end = money(futures.usd_per_mtok_p10), money(futures.usd_per_mtok_p90)
            bar(sheet, rows, i, start, end, band, row=i)
        span = (money(spread.low), money(spread.high))
        whisker(sheet, rows, i, span[0], span[1], colour, 1.4 * theme.line_pt)
        mark(
            sheet,
            rows,
            i,
            money(spread.base),
            colour,
            "D" if i in best else "o",
            size=8.0 if i in best else 6.0,
            hollow=not item.feasible,
        )


def scores(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """How each criterion contributes to the total score of the ranked options."""
    key, title = "scores", _("What each criterion adds to the score")
    options = [o for o in ranked(recommendation, option, 8) if o.total_score is not None]
    if not options:
        return Absent(key, title, _("No option could be scored."))
    criteria = list(options[0].scores)
    rows: list[tuple[Cell, ...]] = [
        (o.title, o.total_score, *(None if s.counted is None else s.contribution for s in o.scores))
        for o in options
    ]
    first = options[0]
    parts = sorted(first.scores, key=lambda s: -s.contribution)[:3]
    alt = _("{title} scores {total} of 100; most comes from {parts}.").format(
        title=first.title,
        total=number(first.total_score or 0.0),
        parts=", ".join(f"{s.label} ({number(s.contribution)})" for s in parts),
    )
    shown = [i for i in range(len(criteria)) if any(o.scores[i].contribution > 0 for o in options)]
    note = _(
        "A criterion that does not apply to an option adds nothing; the weights of the "
        "others are raised so that they still sum to 1."
    )
    among = recommendation.options or recommendation.rejected
    if len(options) < len(among):
        told = _("{n} of {all} options are shown: the first of each venue, then by rank.")
        note = f"{told.format(n=len(options), all=len(among))} {note}"
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(_("Option"), _("Total (0 to 100)"), *(s.label for s in criteria)),
        rows=tuple(rows),
        draw=partial(_draw_scores, options=tuple(options), shown=tuple(shown)),
        note=note,
        heights_mm=tuple(h + d for h, d in zip(row_heights(len(options)), (24, 14), strict=True)),  # type: ignore[arg-type]  # two values in, two out
    )


def _draw_scores(
    figure: Figure, theme: Theme, options: tuple[Option, ...], shown: tuple[int, ...]
) -> None:
    sheet = Sheet(figure, theme)
    box = sheet.box
    labels = [f"{letter(n)}  {options[0].scores[i].label}" for n, i in enumerate(shown)]
    # letters in the bars tell nine classes apart also in grey, where patterns only add noise
    styles = [dataclasses.replace(sheet.style(n), hatch="") for n in range(len(shown))]
    used = sheet.key([KeyEntry(t, styles[n]) for n, t in enumerate(labels)], box)
    rows = row_plot(
        sheet,
        Box(box.left, box.bottom, box.right, box.top - used),
        [short(o) for o in options],
        [f"{o.total_score or 0.0:.0f}" for o in options],
        Axis(0.0, 100.0, _("score, 0 to 100")),
        bold={i for i, o in enumerate(options) if o.rank == 1},
        muted={i for i, o in enumerate(options) if not o.feasible},
    )
    for i, item in enumerate(options):
        start = 0.0
        for n, criterion in enumerate(shown):
            part = item.scores[criterion].contribution
            if part <= 0:
                continue
            text = next(
                (
                    words
                    for words in (f"{letter(n)} {part:.0f}", letter(n))
                    if rows.at(part) - rows.at(0.0) >= sheet.measure(words) + 1.0
                ),
                "",
            )
            bar(sheet, rows, i, start, start + part, styles[n], row=i, text=text)
            start += part


def letter(number: int) -> str:
    """The letter of a class in a bar and in its key."""
    return chr(ord("a") + number)


def carbon(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """Operational and embodied emissions of the ranked options per million tokens."""
    key, title = "carbon", _("Carbon per million tokens")
    options = ranked(recommendation, option, MOST_CARBON)
    known = [o for o in options if o.carbon.operational_g_per_mtok is not None]
    unknown = [o for o in options if o.carbon.operational_g_per_mtok is None]
    if not known:
        return Absent(
            key,
            title,
            _(
                "No emissions are known for any option: providers of hosted "
                "services publish neither energy nor carbon per token."
            ),
        )
    rows: list[tuple[Cell, ...]] = [
        (
            o.title,
            o.carbon.operational_g_per_mtok,
            o.carbon.embodied_g_per_mtok,
            o.carbon.kwh_per_mtok,
            o.carbon.total_t_per_year,
        )
        for o in (*known, *unknown)
    ]
    first = known[0]
    alt = _(
        "{title} causes {operational} gCO2e per million tokens in operation and {embodied} g "
        "from making the hardware."
    ).format(
        title=first.title,
        operational=number(first.carbon.operational_g_per_mtok or 0.0),
        embodied=_("an unknown amount of")
        if first.carbon.embodied_g_per_mtok is None
        else number(first.carbon.embodied_g_per_mtok),
    )
    source = first.carbon.source.rstrip(".")
    notes = [f"{source}."] if source else []
    if unknown:
        n = len(unknown)
        notes.append(
            ngettext(
                "{n} option without known emissions is not drawn.",
                "{n} options without known emissions are not drawn.",
                n,
            ).format(n=n)
        )
    heights = row_heights(len(known), 18.0)
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(
            _("Option"),
            _("Operation (gCO2e/Mtok)"),
            _("Making the hardware (gCO2e/Mtok)"),
            _("Energy (kWh/Mtok)"),
            _("Total (tCO2e/year)"),
        ),
        rows=tuple(rows),
        draw=partial(_draw_carbon, options=tuple(known), winner=recommendation.winner),
        note=" ".join(notes),
        heights_mm=heights,
    )


def _draw_carbon(
    figure: Figure, theme: Theme, options: tuple[Option, ...], winner: Option | None
) -> None:
    sheet = Sheet(figure, theme)
    box = sheet.box
    kinds = (_("Operation"), _("Making the hardware"))
    used = sheet.key([KeyEntry(t, sheet.style(n)) for n, t in enumerate(kinds)], box)
    pairs = [
        (o.carbon.operational_g_per_mtok or 0.0, o.carbon.embodied_g_per_mtok or 0.0)
        for o in options
    ]
    rows = row_plot(
        sheet,
        Box(box.left, box.bottom, box.right, box.top - used),
        [short(o) for o in options],
        [number(sum(p)) for p in pairs],
        Axis(*padded([sum(p) for p in pairs]), _("gCO2e per million tokens")),
        bold={i for i, o in enumerate(options) if winner is not None and o.id == winner.id},
        muted={i for i, o in enumerate(options) if not o.feasible},
    )
    for i, (operational, embodied) in enumerate(pairs):
        bar(sheet, rows, i, 0.0, operational, sheet.style(0), row=i, text=number(operational))
        end = operational + embodied
        bar(sheet, rows, i, operational, end, sheet.style(1), row=i, text=number(embodied))
