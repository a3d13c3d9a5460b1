"""The options against the base case: what is saved, when it is paid back, from which demand on."""

from __future__ import annotations

from core.decision.against_base import base_option, crossover, difference, payback, returned
from core.decision.wording import lower_first
from core.notation import after_label
from core.recommendation import Option
from core.report.brief import DASH, Brief
from core.report.content import Blocks, Column, Heading, Para, Picture, Table, without_empty
from core.words import _

MOST = 8


def blocks(brief: Brief, option: Option) -> Blocks:
    """Sentences, the leading options' table, and cost over time and at other loads."""
    answer = brief.recommendation
    yield Heading(_("Against the base case, over time and at other loads"), 2)
    if answer.base_case:
        yield Para(_("Base case: {base}.").format(base=answer.base_case.rstrip(".")))
        told = difference(answer, option)
        if told:
            yield Para(after_label(option.title, lower_first(told)))
        if answer.crossover is not None:
            yield Para(crossover(answer.crossover))
        yield _table(brief, option)
    else:
        yield Para(
            _(
                "There is no base case: nothing is entered as paid today for this work, and no "
                "hosted API with a known price offers all of its models. So no saving, payback or "
                "return is shown."
            )
        )
    yield Picture("break_even")
    yield Picture("cost_utilisation")


def _table(brief: Brief, subject: Option) -> Table:
    answer = brief.recommendation
    shown = [o for o in answer.options if o.cost is not None][:MOST]
    if subject not in shown:
        shown = [subject, *shown[: MOST - 1]]
    base = base_option(answer)
    if base is not None and base not in shown and base.cost is not None:
        shown.append(base)
    return without_empty(
        Table(
            (
                Column(_("Option")),
                Column(_("Whole cost"), _("{code}, present value").format(code=brief.code),
                       "decimal"),
                Column(_("Up front"), brief.code, "decimal"),
                Column(_("Savings"), _("{code}, present value").format(code=brief.code), "decimal"),
                Column(_("Payback")),
                Column(_("Return"), _("on up-front"), "decimal"),
            ),
            tuple(_row(brief, o, base) for o in shown),
            caption=_("Leading options against the base case"),
            strong=frozenset(i for i, o in enumerate(shown) if o.id == subject.id),
        )
    )  # fmt: skip  # a column a line


def _row(brief: Brief, option: Option, base: Option | None) -> tuple[str, ...]:
    cost = option.cost
    assert cost is not None  # only options with a price are shown
    title, saved = option.title, None
    if cost.savings_npv_usd is not None:
        # of the figures beside it, which a reader subtracts
        whole = round(brief.recommendation.money(cost.npv_usd))
        saved = round(brief.recommendation.money(cost.npv_usd + cost.savings_npv_usd)) - whole
    if base is not None and option.id == base.id:
        title = _("Base case: {title}").format(title=title)
        return title, brief.whole(cost.npv_usd), brief.whole(cost.capex_usd), DASH, DASH, DASH
    return (
        title,
        brief.whole(cost.npv_usd),
        brief.whole(cost.capex_usd),
        brief.unit(saved) if saved is not None else DASH,
        payback(cost, brief.horizon),
        returned(cost) or DASH,
    )
