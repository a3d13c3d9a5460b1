"""Where rented instances stand, and how far that is from the users.

A price holds in one region of a provider. Of each instance the regions in permitted countries
count; a region that is farther away and no cheaper than another is left out. The round trip is
the users' own link to the nearest region, and from there the links between areas of the world.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from core.assessment import Assessment
from core.catalog.countries import in_eu
from core.catalog.load import Catalog
from core.catalog.types import CloudOffer, NetworkLink, Region
from core.notation import local
from core.recommendation import Place
from core.records import quickly_made
from core.words import _


@dataclass(frozen=True, slots=True)
class Way:
    """The network from the users to a region."""

    rtt_ms: float
    """Round trip, the users' own link included."""
    links: tuple[NetworkLink, ...]
    """Between areas, after the users' own link."""
    is_known: bool
    """Whether the catalog knows the country and the links; else the words say what is assumed."""


def way_to(assessment: Assessment, catalog: Catalog, iso3: str, area: str) -> Way:
    """The way to a country ("" is unknown) and, where told, to an area of the world.

    Of areas that no link joins, the longest link between any two is taken.
    """
    site = assessment.site
    own = catalog.links[site.wan_link].rtt_ms.base
    home, there = catalog.regions[site.region], region_of(catalog, iso3)
    if not iso3 or there is None:
        return Way(own, (), bool(iso3) and home.iso3 == iso3)
    same_country = home.iso3 == iso3
    area = area or (home.area if same_country else there.area)
    if home.area == area:
        inside = None if same_country else _joining(catalog.links, area, area)
        links: tuple[NetworkLink, ...] | None = () if inside is None else (inside,)
    else:
        links = _shortest(catalog.links, home.area, area)
    known = links is not None
    if links is None:
        farthest = max(
            (link for link in catalog.links.values() if link.joins),
            key=lambda link: link.rtt_ms.base,
            default=None,
        )
        links = () if farthest is None else (farthest,)
    return Way(round(own + sum(x.rtt_ms.base for x in links), 3), links, known)


def way_of(assessment: Assessment, catalog: Catalog, offer: CloudOffer) -> Way:
    """The way to the region of an offer."""
    return way_to(assessment, catalog, offer.country_iso3, offer.area)


def region_of(catalog: Catalog, iso3: str) -> Region | None:
    """A region of the country with this code."""
    regions = catalog.regions
    return regions.get(iso3) or next((r for r in regions.values() if r.iso3 == iso3), None)


def _joining(links: Mapping[str, NetworkLink], one: str, other: str) -> NetworkLink | None:
    pairs = {(one, other), (other, one)}
    found = (link for link in links.values() if pairs.intersection(link.joins))
    return min(found, key=lambda link: link.rtt_ms.base, default=None)


def _shortest(
    links: Mapping[str, NetworkLink], start: str, end: str
) -> tuple[NetworkLink, ...] | None:
    """The quickest chain of links from area to area (Dijkstra); ``None`` where none leads there."""
    waiting: list[tuple[float, str, tuple[str, ...]]] = [(0.0, start, ())]
    seen: set[str] = set()
    while waiting:
        ms, area, path = heapq.heappop(waiting)
        if area == end:
            return tuple(links[key] for key in path)
        if area in seen:
            continue
        seen.add(area)
        for link in links.values():
            for pair in link.joins:
                if area in pair and pair[0] != pair[1]:
                    beyond = pair[1] if pair[0] == area else pair[0]
                    heapq.heappush(waiting, (ms + link.rtt_ms.base, beyond, (*path, link.id)))
    return None


def permitted(assessment: Assessment, catalog: Catalog, iso3: str) -> bool:
    """Whether data may be processed in a country ("" is unknown, so not surely)."""
    rule = assessment.site.data_residency
    if rule == "none":
        return True
    if rule == "country":
        return iso3 == catalog.regions[assessment.site.region].iso3
    if rule == "eu":
        return in_eu(iso3, catalog.regions)
    return False


@quickly_made
@dataclass(frozen=True, slots=True)
class Placed:
    """An offer with the way to it."""

    offer: CloudOffer
    way: Way
    elsewhere: bool = False
    """Data rules forbid the region of the price; the large clouds run regions in most countries,
    so it is sized for one near the users and its price there is assumed to be the same."""
    forbidden: bool = False
    """Data rules forbid every region that it has."""
    uncounted_ms: float = 0.0
    """What the nearest of them is farther away than ``way`` says (round trip)."""


def preferred(
    assessment: Assessment, catalog: Catalog, offers: Iterable[CloudOffer]
) -> Iterator[Placed]:
    """The regions of each provider's instance that are worth comparing, nearest first.

    In permitted countries if any; where none is permitted, the nearest one (of a large cloud
    ``elsewhere``). Farther ones only where they are cheaper, on demand or on spot.
    """
    ways: dict[tuple[str, str], Way] = {}
    groups: dict[tuple[str, str], list[Placed]] = {}
    for offer in offers:
        where = offer.country_iso3, offer.area
        if where not in ways:
            ways[where] = way_to(assessment, catalog, *where)
        found = groups.setdefault((offer.provider, offer.instance), [])
        found.append(Placed(offer, ways[where]))
    for group in groups.values():
        group.sort(key=lambda p: (p.way.rtt_ms, p.offer.on_demand_usd_h, p.offer.id))
        allowed = [p for p in group if permitted(assessment, catalog, p.offer.country_iso3)]
        if not allowed:
            yield _forbidden(assessment, catalog, group[0])
            continue
        kept: list[Placed] = []
        for placed in allowed:
            if not any(_no_dearer(nearer.offer, placed.offer) for nearer in kept):
                kept.append(placed)
        yield from kept


def _forbidden(assessment: Assessment, catalog: Catalog, placed: Placed) -> Placed:
    """An offer of which no region is permitted: what its network would add is not worked out.

    It is rejected whatever its latency; to size it at a distance of its own takes a tenth of an
    assessment's time.
    """
    rule = assessment.site.data_residency
    quoted = placed.offer.venue == "public_cloud" and rule in ("eu", "country")
    own = catalog.links[assessment.site.wan_link].rtt_ms.base
    beyond = 0.0 if quoted else round(placed.way.rtt_ms - own, 3)
    return Placed(
        placed.offer,
        Way(own, (), quoted),
        elsewhere=quoted,
        forbidden=not quoted,
        uncounted_ms=beyond,
    )


def _no_dearer(one: CloudOffer, other: CloudOffer) -> bool:
    if one.on_demand_usd_h > other.on_demand_usd_h:
        return False
    if other.spot_usd_h is None:
        return True
    return one.spot_usd_h is not None and one.spot_usd_h <= other.spot_usd_h


def distances(assessment: Assessment, catalog: Catalog, venues: Iterable[str]) -> list[float]:
    """Round trips (ms) at which the instances of some venues are sized, shortest first."""
    wanted = set(venues)
    offers = (offer for offer in catalog.cloud_offers.values() if offer.venue in wanted)
    return sorted({placed.way.rtt_ms for placed in preferred(assessment, catalog, offers)})


def place_of(assessment: Assessment, catalog: Catalog, placed: Placed) -> Place:
    """Region and network of an offer in words."""
    offer, way = placed.offer, placed.way
    name = _("region not known")
    if offer.country_iso3:
        name = f"{offer.region_code}, {country_name(catalog, offer.country_iso3)}"
    if placed.elsewhere:
        wanted = _("the European Union")
        if assessment.site.data_residency == "country":
            wanted = _(catalog.regions[assessment.site.region].name)
        name = _("a region in {wanted} to be quoted, at the price of {region}").format(
            wanted=wanted, region=name
        )
    own = catalog.links[assessment.site.wan_link]
    parts = [own, *way.links]
    text = " + ".join(
        _("{title} {ms} ms").format(title=_(link.title), ms=local(f"{link.rtt_ms.base:g}"))
        for link in parts
    )
    if way.links:
        text = _("{ms} ms: {links}").format(ms=local(f"{way.rtt_ms:g}"), links=text)
    if not offer.country_iso3:
        text += _("; the provider's region is not known, the nearest is assumed")
    elif placed.uncounted_ms:
        more = _("; at least: data rules forbid this region, {ms} ms beyond are not counted")
        text += more.format(ms=local(f"{placed.uncounted_ms:g}"))
    elif placed.forbidden:
        text += _("; data rules forbid this region")
    elif not way.is_known:
        text += _("; no figure for this distance, the longest known is assumed")
    return Place(name, text, way.rtt_ms, placed.uncounted_ms)


def region_name(catalog: Catalog, offer: CloudOffer) -> str:
    """The region in a title: the code, of a specialised provider with the country behind it.

    Those of the large clouds are as well known as the places.
    """
    code = offer.region_code
    if not code or offer.venue == "public_cloud" or offer.country_iso3.startswith(code):
        return code
    return f"{code}, {country_name(catalog, offer.country_iso3)}"


def country_name(catalog: Catalog, iso3: str) -> str:
    """A country's name; its code where the catalog has its states, or nothing of it."""
    named = [region.name for region in catalog.regions.values() if region.iso3 == iso3]
    return _(named[0]) if len(named) == 1 else iso3
