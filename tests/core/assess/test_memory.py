"""A run that takes over from an earlier one gives the answer it would give alone."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from core.assess import assess
from core.assessment import Assessment, with_value
from core.memory import KEPT, Memory
from tests.core.assess.cases import AS_OF, small_catalog

EDITS = [
    ("workloads[0].users", 777),
    ("workloads[0].targets.ttft_ms", 900.0),
    ("workloads[0].output_tokens_mean", 150.0),
    ("site.rack_power_kw", 30.0),
    ("economics.horizon_years", 4),
    ("workloads[0].users", 5000),
]


def test_every_edit_is_answered_as_if_it_were_the_first_run() -> None:
    memory, assessment = Memory(), Assessment()
    for path, value in EDITS:
        assessment = with_value(assessment, path, value)
        remembered = assess(assessment, small_catalog(), as_of=AS_OF, memory=memory)
        assert remembered == assess(assessment, small_catalog(), as_of=AS_OF)


def test_edits_of_demand_and_money_find_their_candidates_again() -> None:
    memory, assessment = Memory(), Assessment()
    assess(assessment, small_catalog(), as_of=AS_OF, memory=memory)
    known = dict(memory.solved(assessment, small_catalog()))
    more = with_value(assessment, "workloads[0].users", 4321)
    assess(more, small_catalog(), as_of=AS_OF, memory=memory)
    again = memory.solved(more, small_catalog())
    assert all(again[key] is candidates for key, candidates in known.items())
    # new are at most those of another winner's general-purpose reference: one accelerator
    assert all(len(key[1][2] or ()) == 1 for key in again.keys() - known.keys())  # type: ignore[index]  # (question, (distances, policy, hardware))


@pytest.mark.parametrize("what", ["catalog", "models"])
def test_another_basis_forgets(what: str) -> None:
    memory, assessment, catalog = Memory(), Assessment(), small_catalog()
    assess(assessment, catalog, as_of=AS_OF, memory=memory)
    assert memory.solved(assessment, catalog)
    if what == "catalog":
        catalog = catalog.subset(accelerators=("h100-sxm",))
    else:
        own = dataclasses.replace(next(iter(catalog.models.values())), id="own")
        assessment = dataclasses.replace(assessment, custom_models=(own,))
    assert memory.solved(assessment, catalog) == {}


def test_no_more_is_kept_than_a_few_states_need() -> None:
    memory = Memory()
    known: Any = memory.solved(Assessment(), small_catalog())
    known.update(dict.fromkeys(range(KEPT + 5)))
    assert list(memory.solved(Assessment(), small_catalog())) == list(range(5, KEPT + 5))
