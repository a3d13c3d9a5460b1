"""Weeks until an option can serve: delivery, power, cooling, contract, installation.

A few servers wait for the vendor; a large fleet waits for the hands that install it, for power
and for the provider to set it up, so the size counts everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.assessment import Site
from core.catalog.types import Platform, Provenance, Range
from core.economics.assumptions import Assumptions
from core.hours import WEEKS_PER_YEAR
from core.notation import local
from core.recommendation import LeadKey, LeadStep, Spread, Venue
from core.records import quickly_made
from core.venues.study import INPUT, Study
from core.words import _

SMALL_KW, LARGE_KW = 250.0, 1000.0
"""Power up to which a contract or feed is a small one, and from which it is a large one; between
them the weeks rise in proportion (250 kW: where wholesale contracts begin; 1,000: assumption)."""
Weeks = Range | Spread


@quickly_made
@dataclass(frozen=True, slots=True)
class Lead:
    """Weeks from order to service, and what of them the size of the fleet makes, in sentences."""

    weeks: Spread
    notes: tuple[str, ...] = ()
    steps: tuple[LeadStep, ...] = ()
    """Its parts, those side by side before those that follow."""


NOTHING = Spread(0.0, 0.0, 0.0)


def in_series(parts: Iterable[Weeks]) -> Spread:
    """One after the other."""
    low: float = 0
    base: float = 0
    high: float = 0
    for part in parts:
        low, base, high = low + part.low, base + part.base, high + part.high
    return Spread(low, base, high)


def in_parallel(parts: Iterable[Weeks]) -> Spread:
    """At the same time: the longest counts."""
    items = [(p.low, p.base, p.high) for p in parts]
    low, base, high = map(max, zip(*items, strict=True))
    return Spread(low, base, high)


def beside(one: Lead, other: Lead) -> Lead:
    """Two parts that are set up side by side."""
    return Lead(
        in_parallel([one.weeks, other.weeks]),
        (*one.notes, *other.notes),
        (*one.steps, *other.steps),
    )


def at_pace(count: float, pace: Range) -> Spread:
    """Weeks for so many, at so many a week."""
    return Spread(count / pace.high, count / pace.base, count / pace.low)


def kept_up(counts: Sequence[int], pace: Range) -> tuple[Spread, int]:
    """Weeks before the start from which on a pace keeps up with so many in each year.

    And the year, from 0 on, that takes longest: 0 unless the demand outgrows the pace.
    """
    ahead = []
    for year, count in enumerate(counts):
        weeks, before = at_pace(count, pace), WEEKS_PER_YEAR * year
        ahead.append(Spread(weeks.low - before, weeks.base - before, weeks.high - before))
    bases = [weeks.base for weeks in ahead]
    return in_parallel(ahead), bases.index(max(bases))


def by_power(small: Weeks, large: Weeks, kw: float) -> Spread:
    """Weeks that a contract or a feed of so many kW takes (``SMALL_KW``)."""
    share = min(max((kw - SMALL_KW) / (LARGE_KW - SMALL_KW), 0.0), 1.0)
    return Spread(
        small.low + share * (large.low - small.low),
        small.base + share * (large.base - small.base),
        small.high + share * (large.high - small.high),
    )


def feed_weeks(site: Site, assume: Mapping[str, Range] | Assumptions, kw: float) -> Spread:
    """Weeks until the site has so many kW more: the user's number, else by how much it is."""
    given = site.extra_power_weeks
    if given is not None:
        return Spread(float(given), float(given), float(given))
    return by_power(assume["extra_power_weeks"], assume["grid_power_weeks"], kw)


def pace_of(given: float | None, usual: Range) -> Range:
    """The user's own number (a week, an engineer), else the planning value."""
    return usual if given is None else Range(given, given, given, usual.unit, INPUT)


def delivery(
    study: Study, platform: Platform, venue: Venue, *, servers: Sequence[int], kw: float
) -> Lead:
    """Own servers in racks: delivery and site works side by side, then installation.

    ``servers`` are those of each year. ``kw`` is, switches included, what a hall lets for those of
    the first, or what the largest year needs beyond the own room's spare power.
    """
    assume, site = study.assume, study.assessment.site
    vendor = assume["server_lead_weeks"]
    side: list[tuple[LeadKey, Weeks, Provenance]] = [("servers", vendor, vendor.provenance)]
    notes = []
    if venue == "colocation":
        usual, large = (assume[f"colocation_{k}contract_weeks"] for k in ("", "large_"))
        contract = by_power(usual, large, kw)
        source = (large if kw > SMALL_KW else usual).provenance
        side.append(("colocation", contract, source))
        if contract.base > max(usual.base, vendor.base):
            notes.append(_power_note(kw, contract, large.provenance))
    elif kw > 0:
        feed, grid = feed_weeks(site, assume, kw), assume["grid_power_weeks"].provenance
        small = kw <= SMALL_KW
        known = assume["extra_power_weeks"].provenance if small else grid
        side.append(("power", feed, known if site.extra_power_weeks is None else INPUT))
        if site.extra_power_weeks is None and not small:
            notes.append(_power_note(kw, feed, grid))
    if venue == "on_premises" and platform.cooling == "liquid" and site.cooling != "liquid":
        retrofit = assume["liquid_retrofit_weeks"]
        side.append(("cooling", retrofit, retrofit.provenance))
    pace = pace_of(site.servers_installed_per_week, assume["servers_installed_per_week"])
    (install, year), usual = kept_up(servers, pace), assume["installation_weeks"]
    if install.base > usual.base:
        text = (
            _("{n} servers are installed in {weeks}, at {pace} a week ({low} to {high}; {source}).")
            if year == 0
            else _(
                "{n} servers are needed in year {year}: at {pace} a week ({low} to {high}; "
                "{source}) their installation begins {weeks} before the start."
            )
        )
        notes.append(
            text.format(n=local(f"{servers[year]:,}"), year=year + 1, **_told(install, pace))
        )
    first_part = in_parallel(weeks for _key, weeks, _source in side)
    installing = in_parallel([usual, install])
    source = pace.provenance if install.base > usual.base else usual.provenance
    return Lead(
        in_series([first_part, installing]),
        tuple(notes),
        (
            *(_step(key, weeks, known, installing) for key, weeks, known in side),
            _step("installation", installing, source),
        ),
    )


def _step(key: LeadKey, weeks: Weeks, source: Provenance, then: Weeks = NOTHING) -> LeadStep:
    return LeadStep(key, _spread(weeks), _spread(then), source)


def _spread(weeks: Weeks) -> Spread:
    return weeks if isinstance(weeks, Spread) else Spread(weeks.low, weeks.base, weeks.high)


def edge_delivery(study: Study, platform: Platform, sites: int) -> Lead:
    """Small servers at the edge: delivery, installation of the first, then site after site."""
    assume = study.assume
    key = "edge_lead_weeks" if platform.kind == "edge" else "server_lead_weeks"
    servers, install = assume[key], assume["installation_weeks"]
    parts: list[Weeks] = [servers, install]
    if sites == 1:
        return Lead(
            in_series(parts),
            steps=(
                _step("servers", servers, servers.provenance, install),
                _step("installation", install, install.provenance),
            ),
        )
    given = study.assessment.site.edge_rollout_sites_per_week
    pace = pace_of(given, assume["edge_rollout_sites_per_week"])
    rollout = at_pace(sites, pace)
    note = _(
        "The roll-out to {n} sites takes {weeks}, at {pace} a week ({low} to {high}; {source})."
    ).format(n=local(f"{sites:,}"), **_told(rollout, pace))
    return Lead(
        in_series([*parts, rollout]),
        (note,),
        (
            _step("servers", servers, servers.provenance, in_series([install, rollout])),
            _step("installation", install, install.provenance, rollout),
            _step("roll_out", rollout, pace.provenance),
        ),
    )


def rented_lead(study: Study, accelerators: Sequence[int]) -> Lead:
    """Instances: quota or contract and roll-out, and the pace at which a provider grants many.

    ``accelerators`` are those of each year.
    """
    usual, pace = study.assume["cloud_start_weeks"], study.assume["rented_accelerators_per_week"]
    granted, year = kept_up(accelerators, pace)
    weeks = in_parallel([usual, granted])
    if granted.base <= usual.base:
        return Lead(weeks, steps=(_step("instances", weeks, usual.provenance),))
    text = (
        _("{n} accelerators are granted in {weeks}, at {pace} a week ({low} to {high}; {source}).")
        if year == 0
        else _(
            "{n} accelerators are needed in year {year}: at {pace} a week ({low} to {high}; "
            "{source}) the first are granted {weeks} before the start."
        )
    )
    note = text.format(n=local(f"{accelerators[year]:,}"), year=year + 1, **_told(granted, pace))
    return Lead(weeks, (note,), (_step("instances", weeks, pace.provenance),))


def token_api_lead(study: Study) -> Lead:
    """A contract and a key."""
    value = study.assume["token_api_start_weeks"]
    return Lead(in_series([value]), steps=(_step("api", value, value.provenance),))


def _told(weeks: Spread, pace: Range) -> dict[str, str]:
    return {
        "weeks": _weeks(weeks),
        "pace": local(f"{pace.base:,g}"),
        "low": local(f"{pace.low:,g}"),
        "high": local(f"{pace.high:,g}"),
        "source": _(pace.provenance.source),
    }


def _weeks(weeks: Weeks) -> str:
    low, base, high = (
        local(f"{value:,.0f}" if value >= 10.0 else f"{value:.1f}")
        for value in (weeks.low, weeks.base, weeks.high)
    )
    return _("{base} weeks ({low} to {high})").format(base=base, low=low, high=high)


def _power_note(kw: float, weeks: Weeks, source: Provenance) -> str:
    return _("So much power, {kw} kW, is counted to take {weeks}; {source}.").format(
        kw=local(f"{kw:,.0f}"), weeks=_weeks(weeks), source=_(source.source)
    )
