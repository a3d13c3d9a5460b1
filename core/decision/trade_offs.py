"""What the recommendation costs beyond the cheapest, and what the user's own limits cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.assessment import Economics
from core.decision import verdicts
from core.decision.standings import leads, points_of, usd_of
from core.decision.wording import (
    difference,
    listed,
    lower_first,
    milliseconds,
    money,
    percent,
    price_per_mtok,
)
from core.economics.discounting import month_end_factors
from core.recommendation import Currency, Gain, LimitPrice, Option, Score, TargetCheck, TradeOff
from core.words import _, ngettext

LEAST_SHARE = 0.01
"""Differences in cost below this share are not told: no input is known as well."""
CLEARLY_CHEAPER = 0.9
"""Cost share above which settling an option's open questions, or lifting a limit, is not worth a
sentence."""
FAR_MS = 30.0
"""An option that is so much farther away (round trip) than another is told with its place."""
MOST_GAINS = 3
MOST_LIMIT_PRICES = 3
LIMITS_OF_THE_USER = frozenset(
    (
        "venue", "residency", "air_gap", "rack_power", "total_power", "feeds", "cooling", "racks",
        "floor_load", "edge_power", "capex", "opex", "lead_time", "availability", "skills",
    )
)  # fmt: skip  # a list of keys
"""Gates whose limit is an input. The others (a model that does not fit, its licence, hardware
that is not sold for service) nobody can lift; latency targets are what is bought, and an option
that misses them would be sized otherwise without them."""


def usd_per_month(present_usd: float, economics: Economics) -> float:
    """A present value as an equal monthly amount over the horizon.

    By the annuity of the cost model: paid at the end of each month.
    """
    factors = month_end_factors(economics.discount_rate, economics.horizon_years)[1:]
    return present_usd / float(factors.sum()) / 12.0


def trade_offs(
    options: Sequence[Option], economics: Economics, currency: Currency
) -> tuple[TradeOff, ...]:
    """The cheapest option with no more open questions than the first, and a cheaper one with.

    Empty where the first of the feasible ``options`` is the cheapest.
    """
    if not options:
        return ()
    best, *rivals = options
    own = usd_of(best)
    found: list[TradeOff] = []
    if own is None:
        return ()
    limit = own / (1.0 + LEAST_SHARE)
    for asking in (False, True):
        # what the winner asks too speaks against none of the others
        priced = [o for o in rivals if bool(_asked(o, best)) == asking and usd_of(o)]
        cheap = min(priced, key=lambda o: (usd_of(o), o.id), default=None)
        usd = None if cheap is None else usd_of(cheap)
        if cheap is None or usd is None or usd > (CLEARLY_CHEAPER * own if asking else limit):
            continue
        found.append(_trade_off(best, cheap, economics, currency))
        limit = usd
    return tuple(found)


def cheaper_than_first(options: Sequence[Option]) -> int:
    """How many of the feasible ``options`` cost noticeably less than the first."""
    own = usd_of(options[0]) if options else None
    if own is None:
        return 0
    costs = [usd_of(o) for o in options[1:]]
    return sum(usd is not None and usd <= own / (1.0 + LEAST_SHARE) for usd in costs)


def _asked(option: Option, best: Option) -> list[str]:
    """Conditions of an option that the best one does not have."""
    settled = set(best.conditions)
    return [c for c in option.conditions if c not in settled]


def _trade_off(best: Option, cheap: Option, economics: Economics, currency: Currency) -> TradeOff:
    assert best.cost is not None and cheap.cost is not None  # the caller chose priced ones
    own, other = best.cost.usd_per_mtok.base, cheap.cost.usd_per_mtok.base
    monthly = usd_per_month(best.cost.npv_usd - cheap.cost.npv_usd, economics)
    gains = tuple(_gains(best, cheap))
    asked = _asked(cheap, best)
    text = _(
        "{title} would cost {less} less: {price} instead of {own}, or {month} less a month{asked}."
    ).format(
        asked=ngettext(", with {n} open question", ", with {n} open questions", len(asked)).format(
            n=len(asked)
        )
        if asked
        else "",
        title=cheap.title,
        less=percent(1.0 - other / own),
        price=price_per_mtok(other, currency),
        own=money(own, currency),
        month=money(monthly, currency),
    )
    if gains:
        bought = listed([g.text for g in gains])
        text += _(" What the difference buys: {bought}.").format(bought=bought)
    if asked:
        text += _(" First of all: {condition}.").format(condition=asked[0].rstrip("."))
    elif gains:
        text += _(" If that is not worth it to you, give cost more weight.")
    return TradeOff(
        option_id=cheap.id,
        option_title=cheap.title,
        usd_per_mtok=own - other,
        usd_per_month=monthly,
        share=own / other - 1.0,
        gains=gains,
        open_questions=len(asked),
        sentence=text,
    )


def _gains(best: Option, cheap: Option) -> Iterator[Gain]:
    ahead = [t for t in leads(best, cheap) if t[0] > 0 and t[1].key != "cost"]
    for lead, score, rival in ahead[:MOST_GAINS]:
        # of a latency that is not known in part, the part that is known tells nothing of the lead
        told = score.key == "latency" and score.value is not None and rival.value is not None
        text = _latency(best, cheap) if told else ""
        yield Gain(score.key, text or _points(score, rival), lead)


def _points(score: Score, rival: Score) -> str:
    text = (
        _("{label} ({value} points; not known there)")
        if rival.value is None
        else _("{label} ({value} against {value2} points)")
    )
    return text.format(
        label=lower_first(score.label), value=points_of(score), value2=points_of(rival)
    )


def _latency(best: Option, cheap: Option) -> str:
    """The target that the cheaper option comes nearest to of those that the best meets better.

    "" where it meets none better, or nothing is known.
    """
    mine = {(s.workload, c.key): c for s in best.servings for c in s.targets}
    found: list[tuple[float, str, TargetCheck, TargetCheck]] = []
    for serving in cheap.servings:
        for check in serving.targets:
            own = mine.get((serving.workload, check.key))
            if own is None or own.predicted_ms is None or check.predicted_ms is None:
                continue
            if own.predicted_ms.base >= check.predicted_ms.base:
                continue  # nothing is bought there
            share = check.predicted_ms.base / check.limit_ms
            found.append((share, serving.workload, own, check))
    if not found:
        return ""
    _share, workload, own, check = max(found, key=lambda item: item[0])
    assert own.predicted_ms is not None and check.predicted_ms is not None  # chosen above
    return _("{label} {own} instead of {other}, with {limit} allowed ({workload})").format(
        label=lower_first(check.label),
        own=milliseconds(own.predicted_ms.base),
        other=milliseconds(check.predicted_ms.base),
        limit=milliseconds(check.limit_ms),
        workload=workload,
    )


# -- the user's own limits -------------------------------------------------------------------


def limit_prices(
    options: Sequence[Option],
    rejected: Sequence[Option],
    economics: Economics,
    currency: Currency,
) -> tuple[LimitPrice, ...]:
    """The cheapest option that limits of the user reject, then the next that fail fewer of them.

    Only options that would cost clearly less than every feasible one; empty where there is none.
    Held against the cheapest that is known to keep the limits in question.
    """
    costs = [usd for o in options if (usd := usd_of(o)) is not None]
    most = min(costs, default=0.0) * CLEARLY_CHEAPER
    cheaper = [o for o in rejected if 0.0 < (usd_of(o) or 0.0) <= most and liftable(o)]
    found: list[LimitPrice] = []
    for option in sorted(cheaper, key=lambda o: (usd_of(o), len(_failed_keys(o)), o.id)):
        keys = set(_failed_keys(option))
        if any(keys >= set(other.gate_keys) for other in found):
            continue  # dearer, and no fewer limits would have to be lifted
        allowed = _cheapest_allowed(options, _failed_keys(option))
        assert allowed is not None  # some feasible option costs more
        found.append(_limit_price(option, allowed, economics, currency))
        if len(found) == MOST_LIMIT_PRICES:
            break
    return tuple(found)


def _cheapest_allowed(options: Sequence[Option], keys: Sequence[str]) -> Option | None:
    """The cheapest feasible option; one that is known to keep limits of these kinds, if any."""
    priced = [o for o in options if o.cost is not None]
    sure = [o for o in priced if not any(g.status == "unknown" and g.key in keys for g in o.gates)]
    return min(sure or priced, key=lambda o: (usd_of(o), o.id), default=None)


def _failed_keys(option: Option) -> tuple[str, ...]:
    return tuple(dict.fromkeys(g.key for g in verdicts.failures(option.gates)))


def liftable(option: Option) -> bool:
    """Whether nothing but the user's own limits rejects an option."""
    keys = _failed_keys(option)
    return bool(keys) and LIMITS_OF_THE_USER.issuperset(keys)


def _farther(option: Option, allowed: Option) -> str:
    """Where an option runs, if that is far beyond the one it is held against; else ""."""
    there, here = option.place, allowed.place
    if there.rtt_ms is None or here.rtt_ms is None:
        return ""
    away = there.rtt_ms + there.uncounted_ms
    if away < here.rtt_ms + FAR_MS:
        return ""
    text = _(" It runs in {place}, a round trip of {away} from the users instead of {near}").format(
        place=there.label, away=milliseconds(away), near=milliseconds(here.rtt_ms)
    )
    if there.uncounted_ms:
        text += _(", which its latencies do not count yet")
    return f"{text}."


def _limit_price(
    option: Option, allowed: Option, economics: Economics, currency: Currency
) -> LimitPrice:
    assert option.cost is not None and allowed.cost is not None  # the caller chose priced ones
    usd, least = option.cost.usd_per_mtok.base, allowed.cost.usd_per_mtok.base
    monthly = usd_per_month(allowed.cost.npv_usd - option.cost.npv_usd, economics)
    failed = verdicts.failures(option.gates)
    text = _(
        "Your limits ({limits}) reject {title}, at {price}. Against {allowed}, the cheapest option "
        "that keeps them at {least}, they cost {difference}, or {month} a month."
    ).format(
        limits=verdicts.binding_text(option.gates),
        title=option.title,
        price=price_per_mtok(usd, currency),
        allowed=allowed.title,
        least=money(least, currency),
        difference=_("{amount} per million tokens").format(amount=difference(least, usd, currency)),
        month=money(monthly, currency),
    )
    text += _farther(option, allowed)
    if option.conditions:
        count = len(option.conditions)
        text += ngettext(
            " {count} question about it would be open.",
            " {count} questions about it would be open.",
            count,
        ).format(count=count)
    return LimitPrice(
        option_id=option.id,
        option_title=option.title,
        limits=tuple(dict.fromkeys(g.label for g in failed)),
        gate_keys=_failed_keys(option),
        option_usd_per_mtok=usd,
        allowed_id=allowed.id,
        allowed_title=allowed.title,
        allowed_usd_per_mtok=least,
        usd_per_mtok=least - usd,
        usd_per_month=monthly,
        open_questions=len(option.conditions),
        sentence=text,
    )
