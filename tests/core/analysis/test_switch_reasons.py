"""Why another option wins beyond a switch: the limit or the points that changed, by hand."""

from __future__ import annotations

from typing import Any

from core.analysis.narrow import Ranked
from core.analysis.switch_reasons import because
from core.catalog.load import load_catalog
from core.decision import verdicts
from core.recommendation import Gate, Option, Score
from tests.core.decision import builders as b

DOLLARS = load_catalog().currency("USD")


def scored(key: str, usd: float, **points: float) -> Option:
    """Criteria of equal weight."""
    weight = 1.0 / len(points)
    scores = tuple(
        Score(name, name.title(), value, f"{name} of {key}.", "", weight, weight * value)
        for name, value in points.items()
    )
    total = sum(s.contribution for s in scores)
    return b.option(key, usd_per_mtok=usd, scores=scores, total_score=total, feasible=True)


def ranked(*options: Option, out: tuple[Option, ...] = ()) -> Ranked:
    return Ranked(options, out)


def failing(option: Option, key: str = "rack_power", label: str = "Power per rack") -> Option:
    import dataclasses

    gate: Gate = verdicts.gate(key, label, "fail", "Needs 15 kW; 12 kW are there.", "More.")
    return dataclasses.replace(option, gates=(gate,), feasible=False)


def told(before: Ranked, after: Ranked) -> str:
    return because(before, after, DOLLARS)


def test_a_limit_that_the_present_first_breaks_then_is_named_with_its_figures() -> None:
    one, two = scored("one", 2.0, cost=80.0), scored("two", 3.0, cost=60.0)
    after = ranked(two, out=(failing(one),))
    text = "Option one then fails on power per rack: Needs 15 kW; 12 kW are there."
    assert told(ranked(one, two), after) == text
    assert told(ranked(one, two), ranked(out=(failing(one), failing(two)))) == text


def test_a_limit_that_the_new_first_keeps_only_then_is_named() -> None:
    one, two = scored("one", 2.0, cost=60.0), scored("two", 1.0, cost=90.0)
    text = told(ranked(one, out=(failing(two),)), ranked(two, one))
    assert text == (
        "It then keeps a limit that it fails on now (power per rack): Needs 15 kW; 12 kW are there."
    )


def test_the_criterion_that_moves_most_is_told_then_and_now() -> None:
    """Latency falls from 100 to 50 for the first: 25 points of the total; the cost stays."""
    one, two = scored("one", 2.0, cost=80.0, latency=100.0), scored("two", 2.2, cost=70.0,
                                                                     latency=90.0)  # fmt: skip
    slow = scored("one", 2.0, cost=80.0, latency=50.0)
    assert told(ranked(one, two), ranked(two, slow)) == (
        "Option one then: latency of one. Latency: 50 of 100 points against 90; now 100 against 90."
    )
    # the new first gains: it is told of that one
    fast = scored("two", 2.2, cost=70.0, latency=150.0)
    assert told(ranked(one, two), ranked(fast, one)).startswith("Option two then: latency of two.")
    # costs are told in money
    cheap = scored("two", 1.1, cost=99.0, latency=90.0)
    assert told(ranked(one, two), ranked(cheap, one)) == (
        "Cost: USD 1.10 against USD 2.00 of Option one; now USD 2.20 against USD 2.00."
    )


def test_two_criteria_are_told_where_one_makes_less_than_half_of_the_move() -> None:
    one: Any = scored("one", 2.0, a=80.0, b=80.0, c=80.0)
    two = scored("two", 2.0, a=70.0, b=70.0, c=70.0)
    then = scored("two", 2.0, a=90.0, b=89.0, c=88.0)
    text = told(ranked(one, two), ranked(then, one))
    assert "A: 90 of 100" in text and "B: 89 of 100" in text and "C:" not in text


def test_of_two_that_are_level_or_far_apart_in_cost_the_cheaper_wins_and_says_so() -> None:
    one, two = scored("one", 2.0, cost=60.0, a=90.0), scored("two", 1.0, cost=90.0, a=50.0)
    near = scored("two", 1.0, cost=90.0, a=59.5)  # 74.75 against 75
    text = told(ranked(one, two), ranked(near, one))
    assert text.endswith(
        "The two are then level on points, and it is the cheaper: USD 1.00 against USD 2.00."
    )
    assert text.startswith("Option two then: a of two. A: 60 of 100 points against 90; now 50")
    # costs that were told as what moved are not told again
    now, then = scored("two", 2.4, cost=50.0, a=89.0), scored("two", 1.0, cost=90.0, a=59.5)
    text = told(ranked(one, now), ranked(then, one))
    assert text.count("USD 1.00 against") == 1
    assert text.endswith("The two are then level on points, and it is the cheaper.")
    dear = scored("one", 9.0, cost=20.0, a=90.0)  # 55 points; the other has fewer, at a ninth
    poor = scored("two", 1.0, cost=90.0, a=10.0)
    assert told(ranked(one, two), ranked(poor, dear)) == (
        "Option one then costs USD 9.00 against its USD 1.00, and its points do not earn that."
    )


def test_hybrids_of_one_base_are_one_option_and_strangers_leave_it_open() -> None:
    one = scored("one", 2.0, cost=80.0)
    split, other = scored("base:x", 2.0, cost=60.0), scored("base:y", 1.5, cost=99.0)
    assert told(ranked(one, split), ranked(other, one)).startswith("Cost: USD 1.50 against")
    assert told(ranked(one), ranked(other, one)) == ""
