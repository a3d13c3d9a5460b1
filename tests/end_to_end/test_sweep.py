"""More is never cheaper: the examples at ever more load, tighter targets and narrower limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from core.analysis.narrow import at_load
from core.assess.costing import ranked_options
from core.assess.names import catalog_of
from core.assessment import Assessment, get_value, with_value
from core.candidates import Candidates
from core.catalog.load import Catalog, load_catalog
from core.interchange.document import load
from tests.core.assess.cases import AS_OF

FOLDER = Path(__file__).parents[2] / "resources" / "examples"
EXAMPLES = ("bank_chat", "batch_extraction", "coding_saas", "hospital_group", "retail_edge")
TARGETS = ("ttft_ms", "tpot_ms", "e2e_ms")
LIMITS = (
    "site.total_power_kw", "site.feed_kva", "site.racks", "site.rack_power_kw",
    "site.edge_site_power_kw", "economics.capex_limit", "economics.opex_limit_per_year",
)  # fmt: skip  # a list of inputs
LOADS = tuple(1.0 + 0.1 * i for i in range(21))
SHARES = (2.0, 1.4, 1.0, 0.8, 0.6, 0.4)
NARROWER = (3.0, 2.0, 1.4, 1.0, 0.8, 0.6, 0.4)
ENERGY = 5e-4
"""Of the configurations that take equally many servers the one that carries most is chosen,
whatever it draws, and an hour's power is read off eight loads that are shares of what it carries:
a tighter target may move the energy by some parts in ten thousand of the bill."""
ANY = "all venues"


def example(name: str) -> Assessment:
    return load(FOLDER / f"{name}.json")


def cheapest(
    assessment: Assessment, catalog: Catalog, solved: dict[object, Candidates]
) -> dict[str, float]:
    """Present value of the cheapest option that meets every limit: of each venue, and of all.

    But of hybrids alone: they are made of the parts that are cheapest alone, and refused where one
    of these costs less, so that others may come and go with the load. They count among all.
    """
    _study, options, _rejected = ranked_options(assessment, catalog, AS_OF, None, solved)
    found: dict[str, float] = {}
    for option in options:
        if option.cost is not None:
            usd = option.cost.npv_usd
            for place in (option.venue, ANY) if option.venue != "hybrid" else (ANY,):
                found[place] = min(usd, found.get(place, usd))
    return found


def never_cheaper(steps: Sequence[tuple[str, Assessment]], name: str) -> list[str]:
    """Where a venue costs less than a step before, or comes back, in words."""
    catalog = catalog_of(steps[0][1], load_catalog())
    solved: dict[object, Candidates] = {}
    seen: dict[str, tuple[str, float]] = {}
    gone: set[str] = set()
    wrong = []
    for i, (told, assessment) in enumerate(steps):
        here = cheapest(assessment, catalog, solved)
        for venue, usd in here.items():
            before = seen.get(venue)
            if before is not None and usd < before[1] * (1 - ENERGY):
                wrong.append(
                    f"{name}, {venue}: {before[1]:,.0f} at {before[0]}, {usd:,.0f} at {told}"
                )
            if venue in gone or (i and before is None):
                wrong.append(f"{name}, {venue}: only from {told} on")
            seen[venue] = (told, usd)
        gone = seen.keys() - here.keys()
    return wrong


def loads(stated: Assessment, factors: Sequence[float]) -> list[tuple[str, Assessment]]:
    return [(f"{f:.1f} x the load", at_load(stated, f)) for f in factors]


def targets(
    stated: Assessment, key: str, shares: Sequence[float]
) -> Iterator[tuple[str, Assessment]]:
    for share in shares:
        changed = stated
        for n, workload in enumerate(stated.workloads):
            limit = getattr(workload.targets, key)
            if limit is not None:
                changed = with_value(changed, f"workloads[{n}].targets.{key}", limit * share)
        yield f"{key} x {share:g}", changed


def limits(
    stated: Assessment, path: str, shares: Sequence[float]
) -> Iterator[tuple[str, Assessment]]:
    now = get_value(stated, path)
    for share in shares:
        value = now * share
        whole = isinstance(now, int)
        yield (
            f"{path} x {share:g}",
            with_value(stated, path, max(round(value), 1) if whole else value),
        )


def test_more_load_and_a_tighter_target_never_cost_less() -> None:
    stated = example("bank_chat")
    assert never_cheaper(loads(stated, (1.0, 1.3, 1.9, 3.0)), "bank") == []
    assert never_cheaper([*targets(stated, "tpot_ms", (1.4, 1.0, 0.6))], "bank") == []


@pytest.mark.full
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_example_gets_cheaper_by_more_load(name: str) -> None:
    assert never_cheaper(loads(example(name), LOADS), name) == []


@pytest.mark.full
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_example_gets_cheaper_by_a_tighter_target(name: str) -> None:
    stated = example(name)
    wrong = []
    for key in TARGETS:
        if any(getattr(w.targets, key) is not None for w in stated.workloads):
            wrong += never_cheaper([*targets(stated, key, SHARES)], name)
    assert wrong == []


@pytest.mark.full
@pytest.mark.parametrize("name", EXAMPLES)
def test_no_example_gets_cheaper_by_a_narrower_limit(name: str) -> None:
    stated = example(name)
    wrong = []
    for path in LIMITS:
        if get_value(stated, path) is not None:
            wrong += never_cheaper([*limits(stated, path, NARROWER)], name)
    assert wrong == []
