"""General-purpose references: the same workload and venue on training-class or CPU servers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.candidates import Policy
from core.catalog.types import Platform
from core.facility import colocated
from core.recommendation import Option, Venue
from core.venues import cloud_region, colocation, gpu_cloud, on_premises, public_cloud
from core.venues.crossover import owned_usd
from core.venues.drafts import Drafts, OwnedDraft, RentedDraft
from core.venues.service import open_book
from core.venues.study import Study, open_study

WHOLE_SERVER = 8
"""Accelerators of the training-class reference server: one replica takes all of them."""
CLOUDS = {
    "public_cloud": (public_cloud.drafts, public_cloud.options),
    "gpu_cloud": (gpu_cloud.drafts, gpu_cloud.options),
}
OWNED = {"on_premises": on_premises, "colocation": colocation}
CLOUD_REFERENCE = ("h100-sxm", "h200-sxm", "a100-sxm-80gb", "b200-sxm")
"""Training-class accelerators that 8-way instances of the clouds carry."""


def venue_of_reference(winner: Option) -> Venue:
    """The winner's venue; its owned part for a hybrid, the public cloud for a token API."""
    if winner.venue == "hybrid":
        return "colocation" if colocated(winner) else "on_premises"
    return "public_cloud" if winner.venue == "token_api" else winner.venue


def training_reference(study: Study, winner: Option) -> Option | None:
    """The cheapest training-class server at engine defaults; ``None`` where none can serve.

    16-bit weights, one whole server per replica, no prefix cache, a fixed fleet. Of rented ones
    those of the winner's own provider, else of its country, else any at its venue: what another
    provider charges is no effect of general-purpose hardware.
    """
    policy = Policy(optimised=False, whole_server=WHOLE_SERVER)
    venue = venue_of_reference(winner)
    if venue == "edge":  # no training-class server stands in a shop
        venue = "on_premises"
    servers = [
        p
        for p in study.catalog.platforms.values()
        if p.training_class and p.accelerator_count == WHOLE_SERVER and p.price_usd is not None
    ]
    if venue in CLOUDS:
        largest = dict.fromkeys(CLOUD_REFERENCE, WHOLE_SERVER)
    else:
        largest = {p.accelerator_id: WHOLE_SERVER for p in servers}
    return _nearest(_serving(study, policy, largest, venue, servers), winner)


def cpu_reference(study: Study, winner: Option, costed: Iterable[Option]) -> Option | None:
    """The cheapest CPU-only server that meets the targets; ``None`` where none does.

    CPU servers are searched like all others, so it is among the options ``costed`` already.
    """
    venue = venue_of_reference(winner)
    if venue in CLOUDS:
        venue = "on_premises"  # the catalog has no CPU instances
    found = [
        o
        for o in costed
        if o.venue == venue
        and o.cost is not None
        and _is_cpu(study, o)
        and all(serving.capacity_req_s for serving in o.servings)
    ]
    return _first(found)


def _is_cpu(study: Study, option: Option) -> bool:
    platform = study.catalog.platforms.get(option.fleet.platform_id or "")
    return platform is not None and study.accelerator(platform.accelerator_id).kind == "cpu"


def _first(priced: Iterable[Option]) -> Option | None:
    """The cheapest of costed options."""
    return min(priced, key=lambda o: (o.cost.npv_usd if o.cost else 0.0, o.id), default=None)


def _nearest(found: Sequence[Option], winner: Option) -> Option | None:
    """The cheapest of those at the winner's provider, else in its country, else of all."""
    for alike in (
        [o for o in found if o.provider == winner.provider],
        [o for o in found if o.region == winner.region],
    ):
        if alike and winner.venue in CLOUDS:
            return _first(alike)
    return _first(found)


def _serving(
    study: Study,
    policy: Policy,
    largest: dict[str, int],
    venue: Venue,
    servers: Sequence[Platform],
) -> list[Option]:
    """The priced servers of a kind that can serve the workloads at a venue; of own the cheapest."""
    if not largest:
        return []
    known = {k: n for k, n in largest.items() if k in study.catalog.accelerators}
    rtts = [study.far_rtt_ms if venue == "colocation" else study.near_rtt_ms]
    if venue in CLOUDS:
        rtts = cloud_region.distances(study.assessment, study.catalog, (venue,))
    plain = open_study(
        study.assessment,
        study.catalog,
        study.as_of,
        study.demands,
        policy,
        known,
        rtts,
        solved=study.solved,
    )
    drafts = _drafts(plain, venue, servers)
    return [o for o in _options(plain, venue, drafts) if o.cost is not None]


def _meets(draft: OwnedDraft | RentedDraft) -> bool:
    return draft.sizing.fits and all(pool.meets_targets for pool in draft.sizing.pools)


def _drafts(study: Study, venue: Venue, servers: Sequence[Platform]) -> Drafts:
    found = Drafts()
    if venue in CLOUDS:
        found.rented[venue] = [
            d
            for d in CLOUDS[venue][0](study)
            if d.offer.accelerator_count == WHOLE_SERVER and _meets(d)
        ]
        return found
    found.owned[venue] = [d for d in OWNED[venue].drafts(study, servers) if _meets(d)]
    return found


def _options(study: Study, venue: Venue, drafts: Drafts) -> list[Option]:
    book = open_book(study, drafts.pools(), detailed=False)
    if venue in CLOUDS:
        return CLOUDS[venue][1](study, book, drafts)
    priced = [
        (usd, draft.platform.id, draft)
        for draft in drafts.owned[venue]
        if (usd := owned_usd(study, book, venue, draft, draft.sizing)) is not None
    ]
    # the cheapest is all that is asked for, and the sum of a bill is soon known
    return [OWNED[venue].option(study, book, draft) for *_usd, draft in sorted(priced)[:1]]
