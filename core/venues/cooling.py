"""Classes of cooling: the heat per rack that each is planned for, and the most that it carries."""

from __future__ import annotations

from core.catalog.types import Provenance
from core.words import N_

KW_PER_RACK: dict[str, tuple[float, float]] = {
    "air": (10.0, 15.0),
    "in_row": (25.0, 50.0),
    "rear_door": (50.0, 80.0),
    "liquid": (120.0, 150.0),
}
"""Cooling class -> (planning value, most that it can carry), kW per rack. Between the two the
room has to be checked; beyond the second it is refused."""
SOURCE = Provenance(
    "Cooling guides, 2026: perimeter air 8 to 10, in-row 10 to 50, rear door "
    "40 to 50 for planning and 80 at most, direct-to-chip 80 to 120; 15 kW for contained air is "
    "an assumption",
    "2026",
    "medium",
)
NAMES = {
    "air": N_("room air"),
    "in_row": N_("in-row or contained air"),
    "rear_door": N_("rear-door heat exchangers"),
    "liquid": N_("direct-to-chip liquid"),
}
