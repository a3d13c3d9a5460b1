"""Cost per million tokens of the winner's fleet against how busy it is: the fleet stays."""

from __future__ import annotations

import math

import numpy as np

from core.performance.types import Floats
from core.products import dot
from core.recommendation import Cost, Option, Venue
from core.venues.drafts import Drafts, OwnedDraft
from core.venues.energy import fleet_draw
from core.venues.racking import with_switches
from core.venues.service import ServiceBook
from core.venues.study import Study

LEAST_USED = 1e-6
"""A fleet used less than this has no curve: all its cost is idle."""
LEVELS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def cost_against_utilisation(
    study: Study, book: ServiceBook, drafts: Drafts, winner: Option | None
) -> tuple[tuple[float, float], ...]:
    """(utilisation 0..1, US dollars per million tokens) of the winner's capacity, first year's.

    What is owned or committed stays as it is; the electricity of owned servers is worked out anew
    at every load, and metered lines follow the tokens. Nothing where no capacity stands whatever
    the load (token APIs, fleets paid by the hour alone), nor of hybrids, whose burst has none.
    """
    if winner is None or winner.cost is None or (winner.fleet.utilisation or 0.0) < LEAST_USED:
        return ()
    cost, now = winner.cost, winner.fleet.utilisation or 0.0
    per_mtok = cost.usd_per_mtok.base
    tokens = cost.npv_usd / per_mtok if per_mtok else 0.0
    if tokens <= 0 or winner.venue == "hybrid" or not _stands(cost):
        return ()
    metered = math.fsum(
        x.present_value_usd * x.short_run_share for x in cost.lines if x.kind == "metered"
    )
    power = math.fsum(x.present_value_usd for x in cost.lines if x.kind == "energy")
    draft = drafts.owned_draft(winner) if power else None
    levels = sorted({*LEVELS, now})
    loads = [level / now for level in levels]
    more_power = [0.0] * len(loads)
    if draft is not None:
        priced = study.money.electricity * study.money.running
        stated, *drawn = (
            dot(_kwh(study, book, winner.venue, draft, load), priced) for load in (1.0, *loads)
        )
        more_power = [power * (each / stated - 1.0) for each in drawn]
    return tuple(
        (level, (cost.npv_usd + metered * (load - 1.0) + more) / (tokens * level / now))
        for level, load, more in zip(levels, loads, more_power, strict=True)
    )


def _stands(cost: Cost) -> bool:
    """Whether some capacity is paid for whatever the load."""
    return any(line.key in ("servers", "lease", "cloud_committed") for line in cost.lines)


def _kwh(study: Study, book: ServiceBook, venue: Venue, draft: OwnedDraft, load: float) -> Floats:
    """IT energy of a fleet at one site at a multiple of its load, shape (years,)."""
    sizing, platform = draft.sizing, draft.platform
    loads = []
    for pool in sizing.pools:
        carried = pool.capacity.together(pool.replicas.astype(np.float64)) / (1.0 + study.headroom)
        loads.append(pool.demand.times(load).on_fleet(carried).hours_by_year)
    draw = fleet_draw(book, sizing, sizing.units, platform.accelerator_id, loads=loads)
    if venue != "edge":
        draw = with_switches(draw, study, platform, sizing.units, venue)
    if draw is None:
        raise ValueError(f"the power of {platform.id} is not known")
    return draw.kwh_by_year
