"""The recommendation in sentences that contain the numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.assessment import Assessment
from core.decision import market, verdicts
from core.decision.confidence import Confidence, confidence
from core.decision.facts import DecisionCatalog, currency_of
from core.decision.hosted_only import no_hosted_api
from core.decision.leading import ahead_alone, level, outpriced
from core.decision.ranking import crossed
from core.decision.rating import CONSTRAINTS
from core.decision.reasons import compared, reasons_of
from core.decision.risks import (
    leads,
    points_of,
    risks_of,
    usd_of,
)
from core.decision.trade_offs import limit_prices, trade_offs
from core.decision.wording import (
    listed,
    lower_first,
    money,
    number,
    points,
    price_per_mtok,
    tokens,
    years_in_words,
)
from core.notation import semicolons
from core.recommendation import (
    Currency,
    Gate,
    LimitPrice,
    Notice,
    Option,
    TradeOff,
    WorkloadDemand,
)
from core.words import _, ngettext

MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the reader is told; ``whys`` by option id."""

    headline: str
    confidence: Confidence
    confidence_reason: str
    reasons: tuple[str, ...]
    risks: tuple[str, ...]
    conditions: tuple[str, ...]
    whys: Mapping[str, str]
    notices: tuple[Notice, ...]
    trade_offs: tuple[TradeOff, ...] = ()
    limit_prices: tuple[LimitPrice, ...] = ()


def explain(
    assessment: Assessment,
    options: Sequence[Option],
    rejected: Sequence[Option],
    demand: Sequence[WorkloadDemand],
    catalog: DecisionCatalog,
    *,
    currency: Currency | None = None,
) -> Explanation:
    """Explain a ranking: ``options`` and ``rejected`` as ``score_and_rank`` returns them."""
    money_in = currency or currency_of(assessment, catalog)
    if not options:
        return _nothing_feasible(rejected, money_in, no_hosted_api(assessment, rejected, demand))
    best, second = options[0], options[1] if len(options) > 1 else None
    held, why_confidence = confidence(best, second, other=crossed(options))
    whys = {best.id: _why_wins(best, second, money_in)}
    whys |= {o.id: _why_loses(o, best, money_in) for o in options[1:]}
    whys |= {o.id: _why_rejected(o, best, money_in) for o in rejected}
    return Explanation(
        headline=_headline(best, demand, assessment, money_in),
        confidence=held,
        confidence_reason=why_confidence,
        reasons=reasons_of(best, _elsewhere(options), options, money_in, rejected),
        risks=risks_of(best, second, options, assessment, money_in),
        conditions=best.conditions,
        whys=whys,
        notices=(*_order_notice(options), *market.notices()),
        trade_offs=trade_offs(options, assessment.economics, money_in),
        limit_prices=limit_prices(options, rejected, assessment.economics, money_in),
    )


# -- helpers ---------------------------------------------------------------------------------


# -- headline --------------------------------------------------------------------------------


def _headline(
    best: Option, demand: Sequence[WorkloadDemand], assessment: Assessment, currency: Currency
) -> str:
    cost = best.cost
    text = _("Choose {title}").format(title=best.title)
    if cost is not None:
        text += _(", at {base} over {years}").format(
            base=price_per_mtok(cost.usd_per_mtok.base, currency),
            years=years_in_words(assessment.economics.horizon_years),
        )
        asked = math.fsum(d.tokens_per_year[0] for d in demand if d.tokens_per_year)
        if asked > 0:
            text += _(" ({asked} in the first year)").format(asked=tokens(asked))
        if cost.capex_usd > 0:
            text += _(", {capex_usd} up front").format(capex_usd=money(cost.capex_usd, currency))
    if best.conditions:
        count = len(best.conditions)
        text += ngettext(
            ", with {count} condition to confirm", ", with {count} conditions to confirm", count
        ).format(count=count)
    return f"{text}."


def _nothing_feasible(
    rejected: Sequence[Option], currency: Currency, no_api: str = ""
) -> Explanation:
    whys = {o.id: _why_rejected(o, None, currency) for o in rejected}
    if not rejected:
        return Explanation(
            _("No option could be built: no allowed venue serves these models."),
            "low",
            _("Nothing was found to compare."),
            (),
            (),
            (),
            whys,
            market.notices(),
        )
    nearest = rejected[0]
    failed = verdicts.failures(nearest.gates)
    limit = verdicts.binding_text(nearest.gates) or _("its unknown price")
    reasons = tuple(
        _("{label}: {message} It would take: {remedy}").format(
            label=g.label, message=g.message, remedy=g.remedy
        )
        for g in failed[:MOST_REASONS]
    )
    common = verdicts.rejecting(rejected)
    if no_api:
        return Explanation(
            _("No option meets every limit: {reason}.").format(reason=no_api),
            "low",
            _("Every option examined is at a venue that is not allowed."),
            (
                f"{no_api[:1].upper()}{no_api[1:]}.",
                _("It would take: another venue, or models that one hosted API offers."),
            ),
            tuple(_rejects(gate, n, rejected) for gate, n in common if gate.key != "venue"),
            nearest.conditions,
            whys,
            market.notices(),
        )
    risks = tuple(_rejects(gate, n, rejected) for gate, n in common)
    return Explanation(
        _("No option meets every limit; the nearest is {title}, which fails on {limit}.").format(
            title=nearest.title, limit=limit
        ),
        "low",
        _("Every option examined breaks at least one hard limit or has no known price."),
        reasons,
        risks,
        nearest.conditions,
        whys,
        market.notices(),
    )


def _rejects(gate: Gate, n: int, rejected: Sequence[Option]) -> str:
    return _("{label} rejects {n} of {rejected} options.").format(
        label=gate.label, n=n, rejected=len(rejected)
    )


# -- why it wins -----------------------------------------------------------------------------


def _elsewhere(options: Sequence[Option]) -> Option | None:
    """The best option in another venue than the winner's, else the second: what to be told from."""
    return next(
        (o for o in options[1:] if o.venue != options[0].venue),
        options[1] if len(options) > 1 else None,
    )


def _why_wins(best: Option, second: Option | None, currency: Currency) -> str:
    total = _("{total_score} of 100 points").format(total_score=number(best.total_score or 0.0))
    if second is None:
        return _("The only feasible option: {total}.").format(total=total)
    first = [t for t in leads(best, second) if t[0] > 0][:2]
    gained = (
        listed([f"{lower_first(s.label)} (+{number(lead, 2)})" for lead, s, _ in first])
        if first
        else _("the sum of small differences")
    )
    own, other = usd_of(best), usd_of(second)
    at = (
        _(" at {own} against {other}").format(
            own=price_per_mtok(own, currency), other=money(other, currency)
        )
        if own is not None and other is not None
        else ""
    )
    if level(best, second):
        return _(
            "Level with {title}, less than a point apart{at}. Of all that are level with the "
            "highest score the cheapest leads; the others stand by their score."
        ).format(title=second.title, at=at)
    alone = ahead_alone(best, second)
    if alone:
        text = _(
            "{total} against {total_score} for {title}{at}: what puts that one ahead ({criteria}) "
            "does not apply to this option, and on the rest it is behind."
        )
    elif outpriced(best, second):
        text = _(
            "{total} against {total_score} for {title}{at}: beyond twice the cost of another "
            "option, every further doubling must bring points that this lead does not."
        )
    else:
        text = _("Wins with {total} against {total_score} for {title}{at}, mainly by {gained}.")
    return text.format(
        total=total,
        total_score=number(second.total_score or 0.0),
        title=second.title,
        at=at,
        criteria=listed([lower_first(s.label) for s in alone]) if alone else "",
        gained=gained,
    )


TOLD_POINTS = 0.05
"""Points of the total from which a criterion's share in it is told: less rounds to none."""


def _why_loses(option: Option, best: Option, currency: Currency) -> str:
    behind = (best.total_score or 0.0) - (option.total_score or 0.0)
    own, lead = usd_of(option), usd_of(best)
    parts = []
    if own is not None and lead:
        if own > lead * 1.005:
            parts.append(
                _("{price} is {compared}").format(
                    price=price_per_mtok(own, currency), compared=compared(own / lead, best.title)
                )
            )
        elif own < lead * 0.995:
            parts.append(_("cheaper at {own}").format(own=price_per_mtok(own, currency)))
    worst = [t for t in leads(best, option) if t[0] >= TOLD_POINTS and t[1].key != "cost"][:1]
    for lead_points, score, rival in worst:
        parts.append(
            _("weaker in {label}: {value} against {value2} (−{lead_points} points)").format(
                label=lower_first(score.label),
                value=points_of(rival),
                value2=points_of(score),
                lead_points=number(lead_points, 2),
            )
        )
    if level(option, best):
        if not parts:
            return _("Level with {title}.").format(title=best.title)
        return _("Level with {title}: {parts}.").format(title=best.title, parts=semicolons(parts))
    text = semicolons(parts) or _("close in every criterion")
    if outpriced(best, option):
        return _("{points} ahead, but not worth it: {text}.").format(
            points=points(-behind), text=text
        )
    return _("{points} behind: {text}.").format(points=points(behind), text=text)


def _why_rejected(option: Option, best: Option | None, currency: Currency) -> str:
    text = verdicts.rejection(option)
    own, lead = usd_of(option), None if best is None else usd_of(best)
    if own is not None and lead and own < lead * 0.995:
        text += _(" It would cost {own}.").format(own=price_per_mtok(own, currency))
    return text


def cross_check_notices(options: Sequence[Option]) -> tuple[Notice, ...]:
    """That the cross-check would choose another winner, where it does; best options first."""
    other = crossed(options)
    if other is None:
        return ()
    text = _(
        "The cross-check method (TOPSIS) puts {title} first ({topsis_score} "
        "against {topsis_score2}): the order of the two depends on the method."
    )
    return (
        Notice(
            "warning",
            text.format(
                title=other.title,
                topsis_score=number(other.topsis_score or 0.0),
                topsis_score2=number(options[0].topsis_score or 0.0),
            ),
        ),
    )


def _order_notice(options: Sequence[Option]) -> tuple[Notice, ...]:
    """Says so where the cross-check would choose another winner, or criteria were dropped."""
    found = list(cross_check_notices(options))
    dropped = [lower_first(s.label) for s in options[0].scores if s.counted is None]
    unknown = [s for s in options[0].scores if s.value is None and s.assumed is not None]
    if dropped:
        total = sum(1 for s in options[0].scores if s.key in CONSTRAINTS and s.value is not None)
        found.append(
            Notice(
                "info",
                _(
                    "{title}: not applicable: {dropped}. The weights are spread "
                    "over the other criteria; {total} of the five constraints are rated."
                ).format(title=options[0].title, dropped=listed(dropped), total=total),
            )
        )
    if unknown:
        found.append(
            Notice(
                "info",
                _(
                    "{title}: not known, so counted with few points: {unknown}. What is not "
                    "known never helps an option."
                ).format(
                    title=options[0].title,
                    unknown=listed(
                        [
                            _("{label} ({points})").format(
                                label=lower_first(s.label), points=number(s.assumed or 0.0, 2)
                            )
                            for s in unknown
                        ]
                    ),
                ),
            )
        )
    return tuple(found)
