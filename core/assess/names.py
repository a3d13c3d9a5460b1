"""Names: what an assessment may choose from, and what its choices are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from core.assessment import AS_OF, PARAMETERS, Assessment
from core.catalog.load import Catalog
from core.performance import parameters as par
from core.words import _


def catalog_of(assessment: Assessment, catalog: Catalog) -> Catalog:
    """The catalog with the models that the assessment brings along."""
    return catalog.with_models(assessment.custom_models)


def known_names(
    catalog: Catalog, assessment: Assessment | None = None, as_of: date | None = None
) -> dict[str, frozenset[str]]:
    """Ids allowed in fields that choose from the catalog, by the field's ``choices_from``.

    With an assessment, the models that it brings along are allowed too. Under ``PARAMETERS``: what
    own measurements may stand on; under ``AS_OF``: the day of the answer.
    """
    own = () if assessment is None else assessment.custom_models
    return {
        "models": frozenset(catalog.models).union(model.id for model in own),
        "regions": frozenset(catalog.regions),
        "use_cases": frozenset(catalog.use_cases),
        "traffic_shapes": frozenset(catalog.traffic_shapes),
        "links": frozenset(catalog.links),
        PARAMETERS: frozenset({par.shipped().digest}),
        AS_OF: frozenset(() if as_of is None else (as_of.isoformat(),)),
    }


def chosen_names(assessment: Assessment, catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """(id, name) of the catalog rows that an assessment refers to, once each."""
    site, found = assessment.site, {}
    for workload in assessment.workloads:
        for model in (workload.model, workload.replaced_by):
            if model is not None:
                found[model] = catalog.models[model].name
        found[workload.use_case] = _(catalog.use_cases[workload.use_case].title)
        found[workload.traffic_shape] = _(catalog.traffic_shapes[workload.traffic_shape].title)
    found[site.region] = _(catalog.regions[site.region].name)
    found[site.wan_link] = _(catalog.links[site.wan_link].title)
    return tuple(found.items())


def region_names(
    regions: Iterable[str], assessment: Assessment, catalog: Catalog
) -> Iterator[tuple[str, str]]:
    """(id, name) of the regions that options are in, but for the assessment's own."""
    for key in sorted(set(regions) - {assessment.site.region}):
        if key in catalog.regions:
            yield key, _(catalog.regions[key].name)
