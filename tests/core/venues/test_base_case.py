"""The base case beside the options that are held against it."""

from __future__ import annotations

import json

from core.decision.against_base import base_option, payback
from core.interchange.exports import results_json
from tests.core.assess.cases import every, run


def test_the_base_case_pays_nothing_back() -> None:
    """It costs what it costs: no months, which 0 would be, and a word for why there are none."""
    answer = run()
    base = base_option(answer)
    assert base is not None and base.cost is not None
    assert base.cost.is_base_case and base.cost.payback_months is None
    assert base.cost.savings_npv_usd == 0.0 and base.cost.roi is None
    assert payback(base.cost, 3) == "is the base case"
    told = json.loads(results_json(answer))
    costs = [o["cost"] for o in (*told["options"], *told["rejected"]) if o["cost"]]
    assert [c["payback_months"] for c in costs if c["is_base_case"]] == [None]


def test_where_something_is_paid_today_no_option_is_the_base_case() -> None:
    answer = run(economics__current_cost_per_year=1e9)
    costs = [o.cost for o in every(answer) if o.cost is not None]
    assert not any(c.is_base_case for c in costs)
    hosted = next(o.cost for o in every(answer) if o.venue == "token_api" and o.cost)
    assert hosted.payback_months == 0.0  # a tiny part of what is paid today, from the first month
