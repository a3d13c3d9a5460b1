"""Re-running the pipeline on only the hardware and offers that could win."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from core.assess.costing import ranked_options
from core.assessment import Assessment, with_value
from core.candidates import Candidates
from core.catalog.load import Catalog
from core.decision.leading import cost_of
from core.decision.yardstick import peak_req_s
from core.memory import drop_oldest
from core.performance import parameters as par
from core.recommendation import Option, Recommendation
from core.venues.study import Study

MOST_OPTIONS = 20
"""Options whose cost is followed through the sampled futures."""
MOST_CHEAPEST = 5
"""Of them, the cheapest, however they rank: regret is held against what turns out cheapest."""
MOST_CONTENDERS = 8
"""Options among which switch points are searched; what is found is confirmed on everything."""
MOST_CLOSE = 16
"""The same where more than those are hardly behind the best: any of them may come to lead."""
CLOSE_BEHIND = 3.0
"""Points behind the best up to which an option is."""
MOST_REFUSED = 2
"""Of them, options that only narrowly miss a limit: other inputs may admit them."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A re-run: feasible options, best first, and the rejected ones."""

    options: tuple[Option, ...]
    rejected: tuple[Option, ...]
    study: Study | None = None
    """What they were worked out from; ``None`` for the recommendation's own."""

    @property
    def winner(self) -> Option | None:
        """The best option, or ``None`` where nothing is feasible."""
        return self.options[0] if self.options else None

    def by_id(self) -> dict[str, Option]:
        """Every costed option, feasible or not."""
        return {o.id: o for o in (*self.options, *self.rejected) if o.cost is not None}


MOST_TARIFF_USD = 5.0
"""Dearest electricity that is tried, USD per kWh: several times any published price."""


class Narrow:
    """A recommendation and two smaller catalogs to re-run it on: the best, and the contenders."""

    def __init__(
        self, recommendation: Recommendation, catalog: Catalog, most: int = MOST_OPTIONS
    ) -> None:
        self.recommendation, self.full_catalog = recommendation, catalog
        self.options = _followed(recommendation.options, most)
        self.as_of = date.fromisoformat(recommendation.as_of)

    @property
    def tariff(self) -> float | None:
        """Electricity price in force, user's currency per kWh: the user's, else the region's."""
        given = self.recommendation.assessment.economics.electricity_price_kwh
        region = self.full_catalog.regions.get(self.recommendation.assessment.site.region)
        if given is not None or region is None or region.electricity_usd_kwh is None:
            return given
        return self.recommendation.money(region.electricity_usd_kwh.base)

    @cached_property
    def catalog(self) -> Catalog:
        """What the best options are made of."""
        return parts_of(self.options, self.full_catalog)

    @cached_property
    def contenders(self) -> Catalog:
        """What the options are made of that could win if an input changed.

        The best option of every venue, the cheapest, then the best overall, and the first that
        miss a limit; of these more where none keeps every limit.
        """
        feasible = self.recommendation.options
        firsts = {o.venue: o for o in reversed(feasible)}
        cheapest = sorted(feasible, key=cost_of)[:1]
        named = [*feasible[:2], *cheapest, *sorted(firsts.values(), key=lambda o: o.rank or 0)]
        most = min(max(_close_behind(feasible), MOST_CONTENDERS), MOST_CLOSE)
        chosen = list({o.id: o for o in (*named, *feasible)}.values())[:most]
        allowed = self.recommendation.assessment.site.venues
        missed = [o for o in self.recommendation.rejected if o.cost and o.venue in allowed]
        refused = MOST_REFUSED if feasible else MOST_CONTENDERS
        return parts_of([*chosen, *missed[:refused]], self.full_catalog)

    def run(self, assessment: Assessment) -> Ranked:
        """Rank the best options again."""
        return self._best.ranked(assessment)

    def run_contenders(self, assessment: Assessment) -> Ranked:
        """Rank the contenders again."""
        return self._contending.ranked(assessment)

    def run_full(self, assessment: Assessment) -> Ranked:
        """Rank everything again: the verification."""
        if assessment == self.recommendation.assessment:
            return Ranked(self.recommendation.options, self.recommendation.rejected)
        return self._all.ranked(assessment)

    def rerunner(self, option: Option) -> Callable[[Assessment], Option | None]:
        """A function that works out one option again at other inputs, on its own parts alone."""
        reruns = self._reruns(parts_of([option], self.full_catalog))
        alone = option.venue != "hybrid"  # a hybrid is made of other venues' options

        def run(assessment: Assessment) -> Option | None:
            left_out = option.venue not in assessment.site.venues
            if alone:
                assessment = with_value(assessment, "site.venues", (option.venue,))
            ranked = reruns.ranked(assessment)
            every = (*ranked.options, *ranked.rejected)
            found = next((o for o in every if o.id == option.id), None)
            return _left_out(found, option) if found is not None and left_out else found

        return run

    def _reruns(self, catalog: Catalog) -> Reruns:
        return Reruns(catalog, self.as_of)

    @cached_property
    def _best(self) -> Reruns:
        return self._reruns(self.catalog)

    @cached_property
    def _contending(self) -> Reruns:
        return self._reruns(self.contenders)

    @cached_property
    def _all(self) -> Reruns:
        return self._reruns(self.full_catalog)


def _followed(feasible: tuple[Option, ...], most: int) -> tuple[Option, ...]:
    """The cheapest feasible options and the best others, in the order of their ranks."""
    priced = (o for o in feasible if o.cost is not None)
    cheapest = sorted(priced, key=lambda o: o.cost.usd_per_mtok.base if o.cost else 0.0)
    chosen = {o.id for o in (*feasible[:1], *cheapest[:MOST_CHEAPEST])}
    for option in feasible:
        if len(chosen) >= most:
            break
        chosen.add(option.id)
    return tuple(o for o in feasible if o.id in chosen)


def _close_behind(feasible: tuple[Option, ...]) -> int:
    points = [o.total_score or 0.0 for o in feasible]
    return sum(max(points) - own <= CLOSE_BEHIND for own in points)


REMEMBERED = 8
"""Answers, and studies of workloads, that re-runs keep: what is asked again is asked at once, with
at most two others between. Of a group with six workloads each takes four megabytes."""


class Reruns:
    """Re-runs on one catalog; what two of them share is computed once."""

    def __init__(self, catalog: Catalog, as_of: date) -> None:
        self.catalog, self.as_of = catalog, as_of
        self._answers: dict[Assessment, Ranked] = {}
        self._studies: dict[Hashable, Study] = {}
        self._solved: dict[Hashable, Candidates] = {}

    def ranked(self, assessment: Assessment) -> Ranked:
        """The ranking for some inputs; those that only move prices keep the performance."""
        answer = self._answers.get(assessment)
        if answer is None:
            same = (
                assessment.workloads,
                assessment.own_measurements,
                assessment.economics.horizon_years,
                assessment.site.wan_link,  # this and the rest: which network distances
                assessment.site.venues,
                assessment.site.region,
                assessment.site.data_residency,
            )
            known = self._studies.pop(same, None)
            with par.use(par.with_own(assessment.own_measurements)):
                study, options, rejected = ranked_options(
                    assessment, self.catalog, self.as_of, known, self._solved
                )
            self._studies[same] = study if known is None else known
            answer = self._answers[assessment] = Ranked(options, rejected, study)
            drop_oldest(self._studies, REMEMBERED)
            drop_oldest(self._answers, REMEMBERED)
        return answer


def _left_out(found: Option, stated: Option) -> Option:
    """An option worked out at a venue that is not to be considered, refused for that as stated."""
    refused = tuple(g for g in stated.gates if g.key == "venue" and g.status == "fail")
    others = tuple(g for g in found.gates if g.key != "venue")
    return dataclasses.replace(found, gates=(*refused, *others), feasible=False)


def parts_of(options: Iterable[Option], catalog: Catalog) -> Catalog:
    """The platforms, instances and providers of some options (hybrids bring both parts)."""
    platforms: set[str] = set()
    offers: set[str] = set()
    providers: set[str] = set()
    for option in options:
        key, tail = option.fleet.platform_id or "", option.id.rsplit(":", 1)[-1]
        if key in catalog.platforms:
            platforms.add(key)
        if key in catalog.cloud_offers:
            offers.add(key)
        if option.venue == "token_api":
            providers.add(option.provider)
        if option.venue == "hybrid":
            if tail in catalog.cloud_offers:
                offers.add(tail)
            elif tail.startswith("token_api/"):
                providers.add(tail.removeprefix("token_api/"))
    return catalog.subset(platforms=platforms, cloud_offers=offers, token_providers=providers)


def at_load(assessment: Assessment, factor: float) -> Assessment:
    """Every workload's traffic times ``factor``, stated as requests per second."""
    scaled = tuple(
        dataclasses.replace(
            w,
            traffic_entry="requests",
            peak_requests_per_s=min(peak_req_s(w) * factor, 10_000_000.0),
        )
        for w in assessment.workloads
    )
    return dataclasses.replace(assessment, workloads=scaled)
