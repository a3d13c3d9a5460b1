"""The same case told in other money is the same decision."""

from __future__ import annotations

import pytest

from core.analysis import analyse
from core.assessment import Assessment, with_value
from core.recommendation import Analysis, Recommendation
from tests.core.assess.cases import run, small_catalog

AMOUNTS = {
    "electricity_price_kwh": 0.31,
    "capex_limit": 900_000.0,
    "opex_limit_per_year": 400_000.0,
    "current_cost_per_year": 150_000.0,
}
"""US dollars."""


def told_in(code: str) -> tuple[Recommendation, Analysis]:
    assessment = with_value(Assessment(), "economics.currency", code)
    for key, usd in AMOUNTS.items():
        amount = usd * small_catalog().per_usd(code)
        assessment = with_value(assessment, f"economics.{key}", amount)
    answer = run(assessment, site__venues=("on_premises", "public_cloud", "token_api"))
    return answer, analyse(answer, small_catalog(), samples=64)


@pytest.mark.parametrize("code", ["JPY", pytest.param("EUR", marks=pytest.mark.full)])
def test_money_of_another_name_decides_the_same(code: str) -> None:
    (usd, found), (own, same) = told_in("USD"), told_in(code)
    rate = small_catalog().per_usd(code)
    assert [o.id for o in own.options] == [o.id for o in usd.options]
    assert [o.total_score for o in own.options] == pytest.approx(
        [o.total_score for o in usd.options]
    )
    for mine, theirs in zip(
        (*own.options, *own.rejected), (*usd.options, *usd.rejected), strict=True
    ):
        assert mine.id == theirs.id
        assert [g.status for g in mine.gates] == [g.status for g in theirs.gates]
        if mine.cost is not None and theirs.cost is not None:
            assert mine.cost.npv_usd == pytest.approx(theirs.cost.npv_usd)
    doubted = [n.text for n in own.notices if "Is it meant?" in n.text]
    assert doubted == [n.text for n in usd.notices if "Is it meant?" in n.text] == []
    assert own.confidence == usd.confidence
    assert same.confidence == found.confidence
    # the same searches end at the same places
    switches = [
        {s.path: (s.new_winner, s.verified) for s in a.switch_points} for a in (found, same)
    ]
    assert switches[0] == switches[1]
    answers = [[(a.key, a.option_title, a.verified) for a in x.answers] for x in (found, same)]
    assert answers[0] == answers[1]
    for first, second in zip(found.answers, same.answers, strict=True):
        if first.value is not None and second.value is not None:
            worth = rate if "kWh" in first.unit else 1.0
            assert second.value == pytest.approx(first.value * worth, rel=0.02), first.question
