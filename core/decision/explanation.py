"""The recommendation in sentences that contain the numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.assessment import Assessment
from core.decision import market, verdicts
from core.decision.against_rejected import at_venues
from core.decision.confidence import Confidence, confidence
from core.decision.facts import DecisionCatalog, currency_of
from core.decision.hosted_only import no_hosted_api
from core.decision.ranking import crossed
from core.decision.rating import CONSTRAINTS
from core.decision.reasons import reasons_of
from core.decision.risks import risks_of
from core.decision.trade_offs import limit_prices, trade_offs
from core.decision.whys import why_loses, why_rejected, why_wins
from core.decision.wording import (
    listed,
    lower_first,
    money,
    number,
    price_per_mtok,
    tokens,
    years_in_words,
)
from core.notation import local
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
    whys = {best.id: why_wins(best, second, money_in)}
    whys |= {o.id: why_loses(o, best, money_in) for o in options[1:]}
    whys |= {o.id: why_rejected(o, best, money_in) for o in rejected}
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
    whys = {o.id: why_rejected(o, None, currency) for o in rejected}
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
    return Explanation(
        _("No option meets every limit; the nearest is {title}, which fails on {limit}.").format(
            title=nearest.title, limit=limit
        ),
        "low",
        _("Every option examined breaks at least one hard limit or has no known price."),
        _binding(failed),
        tuple(_what_rejects(rejected)),
        nearest.conditions,
        whys,
        market.notices(),
    )


def _binding(failed: list[Gate]) -> tuple[str, ...]:
    """The limits that an option breaks; of many the farthest in full, and the others by name."""
    full = failed
    if len(failed) > MOST_REASONS:
        full = sorted(failed, key=lambda g: -verdicts.distance((g,)))[: MOST_REASONS - 1]
    told = [
        _("{label}: {message} It would take: {remedy}").format(
            label=g.label, message=g.message, remedy=g.remedy
        )
        for g in full
    ]
    others = tuple(g for g in failed if g not in full)
    if others:
        text = _("It also fails on {others}.")
        told.append(text.format(others=verdicts.binding_text(others)))
    return tuple(told)


def _what_rejects(rejected: Sequence[Option]) -> Iterator[str]:
    """How many options each limit rejects at the venues to consider, and how many lie elsewhere."""
    considered = at_venues(rejected)
    if not considered:
        yield from (_rejects(gate, n, rejected) for gate, n in verdicts.rejecting(rejected))
        return
    elsewhere = len(rejected) - len(considered)
    told = [
        (_rejects if not elsewhere else _rejects_there)(gate, n, considered)
        for gate, n in verdicts.rejecting(considered)
    ]
    if elsewhere:
        text = ngettext(
            "{n} more is at a venue that is not to be considered.",
            "{n} more are at venues that are not to be considered.",
            elsewhere,
        )
        told.insert(MOST_REASONS - 1, text.format(n=local(f"{elsewhere:,}")))
    yield from told


def _rejects_there(gate: Gate, n: int, considered: Sequence[Option]) -> str:
    return _("{label} rejects {n} of {all} options at the venues to consider.").format(
        label=gate.label, n=n, all=len(considered)
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
