"""Rented instances: autoscaled by the hour, paid by the cheapest mix of commitments.

From the instance types worth comparing to the costed option; in the order of use: ``fleets`` (what
runs in each hour), ``service_cost`` (what serving costs beside the instances), ``carbon``,
``notes`` (what is told of them, and what is to be confirmed).
"""

from __future__ import annotations

from collections.abc import Iterable

from core.catalog.types import CloudOffer
from core.economics.cash_flow import total_cost
from core.economics.ledger import Ledger
from core.notation import after_label, local
from core.performance.types import Floats
from core.recommendation import Carbon, ContractMix, Fleet, Option, Serving
from core.venues import contracting
from core.venues.cloud_region import place_of, preferred, region_name
from core.venues.drafts import RentedDraft, plain_option, prefill_share, replacement_notes
from core.venues.elastic import Elastic
from core.venues.energy import Draw
from core.venues.pools import Sizing, size_units
from core.venues.rented.carbon import carbon_of_instances
from core.venues.rented.fleets import draw_of, own_instances, used_by_year, ways_to_run
from core.venues.rented.notes import (
    by_contract,
    cost_notes,
    count_note,
    place_condition,
    quota_condition,
)
from core.venues.rented.service_cost import add_service
from core.venues.service import ServiceBook
from core.venues.serving_detail import serving_of
from core.venues.study import Study
from core.venues.timing import rented_lead
from core.words import N_, _


def drafts(study: Study, offers: Iterable[CloudOffer]) -> list[RentedDraft]:
    """Every instance type in the regions worth comparing, sized for its peak."""
    found = []
    for placed in preferred(study.assessment, study.catalog, offers):
        offer = placed.offer
        sizing = size_units(
            study,
            offer.accelerator_id,
            offer.accelerator_count,
            placed.way.rtt_ms,
            study.demands,
            failures_key="cloud_interruption_rate_year",
            repair_hours=study.assume.base("cloud_replace_hours"),
            elastic=study.policy.optimised and study.policy.follow_hours,
        )
        if sizing is not None:
            place = place_of(study.assessment, study.catalog, placed)
            region = region_name(study.catalog, offer)
            own = own_instances(study, offer, sizing)
            found.append(RentedDraft(offer, sizing, place, region, placed.elsewhere, own))
    return found


def option(study: Study, book: ServiceBook, draft: RentedDraft) -> Option:
    """One instance type, costed."""
    offer, sizing = draft.offer, draft.sizing
    name = draft.name
    cost, draw, carbon, mean_instances, mix, fleet = None, None, None, None, None, None
    three_years: Floats | None = None
    conditions: tuple[str, ...] = ()
    ledger = Ledger(study.money)
    if sizing.fits:
        bought = contracting.add_instances(ledger, study, offer, ways_to_run(study, book, draft))
        fleet, sizing, mix = bought.fleet, bought.fleet.sizing, bought.mix
        three_years = bought.contract.committed_3y
    servings = servings_of_fleet(book, sizing, fleet, offer.venue)
    peak = int(sizing.units.max()) if sizing.fits else 0
    most = _("up to {peak} x ") if peak > 1 else "1 x "  # one is no range
    count = most.format(peak=local(f"{peak:,}")) if sizing.fits else ""
    if fleet is not None:
        draw = draw_of(book, fleet, offer.accelerator_id)
        conditions = (quota_condition(offer, fleet.present), *place_condition(offer))
        mean_instances = fleet.mean_instances
        add_service(ledger, study, study.output_tokens, offer, mean_instances)
        cost = total_cost(ledger, study.input_tokens, study.output_tokens, prefill_share(servings))
        if draw is not None:
            carbon = carbon_of_instances(study, draft, draw, mean_instances)
    counts = [0] if fleet is None else fleet.present.max(axis=1) * offer.accelerator_count
    lead = rented_lead(study, [int(count) for count in counts])
    record = _fleet(draft, sizing, draw, fleet, mix)
    after = replacement_notes(study, record.utilisation_by_year, three_years)
    kind = _("Public cloud") if offer.venue == "public_cloud" else _("GPU cloud")
    return plain_option(
        option_id=f"{offer.venue}/{offer.id}",
        venue=offer.venue,
        title=after_label(kind, f"{count}{name}{by_contract(mix)}"),
        provider=offer.provider,
        region=offer.country_iso3,
        place=draft.place,
        servings=servings,
        fleet=record,
        cost=cost,
        carbon=carbon or Carbon(None, None, None, None, None, _("Its power is not known")),
        lead=lead,
        sources=(offer.provenance,),
        conditions=conditions,
        contract=mix,
        notes=()
        if cost is None or mix is None or fleet is None
        else (*cost_notes(study, cost, mix), *count_note(sizing, fleet), *lead.notes, *after),
    )


def servings_of_fleet(
    book: ServiceBook, sizing: Sizing, fleet: Elastic | None, venue: str
) -> tuple[Serving, ...]:
    """How each pool serves; work that can wait apart, where it has instances of its own."""
    queued = None if fleet is None else fleet.queued
    if queued is None:
        return tuple(serving_of(book, pool, venue) for pool in sizing.pools)
    return tuple(
        serving_of(book, pool, venue, served=served, repeated=queued.repeated)
        for pool, served in zip(sizing.pools, queued.served, strict=True)
    )


def _fleet(
    draft: RentedDraft,
    sizing: Sizing,
    draw: Draw | None,
    fleet: Elastic | None,
    mix: ContractMix | None,
) -> Fleet:
    offer = draft.offer
    used, standing = ([], []) if fleet is None else [u.tolist() for u in used_by_year(fleet)]
    units = tuple((sizing.needed + sizing.spares).tolist()) if sizing.fits else ()
    most = max(units, default=0)
    return Fleet(
        unit=N_("instances"),
        platform_id=offer.id,
        platform_name=f"{offer.provider} {offer.instance}",
        units_by_year=units,
        spares=int(sizing.spares.max()),
        accelerators=most * sizing.per_unit,
        sites=1,
        nameplate_kw=None,
        average_kw=None if draw is None else draw.average_kw,
        peak_kw=None if draw is None else draw.peak_kw,
        facility_kw=None,
        heat_kw=None,
        racks=(),
        rack_count=0,
        kw_per_rack=None,
        weight_kg=None,
        height_u=None,
        feed_kva=None,
        utilisation=used[0] if used else None,
        utilisation_by_year=tuple(used),
        standing_utilisation_by_year=tuple(standing),
        network_ports=0,
        # nobody promises spot instances
        availability=None if not sizing.fits or (mix and mix.is_all_spot) else sizing.availability,
        spares_by_year=tuple(sizing.spares.tolist()) if sizing.fits else (),
    )
