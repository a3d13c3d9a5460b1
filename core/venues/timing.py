"""Weeks until an option can serve: delivery, power, cooling, contract, installation."""

from __future__ import annotations

from collections.abc import Iterable

from core.catalog.types import Platform, Range
from core.recommendation import Spread, Venue
from core.venues.study import Study


def in_series(parts: Iterable[Range | Spread]) -> Spread:
    """One after the other."""
    items = list(parts)
    return Spread(sum(p.low for p in items), sum(p.base for p in items), sum(p.high for p in items))


def in_parallel(parts: Iterable[Range | Spread]) -> Spread:
    """At the same time: the longest counts."""
    items = list(parts)
    return Spread(max(p.low for p in items), max(p.base for p in items), max(p.high for p in items))


def delivery_weeks(
    study: Study, platform: Platform, venue: Venue, units: int = 1, sites: int = 1
) -> Spread:
    """Owned servers: delivery and site works side by side, then installation."""
    assume, site = study.assume, study.assessment.site
    side: list[Range | Spread] = [
        assume["edge_lead_weeks" if platform.kind == "edge" else "server_lead_weeks"]
    ]
    if venue == "colocation":
        side.append(assume["colocation_contract_weeks"])
    if venue == "on_premises":
        kw = platform.nameplate_kw
        short = (
            kw is not None
            and site.total_power_kw is not None
            and (kw * units > site.total_power_kw)
        )
        if short:
            given = site.extra_power_weeks
            side.append(
                assume["extra_power_weeks"] if given is None else Spread(given, given, given)
            )
        if platform.cooling == "liquid" and site.cooling != "liquid":
            side.append(assume["liquid_retrofit_weeks"])
    parts: list[Range | Spread] = [in_parallel(side), assume["installation_weeks"]]
    if venue == "edge" and sites > 1:
        pace = assume["edge_rollout_sites_per_week"]
        parts.append(Spread(sites / pace.high, sites / pace.base, sites / pace.low))
    return in_series(parts)


def rented_weeks(study: Study, venue: Venue) -> Spread:
    """Hosted capacity: quota or contract and roll-out."""
    key = "token_api_start_weeks" if venue == "token_api" else "cloud_start_weeks"
    value = study.assume[key]
    return Spread(value.low, value.base, value.high)
