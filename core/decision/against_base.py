"""An option against the base case in sentences: the difference, its return, the crossover."""

from __future__ import annotations

from core.decision.verdicts import binding_text, failures
from core.decision.wording import counted, money, number, percent, tokens
from core.recommendation import Cost, Crossover, Option, Recommendation
from core.words import _

AT_ONCE_MONTHS = 0.05


def base_option(answer: Recommendation) -> Option | None:
    """The option that is the base case; ``None`` where it is what is paid today, or none is."""
    return next(
        (o for o in (*answer.options, *answer.rejected) if o.title == answer.base_case), None
    )


def difference(answer: Recommendation, option: Option) -> str:
    """What an option saves or costs against the base case, and what that means; "" if unknown.

    Where the base case breaks a hard limit, the difference is what keeping the limits costs.
    """
    cost = option.cost
    if cost is None or cost.savings_npv_usd is None or option.title == answer.base_case:
        return ""
    amount = money(abs(cost.savings_npv_usd), answer.currency)
    if cost.savings_npv_usd >= 0:
        text = _("It costs {amount} less than the base case, in present value.")
    else:
        text = _("It costs {amount} more than the base case, in present value.")
    said = text.format(amount=amount)
    base = base_option(answer)
    broken = failures(base.gates) if base is not None else []
    if base is not None and broken:
        limits = binding_text(base.gates)
        told = (
            _("The base case is not allowed here (it fails on {limits}): it shows what those "
              "limits cost.")
            if cost.savings_npv_usd < 0
            else _("The base case is not allowed here (it fails on {limits}).")
        )  # fmt: skip  # one sentence each
        said = f"{said} {told.format(limits=limits)}"
    elif base is not None and base.conditions:
        told = _("The base case has open questions, first of all: {first}").format(
            first=base.conditions[0]
        )
        said = f"{said} {told}"
    return said


def payback(cost: Cost, horizon_years: int) -> str:
    """When an option has paid back against the base case, in words."""
    months = cost.payback_months
    if cost.is_base_case:
        return _("is the base case")
    if cost.savings_npv_usd is None:
        return _("no base case")
    if months is None:
        return _("not in {years}").format(years=counted(horizon_years, _("year"), _("years")))
    return paid_back_in(months)


def paid_back_in(months: float) -> str:
    """``at once``, ``1 month``, ``14.5 months``."""
    return _("at once") if months < AT_ONCE_MONTHS else counted(months, _("month"), _("months"))


def returned(cost: Cost) -> str:
    """Savings against the base case over what is invested, in percent.

    "" where nothing is invested or servers are leased, and where nothing is saved: a loss is no
    return.
    """
    return percent(cost.roi) if cost.roi is not None and cost.roi >= 0 else ""


def crossover(found: Crossover) -> str:
    """From which demand on owning pays against the base case."""
    first, last = found.first_factor, found.last_factor
    if found.load_factor is None and last is None:
        text = (
            _("{option} costs less than the base case at any demand from 1/64 to 64 times the "
              "stated one.")
            if found.owning_is_cheaper
            else _("{option} never costs less than the base case, at any demand from 1/64 to 64 "
                   "times the stated one.")
        )  # fmt: skip  # one sentence each
        return text.format(option=found.option_title)
    if found.load_factor is None:
        text = (
            _("{option} costs less than the base case at the stated demand, but only at loads "
              "between {first} and {last} times of it.")
            if found.owning_is_cheaper
            else _("{option} costs less than the base case only at loads between {first} and "
                   "{last} times the stated demand.")
        )  # fmt: skip  # one sentence each
        return text.format(
            option=found.option_title, first=number(first or 0.0), last=number(last or 0.0)
        )
    if not found.owning_is_cheaper:
        text = _("{option} costs less than the base case from {factor} times the stated demand on "
                 "({volume} in the first year).")  # fmt: skip  # one sentence
    elif found.load_factor <= 1.0:
        text = _("{option} costs less than the base case as long as the demand stays above "
                 "{factor} times the stated one ({volume} in the first year).")  # fmt: skip
    else:
        text = _("{option} costs less than the base case at the stated demand, and at any from "
                 "{factor} times of it on ({volume} in the first year).")  # fmt: skip
    factor = number(found.load_factor)
    text = text.format(
        option=found.option_title,
        factor=factor,
        volume=tokens((found.mtok_first_year or 0.0) * 1e6),
    )
    if first is not None:
        text += _(" Between {first} and {factor} times it does at some loads and not at others: "
                  "servers come whole, and it depends on how full the last one is.").format(
            first=number(first), factor=factor
        )  # fmt: skip  # one sentence
    return text
