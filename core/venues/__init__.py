"""Venues: demand in, sized and costed options out; one module per venue."""

from __future__ import annotations

from core.recommendation import Option
from core.venues import colocation, edge, gpu_cloud, on_premises, public_cloud, token_api
from core.venues.drafts import Drafts
from core.venues.service import ServiceBook
from core.venues.study import Study


def size_all(study: Study) -> Drafts:
    """Size every venue that holds hardware or instances; nothing is costed yet."""
    platforms = tuple(study.catalog.platforms.values())
    found = Drafts()
    found.owned["on_premises"] = on_premises.drafts(study, platforms)
    found.owned["colocation"] = colocation.drafts(study, platforms)
    found.owned["edge"] = edge.drafts(study, platforms)
    found.rented["public_cloud"] = public_cloud.drafts(study)
    found.rented["gpu_cloud"] = gpu_cloud.drafts(study)
    return found


def pure_options(study: Study, book: ServiceBook, drafts: Drafts) -> list[Option]:
    """The costed options of every venue but the hybrid, which is made of the others."""
    return [
        *on_premises.options(study, book, drafts),
        *colocation.options(study, book, drafts),
        *edge.options(study, book, drafts),
        *public_cloud.options(study, book, drafts),
        *gpu_cloud.options(study, book, drafts),
        *token_api.options(study),
    ]
