"""Hard limits on spending: before the start, and in the dearest year."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

from core.assessment import Assessment
from core.decision.verdicts import gate
from core.decision.wording import (
    money,
    number,
)
from core.notation import rounded, with_currency
from core.recommendation import Currency, Gate, Option
from core.words import N_, _

SERVERS = "servers"
"""Key of the cost line of servers that are bought."""


def later_purchases(option: Option) -> tuple[float, ...]:
    """What is bought after the start (USD) in each year: growth and replacement."""
    lines = (
        [x.yearly_usd[1:] for x in option.cost.lines if x.kind == "capex"] if option.cost else []
    )
    return tuple(map(math.fsum, zip(*lines, strict=True)))


def largest_running_cost(option: Option) -> float | None:
    """Largest running cost of any year (USD): operation, energy and metered charges."""
    if option.cost is None:
        return None
    running = ("opex", "energy", "metered")
    lines = [line.yearly_usd[1:] for line in option.cost.lines if line.kind in running]
    return max(map(math.fsum, zip(*lines, strict=True)), default=0.0)


def money_gates(option: Option, assessment: Assessment, currency: Currency) -> Iterator[Gate]:
    """Limits on spending before the start and in the dearest year; none where none is set."""
    economics = assessment.economics
    for key, label, limit, what in (
        ("capex", N_("Limit on up-front spending"), economics.capex_limit, N_("up front")),
        (
            "opex",
            N_("Limit on yearly running costs"),
            economics.opex_limit_per_year,
            N_("to run in its dearest year, purchases apart"),
        ),
    ):
        if limit is None:
            continue
        label, usd = _(label), _spent(option, key)
        shown = with_currency(currency.code, number(limit))
        if usd is None:
            yield gate(
                key,
                label,
                "unknown",
                _("No price is known; the limit is {shown}.").format(shown=shown),
                _("Get a quotation."),
                limit=limit,
                unit=currency.code,
            )
            continue
        own = usd * currency.per_usd
        later = later_purchases(option) if key == "capex" else ()
        if own <= limit * (1 + 1e-9) < own + math.fsum(later) * currency.per_usd:
            yield _bought_later(label, usd, later, limit, currency)
            continue
        yield gate(
            key,
            label,
            "pass" if own <= limit * (1 + 1e-9) else "fail",
            _("Costs {usd} {what}; the limit is {shown}.").format(
                usd=money(usd, currency), what=_(what), shown=shown
            ),
            partial(_enough_money, own, _leased(option, key), limit, currency),
            needed=own,
            limit=limit,
            unit=currency.code,
        )


def _spent(option: Option, key: str) -> float | None:
    """What a limit on spending is about (USD); ``None`` where no price is known."""
    if key == "capex":
        return None if option.cost is None else option.cost.capex_usd
    return largest_running_cost(option)


def _bought_later(
    label: str, usd: float, later: tuple[float, ...], limit: float, currency: Currency
) -> Gate:
    """The start keeps the limit, all that is bought does not: what the limit means is asked."""
    year = max(range(len(later)), key=later.__getitem__)
    return gate(
        "capex",
        label,
        "unknown",
        _(
            "Costs {usd} up front; the limit is {shown}. {later} more is bought in later years, "
            "{most} of it in year {year}."
        ).format(
            usd=money(usd, currency),
            shown=with_currency(currency.code, number(limit)),
            later=money(math.fsum(later), currency),
            most=money(later[year], currency),
            year=year + 1,
        ),
        _("Confirm that the limit is meant for the start alone, and plan the later purchases."),
        needed=usd * currency.per_usd,
        limit=limit,
        unit=currency.code,
    )


def _leased(option: Option, key: str) -> float | None:
    """What an option takes before the start (USD) with its servers leased.

    ``None`` for a limit on running costs, and where none are bought.
    """
    if option.cost is None or key != "capex":
        return None
    bought = math.fsum(x.yearly_usd[0] for x in option.cost.lines if x.key == SERVERS)
    return option.cost.capex_usd - bought if bought > 0 else None


def leasing_keeps(gate: Gate, option: Option) -> bool:
    """Whether an option with leased servers keeps the limit on up-front spending that it breaks."""
    leased = _leased(option, gate.key)
    if leased is None or option.cost is None or gate.needed is None or gate.limit is None:
        return False
    return leased * gate.needed <= gate.limit * option.cost.capex_usd  # in the gate's currency


def _enough_money(needed: float, leased_usd: float | None, limit: float, currency: Currency) -> str:
    """The limit on spending that would do, as the search for changes rounds it; or leasing."""
    amount = _rounded(needed, currency)
    if leased_usd is None:
        return _("A limit of {amount}.").format(amount=amount)
    if leased_usd * currency.per_usd <= limit:
        text = _("Leased servers ({leased} up front), or a limit of {amount}.")
        return text.format(amount=amount, leased=money(leased_usd, currency))
    text = _("A limit of {amount}, or of {leased} with leased servers.")
    return text.format(amount=amount, leased=_rounded(leased_usd * currency.per_usd, currency))


def _rounded(needed: float, currency: Currency) -> str:
    """An amount of the user's currency that is no less than what is needed."""
    return with_currency(currency.code, number(rounded(needed, up=True, digits=3)))
