"""What is said about an option beside the base case."""

from __future__ import annotations

import dataclasses

import pytest

from core.assessment import with_value
from core.decision.against_base import base_option, crossover, difference, payback, returned
from core.recommendation import Crossover, Option, Recommendation
from tests.core.decision.builders import api, assessment, cost, option
from tests.report.cases import answer


def saving(usd: float) -> Option:
    """An owned option of 2 million dollars up front that saves so much."""
    return option("a", cost=cost(2.0, savings_npv_usd=usd, roi=usd / 2e6))


def beside_api(*, allowed: bool, usd: float) -> Recommendation:
    """An owned option and the hosted API that is the base case."""
    what = assessment()
    if not allowed:
        what = with_value(what, "site.venues", ("on_premises",))
    hosted = api()
    return answer([saving(usd), hosted], what, base_case=hosted.title)


def test_a_dearer_option_tells_what_the_limits_cost_that_the_base_case_breaks() -> None:
    found = beside_api(allowed=False, usd=-3e5)
    assert found.winner is not None
    text = difference(found, found.winner)
    assert text.startswith("It costs USD 300,000 more than the base case, in present value.")
    assert "fails on the venues to consider" in text
    assert text.endswith("it shows what those limits cost.")


def test_a_cheaper_option_is_told_without_a_price_of_limits() -> None:
    found = beside_api(allowed=False, usd=3e5)
    assert found.winner is not None
    text = difference(found, found.winner)
    assert text.startswith("It costs USD 300,000 less than the base case")
    assert "not allowed here" in text and "what those limits cost" not in text


def test_open_questions_of_an_allowed_base_case_are_named() -> None:
    found = beside_api(allowed=True, usd=3e5)
    base = base_option(found)
    assert base is not None and base.feasible and base.conditions
    shown = difference(found, found.option("a"))
    assert shown.endswith(f"first of all: {base.conditions[0]}")


def test_nothing_is_said_of_the_base_case_itself_or_without_one() -> None:
    found = beside_api(allowed=True, usd=3e5)
    base = base_option(found)
    assert base is not None
    assert difference(found, base) == ""
    alone = dataclasses.replace(found, base_case="")
    assert base_option(alone) is None
    assert difference(alone, option("b", cost=cost(2.0))) == ""


@pytest.mark.parametrize(
    ("months", "savings", "words"),
    [
        (None, None, "no base case"),
        (None, -1.0, "not in 4 years"),
        (0.0, 1.0, "at once"),
        (1.0, 1.0, "1 month"),
        (14.5, 1.0, "14.5 months"),
    ],
)
def test_payback_in_words(months: float | None, savings: float | None, words: str) -> None:
    bill = cost(2.0, payback_months=months, savings_npv_usd=savings)
    assert payback(bill, 4) == words


@pytest.mark.parametrize(("roi", "words"), [(None, ""), (-1.2, ""), (0.25, "25 %"), (2.0, "200 %")])
def test_a_loss_is_no_return(roi: float | None, words: str) -> None:
    assert returned(cost(2.0, roi=roi)) == words


@pytest.mark.parametrize(
    ("cheaper", "loads", "words"),
    [
        (False, (None, None, None, None), "X never costs less than the base case"),
        (True, (None, None, None, None), "X costs less than the base case at any demand"),
        (False, (2.04, 7.08e5, None, None), "from 2.04 times the stated demand on (708 billion to"),
        (True, (0.4, 2e4, None, None), "stays above 0.4 times the stated one (20 billion tokens"),
        (True, (1.31, 2e4, 0.9, None), "at the stated demand, and at any from 1.31 times of it on"),
        (False, (3.1, 2e4, 1.92, None), "Between 1.92 and 3.1 times it does at some loads and not"),
        (False, (None, None, 2.0, 8.0), "only at loads between 2 and 8 times the stated demand"),
        (True, (None, None, 0.5, 8.0), "at the stated demand, but only at loads between 0.5 and 8"),
    ],
)
def test_crossover_in_words(
    cheaper: bool,
    loads: tuple[float | None, float | None, float | None, float | None],
    words: str,
) -> None:
    assert words in crossover(Crossover("x", "X", "Base", cheaper, *loads))
