"""What the decision looks up in the catalog, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from core.assessment import Assessment
from core.catalog.countries import EU_ISO3
from core.catalog.types import (
    CLOUD_VENUES,
    CloudOffer,
    Model,
    Platform,
    Provenance,
    Region,
    TokenOffer,
    TuningLever,
)
from core.recommendation import Currency, Option

HOSTED = frozenset(("token_api", *CLOUD_VENUES))


class DecisionCatalog(Protocol):
    """The part of the catalog that gates and scores read: rows by id."""

    @property
    def models(self) -> Mapping[str, Model]:
        """Models by id."""

    @property
    def platforms(self) -> Mapping[str, Platform]:
        """Servers, racks and edge boxes by id."""

    @property
    def cloud_offers(self) -> Mapping[str, CloudOffer]:
        """Instances by id."""

    @property
    def token_offers(self) -> Mapping[str, TokenOffer]:
        """Hosted models by id."""

    @property
    def regions(self) -> Mapping[str, Region]:
        """Countries and states by id."""

    @property
    def levers(self) -> Mapping[str, TuningLever]:
        """Tuning levers by id."""

    def currency(self, code: str) -> Currency:
        """A currency with its dated rate."""


US_DOLLAR = Currency("USD", 1.0, Provenance("US dollars are the unit of the catalog", "", "high"))


def currency_of(assessment: Assessment, catalog: DecisionCatalog) -> Currency:
    """The user's currency with its dated rate."""
    code = assessment.economics.currency
    return US_DOLLAR if code == US_DOLLAR.code else catalog.currency(code)


def may_rent(assessment: Assessment) -> bool:
    """Whether the user's own rules leave any hosted venue, also for a while."""
    site = assessment.site
    return not site.stays_inside and not HOSTED.isdisjoint(site.venues)


def site_region(assessment: Assessment, catalog: DecisionCatalog) -> Region | None:
    """The region of the user's own site."""
    return catalog.regions.get(assessment.site.region)


def platform_of(option: Option, catalog: DecisionCatalog) -> Platform | None:
    """The server an option owns; ``None`` for rented capacity."""
    key = option.fleet.platform_id
    return None if key is None else catalog.platforms.get(key)


def at_edge_sites(option: Option) -> bool:
    """Do an option's own machines stand at the edge sites, alone or beside a central venue?"""
    return option.venue == "edge" or option.id.startswith("hybrid/edge/")


def instances_of(option: Option, catalog: DecisionCatalog) -> CloudOffer | None:
    """The offer of the instances that an option, or the rented part of a hybrid, runs on."""
    for key in (option.fleet.platform_id, option.id.rsplit(":", 1)[-1]):
        offer = None if key is None else catalog.cloud_offers.get(key)
        if offer is not None:
            return offer
    return None


def offer_country(option: Option, catalog: DecisionCatalog) -> str | None:
    """ISO3 country in which a rented option's instances stand; ``None`` where unknown.

    Looked up from the offer, else from the option's region (a catalog region id or ISO3 code).
    """
    offer = instances_of(option, catalog)
    if offer is not None:
        return offer.country_iso3 or None
    region = catalog.regions.get(option.region)
    if region is not None:
        return region.iso3
    return option.region if option.region in EU_ISO3 else None


def runs_everywhere(option: Option, catalog: DecisionCatalog) -> bool:
    """Whether its instances are a public cloud's, which has regions in dozens of countries."""
    offer = instances_of(option, catalog)
    return offer is not None and offer.venue == "public_cloud"


def context_limit(option: Option, model_id: str, catalog: DecisionCatalog) -> int | None:
    """Most tokens of prompt and answer together that the offer or the model accepts."""
    model = catalog.models.get(model_id)
    limit = model.max_context if model is not None and model.max_context > 0 else None
    if option.venue == "token_api":
        offers = [
            o
            for o in catalog.token_offers.values()
            if o.model_id == model_id and o.provider == option.provider and o.context_tokens
        ]
        if offers:
            return max(o.context_tokens or 0 for o in offers)
    return limit


def weeks_between(as_of: str, when: str) -> float:
    """Weeks from one ISO date to another (negative where it is past)."""
    return (date.fromisoformat(when) - date.fromisoformat(as_of)).days / 7.0
