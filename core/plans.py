"""What lies before the service: the parts of the lead time, and what its test costs to rent.

Plain results, read through ``core.recommendation`` like all others. US dollars.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.catalog.types import Provenance
from core.records import quickly_made
from core.serving import Spread

LeadKey = Literal[
    "servers", "power", "cooling", "colocation", "installation", "roll_out", "instances", "api"
]


@quickly_made
@dataclass(frozen=True, slots=True)
class LeadStep:
    """One part of the lead time of an option."""

    key: LeadKey
    weeks: Spread
    """How long it takes."""
    then: Spread
    """Weeks of everything that can only begin once it is done, one after the other."""
    source: Provenance


@dataclass(frozen=True, slots=True)
class TrialRent:
    """Renting the machine of a workload's proof-of-concept test, at list price."""

    workload: str
    instance: str
    """Provider, type and region."""
    own: bool
    """Whether it is the instance of the option itself, not the cheapest with its accelerator."""
    hours: float
    """Warm-up and measured time; setting up is not in it."""
    usd_per_h: float
    usd: float
    source: Provenance
