"""Reasons against options whose scores are set by hand."""

from __future__ import annotations

import dataclasses

from core.decision import verdicts
from core.decision.confidence import confidence
from core.decision.leading import best_first
from core.decision.reasons import reasons_of
from core.decision.standings import leads
from core.recommendation import Currency, Option, Score
from tests.core.decision import builders as b

DOLLARS = Currency("USD", 1.0, b.SOURCE)


def rated(key: str, usd: float, cost: float, latency: float) -> Option:
    """An option with half the weight on its cost and half on its latency."""
    scores = tuple(
        Score(name, label, value, f"{label} of {key}.", "", 0.5, 0.5 * value)
        for name, label, value in (("cost", "Cost", cost), ("latency", "Latency", latency))
    )
    total = 0.5 * cost + 0.5 * latency
    return b.option(key, usd_per_mtok=usd, scores=scores, total_score=total)


def test_leads_weigh_the_difference_of_two_scores() -> None:
    first, second = rated("a", 2.0, 80.0, 60.0), rated("b", 3.0, 50.0, 70.0)
    # 0.5 x (80 - 50) = 15 and 0.5 x (60 - 70) = -5
    assert [(lead, score.key) for lead, score, _ in leads(first, second)] == [
        (15.0, "cost"),
        (-5.0, "latency"),
    ]


def test_a_cheaper_option_that_ranks_lower_is_named_beside_the_next() -> None:
    best, second, *rest = (
        rated("a", 2.0, 80.0, 60.0),
        rated("b", 3.0, 50.0, 60.0),
        rated("c", 1.5, 90.0, 10.0),
        rated("d", 4.0, 40.0, 10.0),
        rated("e", 5.0, 30.0, 10.0),
    )
    assert reasons_of(best, second, (best, second, *rest), DOLLARS) == (
        "Cost: USD 2.00 per million tokens; the next option costs USD 3.00. 1 of 4 other feasible "
        "options costs less and ranks lower: Option c, USD 1.50.",
        "Latency: Latency of a. 60 of 100 points; 3 of 4 other options have fewer.",
        "Highest score: 70.0 of 100 points; the next option has 55.0.",
    )


def test_a_cost_that_many_undercut_is_no_reason() -> None:
    """A board reads "lower cost" and finds half of the list cheaper."""
    best, second = rated("a", 2.0, 80.0, 60.0), rated("b", 3.0, 50.0, 60.0)
    others = [rated("c", 1.5, 90.0, 10.0), rated("d", 1.2, 95.0, 0.0), rated("e", 5.0, 9.0, 9.0)]
    told = reasons_of(best, second, (best, second, *others), DOLLARS)
    assert not any("cost" in text.lower() for text in told)


def test_the_next_cheapest_is_told_where_it_ranks_below_a_dearer_one() -> None:
    options = (rated("a", 2.0, 80.0, 60.0), rated("b", 3.0, 50.0, 60.0), rated("c", 2.5, 60.0, 0.0))
    assert reasons_of(options[0], options[1], options, DOLLARS)[0] == (
        "Lowest cost: USD 2.00 per million tokens, the cheapest of 3 feasible options; the next "
        "cheapest costs USD 2.50."
    )


def test_the_weightiest_lead_comes_first() -> None:
    best, second = rated("a", 2.0, 60.0, 90.0), rated("b", 3.0, 50.0, 20.0)
    assert reasons_of(best, second, (best, second), DOLLARS)[:2] == (
        "Further inside the latency targets: Latency of a. 90 of 100 points; the next option "
        "has 20 points.",
        "Lowest cost: USD 2.00 per million tokens, the cheapest of 2 feasible options; the next "
        "cheapest costs USD 3.00.",
    )


def test_without_a_rival_its_own_strengths_count_and_weak_ones_do_not() -> None:
    alone = rated("a", 2.0, 70.0, 30.0)
    assert reasons_of(alone, None, (alone,), DOLLARS) == ("Cost: USD 2.00 per million tokens.",)


def test_a_strength_that_most_others_share_is_no_reason() -> None:
    """All meet the latency alike: what is left is how many limits reject, and the points."""
    options = tuple(rated(key, usd, cost, 100.0) for key, usd, cost in (
        ("a", 2.0, 60.0), ("b", 3.0, 59.0), ("c", 4.0, 40.0)
    ))  # fmt: skip  # an option a line
    out = [
        dataclasses.replace(
            rated("x", 1.0, 90.0, 100.0), gates=(verdicts.gate(key, label, "fail", ""),)
        )
        for key, label in (
            ("venue", "Venue allowed"),
            ("venue", "Venue allowed"),
            ("capex", "Limit"),
        )
    ]
    first, *rest = reasons_of(options[0], options[1], options, DOLLARS, out)
    assert first.startswith("Lowest cost")
    assert rest == [
        # of six, two are at venues that were never to be considered
        "The limits leave 3 of 4 options at the venues to consider; limit rejects most (1).",
        "80.0 of 100 points against 79.5 of the next option: level, and of level options the "
        "cheapest leads.",
    ]
    worse = (options[0], *(rated(o.id, 3.0, 40.0, 50.0) for o in options[1:]))
    told = reasons_of(options[0], None, worse, DOLLARS)
    assert "Latency: Latency of a. 100 of 100 points; 2 of 2 other options have fewer." in told


def test_a_rival_of_another_venue_is_named() -> None:
    best, second = rated("a", 2.0, 60.0, 90.0), rated("b", 3.0, 50.0, 20.0)
    other = dataclasses.replace(second, venue="gpu_cloud")
    first, *_rest = reasons_of(best, other, (best, other), DOLLARS)
    assert first.endswith(
        "90 of 100 points; Option b (the best option of any other venue) has 20 points."
    )


def test_being_less_weak_than_another_is_no_reason() -> None:
    best, second = rated("a", 2.0, 70.0, 14.0), rated("b", 3.0, 50.0, 7.0)
    told = reasons_of(best, second, (best, second), DOLLARS)
    assert told[0].startswith("Lowest cost") and not any("Latency" in text for text in told)


def test_costs_that_print_alike_are_not_set_against_each_other() -> None:
    best, second, third = (
        rated("a", 2.0, 70.0, 90.0),
        rated("b", 2.001, 40.0, 60.0),
        rated("c", 1.999, 71.0, 0.0),
    )
    (told,) = (t for t in reasons_of(best, second, (best, second), DOLLARS) if "cost" in t.lower())
    assert told.endswith("of 2 feasible options; the next cheapest costs hardly more.")
    for text in reasons_of(best, second, (best, second, third), DOLLARS):
        assert "ranks lower" not in text
    dear = tuple(rated(key, 9.0, 1.0, 0.0) for key in "def")
    far = rated("c", 1.5, 80.0, 0.0)
    told = reasons_of(best, rated("b", 3.0, 50.0, 60.0), (best, far, *dear), DOLLARS)
    assert any("1 of 4 other feasible options costs less and ranks lower" in t for t in told)


def test_a_cost_far_above_the_cheapest_is_no_reason() -> None:
    best, second, cheap = (
        rated("a", 26.0, 74.0, 100.0),
        rated("b", 20.0, 80.0, 60.0),
        rated("c", 1.0, 99.0, 0.0),
    )
    told = reasons_of(best, second, (best, second, cheap), DOLLARS)
    assert told[0].startswith("Further inside the latency targets")
    assert not any("Cost" in text or "cost" in text for text in told)
    near = rated("c", 25.0, 75.0, 0.0)
    told = reasons_of(best, second, (best, near), DOLLARS)
    assert any("4 % dearer than the cheapest option" in text for text in told)


def test_hardware_told_too_idle_is_no_reason_however_idle_the_others_are() -> None:
    def used(key: str, points: float) -> Option:
        words = "37 % of capacity used: below what is aimed at."
        score = Score("utilization", "Accelerator utilisation", points, words, "", 1.0, points)
        return b.option(key, scores=(score,), total_score=points)

    best, second = used("a", 92.0), used("b", 10.0)
    assert not any(
        "below what is aimed at" in text
        for text in reasons_of(best, second, (best, second), DOLLARS)
    )
    full = used("a", 100.0)
    assert reasons_of(full, second, (full, second), DOLLARS)[0].startswith("Hardware used better")


def test_a_first_place_by_cost_against_more_points_is_told_as_such() -> None:
    # 10 times the cost is 2.32 doublings beyond twice; 0.5 x 50 x 2.32 = 58 points
    dear, cheap = rated("dear", 10.0, 20.0, 100.0), rated("cheap", 1.0, 60.0, 0.0)
    first, second = best_first([dear, cheap], {"cost": 0.5, "latency": 0.5})
    assert (first.id, second.id) == ("cheap", "dear")
    told = reasons_of(first, second, (first, second), DOLLARS)
    assert not any("Highest score" in text for text in told)
    assert any(
        "30.0 of 100 points against 60.0 of the next option, which costs 10 times as much" in text
        for text in told
    )
    _held, why = confidence(first, second)
    assert "Option dear has 30 points more at 10 times the cost" in why and "leads" not in why


def test_a_first_place_against_what_concerns_only_the_other_is_told_as_such() -> None:
    """In a hall there is room for power; rented accelerators have no such limit, and cost less."""
    own, rented = rated("own", 1.8, 20.0, 60.0), rated("rented", 1.0, 40.0, 60.0)
    room = Score("power_density", "Power density", 100.0, "Room.", "", 0.2, 20.0)
    own = dataclasses.replace(own, scores=(*own.scores, room), total_score=60.0)
    weights = {"cost": 0.4, "latency": 0.4, "power_density": 0.2}
    first, second = best_first([own, rented], weights)
    assert first is rented
    told = reasons_of(first, second, (first, second), DOLLARS)
    assert told[-1] == (
        "50.0 of 100 points against 60.0 of the next option, which costs 1.8 times as much. What "
        "puts that one ahead (power density) does not apply to the first; on all the rest together "
        "it is behind."
    )


def test_more_carbon_than_plain_hardware_is_no_reason_however_much_more_a_rival_makes() -> None:
    def with_carbon(key: str, value: float) -> Option:
        score = Score("carbon", "Carbon", value, f"Carbon of {key}.", "", 1.0, value)
        return b.option(key, scores=(score,), total_score=value)

    for value, told in ((49.0, False), (51.0, True)):
        best, second = with_carbon("a", value), with_carbon("b", 10.0)
        found = reasons_of(best, second, (best, second), DOLLARS)
        assert any("Carbon of a" in text for text in found) == told, value


def test_that_nothing_ruled_out_costs_less_is_a_reason_where_it_is_true() -> None:
    options = tuple(rated(key, usd, cost, 100.0) for key, usd, cost in (
        ("a", 2.0, 60.0), ("b", 3.0, 59.0)
    ))  # fmt: skip  # an option a line
    failed = (verdicts.gate("venue", "Venue allowed", "fail", ""),)

    def told(usd: float) -> tuple[str, ...]:
        out = dataclasses.replace(rated("x", usd, 90.0, 100.0), gates=failed)
        return reasons_of(options[0], options[1], options, DOLLARS, [out])

    text = "Nothing that your limits reject would cost less: the cheapest of it, Option x, costs "
    assert f"{text}USD 2.40 per million tokens." in told(2.4)
    assert not any("your limits reject" in reason for reason in told(1.9))
    assert not any("your limits reject" in reason for reason in told(2.02))  # hardly a difference
    assert not any("The limits leave" in reason for reason in told(2.4))  # nothing else rejects
