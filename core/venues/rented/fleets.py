"""The instances that run in each hour of the week, their power and how busy they are."""

from __future__ import annotations

import dataclasses

import numpy as np

from core.catalog.types import CloudOffer
from core.performance.types import Floats
from core.venues.drafts import RentedDraft
from core.venues.elastic import Elastic
from core.venues.energy import Draw, fleet_draw, with_full_hours
from core.venues.pools import Sizing, replicas_by_hour, utilisation
from core.venues.queued import apart
from core.venues.service import ServiceBook
from core.venues.sizing import filled, servers_for
from core.venues.study import Study


def ways_to_run(study: Study, book: ServiceBook, draft: RentedDraft) -> tuple[Elastic, ...]:
    """The ways to run a draft through the week, the cheapest of which counts."""
    one = fleet_by_hour(study, book, draft.sizing)
    return (one,) if draft.apart is None else (one, draft.apart)


def own_instances(study: Study, offer: CloudOffer, sizing: Sizing) -> Elastic | None:
    """The fleet with instances of their own for work that can wait: spot where it is offered."""
    if not (study.policy.optimised and study.policy.follow_hours):
        return None
    repeated = 0.0 if offer.spot_usd_h is None else study.assume.base("spot_overhead")
    return apart(study, sizing, repeated)


def without_spot(study: Study, draft: RentedDraft) -> RentedDraft:
    """The same instances at list prices: nothing is interrupted, so nothing is repeated."""
    listed = dataclasses.replace(draft.offer, spot_usd_h=None)
    return dataclasses.replace(
        draft,
        offer=listed,
        apart=own_instances(study, listed, draft.sizing) if draft.apart else None,
    )


def fleet_by_hour(study: Study, book: ServiceBook, sizing: Sizing) -> Elastic:
    """The autoscaled fleet of a sizing; providers that rent out the same instances share it."""
    key = _key(sizing)
    if key not in book.elastic:
        book.elastic[key] = _elastic(study, sizing)
    return book.elastic[key]


def _key(sizing: Sizing) -> tuple[int, ...]:
    # pools live as long as the study, and a pool has one accelerator
    return (*(id(pool) for pool in sizing.pools), sizing.per_unit, *sizing.spares.tolist())


def _elastic(study: Study, sizing: Sizing) -> Elastic:
    running = tuple(replicas_by_hour(pool, study.headroom) for pool in sizing.pools)
    if not (study.policy.optimised and study.policy.follow_hours):  # a fixed fleet, as asked
        running = tuple(np.broadcast_to(r.max(axis=1, keepdims=True), r.shape) for r in running)
    sizes = [pool.size for pool in sizing.pools]
    instances = servers_for(list(zip(running, sizes, strict=True)), sizing.per_unit)
    running = filled(running, sizes, instances, sizing.per_unit)
    return Elastic(sizing, running, instances + sizing.spares[:, None])


def draw_of(book: ServiceBook, fleet: Elastic, accelerator_id: str) -> Draw | None:
    """Power of an autoscaled fleet by hour (``fleet_draw``), worked out once."""
    key = _key(fleet.sizing)
    if key not in book.draws:
        sizing = fleet.sizing
        draw = fleet_draw(
            book, sizing, sizing.units, accelerator_id, fleet.running, fleet.instances
        )
        if draw is not None and fleet.queued is not None:
            draw = with_full_hours(draw, book, sizing, accelerator_id, fleet.queued.by_pool)
        book.draws[key] = draw
    return book.draws[key]


def used_by_year(fleet: Elastic) -> tuple[Floats, Floats]:
    """Demand over capacity, average of each year, (years,): of all that runs, and standing ones.

    The latter are what does not wait for an hour's full work; nothing where there are none.
    """
    sizing, queued, mean = fleet.sizing, fleet.queued, fleet.mean_instances
    if queued is None:
        used = utilisation(sizing, mean)
        return used, used
    now: Floats = np.zeros(len(mean))
    full: Floats = np.zeros(len(mean))
    for pool, served in zip(sizing.pools, queued.served, strict=True):
        each = np.maximum(pool.capacity.each(pool.replicas.astype(np.float64)), 1e-30)
        now = now + pool.demand.fixed_hours.mean() * pool.demand.growth / each * pool.size
        full = full + served.mean(axis=1) / float(pool.capacity.further) * pool.size
    standing = fleet.instances.mean(axis=1)
    return (
        np.asarray((now + full) / np.maximum(mean * sizing.per_unit, 1e-30)),
        np.asarray(now / np.maximum(standing * sizing.per_unit, 1e-30)),
    )
