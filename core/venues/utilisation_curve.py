"""Cost per million tokens of the winner's hardware against how busy it is."""

from __future__ import annotations

import numpy as np

from core.economics.cash_flow import MARGINAL
from core.recommendation import Option

LEVELS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
IDLE_ENERGY_SHARE = 0.4
"""Share of a fleet's electricity that does not follow the load (idle and host power); used only
to extend the winner's own bill to other loads. Assumption; see the power model's idle terms."""


def cost_against_utilisation(winner: Option | None) -> tuple[tuple[float, float], ...]:
    """(utilisation 0..1, US dollars per million tokens) of the winner's capacity, bill fixed.

    Owned: everything but energy is fixed; energy keeps its idle part. Rented: as if the mean
    instances ran at that load. A token API costs the same at any load and has no curve.
    """
    if winner is None or winner.cost is None or not winner.fleet.utilisation:
        return ()
    now = winner.fleet.utilisation
    cost, lines = winner.cost, winner.cost.lines
    per_mtok = cost.usd_per_mtok.base
    moving = sum(x.present_value_usd for x in lines if x.kind in MARGINAL and x.key == "energy")
    tokens = cost.npv_usd / per_mtok if per_mtok else 0.0
    if tokens <= 0:
        return ()
    fixed = cost.npv_usd - moving * (1.0 - IDLE_ENERGY_SHARE)
    levels = np.array(sorted({*LEVELS, round(now, 4)}))
    levels = levels[levels > 0]
    volume = tokens * levels / now
    usd = (fixed + moving * (1.0 - IDLE_ENERGY_SHARE) * levels / now) / volume
    return tuple(zip(levels.tolist(), usd.tolist(), strict=True))
