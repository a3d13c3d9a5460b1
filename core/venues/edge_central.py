"""Edge and a central venue together: what needs fast answers at the sites, the rest in one place.

Workloads are ordered by the time they allow to the first token. A split serves the strictest at
every site, the others on cloud instances or a token API; each split is costed on the cheapest
edge server and the cheapest central offer that are admissible for their part.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.economics.carbon import grid_source
from core.economics.cash_flow import Ledger, total_cost
from core.notation import local
from core.performance.types import Floats
from core.recommendation import Carbon, CostLine, Fleet, HybridPoint, Option, Serving
from core.venues import contracting, edge, token_api
from core.venues.contracting import Contracted
from core.venues.drafts import (
    Drafts,
    OwnedDraft,
    RentedDraft,
    add_carbon,
    beside_unknown,
    both_places,
    carbon_of,
    own_place,
    owned_fleet,
    plain_option,
    prefill_share,
)
from core.venues.energy import Draw, fleet_draw
from core.venues.pools import Sizing, pack
from core.venues.rented import servings_of_fleet
from core.venues.rented.carbon import carbon_of_instances
from core.venues.rented.fleets import draw_of, fleet_by_hour, own_instances
from core.venues.rented.notes import quota_condition
from core.venues.rented.service_cost import add_service
from core.venues.service import ServiceBook
from core.venues.serving_detail import serving_of
from core.venues.study import Study
from core.venues.timing import Lead, beside, edge_delivery, rented_lead, token_api_lead
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
    usd: float
    """Present value of its bill."""


@dataclass(frozen=True)
class Central:
    """The central part: an option at its place, the bill of the rest there and what runs it."""

    pure: Option
    rented: RentedDraft | None
    lines: tuple[CostLine, ...]
    bought: Contracted | None
    """``None`` where the rest goes to a token API."""

    @property
    def usd(self) -> float:
        """Present value of the bill."""
        return sum(line.present_value_usd for line in self.lines)


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


def options(
    study: Study, book: ServiceBook, drafts: Drafts, pure: Sequence[Option], admits: Admits
) -> list[Option]:
    """The cheapest split with a cloud and with a token API, where there is anything to split."""
    if study.assessment.site.edge_sites < 2:
        return []
    best: dict[bool, Option] = {}
    for here in splits(study):
        site = _site(study, book, drafts, pure, here, admits)
        if site is None:
            continue
        for central in _centrals(study, book, drafts, pure, here, admits):
            option = _option(study, book, site, central, here)
            kind = central.rented is None
            held = best.get(kind)
            if held is None or _npv(option) < _npv(held):
                best[kind] = option
    return list(best.values())


def _npv(option: Option) -> float:
    return 0.0 if option.cost is None else option.cost.npv_usd


def _part(option: Option, names: set[str]) -> Option:
    """An option as far as it serves some workloads: what the others miss does not count."""
    return dataclasses.replace(
        option, servings=tuple(s for s in option.servings if s.workload in names)
    )


def _names(study: Study, numbers: Sequence[int]) -> set[str]:
    return {study.demands[i].workload.name for i in numbers}


def _rest(study: Study, here: Sequence[int]) -> tuple[int, ...]:
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


def _site(
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
        usd = sum(line.present_value_usd for line in ledger.lines)
        if best is None or usd < best.usd:
            best = Site(stocked, draw, ledger, usd)
    return best


def _centrals(
    study: Study,
    book: ServiceBook,
    drafts: Drafts,
    pure: Sequence[Option],
    here: Sequence[int],
    admits: Admits,
) -> Iterator[Central]:
    """The cheapest admissible cloud, and the cheapest admissible API, for the other workloads."""
    rest = _rest(study, here)
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
        found.sort(key=lambda c: (c.usd, c.pure.id))
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
    return Central(pure, draft, tuple(ledger.lines), bought)


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
        yield Central(option, None, tuple(ledger.lines), None)


def _central_ledger(study: Study) -> Ledger:
    return Ledger(study.money, place=_("central"))


def _option(
    study: Study, book: ServiceBook, site: Site, central: Central, here: tuple[int, ...]
) -> Option:
    rest = _rest(study, here)
    lines = [*site.ledger.lines, *central.lines]
    ledger = Ledger(study.money, lines, list(site.ledger.depreciation))
    fleet = None if central.bought is None else central.bought.fleet
    platform, sites = site.draft.platform, site.draft.sites
    own = tuple(serving_of(book, p, "hybrid", sites=sites) for p in site.draft.sizing.pools)
    others: tuple[Serving, ...] = (
        tuple(token_api.hosted_serving(study, study.demands[i]) for i in rest)
        if fleet is None
        else servings_of_fleet(book, fleet.sizing, fleet, "hybrid")
    )
    pure = central.pure
    cost = total_cost(
        ledger, study.input_tokens, study.output_tokens, prefill_share((*own, *others))
    )
    tokens = [float((study.demands[i].tokens).sum()) for i in range(len(study.demands))]
    share = sum(tokens[i] for i in here) / max(sum(tokens), 1e-30)
    units = int(site.draft.sizing.units.max()) * sites
    offer = None if central.rented is None else central.rented.offer
    target = (
        _("the {provider} API").format(provider=pure.provider)
        if central.rented is None
        else central.rented.name
    )
    lead = _lead(study, site, central)
    return plain_option(
        option_id=f"hybrid/edge/{platform.id}:{pure.id if offer is None else offer.id}",
        venue="hybrid",
        title=_(
            "Hybrid: {listed} on {units} x {name} at each of {sites} sites, {listed2} on {target}"
        ).format(
            listed=_listed(study, here),
            units=units // sites,
            name=platform.title,
            sites=local(f"{sites:,}"),
            listed2=_listed(study, rest),
            target=target,
        ),
        provider=_("{items} and {last}").format(items=platform.vendor, last=pure.provider),
        host=pure.provider,
        region="" if offer is None else offer.country_iso3,
        place=both_places(own_place(study, near=True), pure.place),
        servings=(*own, *others),
        fleet=_fleet(study, site, central),
        cost=cost,
        carbon=_carbon(study, book, site, central),
        lead=lead,
        notes=lead.notes,
        sources=(platform.provenance, platform.phys_provenance, *pure.sources[:1]),
        contract=None if central.bought is None else central.bought.mix,
        hybrid_curve=(HybridPoint(units, share, site.usd, cost.npv_usd - site.usd, cost.npv_usd),),
        conditions=(
            token_api.rate_condition(study, pure.provider, rest)
            if offer is None or fleet is None
            else quota_condition(offer, fleet.present),
        ),
    )


def _listed(study: Study, numbers: Sequence[int]) -> str:
    return " + ".join(dict.fromkeys(study.demands[i].workload.name for i in numbers))


def _fleet(study: Study, site: Site, central: Central) -> Fleet:
    """The boxes at the sites."""
    sizing = site.draft.sizing
    pue = edge.place_pue(study)[0]
    fleet = owned_fleet(study, site.draft, sizing.units, "edge", None, site.draw, pue)
    rented = central.bought
    there = None if rented is None or rented.mix.is_all_spot else rented.fleet.sizing.availability
    here = sizing.availability
    return dataclasses.replace(
        fleet,
        availability=None if there is None else min(here, there),
    )


def _lead(study: Study, site: Site, central: Central) -> Lead:
    """Sites and the central part are set up side by side."""
    own = edge_delivery(study, site.draft.platform, site.draft.sites)
    if central.rented is None or central.bought is None:
        return beside(own, token_api_lead(study))
    counts = central.bought.fleet.present.max(axis=1) * central.rented.offer.accelerator_count
    return beside(own, rented_lead(study, counts.tolist()))


def _carbon(study: Study, book: ServiceBook, site: Site, central: Central) -> Carbon:
    platform, sites, region = site.draft.platform, site.draft.sites, study.region
    units = edge.all_boxes(site.draft)
    own = carbon_of(
        study,
        site.draw.kwh_by_year * sites,
        edge.place_pue(study)[0],
        region.carbon_kg_kwh,
        grid_source(region),
        units * platform.accelerator_count,
        units,
        platform=platform,
    )
    unknown = _("The central part publishes none")
    if central.rented is None or central.bought is None:
        return beside_unknown(own, unknown)
    offer = central.rented.offer
    draw = draw_of(book, central.bought.fleet, offer.accelerator_id)
    if draw is None:
        return beside_unknown(own, unknown)
    mean = central.bought.fleet.mean_instances
    return add_carbon(own, carbon_of_instances(study, central.rented, draw, mean))
