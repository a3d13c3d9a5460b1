"""What ``analyse`` finds with many re-runs: plain immutable results beside a recommendation.

Read through ``core.recommendation``, like all results.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.catalog.types import Provenance
from core.words import _


@dataclass(frozen=True, slots=True)
class OptionUncertainty:
    """An option over the sampled futures."""

    option_id: str
    usd_per_mtok_p10: float
    usd_per_mtok_p50: float
    usd_per_mtok_p90: float
    win_probability: float
    """Share of the futures in which the rules of the ranking would recommend it."""
    regret_usd: float
    """Expected extra present cost of choosing it instead of what turns out cheapest."""
    regret_p90_usd: float | None = None
    """The same in the worst tenth: nine of ten sampled futures cost no more than this extra."""


@dataclass(frozen=True, slots=True)
class Lead:
    """The recommended option against the runner-up, both in the same sampled futures."""

    option_id: str
    second_id: str
    best_share: float
    """Share of the futures in which the recommended option is best of all."""
    cheaper_share: float
    """Share in which it costs less than the runner-up."""
    extra_p10: float
    """What the runner-up costs more, as a share of this one's cost in the same future."""
    extra_p50: float
    extra_p90: float
    rival_title: str = ""
    """The other option that is best in most of the futures, "" where it is never another."""
    rival_share: float = 0.0
    """Share of the futures in which that one is best."""


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """What one input does to the winner's lead (runner-up minus winner, USD per Mtok)."""

    key: str
    label: str
    low_input: str
    high_input: str
    gap_at_low: float
    gap_at_high: float


@dataclass(frozen=True, slots=True)
class SwitchPoint:
    """The value of one input at which another option becomes best."""

    path: str
    label: str
    current: str
    switches_at: str | None
    """``None``: no switch within the range tried."""
    new_winner: str
    """"" where no option is feasible there (or nothing switches)."""
    verified: bool
    """Re-running ``assess`` on both sides confirmed it."""
    tried: str = ""
    """The values that were tried, from the lowest to the highest; "" where none was: no option
    pays that price."""
    value: float | None = None
    """``switches_at`` as a number: a multiple, a share, a price or years."""
    because: str = ""
    """Why the new winner is best there, in a sentence with figures; "" where nothing switches."""

    @property
    def outcome(self) -> str:
        """What is best there, in words; "" where nothing switches."""
        if self.switches_at is None:
            return ""
        return self.new_winner or _("no option is feasible")


@dataclass(frozen=True, slots=True)
class LeverEffect:
    """One operational-tuning lever on the user's own case, computed by the engine."""

    key: str
    label: str
    cost_change: float | None
    """Relative change of cost per million tokens (-0.2 is 20 % cheaper)."""
    ttft_change: float | None
    tpot_change: float | None
    power_change: float | None
    skill_level: int
    in_use: bool
    note: str
    published: str
    provenance: Provenance
    applies: bool = True
    """False: it can do nothing here; ``note`` says because of what. Levers come in the order to
    try them, then those in use, then those that do not apply."""
    against_inputs: bool = False
    """The inputs rule it out as they stand, as fewer bits than the least precision accepted."""
    beyond_published: bool = False
    """It saves more here than the best published gain in throughput would."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to an inverse question ("how many users fit 40 kW?"), found by root search."""

    key: str
    """``most_demand``, ``makes_win``, ``options_within``, ``tightest_ttft_ms``,
    ``tightest_tpot_ms`` or ``least_demand``."""
    question: str
    answer: str
    """Sentences with the numbers."""
    value: float | None
    """What was found, in ``unit``; ``None`` where nothing in the range tried is an answer."""
    unit: str
    option_title: str
    """The option that the answer holds for, "" where there is none."""
    verified: bool
    """Re-running the whole pipeline on both sides confirmed it."""


@dataclass(frozen=True, slots=True)
class InputChange:
    """One input and the value it would need."""

    path: str
    label: str
    current: str
    needed: str
    value: float | int | str | bool | tuple[str, ...]
    """What is needed, as the assessment holds it at ``path``."""


@dataclass(frozen=True, slots=True)
class SmallestChange:
    """What would admit a rejected option, found by search over the inputs and the catalog."""

    option_id: str
    option_title: str
    """As it would be admitted, which may take another number of machines; else as it stands."""
    changes: tuple[InputChange, ...]
    """All needed together, each as small as it can be; empty where no input admits the option."""
    usd_per_mtok: float | None
    """Levelised cost once admitted."""
    rank: int | None
    """Its place among the feasible options then."""
    load: float | None
    """Largest multiple of the stated demand (below 1) that admits it without any change."""
    instead: str
    """Best feasible option of the same venue, "" where there is none."""
    sentence: str
    verified: bool
    """Re-running the pipeline admits it at these values, and refuses it just short of each."""
    other_ways: tuple[tuple[InputChange, ...], ...] = ()
    """Other changes that admit it too, re-run: a higher limit where the first way is to lease."""


MOST_SEARCHED_WHOLE = 12
"""Workloads up to which the analysis asks everything. Every re-run works out all of them: with
more it follows ``FOLLOWED_OF_MANY`` options through the futures, asks no inverse questions by
itself, and searches the smallest change of the nearest rejected options only (seven minutes and
nine gigabytes for 100 workloads otherwise)."""
FOLLOWED_OF_MANY = 8


@dataclass(frozen=True, slots=True)
class Analysis:
    """What ``analyse`` adds to a recommendation with many re-runs."""

    samples: int
    seed: int
    uncertainty: tuple[OptionUncertainty, ...]
    stability: tuple[tuple[str, float], ...]
    """(option id, share of weight draws it wins)."""
    base_gap: float | None
    tornado: tuple[TornadoBar, ...]
    switch_points: tuple[SwitchPoint, ...]
    levers: tuple[LeverEffect, ...]
    input_ranges: tuple[tuple[str, str, str], ...]
    """(uncertain input, distribution in words, source)."""
    answers: tuple[Answer, ...] = ()
    """Inverse questions that every reader has, answered for this case."""
    smallest_changes: tuple[SmallestChange, ...] = ()
    """Of the rejected options that are nearest, and of those that would cost less."""
    regret: str = ""
    """What choosing the winner may cost against what turns out cheapest, in a sentence."""
    futures: tuple[str, ...] = ()
    """What a future moves and what "best" counts in it; then, where another option is best in more
    of them than the winner, that and why."""
    lead: Lead | None = None
    """``None`` without a priced runner-up."""
    confidence: Literal["high", "medium", "low"] | None = None
    """How surely the winner is held, now that its lead was sampled; so the reason. ``None``
    where nothing was sampled."""
    confidence_reason: str = ""

    def uncertainty_of(self, option_id: str) -> OptionUncertainty | None:
        """An option's row in the sampled futures; ``None`` where it was not followed."""
        return next((row for row in self.uncertainty if row.option_id == option_id), None)
