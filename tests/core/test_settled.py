"""What the sampled futures add to an answer: how surely it is held, and what it may cost."""

from __future__ import annotations

import dataclasses

from tests.report import cases


def test_the_regret_is_a_risk_of_the_settled_answer_where_there_is_anything_to_lose() -> None:
    answer, analysis = cases.rich(), cases.analysis()
    best = answer.winner
    assert best is not None
    answer = dataclasses.replace(answer, risks=("a", "b", "c"))
    told = dataclasses.replace(analysis, regret="It may cost more.", confidence="low")
    for lost, expected in ((5.0, ("a", "b", "It may cost more.", "c")), (0.0, ("a", "b", "c"))):
        sampled = tuple(
            dataclasses.replace(u, regret_p90_usd=lost if u.option_id == best.id else 1.0)
            for u in told.uncertainty
        )
        found = answer.settled(dataclasses.replace(told, uncertainty=sampled))
        assert found.risks == expected
    assert answer.settled(None).risks == ("a", "b", "c")
