"""A rejected option, worked out again at other inputs, and what it fails there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from core.analysis.narrow import Narrow
from core.assessment import Assessment
from core.decision import verdicts
from core.recommendation import Option
from core.serving import LATENCY_KEYS

MOST_TIMES_DEARER = 5.0
"""An admitted option may cost so many times what it is costed at as rejected (judgement)."""


@dataclass(frozen=True)
class Case:
    """A rejected option, re-run alone."""

    narrow: Narrow
    option: Option
    run: Callable[[Assessment], Option | None]

    def sensible(self, found: Option | None) -> bool:
        """Whether the option exists and costs within reason.

        A target that is only just met leaves a replica next to no load: thousands of servers
        would "admit" it.
        """
        usd = None if found is None or found.cost is None else found.cost.usd_per_mtok.base
        now = 0.0 if self.option.cost is None else self.option.cost.usd_per_mtok.base
        return usd is not None and usd <= MOST_TIMES_DEARER * now

    def answers(
        self, assessment: Assessment, key: str, before: Counter[str], *, alone: bool
    ) -> bool:
        """Whether the option fails fewer limits of some kind at some inputs than ``before``.

        ``alone``: and none of another kind that it did not fail.
        """
        found = self.run(assessment)
        if found is None:
            return False
        there = failing(found)
        if there[key] >= before[key] or (alone and not there <= before):
            return False
        return key not in LATENCY_KEYS or self.sensible(found)

    def admitted(self, assessment: Assessment) -> bool:
        """Whether the option is feasible at some inputs."""
        found = self.run(assessment)
        return found is not None and found.feasible and self.sensible(found)


def failing(option: Option) -> Counter[str]:
    """Limits of each kind that an option fails: each workload has its own."""
    return Counter(g.key for g in verdicts.failures(option.gates))
