"""The room that an option's own machines stand in, and its limits."""

from __future__ import annotations

from dataclasses import dataclass

from core.assessment import Assessment
from core.catalog.types import Platform
from core.decision.facts import at_edge_sites
from core.facility import colocated
from core.recommendation import Option
from core.records import quickly_made


@quickly_made
@dataclass(frozen=True, slots=True)
class Room:
    """The limits that apply to an option's own machines; ``None`` is not known."""

    rack_kw: float | None
    cooling: str
    total_kw: float | None
    feed_kva: float | None
    racks: int | None
    rack_height_u: int
    floor_load_kg_m2: float | None
    own: bool
    """The user's own room; False for a colocation hall, whose power and space are contracted."""


def room_of(option: Option, assessment: Assessment) -> Room | None:
    """The room an option's owned servers stand in; ``None`` for rented capacity and edge sites."""
    if at_edge_sites(option):
        return None
    site = assessment.site
    if colocated(option):
        return Room(
            site.colocation_rack_kw,
            site.colocation_cooling,
            None,
            None,
            None,
            site.rack_height_u,
            None,
            own=False,
        )
    owns = option.venue == "on_premises" or (
        option.venue == "hybrid" and option.fleet.nameplate_kw is not None
    )
    if owns:
        return Room(
            site.rack_power_kw,
            site.cooling,
            site.total_power_kw,
            site.feed_kva,
            site.racks,
            site.rack_height_u,
            site.floor_load_kg_m2,
            own=True,
        )
    return None


def rack_kw(option: Option, platform: Platform | None) -> float | None:
    """Nameplate of the fullest rack; at least that of one server."""
    planned = option.fleet.kw_per_rack
    one = platform.nameplate_kw if platform else None
    known = [v for v in (planned, one) if v is not None]
    return max(known) if known else None
