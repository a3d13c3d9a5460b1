"""Public cloud: instances of the large providers, in a region, with commitments and egress."""

from __future__ import annotations

from core.recommendation import Option
from core.venues import rented
from core.venues.drafts import Drafts, RentedDraft
from core.venues.service import ServiceBook
from core.venues.study import Study


def drafts(study: Study) -> list[RentedDraft]:
    """Every instance type of the catalog, sized."""
    return rented.drafts(
        study,
        [offer for offer in study.catalog.cloud_offers.values() if offer.venue == "public_cloud"],
    )


def options(study: Study, book: ServiceBook, found: Drafts) -> list[Option]:
    """The bill of each draft."""
    return [rented.option(study, book, draft) for draft in found.rented["public_cloud"]]
