"""What is said of a wide range of costs: the input that alone moves it most, and why."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from core.analysis.draws import Z80
from core.analysis.engine_error import factors
from core.analysis.future_cost import alone
from core.analysis.told_futures import widest
from core.recommendation import OptionUncertainty
from tests.core.analysis import bills as toy
from tests.core.assess.cases import run

RANGE = OptionUncertainty("own", 0.5, 1.0, 2.0, 0.5, 0.0)


def test_each_input_alone_by_hand() -> None:
    found = alone(toy.owned_and_hosted(), "own")
    # half or twice the servers' price: 30 + 20, 120 + 20, over 100 million tokens
    assert found["hardware"] == pytest.approx((0.5, 1.4))
    assert found["tokens"] == pytest.approx((0.8, 0.8))  # it pays for none


def test_the_engines_error_is_the_whole_one_of_the_option() -> None:
    slow, fast = factors("calibrated", np.array([-Z80, Z80]))[0]
    half = math.log(fast / slow) / 2.0 / Z80
    law = toy.Law(lambda prompts, answers, cache, error: -half * error)
    owned = toy.bill("own", {"hardware": (80.0, 0.0, 0.0)}, fixed=False, work=law)
    assert alone(toy.bills(owned), "own")["engine"] == pytest.approx((0.8 / slow, 0.8 / fast))


def test_what_makes_a_wide_range_is_named_and_a_narrow_one_is_not_explained() -> None:
    answer = run(site__venues=("on_premises",), workload__targets__ttft_ms=1500.0)
    winner = answer.winner
    assert winner is not None
    named = dataclasses.replace(RANGE, option_id=winner.id)
    law = toy.Law(lambda prompts, answers, cache, error: -error)
    bill = toy.bill("own", {"hardware": (80.0, 0.0, 0.0)}, fixed=False, work=law)
    bills = toy.bills(dataclasses.replace(bill, option=winner))
    text = widest(answer, bills, named)
    assert text.startswith(f"{winner.title} costs between ")
    assert "how fast the servers turn out to be" in text
    assert "have to stay emptier to keep the target" in text
    by_price = toy.bill("own", {"hardware": (80.0, 0.0, 0.0)}, fixed=False, factors=(0.2, 5.0))
    text = widest(answer, toy.bills(dataclasses.replace(by_price, option=winner)), named)
    assert "“Hardware prices”" in text and "emptier" not in text
    narrow = dataclasses.replace(named, usd_per_mtok_p90=1.4)
    assert widest(answer, bills, narrow) == ""
