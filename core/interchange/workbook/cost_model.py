"""The sheet where the cost is computed: change a blue cell and every result follows.

Conventions are those of ``core.economics.ledger``: column 0 is paid before the start; purchases
and resale on the last day of their year, everything else at the ends of its twelve months, and
each is discounted from there; nominal US dollars.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.economics.line_kinds import LUMPS
from core.economics.rates import Money
from core.interchange.workbook.sheet import Sheet, across, cell, down, elsewhere
from core.recommendation import CostLine, Option, Recommendation
from core.words import _

MOST_OPTIONS = 40
RATE = (3, 1)
CURRENCY = (4, 1)
BASE_CASE = (5, 1)
YEARS_ROW, LUMP_ROW, MONTHLY_ROW = 7, 8, 9
"""Years, and the two rows of discount factors: of one day's payments, of monthly ones."""
LABEL, KIND, FACTOR, LOW, HIGH, GROWTH, YEAR_0 = range(7)
SAME_GROWTH = 1e-9
"""Relative difference below which yearly growth counts as level."""


@dataclass(frozen=True, slots=True)
class Place:
    """Cells of one option's results, as other sheets name them."""

    npv: str
    low: str
    base: str
    high: str
    up_front: str


def cost_model(sheet: Sheet, recommendation: Recommendation) -> dict[str, Place]:
    """Fill the sheet; returns where each option's results stand, by option id."""
    modelled = [o for o in recommendation.options if o.cost is not None][:MOST_OPTIONS]
    _head(sheet, recommendation)
    places: dict[str, Place] = {}
    row = MONTHLY_ROW + 2
    for option in modelled:
        block = _Block(sheet, recommendation, option, row)
        places[option.id] = block.write()
        row = block.end
    if not modelled:
        sheet.put(row, LABEL, _("No feasible option has a known price."), "note")
    return places


def _head(sheet: Sheet, recommendation: Recommendation) -> None:
    economics = recommendation.assessment.economics
    money, years = Money(economics), economics.horizon_years
    sheet.put(0, 0, _("Cost model"), "title")
    sheet.put(
        1,
        0,
        _(
            "Blue cells are inputs; all else is computed from them. Nominal US dollars. Year 0 is "
            "paid before the start. Purchases and resale (capex, residual) fall on the last day of "
            "their year, everything else on the last day of each month."
        ),
        "note",
    )
    sheet.put(RATE[0], 0, _("Discount rate per year"))
    sheet.put(*RATE, economics.discount_rate, "input_share")
    code = recommendation.currency.code
    sheet.put(CURRENCY[0], 0, _("{code} for one US dollar").format(code=code))
    sheet.put(*CURRENCY, recommendation.currency.per_usd, "input_factor")
    base = _base_case_usd(recommendation)
    if base is not None:
        label = _("Present value of the base case ({base}), USD")
        sheet.put(BASE_CASE[0], 0, label.format(base=recommendation.base_case))
        sheet.put(*BASE_CASE, base, "input_money")
    sheet.heads(
        YEARS_ROW,
        (_("Year"), _("Kind"), _("Your factor"), _("Low"), _("High"), _("Growth a year")),
    )
    rate = cell(*RATE, fixed="rc")
    for year in range(years + 1):
        column = YEAR_0 + year
        sheet.put(YEARS_ROW, column, year, "head")
        lump = f"(1+{rate})^-{cell(YEARS_ROW, column)}"
        sheet.formula(LUMP_ROW, column, lump, float(money.at_year_end[year]), "factor")
        # twelve payments of a twelfth: the annuity of a year at the rate of a month
        before = f"(1+{rate})^(1-{cell(YEARS_ROW, column)})"
        monthly = f"PV((1+{rate})^(1/12)-1,12,-1/12)*{before}" if year else "1"
        sheet.formula(MONTHLY_ROW, column, monthly, float(money.by_month[year]), "factor")
    sheet.put(LUMP_ROW, LABEL, _("Discount factor, paid on one day"))
    sheet.put(MONTHLY_ROW, LABEL, _("Discount factor, paid monthly"))
    after = YEAR_0 + years + 1
    sheet.heads(
        YEARS_ROW,
        (
            _("Present value"),
            _("Low"),
            _("High"),
            _("How it is found"),
            _("Source"),
            _("As of"),
            _("Short-run share"),
        ),
        after,
    )
    sheet.widths(44, 10, 9, 8, 8, 9, *([13] * (years + 1)), 15, 13, 13, 60, 60, 11, 10)
    sheet.raw.set_row(YEARS_ROW, 27)
    sheet.raw.freeze_panes(MONTHLY_ROW + 1, 1)


def _base_case_usd(recommendation: Recommendation) -> float | None:
    """Present value of what every option is compared with; ``None`` where there is nothing."""
    costs = (option.cost for option in recommendation.options)
    return next(
        (c.npv_usd + c.savings_npv_usd for c in costs if c and c.savings_npv_usd is not None),
        None,
    )


def level_growth(values: Sequence[float]) -> float | None:
    """The yearly growth that explains values from the second on; ``None`` where none does."""
    if len(values) < 2 or values[0] == 0:
        return None
    growth = values[1] / values[0] - 1.0
    grown = [values[0] * (1.0 + growth) ** n for n in range(len(values))]
    same = all(math.isclose(a, b, rel_tol=SAME_GROWTH) for a, b in zip(grown, values, strict=True))
    return growth if same else None


class _Block:
    """One option: its lines, what they add up to, and the levelised cost."""

    def __init__(
        self, sheet: Sheet, recommendation: Recommendation, option: Option, top: int
    ) -> None:
        if option.cost is None:
            raise ValueError(f"{option.id} has no known price")
        self.sheet, self.option, self.cost = sheet, option, option.cost
        self.currency = recommendation.currency
        economics = recommendation.assessment.economics
        self.years = economics.horizon_years
        self.money = Money(economics)
        self.top, self.first = top, top + 1
        self.last = top + len(self.cost.lines)
        self.final = YEAR_0 + self.years
        self.after = self.final + 1
        self.total, self.lumps, self.discounted, self.tokens, self.present_tokens = range(
            self.last + 1, self.last + 6
        )
        self.results = self.last + 6
        self.end = self.results + 10

    def write(self) -> Place:
        """Fill the block; returns where its results stand."""
        title = f"{self.option.rank}. {self.option.title}"
        self.sheet.put(self.top, LABEL, title, "heading")
        for n, line in enumerate(self.cost.lines):
            self._line(self.first + n, line)
        self._totals()
        return self._results()

    def _line(self, row: int, line: CostLine) -> None:
        sheet = self.sheet
        sheet.put(row, LABEL, line.label)
        sheet.put(row, KIND, line.kind)
        sheet.put(row, FACTOR, 1.0, "input_factor")
        sheet.put(row, LOW, line.low_factor, "input_factor")
        sheet.put(row, HIGH, line.high_factor, "input_factor")
        self._series(row, line.yearly_usd)
        value = line.present_value_usd
        by = LUMP_ROW if line.kind in LUMPS else MONTHLY_ROW
        discounts = across(by, YEAR_0, self.final, fixed="rc")
        paid = across(row, YEAR_0, self.final)
        present = f"{cell(row, FACTOR)}*SUMPRODUCT({paid},{discounts})"
        pv = cell(row, self.after)
        low, high = f"{pv}*{cell(row, LOW)}", f"{pv}*{cell(row, HIGH)}"
        ends = (value * line.low_factor, value * line.high_factor)
        sheet.formula(row, self.after, present, value, "money")
        sheet.formula(row, self.after + 1, f"MIN({low},{high})", min(ends), "money")
        sheet.formula(row, self.after + 2, f"MAX({low},{high})", max(ends), "money")
        basis = f"{_('Assumption')}: {line.formula}" if line.is_assumption else line.formula
        sheet.put(row, self.after + 3, basis)
        sheet.put(row, self.after + 4, line.provenance.source)
        sheet.put(row, self.after + 5, line.provenance.as_of)
        sheet.put(row, self.after + 6, line.short_run_share, "input_share")

    def _series(self, row: int, values: Sequence[float]) -> None:
        """Yearly values: a first one and its growth where that says it all, else each by hand."""
        growth = level_growth(values[1:])
        self.sheet.put(row, YEAR_0, values[0], "input_money")
        if growth is not None:
            self.sheet.put(row, GROWTH, growth, "input_share")
        for year, value in enumerate(values[1:], 1):
            column = YEAR_0 + year
            if growth is None or year == 1:
                self.sheet.put(row, column, value, "input_money")
            else:
                before, rate = cell(row, column - 1), cell(row, GROWTH, fixed="c")
                self.sheet.formula(row, column, f"{before}*(1+{rate})", value, "money")

    def _totals(self) -> None:
        """By year: all lines, which of them fall on one day, discounted, and the tokens."""
        sheet, cost = self.sheet, self.cost
        sheet.put(self.total, LABEL, _("All costs"), "total")
        sheet.put(self.lumps, LABEL, _("Of these paid or received on one day"))
        sheet.put(self.discounted, LABEL, _("All costs, discounted"))
        sheet.put(self.tokens, LABEL, _("Million tokens"))
        sheet.put(self.present_tokens, LABEL, _("Million tokens, discounted"))
        factors = down(self.first, self.last, FACTOR, fixed="rc")
        mtok = [0.0, *(count / 1e6 for count in cost.tokens_by_year)]
        self._series(self.tokens, mtok)
        in_lumps = [self.first + n for n, line in enumerate(cost.lines) if line.kind in LUMPS]
        for year in range(self.years + 1):
            column = YEAR_0 + year
            paid = cost.yearly_usd[year]
            summed = f"SUMPRODUCT({factors},{down(self.first, self.last, column)})"
            sheet.formula(self.total, column, summed, paid, "total_money")
            parts = (f"{cell(row, FACTOR, fixed='c')}*{cell(row, column)}" for row in in_lumps)
            lump = sum(cost.lines[row - self.first].yearly_usd[year] for row in in_lumps)
            sheet.formula(self.lumps, column, "+".join(parts) or "0", lump, "money")
            on_day, monthly = (cell(row, column, fixed="r") for row in (LUMP_ROW, MONTHLY_ROW))
            once, every = float(self.money.at_year_end[year]), float(self.money.by_month[year])
            total, lumps = cell(self.total, column), cell(self.lumps, column)
            today = f"{lumps}*{on_day}+({total}-{lumps})*{monthly}"
            value = lump * once + (paid - lump) * every
            sheet.formula(self.discounted, column, today, value, "money")
            today = f"{cell(self.tokens, column)}*{monthly}"
            sheet.formula(self.present_tokens, column, today, mtok[year] * every, "money")

    def _results(self) -> Place:
        """What is paid up front, the present value, and the levelised cost with its ends."""
        sheet, spread, row = self.sheet, self.cost.usd_per_mtok, self.results
        code = self.currency.code
        count = f"SUM({across(self.present_tokens, YEAR_0, self.final)})"
        lows = down(self.first, self.last, self.after + 1)
        highs = down(self.first, self.last, self.after + 2)
        npv, base = cell(row + 1, KIND), cell(row + 2, KIND)
        whole = f"SUM({across(self.discounted, YEAR_0, self.final)})"
        rate = cell(*CURRENCY, fixed="rc")
        own = _("Levelised cost, {code} per million tokens").format(code=code)
        next_usd = self.cost.usd_per_mtok_short_run or 0.0
        present, follows = (down(self.first, self.last, self.after + n) for n in (0, 6))
        results = (
            (_("Paid before the start"), cell(self.total, YEAR_0), self.cost.capex_usd),
            (_("Present value of all costs"), whole, self.cost.npv_usd),
            (_("Levelised cost, USD per million tokens"), f"{npv}/{count}", spread.base),
            (_("Low: every line at its low factor"), f"SUM({lows})/{count}", spread.low),
            (_("High: every line at its high factor"), f"SUM({highs})/{count}", spread.high),
            (own, f"{base}*{rate}", spread.base * self.currency.per_usd),
            (
                _("Short-run cost of the next tokens, USD per million"),
                f"SUMPRODUCT({present},{follows})/{count}",
                next_usd,
            ),
        )
        for n, (label, formula, value) in enumerate(results):
            sheet.put(row + n, LABEL, label)
            sheet.formula(row + n, KIND, formula, value, "total_money" if n < 2 else "total")
        saved = self.cost.savings_npv_usd
        if saved is not None:
            after = row + len(results)
            against = f"{cell(*BASE_CASE, fixed='rc')}-{npv}"
            sheet.put(after, LABEL, _("Saved against the base case, present value"))
            sheet.formula(after, KIND, against, saved, "total_money")
            if self.cost.roi is not None:
                sheet.put(
                    after + 1, LABEL, _("The same over the present value of what is invested")
                )
                bought = [n for n, line in enumerate(self.cost.lines) if line.kind == "capex"]
                invested = "+".join(cell(self.first + n, self.after) for n in bought)
                formula = f"{cell(after, KIND)}/({invested})"
                sheet.formula(after + 1, KIND, formula, self.cost.roi, "total")
        cells = [elsewhere(sheet.name, cell(row + n, KIND, fixed="rc")) for n in range(5)]
        return Place(up_front=cells[0], npv=cells[1], base=cells[2], low=cells[3], high=cells[4])
