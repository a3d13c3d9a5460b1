"""Two-option bills small enough for pencil and paper."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import numpy as np

from core.analysis.bills import LOADS, Bill, Bills
from core.analysis.draws import Z80
from core.analysis.effects import Effects
from core.analysis.engine_runs import CACHE_SCALE, LENGTH_SCALE, LOAD_SCALE, PLACES
from core.analysis.response import Response
from core.analysis.uncertain_inputs import PREFIX_POINTS
from core.decision.ranking import CRITERIA
from core.performance.types import Floats
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
    work: Response | None = None,
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
        hosted=hosted,
        grade="" if hosted else "calibrated",
        generation="" if hosted else "hopper",
        input_share=0.5,
        work=work or Response.constant(np.zeros(1), PLACES),
        effects=effects([40.0 / 0.4] * len(LOADS)),
        kinds=tuple(
            "capex" if key in ("hardware", "residual", "works") else "opex" for key in lines
        ),
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
        cached=0.5,
        yardstick_usd=lambda wanted: np.ones(len(wanted.mtok)),
        trends={
            "token_trend": -0.2,
            "cloud_trend": -0.1,
            "energy_trend": 0.0,
            "hardware_trend": 0.0,
            "labour_trend": 0.0,
        },
        applies=np.array([[key in ("cost", "control") for key in CRITERIA]] * len(items)),
        weights=np.array([{"cost": 0.6, "control": 0.4}.get(key, 0.0) for key in CRITERIA]),
        discount=np.ones(3),
    )


class ByLoad(Response):
    """Values at ``LOADS``, straight between them: a law that can be followed by hand."""

    def at(self, places: Floats) -> Floats:
        loads = np.exp(places[:, 0] / LOAD_SCALE)
        return np.stack([np.interp(loads, LOADS, column) for column in self.pull.T], axis=1)


class Law(Response):
    """The logarithm of the work per request as a function of (prompts, answers, cache, error).

    ``cache`` and ``error`` are as standard normal values, where their middle is in no bend.
    """

    def __init__(self, of: Callable[[Floats, Floats, Floats, Floats], Floats]) -> None:
        super().__init__(np.zeros((1, PLACES)), np.zeros((1, 1)), np.zeros(1), np.zeros((1, 1)))
        object.__setattr__(self, "of", of)

    def at(self, places: Floats) -> Floats:
        of: Callable[..., Floats] = vars(self)["of"]
        lengths = np.exp(places[:, 1:3] / LENGTH_SCALE).T
        cache = places[:, 3] / CACHE_SCALE / PREFIX_POINTS * Z80
        return of(*lengths, cache, places[:, 4])[:, None]


class Values(Response):
    """The logarithm of the cost over the bill's by the length of prompts; 100 points, all kept."""

    def __init__(self, of: Callable[[Floats], Floats]) -> None:
        super().__init__(np.zeros((1, PLACES)), np.zeros((1, 3)), np.zeros(3), np.zeros((1, 3)))
        object.__setattr__(self, "of", of)

    def at(self, places: Floats) -> Floats:
        of: Callable[[Floats], Floats] = vars(self)["of"]
        cost = of(np.exp(places[:, 1] / LENGTH_SCALE))
        return np.stack([cost, np.full(len(cost), 100.0), np.ones(len(cost))], axis=1)


def effects(control: list[float], kept: list[bool] | None = None) -> Effects:
    """Points for control, and whether limits are kept, at every load of ``LOADS``."""
    sure = [1.0 if yes else -1.0 for yes in kept or [True] * len(LOADS)]
    table = np.stack([np.zeros(len(LOADS)), np.array(control), np.array(sure)], axis=1)
    return Effects(
        ("control",), frozenset(), ByLoad(np.zeros((1, PLACES)), table, table[3], 0.0 * table)
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
