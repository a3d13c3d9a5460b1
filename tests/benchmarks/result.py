"""One line of the benchmark's table, and how work is timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


class SkippedError(Exception):
    """A measurement cannot be made here; the message says why."""


@dataclass(frozen=True)
class Result:
    """What was measured, the target it has, and details."""

    name: str
    value: float
    target: float
    unit: str
    detail: str = ""

    def __str__(self) -> str:
        verdict = "met" if self.value <= self.target else "MISSED"
        return (
            f"{self.name:<44} {self.value:>9,.4g} {self.unit:<3} "
            f"target {self.target:>6,.4g}  {verdict:<7} {self.detail}"
        )


def best_ms(work: Callable[[], object], repeats: int = 3) -> float:
    """Least processor time of some runs, after a warm-up: other work on the machine adds."""
    work()
    found = []
    for _run in range(repeats):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found) * 1e3
