"""How surely the answer is held, and why: the weakest of what it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from core.decision import published_apart
from core.decision.hosted import unconfirmed
from core.decision.leading import level, outpriced
from core.decision.risks import CLOSE_POINTS
from core.decision.standings import EVIDENCE_ORDER, times_of, usd_of, worst_evidence
from core.decision.wording import chance, listed, percent, points_apart
from core.economics.price_classes import CLASSES, OTHER
from core.notation import semicolons
from core.recommendation import Lead, Option, SwitchPoint, TargetCheck
from core.words import N_, _, ngettext

Confidence = Literal["high", "medium", "low"]
MOST_LOST = {"high": 1, "medium": 3}
"""Weight of the doubts up to which the confidence is high or medium; low beyond (judgement)."""
COIN_TOSS_POINTS = 0.5
"""A lead below this many points counts as two doubts more."""
CLEAR_POINTS = 5.0
"""From this lead on, other criteria than cost decide, so a small gap in cost is no doubt."""
MOST_OPEN = 2
"""More limits than these that are still to be confirmed are a doubt."""
PREDICTED = {
    "measured": N_("its performance was measured"),
    "calibrated": N_("its performance is computed from measurements of like hardware"),
    "extrapolated": N_("its performance is extrapolated beyond what was measured"),
}
SURE_SHARE = 0.9
"""Best in this share of the sampled futures or more, the lead is no doubt, however few points."""
EVEN_SHARE = 0.5
"""Best in fewer than these, it is a doubt as heavy as the toss of a coin."""
UNCONFIRMED = 3.0
"""Weight of latency targets that nothing is published about, where that is all of them: whether the
option does the work is open then, so the confidence is low (judgement)."""
CONTRADICTED = 1.0
"""Weight of published runs of the very configuration that lie beyond the interval (judgement)."""
WEAK_FROM, WEAK_DOUBTS = 0.25, 2.0
"""Share of the cost from which assumptions and weak sources are a doubt, and its weight where all
of the cost rests on them; in proportion between (judgement)."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to be told of the answer; ``count`` is its weight, ``None`` for a strength."""

    count: float | None
    text: str


def confidence(
    best: Option,
    second: Option | None,
    sampled: Lead | None = None,
    *,
    other: Option | None = None,
    turned: Sequence[SwitchPoint] = (),
) -> tuple[Confidence, str]:
    """How surely the best option is held, and the doubts and strengths in one sentence.

    Doubts are weighed: the grade of the prediction, how much of an interval lies beyond its
    target, how much of the cost rests on assumptions, a lead within what is not known, open
    limits. High takes at most one
    doubt, a lead that is not close, and another option to fall back on. Once futures were
    ``sampled``, the lead is judged by them: the same draws of both options give how often the
    first is best and the range of the gap in cost, so neither can contradict the other.
    ``other``: whom the cross-check of the ranking puts first instead, which is told but weighs
    nothing: the points are the method. ``turned`` are verified switch points within what was drawn:
    one of them alone is a doubt, however large the share in which the first is best.
    """
    lead = _lead(best, second) if sampled is None or second is None else _held(
        best, second, sampled
    )  # fmt: skip  # one choice
    sure = sampled is not None and sampled.best_share >= SURE_SHARE
    near = _turned(turned, sure=sure)
    found = [*_prediction(best), *_cost(best), *lead, *near, *_method(other), *_open(best)]
    lost = math.fsum(item.count or 0.0 for item in found) - 1e-9  # of thirds and the like
    close = second is None or (
        _points_ahead(best, second) < CLOSE_POINTS if sampled is None else not sure or bool(turned)
    )
    held: Confidence = "low"
    if lost <= MOST_LOST["medium"]:
        held = "high" if lost <= MOST_LOST["high"] and not close else "medium"
    return held, _told(found)


def _told(found: Sequence[Doubt]) -> str:
    """What speaks against the answer, then what speaks for it: no doubt is ever cut off."""
    parts = []
    strengths = [item.text for item in found if item.count is None]
    weaknesses = [item.text for item in found if item.count is not None]
    if weaknesses:
        parts.append(_("Doubts: {doubts}.").format(doubts=semicolons(weaknesses)))
    if strengths:
        text = listed(strengths)
        parts.append(
            _("In its favour: {strengths}.").format(strengths=text)
            if weaknesses
            else f"{text[0].upper()}{text[1:]}."
        )
    return " ".join(parts)


def gap_uncertainty(best: Option, second: Option) -> float:
    """Half-width of the gap in levelised cost, as a share of the best option's.

    Prices of a class move for both options at once (``price_classes``), from every line's low to
    its high factor; the classes are independent of one another and add up as squares.
    """
    own = usd_of(best)
    if not own or best.cost is None or second.cost is None:
        return 1.0
    moved: dict[str, list[float]] = {}
    for sign, cost in ((-1.0, best.cost), (1.0, second.cost)):
        if not cost.npv_usd:
            return 1.0
        per_usd = sign * cost.usd_per_mtok.base / cost.npv_usd
        for line in cost.lines:
            pair = moved.setdefault(CLASSES.get(line.key, OTHER), [0.0, 0.0])
            pair[0] += per_usd * line.present_value_usd * line.low_factor
            pair[1] += per_usd * line.present_value_usd * line.high_factor
    return math.hypot(*((high - low) / 2.0 for low, high in moved.values())) / own


def weak_share(option: Option) -> float:
    """Share of an option's present cost that assumptions and weakly sourced prices make up."""
    lines = () if option.cost is None else option.cost.lines
    total = math.fsum(abs(line.present_value_usd) for line in lines)
    weak = math.fsum(abs(line.present_value_usd) for line in lines if line.basis != "sourced")
    return weak / total if total > 0 else 0.0


def beyond_limit(check: TargetCheck) -> float:
    """Share of the upper half of a prediction's interval that lies beyond its target, 0 to 1.

    0 where the whole interval keeps it, or nothing is predicted; 1 where the middle just does.
    """
    got = check.predicted_ms
    if got is None or not got.base <= check.limit_ms < got.high:
        return 0.0
    if not math.isfinite(got.high):
        return 1.0
    return (got.high - check.limit_ms) / (got.high - got.base)


def _prediction(best: Option) -> Iterator[Doubt]:
    grade = worst_evidence(best)
    if grade is None:
        yield from _provider(best)
    else:
        yield Doubt(EVIDENCE_ORDER.index(grade) or None, _(PREDICTED[grade]))
    contradicted = tuple(published_apart.apart(best))
    if contradicted:
        yield Doubt(CONTRADICTED, published_apart.doubt(contradicted))
    beyond = max((beyond_limit(c) for s in best.servings for c in s.targets), default=0.0)
    if beyond > 0.0:
        yield Doubt(beyond, _("a predicted latency may miss its limit, going by published runs"))


def _provider(best: Option) -> Iterator[Doubt]:
    """Nothing is computed: as many doubts more as the share of targets that is unconfirmed."""
    unknown, every = unconfirmed(best)
    if not unknown:
        yield Doubt(1, _("its performance is the provider's, not computed"))
        return
    text = ngettext(
        "its performance is the provider's, not computed, and the latency target is not confirmed",
        "its performance is the provider's, not computed, and {n} of {all} latency targets are not "
        "confirmed",
        every,
    )
    weight = 1.0 + UNCONFIRMED * unknown / every
    yield Doubt(weight, text.format(n=unknown, all=every))


def _cost(best: Option) -> Iterator[Doubt]:
    weak = weak_share(best)
    weight = WEAK_DOUBTS * (weak - WEAK_FROM) / (1.0 - WEAK_FROM)
    if weight > 0.0:
        text = _("{share} of its cost rests on assumptions or weak sources")
        yield Doubt(weight, text.format(share=percent(weak)))


def _lead(best: Option, second: Option | None) -> Iterator[Doubt]:
    if second is None:
        yield Doubt(1, _("no other option is feasible, so there is none to fall back on"))
        return
    own, other = usd_of(best), usd_of(second)
    if not own or not other:
        return
    lead = _points_ahead(best, second)
    gap = other / own - 1.0
    unsure = gap_uncertainty(best, second)
    toss = 2 if lead < COIN_TOSS_POINTS else 0
    if outpriced(best, second):
        text = _("{title} has {points} more at {times} times the cost")
        more, times = _points_between(best, second), times_of(best, second)
        yield Doubt(1, text.format(title=second.title, points=more, times=times))
    elif level(best, second) and gap > unsure:
        # the clearly cheaper of two that points cannot tell apart is no toss of a coin
        text = _("it is level with {title}, which costs {more} more")
        yield Doubt(1, text.format(title=second.title, more=percent(gap)))
    elif level(best, second):
        yield Doubt(toss + 1, _("it is level with {title}").format(title=second.title))
    elif lead < CLOSE_POINTS:
        text = _("it leads {title} by only {points}")
        yield Doubt(toss + 1, text.format(title=second.title, points=_points_between(best, second)))
    else:
        text = _("it leads {title} by {points}")
        yield Doubt(None, text.format(title=second.title, points=_points_between(best, second)))
    if abs(gap) < unsure and lead < CLEAR_POINTS and not outpriced(best, second):
        text = _("the cost gap of {other} is within what prices leave open between the two, "
                 "{unsure}")  # fmt: skip  # one sentence
        yield Doubt(1, text.format(other=percent(abs(gap)), unsure=percent(unsure)))


def _held(best: Option, second: Option, sampled: Lead) -> Iterator[Doubt]:
    """What the same futures of both say of the lead, and of the gap in cost."""
    sure = sampled.best_share >= SURE_SHARE
    if outpriced(best, second):
        text = _("{title} has {points} more at {times} times the cost; the cheaper one is first in "
                 "{share} of the sampled futures")  # fmt: skip  # one sentence
    elif level(best, second) and sampled.best_share >= 1.0:
        text = _("it is best in every sampled future, though level on points with {title}")
    elif level(best, second) and sure:
        text = _(
            "it is best in {share} of the sampled futures, though level on points with {title}"
        )
    elif level(best, second):
        text = _("it is level with {title} on points, best in only {share} of the sampled futures")
    elif sampled.best_share >= 1.0:
        text = _("it leads {title} by {points}, best in every sampled future")
    elif sure:
        text = _("it leads {title} by {points}, best in {share} of the sampled futures")
    else:
        text = _("it leads {title} by {points}, but is best in only {share} of the sampled futures")
    heavy = 1 if sampled.best_share >= EVEN_SHARE else 3
    told = text.format(
        title=second.title,
        points=_points_between(best, second),
        times=times_of(best, second),
        share=chance(sampled.best_share),
    )
    low, high = sampled.extra_p10, sampled.extra_p90
    extra = _("in 80 % of all futures the next option costs between {low} and {high} more").format(
        low=percent(low), high=percent(high)
    )
    cheaper = chance(sampled.cheaper_share)
    if sure and low > 0.0:
        text = (
            _("{lead}, and the cheaper in as many: {extra}")
            if cheaper == chance(sampled.best_share)
            else _("{lead}, and the cheaper in every one of them: {extra}")
            if sampled.cheaper_share >= 1.0
            else _("{lead}, and the cheaper in {share} of them: {extra}")
        )
        told = text.format(lead=told, share=cheaper, extra=extra)
    yield Doubt(None if sure else heavy, told)
    if sampled.rival_share > sampled.best_share:
        # the share of the best has counted
        text = _("{title} is best more often, in {share} of them")
        yield Doubt(0, text.format(title=sampled.rival_title, share=chance(sampled.rival_share)))
    if low > 0.0 and not sure:
        # the doubt about the lead has named it
        text = (
            _("it costs less than the next option in every sampled future: {extra}")
            if sampled.cheaper_share >= 1.0
            else _("it costs less than the next option in {share} of the same futures: {extra}")
        )
        yield Doubt(None, text.format(share=cheaper, extra=extra))
    elif low <= 0.0 < high:
        text = _("the cost gap to the next option changes its sign from future to future: it is "
                 "the cheaper in {share} of them")  # fmt: skip  # one sentence
        yield Doubt(0 if sure else 1, text.format(share=cheaper))


def _turned(points: Sequence[SwitchPoint], *, sure: bool) -> Iterator[Doubt]:
    """Single inputs that make another option best within what was drawn."""
    if points:
        text = (
            _("one input alone makes another option best within the range drawn ({inputs})")
            if all(point.new_winner for point in points)
            else _("one input alone changes the answer within the range drawn ({inputs})")
        )
        inputs = listed(
            [
                _("{label} at {value}: {title}").format(
                    label=point.label, value=point.switches_at, title=point.outcome
                )
                for point in points
            ]
        )
        # where the share is a doubt already, it counts this
        yield Doubt(1 if sure else 0, text.format(inputs=inputs))


def _method(other: Option | None) -> Iterator[Doubt]:
    if other is not None:
        text = _("another way to rank (TOPSIS) puts {title} first")
        yield Doubt(0, text.format(title=other.title))


def _points_ahead(best: Option, second: Option) -> float:
    return (best.total_score or 0.0) - (second.total_score or 0.0)


def _points_between(best: Option, second: Option) -> str:
    """How far apart the two are, whichever is ahead."""
    return points_apart(*sorted((best.total_score or 0.0, second.total_score or 0.0), reverse=True))


def _open(best: Option) -> Iterator[Doubt]:
    count = len(best.conditions)
    if count:
        text = ngettext(
            "{count} limit is still to be confirmed",
            "{count} limits are still to be confirmed",
            count,
        )
        # a few are told, but every project has some
        yield Doubt(1 if count > MOST_OPEN else 0, text.format(count=count))
