"""Score options, split them into feasible and rejected, and put each list in order.

Weighted sum of utilities is the method; TOPSIS with fixed ideal points (100 and 0) is its
cross-check. Both are free of rank reversal, since no utility depends on another option.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import partial

from core.assessment import WEIGHTS, Assessment
from core.decision import constraints, criteria, verdicts
from core.decision.facts import DecisionCatalog, currency_of
from core.decision.gates import gates_for
from core.decision.leading import best_first, cost_of
from core.decision.once import Once
from core.decision.rating import CONSTRAINTS, Rating
from core.decision.yardstick import Yardstick, yardstick
from core.recommendation import Currency, Option, Score
from core.records import changed

CRITERIA = tuple(key.removeprefix("weight_") for key in WEIGHTS)
"""``cost``, the five constraints, ``carbon``, ``time``, ``control``: the order of display."""
_ORDER = {key: number for number, key in enumerate(CRITERIA)}


def weights_of(assessment: Assessment) -> dict[str, float]:
    """The user's weights by criterion, summing to 1."""
    raw = {key: float(getattr(assessment.priorities, f"weight_{key}")) for key in CRITERIA}
    total = math.fsum(raw.values())
    return (
        {key: value / total for key, value in raw.items()}
        if total > 0
        else {key: 1.0 / len(raw) for key in raw}
    )


def weigh(ratings: Iterable[Rating], weights: dict[str, float]) -> tuple[Score, ...]:
    """Scores with weights renormalised over the criteria that apply.

    What applies but is not known keeps the user's weight, no more, and counts with the cautious
    points assumed for it, or with the option's average over what is known if that is less: not to
    know is never a gain. What does not apply leaves its weight to what is known, in proportion.
    Where every applicable criterion has weight zero they share the weight equally.
    """
    items = sorted(ratings, key=lambda r: _ORDER[r.key])
    applicable = [r for r in items if r.value is not None or r.assumed is not None]
    share = _shares(applicable, weights)
    known = [(share[r.key], r.value) for r in applicable if r.value is not None]
    weight_known = math.fsum([w for w, _value in known])
    average = math.fsum([w * v for w, v in known]) / weight_known if weight_known > 0 else 0.0
    scores = []
    for rating in items:
        weight = share.get(rating.key, 0.0)
        assumed = None if rating.assumed is None else min(rating.assumed, average)
        counted = assumed if rating.value is None else rating.value
        contribution = weight * counted if counted is not None else 0.0
        scores.append(
            Score(
                rating.key,
                rating.label,
                rating.value,
                rating.reason,
                rating.formula,
                weight,
                contribution,
                assumed if rating.value is None else None,
            )
        )
    return tuple(scores)


def _shares(applicable: Sequence[Rating], weights: dict[str, float]) -> dict[str, float]:
    """Weights by criterion, summing to 1."""
    total = math.fsum([weights[r.key] for r in applicable])
    if total <= 0:
        return {r.key: 1.0 / len(applicable) for r in applicable}
    known = math.fsum([weights[r.key] for r in applicable if r.value is not None])
    if known <= 0:
        return {r.key: weights[r.key] / total for r in applicable}
    unknown = (total - known) / math.fsum(weights.values())
    return {
        r.key: weights[r.key] / math.fsum(weights.values())
        if r.value is None
        else weights[r.key] / known * (1.0 - unknown)
        for r in applicable
    }


def weighted_sum(scores: Sequence[Score]) -> float | None:
    """Sum of the contributions, 0..100; ``None`` where no criterion applies."""
    if all(s.counted is None for s in scores):
        return None
    return math.fsum(s.contribution for s in scores)


def topsis(scores: Sequence[Score]) -> float | None:
    """Closeness to the ideal (every utility 100) against the anti-ideal (every utility 0), 0..100.

    Hwang and Yoon 1981 with weighted Euclidean distances and absolute ideal points:
    ``d- / (d+ + d-)`` with ``d = sqrt(sum((w (ideal - u))^2))``.
    """
    pairs = [(s.weight, u) for s in scores if (u := s.counted) is not None]
    best = math.sqrt(math.fsum((w * (100.0 - u)) ** 2 for w, u in pairs))
    worst = math.sqrt(math.fsum((w * u) ** 2 for w, u in pairs))
    return 100.0 * worst / (best + worst) if best + worst > 0 else None


def crossed(options: Sequence[Option]) -> Option | None:
    """The option that the cross-check puts first, where that is not the first of ``options``.

    ``options`` are ranked, best first; of equals by the cross-check the better ranked one.
    """
    rated = [o for o in options if o.topsis_score is not None]
    if not rated:
        return None
    first = max(rated, key=lambda o: (round(o.topsis_score or 0.0, 9), -(o.rank or 0)))
    return None if first.id == options[0].id else first


def bottleneck(scores: Sequence[Score]) -> str | None:
    """Key of the lowest of the five constraints that apply; the first named wins a tie."""
    values = {s.key: s.value for s in scores if s.key in CONSTRAINTS and s.value is not None}
    return min(CONSTRAINTS, key=lambda key: values.get(key, math.inf)) if values else None


def score_and_rank(
    options: Sequence[Option],
    assessment: Assessment,
    catalog: DecisionCatalog,
    as_of: str,
    *,
    currency: Currency | None = None,
) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """Fill gates, scores and ranks: (feasible, best first), (rejected, nearest first).

    ``options`` come with servings, fleet, cost, carbon and lead time; gates they already carry
    are kept after the ones found here. An option without a price or with a failing gate is
    rejected, with its numbers and scores kept. Who leads, ``best_first`` says; the others follow
    by score, then by cost, then by id.
    """
    currency = currency or currency_of(assessment, catalog)
    weights = weights_of(assessment)
    stick = yardstick(assessment, catalog, criteria.first_year_tokens(options))
    once = Once()
    scored = [
        _scored(o, assessment, catalog, as_of, currency, weights, stick, once) for o in options
    ]
    feasible = best_first([o for o in scored if o.feasible], weights)
    ranked = tuple(changed(o, rank=i) for i, o in enumerate(feasible, start=1))
    venues_give = not feasible and verdicts.rules_leave_none(scored)
    rejected = sorted(
        (o for o in scored if not o.feasible), key=partial(_nearest_first, venues_give=venues_give)
    )
    return ranked, tuple(rejected)


def _scored(
    option: Option,
    assessment: Assessment,
    catalog: DecisionCatalog,
    as_of: str,
    currency: Currency,
    weights: dict[str, float],
    stick: Yardstick,
    once: Once,
) -> Option:
    limits = gates_for(option, assessment, catalog, as_of, currency=currency, once=once)
    found = (*limits, *option.gates)
    scores = weigh(
        (
            *constraints.ratings(option, assessment, catalog, once),
            *criteria.ratings(option, stick, currency, once),
        ),
        weights,
    )
    return changed(
        option,
        gates=found,
        feasible=option.cost is not None and not verdicts.failures(found),
        conditions=tuple(dict.fromkeys((*verdicts.conditions_of(found), *option.conditions))),
        scores=scores,
        total_score=weighted_sum(scores),
        topsis_score=topsis(scores),
        rank=None,
        bottleneck=bottleneck(scores),
    )


def _nearest_first(option: Option, *, venues_give: bool) -> tuple[bool, float, float, str]:
    """Sort key of rejected options: one that nobody can price is no help, however near."""
    distance = round(verdicts.distance(option.gates, venues_give=venues_give), 9)
    return option.cost is None, distance, cost_of(option), option.id
