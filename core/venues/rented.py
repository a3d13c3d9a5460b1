"""Rented instances: autoscaled by the hour, paid by the cheapest mix of commitments."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

import numpy as np

from core.catalog.types import CloudOffer, Range
from core.economics.carbon import grid_source
from core.economics.cash_flow import Ledger, total_cost
from core.notation import after_label, as_priced, local
from core.performance.types import Floats, Ints
from core.recommendation import Carbon, ContractMix, Cost, Fleet, Option
from core.venues import contracting
from core.venues.cloud_region import place_of, preferred, region_name, region_of
from core.venues.drafts import (
    RentedDraft,
    carbon_of,
    plain_option,
    prefill_share,
    replacement_notes,
)
from core.venues.energy import Draw, fleet_draw, with_full_hours
from core.venues.pools import Sizing, replicas_by_hour, size_units, utilisation
from core.venues.queued import apart
from core.venues.service import Elastic, ServiceBook
from core.venues.serving_detail import serving_of
from core.venues.sizing import filled, servers_for
from core.venues.study import INPUT, Study, is_guess, range_factors
from core.venues.timing import pace_of, rented_lead
from core.words import N_, _, ngettext

MUCH_STAFF = 0.5
"""Share of the cost from which it is told that most of it is people."""


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
            own = _apart(study, offer, sizing)
            found.append(RentedDraft(offer, sizing, place, region, placed.elsewhere, own))
    return found


def _apart(study: Study, offer: CloudOffer, sizing: Sizing) -> Elastic | None:
    """The fleet with instances of their own for work that can wait: spot where it is offered."""
    if not (study.policy.optimised and study.policy.follow_hours):
        return None
    repeated = 0.0 if offer.spot_usd_h is None else study.assume.base("spot_overhead")
    return apart(study, sizing, repeated)


def fleets(study: Study, book: ServiceBook, draft: RentedDraft) -> tuple[Elastic, ...]:
    """The ways to run a draft through the week, the cheapest of which counts."""
    one = fleet_by_hour(study, book, draft.sizing)
    return (one,) if draft.apart is None else (one, draft.apart)


def without_spot(study: Study, draft: RentedDraft) -> RentedDraft:
    """The same instances at list prices: nothing is interrupted, so nothing is repeated."""
    listed = dataclasses.replace(draft.offer, spot_usd_h=None)
    return dataclasses.replace(
        draft, offer=listed, apart=_apart(study, listed, draft.sizing) if draft.apart else None
    )


def fleet_by_hour(study: Study, book: ServiceBook, sizing: Sizing) -> Elastic:
    """The autoscaled fleet of a sizing; providers that rent out the same instances share it."""
    key = _key(sizing)
    if key not in book.elastic:
        book.elastic[key] = _elastic(study, sizing)
    return book.elastic[key]


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


def option(study: Study, book: ServiceBook, draft: RentedDraft) -> Option:
    """One instance type, costed."""
    offer, sizing = draft.offer, draft.sizing
    name = draft.name
    cost, draw, carbon, mean_instances, mix, fleet = None, None, None, None, None, None
    three_years: Floats | None = None
    conditions: tuple[str, ...] = ()
    ledger = Ledger(study.money)
    if sizing.fits:
        bought = contracting.add_instances(ledger, study, offer, fleets(study, book, draft))
        fleet, sizing, mix = bought.fleet, bought.fleet.sizing, bought.mix
        three_years = bought.contract.committed_3y
    servings = tuple(
        serving_of(book, pool, offer.venue, served=served, repeated=repeated)
        for pool, (served, repeated) in zip(sizing.pools, _queued_of(sizing, fleet), strict=True)
    )
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
    first = 0 if fleet is None else int(fleet.present[0].max())
    lead = rented_lead(study, first * offer.accelerator_count)
    record = _fleet(draft, sizing, draw, fleet, mix)
    after = replacement_notes(study, record.utilisation_by_year, three_years)
    kind = _("Public cloud") if offer.venue == "public_cloud" else _("GPU cloud")
    return plain_option(
        option_id=f"{offer.venue}/{offer.id}",
        venue=offer.venue,
        title=after_label(kind, f"{count}{name}{_by_contract(mix)}"),
        provider=offer.provider,
        region=offer.country_iso3,
        place=draft.place,
        servings=servings,
        fleet=record,
        cost=cost,
        carbon=carbon or Carbon(None, None, None, None, None, _("Its power is not known")),
        weeks=lead.weeks,
        sources=(offer.provenance,),
        conditions=conditions,
        contract=mix,
        notes=()
        if cost is None or mix is None or fleet is None
        else (*_notes(study, cost, mix), *_count_note(sizing, fleet), *lead.notes, *after),
    )


def _queued_of(sizing: Sizing, fleet: Elastic | None) -> list[tuple[Floats | None, float | None]]:
    """Of each pool: work that can wait by hour and the share of it that is done again.

    Nothing where it has no instances of its own.
    """
    queued = None if fleet is None else fleet.queued
    if queued is None:
        return [(None, None)] * len(sizing.pools)
    return [(served, queued.repeated) for served in queued.served]


def _by_contract(mix: ContractMix | None) -> str:
    """Spot in a title: whoever reads it must know that the instances can be taken back."""
    if mix is None or mix.spot < contracting.LEAST_TOLD:
        return ""
    return _(", spot") if mix.is_all_spot else _(", partly spot")


def _count_note(sizing: Sizing, fleet: Elastic) -> Iterator[str]:
    """What the number in a title is: that of one hour, not of all."""
    peak, year = int(sizing.units.max()), int(sizing.units.argmax())
    if peak > 1:
        yield _(
            "Up to {peak} x: as many instances run at once in the busiest hour of year {year}; in "
            "the first year it is {mean} on average."
        ).format(
            peak=local(f"{peak:,}"),
            year=year + 1,
            mean=local(f"{fleet.mean_instances[0]:,.2f}"),
        )


def _notes(study: Study, cost: Cost, mix: ContractMix) -> Iterator[str]:
    yield _("Contracts, by instance-hours: {mix}.").format(mix=mix.words)
    if mix.spot >= contracting.LEAST_TOLD:
        repeated = study.assume["spot_overhead"]
        yield _(
            "Spot instances are taken back at short notice: {base} of their work is counted as "
            "repeated ({low} to {high}), and it waits while none are free. The availability told "
            "is not theirs."
        ).format(
            base=local(f"{100 * repeated.base:.0f} %"),
            low=local(f"{100 * repeated.low:.0f} %"),
            high=local(f"{100 * repeated.high:.0f} %"),
        )
    people = sum(line.present_value_usd for line in cost.lines if line.key == "staff")
    if cost.npv_usd > 0 and people > MUCH_STAFF * cost.npv_usd:
        fte = study.assume["self_hosted_service_fte"]
        yield _(
            "{share} of the cost is people: {base} of a position per workload ({low} to {high}; "
            "{source}), however small the fleet. Where they run other services anyway, less."
        ).format(
            share=local(f"{100 * people / cost.npv_usd:.0f} %"),
            base=local(f"{fte.base:g}"),
            low=local(f"{fte.low:g}"),
            high=local(f"{fte.high:g}"),
            source=fte.provenance.source,
        )


def place_condition(offer: CloudOffer) -> tuple[str, ...]:
    """What to confirm about an offer whose region is not known."""
    if offer.country_iso3:
        return ()
    text = _(
        "Confirm where {provider} runs {instance}: its region is not in the catalog, and the "
        "network to the nearest one is counted."
    )
    return (text.format(provider=offer.provider, instance=offer.instance),)


def quota_condition(offer: CloudOffer, instances: Ints) -> str:
    """The quota to confirm: no provider's are in the catalog. ``instances`` (years, 168)."""
    peak = instances.max(axis=1)
    year = int(peak.argmax())
    most = int(peak[year])
    count = most * offer.accelerator_count
    return _(
        "Confirm that {provider} grants and keeps free {n} x {instance} ({accelerators}) in the "
        "busiest hour of year {year}: its quotas are not in the catalog."
    ).format(
        provider=offer.provider,
        n=f"{most:,}",
        instance=offer.instance,
        accelerators=ngettext("{n} accelerator", "{n} accelerators", count).format(n=f"{count:,}"),
        year=year + 1,
    )


def add_service(
    ledger: Ledger,
    study: Study,
    output_tokens: Floats,
    offer: CloudOffer,
    mean_instances: Floats,
    services: int | None = None,
) -> None:
    """Egress, licences and the people who run a hosted service of one's own.

    ``mean_instances`` is of each year, shape (years,); ``services`` counts the workloads run
    here, by default all.
    """
    money, economics = study.money, study.assessment.economics
    if offer.egress_usd_gb:
        size = study.assume["bytes_per_output_token"]
        gb = output_tokens * size.base / 1e9
        ledger.add(
            "egress",
            _("Egress"),
            "metered",
            gb * offer.egress_usd_gb,
            _("{gb} GB x {egress_usd_gb} USD").format(
                gb=local(f"{gb[0]:,.0f}"), egress_usd_gb=as_priced(offer.egress_usd_gb)
            ),
            offer.provenance,
            range_factors(size),
            assumption=True,
        )
    fte, staff = study.assume["self_hosted_service_fte"], study.staff_usd_year
    services = len(study.assessment.workloads) if services is None else services
    each = per_engineer(study)
    people = np.maximum(fte.base * services, mean_instances / each.base)
    least = np.maximum(fte.low * services, mean_instances / each.high)
    most = np.maximum(fte.high * services, mean_instances / each.low)
    low, high = float(least.sum() / people.sum()), float(most.sum() / people.sum())
    ledger.add(
        "staff",
        _("Staff share"),
        "opex",
        people * staff.base * money.labour,
        _(
            "{fte} FTE (at least {base} per workload x {services}; {each} instances each) x "
            "{base2} USD, {labour_trend} a year"
        ).format(
            fte=local(f"{float(people[0]):.2f}"),
            base=local(f"{fte.base:g}"),
            services=services,
            each=local(f"{each.base:g}"),
            base2=local(f"{staff.base:,.0f}"),
            labour_trend=local(f"{economics.labour_trend:+.1%}"),
        ),
        staff.provenance,
        (low * range_factors(staff)[0], high * range_factors(staff)[1]),
        assumption=is_guess(staff.provenance),
    )
    per_gpu = economics.software_licence_usd_gpu_year
    if per_gpu:
        count = float(offer.accelerator_count)
        ledger.add(
            "licences",
            _("Software licences"),
            "opex",
            mean_instances * (per_gpu * count),
            _(
                "{mean_instances} instances on average x {count} accelerators x {per_gpu} "
                "USD a year"
            ).format(
                mean_instances=local(f"{mean_instances[0]:,.2f}"),
                count=local(f"{count:g}"),
                per_gpu=local(f"{per_gpu:,.0f}"),
            ),
            INPUT,
        )


def per_engineer(study: Study) -> Range:
    """Rented instances that one engineer looks after: the user's number, else a planning value.

    Few take the least share of a position per workload; from about a hundred on the number of
    instances counts.
    """
    given = study.assessment.economics.rented_instances_per_engineer
    return pace_of(given, study.assume["rented_instances_per_engineer"])


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


def carbon_of_instances(
    study: Study, draft: RentedDraft, draw: Draw, mean_instances: Floats
) -> Carbon:
    """Energy and emissions of rented instances, on the grid of their region."""
    offer = draft.offer
    region = study.region if draft.elsewhere else region_of(study.catalog, offer.country_iso3)
    pue = study.assume.base("public_cloud_pue")
    intensity = None if region is None else region.carbon_kg_kwh
    source = (
        _("The grid of the cloud region is not known")
        if region is None
        else _("{grid}; PUE {pue}; predicted power of the instances").format(
            grid=grid_source(region), pue=local(f"{pue:.2f}")
        )
    )
    accelerators = mean_instances * offer.accelerator_count
    return carbon_of(
        study,
        draw.kwh_by_year,
        pue,
        intensity,
        source,
        accelerators,  # type: ignore[arg-type]  # averages, not counts
        mean_instances,  # type: ignore[arg-type]  # averages, not counts
        water=_water(study, offer),
    )


def _water(study: Study, offer: CloudOffer) -> tuple[float | None, str]:
    """What the large clouds publish; the specialised ones publish none."""
    if offer.venue != "public_cloud":
        return None, ""
    published = study.assume["public_cloud_wue_l_kwh"]
    return published.base, (
        _("{base} L per kWh ({low} to {high}): {source}").format(
            base=local(f"{published.base:g}"),
            low=local(f"{published.low:g}"),
            high=local(f"{published.high:g}"),
            source=published.provenance.source,
        )
    )
