"""All venues at once: sized together, then costed together."""

from __future__ import annotations

from collections.abc import Collection

from core.recommendation import Option
from core.venues import colocation, edge, gpu_cloud, on_premises, public_cloud, token_api
from core.venues.drafts import Drafts
from core.venues.service import ServiceBook
from core.venues.study import Study


def size_all(study: Study, venues: Collection[str] | None = None) -> Drafts:
    """Size every venue that holds hardware or instances; nothing is costed yet.

    ``venues`` limits it to some; the others stay empty.
    """
    platforms = tuple(study.catalog.platforms.values())

    def asked(venue: str) -> bool:
        return venues is None or venue in venues

    found = Drafts()
    found.owned["on_premises"] = (
        on_premises.drafts(study, platforms) if asked("on_premises") else []
    )
    found.owned["colocation"] = colocation.drafts(study, platforms) if asked("colocation") else []
    found.owned["edge"] = edge.drafts(study, platforms) if asked("edge") else []
    found.rented["public_cloud"] = public_cloud.drafts(study) if asked("public_cloud") else []
    found.rented["gpu_cloud"] = gpu_cloud.drafts(study) if asked("gpu_cloud") else []
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
