"""Drafts: sized but not yet costed options, and the pieces common to finished ones.

Each venue works in two steps, so that the performance of every configuration any venue chose is
evaluated in one call between them: ``drafts(study)`` sizes, ``options(study, book, drafts)`` costs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from core.assessment.site import VENUES
from core.catalog.types import CLOUD_VENUES, CloudOffer, Platform, Provenance
from core.economics.line_kinds import PER_TOKEN, PER_UNIT
from core.notation import local, semicolons
from core.performance.types import Floats, Ints
from core.recommendation import (
    Carbon,
    ContractMix,
    Cost,
    Fleet,
    HybridPoint,
    Option,
    Place,
    Serving,
    Venue,
)
from core.records import changed
from core.venues.elastic import Elastic
from core.venues.energy import Draw
from core.venues.pools import Pool, Sizing, utilisation
from core.venues.racking import why_so_many
from core.venues.racks import SWITCHES_PER_RACK, RackPlan, feed_kva
from core.venues.study import NEAR_LINK, Study, joined
from core.venues.supply import supply_of
from core.venues.timing import Lead
from core.venues.wait_plan import waiting_notes
from core.words import N_, _

VENUE_LABEL = dict(VENUES)
MUCH_LESS = 0.5
"""Of the use before: from here down it is told what a later model leaves idle."""
PER_SERVER = PER_UNIT - PER_TOKEN
"""Lines that grow with every further server, however many tokens it serves."""


@dataclass(frozen=True, slots=True)
class OwnedDraft:
    """A platform sized for a venue where servers are owned; per site."""

    platform: Platform
    sizing: Sizing
    sites: int = 1
    cold_spares: Ints | None = None
    """Boxes in store for all sites together, shape (years,); ``None`` where none are kept."""


@dataclass(frozen=True, slots=True)
class RentedDraft:
    """An instance type in one region, sized for its peak hour."""

    offer: CloudOffer
    sizing: Sizing
    place: Place
    region: str = ""
    """That the price holds in, as in titles; "" where it is not known."""
    elsewhere: bool = False
    """Its price is that of another region (``cloud_region.Placed``)."""
    apart: Elastic | None = None
    """The fleet where work that can wait has instances of its own; ``None`` without such work."""

    @property
    def name(self) -> str:
        """Provider, instance and, where known, the region that the price holds in."""
        offer = self.offer
        name = f"{offer.provider} {offer.instance}"
        if not self.region:
            return name
        told = _("price of {region}").format(region=self.region) if self.elsewhere else self.region
        return f"{name} ({told})"


@dataclass
class Drafts:
    """Everything the venues sized, by venue."""

    owned: dict[Venue, list[OwnedDraft]] = field(default_factory=dict)
    rented: dict[Venue, list[RentedDraft]] = field(default_factory=dict)

    def owned_draft(self, option: Option) -> OwnedDraft | None:
        """What an option was made from; ``None`` where it does not own all its servers."""
        sized = self.owned.get(option.venue, [])
        return next((d for d in sized if d.platform.id == option.fleet.platform_id), None)

    def by_offer(self) -> dict[str, RentedDraft]:
        """Every rented draft by the id of its offer."""
        return {d.offer.id: d for venue in CLOUD_VENUES for d in self.rented.get(venue, [])}

    def pools(self) -> Iterable[Pool]:
        """Every replica pool of every draft."""
        for owned in self.owned.values():
            for draft in owned:
                yield from draft.sizing.pools
        for rented in self.rented.values():
            for offer in rented:
                yield from offer.sizing.pools
                if offer.apart is not None:
                    yield from offer.apart.sizing.pools


def of_a_full_server(cost: Cost, venue: Venue, fleet: Fleet) -> Cost:
    """The cost with that of tokens on a server that is always full.

    Units that stand there, used u of the time, serve 1 / u times as many for the same money; what
    is paid by the token, and hours that only run while they are full, cost the same for each.
    ``None`` where the use is not known, or is only that of a hybrid's base.
    """
    used, tokens = fleet.standing_utilisation_by_year, cost.tokens_by_year
    if venue in ("token_api", "hybrid") or not cost.npv_usd or not used:
        return cost
    servers = math.fsum(x.present_value_usd for x in cost.lines if x.key in PER_SERVER)
    grows = math.fsum(x.present_value_usd for x in cost.lines if x.key in PER_TOKEN)
    if servers:
        if min(used) <= 0:
            return cost
        full = math.fsum(t / u for t, u in zip(tokens, used, strict=True))
        grows += servers * math.fsum(tokens) / full
    each = cost.usd_per_mtok.base * grows / cost.npv_usd
    return changed(cost, usd_per_mtok_next_server=each)


def plain_option(
    *,
    option_id: str,
    venue: Venue,
    title: str,
    provider: str,
    region: str,
    servings: tuple[Serving, ...],
    fleet: Fleet,
    cost: Cost | None,
    carbon: Carbon,
    lead: Lead,
    sources: Iterable[Provenance],
    place: Place,
    hybrid_curve: tuple[HybridPoint, ...] = (),
    conditions: tuple[str, ...] = (),
    contract: ContractMix | None = None,
    notes: tuple[str, ...] = (),
    host: str = "",
) -> Option:
    """An option before the decision: gates, scores and rank are still empty."""
    lines = () if cost is None else cost.lines
    return Option(
        id=option_id,
        venue=venue,
        venue_label=_(VENUE_LABEL[venue]),
        title=title,
        provider=provider,
        region=region,
        servings=servings,
        fleet=fleet,
        cost=None if cost is None else of_a_full_server(cost, venue, fleet),
        carbon=carbon,
        gates=(),
        feasible=False,
        conditions=conditions,
        scores=(),
        total_score=None,
        topsis_score=None,
        rank=None,
        bottleneck=None,
        weeks_to_deploy=lead.weeks,
        hybrid_curve=hybrid_curve,
        why="",
        sources=joined([*sources, *(line.provenance for line in lines)]),
        place=place,
        contract=contract,
        notes=(*notes, *waiting_notes(servings)),
        host=host,
        lead_steps=lead.steps,
    )


def replacement_notes(
    study: Study, used: Sequence[float], commitments: Floats | None = None
) -> Iterator[str]:
    """What a smaller model that takes over leaves idle, since an option keeps its hardware.

    ``used`` is the utilisation of each year; ``commitments`` are the instances of each year under
    terms of three years, where they are rented.
    """
    for workload in study.assessment.workloads:
        start = workload.replaced_from_year
        if workload.replaced_by is None or start is None or not 2 <= start <= len(used):
            continue
        before, after = used[start - 2], used[start - 1]
        if after > MUCH_LESS * before:
            continue
        yield _(
            "{workload}: from year {year} on, when {model} takes over, {after} of the capacity is "
            "used, {before} before: the option keeps its servers or instances, and smaller ones "
            "were not tried."
        ).format(
            workload=workload.name,
            year=start,
            model=study.catalog.models[workload.replaced_by].name,
            after=local(f"{100 * after:.0f} %"),
            before=local(f"{100 * before:.0f} %"),
        )
        if commitments is not None and commitments[start - 1] > 0:
            yield _(
                "Commitments of three years run beyond that: ask what ending or changing them in "
                "year {year} costs, or take shorter ones."
            ).format(year=start)


def own_place(study: Study, *, near: bool) -> Place:
    """Where own servers stand: at the site, or in a hall over the users' link."""
    link = study.catalog.links[NEAR_LINK if near else study.assessment.site.wan_link]
    network = _("{title} {ms} ms").format(title=_(link.title), ms=local(f"{link.rtt_ms.base:g}"))
    return Place(_(study.region.name), network, link.rtt_ms.base)


def both_places(own: Place, other: Place) -> Place:
    """Places of an option with two parts; the farther one sets the round trip that is told."""
    if not other.label:
        return own
    known = [p.rtt_ms for p in (own, other) if p.rtt_ms is not None]
    return Place(
        label=semicolons((own.label, other.label)),
        network=semicolons((own.network, other.network)),
        rtt_ms=max(known) if len(known) == 2 else None,
    )


def prefill_share(servings: Iterable[Serving]) -> float | None:
    """Share of accelerator time spent on prompts, weighted by the workloads' busy accelerators."""
    total = weighted = 0.0
    for serving in servings:
        if serving.prefill_share is None or not serving.capacity_req_s:
            continue
        weight = (
            sum(serving.peak_req_s_by_year)
            / serving.capacity_req_s
            * serving.accelerators_per_replica
        )
        total, weighted = total + weight, weighted + weight * serving.prefill_share
    return weighted / total if total > 0 else None


def owned_fleet(
    study: Study,
    draft: OwnedDraft,
    units: Ints,
    venue: Venue,
    plan: RackPlan | None,
    draw: Draw | None,
    pue: float,
) -> Fleet:
    """The hardware record of an owned draft, all sites together; ``venue`` is where it stands."""
    platform, sizing, sites = draft.platform, draft.sizing, draft.sites
    most = int(units.max()) * sites
    used = utilisation(sizing, units).tolist() if sizing.fits else []
    # a plan counts the switches and the racks themselves
    kw = _times(platform.nameplate_kw, most) if plan is None else plan.nameplate_kw
    kg = _times(platform.weight_kg, most) if plan is None else plan.weight_kg
    ports = 1.0 if venue == "edge" else study.assume.base("network_ports_per_server")
    switched = plan is not None and platform.kind != "rack"
    stored = () if draft.cold_spares is None else tuple(draft.cold_spares.tolist())
    return Fleet(
        unit=N_("racks") if platform.kind == "rack" else N_("servers"),
        platform_id=platform.id,
        platform_name=platform.title,
        units_by_year=tuple((units * sites).tolist()),
        spares=int(sizing.spares.max()) * sites,
        accelerators=most * platform.accelerator_count,
        sites=sites,
        nameplate_kw=kw,
        average_kw=None if draw is None else draw.average_kw * sites,
        peak_kw=None if draw is None else draw.peak_kw * sites,
        facility_kw=_times(kw, pue),
        heat_kw=kw,
        racks=() if plan is None else plan.racks,
        rack_count=0 if plan is None else plan.count,
        racks_not_listed=0 if plan is None else plan.count - len(plan.racks),
        kw_per_rack=None if plan is None else plan.kw_per_rack,
        weight_kg=kg,
        height_u=_times(platform.height_u, most) if plan is None else plan.height_u,
        feed_kva=feed_kva(kw),
        utilisation=used[0] if used else None,
        utilisation_by_year=tuple(used),
        standing_utilisation_by_year=tuple(used),
        network_ports=round(most * ports),
        availability=sizing.availability if sizing.fits else None,
        spares_by_year=tuple(((units - sizing.needed) * sites).tolist()),
        rack_reason="" if plan is None else why_so_many(study, plan, venue),
        cooling=platform.cooling,
        supply=supply_of(study, boxes=venue == "edge"),
        switches=plan.count * SWITCHES_PER_RACK if plan is not None and switched else 0,
        cold_spares=max(stored, default=0),
        cold_spares_by_year=stored,
    )


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor
