"""What configurations carry in a future, told in logarithms: none may be asked of nothing."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.analysis.configurations import UNABLE, _carried
from core.performance.splitting import SplitCapacity

FOUR, TWO = (4, 4, 1, "fp8", "fp8"), (2, 2, 1, "fp8", "bf16")


def test_a_configuration_that_carries_nothing_on_few_replicas_counts_as_unable() -> None:
    """Two accelerators miss the targets at any load until eight such replicas share it.

    The bank's example with 1,234 users had no analysis for that: the logarithm of zero.
    """
    shared = SplitCapacity(
        at=np.array([0.0, 1.0, 2.0, 8.0]),
        begin=np.array([[0.0, 0.75, 2.5, 13.0], [0.0, 0.0, 0.0, 0.0]]),
        slope=np.array([[0.75, 1.75, 1.75, 2.0], [0.0, 0.0, 0.0, 0.02]]),
    )
    near = SimpleNamespace(able=np.array([True, True]), shared=shared)
    candidates = SimpleNamespace(
        capacities={5.0: near},
        rows_of={"l40s": np.array([0, 1])},
        size=np.array([4, 2]),
        table=SimpleNamespace(
            tp=np.array([4, 2]), ep=np.array([1, 1]),
            weight_precision=["fp8", "fp8"], kv_precision=["fp8", "bf16"],
        ),
    )  # fmt: skip  # one line of like columns each
    study: Any = SimpleNamespace(candidates=[candidates], near_rtt_ms=5.0, headroom=0.1)
    serving: Any = SimpleNamespace(accelerator_id="l40s", peak_req_s_by_year=(1.0,))
    option: Any = SimpleNamespace(
        place=SimpleNamespace(rtt_ms=5.0),
        fleet=SimpleNamespace(accelerators=8, units_by_year=(2,)),
    )
    # 1.1 requests per second take two replicas of the first, one to each unit: 2.5 together.
    best = math.log(2.5)
    assert _carried([FOUR, TWO], serving, option, study, 0) == pytest.approx([best, best - UNABLE])
