"""Time of the decision engine: the analysis and its parts, the hybrid curve, and how it scales."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from core.assess import assess
from core.assess.costing import SIZE_GATES, breaks_only, cost_options
from core.assessment import Assessment
from core.assessment.site import ALL_VENUES
from core.catalog.load import load_catalog
from core.interchange.document import load
from core.recommendation import Option
from tests.benchmarks.result import Result, SkippedError, best_ms

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"
AS_OF = date(2026, 11, 24)
SAMPLING = ("Demand at other loads", "Futures")
"""Steps of the analysis that belong to the sampled futures."""


def opened(name: str) -> Assessment:
    """An example with every venue to consider."""
    given = load(EXAMPLES / name)
    site = dataclasses.replace(
        given.site, venues=ALL_VENUES, air_gapped=False, data_residency="none"
    )
    return dataclasses.replace(given, site=site)


def analysis() -> Iterator[Result]:
    """The whole analysis of example (a), and its sampling part: seconds of processor time.

    Work that a copy of the process did counts too, as soon as it has ended.
    """
    from core.analysis import analyse

    catalog = load_catalog()
    recommendation = assess(load(EXAMPLES / "bank_chat.json"), catalog, as_of=AS_OF)
    analyse(recommendation, catalog, samples=64)  # loads what is loaded late
    marks: list[tuple[str, float]] = []
    before = os.times().children_user + os.times().children_system
    start, used = time.perf_counter(), time.process_time()
    analyse(
        recommendation,
        catalog,
        progress=lambda share, text: marks.append((text, time.process_time())),
    )
    elapsed, busy = time.perf_counter() - start, time.process_time() - used
    copies = os.times()
    busy += copies.children_user + copies.children_system - before
    ends = [*(mark for _, mark in marks[1:]), time.process_time()]
    sampling = sum(
        end - begun for (text, begun), end in zip(marks, ends, strict=True) if text in SAMPLING
    )
    yield Result("analyse, example (a), 4,096 samples", busy, 5.0, "s", f"elapsed {elapsed:.1f} s")
    yield Result("its sampling part", sampling, 1.0, "s")


def hybrid_curve() -> Iterator[Result]:
    """One hybrid's whole curve, the mean of the coding example's."""
    from core.venues import hybrid
    from core.venues.every_venue import pure_options

    catalog, assessment = load_catalog(), opened("coding_saas.json")
    run = cost_options(assessment, catalog, AS_OF, lambda share, text: None)
    pure = pure_options(run.study, run.book, run.drafts)
    admits = breaks_only(SIZE_GATES, assessment, catalog, AS_OF.isoformat())
    stands = breaks_only(frozenset(), assessment, catalog, AS_OF.isoformat())

    def found_now() -> list[Option]:
        return hybrid.options(run.study, run.book, run.drafts, pure, admits, stands)

    found = found_now()
    curves = [len(o.hybrid_curve) for o in found if len(o.hybrid_curve) > 1]
    if not curves:
        raise SkippedError("the example has no hybrid of a base and a burst")
    whole = best_ms(found_now)
    detail = f"{len(curves)} curves of {min(curves)} to {max(curves)} points"
    yield Result("hybrid curve, coding example", whole / len(curves), 50.0, "ms", detail)


def workloads(count: int, *, alike: bool) -> Assessment:
    """The bank's demand split over so many workloads; unlike ones differ in prompt length."""
    given = opened("bank_chat.json")
    whole = given.workloads[0]
    parts = tuple(
        dataclasses.replace(
            whole,
            name=f"Part {n}",
            users=max(whole.users // count, 1),
            input_tokens_mean=whole.input_tokens_mean * (1.0 if alike else 1.0 + 0.001 * n),
        )
        for n in range(count)
    )
    return dataclasses.replace(given, workloads=parts)


def sites(count: int) -> Assessment:
    """The retail example on so many sites."""
    given = opened("retail_edge.json")
    return dataclasses.replace(given, site=dataclasses.replace(given.site, edge_sites=count))


def scaling_table() -> str:
    """Processor time of ``assess`` over every venue, for more workloads and more sites."""
    catalog = load_catalog()
    cases: list[tuple[str, Assessment]] = [
        *((f"{n} workloads alike", workloads(n, alike=True)) for n in (1, 10, 100)),
        *((f"{n} workloads, all different", workloads(n, alike=False)) for n in (1, 10, 100)),
        *((f"{n:,} edge sites", sites(n)) for n in (1, 100, 5_000)),
    ]
    rows = []
    for name, assessment in cases:
        milliseconds = best_ms(partial(assess, assessment, catalog, as_of=AS_OF), repeats=1)
        rows.append(f"  {name:<32} {milliseconds:>9,.0f} ms")
    return "\n".join(rows)
