"""Which of the feasible options leads, for one set of scores or for thousands of sampled ones.

The highest score leads, but money has a word about it: it must earn a cost of more than twice
another option's, it must be ahead of a cheaper option without what does not concern that one, and
of options that are level the cheapest leads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.decision.anchors import DEARER_FREE, DEARER_POINTS, LEVEL_POINTS
from core.performance.types import Bools, Floats, Ints
from core.products import product
from core.recommendation import Option, Score

SMALLEST = 1e-9
"""Points and costs that differ by less are equal: the last digits of a sum."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Points of options on the criteria that concern another one too.

    Options of one kind have the same criteria that apply: own servers all of them, rented ones no
    power density, hosted tokens no hardware at all.
    """

    kind: Ints
    """Of each option, shape (options,)."""
    points: Floats
    """Weighted mean of an option's scores on those of a kind, shape (rows, options, kinds)."""


def table(options: Sequence[Sequence[Score]], keys: Sequence[str]) -> tuple[Floats, Bools]:
    """(points, whether it applies) of each option's scores, both of shape (options, criteria)."""
    points = np.zeros((len(options), len(keys)))
    applies = np.zeros(points.shape, dtype=np.bool_)
    places = {key: i for i, key in enumerate(keys)}
    for row, scores in enumerate(options):
        for score in scores:
            if score.counted is not None:
                points[row, places[score.key]] = score.counted
                applies[row, places[score.key]] = True
    return points, applies


def kinds_of(applies: Bools) -> tuple[Ints, Bools]:
    """The kind of each option, and which criteria concern each kind (kinds, criteria)."""
    concerns, kind = np.unique(applies, axis=0, return_inverse=True)
    return np.asarray(kind).reshape(-1), concerns


def shared_by_row(points: Floats, applies: Bools, weights: Floats) -> Shared:
    """What options have in common, for rows of points (rows, options, criteria), one weighting."""
    kind, concerns = kinds_of(applies)
    both = (applies[:, None, :] & concerns) * weights
    mean = np.zeros((len(points), *both.shape[:2]))
    for criterion in range(len(weights)):
        mean += points[:, :, None, criterion] * both[:, :, criterion]
    return Shared(kind, mean / np.maximum(both.sum(axis=2), 1e-12))


def shared(points: Floats, applies: Bools, weights: Floats) -> Shared:
    """What options have in common, for rows of weights (rows, criteria), each summing to 1."""
    kind, concerns = kinds_of(applies)
    both = (applies[:, None, :] & concerns).reshape(-1, applies.shape[1])
    counted = np.repeat(points, len(concerns), axis=0) * both
    share = product(weights, both.T.astype(np.float64))
    mean = product(weights, counted.T) / np.maximum(share, 1e-12)
    return Shared(kind, mean.reshape(len(weights), len(applies), len(concerns)))


def earned(ratio: Floats, cost_weight: Floats) -> Floats:
    """Points by which an option must lead another that costs 1/``ratio`` as much, to rank first.

    ``LEVEL_POINTS`` up to ``DEARER_FREE`` times the cost; then ``cost_weight`` x
    ``DEARER_POINTS`` more for every doubling.
    """
    doublings = np.log2(np.maximum(ratio / DEARER_FREE, 1.0))
    return np.asarray(LEVEL_POINTS + cost_weight * DEARER_POINTS * doublings)


def leader(total: Floats, cost: Floats, cost_weight: Floats, common: Shared | None = None) -> Ints:
    """Which option leads each row; all of shape (rows, options).

    ``cost`` and ``cost_weight`` may be the same for all rows, shape (options,). The highest score
    gives way to a cheaper option (of several the one with most points) that has no fewer points,
    or more than the first without what concerns the first alone (``common``), or costs less than
    half, unless the lead is what that difference asks for (``earned``). Then of those level the
    cheapest leads, once: a grid of whole points would only move the step between two options that
    are alike. The cost falls at every turn, so that there is an end.
    """
    total, cost = np.broadcast_arrays(total, cost)
    weight = np.broadcast_to(cost_weight, total.shape)
    top = np.argmax(total, axis=1)[:, None]
    for _turn in range(total.shape[1]):
        ahead = np.take_along_axis(total, top, 1) - total
        ratio = np.take_along_axis(cost, top, 1) / np.maximum(cost, 1e-12)
        least = earned(ratio, np.take_along_axis(weight, top, 1))
        instead = (ratio > DEARER_FREE) & (ahead <= least)
        instead |= (ratio > 1.0 + SMALLEST) & ((ahead <= 0.0) | _behind_in_common(top, common))
        moved = instead.any(axis=1, keepdims=True)
        if not moved.any():
            break
        better = np.argmax(np.where(instead, total, -np.inf), axis=1)[:, None]
        top = np.where(moved, better, top)
    level = np.abs(total - np.take_along_axis(total, top, 1)) <= LEVEL_POINTS
    return np.asarray(np.argmin(np.where(level, cost, np.inf), axis=1))


def _behind_in_common(top: Ints, common: Shared | None) -> Bools:
    """Whether the first option of each row is behind each other without what is its own alone.

    What concerns only the other stays: a limit that is hardly kept is a weakness of its own.
    """
    if common is None:
        return np.zeros(1, dtype=np.bool_)
    of_top = np.take_along_axis(common.points, top[:, :, None], 1)[:, 0, common.kind]
    every = np.arange(len(common.kind))
    theirs = common.points[:, every, common.kind]
    return np.asarray((of_top < theirs - SMALLEST) & (common.kind != common.kind[top]))


def best_first(options: Sequence[Option], weights: Mapping[str, float]) -> list[Option]:
    """Feasible options in order: by score, then cost, then id, but for who leads (``leader``).

    ``weights`` are the user's by criterion, summing to 1.
    """

    def exact(option: Option) -> tuple[float, float, str]:
        return -round(option.total_score or 0.0, 9), round(cost_of(option), 12), option.id

    ordered = sorted(options, key=exact)
    if not ordered:
        return []
    total = np.array([[-exact(o)[0] for o in ordered]])
    cost = np.array([exact(o)[1] for o in ordered])
    found = [{s.key: s.weight for s in o.scores}.get("cost", 0.0) for o in ordered]
    points, applies = table([o.scores for o in ordered], tuple(weights))
    common = shared(points, applies, np.array([list(weights.values())]))
    first = ordered[int(leader(total, cost, np.array(found), common)[0])]
    return [first, *(o for o in ordered if o is not first)]


def cost_of(option: Option) -> float:
    """US dollars per million tokens by which options are ordered; infinite without a price."""
    return np.inf if option.cost is None else option.cost.usd_per_mtok.base


# -- what the order is told by -----------------------------------------------------------------


def outpriced(first: Option, other: Option) -> bool:
    """Whether an option with more points stands behind the first one because of its cost."""
    return (other.total_score or 0.0) - (first.total_score or 0.0) > LEVEL_POINTS


def level(one: Option, other: Option) -> bool:
    """Whether the scores of two options are too close to tell them apart."""
    return abs((one.total_score or 0.0) - (other.total_score or 0.0)) <= LEVEL_POINTS


def ahead_alone(first: Option, other: Option) -> tuple[Score, ...]:
    """What concerns only the other option, where that is why its more points do not count.

    Empty where it stands first, or behind for another reason, as for more than twice the cost.
    """
    if not outpriced(first, other) or cost_of(other) > DEARER_FREE * cost_of(first):
        return ()
    mine = {s.key: s.counted for s in first.scores}
    alone, behind = [], 0.0
    for score in other.scores:
        own = mine.get(score.key)
        if own is not None and score.counted is not None:
            behind += score.weight * (own - score.counted)
        elif score.counted is not None:
            alone.append(score)
    return tuple(alone) if behind > 0.0 else ()
