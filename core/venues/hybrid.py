"""Hybrid: an owned base that carries the constant load, and a burst to a cloud or a token API.

For an owned base of ``b`` units, cost(b) = own(b) + burst(load above b, hour by hour). The ends
of the curve are the two pure venues; the interior minimum is the option.
"""

from __future__ import annotations

import dataclasses
import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.catalog.types import CLOUD_VENUES, CloudOffer, Platform
from core.economics.cash_flow import Ledger, total_cost
from core.notation import local
from core.performance.types import Ints
from core.recommendation import Carbon, Cost, Gate, HybridPoint, Option, Serving, Venue
from core.venues import colocation, edge_central, on_premises, token_api
from core.venues.burst import Burst, BurstUse, add_burst, ways_to_split
from core.venues.drafts import (
    Drafts,
    OwnedDraft,
    add_carbon,
    both_places,
    carbon_of,
    owned_fleet,
    plain_option,
    prefill_share,
)
from core.venues.energy import Draw, Energy, fleet_draw, with_full_hours
from core.venues.load_split import Split, base_utilisation, limited, split_load
from core.venues.racking import (
    fewest_racks,
    fittings_of,
    rack_plan,
    with_switches,
)
from core.venues.rented import servings_of_fleet
from core.venues.rented.carbon import carbon_of_instances
from core.venues.rented.notes import quota_condition
from core.venues.service import ServiceBook
from core.venues.serving_detail import serving_of
from core.venues.study import Study
from core.venues.timing import Lead, beside, rented_lead, token_api_lead
from core.words import _

LEAST_PART = 0.005
"""A place that serves less of the tokens than this is no part of a hybrid."""
MOST_POINTS = 24
"""The curve is evaluated at no more than so many sizes of the base."""
Admits = Callable[[Option], bool]


@dataclass(frozen=True)
class Base:
    """An owned platform at one place, from which any number of units may be bought."""

    venue: Venue
    draft: OwnedDraft
    pure: Option

    @property
    def platform(self) -> Platform:
        """The server."""
        return self.draft.platform


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
    bases = [_base(drafts, pure, venue, admits) for venue in ("on_premises", "colocation")]
    bursts = [b for b in (_cloud(drafts, pure, admits), _api(study, pure, admits)) if b]
    found, sound = [], {}
    for base in bases:
        if base is None or int(base.draft.sizing.units.max()) < 2:
            continue  # nothing to build on, or a single unit, which cannot be split
        for burst in bursts:
            option = _hybrid(study, book, base, burst)
            if option is not None:
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


def _base(drafts: Drafts, pure: Sequence[Option], venue: Venue, admits: Admits) -> Base | None:
    for option in _cheapest(pure, (venue,), admits):
        for draft in drafts.owned[option.venue]:
            if draft.platform.id == option.fleet.platform_id and draft.sizing.fits:
                return Base(venue, draft, option)
    return None


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


def _own_bill(study: Study, base: Base, units: Ints, energy: Energy) -> Ledger:
    if base.venue == "on_premises":
        return on_premises.bill(study, base.platform, units, energy)
    return colocation.bill(study, base.platform, units, energy)


def _base_draw(study: Study, book: ServiceBook, base: Base, split: Split) -> Draw | None:
    draw = fleet_draw(
        book,
        base.draft.sizing,
        split.units,
        base.platform.accelerator_id,
        split.replicas,
        loads=split.served,
    )
    return with_switches(draw, study, base.platform, split.units, base.venue)


def _cost_at(
    study: Study, book: ServiceBook, base: Base, burst: Burst, units: int
) -> tuple[HybridPoint, Ledger, Split, BurstUse, Draw]:
    """The cheapest way to split the load for a base of so many units."""
    ways = [_cost_of(study, book, base, burst, units, q) for q in ways_to_split(study, burst)]
    return min(ways, key=lambda way: way[0].total_usd)


def _cost_of(
    study: Study, book: ServiceBook, base: Base, burst: Burst, units: int, queue: bool
) -> tuple[HybridPoint, Ledger, Split, BurstUse, Draw]:
    split = split_load(study, base.draft.sizing, units, queue=queue)
    draw = _base_draw(study, book, base, split)
    if draw is None:  # a priced owned option has a known draw at every load
        raise ValueError(f"the power of {base.platform.id} is not known")
    ledger = _own_bill(study, base, split.units, draw.energy)
    own = sum(line.present_value_usd for line in ledger.lines)
    use = add_burst(ledger, study, base.draft.sizing, burst, split)
    total = sum(line.present_value_usd for line in ledger.lines)
    point = HybridPoint(units, split.owned_share, own, total - own, total)
    return point, ledger, split, use, draw


def _most_units(study: Study, base: Base) -> int:
    """Units that the own room can hold; unlimited in a colocation hall."""
    site, platform = study.assessment.site, base.platform
    most = int(base.draft.sizing.units.max())
    if base.venue != "on_premises":
        return most

    def too_many(units: int) -> bool:
        racks = int(fewest_racks(study, platform, np.array([units]))[0])
        kw = units * (platform.nameplate_kw or 0.0) + racks * fittings_of(study, platform).kw
        return (site.racks is not None and racks > site.racks) or (
            platform.nameplate_kw is not None
            and site.total_power_kw is not None
            and kw > site.total_power_kw + 1e-9
        )

    # more servers never need less, and of a very large fleet not every number can be tried
    return bisect_left(range(1, most + 1), True, key=too_many)


def curve_sizes(most: int) -> list[int]:
    """Interior sizes of the base at which the curve is evaluated, 1 .. most - 1."""
    count = min(max(most - 1, 0), MOST_POINTS)
    sizes = np.linspace(1, most - 1, count).round().astype(int)
    return [int(size) for size in np.unique(sizes)]


def _hybrid(study: Study, book: ServiceBook, base: Base, burst: Burst) -> Option | None:
    if base.pure.cost is None or burst.pure.cost is None:
        return None
    peak = int(base.draft.sizing.units.max())
    allowed = _most_units(study, base)
    states = {size: _cost_at(study, book, base, burst, size) for size in curve_sizes(peak)}
    inside = [
        size
        for size, state in states.items()
        if size <= allowed and LEAST_PART <= state[0].owned_share <= 1.0 - LEAST_PART
    ]
    if not inside:
        return None
    best = min(inside, key=lambda size: (states[size][0].total_usd, size))
    for size in _neighbours(best, inside, allowed, peak):  # between the sampled sizes
        states[size] = _cost_at(study, book, base, burst, size)
        if states[size][0].total_usd < states[best][0].total_usd:
            best = size
    ends = (
        HybridPoint(0, 0.0, 0.0, burst.pure.cost.npv_usd, burst.pure.cost.npv_usd),
        HybridPoint(peak, 1.0, base.pure.cost.npv_usd, 0.0, base.pure.cost.npv_usd),
    )
    curve = (ends[0], *(states[size][0] for size in sorted(states)), ends[1])
    ledger, split, use, draw = states[best][1:]
    return _option(study, book, base, burst, best, ledger, split, use, draw, curve)


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
        "split",
        _("Worth splitting"),
        "fail",
        None,
        None,
        "",
        _("Costs {more} % more than {title} alone.").format(more=more, title=part.title),
        _("Choose that alone."),
    )
    return dataclasses.replace(option, gates=(*option.gates, worse))


def _neighbours(best: int, sizes: Sequence[int], allowed: int, peak: int) -> list[int]:
    """Sizes between the best sampled one and its sampled neighbours (at most 8 each side)."""
    at = sizes.index(best)
    low = sizes[at - 1] if at else 0
    high = sizes[at + 1] if at + 1 < len(sizes) else min(allowed, peak - 1) + 1
    low, high = max(low, best - 9), min(high, best + 9)
    return [size for size in range(low + 1, high) if size != best and size <= allowed]


def _servings(
    book: ServiceBook, base: Base, burst: Burst, use: BurstUse, study: Study
) -> tuple[Serving, ...]:
    own = tuple(
        serving_of(book, pool, "hybrid", served=pool.demand.planned.waiting_served)
        for pool in base.draft.sizing.pools
    )
    if burst.rented is None or use.instances is None:
        return (*own, *(token_api.hosted_serving(demand) for demand in study.demands))
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
        return Carbon(None, None, None, own.embodied_g_per_mtok, None, _("The API publishes none"))
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
        return Carbon(
            None, None, None, own.embodied_g_per_mtok, None, _("The burst's power is not known")
        )
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
    units: int,
    ledger: Ledger,
    split: Split,
    use: BurstUse,
    draw: Draw,
    curve: tuple[HybridPoint, ...],
) -> Option:
    platform = base.platform
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
            units=units,
            name=platform.name,
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
        cost=_cost(study, ledger, servings[: len(base.draft.sizing.pools)]),
        carbon=_carbon(study, base, burst, split, use, draw, book),
        lead=lead,
        notes=lead.notes,
        sources=(platform.provenance, platform.phys_provenance, *burst.pure.sources[:1]),
        hybrid_curve=curve,
        contract=None if use.instances is None else use.instances.bought.mix,
        conditions=(
            token_api.rate_condition(study, burst.pure.provider, above=split.above)
            if offer is None or use.instances is None
            else quota_condition(offer, use.instances.quota),
        ),
    )
