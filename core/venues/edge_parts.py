"""The parts of edge and central: the cheapest at the sites, and elsewhere for the rest."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.economics.ledger import Ledger
from core.performance.types import Floats
from core.recommendation import Option
from core.venues import contracting, edge, token_api
from core.venues.contracting import Contracted
from core.venues.drafts import (
    Drafts,
    OwnedDraft,
    RentedDraft,
)
from core.venues.energy import Draw, fleet_draw
from core.venues.pools import Sizing, pack
from core.venues.rented.fleets import fleet_by_hour, own_instances
from core.venues.rented.service_cost import add_service
from core.venues.service import ServiceBook
from core.venues.study import Study
from core.words import _

MOST_SPLITS = 4
"""Splits that are tried; of more, these are spread evenly over the order of strictness."""


Admits = Callable[[Option], bool]


@dataclass(frozen=True)
class Site:
    """The edge part: one platform at every site, sized for some of the workloads."""

    draft: OwnedDraft
    draw: Draw
    ledger: Ledger


@dataclass(frozen=True)
class Central:
    """The central part: an option at its place, the bill of the rest there and what runs it."""

    pure: Option
    rented: RentedDraft | None
    ledger: Ledger
    bought: Contracted | None
    """``None`` where the rest goes to a token API."""


def splits(study: Study) -> list[tuple[int, ...]]:
    """Workloads (by number) at the edge, strictest first; the same limit is never parted."""
    limits = [
        float("inf") if d.targets.ttft_ms is None else d.targets.ttft_ms for d in study.demands
    ]
    levels = sorted(set(limits))[:-1]
    if len(levels) > MOST_SPLITS:
        spread = np.linspace(0, len(levels) - 1, MOST_SPLITS).round().astype(int)
        levels = [levels[i] for i in spread]
    return [tuple(i for i, limit in enumerate(limits) if limit <= level) for level in levels]


def _part(option: Option, names: set[str]) -> Option:
    """An option as far as it serves some workloads: what the others miss does not count."""
    return dataclasses.replace(
        option, servings=tuple(s for s in option.servings if s.workload in names)
    )


def _names(study: Study, numbers: Sequence[int]) -> set[str]:
    return {study.demands[i].workload.name for i in numbers}


def rest_of(study: Study, here: Sequence[int]) -> tuple[int, ...]:
    """The workloads (by number) that are not at the sites."""
    return tuple(i for i in range(len(study.demands)) if i not in here)


def _sized(study: Study, sizing: Sizing, numbers: Sequence[int], *, cloud: bool) -> Sizing | None:
    """A sizing cut to some workloads; ``None`` where one does not fit or misses a target."""
    pools = [sizing.pools[i] for i in numbers]
    if not all(pool.fits and pool.meets_targets for pool in pools):
        return None
    return pack(
        study,
        pools,
        sizing.per_unit,
        failures_key="cloud_interruption_rate_year" if cloud else "gpu_failure_rate_year",
        repair_hours=study.assume.base("cloud_replace_hours")
        if cloud
        else 24.0 * study.assume.base("repair_days"),
        elastic=cloud,
    )


def cheapest_site(
    study: Study,
    book: ServiceBook,
    drafts: Drafts,
    pure: Sequence[Option],
    here: tuple[int, ...],
    admits: Admits,
) -> Site | None:
    """The cheapest admissible edge server for the workloads ``here``."""
    by_platform = {o.fleet.platform_id: o for o in pure if o.venue == "edge"}
    names, limit = _names(study, here), study.assessment.site.edge_site_power_kw
    best: Site | None = None
    for draft in drafts.owned.get("edge", []):
        platform = draft.platform
        sizing = _sized(study, draft.sizing, here, cloud=False)
        if sizing is None or platform.price_usd is None:
            continue
        kw = platform.nameplate_kw
        if limit is not None and (kw is None or kw * int(sizing.units.max()) > limit):
            continue
        part = _part(by_platform[platform.id], names)
        power = None if kw is None else kw * int(sizing.units.max()) * draft.sites
        part = dataclasses.replace(part, fleet=dataclasses.replace(part.fleet, nameplate_kw=power))
        if not admits(part):
            continue
        draw = fleet_draw(book, sizing, sizing.units, platform.accelerator_id)
        if draw is None:
            continue
        stocked = edge.stocked(study, platform, sizing, draft.sites)
        ledger = edge.bill(study, stocked, platform.price_usd, draw.energy.times(draft.sites))
        if best is None or ledger.usd < best.ledger.usd:
            best = Site(stocked, draw, ledger)
    return best


def cheapest_centrals(
    study: Study,
    book: ServiceBook,
    drafts: Drafts,
    pure: Sequence[Option],
    here: Sequence[int],
    admits: Admits,
) -> Iterator[Central]:
    """The cheapest admissible cloud, and the cheapest admissible API, for the other workloads."""
    rest = rest_of(study, here)
    names = _names(study, rest)
    by_offer = drafts.by_offer()
    clouds = (
        (o, by_offer[o.fleet.platform_id])
        for o in pure
        if o.cost is not None and o.fleet.platform_id in by_offer
    )
    billed = [c for o, draft in clouds if (c := _cloud(study, book, o, draft, rest)) is not None]
    apis = list(_apis(study, rest))
    for found in (billed, apis):
        found.sort(key=lambda c: (c.ledger.usd, c.pure.id))
        yield from itertools.islice((c for c in found if admits(_part(c.pure, names))), 1)


def _cloud(
    study: Study, book: ServiceBook, pure: Option, draft: RentedDraft, rest: Sequence[int]
) -> Central | None:
    """The rest on one instance type; ``None`` where it cannot serve it."""
    sizing = _sized(study, draft.sizing, rest, cloud=True)
    if sizing is None:
        return None
    ledger, offer = _central_ledger(study), draft.offer
    queue = None if draft.apart is None else own_instances(study, offer, sizing)
    ways = (fleet_by_hour(study, book, sizing), *((queue,) if queue else ()))
    bought = contracting.add_instances(ledger, study, offer, ways)
    output: Floats = np.sum([study.demands[i].output_tokens for i in rest], axis=0)
    services = len(_names(study, rest))
    add_service(ledger, study, output, offer, bought.fleet.mean_instances, services)
    return Central(pure, draft, ledger, bought)


def _apis(study: Study, rest: Sequence[int]) -> Iterator[Central]:
    """The rest at every provider that hosts its models."""
    names = _names(study, rest)
    workloads = tuple(w for w in study.assessment.workloads if w.name in names)
    part = dataclasses.replace(
        study,
        assessment=dataclasses.replace(study.assessment, workloads=workloads),
        demands=tuple(study.demands[i] for i in rest),
    )
    for provider, offers in sorted(token_api.offers_by_provider(part).items()):
        ledger = _central_ledger(study)
        token_api.add_tokens(ledger, part, offers)
        token_api.add_staff(ledger, part, len(workloads))
        option = token_api.option(part, provider, offers)
        yield Central(option, None, ledger, None)


def _central_ledger(study: Study) -> Ledger:
    return Ledger(study.money, place=_("central"))
