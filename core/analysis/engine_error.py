"""The engine taken as slower or faster than it predicts: re-runs at its error.

As a site's own measurements are (``own_measurements``): decode, prefill and overheads by the error
of throughput, whose interval is that of the time per token turned over; what is a request's own
before its first token, and its waits, by the wider error of the time to first token.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np

from core.analysis.draws import two_sided
from core.assessment import Assessment
from core.catalog.load import Catalog
from core.performance import intervals
from core.performance.own_measurements import OwnMeasurements, SiteTerm
from core.recommendation import Option, Serving

NONE_MEASURED = OwnMeasurements("", "", "", "", 0, 0, (), (), ())


def generation(option: Option, catalog: Catalog) -> str:
    """Of the accelerators that serve an option (its first workload); "" for hosted ones."""
    found = (s.accelerator_id for s in option.servings if s.accelerator_id)
    accelerator = next(found, None)
    return "" if accelerator is None else catalog.accelerators[accelerator].generation


def at_error(
    stated: Assessment, options: Iterable[Option], catalog: Catalog, error: float
) -> Assessment:
    """All hardware that far from its prediction: a standard normal value, negative for slower."""
    if not error:
        return stated
    widest: dict[tuple[str, str], Serving] = {}
    for option in options:
        for serving in option.servings:
            if serving.accelerator_id and serving.engine and serving.evidence:
                kind = catalog.accelerators[serving.accelerator_id].generation
                known = widest.setdefault((serving.engine, kind), serving)
                if _order(serving) > _order(known):
                    widest[serving.engine, kind] = serving
    terms = [
        term
        for (engine, kind), serving in widest.items()
        for term in _terms(engine, kind, serving.evidence or "extrapolated", error)
    ]
    own = stated.own_measurements or NONE_MEASURED
    own = dataclasses.replace(own, terms=(*own.terms, *terms))
    return dataclasses.replace(stated, own_measurements=own)


def _order(serving: Serving) -> int:
    return intervals.GRADES.index(serving.evidence) if serving.evidence else -1


def _terms(engine: str, kind: str, grade: str, error: float) -> tuple[SiteTerm, ...]:
    faster, later = (
        float(two_sided(np.array(z), *np.log(intervals.factors(metric, grade, "closed_loop"))))
        for metric, z in (("throughput", error), ("ttft", -error))
    )
    return tuple(
        SiteTerm(term, engine, kind, factor, 0)
        for term, factor in (
            ("decode", faster),
            ("prefill", faster),
            ("overhead", 1.0 / faster),
            ("request", later),
        )
    )
