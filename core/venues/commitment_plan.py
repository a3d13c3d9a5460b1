"""The mix of commitments of a rented option as a result of its own."""

from __future__ import annotations

import dataclasses

from core.catalog.types import CLOUD_VENUES, CloudOffer, Range
from core.economics.commitments import InstancePrices
from core.financing import CommitmentPlan, CommitmentYear
from core.hours import HOURS_PER_YEAR
from core.products import dot
from core.recommendation import Option
from core.venues import contracting
from core.venues.drafts import Drafts, RentedDraft
from core.venues.rented.fleets import ways_to_run, without_spot
from core.venues.service import ServiceBook
from core.venues.study import Study

MOST_PLANS = 3
"""Rented options whose contract is told."""


def commitment_plans(
    study: Study,
    book: ServiceBook,
    drafts: Drafts,
    ranked: tuple[Option, ...],
) -> tuple[CommitmentPlan, ...]:
    """Of the best rented options, best first."""
    by_offer = drafts.by_offer()
    chosen = [o for o in ranked if o.venue in CLOUD_VENUES and o.cost]
    return tuple(
        commitment_plan(study, book, by_offer[option.fleet.platform_id or ""], option)
        for option in chosen[:MOST_PLANS]
    )


def commitment_plan(
    study: Study, book: ServiceBook, draft: RentedDraft, option: Option
) -> CommitmentPlan:
    """The cheapest contract for one instance type, and what the simple ones would cost."""
    offer = draft.offer
    fleets = ways_to_run(study, book, draft)
    policy = study.assessment.economics.commitment
    mixes = [
        contracting.contracted(study, case, fleets, prices_at(study, case, on_demand), policy)
        for case, on_demand in (
            (at_end(offer, 0), contracting.ON_DEMAND_RANGE[0]),
            (offer, 1.0),
            (at_end(offer, 1), contracting.ON_DEMAND_RANGE[1]),
        )
    ]
    discount = study.money.running
    values = [dot(mix.usd, discount) for mix in mixes]
    mix = mixes[1]
    listed = without_spot(study, draft)
    simple = {way: _simple(study, book, listed, way) for way in ("on_demand", "1y", "3y")}
    years = tuple(
        CommitmentYear(
            three_year=float(mix.contract.committed_3y[y]),
            one_year=float(mix.contract.committed_1y[y]),
            on_demand_hours=float(mix.contract.on_demand_hours[y]),
            spot_hours=float(mix.spot_hours[y]),
            usd=float(mix.usd[y]),
        )
        for y in range(study.years)
    )
    return CommitmentPlan(
        option_id=option.id,
        option_title=option.title,
        years=years,
        committed_share=(_share(mixes[0]), _share(mixes[1]), _share(mixes[2])),
        usd=(values[0], values[1], values[2]),
        on_demand_usd=simple["on_demand"],
        one_year_usd=None if offer.committed_1y_usd_h is None else simple["1y"],
        three_year_usd=None if offer.committed_3y_usd_h is None else simple["3y"],
    )


def at_end(offer: CloudOffer, end: int) -> CloudOffer:
    """An offer with its committed and spot prices at the low (0) or high (1) end of their range."""

    def moved(price: Range | None) -> Range | None:
        if price is None:
            return None
        return dataclasses.replace(price, base=(price.low, price.high)[end])

    spot = offer.spot_usd_h

    return dataclasses.replace(
        offer,
        committed_1y_usd_h=moved(offer.committed_1y_usd_h),
        committed_3y_usd_h=moved(offer.committed_3y_usd_h),
        spot_usd_h=None if spot is None else spot * contracting.SPOT_RANGE[end],
    )


def prices_at(study: Study, offer: CloudOffer, on_demand: float) -> InstancePrices:
    """An offer's prices by year, those on demand times a factor."""
    prices = contracting.prices_of(study, offer)
    return dataclasses.replace(prices, on_demand=prices.on_demand * on_demand)


def _simple(study: Study, book: ServiceBook, listed: RentedDraft, policy: str) -> float:
    fleets = ways_to_run(study, book, listed)
    prices = contracting.prices_of(study, listed.offer)
    bought = contracting.contracted(study, listed.offer, fleets, prices, policy)
    return dot(bought.usd, study.money.running)


def _share(mix: contracting.Contracted) -> float:
    contract = mix.contract
    committed = float((contract.committed_1y + contract.committed_3y).sum()) * HOURS_PER_YEAR
    metered = float(contract.on_demand_hours.sum() + mix.spot_hours.sum())
    return committed / max(committed + metered, 1e-30)
