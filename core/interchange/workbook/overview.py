"""The sheets one reads first: the summary, and all options side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.fleet import NAMEPLATE_POWER
from core.interchange.exports import option_columns
from core.interchange.workbook.cost_model import Place
from core.interchange.workbook.sheet import Cell, Sheet, Style
from core.recommendation import Analysis, Option, Recommendation
from core.words import _

LAST, FACT_CHARACTERS, LIST_CHARACTERS = 4, 110, 160
"""Last column of the summary's paragraphs, and what fits into a line of them."""
LIVE = {
    "usd_per_mtok_low": "low",
    "usd_per_mtok_base": "base",
    "usd_per_mtok_high": "high",
    "npv_usd": "npv",
    "capex_usd": "up_front",
}
"""Columns of the options that follow the cost model."""


def summary(
    sheet: Sheet,
    recommendation: Recommendation,
    analysis: Analysis | None,
    places: Mapping[str, Place],
) -> None:
    """The decision, its figures, and what speaks for and against it."""
    project = recommendation.assessment.project
    sheet.widths(52, 18, 28, 28, 28)
    sheet.put(0, 0, project.shown_title, "title")
    facts = [
        (_("Customer"), project.customer),
        (_("Prepared by"), project.author),
        (_("As of"), recommendation.as_of),
        (_("Version"), recommendation.version),
        (_("Recommendation"), recommendation.headline),
        (
            _("Confidence"),
            _("{level}: {reason}").format(
                level=_(recommendation.confidence).capitalize(),
                reason=recommendation.confidence_reason,
            ),
        ),
    ]
    row = 2
    for label, value in facts:
        if value:
            sheet.put(row, 0, label, "head")
            sheet.paragraph(row, value, 1, LAST, FACT_CHARACTERS)
            row += 1
    winner = recommendation.winner
    if winner is not None:
        row = _figures(sheet, row + 1, recommendation, winner, analysis, places)
    for heading, texts in (
        (_("Reasons"), recommendation.reasons),
        (
            _("What the choice costs"),
            (
                *(found.sentence for found in recommendation.trade_offs),
                *(found.sentence for found in recommendation.limit_prices),
            ),
        ),
        (_("Risks"), recommendation.risks),
        (_("To be confirmed"), recommendation.conditions),
        (_("Notices"), tuple(notice.text for notice in recommendation.notices)),
    ):
        row = _list(sheet, row + 1, heading, texts)


def _figures(
    sheet: Sheet,
    row: int,
    recommendation: Recommendation,
    winner: Option,
    analysis: Analysis | None,
    places: Mapping[str, Place],
) -> int:
    """The recommended option's figures; those of cost follow the cost model."""
    sheet.put(row, 0, winner.title, "heading")
    cost, place = winner.cost, places.get(winner.id)
    if cost is not None and place is not None:
        spread = cost.usd_per_mtok
        live: list[tuple[str, str, float, Style]] = [
            (_("Levelised cost, USD per million tokens"), place.base, spread.base, "total"),
            (_("Low"), place.low, spread.low, "total"),
            (_("High"), place.high, spread.high, "total"),
            (_("Present value of all costs, USD"), place.npv, cost.npv_usd, "total_money"),
            (_("Paid before the start, USD"), place.up_front, cost.capex_usd, "total_money"),
        ]
        for label, name, value, look in live:
            row += 1
            sheet.put(row, 0, label)
            sheet.formula(row, 1, name, value, look)
    row_of = None if analysis is None else analysis.uncertainty_of(winner.id)
    chance = None if row_of is None else row_of.win_probability
    weeks = winner.weeks_to_deploy
    figures: list[tuple[str, Cell, Style]] = [
        (_("Share of the sampled futures in which it is best"), chance, "share"),
        (f"{_(NAMEPLATE_POWER)}, kW", winner.fleet.nameplate_kw, "number"),
        (_("Average use in the first year"), winner.fleet.utilisation, "share"),
        (_("Weeks to deploy"), weeks.base if weeks is not None else None, "number"),
        (_("Total score, 0 to 100"), winner.total_score, "number"),
    ]
    for label, figure, style in figures:
        if figure is not None:
            row += 1
            sheet.put(row, 0, label)
            sheet.put(row, 1, figure, style)
    return row + 1


def _list(sheet: Sheet, row: int, heading: str, texts: Sequence[str]) -> int:
    if not texts:
        return row - 1
    sheet.put(row, 0, heading, "heading")
    for text in texts:
        row += 1
        sheet.paragraph(row, text, 0, LAST, LIST_CHARACTERS)
    return row + 1


def options_sheet(
    sheet: Sheet, recommendation: Recommendation, places: Mapping[str, Place]
) -> None:
    """Every option as in the CSV, with the costs of feasible ones following the cost model."""
    rows = option_columns(recommendation)
    options = (*recommendation.options, *recommendation.rejected)
    names = list(rows[0]) if rows else ["rank", "feasible", "id"]
    sheet.table(0, names, [list(row.values()) for row in rows])
    for n, (option, row) in enumerate(zip(options, rows, strict=True), 1):
        place = places.get(option.id)
        if place is None:
            continue
        for column, field in LIVE.items():
            value = row[column]
            if isinstance(value, int | float):
                sheet.formula(n, names.index(column), getattr(place, field), value)
    sheet.widths(6, 9, 34, 14, 52, 20, 14, 50)
    sheet.raw.freeze_panes(1, 5)
    sheet.raw.autofilter(0, 0, max(len(rows), 1), len(names) - 1)
