"""What a hybrid rents beside its owned base: instances for the load above it, or tokens.

Instances are run and paid for as those of a cloud venue: by the cheapest mix of commitments, work
that can wait on spot, spares for the availability asked for. Here they also stand in for own
servers that fail: until they do, the load of such a server is lost, unless a spare is there.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from core.catalog.types import TokenOffer
from core.economics.ledger import Ledger
from core.hours import HOURS_PER_YEAR
from core.performance.types import Floats, Ints
from core.recommendation import Option
from core.venues import contracting, token_api
from core.venues.contracting import Contracted
from core.venues.drafts import RentedDraft
from core.venues.elastic import Elastic, QueuedWork
from core.venues.load_split import Split
from core.venues.pools import Sizing
from core.venues.queued import queued_hours
from core.venues.rented.service_cost import add_service
from core.venues.sizing import filled, replicas_for, servers_for
from core.venues.spares import (
    OwnPart,
    joint_availability,
    joint_spares,
    under_repair,
    unit_unavailability,
)
from core.venues.study import Study
from core.words import _


@dataclass(frozen=True)
class Burst:
    """Where the load above the base goes: instances, or a token API's offers."""

    pure: Option
    rented: RentedDraft | None
    tokens: tuple[TokenOffer, ...]


@dataclass(frozen=True)
class Instances:
    """What a burst rents."""

    fleet: Elastic
    bought: Contracted
    stand_in: Ints
    """More of them while own servers are repaired, at most, shape (years,)."""
    availability: float
    """Worst year's probability that base and burst serve the peak."""

    @property
    def quota(self) -> Ints:
        """Instances that the provider must grant by hour, shape (years, 168)."""
        return np.asarray(self.fleet.present + self.stand_in[:, None])


@dataclass(frozen=True)
class BurstUse:
    """Instances and tokens that a burst takes."""

    instances: Instances | None
    shares: tuple[Floats, ...]
    """Share of each workload's tokens by year, shape (years,)."""


def ways_to_split(study: Study, burst: Burst) -> tuple[bool, ...]:
    """Whether work that can wait gets a queue at the burst: not, and so where that can be paid."""
    if burst.rented is None or burst.rented.apart is None:
        return (False,)
    by_hour = contracting.pays_queues_by_the_hour(study, burst.rented.offer)
    return (False, True) if by_hour else (False,)


def add_burst(ledger: Ledger, study: Study, base: Sizing, burst: Burst, split: Split) -> BurstUse:
    """The burst's cost lines. People are counted with the base, and once for the second place."""
    ledger.place = _("burst")
    shares = tuple(
        (above.mean(axis=1) + left * demand.waiting_hours.mean())
        / np.maximum(demand.hours_by_year.mean(axis=1), 1e-30)
        for demand, above, left in zip(study.demands, split.above, split.left, strict=True)
    )
    if burst.rented is None:
        token_api.add_tokens(ledger, study, burst.tokens, shares)
        # where there is no own spare the API serves what a server under repair would
        spare = split.units > np.minimum(split.units, base.needed)
        down = np.where(spare, 0.0, base.unavailability)
        repaired = [(1.0 - share) * down for share in shares]
        token_api.add_tokens(ledger, study, burst.tokens, repaired, stand_in=True)
        token_api.add_staff(ledger, study, len(study.assessment.workloads))
        return BurstUse(None, shares)
    offer = burst.rented.offer
    own = _own_parts(study, base, burst.rented.sizing, split)
    fleet = _fleet(study, burst.rented, split, own)
    bought = contracting.add_instances(ledger, study, offer, (fleet,))
    _add_stand_in(ledger, study, burst.rented, base, own)
    output: Floats = np.sum(
        [d.output_tokens * share for d, share in zip(study.demands, shares, strict=True)], axis=0
    )
    add_service(ledger, study, output, offer, fleet.mean_instances)
    sizing = fleet.sizing
    asked = study.assessment.site.availability
    stand_in = [
        math.ceil(
            part.each * max(under_repair(part.servers, base.unavailability, asked) - part.spares, 0)
            - 1e-9
        )
        for part in own
    ]
    years = zip(own, sizing.needed.tolist(), sizing.spares.tolist(), strict=True)
    availability = min(
        joint_availability(part, needed, spares, sizing.unavailability)
        for part, needed, spares in years
    )
    return BurstUse(Instances(fleet, bought, np.array(stand_in), availability), shares)


def _own_parts(study: Study, base: Sizing, cloud: Sizing, split: Split) -> list[OwnPart]:
    """The base in each year as the burst sees it: what it has to take over, and for how long."""
    serving = np.minimum(split.units, base.needed)
    each: Floats = np.zeros(study.years)
    for pool, served in zip(cloud.pools, split.served, strict=True):
        each = each + served.max(axis=1) / float(pool.capacity.further) * pool.size
    each = each / (cloud.per_unit * np.maximum(serving, 1))
    down = unit_unavailability(
        base.per_unit * study.assume.base("gpu_failure_rate_year"),
        study.assume.base("cloud_replace_hours"),
    )
    return [
        OwnPart(servers, spares, down, share)
        for servers, spares, share in zip(
            split.units.tolist(), (split.units - serving).tolist(), each.tolist(), strict=True
        )
    ]


def _fleet(study: Study, draft: RentedDraft, split: Split, own: list[OwnPart]) -> Elastic:
    """Instances by the hour for what is above the base, with spares for both."""
    sizing = draft.sizing
    sizes = [pool.size for pool in sizing.pools]
    running = tuple(
        replicas_for(above, pool.capacity, study.headroom, 0)
        for above, pool in zip(split.above, sizing.pools, strict=True)
    )
    instances = servers_for(list(zip(running, sizes, strict=True)), sizing.per_unit)
    running = filled(running, sizes, instances, sizing.per_unit)
    asked, needed = study.assessment.site.availability, instances.max(axis=1)
    spares = np.array(
        [
            joint_spares(part, count, sizing.unavailability, asked)
            for part, count in zip(own, needed.tolist(), strict=True)
        ],
        dtype=np.int64,
    )
    held = dataclasses.replace(sizing, needed=needed, spares=spares)
    return Elastic(held, running, instances + spares[:, None], _queue(study, draft, split))


def _queue(study: Study, draft: RentedDraft, split: Split) -> QueuedWork | None:
    """Instances of their own for the work that can wait and that the base does not take."""
    queued = None if draft.apart is None else draft.apart.queued
    if queued is None or not any(left.any() for left in split.left):
        return None
    sizing, repeated = draft.sizing, queued.repeated
    rows = [
        queued_hours(study, pool, sizing.per_unit, repeated, left)
        for pool, left in zip(sizing.pools, split.left, strict=True)
    ]
    return QueuedWork(tuple(done for done, _ in rows), tuple(taken for _, taken in rows), repeated)


def _add_stand_in(
    ledger: Ledger, study: Study, draft: RentedDraft, base: Sizing, own: list[OwnPart]
) -> None:
    """Instances while own servers are repaired, on average; own spares are enough where they are"""
    hours = np.array(
        [
            0.0 if part.spares else part.servers * base.unavailability * part.each * HOURS_PER_YEAR
            for part in own
        ]
    )
    offer = draft.offer
    ledger.add(
        "cloud_on_demand",
        _("Cloud instances while own servers are repaired"),
        "metered",
        hours * contracting.prices_of(study, offer).on_demand,
        lambda: contracting.hourly_words(study, offer, float(hours[0])),
        offer.provenance,
        contracting.ON_DEMAND_RANGE,
        assumption=True,
    )
