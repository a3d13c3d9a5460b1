"""How capacity is paid for, in sentences."""

from __future__ import annotations

import dataclasses

from core.decision.wording import listed, money, number, percent
from core.financing import CommitmentPlan, LeaseOrBuy
from core.recommendation import Currency
from core.words import _, ngettext

LEVEL = 0.005
"""Differences below this share are none."""


def told_plan(plan: CommitmentPlan, currency: Currency) -> CommitmentPlan:
    """A commitment plan with its sentence: the first year's mix, its cost, what it saves."""
    first, usd = plan.years[0], plan.usd[1]
    parts = []
    if first.three_year:
        told = number(first.three_year)
        text = ngettext("{n} instance for three years", "{n} instances for three years", _n(told))
        parts.append(text.format(n=told))
    if first.one_year:
        told = number(first.one_year)
        text = ngettext("{n} instance for one year", "{n} instances for one year", _n(told))
        parts.append((_("{n} for one year") if parts else text).format(n=told))
    if first.on_demand_hours:
        hours = number(first.on_demand_hours, 4)
        parts.append(_("{hours} instance-hours on demand").format(hours=hours))
    if first.spot_hours:
        hours = number(first.spot_hours, 4)
        parts.append(_("{hours} instance-hours on spot").format(hours=hours))
    text = _("In the first year {mix}; {usd} over the horizon in present value").format(
        mix=listed(parts) if parts else _("nothing"), usd=money(usd, currency)
    )
    saved = plan.on_demand_usd - usd
    if plan.on_demand_usd > 0 and saved > LEVEL * plan.on_demand_usd:
        text += _(", {share} less than all on demand").format(
            share=percent(saved / plan.on_demand_usd)
        )
    return dataclasses.replace(plan, sentence=f"{text}.")


def _n(told: str) -> int:
    """The number that decides between singular and plural."""
    return 1 if told == "1" else 2


def told_lease(found: LeaseOrBuy, currency: Currency) -> LeaseOrBuy:
    """Leasing beside buying with its sentence: the difference and the rate that decides."""
    more = found.lease_usd - found.buy_usd
    share = abs(more) / found.buy_usd if found.buy_usd else 0.0
    if share < LEVEL:
        text = _("Leasing the servers costs as much as buying them, in present value")
    elif more > 0:
        text = _("Leasing the servers costs {amount} ({share} of their price) more than buying "
                 "them, in present value")  # fmt: skip  # one sentence
    else:
        text = _("Leasing the servers costs {amount} ({share} of their price) less than buying "
                 "them, in present value")  # fmt: skip  # one sentence
    text = text.format(amount=money(abs(more), currency), share=percent(share))
    text += _(", and needs {amount} less up front").format(
        amount=money(found.up_front_usd, currency)
    )
    return dataclasses.replace(found, sentence=f"{text}.", terms=_terms(found))


def _terms(found: LeaseOrBuy) -> str:
    """What is leased on, who keeps the servers, and why the break-even rate is what it is."""
    text = _(
        "Assumed: {rate} nominal interest a year, {months} level payments at the ends of the "
        "months (in arrears), and servers that are yours in the end, so the resale stays with you."
    ).format(rate=percent(found.ways[0].rate), months=found.months)
    if found.least_months < found.months:
        text += " " + _(
            "Servers that are added or replaced later are leased until the horizon at the latest, "
            "{months} months at least."
        ).format(months=found.least_months)
    if found.break_even_rate is None:
        return text
    return f"{text} " + _(
        "Both cost the same at a lease rate of {rate}: that is your discount rate of {discount} "
        "a year, told as interest by the month, and says nothing about any offer. A lease is "
        "cheaper where its interest is below that."
    ).format(rate=percent(found.break_even_rate), discount=percent(found.discount_rate))
