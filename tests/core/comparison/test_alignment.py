from __future__ import annotations

import dataclasses

from core.assessment import Assessment
from core.comparison.alignment import Slot, align, common_path


def called(*names: str) -> Assessment:
    first = Assessment().workloads[0]
    return Assessment(workloads=tuple(dataclasses.replace(first, name=n) for n in names))


def test_workloads_of_one_name_belong_together_wherever_they_stand() -> None:
    assert align([called("a", "b"), called("b", "a")]) == (Slot("a", (0, 1)), Slot("b", (1, 0)))


def test_a_removed_workload_stands_beside_nothing() -> None:
    found = align([called("a", "b", "c"), called("a", "c")])
    assert found == (Slot("a", (0, 0)), Slot("b", (1, None)), Slot("c", (2, 1)))


def test_a_renamed_workload_stands_beside_itself() -> None:
    assert align([called("a", "b"), called("a", "new")])[1] == Slot("b", (1, 1))


def test_an_added_workload_gets_a_place_of_its_own_in_every_later_scenario() -> None:
    found = align([called("a"), called("a", "b"), called("b", "a", "c")])
    assert found == (
        Slot("a", (0, 0, 1)),
        Slot("b", (None, 1, 0)),
        Slot("c", (None, None, 2)),
    )


def test_two_workloads_of_one_name_are_paired_in_order() -> None:
    assert align([called("a", "a"), called("a", "a", "a")]) == (
        Slot("a", (0, 0)),
        Slot("a", (1, 1)),
        Slot("a", (None, 2)),
    )


def test_paths_speak_of_the_shared_place() -> None:
    slots = align([called("a", "b"), called("b", "a")])
    assert common_path("workloads[0].targets.ttft_ms", 1, slots) == "workloads[1].targets.ttft_ms"
    assert common_path("site.racks", 1, slots) == "site.racks"
