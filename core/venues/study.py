"""Everything the venues share while one assessment is worked out."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from core.assessment import Assessment
from core.candidates import Candidates, Policy, evaluate, serving_table
from core.catalog.load import Catalog
from core.catalog.types import (
    CLOUD_VENUES,
    Accelerator,
    CloudOffer,
    Platform,
    Provenance,
    Range,
    Region,
)
from core.economics.assumptions import Assumptions
from core.economics.rates import Money
from core.lazy import lazy
from core.performance.types import Floats
from core.venues import cloud_region, cooling
from core.venues.demand import Demand
from core.venues.racks import Fittings, RackLimits
from core.words import _

INPUT = Provenance("Your input", "", "high")
NEAR_LINK = "same_rack"


@dataclass(frozen=True)
class Study:
    """An assessment with its demand and evaluated candidates, ready for the venues."""

    assessment: Assessment
    catalog: Catalog
    as_of: date
    demands: tuple[Demand, ...]
    candidates: tuple[Candidates, ...]
    policy: Policy
    pools: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    """Replica pools already chosen (``venues.pools``): they hold while demand and candidates do."""

    solved: dict[Hashable, Candidates] = field(default_factory=dict, compare=False, repr=False)
    """Evaluated candidates that further studies on the same catalog may take over."""

    @lazy
    def family(self) -> tuple[int, ...]:
        """For each workload the first one that is served by the very same candidates."""
        first: dict[int, int] = {}
        return tuple(first.setdefault(id(c), i) for i, c in enumerate(self.candidates))

    @lazy
    def money(self) -> Money:
        """Rates over the horizon."""
        return Money(self.assessment.economics)

    @lazy
    def assume(self) -> Assumptions:
        """Planning values."""
        return Assumptions(self.catalog.assumptions)

    @property
    def years(self) -> int:
        """Length of the horizon."""
        return self.money.years

    @property
    def headroom(self) -> float:
        """Planning headroom on the peak, a share."""
        return self.assessment.site.planning_headroom

    @lazy
    def region(self) -> Region:
        """The country or state of the site."""
        return self.catalog.regions[self.assessment.site.region]

    @lazy
    def near_rtt_ms(self) -> float:
        """Round trip to servers in the own building."""
        return near_rtt_ms(self.catalog)

    @lazy
    def far_rtt_ms(self) -> float:
        """Round trip to a remote venue."""
        return far_rtt_ms(self.assessment, self.catalog)

    @lazy
    def tariff(self) -> Range:
        """Electricity price in USD per kWh: the user's, else the region's."""
        given = self.assessment.economics.electricity_price_kwh
        if given is not None:
            usd = given / self.catalog.per_usd(self.assessment.economics.currency)
            return Range(usd, usd, usd, "USD/kWh", INPUT)
        return self.region.electricity_usd_kwh or self.assume["electricity_usd_kwh"]

    @lazy
    def staff_usd_year(self) -> Range:
        """Loaded yearly cost of one engineer: the user's, else the region's.

        Where the catalog knows none of the region it is that of the USA, and its source says so.
        """
        given = self.assessment.economics.staff_cost_usd_year
        if given is not None:
            return Range(given, given, given, "USD/year", INPUT)
        for key in (f"staff_usd_year_{self.region.id}", f"staff_usd_year_{self.region.iso3}"):
            if key in self.catalog.assumptions:
                return self.catalog.assumptions[key]
        usual = self.assume["staff_usd_year"]
        text = _("Assumption: as in the USA, no figure for {region}; {source}").format(
            region=_(self.region.name), source=usual.provenance.source
        )
        source = dataclasses.replace(usual.provenance, source=text, confidence="low")
        return dataclasses.replace(usual, provenance=source)

    @lazy
    def input_tokens(self) -> Floats:
        """Prompt tokens of all workloads by year, shape (years,)."""
        return np.asarray(np.sum([d.input_tokens for d in self.demands], axis=0))

    @lazy
    def output_tokens(self) -> Floats:
        """Generated tokens of all workloads by year, shape (years,)."""
        return np.asarray(np.sum([d.output_tokens for d in self.demands], axis=0))

    @lazy
    def mean_mtok(self) -> float:
        """Million tokens per year, average of the horizon."""
        return float((self.input_tokens + self.output_tokens).mean()) / 1e6

    @lazy
    def fittings(self) -> Fittings:
        """What every rack holds beside servers."""
        return Fittings(self.assume.base("rack_switch_kw"), self.assume.base("rack_fittings_kg"))

    @lazy
    def racked(self) -> dict[Hashable, Any]:
        """Fleets that were put into racks already (``venues.racking``).

        Unlike ``pools`` they hold for one site only.
        """
        return {}

    @lazy
    def room_racks(self) -> RackLimits:
        """What a rack of the own room takes."""
        site = self.assessment.site
        planned, most = cooling.KW_PER_RACK[site.cooling]
        floor = site.floor_load_kg_m2
        return RackLimits(
            kw=site.rack_power_kw,
            height_u=site.rack_height_u,
            kg=None if floor is None else floor * site.rack_footprint_m2,
            cooling_kw=planned,
            cooling_most_kw=most,
            racks=site.racks,
            fittings=self.fittings,
        )

    @lazy
    def hall_racks(self) -> RackLimits:
        """What a rack of a colocation hall takes; its floor and its free racks are not known."""
        site = self.assessment.site
        planned, most = cooling.KW_PER_RACK[site.colocation_cooling]
        return RackLimits(
            kw=site.colocation_rack_kw,
            height_u=site.rack_height_u,
            cooling_kw=planned,
            cooling_most_kw=most,
            fittings=self.fittings,
        )

    def shows(self, venue: str) -> bool:
        """Whether the options of a venue are read in detail: it is one to be considered."""
        return venue in self.assessment.site.venues

    def accelerator(self, accelerator_id: str) -> Accelerator:
        """By id. Raises KeyError."""
        return self.catalog.accelerators[accelerator_id]


def open_study(
    assessment: Assessment,
    catalog: Catalog,
    as_of: date,
    demands: tuple[Demand, ...],
    policy: Policy | None = None,
    largest: Mapping[str, int] | None = None,
    distances: Iterable[float] | None = None,
    solved: dict[Hashable, Candidates] | None = None,
) -> Study:
    """Evaluate every configuration of every workload on the hardware that is on offer.

    ``largest`` limits the hardware to (accelerator id -> most accelerators in one unit); by
    default all that a platform or an instance of the catalog carries. ``distances`` are the
    network round trips (ms) to evaluate; by default to the own building, to a venue nearby and to
    every cloud region that counts.
    Workloads that ask for the same are evaluated once; ``solved`` remembers them from one study
    to the next on the same catalog.
    """
    policy = policy or Policy()
    counts = largest_units(catalog) if largest is None else largest
    hardware = [(catalog.accelerators[key], count) for key, count in counts.items()]
    if distances is None:
        distances = every_distance(assessment, catalog)
    rtts = tuple(distances)
    solved = {} if solved is None else solved
    tried = (rtts, policy, None if largest is None else tuple(largest.items()))
    for demand in demands:
        if (demand.question, tried) not in solved:
            table = serving_table(demand, hardware, policy)
            solved[demand.question, tried] = evaluate(demand, table, rtts)
    candidates = tuple(solved[demand.question, tried] for demand in demands)
    return Study(assessment, catalog, as_of, demands, candidates, policy, solved=solved)


def largest_units(catalog: Catalog) -> dict[str, int]:
    """Accelerators on offer, with the most that one server, rack or instance holds."""
    found: dict[str, int] = {}
    items: list[Platform | CloudOffer] = [
        *catalog.platforms.values(),
        *catalog.cloud_offers.values(),
    ]
    for item in items:
        if catalog.accelerators[item.accelerator_id].in_catalog:
            held = found.get(item.accelerator_id, 0)
            found[item.accelerator_id] = max(held, item.accelerator_count)
    return found


def near_rtt_ms(catalog: Catalog) -> float:
    """Round trip inside the own building."""
    return catalog.links[NEAR_LINK].rtt_ms.base


def far_rtt_ms(assessment: Assessment, catalog: Catalog) -> float:
    """Round trip over the wide-area link that the user chose."""
    return catalog.links[assessment.site.wan_link].rtt_ms.base


def every_distance(assessment: Assessment, catalog: Catalog) -> tuple[float, ...]:
    """Round trips (ms) to the own building, a venue nearby and the cloud regions that count."""
    regions = cloud_region.distances(assessment, catalog, CLOUD_VENUES)
    return (near_rtt_ms(catalog), far_rtt_ms(assessment, catalog), *regions)


def range_factors(value: Range) -> tuple[float, float]:
    """Low and high of a range as factors on its base."""
    if not value.base:
        return 1.0, 1.0
    return value.low / value.base, value.high / value.base


def is_guess(provenance: Provenance) -> bool:
    """Whether a line rests on an assumption rather than a source."""
    return "assumption" in provenance.source.lower()


def joined(provenances: Iterable[Provenance]) -> tuple[Provenance, ...]:
    """Without repeats, in order."""
    # told apart by what is in them: to hash the records takes four times as long
    return tuple({(p.source, p.as_of, p.confidence): p for p in provenances}.values())
