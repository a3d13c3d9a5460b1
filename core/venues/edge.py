"""Edge: a small server at each site, sized for that site's own peak; no wide-area round trip.

All sites are alike, so one is solved and multiplied.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.catalog.types import Platform, Provenance, Range
from core.economics.carbon import grid_source
from core.economics.cash_flow import total_cost
from core.economics.ledger import Ledger
from core.hours import HOURS_PER_YEAR
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
)
from core.venues.emissions import carbon_of, unknown_carbon
from core.venues.energy import Energy, fleet_draw
from core.venues.line_words import with_trend
from core.venues.owned import Terms, owned_ledger, staff_fte
from core.venues.pools import Sizing, size_units
from core.venues.service import ServiceBook
from core.venues.serving_detail import serving_of
from core.venues.sizing import span
from core.venues.spares import stock_for
from core.venues.study import INPUT, Study
from core.venues.timing import edge_delivery, pace_of
from core.words import _, ngettext

MOST_ACCELERATORS = 4
"""Larger servers are not offered for a site without a server room."""


def drafts(study: Study, platforms: Sequence[Platform]) -> list[OwnedDraft]:
    """Small servers and edge boxes, sized for one site."""
    sites = study.assessment.site.edge_sites
    demands = [demand.per_site(sites) for demand in study.demands]
    found = []
    for platform in platforms:
        if platform.kind != "edge" and (
            platform.kind == "rack" or platform.accelerator_count > MOST_ACCELERATORS
        ):
            continue
        sizing = size_units(
            study,
            platform.accelerator_id,
            platform.accelerator_count,
            study.near_rtt_ms,
            demands,
            failures_key="gpu_failure_rate_year",
            repair_hours=24.0 * study.assume.base("repair_days"),
        )
        if sizing is not None:
            found.append(stocked(study, platform, sizing, sites))
    return found


def stocked(study: Study, platform: Platform, sizing: Sizing, sites: int) -> OwnedDraft:
    """A platform sized for one site, with the boxes that all ``sites`` keep in store."""
    stored = cold_spares(study, platform, sizing.units * sites)
    return OwnedDraft(platform, sizing, sites, stored)


def options(study: Study, book: ServiceBook, found: Drafts) -> list[Option]:
    """The bill of each draft."""
    return [option(study, book, draft) for draft in found.owned["edge"]]


def option(study: Study, book: ServiceBook, draft: OwnedDraft) -> Option:
    """One platform at every site, costed."""
    platform, sizing, sites = draft.platform, draft.sizing, draft.sites
    units, region = sizing.units, study.region
    boxes = all_boxes(draft)
    pue, _source = place_pue(study)
    servings = tuple(serving_of(book, pool, "edge", sites=sites) for pool in sizing.pools)
    where = "" if sites == 1 else _(" at each of {sites} sites").format(sites=local(f"{sites:,}"))
    name = f"{span(units)} x {platform.title}{where}" if sizing.fits else platform.title
    draw = fleet_draw(book, sizing, units, platform.accelerator_id) if sizing.fits else None
    cost = None
    if draw is not None and platform.price_usd is not None:
        cost = total_cost(
            bill(study, draft, platform.price_usd, draw.energy.times(sites)),
            study.input_tokens,
            study.output_tokens,
            prefill_share(servings),
        )
    carbon = unknown_carbon()
    if draw is not None:
        carbon = carbon_of(
            study,
            draw.kwh_by_year * sites,
            pue,
            region.carbon_kg_kwh,
            grid_source(region),
            boxes * platform.accelerator_count,
            boxes,
            platform=platform,
        )
    lead = edge_delivery(study, platform, sites)
    return plain_option(
        option_id=f"edge/{platform.id}",
        venue="edge",
        title=_("Edge: {name}").format(name=name),
        provider=platform.vendor,
        region=region.id,
        place=own_place(study, near=True),
        servings=servings,
        fleet=owned_fleet(study, draft, units, "edge", None, draw, pue),
        cost=cost,
        carbon=carbon,
        lead=lead,
        notes=lead.notes,
        sources=(platform.provenance, platform.phys_provenance),
    )


def cold_spares(study: Study, platform: Platform, units: Ints) -> Ints:
    """Boxes kept in store for ``units`` in service over all sites, shape (years,).

    Enough that a failed box finds one with the probability of the availability asked for while
    others are away for repair; so the sites wait for a visit, never for the vendor. Servers made
    for racks are repaired in place by their support, within the days of the planning value.
    """
    if platform.kind != "edge":
        return np.zeros_like(units)
    rate = platform.accelerator_count * study.assume.base("gpu_failure_rate_year")
    away_years = study.assume.base("spare_box_days") * 24.0 / HOURS_PER_YEAR
    asked = study.assessment.site.availability
    return np.array([stock_for(float(n) * rate * away_years, asked) for n in units], dtype=np.int64)


def place_pue(study: Study) -> tuple[float, Provenance]:
    """PUE of a box where people work: the user's, else a planning value; no server room's."""
    given = study.assessment.site.edge_pue
    if given is not None:
        return given, INPUT
    value = study.assume["edge_pue"]
    return value.base, value.provenance


def per_engineer(study: Study) -> float:
    """Edge servers that one engineer looks after: the user's number, else a planning value."""
    given = study.assessment.economics.edge_servers_per_engineer
    return pace_of(given, study.assume["edge_servers_per_engineer"]).base


def all_boxes(draft: OwnedDraft) -> Ints:
    """Boxes of all sites, in service and in store, shape (years,)."""
    units = draft.sizing.units * draft.sites
    return units if draft.cold_spares is None else units + draft.cold_spares


def bill(study: Study, draft: OwnedDraft, price: Range, energy: Energy) -> Ledger:
    """Cost lines of a draft at all its sites, whose ``energy`` is that of all.

    The sites' own local networks and data lines are used, unless a line of their own is entered;
    installation is paid per site instead of by price.
    """
    assume, sites = study.assume, draft.sites
    units = draft.sizing.units * sites
    pue, pue_from = place_pue(study)
    fte, words = staff_fte(study, units, per_engineer(study))
    none = Range(0.0, 0.0, 0.0, "share", assume["edge_installation_usd_site"].provenance)
    ledger = owned_ledger(
        study,
        draft.platform,
        price,
        units,
        energy,
        Terms(
            pue=pue,
            pue_provenance=pue_from,
            network_share=none,
            installation_share=none,
            staff_fte=fte,
            staff_formula=words,
            cold_spares=draft.cold_spares,
        ),
    )
    _lines(ledger, study, sites)
    install = assume["edge_installation_usd_site"]
    bought = np.zeros(study.years + 1)
    life = study.assessment.economics.hardware_life_years
    bought[0 : study.years : life] = sites
    ledger.add(
        "installation",
        _("Installation at the sites"),
        "capex",
        bought * install.base,
        lambda: ngettext("{sites} site x {price} USD", "{sites} sites x {price} USD", sites).format(
            sites=local(f"{sites:,}"), price=local(f"{install.base:,.0f}")
        ),
        install.provenance,
        (install.low / install.base, install.high / install.base),
        assumption=True,
        life_years=float(life),
    )
    visit, often = assume["field_visit_usd"], assume["field_visits_per_site_year"]
    ledger.add(
        "field_service",
        _("Field service"),
        "opex",
        sites * often.base * visit.base * study.money.labour,
        lambda: with_trend(
            ngettext(
                "{sites} site x {base} visits x {base2} USD",
                "{sites} sites x {base} visits x {base2} USD",
                sites,
            ).format(
                sites=local(f"{sites:,}"),
                base=local(f"{often.base:g}"),
                base2=local(f"{visit.base:,.0f}"),
            ),
            study.assessment.economics.labour_trend,
        ),
        visit.provenance,
        (often.low / often.base, often.high / often.base),
        assumption=True,
    )
    return ledger


def _lines(ledger: Ledger, study: Study, sites: int) -> None:
    """A data line of its own for each site, where one is entered."""
    per_month = study.assessment.site.edge_line_month
    if not per_month:
        return
    usd = per_month / study.catalog.per_usd(study.assessment.economics.currency)
    ledger.add(
        "site_lines",
        _("Data lines of the sites"),
        "opex",
        12.0 * sites * usd * study.money.labour,
        lambda: with_trend(
            _("{sites} sites x 12 x {usd} USD").format(
                sites=local(f"{sites:,}"), usd=local(f"{usd:,.2f}")
            ),
            study.assessment.economics.labour_trend,
        ),
        INPUT,
    )
