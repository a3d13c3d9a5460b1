"""How much demand: the amount that inverse questions search over, and how it is told."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

from core.analysis.narrow import at_load
from core.analysis.search import ladder
from core.assessment import Assessment
from core.assessment.fields import fields_of
from core.decision.wording import number
from core.decision.yardstick import peak_req_s
from core.notation import local
from core.words import _

WIDEST = 4096.0
"""Searched from 1/4096 to 4096 times the stated demand."""


@dataclass(frozen=True)
class Volume:
    """Demand as one number: users where one workload is entered by users, else multiples of it."""

    assessment: Assessment

    @property
    def whole(self) -> bool:
        """Whether the amount is a number of users."""
        works = self.assessment.workloads
        return len(works) == 1 and works[0].traffic_entry == "users"

    @property
    def unit(self) -> str:
        """``users``, or ``x`` for a multiple of what was stated."""
        return "users" if self.whole else "x"

    @property
    def now(self) -> float:
        """The amount stated."""
        return float(self.assessment.workloads[0].users) if self.whole else 1.0

    @property
    def least(self) -> float:
        """Smallest amount that is tried."""
        return 1.0 if self.whole else 1.0 / WIDEST

    @property
    def most(self) -> float:
        """Largest amount that is tried; within what the field allows."""
        if not self.whole:
            return WIDEST
        limit = dict(fields_of(self.assessment.workloads[0]))["users"].maximum
        return min(self.now * WIDEST, math.inf if limit is None else limit)

    def upward(self) -> list[float]:
        """Amounts to try from the stated one up."""
        return self.steps(self.now, self.most)

    def downward(self) -> list[float]:
        """Amounts to try from the stated one down."""
        return self.steps(self.now, self.least)

    def steps(self, start: float, end: float) -> list[float]:
        """Amounts to try from one to another, by doubling or halving."""
        steps = ladder(start, end)
        return list(dict.fromkeys(float(round(v)) for v in steps)) if self.whole else steps

    def counted(self, amount: float) -> bool:
        """Whether an amount is told to the last user: below a thousand."""
        return self.whole and amount < 1000.0

    def tried(self, amount: float) -> float:
        """The amount that ``at`` stands for: whole users."""
        return float(round(amount)) if self.whole else amount

    def at(self, amount: float) -> Assessment:
        """The assessment with another amount of demand, all else as stated."""
        if not self.whole:
            return self.assessment if amount == 1.0 else at_load(self.assessment, amount)
        (work,) = self.assessment.workloads
        changed = dataclasses.replace(work, users=round(amount))
        return dataclasses.replace(self.assessment, workloads=(changed,))

    def told(self, amount: float) -> str:
        """The amount with its peak rate: ``8,412 users (8.41 requests/s in the busiest hour)``."""
        rate = number(math.fsum(peak_req_s(w) for w in self.at(amount).workloads))
        if self.whole:
            users = _("1 user") if amount == 1 else _("{n} users").format(n=local(f"{amount:,.0f}"))
            return _("{users} ({rate} requests/s in the busiest hour)").format(
                users=users, rate=rate
            )
        return _("{factor} times the stated demand ({rate} requests/s in the busiest hour)").format(
            factor=number(amount), rate=rate
        )
