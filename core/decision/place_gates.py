"""Hard limits of where work may be done: venues to consider, data residency, air gap."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from core.assessment import Assessment
from core.assessment.site import VENUES
from core.catalog.countries import in_eu
from core.decision.facts import (
    HOSTED,
    DecisionCatalog,
    offer_country,
    runs_everywhere,
    site_region,
)
from core.decision.once import Once
from core.decision.verdicts import gate
from core.recommendation import Gate, Option
from core.words import _

VENUE_NAMES = dict(VENUES)


def checks(
    option: Option, assessment: Assessment, catalog: DecisionCatalog, once: Once
) -> tuple[Gate, ...]:
    """The gates of the place: all servers of one's own at one place pass or fail alike."""
    place = partial(_place, option, assessment, catalog)
    if option.venue in HOSTED or option.venue == "hybrid":
        return tuple(place())
    return once(("place", option.venue), lambda: tuple(place()))


def _place(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Iterator[Gate]:
    site, venue = assessment.site, option.venue
    name = _(VENUE_NAMES.get(venue, venue))
    allowed = venue in site.venues
    yield gate(
        "venue",
        _("Venue allowed"),
        "pass" if allowed else "fail",
        _("Among the venues to consider: {name}.").format(name=name)
        if allowed
        else _("Not among the venues to consider: {name}.").format(name=name),
        lambda: _("Add {name} to the venues to consider.").format(name=name),
    )
    yield _residency(option, assessment, catalog)
    if site.air_gapped:
        inside = venue in ("on_premises", "edge")
        yield gate(
            "air_gap",
            _("Air gap"),
            "pass" if inside else "fail",
            _("Runs inside the own network without any outside connection.")
            if inside
            else _(
                "{name} needs a connection to an outside network; the service must have none."
            ).format(name=name),
            _("Allow a private connection to the outside."),
        )


def _residency(option: Option, assessment: Assessment, catalog: DecisionCatalog) -> Gate:
    site, venue, label = assessment.site, option.venue, _("Data residency")
    name, rule = _(VENUE_NAMES.get(venue, venue)), site.data_residency
    if rule == "none":
        return gate("residency", label, "pass", _("No rule about where data may be processed."))
    if rule == "own_premises":
        inside = venue in ("on_premises", "edge")
        return gate(
            "residency",
            label,
            "pass" if inside else "fail",
            _("Data stays on own premises.")
            if inside
            else _("Data must stay on own premises; {name} processes it elsewhere.").format(
                name=name
            ),
            _("Allow processing in the country instead of on own premises only."),
        )
    home = site_region(assessment, catalog)
    wanted = _("the European Union") if rule == "eu" else (_(home.name) if home else site.region)
    elsewhere = venue in HOSTED or venue == "hybrid"
    country = offer_country(option, catalog) if elsewhere else (home.iso3 if home else None)
    if country is None:
        return gate(
            "residency",
            label,
            "unknown",
            _("Data must stay in {wanted}; where {provider} processes it is not known.").format(
                wanted=wanted, provider=option.hosted_by or name
            ),
            _("Ask {provider} for processing in {wanted} only.").format(
                provider=option.hosted_by or _("the provider"), wanted=wanted
            ),
        )
    fits = (
        in_eu(country, catalog.regions)
        if rule == "eu"
        else home is not None and country == home.iso3
    )
    named = next((_(r.name) for r in catalog.regions.values() if r.id == country), country)
    # The catalog's row of that country is an average of its states.
    place = _("the United States") if country == "USA" else named
    if not fits and runs_everywhere(option, catalog):
        return gate(
            "residency",
            label,
            "unknown",
            _(
                "Data must stay in {wanted}; the catalog prices this offer in {place} only, "
                "but its provider runs regions in many countries."
            ).format(wanted=wanted, place=place),
            _("Get a quotation for a region in {wanted}.").format(wanted=wanted),
        )
    return gate(
        "residency",
        label,
        "pass" if fits else "fail",
        _("Data must stay in {wanted}; it is processed in {place}.").format(
            wanted=wanted, place=place
        ),
        lambda: _(
            "A quotation for a region in {wanted}: the catalog prices this offer in {place}."
        ).format(wanted=wanted, place=place),
    )
