"""What speaks for a hosted API, and what may go wrong with one: nothing of it is the user's own."""

from __future__ import annotations

import math
from collections.abc import Iterator

from core.assessment import Assessment
from core.decision.standings import usd_of
from core.decision.wording import percent, price_per_mtok
from core.economics.rates import Money
from core.recommendation import Currency, Option, TargetCheck
from core.words import _, ngettext


def unconfirmed(option: Option) -> tuple[int, int]:
    """How many latency targets nothing is published about, and how many there are."""
    checks: list[TargetCheck] = [c for s in option.servings for c in s.targets]
    return sum(c.predicted_ms is None and c.status == "unknown" for c in checks), len(checks)


def strengths(best: Option) -> Iterator[str]:
    """What every hosted API has, and so tells no two of them apart."""
    if best.venue == "token_api" and best.cost is not None and best.cost.capex_usd == 0:
        yield _(
            "Nothing to buy, house, power or cool: no spending before the start, and the provider "
            "runs the hardware."
        )


def unproven(best: Option) -> Iterator[str]:
    """That none of the targets is confirmed."""
    unknown, every = unconfirmed(best)
    if unknown and unknown == every:
        yield ngettext(
            "The latency target is not confirmed: {provider} publishes no latency. A trial under "
            "your load has to show it.",
            "None of the {n} latency targets is confirmed: {provider} publishes no latency. A "
            "trial under your load has to show them.",
            every,
        ).format(n=every, provider=best.hosted_by)


def no_way_back(best: Option, second: Option | None) -> Iterator[str]:
    """That nothing else keeps the limits, where a part of this is still open."""
    count = len(best.conditions)
    if second is None and count:
        yield ngettext(
            "No other option keeps your limits: if the open condition fails, there is none to fall "
            "back on.",
            "No other option keeps your limits: if one of the {n} open conditions fails, there is "
            "none to fall back on.",
            count,
        ).format(n=count)


def price_trend(best: Option, assessment: Assessment, currency: Currency) -> Iterator[str]:
    """What it costs if token prices do not fall as was entered."""
    flat, rate = _at_todays_prices(best, assessment), assessment.economics.token_price_trend
    if flat is None or rate >= 0.0:
        return
    yield _(
        "The cost counts on token prices that fall by {rate} a year: if they stay as they are, it "
        "is {price}."
    ).format(rate=percent(-rate), price=price_per_mtok(flat, currency))


def _at_todays_prices(option: Option, assessment: Assessment) -> float | None:
    """US dollars per million tokens were token prices those of today in every year.

    ``None`` where the option pays no tokens or no price is known.
    """
    cost, own = option.cost, usd_of(option)
    lines = [line for line in cost.lines if line.key == "tokens"] if cost else []
    if cost is None or own is None or not lines or cost.npv_usd <= 0:
        return None
    money = Money(assessment.economics)
    trend = (1.0, *money.token.tolist())  # nothing is paid before the start
    more = 0.0
    for line in lines:
        factors = money.factors_of(line.kind)
        terms = zip(line.yearly_usd, trend, factors, strict=True)
        more += math.fsum(usd * (1.0 / t - 1.0) * f for usd, t, f in terms)
    return own * (cost.npv_usd + more) / cost.npv_usd
