"""Hybrid: an owned base that carries the constant load, and a burst to a cloud or a token API.

Of each kind the parts that are cheapest alone, split where ``hybrid_curve`` finds it cheapest.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence

from core.catalog.types import CLOUD_VENUES, CloudOffer
from core.economics.cash_flow import total_cost
from core.economics.ledger import Ledger
from core.notation import local
from core.recommendation import Carbon, Cost, Gate, Option, Serving, Venue
from core.venues import colocation, edge_central, on_premises, token_api
from core.venues.burst import Burst, BurstUse
from core.venues.drafts import (
    Drafts,
    OwnedDraft,
    both_places,
    owned_fleet,
    plain_option,
    prefill_share,
)
from core.venues.emissions import add_carbon, beside_unknown, carbon_of
from core.venues.energy import Draw, fleet_draw, with_full_hours
from core.venues.hybrid_curve import Base, Curve, curve
from core.venues.load_split import Split, base_utilisation, limited
from core.venues.pools import size_units
from core.venues.racking import rack_plan
from core.venues.rented import servings_of_fleet
from core.venues.rented.carbon import carbon_of_instances
from core.venues.rented.notes import quota_condition
from core.venues.service import ServiceBook
from core.venues.serving_detail import serving_of
from core.venues.study import Study
from core.venues.timing import Lead, beside, rented_lead, token_api_lead
from core.words import _

Admits = Callable[[Option], bool]


def options(
    study: Study,
    book: ServiceBook,
    drafts: Drafts,
    pure: Sequence[Option],
    admits: Admits,
    stands: Admits,
) -> list[Option]:
    """One hybrid per owned venue and kind of burst, from the cheapest admissible parts.

    ``admits`` tells whether a pure option breaks no limit that a smaller base would break too,
    ``stands`` whether it breaks none at all: a hybrid that costs more than such a part is refused.
    """
    if study.assessment.site.stays_inside:
        return []  # nothing may leave the site, so there is no second place
    bases = [_base(study, drafts, pure, venue, admits) for venue in ("on_premises", "colocation")]
    book.add(pool for base in bases if base is not None for pool in base.draft.sizing.pools)
    bursts = [b for b in (_cloud(drafts, pure, admits), _api(study, pure, admits)) if b]
    found, sound = [], {}
    for base in bases:
        if base is None or base.most < 2:
            continue  # nothing to build on, or a single unit, which cannot be split
        for burst in bursts:
            found_curve = curve(study, book, base, burst)
            if found_curve is not None:
                option = _option(study, book, base, burst, found_curve)
                parts = (burst.pure, base.pure)
                for part in parts:  # one may be part of several
                    if part.id not in sound:
                        sound[part.id] = stands(part)
                found.append(_worth_it(option, [part for part in parts if sound[part.id]]))
    return [*found, *edge_central.options(study, book, drafts, pure, admits)]


def _cheapest(pure: Sequence[Option], venues: Sequence[str], admits: Admits) -> Iterator[Option]:
    """Costed options of some venues, cheapest first, admissible ones only, as far as asked for."""
    priced = [o for o in pure if o.venue in venues and o.cost is not None]
    priced.sort(key=lambda o: (o.cost.npv_usd if o.cost else 0.0, o.id))
    return (o for o in priced if admits(o))


def _base(
    study: Study, drafts: Drafts, pure: Sequence[Option], venue: Venue, admits: Admits
) -> Base | None:
    for option in _cheapest(pure, (venue,), admits):
        for draft in drafts.owned[option.venue]:
            if draft.platform.id == option.fleet.platform_id and draft.sizing.fits:
                return Base(venue, _filled(study, draft), option)
    return None


def _filled(study: Study, draft: OwnedDraft) -> OwnedDraft:
    platform, (pool, *_others) = draft.platform, draft.sizing.pools
    sizing = size_units(
        study,
        platform.accelerator_id,
        platform.accelerator_count,
        pool.rtt_ms,
        study.demands,
        failures_key="gpu_failure_rate_year",
        repair_hours=24.0 * study.assume.base("repair_days"),
        filled=True,
    )
    return draft if sizing is None else dataclasses.replace(draft, sizing=sizing)


def _cloud(drafts: Drafts, pure: Sequence[Option], admits: Admits) -> Burst | None:
    for option in _cheapest(pure, CLOUD_VENUES, admits):
        for draft in drafts.rented[option.venue]:
            if draft.offer.id == option.fleet.platform_id and draft.sizing.fits:
                return Burst(option, draft, ())
    return None


def _api(study: Study, pure: Sequence[Option], admits: Admits) -> Burst | None:
    by_provider = token_api.offers_by_provider(study)
    for option in _cheapest(pure, ("token_api",), admits):
        if option.provider in by_provider:
            return Burst(option, None, by_provider[option.provider])
    return None


def _worth_it(option: Option, parts: Sequence[Option]) -> Option:
    """A hybrid, with a gate that it fails where one of its ``parts`` alone costs less."""
    usd, part = min(
        ((p.cost.npv_usd, p) for p in parts if p.cost is not None),
        key=lambda pair: (pair[0], pair[1].id),
        default=(0.0, None),
    )
    own = 0.0 if option.cost is None else option.cost.npv_usd
    if part is None or own <= usd:
        return option
    share = 100.0 * (own / usd - 1.0) if usd > 0 else math.inf
    more = local(f"{share:.1f}" if share < 10.0 else f"{share:,.0f}")
    worse = Gate(
        key="split",
        label=_("Worth splitting"),
        status="fail",
        needed=None,
        limit=None,
        unit="",
        message=_("Costs {more} % more than {title} alone.").format(more=more, title=part.title),
        remedy=_("Choose that alone."),
    )
    return dataclasses.replace(option, gates=(*option.gates, worse))


def _servings(
    book: ServiceBook, base: Base, burst: Burst, use: BurstUse, study: Study
) -> tuple[Serving, ...]:
    own = tuple(
        serving_of(book, pool, "hybrid", served=pool.demand.planned.waiting_served)
        for pool in base.draft.sizing.pools
    )
    if burst.rented is None or use.instances is None:
        return (*own, *(token_api.hosted_serving(study, demand) for demand in study.demands))
    # a queue is a part of that which the cloud alone would have, and told as that
    alone = burst.rented.apart if use.instances.fleet.queued else None
    sizing = burst.rented.sizing if alone is None else alone.sizing
    return (*own, *servings_of_fleet(book, sizing, alone, "hybrid"))


def _carbon(
    study: Study,
    base: Base,
    burst: Burst,
    split: Split,
    use: BurstUse,
    draw: Draw,
    book: ServiceBook,
) -> Carbon:
    """Base and burst added up; the operational part is unknown where the burst's is."""
    platform, region = base.platform, study.region
    pue = (
        on_premises.room_pue(study)[0]
        if base.venue == "on_premises"
        else study.assume.base("colocation_pue")
    )
    own = carbon_of(
        study,
        draw.kwh_by_year,
        pue,
        region.carbon_kg_kwh,
        base.pure.carbon.source,
        split.units * platform.accelerator_count,
        split.units,
        water=on_premises.room_water(study) if base.venue == "on_premises" else (None, ""),
        platform=platform,
    )
    if burst.rented is None or use.instances is None:
        return beside_unknown(own, _("The API publishes none"))
    fleet, accelerator = use.instances.fleet, burst.rented.offer.accelerator_id
    burst_draw = fleet_draw(
        book,
        fleet.sizing,
        fleet.sizing.units,
        accelerator,
        fleet.running,
        fleet.instances,
        loads=split.above,
    )
    if burst_draw is not None and fleet.queued is not None:
        by_pool = fleet.queued.by_pool
        burst_draw = with_full_hours(burst_draw, book, fleet.sizing, accelerator, by_pool)
    if burst_draw is None:
        return beside_unknown(own, _("The burst's power is not known"))
    return add_carbon(
        own, carbon_of_instances(study, burst.rented, burst_draw, fleet.mean_instances)
    )


def _lead(study: Study, base: Base, burst: Burst, split: Split, use: BurstUse) -> Lead:
    """Both parts are set up side by side, each as large as it is here."""
    place = on_premises if base.venue == "on_premises" else colocation
    own = place.lead_of(study, base.platform, split.units)
    if burst.rented is None or use.instances is None:
        return beside(own, token_api_lead(study))
    counts = use.instances.quota.max(axis=1) * burst.rented.offer.accelerator_count
    return beside(own, rented_lead(study, counts.tolist()))


def _cost(study: Study, ledger: Ledger, servings: Sequence[Serving]) -> Cost:
    return total_cost(ledger, study.input_tokens, study.output_tokens, prefill_share(servings))


def _option(
    study: Study,
    book: ServiceBook,
    base: Base,
    burst: Burst,
    found: Curve,
) -> Option:
    platform, best = base.platform, found.best
    split, use, draw = best.split, best.use, best.draw
    servings = _servings(book, base, burst, use, study)
    draft = dataclasses.replace(base.draft, sizing=limited(base.draft.sizing, split))
    pue = (
        on_premises.room_pue(study)[0]
        if base.venue == "on_premises"
        else study.assume.base("colocation_pue")
    )
    plan = rack_plan(study, platform, int(split.units.max()), base.venue)
    fleet = owned_fleet(study, draft, split.units, base.venue, plan, draw, pue)
    busy = base_utilisation(base.draft.sizing, split)
    fleet = dataclasses.replace(
        fleet,
        utilisation=float(busy[0]),
        utilisation_by_year=tuple(map(float, busy)),
        standing_utilisation_by_year=(),
        availability=None if use.instances is None else use.instances.availability,
    )
    offer: CloudOffer | None = burst.rented.offer if burst.rented else None
    where = _("on-premises") if base.venue == "on_premises" else _("in colocation")
    target = (
        burst.rented.name
        if burst.rented
        else _("the {provider} API").format(provider=burst.pure.provider)
    )
    lead = _lead(study, base, burst, split, use)
    tail = offer.id if offer else burst.pure.id
    return plain_option(
        option_id=f"hybrid/{base.venue}/{platform.id}:{tail}",
        venue="hybrid",
        title=_("Hybrid: {units} x {name} {where}, {value} % of tokens to {target}").format(
            units=best.point.owned_units,
            name=platform.title,
            where=where,
            value=local(f"{100 * (1 - split.owned_share):.0f}"),
            target=target,
        ),
        provider=_("{items} and {last}").format(items=platform.vendor, last=burst.pure.provider),
        host=burst.pure.provider,
        region=offer.country_iso3 if offer else "",
        place=both_places(base.pure.place, burst.pure.place),
        servings=servings,
        fleet=fleet,
        cost=_cost(study, best.ledger, servings[: len(base.draft.sizing.pools)]),
        carbon=_carbon(study, base, burst, split, use, draw, book),
        lead=lead,
        notes=lead.notes,
        sources=(platform.provenance, platform.phys_provenance, *burst.pure.sources[:1]),
        hybrid_curve=found.points,
        contract=None if use.instances is None else use.instances.bought.mix,
        conditions=(
            token_api.rate_condition(study, burst.pure.provider, above=split.above)
            if offer is None or use.instances is None
            else quota_condition(offer, use.instances.quota),
        ),
    )
