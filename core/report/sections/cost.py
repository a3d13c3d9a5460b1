"""Cost: the bill by year, what each line rests on, levelised cost, break-even."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.decision.against_base import base_option, payback, returned
from core.decision.wording import listed, years_in_words
from core.notation import local, semicolons
from core.recommendation import Cost, CostLine, Option
from core.report.brief import DASH, Brief, adding_up, formula, signed_share
from core.report.content import (
    Blocks,
    Callout,
    Column,
    Facts,
    Heading,
    Para,
    Picture,
    Table,
    Words,
    plain,
)
from core.report.quoting import filled, quoted
from core.report.sections import financing, levelised, returns
from core.report.sections.references import CONFIDENCE, told_in_english
from core.words import N_, _

KINDS = {
    "capex": N_("purchase"),
    "opex": N_("running"),
    "energy": N_("energy"),
    "metered": N_("metered"),
    "residual": N_("resale"),
}


def blocks(brief: Brief) -> Blocks:
    """The subject's bill and the comparisons over time."""
    yield from brief.about_subject()
    option = brief.subject
    if option is None or option.cost is None:
        yield Callout(
            _(
                "No price is known, so there is no bill, no cash flow and no levelised cost: "
                "nothing is made up in their place."
            ),
            "warning",
        )
        return
    cost = option.cost
    yield _facts(brief, option, cost)
    for note in option.notes:
        yield Para(note)
    yield Picture("cash_flow")
    yield _bill(brief, cost)
    yield _how_sure(brief, cost)
    if cost.depreciation_by_fiscal_year_usd:
        ends = _written_off(brief, cost)
        yield _depreciation(brief, cost, ends)
        yield Para(ends.told(brief, cost))
    yield Heading(_("Levelised cost"), 2)
    yield Para(
        _(
            "Present value of all costs over present value of all tokens, discounted month by "
            "month at {rate} a year. Money is nominal."
        ).format(rate=local(f"{brief.recommendation.assessment.economics.discount_rate * 100:g} %"))
    )
    yield levelised.table(brief, cost, hosted=option.venue == "token_api")
    yield Picture("cost_breakdown")
    yield Heading(_("What each line rests on"), 2)
    yield _lines(cost)
    yield from financing.blocks(brief, option)
    yield from returns.blocks(brief, option)


def _facts(brief: Brief, option: Option, cost: Cost) -> Facts:
    whole = (
        _("Present value of all costs"),
        brief.money(cost.npv_usd),
        _("over {years}").format(years=years_in_words(brief.horizon)),
    )
    base, savings = base_option(brief.recommendation), cost.savings_npv_usd
    if base is not None and base.id == option.id:
        told = _("The savings of other options are counted against it.")
        return Facts((whole, (_("Against the base case"), _("is the base case"), told)))
    if savings is None:
        return Facts((whole, (_("Against the base case"), payback(cost, brief.horizon), "")))
    dearer = savings < 0
    return Facts(
        (
            whole,
            (
                _("More than the base case") if dearer else _("Saved against the base case"),
                brief.money(abs(savings)),
                _("present value"),
            ),
            (
                _("Payback against the base case"),
                payback(cost, brief.horizon),
                _("return on what is invested {roi}").format(roi=returned(cost))
                if returned(cost)
                else "",
            ),
        )
    )


def _bill(brief: Brief, cost: Cost) -> Table:
    years = len(cost.yearly_usd)
    heads = [_("Start"), *(_("Year {n}").format(n=y) for y in range(1, years))]
    rows = [
        (
            line.label,
            _(KINDS[line.kind]),
            *(brief.whole(usd) if usd else DASH for usd in line.yearly_usd),
            brief.whole(line.present_value_usd),
        )
        for line in cost.lines
    ]
    rows.append(
        (
            _("Total"),
            "",
            *(brief.whole(usd) for usd in cost.yearly_usd),
            brief.whole(cost.npv_usd),
        )
    )
    if any(cost.depreciation_by_year_usd):
        row = [brief.whole(usd) for usd in cost.depreciation_by_year_usd[: years - 1]]
        row += [DASH] * (years - 1 - len(row))
        rows.append((_("Depreciation (not a payment)"), "", DASH, *row, DASH))
    return Table(
        (
            Column(_("Line")),
            Column(_("Kind")),
            *(Column(head, brief.code, "decimal") for head in heads),
            Column(_("Present value"), brief.code, "decimal"),
        ),
        tuple(rows),
        caption=_("The bill, nominal {currency}").format(currency=brief.code),
        strong=frozenset((len(cost.lines),)),
    )


def _how_sure(brief: Brief, cost: Cost) -> Para:
    """That the unit is for adding up, and how well the total is known."""
    spread = cost.usd_per_mtok
    per_usd = cost.npv_usd / spread.base if spread.base else 0.0
    text = _(
        "Told to the unit so that lines add up, not because they are known so well: with every "
        "line at its low or its high case the present value is {low} to {high}."
    )
    return Para(
        text.format(low=brief.money(spread.low * per_usd), high=brief.money(spread.high * per_usd)),
        "small",
    )


@dataclass(frozen=True, slots=True)
class _Ends:
    """Where everything that was bought goes, whole units of the user's currency that add up."""

    bought: int
    spent: int
    resale: int
    left: int

    @property
    def lost(self) -> int:
        """On disposal; negative where it is a gain."""
        return self.bought - self.spent - self.resale - self.left

    def told(self, brief: Brief, cost: Cost) -> str:
        """In a sentence."""
        text = (
            _("Of {bought} bought, {spent} are depreciated within the horizon; {resale} come back "
              "by resale, {lost} more than the books then hold, a gain on disposal")
            if self.lost < 0
            else _("Of {bought} bought, {spent} are depreciated within the horizon and {resale} "
                   "come back by resale; {lost} remain as a loss on disposal")
        )  # fmt: skip  # one sentence each
        told = text.format(
            bought=brief.exact(self.bought),
            spent=brief.exact(self.spent),
            resale=brief.exact(self.resale),
            lost=brief.exact(abs(self.lost)),
        )
        if self.left:
            told += _(", and {left} stay on the books ({what}), written off further").format(
                left=brief.exact(self.left),
                what=listed([p.label for p in cost.depreciation if p.stays]),
            )
        return f"{told}."


def _written_off(brief: Brief, cost: Cost) -> _Ends:
    spent = math.fsum(cost.depreciation_by_year_usd)
    amounts = (cost.bought_usd, spent, cost.resale_usd, cost.book_value_left_usd)
    return _Ends(*(round(brief.recommendation.money(usd)) for usd in amounts))


def _depreciation(brief: Brief, cost: Cost, ends: _Ends) -> Table:
    """By fiscal year; each row adds up to what the sentence below it says."""
    lines = (
        (_("Straight-line depreciation"), dict(cost.depreciation_by_fiscal_year_usd), ends.spent),
        (_("Loss on disposal (gain −)"), dict(cost.disposal_by_fiscal_year_usd), ends.lost),
    )
    years = sorted({year for _name, usd, _sum in lines for year in usd})
    lives = semicolons(
        _("{label} over {years}").format(
            label=part.label, years=years_in_words(round(part.life_years))
        )
        for part in cost.depreciation
    )
    month = brief.recommendation.assessment.economics.fiscal_year_start_month
    rows = []
    for name, usd, total in lines:
        amounts = [brief.recommendation.money(usd.get(year, 0.0)) for year in years]
        told = adding_up(amounts, total)
        if any(told):
            rows.append((name, *(brief.unit(n) if n else DASH for n in told)))
    return Table(
        (
            Column(_("Fiscal year")),
            *(Column(str(year), brief.code, "decimal") for year in years),
        ),
        tuple(rows),
        caption=_(
            "Depreciation by fiscal year (from month {month}; named after the calendar year in "
            "which it ends). {lives}. Loss on disposal: book value of what is sold or given up at "
            "the end of a project year, less its resale."
        ).format(month=month, lives=lives),
    )


def _lines(cost: Cost) -> Table:
    formulas = _("Formula and source of every line (prices in US dollars, as sourced)")
    return Table(
        (
            Column(_("Line")),
            Column(_("Formula")),
            Column(_("Low"), "", "decimal"),
            Column(_("High"), "", "decimal"),
            Column(_("Source")),
            Column(_("As of")),
            Column(_("Confidence")),
        ),
        tuple(_line(line) for line in cost.lines),
        caption=". ".join((formulas, *told_in_english())),
    )


def _line(line: CostLine) -> tuple[Words, ...]:
    source = quoted(line.provenance.source)
    told = plain(source).lower()
    if line.is_assumption and not any(
        word in told for word in ("assumption", _("assumption").lower())
    ):
        source = filled(_("Assumption, from: {source}"), source=source)
    return (
        line.label,
        formula(line.formula),
        signed_share(line.low_factor - 1.0),
        signed_share(line.high_factor - 1.0),
        source,
        line.provenance.as_of or _("undated"),
        _(CONFIDENCE[line.provenance.confidence]),
    )
