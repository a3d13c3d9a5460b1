"""Re-running the pipeline on only the hardware and offers of the best options."""

from __future__ import annotations

import dataclasses
from datetime import date
from functools import cached_property

from core.assess import assess
from core.assessment import Assessment
from core.catalog.load import Catalog
from core.recommendation import Option, Recommendation

MOST_OPTIONS = 20


class Narrow:
    """The best options of a recommendation and a catalog that holds just what they use."""

    def __init__(
        self, recommendation: Recommendation, catalog: Catalog, most: int = MOST_OPTIONS
    ) -> None:
        self.recommendation, self.full_catalog = recommendation, catalog
        self.options = recommendation.options[:most]
        self.as_of = date.fromisoformat(recommendation.as_of)

    @cached_property
    def catalog(self) -> Catalog:
        """Platforms, offers and providers of the best options (hybrids bring both parts)."""
        platforms: set[str] = set()
        offers: set[str] = set()
        providers: set[str] = set()
        for option in self.options:
            key = option.fleet.platform_id or ""
            if key in self.full_catalog.platforms:
                platforms.add(key)
            if key in self.full_catalog.cloud_offers:
                offers.add(key)
            tail = option.id.rsplit(":", 1)[-1]
            if option.venue == "hybrid" and tail in self.full_catalog.cloud_offers:
                offers.add(tail)
            if option.venue == "token_api":
                providers.add(option.provider)
            elif option.venue == "hybrid" and tail.startswith("token_api/"):
                providers.add(tail.removeprefix("token_api/"))
        return self.full_catalog.subset(
            platforms=platforms, cloud_offers=offers, token_providers=providers
        )

    def run(self, assessment: Assessment) -> Recommendation:
        """Assess on the narrow catalog."""
        return assess(assessment, self.catalog, as_of=self.as_of)

    def run_full(self, assessment: Assessment) -> Recommendation:
        """Assess on everything: the verification."""
        return assess(assessment, self.full_catalog, as_of=self.as_of)


def at_load(assessment: Assessment, factor: float) -> Assessment:
    """Every workload's traffic times ``factor``, stated as requests per second."""
    from core.decision.criteria import peak_req_s

    scaled = tuple(
        dataclasses.replace(
            w,
            traffic_entry="requests",
            peak_requests_per_s=min(peak_req_s(w) * factor, 10_000_000.0),
        )
        for w in assessment.workloads
    )
    return dataclasses.replace(assessment, workloads=scaled)


def by_id(recommendation: Recommendation) -> dict[str, Option]:
    """Every costed option of a run, feasible or not."""
    return {
        o.id: o for o in (*recommendation.options, *recommendation.rejected) if o.cost is not None
    }
