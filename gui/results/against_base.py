"""The options against the base case: what is saved, when it is paid back, from which demand on."""

from __future__ import annotations

from collections.abc import Iterator

from core.decision.against_base import base_option, crossover, difference, payback, returned
from core.recommendation import Option, Recommendation
from core.words import _
from gui.results import texts
from gui.results.document import Block, CellContent, Grid, Link, Paragraph, Section

MOST = 5
"""Leading options that are held against it."""


def base_case_sections(recommendation: Recommendation) -> Iterator[Section]:
    """One section; none where nothing is feasible or nothing is known to hold against."""
    winner = recommendation.winner
    if winner is None or not recommendation.base_case:
        return
    blocks: list[Block] = [
        Paragraph(_("Base case: {base}.").format(base=recommendation.base_case.rstrip(".")))
    ]
    told = difference(recommendation, winner)
    if told:
        blocks.append(Paragraph(f"{winner.title}: {told[:1].lower()}{told[1:]}"))
    if recommendation.crossover is not None:
        blocks.append(Paragraph(crossover(recommendation.crossover)))
    blocks.append(_grid(recommendation))
    blocks.append(Paragraph(Link(_("Chart: break-even over time"), "chart:break_even")))
    yield Section(_("Against the base case"), "base_case", tuple(blocks))


def _grid(recommendation: Recommendation) -> Grid:
    code = recommendation.currency.code
    heads = (
        _("Option"), _("Up front, {code}").format(code=code),
        _("Saved, present value, {code}").format(code=code), _("Payback"),
        _("Return on up-front"),
    )  # fmt: skip  # the columns stand in one line as they do on screen
    shown = [option for option in recommendation.options if option.cost is not None][:MOST]
    rows = tuple(_row(option, recommendation) for option in shown)
    return Grid(heads, rows, frozenset((1, 2, 4)))


def _row(option: Option, recommendation: Recommendation) -> tuple[CellContent, ...]:
    cost = option.cost
    assert cost is not None  # only options with a price are shown
    title = Link(option.title, f"option:{option.id}")
    up_front = texts.plain_amount(cost.capex_usd, recommendation)
    if option is base_option(recommendation):
        return title, up_front, texts.DASH, _("the base case"), texts.DASH
    return (
        title,
        up_front,
        texts.plain_amount(cost.savings_npv_usd, recommendation),
        payback(cost, recommendation.assessment.economics.horizon_years),
        returned(cost) or texts.DASH,
    )


def base_case_text(option: Option, recommendation: Recommendation) -> str:
    """Savings, payback and return of one option in a line."""
    cost = option.cost
    if option is base_option(recommendation):
        return _("is the base case")
    if cost is None or cost.savings_npv_usd is None:
        return texts.DASH
    back = payback(cost, recommendation.assessment.economics.horizon_years)
    parts = [
        _("{saved} saved (present value)").format(
            saved=texts.amount(cost.savings_npv_usd, recommendation)
        )
        if cost.savings_npv_usd >= 0
        else _("{more} more (present value)").format(
            more=texts.amount(-cost.savings_npv_usd, recommendation)
        ),
        _("paid back: {when}").format(when=back),
    ]
    if returned(cost):
        parts.append(_("return on what is spent up front: {share}").format(share=returned(cost)))
    return "; ".join(parts)
