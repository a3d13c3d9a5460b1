"""Edge and a central venue together: what needs fast answers at the sites, the rest in one place.

Workloads are ordered by the time they allow to the first token. A split serves the strictest at
every site, the others on cloud instances or a token API; each split is costed on the cheapest
edge server and the cheapest central offer that are admissible for their part.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from core.economics.carbon import grid_source
from core.economics.cash_flow import total_cost
from core.notation import local
from core.recommendation import Carbon, Fleet, HybridPoint, Option, Serving
from core.venues import edge, token_api
from core.venues.drafts import (
    Drafts,
    both_places,
    own_place,
    owned_fleet,
    plain_option,
    prefill_share,
)
from core.venues.edge_parts import (
    Admits,
    Central,
    Site,
    cheapest_centrals,
    cheapest_site,
    rest_of,
    splits,
)
from core.venues.emissions import add_carbon, beside_unknown, carbon_of
from core.venues.rented import servings_of_fleet
from core.venues.rented.carbon import carbon_of_instances
from core.venues.rented.fleets import draw_of
from core.venues.rented.notes import quota_condition
from core.venues.service import ServiceBook
from core.venues.serving_detail import serving_of
from core.venues.study import Study
from core.venues.timing import Lead, beside, edge_delivery, rented_lead, token_api_lead
from core.words import _


def options(
    study: Study, book: ServiceBook, drafts: Drafts, pure: Sequence[Option], admits: Admits
) -> list[Option]:
    """The cheapest split with a cloud and with a token API, where there is anything to split."""
    if study.assessment.site.edge_sites < 2:
        return []
    best: dict[bool, Option] = {}
    for here in splits(study):
        site = cheapest_site(study, book, drafts, pure, here, admits)
        if site is None:
            continue
        for central in cheapest_centrals(study, book, drafts, pure, here, admits):
            option = _option(study, book, site, central, here)
            kind = central.rented is None
            held = best.get(kind)
            if held is None or _npv(option) < _npv(held):
                best[kind] = option
    return list(best.values())


def _npv(option: Option) -> float:
    return 0.0 if option.cost is None else option.cost.npv_usd


def _option(
    study: Study, book: ServiceBook, site: Site, central: Central, here: tuple[int, ...]
) -> Option:
    rest = rest_of(study, here)
    ledger = site.ledger.with_lines_of(central.ledger)
    fleet = None if central.bought is None else central.bought.fleet
    platform, sites = site.draft.platform, site.draft.sites
    own = tuple(serving_of(book, p, "hybrid", sites=sites) for p in site.draft.sizing.pools)
    others: tuple[Serving, ...] = (
        tuple(token_api.hosted_serving(study, study.demands[i]) for i in rest)
        if fleet is None
        else servings_of_fleet(book, fleet.sizing, fleet, "hybrid")
    )
    pure, own_usd = central.pure, site.ledger.usd
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
        hybrid_curve=(HybridPoint(units, share, own_usd, cost.npv_usd - own_usd, cost.npv_usd),),
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
