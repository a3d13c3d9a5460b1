"""From which volume on owning costs less than the base case.

The option's own hardware and configuration is sized and costed again at other loads, by the same
bill as at the stated one: whole servers, spares, energy by the hour. The base case scales with
what it charges per token.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from core.economics.cash_flow import Ledger
from core.recommendation import Crossover, Option, Venue
from core.venues import colocation, edge, on_premises
from core.venues.drafts import Drafts, OwnedDraft
from core.venues.energy import Energy, fleet_draw
from core.venues.pools import Sizing, pack
from core.venues.racking import with_switches
from core.venues.service import ServiceBook
from core.venues.sizing import replicas_for
from core.venues.study import Study

OWNED = ("on_premises", "colocation", "edge")
WIDEST = 64.0
"""The search goes from 1/64 to 64 times the stated demand."""
BISECTIONS = 6
"""After doubling: the load is found to within 1.1 %."""


def crossover(
    study: Study,
    book: ServiceBook,
    drafts: Drafts,
    option: Option | None,
    base_usd: Callable[[float], float],
    base_case: str,
) -> Crossover | None:
    """The load nearest to the stated one at which an owned option and the base cost the same.

    ``base_usd`` gives the base case's present value at a multiple of the stated demand. ``None``
    where the option is not owned or has no price.
    """
    if option is None or option.cost is None or option.venue not in OWNED:
        return None
    draft = drafts.owned_draft(option)
    if draft is None:
        return None

    def owning_wins(load: float) -> bool:
        usd = owned_usd(study, book, option.venue, draft, load)
        return usd is not None and usd <= base_usd(load)

    cheaper_now = owning_wins(1.0)
    step = 0.5 if cheaper_now else 2.0
    inner, outer = 1.0, step
    while owning_wins(outer) == cheaper_now:
        inner, outer = outer, outer * step
        if not 1.0 / WIDEST <= outer <= WIDEST:
            return Crossover(option.id, option.title, base_case, cheaper_now, None, None)
    for _turn in range(BISECTIONS):
        middle = (inner * outer) ** 0.5
        if owning_wins(middle) == cheaper_now:
            inner = middle
        else:
            outer = middle
    load = outer if not cheaper_now else inner
    mtok = float(study.input_tokens[0] + study.output_tokens[0]) / 1e6 * load
    return Crossover(option.id, option.title, base_case, cheaper_now, load, mtok)


def owned_usd(
    study: Study, book: ServiceBook, venue: Venue, draft: OwnedDraft, load: float
) -> float | None:
    """Present value of owning a platform at a multiple of the stated demand."""
    pools = []
    for pool in draft.sizing.pools:
        demand = pool.demand.times(load)
        replicas = replicas_for(
            demand.peak_req_s, pool.capacity, study.headroom, demand.least_replicas
        )
        pools.append(dataclasses.replace(pool, replicas=replicas, demand=demand))
    sizing = pack(
        study,
        pools,
        draft.sizing.per_unit,
        failures_key="gpu_failure_rate_year",
        repair_hours=24.0 * study.assume.base("repair_days"),
    )
    platform, units = draft.platform, sizing.units
    draw = fleet_draw(book, sizing, units, platform.accelerator_id)
    if venue != "edge":
        draw = with_switches(draw, study, platform, units, venue)
    if draw is None or platform.price_usd is None:
        return None
    ledger = _bill(study, venue, draft, sizing, draw.energy)
    return sum(line.present_value_usd for line in ledger.lines)


def _bill(study: Study, venue: str, draft: OwnedDraft, sizing: Sizing, energy: Energy) -> Ledger:
    platform, sites = draft.platform, draft.sites
    if venue == "on_premises":
        return on_premises.bill(study, platform, sizing.units, energy)
    if venue == "colocation":
        return colocation.bill(study, platform, sizing.units, energy)
    if platform.price_usd is None:
        raise ValueError(f"{platform.id} has no price")
    stocked = edge.stocked(study, platform, sizing, sites)
    return edge.bill(study, stocked, platform.price_usd, energy.times(sites))
