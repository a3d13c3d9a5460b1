"""Colocation: own servers in leased space, contracted by the kW, energy metered on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.catalog.types import Platform, Provenance, Range
from core.economics.carbon import grid_source
from core.economics.cash_flow import total_cost
from core.economics.ledger import Ledger
from core.notation import local
from core.performance.types import Floats, Ints
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
from core.venues.line_words import told_by_year, with_trend
from core.venues.owned import Terms, owned_ledger, staff_fte
from core.venues.pools import size_units
from core.venues.racking import (
    limits_of,
    rack_plan,
    racked,
    with_switches,
)
from core.venues.racks import fit_for
from core.venues.service import ServiceBook
from core.venues.serving_detail import serving_of
from core.venues.sizing import span
from core.venues.study import Study, is_guess, range_factors
from core.venues.timing import Lead, delivery
from core.words import Told, _, ngettext

WHOLESALE_KW = 250.0
"""Published averages hold from here on; a smaller contract pays a retail rate, or for so much."""
HIGH_DENSITY_KW = 50.0
"""Per rack; denser racks pay a premium."""


def drafts(study: Study, platforms: Sequence[Platform]) -> list[OwnedDraft]:
    """Every server and rack, sized behind the wide-area link."""
    found = []
    for platform in platforms:
        sizing = size_units(
            study,
            platform.accelerator_id,
            platform.accelerator_count,
            study.far_rtt_ms,
            study.demands,
            failures_key="gpu_failure_rate_year",
            repair_hours=24.0 * study.assume.base("repair_days"),
        )
        if sizing is not None:
            found.append(OwnedDraft(platform, sizing))
    return found


def options(study: Study, book: ServiceBook, found: Drafts) -> list[Option]:
    """The bill of each draft."""
    return [option(study, book, draft) for draft in found.owned["colocation"]]


def option(study: Study, book: ServiceBook, draft: OwnedDraft) -> Option:
    """One platform in a colocation hall, costed."""
    platform, sizing = draft.platform, draft.sizing
    units, region = sizing.units, study.region
    pue = study.assume.base("colocation_pue")
    servings = tuple(serving_of(book, pool, "colocation") for pool in sizing.pools)
    name = f"{span(units)} x {platform.title}" if sizing.fits else platform.title
    draw, plan = None, None
    if sizing.fits:
        draw = fleet_draw(book, sizing, units, platform.accelerator_id)
        draw = with_switches(draw, study, platform, units, "colocation")
        plan = rack_plan(study, platform, int(units.max()), "colocation")
    cost = None
    priced = platform.price_usd is not None and platform.nameplate_kw is not None
    if sizing.fits and draw is not None and priced:
        cost = total_cost(
            bill(study, platform, units, draw.energy),
            study.input_tokens,
            study.output_tokens,
            prefill_share(servings),
        )
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
            platform=platform,
        )
    lead = lead_of(study, platform, units)
    fleet = owned_fleet(study, draft, units, "colocation", plan, draw, pue)
    return plain_option(
        option_id=f"colocation/{platform.id}",
        venue="colocation",
        title=_("Colocation: {name}").format(name=name),
        provider=platform.vendor,
        region=region.id,
        place=own_place(study, near=False),
        servings=servings,
        fleet=fleet,
        cost=cost,
        carbon=carbon,
        lead=lead,
        notes=(*lead.notes, *replacement_notes(study, fleet.utilisation_by_year)),
        sources=(platform.provenance, platform.phys_provenance),
    )


def lead_of(study: Study, platform: Platform, units: Ints) -> Lead:
    """Weeks until so many servers, shape (years,), serve in a hall."""
    kw = 0.0
    if platform.nameplate_kw is not None:
        kw = float(racked(study, platform, units[:1], "colocation").kw[0])
    return delivery(study, platform, "colocation", servers=units.tolist(), kw=kw)


@dataclass(frozen=True)
class Rent:
    """Space and power in a hall, for one month of each year at today's prices; (years,)."""

    usd: Floats
    words: Told
    """How the first year's follows."""
    provenance: Provenance
    factors: tuple[float, float]
    """Low and high over the base."""


def rent_of(study: Study, kw: Floats, kw_per_rack: float) -> Rent:
    """What a hall charges for so many contracted kW in each year, shape (years,).

    A small contract pays the retail rate per kW, or the wholesale rate for the least that is let
    at it, where that is less: more power never costs less.
    """
    rate, retail = _wholesale(study), study.assume["colocation_retail_factor"]
    dense = study.assume["colocation_high_density_premium"]
    low, base, high = rate.low, rate.base, rate.high
    if kw_per_rack > HIGH_DENSITY_KW:
        low, base, high = low * (1 + dense.low), base * (1 + dense.base), high * (1 + dense.high)
    least, small = np.maximum(kw, WHOLESALE_KW), kw < WHOLESALE_KW

    def paid(factor: float) -> Floats:
        return np.minimum(factor * kw, least)

    def words() -> str:
        by_kw = bool(retail.base * kw[0] < least[0])
        price = local(f"{rate.base:,.2f}") + " USD"
        if by_kw:
            price += _(" x {base} (retail, below {least} kW)").format(
                base=local(f"{retail.base:g}"), least=local(f"{WHOLESALE_KW:g}")
            )
        if kw_per_rack > HIGH_DENSITY_KW:
            price += _(" x {value} (above {most} kW per rack)").format(
                value=local(f"{1 + dense.base:g}"), most=local(f"{HIGH_DENSITY_KW:g}")
            )
        billed = kw if by_kw else least
        alike = bool(small.all() or not small.any())  # one rate for all years
        counted = told_by_year(billed if alike else billed[:1], 1)
        text = (
            _("{kw} kW contracted x 12 x {rate_words}")
            if billed[0] == kw[0]
            else _("{kw} kW contracted, the least at the wholesale rate, x 12 x {rate_words}")
        )
        return with_trend(
            text.format(kw=counted, rate_words=price), study.assessment.economics.labour_trend
        )

    usd = paid(retail.base) * base
    whole = float(usd.sum())
    source = rate.provenance
    if small.any():
        source = Provenance(
            _("{source}; retail factor: {source2}").format(
                source=source.source, source2=retail.provenance.source
            ),
            source.as_of,
            "low",
        )
    return Rent(
        usd,
        words,
        source,
        (
            float((paid(retail.low) * low).sum()) / whole,
            float((paid(retail.high) * high).sum()) / whole,
        )
        if whole
        else (1.0, 1.0),
    )


def _wholesale(study: Study) -> Range:
    """Price per contracted kW and month of a large contract in the region."""
    region = study.region
    for key in (f"colocation_usd_kw_month_{region.id}", f"colocation_usd_kw_month_{region.iso3}"):
        if key in study.catalog.assumptions:
            return study.catalog.assumptions[key]
    return study.assume["colocation_usd_kw_month"]


def bill(study: Study, platform: Platform, units: Ints, energy: Energy) -> Ledger:
    """Cost lines of ``units`` of a platform (never falling, shape (years,)) in a hall."""
    if platform.price_usd is None or platform.nameplate_kw is None:
        raise ValueError(f"{platform.id} has no price or no nameplate power")
    fte, words = staff_fte(study, units, study.assessment.economics.servers_per_engineer)
    pue = study.assume["colocation_pue"]
    ledger = owned_ledger(
        study,
        platform,
        platform.price_usd,
        units,
        energy,
        Terms(
            pue=pue.base,
            pue_provenance=pue.provenance,
            network_share=study.assume["network_share_of_hardware"],
            installation_share=study.assume["installation_share"],
            staff_fte=fte,
            staff_formula=words,
        ),
    )
    labour = study.money.labour
    kw = racked(study, platform, units, "colocation").kw
    limits = limits_of(study, platform, "colocation")
    filled = min(int(units.max()), fit_for(platform, int(units.max()), limits).servers)
    rent = rent_of(study, kw, filled * platform.nameplate_kw + limits.fittings.kw)
    ledger.add(
        "colocation",
        _("Colocation"),
        "opex",
        rent.usd * 12.0 * labour,
        rent.words,
        rent.provenance,
        rent.factors,
        assumption=is_guess(rent.provenance),
    )
    hands, hours = (
        study.assume["remote_hands_usd_h"],
        study.assume["remote_hands_h_per_server_year"],
    )
    low, high = range_factors(hours)
    ledger.add(
        "remote_hands",
        _("Remote hands"),
        "opex",
        units * hours.base * hands.base * labour,
        lambda: with_trend(
            ngettext(
                "{units} server x {base} h x {base2} USD",
                "{units} servers x {base} h x {base2} USD",
                1 if (units == 1).all() else 2,
            ).format(
                units=told_by_year(units),
                base=local(f"{hours.base:g}"),
                base2=local(f"{hands.base:,.0f}"),
            ),
            study.assessment.economics.labour_trend,
        ),
        hands.provenance,
        (low, high),
        assumption=True,
    )
    cross = study.assume["cross_connect_usd_month"]
    ledger.add(
        "cross_connect",
        _("Cross-connects"),
        "opex",
        2 * 12 * cross.base * labour,
        lambda: with_trend(
            _("2 x 12 x {base} USD").format(base=local(f"{cross.base:,.0f}")),
            study.assessment.economics.labour_trend,
        ),
        cross.provenance,
        range_factors(cross),
        assumption=True,
    )
    return ledger
