"""Which option leads: cost against points, what only one option is concerned by, level ones."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.assessment import Assessment
from core.decision.leading import (
    ahead_alone,
    best_first,
    leader,
    level,
    outpriced,
    shared,
    table,
)
from core.decision.ranking import CRITERIA, weigh, weighted_sum, weights_of
from core.decision.rating import Rating
from core.recommendation import Option, Score
from tests.core.decision import builders as b

EVEN = dict.fromkeys(CRITERIA, 1.0 / len(CRITERIA))


def test_of_options_level_with_the_highest_score_the_cheapest_leads() -> None:
    """66.6 is less than a point behind 67.4 and cheaper; 66.3 is cheaper still, but behind."""
    dear, cheap, behind = (
        b.option(key, usd_per_mtok=usd)
        for key, usd in (("dear", 2.0), ("cheap", 1.0), ("far", 0.5))
    )
    scored = [
        dataclasses.replace(option, total_score=total)
        for option, total in ((dear, 67.4), (cheap, 66.6), (behind, 66.3))
    ]
    assert [o.id for o in best_first(scored, EVEN)] == ["cheap", "dear", "far"]
    assert best_first(scored[::-1], EVEN) == best_first(scored, EVEN)
    assert level(scored[0], scored[1]) and not level(scored[0], scored[2])
    # Without the dearest the rest are level, and what was behind leads by its cost.
    assert [o.id for o in best_first(scored[1:], EVEN)] == ["far", "cheap"]
    assert best_first([], EVEN) == []


def weighed(option: Option, total: float, cost_weight: float) -> Option:
    """An option with a total score, of which the cost has a weight."""
    cost = Score("cost", "Cost", 50.0, "", "", cost_weight, 50.0 * cost_weight)
    return dataclasses.replace(option, total_score=total, scores=(cost,))


def test_what_costs_many_times_as_much_has_to_earn_it() -> None:
    def first(ratio: float, behind: float, weight: float = 0.2) -> str:
        dear = weighed(b.option("dear", usd_per_mtok=ratio), 70.0, weight)
        cheap = weighed(b.option("cheap", usd_per_mtok=1.0), 70.0 - behind, weight)
        return best_first([dear, cheap], EVEN)[0].id

    # up to twice the cost points alone decide, but for one that is not read
    assert (first(2.0, 1.5), first(2.0, 0.9)) == ("dear", "cheap")
    # four times is one doubling more: 0.2 x 50 = 10 points and the one
    assert (first(4.0, 11.5), first(4.0, 10.5)) == ("dear", "cheap")
    # 26 times: log2(13) = 3.70 doublings, 37 points and the one
    assert (first(26.0, 38.5), first(26.0, 37.5)) == ("dear", "cheap")
    # who gives no weight to cost is asked for nothing
    assert first(26.0, 1.5, weight=0.0) == "dear"


def test_of_several_cheaper_ones_the_best_that_is_not_outpriced_leads() -> None:
    options = [
        weighed(b.option(key, usd_per_mtok=usd), total, 0.2)
        for key, usd, total in (("a", 26.0, 70.0), ("b", 1.0, 36.0), ("c", 0.9, 33.0))
    ]
    ranked = best_first(options, EVEN)
    assert [o.id for o in ranked] == ["b", "a", "c"]
    assert outpriced(ranked[0], ranked[1]) and not outpriced(ranked[0], ranked[2])


def rated(key: str, usd: float, weights: dict[str, float], **values: float) -> Option:
    """An option scored on the criteria that are given; the others do not apply."""
    ratings = [Rating(k, k.replace("_", " "), values.get(k), "", "") for k in CRITERIA]
    scores = weigh(ratings, weights)
    return dataclasses.replace(
        b.option(key, usd_per_mtok=usd), scores=scores, total_score=weighted_sum(scores)
    )


LATENCY_FIRST = EVEN | {"latency": 0.5, "cost": 0.2, "power_density": 0.1, "control": 0.2}
LATENCY_FIRST |= dict.fromkeys(("memory_bandwidth", "utilization", "tuning"), 0.0)
LATENCY_FIRST |= dict.fromkeys(("carbon", "time"), 0.0)


def test_nobody_pays_more_for_room_in_a_limit_that_a_cheaper_option_does_not_have() -> None:
    """Own servers in a hall with room to spare, and the same accelerators rented for less.

    0.5 x 10 + 0.2 x 20 + 0.1 x 100 + 0.2 x 80 = 35 against
    (0.5 x 10 + 0.2 x 60 + 0.2 x 50) / 0.9 = 30: but without the power density, which concerns
    only the first, that has 25 / 0.9 = 27.8.
    """
    own = rated("own", 1.8, LATENCY_FIRST, latency=10, cost=20, power_density=100, control=80)
    rented = rated("rented", 1.0, LATENCY_FIRST, latency=10, cost=60, control=50)
    assert (own.total_score, rented.total_score) == (pytest.approx(35), pytest.approx(30))
    ranked = best_first([own, rented], LATENCY_FIRST)
    assert [o.id for o in ranked] == ["rented", "own"]
    assert [s.key for s in ahead_alone(*ranked)] == ["power_density"]
    # what concerns both puts the own one ahead: 0.2 x 20 less for cost, 0.2 x 40 more for control
    held = rated("held", 1.8, LATENCY_FIRST, latency=10, cost=40, power_density=100, control=90)
    assert [o.id for o in best_first([held, rented], LATENCY_FIRST)] == ["held", "rented"]
    # a weakness of its own stays one: racks that are nearly full speak against the cheaper own one
    tight = rated("tight", 0.9, LATENCY_FIRST, latency=10, cost=62, power_density=0, control=50)
    assert tight.total_score == pytest.approx(27.4)
    assert [o.id for o in best_first([tight, rented], LATENCY_FIRST)] == ["rented", "tight"]
    # what costs less keeps its lead: the user saves by it
    cheap = dataclasses.replace(own, cost=b.option("", usd_per_mtok=0.9).cost)
    assert [o.id for o in best_first([cheap, rented], LATENCY_FIRST)] == ["own", "rented"]


def test_more_than_twice_the_cost_is_told_as_that() -> None:
    own = rated("own", 2.5, LATENCY_FIRST, latency=10, cost=20, power_density=100, control=80)
    rented = rated("rented", 1.0, LATENCY_FIRST, latency=10, cost=60, control=50)
    first, second = best_first([own, rented], LATENCY_FIRST)
    assert first is rented and outpriced(first, second) and ahead_alone(first, second) == ()


def test_points_on_what_two_options_share_by_hand() -> None:
    own = rated("own", 1.0, LATENCY_FIRST, latency=10, cost=20, power_density=100, control=80)
    api = rated("api", 1.0, LATENCY_FIRST, cost=60, control=50)
    points, applies = table([o.scores for o in (own, api)], CRITERIA)
    found = shared(points, applies, np.array([[LATENCY_FIRST[key] for key in CRITERIA]]))
    mine, theirs = found.kind
    # beside the API only cost and control count, at equal weights; beside its like all do
    assert found.points[0, 0, theirs] == pytest.approx((20 + 80) / 2)
    assert found.points[0, 0, mine] == pytest.approx(35)
    assert found.points[0, 1] == pytest.approx([55, 55])


def scalar_leader(options: list[Option], weights: dict[str, float]) -> Option:
    """The rule once more, option by option."""
    usd = {o.id: o.cost.usd_per_mtok.base for o in options if o.cost}

    def beside(one: Option, other: Option) -> float:
        theirs = {s.key for s in other.scores if s.counted is not None}
        both = [s for s in one.scores if s.counted is not None and s.key in theirs]
        share = math.fsum(weights[s.key] for s in both)
        return math.fsum(weights[s.key] * (s.counted or 0.0) for s in both) / share

    def gives_way(top: Option, other: Option) -> bool:
        ratio = usd[top.id] / usd[other.id]
        ahead = (top.total_score or 0.0) - (other.total_score or 0.0)
        if ratio <= 1.0 + 1e-9:
            return False
        concerns = [{s.key for s in o.scores if s.counted is not None} for o in (top, other)]
        if concerns[0] != concerns[1] and beside(top, other) < beside(other, other) - 1e-9:
            return True
        weight = next(s.weight for s in top.scores if s.key == "cost")
        doublings = math.log2(ratio / 2.0) if ratio > 2.0 else 0.0
        return ahead <= (1.0 + weight * 50.0 * doublings if ratio > 2.0 else 0.0)

    by_score = sorted(options, key=lambda o: (-round(o.total_score or 0.0, 9), usd[o.id], o.id))
    top = by_score[0]
    while (other := next((o for o in by_score if gives_way(top, o)), None)) is not None:
        top = other
    near = [o for o in by_score if abs((o.total_score or 0.0) - (top.total_score or 0.0)) <= 1.0]
    return min(near, key=lambda o: usd[o.id])


POINTS = st.integers(0, 100)


@given(
    st.lists(
        st.tuples(st.integers(1, 500), POINTS, POINTS, POINTS | st.none(), POINTS | st.none()),
        min_size=1,
        max_size=8,
    )
)
def test_the_leader_is_found_as_option_by_option(
    found: list[tuple[int, int, int, int | None, int | None]],
) -> None:
    weights = weights_of(Assessment())
    options = []
    for i, (usd, cost, control, power, tuning) in enumerate(found):
        values = {"cost": cost, "control": control, "power_density": power, "tuning": tuning}
        known = {k: float(v) for k, v in values.items() if v is not None}
        options.append(rated(f"o{i}", usd / 10.0, weights, **known))
    ranked = best_first(options, weights)
    expected = scalar_leader(options, weights)
    assert ranked[0].cost == expected.cost and ranked[0].total_score == expected.total_score
    assert all((a.total_score or 0) >= (c.total_score or 0) for a, c in pairwise(ranked[1:]))


def test_rows_are_judged_each_by_itself() -> None:
    """In the first row the dear one is far enough ahead, in the second it is not."""
    totals = np.array([[70.0, 55.0], [70.0, 60.5]])
    assert leader(totals, np.array([4.0, 1.0]), np.array([0.2, 0.2])).tolist() == [0, 1]
