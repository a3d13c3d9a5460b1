"""Plans of commitments in words."""

from __future__ import annotations

import pytest

from core.decision.financing_words import told_plan
from core.financing import CommitmentPlan, CommitmentYear
from core.recommendation import Currency
from tests.core.assess.cases import every, run
from tests.core.decision.builders import SOURCE

USD = Currency("USD", 1.0, SOURCE)


@pytest.mark.parametrize(
    ("three_year", "one_year", "words"),
    [
        (1.0, 0.0, "1 instance for three years and"),
        (2.0, 0.0, "2 instances for three years and"),
        (0.0, 1.0, "1 instance for one year and"),
        (1.0, 2.0, "1 instance for three years, 2 for one year and"),
    ],
)
def test_one_instance_is_one(three_year: float, one_year: float, words: str) -> None:
    year = CommitmentYear(three_year, one_year, 100.0, 0.0, 1e5)
    plan = CommitmentPlan("a", "A", (year,), (0.5,) * 3, (1e5,) * 3, 1e5, None, None)
    assert told_plan(plan, USD).sentence.startswith(f"In the first year {words} 100 instance-hours")


def test_one_server_in_a_hall_is_one() -> None:
    answer = run(workload__users=20, workload__growth_per_year=0.0)
    seen = set()
    for option in every(answer):
        if option.venue == "colocation" and option.cost is not None:
            hands = next(x.formula for x in option.cost.lines if x.key == "remote_hands")
            one = set(option.fleet.units_by_year) == {1}
            assert hands.startswith("1 server x") if one else " servers x" in hands
            seen.add(one)
    assert True in seen
