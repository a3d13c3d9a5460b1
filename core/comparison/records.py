"""What a comparison is: scenarios beside each other, rows of what they say and what they get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.comparison.alignment import Slot
from core.recommendation import Currency, Recommendation, Serving

Better = Literal["lower", "higher", ""]
DASH = "–"
"""The text where something is unknown or does not apply."""


COSTS_PER_TOKEN = ("usd_per_mtok", "venue.")
"""Beginnings of the keys of costs per million tokens."""
PER_TOKEN = (*COSTS_PER_TOKEN, "utilisation")
"""The same of results that can be compared where the work differs."""
SUMS = ("npv_usd", "savings_npv_usd")
"""Keys of sums over the whole time, which say nothing beside those of another horizon."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One of the answers compared, under a name that no other of them has."""

    name: str
    recommendation: Recommendation

    def serving(self, place: int | None) -> Serving | None:
        """How the recommended option serves the workload at a place; ``None`` without either."""
        answer = self.recommendation
        if place is None or answer.winner is None:
            return None
        name = answer.assessment.workloads[place].name
        return next((s for s in answer.winner.servings if s.workload == name), None)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing in every scenario; the tuples hold one item a scenario, the first is the base."""

    key: str
    section: str
    """Heading it belongs under."""
    label: str
    unit: str
    """Of ``values``; money is in the comparison's currency. "" for words."""
    texts: tuple[str, ...]
    """As a person reads it, unit included."""
    values: tuple[float | None, ...]
    """``None``: unknown, not applicable, or not a number."""
    better: Better = ""
    """Which direction is an improvement, where there is one."""

    @property
    def differs(self) -> bool:
        """Whether the scenarios do not all say the same."""
        return len(set(self.texts)) > 1

    @property
    def changes(self) -> tuple[float | None, ...]:
        """Each value relative to the first: 0.1 is a tenth more.

        ``None`` where unknown, or where the first is not above zero and a ratio says nothing.
        """
        base = self.values[0]
        return tuple(
            None if value is None or base is None or base <= 0 else value / base - 1.0
            for value in self.values
        )

    @property
    def best(self) -> frozenset[int]:
        """The scenarios with the best value; empty where all known values are alike."""
        known = {i: value for i, value in enumerate(self.values) if value is not None}
        if not self.better or len(set(known.values())) < 2:
            return frozenset()
        best = min(known.values()) if self.better == "lower" else max(known.values())
        return frozenset(i for i, value in known.items() if value == best)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two or more scenarios side by side."""

    scenarios: tuple[Scenario, ...]
    currency: Currency
    """The first scenario's; every amount is in it."""
    workloads: tuple[Slot, ...]
    """Which workload of one scenario stands beside which of another."""
    inputs: tuple[Row, ...]
    """The inputs that differ, in the order of the wizard."""
    results: tuple[Row, ...]
    """Key results, equal ones too."""
    notes: tuple[str, ...]
    """What a reader must know: other dates, versions, currencies or other work."""
    same_work: bool = True
    """Whether every scenario serves the same tokens with the same models; else only figures per
    token can be held against each other."""

    def money(self, usd: float) -> float:
        """US dollars in the comparison's currency."""
        return usd * self.currency.per_usd

    def comparable(self, row: Row) -> bool:
        """Whether the scenarios' values of a result can be held against each other.

        Of different work only what is told per token can, of different horizons no sum over time.
        """
        alike = self.same_work or row.key.startswith(PER_TOKEN)
        years = {s.recommendation.assessment.economics.horizon_years for s in self.scenarios}
        return alike and (len(years) == 1 or row.key not in SUMS)

    def best(self, row: Row) -> frozenset[int]:
        """The scenarios with the best value of a result; empty where that says nothing."""
        return row.best if self.comparable(row) else frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """The scenarios' names."""
        return tuple(scenario.name for scenario in self.scenarios)
