"""The engine taken as slower or faster than it predicts: re-runs at its error.

As a site's own measurements are (``own_measurements``): decode, prefill and overheads by the error
of throughput, whose interval is that of the time per token turned over; what is a request's own
before its first token, and its waits, by the wider error of the time to first token.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable

import numpy as np

from core.analysis.draws import Z80, two_sided
from core.assessment import Assessment
from core.catalog.load import Catalog
from core.performance import intervals
from core.performance.own_measurements import OwnMeasurements, SiteTerm
from core.performance.types import Floats
from core.recommendation import Option, Serving

NONE_MEASURED = OwnMeasurements("", "", "", "", 0, 0, (), (), ())


def generation(option: Option, catalog: Catalog) -> str:
    """Of the accelerators that serve an option (its first workload); "" for hosted ones."""
    found = (s.accelerator_id for s in option.servings if s.accelerator_id)
    accelerator = next(found, None)
    return "" if accelerator is None else catalog.accelerators[accelerator].generation


def grade_of(option: Option) -> str:
    """The weakest evidence of what an option's hardware is predicted by; "" of hosted ones."""
    known = [s for s in option.servings if s.accelerator_id and s.evidence]
    return max(known, key=_order).evidence or "" if known else ""


def factors(grade: str, error: Floats) -> tuple[Floats, Floats]:
    """How much faster, and how much later the first token, at standard normal values (any)."""
    faster, later = (
        two_sided(z, *np.log(intervals.factors(metric, grade, "closed_loop")))
        for metric, z in (("throughput", error), ("ttft", -error))
    )
    return faster, later


def spread(grade: str, error: Floats) -> tuple[Floats, Floats]:
    """Logarithms of ``factors``, each over half the width of its 80 % interval, as ``error``."""
    if not grade:
        return np.zeros_like(error), np.zeros_like(error)
    ends = factors(grade, np.array([-Z80, Z80]))
    here = factors(grade, error)
    faster, later = (
        np.log(one) * 2.0 * Z80 / abs(math.log(end[1] / end[0]))
        for one, end in zip(here, ends, strict=True)
    )
    return faster, later


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
    faster, later = (float(factor) for factor in factors(grade, np.array(error)))
    return tuple(
        SiteTerm(term, engine, kind, factor, 0)
        for term, factor in (
            ("decode", faster),
            ("prefill", faster),
            ("overhead", 1.0 / faster),
            ("request", later),
        )
    )
