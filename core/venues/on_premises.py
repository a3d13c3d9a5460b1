"""On-premises: own servers in the own room. The site's own limits apply."""

from __future__ import annotations

from collections.abc import Sequence

from core.catalog.types import Platform, Provenance
from core.economics.carbon import grid_source
from core.economics.cash_flow import total_cost
from core.economics.ledger import Ledger
from core.economics.purchases import more_each_year
from core.notation import local
from core.performance.types import Ints
from core.recommendation import Option
from core.venues.drafts import (
    Drafts,
    OwnedDraft,
    own_place,
    owned_fleet,
    plain_option,
    prefill_share,
    replacement_notes,
)
from core.venues.emissions import carbon_of, unknown_carbon
from core.venues.energy import Energy, fleet_draw
from core.venues.owned import Terms, owned_ledger, staff_fte
from core.venues.pools import size_units
from core.venues.racking import (
    extra_kw,
    fewest_racks,
    rack_plan,
    racked,
    with_switches,
)
from core.venues.racks import beyond_free
from core.venues.service import ServiceBook
from core.venues.serving_detail import serving_of
from core.venues.sizing import span
from core.venues.study import INPUT, Study, is_guess, range_factors
from core.venues.timing import Lead, delivery
from core.words import _


def drafts(study: Study, platforms: Sequence[Platform]) -> list[OwnedDraft]:
    """Every server and rack, sized in the own room."""
    found = []
    for platform in platforms:
        sizing = size_units(
            study,
            platform.accelerator_id,
            platform.accelerator_count,
            study.near_rtt_ms,
            study.demands,
            failures_key="gpu_failure_rate_year",
            repair_hours=24.0 * study.assume.base("repair_days"),
        )
        if sizing is not None:
            found.append(OwnedDraft(platform, sizing))
    return found


def options(study: Study, book: ServiceBook, found: Drafts) -> list[Option]:
    """The bill of each draft."""
    return [option(study, book, draft) for draft in found.owned["on_premises"]]


def option(study: Study, book: ServiceBook, draft: OwnedDraft) -> Option:
    """One platform in the own room, costed."""
    platform, sizing = draft.platform, draft.sizing
    units = sizing.units
    pue, _source = room_pue(study)
    servings = tuple(serving_of(book, pool, "on_premises") for pool in sizing.pools)
    name = f"{span(units)} x {platform.title}" if sizing.fits else platform.title
    draw, plan = None, None
    if sizing.fits:
        draw = fleet_draw(book, sizing, units, platform.accelerator_id)
        draw = with_switches(draw, study, platform, units, "on_premises")
        plan = rack_plan(study, platform, int(units.max()), "on_premises")
    cost = None
    if sizing.fits and draw is not None and platform.price_usd is not None:
        ledger = bill(study, platform, units, draw.energy)
        cost = total_cost(ledger, study.input_tokens, study.output_tokens, prefill_share(servings))
    region = study.region
    carbon = unknown_carbon()
    if draw is not None:
        carbon = carbon_of(
            study,
            draw.kwh_by_year,
            pue,
            region.carbon_kg_kwh,
            grid_source(region),
            units * platform.accelerator_count,
            units,
            water=room_water(study),
            platform=platform,
        )
    lead = lead_of(study, platform, units)
    fleet = owned_fleet(study, draft, units, "on_premises", plan, draw, pue)
    return plain_option(
        option_id=f"on_premises/{platform.id}",
        venue="on_premises",
        title=_("On-premises: {name}").format(name=name),
        provider=platform.vendor,
        region=region.id,
        place=own_place(study, near=True),
        servings=servings,
        fleet=fleet,
        cost=cost,
        carbon=carbon,
        lead=lead,
        notes=(*lead.notes, *replacement_notes(study, fleet.utilisation_by_year)),
        sources=(platform.provenance, platform.phys_provenance),
    )


def lead_of(study: Study, platform: Platform, units: Ints) -> Lead:
    """Weeks until so many servers, shape (years,), serve in the own room."""
    kw = float(extra_kw(study, platform, units).max())
    return delivery(study, platform, "on_premises", servers=units.tolist(), kw=kw)


def room_pue(study: Study) -> tuple[float, Provenance]:
    """PUE of the own room: the user's, else typical of the region."""
    given = study.assessment.site.pue
    if given is not None:
        return given, INPUT
    if study.region.pue_enterprise is not None:
        return study.region.pue_enterprise, study.region.provenance
    value = study.assume["on_premises_pue"]
    return value.base, value.provenance


def room_water(study: Study) -> tuple[float | None, str]:
    """Litres per kWh of IT energy in the own room, as the user states it, and its source."""
    given = study.assessment.site.wue_l_kwh
    return given, "" if given is None else _("{given} L per kWh of IT energy: your input").format(
        given=local(f"{given:g}")
    )


def bill(study: Study, platform: Platform, units: Ints, energy: Energy) -> Ledger:
    """Cost lines of ``units`` of a platform (never falling, shape (years,)) in the own room."""
    if platform.price_usd is None:
        raise ValueError(f"{platform.id} has no price")
    site = study.assessment.site
    pue, pue_from = room_pue(study)
    racks = fewest_racks(study, platform, units)
    to_buy = beyond_free(racks, site.racks, sold_whole=platform.kind == "rack")
    fte, words = staff_fte(study, units, study.assessment.economics.servers_per_engineer)
    ledger = owned_ledger(
        study,
        platform,
        platform.price_usd,
        units,
        energy,
        Terms(
            pue=pue,
            pue_provenance=pue_from,
            network_share=study.assume["network_share_of_hardware"],
            installation_share=study.assume["installation_share"],
            staff_fte=fte,
            staff_formula=words,
            racks_to_buy=more_each_year(to_buy, study.money),
        ),
    )
    _room_works(ledger, study, platform, units)
    return ledger


def _room_works(ledger: Ledger, study: Study, platform: Platform, units: Ints) -> None:
    """Power beyond what is spare, and liquid cooling where the room has none."""
    site = study.assessment.site
    if platform.nameplate_kw is None:
        return
    kw = racked(study, platform, units, "on_premises").kw
    if site.total_power_kw is not None:
        extra, works = extra_kw(study, platform, units), study.assume["power_cooling_usd_kw"]
        ledger.add(
            "power_works",
            _("Power and cooling works"),
            "capex",
            more_each_year(extra, study.money) * works.base,
            lambda: _("{extra} kW beyond the {total_power_kw} kW spare x {base} USD/kW").format(
                extra=local(f"{float(extra[-1]):,.1f}"),
                total_power_kw=local(f"{site.total_power_kw:g}"),
                base=local(f"{works.base:,.0f}"),
            ),
            works.provenance,
            range_factors(works),
            assumption=is_guess(works.provenance),
            life_years=study.assume.base("works_life_years"),
        )
    if platform.cooling == "liquid" and site.cooling != "liquid":
        value = study.assume["liquid_retrofit_usd_kw"]
        ledger.add(
            "cooling_works",
            _("Liquid-cooling retrofit"),
            "capex",
            more_each_year(kw, study.money) * value.base,
            lambda: _("{kw} kW x {base} USD/kW").format(
                kw=local(f"{float(kw[-1]):,.1f}"), base=local(f"{value.base:,.0f}")
            ),
            value.provenance,
            range_factors(value),
            assumption=is_guess(value.provenance),
            life_years=study.assume.base("works_life_years"),
        )
