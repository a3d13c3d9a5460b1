"""Two-option bills small enough for pencil and paper."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from core.analysis.bills import LOADS, Bill, Bills
from core.analysis.length_effects import Work
from core.decision.leading import Shared
from core.recommendation import Option, Score
from tests.core.decision import builders


def option(key: str, hosted: bool = False) -> Option:
    """An option whose only criteria are cost (60 % at 50 points) and control (40 % at 100)."""
    found = builders.api(key) if hosted else builders.option(key)
    scores = (
        Score("cost", "Cost", 50.0, "", "", 0.6, 30.0),
        Score("control", "Control", 100.0, "", "", 0.4, 40.0),
    )
    return dataclasses.replace(found, scores=scores, total_score=70.0)


def bill(
    key: str,
    lines: dict[str, tuple[float, float, float]],
    *,
    fixed: bool,
    factors: tuple[float, float] = (1.0, 1.0),
    hosted: bool = False,
) -> Bill:
    """A bill of ``lines``: price class -> yearly amounts at the stated load.

    ``fixed`` amounts stay the same at every load; others follow it. ``factors`` are the low and
    high case of every line.
    """
    amounts = np.array(list(lines.values()))
    loads = np.ones(len(LOADS)) if fixed else np.array(LOADS)
    return Bill(
        option=option(key, hosted),
        present=loads[:, None, None] * amounts[None, :, :],
        low=np.full(len(lines), math.log(factors[0])),
        high=np.full(len(lines), math.log(factors[1])),
        classes=tuple(lines),
        rest=np.full(len(LOADS), 40.0),
        feasible=np.full(len(LOADS), True),
        throughput_low=0.8,
        throughput_high=1.25,
        hosted=hosted,
        input_share=0.5,
        work=Work(0.5, 0.5, 0.5),
        lumps=tuple(key in ("hardware", "residual", "works") for key in lines),
    )


def bills(*items: Bill) -> Bills:
    """Two years, no discount, 100 million tokens in all, a yardstick of 1 USD.

    The same criteria concern all of them.
    """
    return Bills(
        bills=items,
        input_mtok=np.array([30.0, 30.0]),
        output_mtok=np.array([20.0, 20.0]),
        growth=0.0,
        prefix_share=0.0,
        yardstick_usd=1.0,
        trends={
            "token_trend": -0.2,
            "cloud_trend": -0.1,
            "energy_trend": 0.0,
            "hardware_trend": 0.0,
            "labour_trend": 0.0,
        },
        common=Shared(
            np.zeros(len(items), np.intp), np.stack([b.rest for b in items], 1)[:, :, None]
        ),
        common_cost_weight=np.full((len(items), 1), 0.6),
    )


def owned_and_hosted() -> Bills:
    """Servers for 60 USD once, energy 10 a year (fixed); tokens for 60 and 40 (they follow)."""
    owned = bill(
        "own",
        {"hardware": (60.0, 0.0, 0.0), "energy": (0.0, 10.0, 10.0)},
        fixed=True,
        factors=(0.5, 2.0),
    )
    api = bill("api", {"tokens": (0.0, 60.0, 40.0)}, fixed=False, factors=(0.5, 2.0), hosted=True)
    return bills(owned, api)
