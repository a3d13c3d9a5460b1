"""The best option against general-purpose hardware, beside the published figure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from core.charts.common import per_mtok
from core.charts.records import Absent, Cell, Chart
from core.charts.rows import bar, row_heights, row_plot, upright
from core.charts.scales import Axis
from core.charts.sheet import Box, KeyEntry, Sheet, Style
from core.charts.theme import Theme
from core.decision.market import PUBLISHED_RATIO, SPONSORED
from core.decision.wording import number
from core.notation import after_label, semicolons
from core.recommendation import Analysis, GeneralPurpose, Option, Recommendation
from core.words import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def general_purpose(
    recommendation: Recommendation, option: Option | None, analysis: Analysis | None
) -> Chart | Absent:
    """Cost of general-purpose references over the best option's, with the published ratio."""
    key, title = "general_purpose", _("Against general-purpose hardware")
    winner, references = recommendation.winner, recommendation.general_purpose
    known = [g for g in references if g.ratio is not None]
    if winner is None or winner.cost is None:
        return Absent(key, title, _("There is no feasible option to compare with."))
    if not known:
        why = " ".join(dict.fromkeys(g.note for g in references if g.note))
        return Absent(key, title, why or _("No reference was costed."))
    code, of = recommendation.currency.code, recommendation.money
    rows: list[tuple[Cell, ...]] = [
        (winner.title, of(winner.cost.usd_per_mtok.base), 1.0, _("the best option found"))
    ]
    rows += [
        (
            g.reference,
            None if g.usd_per_mtok is None else of(g.usd_per_mtok),
            g.ratio,
            g.definition if g.ratio is not None else g.note,
        )
        for g in references
    ]
    rows.append((_("Published"), None, PUBLISHED_RATIO, SPONSORED))
    alt = " ".join(
        _("{reference} costs {ratio} times the best option.").format(
            reference=g.reference, ratio=number(g.ratio or 0.0)
        )
        for g in known
    )
    alt += " " + _("Published: “can” be {ratio} times (sponsored research).").format(
        ratio=number(PUBLISHED_RATIO)
    )
    missing = [after_label(g.reference, g.note) for g in references if g.ratio is None]
    bars = ((winner.title, 1.0), *((g.reference, g.ratio or 0.0) for g in known))
    return Chart(
        key=key,
        title=title,
        alt_text=alt,
        columns=(
            _("Hardware"),
            per_mtok(code)[:1].upper() + per_mtok(code)[1:],
            _("Times the best option"),
            _("What it is"),
        ),
        rows=tuple(rows),
        draw=partial(_draw, bars=bars),
        note=" ".join(
            [
                *missing,
                *_without_staff(known),
                _("Published figure: {source}; method not stated.").format(source=SPONSORED),
            ]
        ),
        heights_mm=row_heights(len(bars), 20.0),
    )


def _without_staff(known: list[GeneralPurpose]) -> Iterator[str]:
    """What the ratios would be without people, where these move them much."""
    told = [g for g in known if g.ratio_without_staff is not None]
    if told:
        yield _("Staff is a planning value; without it: {ratios}.").format(
            ratios=semicolons(
                _("{reference} {ratio}×").format(
                    reference=g.reference, ratio=number(g.ratio_without_staff or 0.0)
                )
                for g in told
            )
        )


def _draw(figure: Figure, theme: Theme, bars: tuple[tuple[str, float], ...]) -> None:
    sheet = Sheet(figure, theme)
    box = sheet.box
    best, other = sheet.style(0), Style(theme.series[5], (), "", sheet.style(1).hatch)
    published = Style(theme.limit, (4, 2), "", "")
    words = _("published: {ratio}× (sponsored research)").format(ratio=number(PUBLISHED_RATIO))
    used = sheet.key([KeyEntry(words, published, "line")], box)
    high = max(PUBLISHED_RATIO, *(r for _n, r in bars)) * 1.06
    rows = row_plot(
        sheet,
        Box(box.left, box.bottom, box.right, box.top - used),
        [name for name, _r in bars],
        [f"{number(r)}×" for _n, r in bars],
        Axis(0.0, high, _("cost per million tokens over the best option's")),
        bold={0},
    )
    for i, (_name, ratio) in enumerate(bars):
        bar(sheet, rows, i, 0.0, ratio, best if i == 0 else other, row=i)
    upright(sheet, rows, PUBLISHED_RATIO, theme.limit, width=1.3, line=published.line)
