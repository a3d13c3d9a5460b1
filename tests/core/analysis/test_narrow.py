"""Which options the sampled futures follow."""

from __future__ import annotations

from core.analysis.narrow import Narrow
from core.recommendation import Option
from tests.core.assess.cases import run, small_catalog


def usd(option: Option) -> float:
    assert option.cost is not None
    return option.cost.usd_per_mtok.base


def test_the_cheapest_are_followed_however_they_rank() -> None:
    # where cost weighs nothing, the cheapest rank low
    answer = run(priorities__weight_cost=0, priorities__weight_control=100)
    feasible = answer.options
    cheapest = sorted(feasible, key=usd)[:5]
    most = 10
    assert any(o.rank is not None and o.rank > most for o in cheapest)
    followed = Narrow(answer, small_catalog(), most).options
    assert len(followed) == most
    assert followed[0] is answer.winner
    assert {o.id for o in cheapest} <= {o.id for o in followed}
    # the rest are the best ones, and all stand in the order of their ranks
    others = [o for o in followed if o not in cheapest]
    assert others == [o for o in feasible if o not in cheapest][: len(others)]
    assert list(followed) == sorted(followed, key=lambda o: o.rank or 0)
