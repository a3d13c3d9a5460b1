"""Which workload of one scenario stands beside which of another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.assessment import Assessment

_NUMBER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Slot:
    """A workload of the comparison: its name, and its place in each scenario."""

    name: str
    places: tuple[int | None, ...]
    """``None``: the scenario has no such workload."""


def align(assessments: Sequence[Assessment]) -> tuple[Slot, ...]:
    """Workloads of the same name belong together; what is left over does so in order.

    A renamed workload is therefore compared with itself, a removed one with nothing.
    """
    names: list[str] = []
    places: list[list[int | None]] = []
    for number, assessment in enumerate(assessments):
        left = list(range(len(assessment.workloads)))
        free = list(range(len(names)))
        pairs: list[tuple[int, int]] = []
        for place in tuple(left):
            same = [s for s in free if names[s] == assessment.workloads[place].name]
            if same:
                pairs.append((same[0], place))
                free.remove(same[0])
                left.remove(place)
        pairs.extend(zip(free, left, strict=False))
        left = left[len(free) :]
        found = dict(pairs)
        for slot, row in enumerate(places):
            row.append(found.get(slot))
        for place in left:
            names.append(assessment.workloads[place].name)
            places.append([*([None] * number), place])
    return tuple(Slot(n, tuple(p)) for n, p in zip(names, places, strict=True))


def common_path(path: str, number: int, slots: Sequence[Slot]) -> str:
    """A path of scenario ``number`` with its workload's place among the slots instead."""
    match = _NUMBER.search(path)
    if match is None:
        return path
    place = int(match[1])
    slot = next(i for i, item in enumerate(slots) if item.places[number] == place)
    return f"{path[: match.start(1)]}{slot}{path[match.end(1) :]}"


def slot_of(path: str) -> int | None:
    """The slot that a common path is about; ``None`` where it is about no workload."""
    match = _NUMBER.search(path)
    return None if match is None else int(match[1])
