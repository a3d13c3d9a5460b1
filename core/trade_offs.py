"""What a choice costs: the winner beside cheaper options, and the limits beside none.

Plain results, read through ``core.recommendation`` like all others. US dollars.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gain:
    """What the recommended option does better than a cheaper one, in one criterion."""

    key: str
    """Key of the criterion."""
    text: str
    """In words, with both figures."""
    points: float
    """What it adds to the winner's lead, of 100."""


@dataclass(frozen=True, slots=True)
class TradeOff:
    """A feasible option that costs less than the recommended one, and what the difference buys."""

    option_id: str
    option_title: str
    usd_per_mtok: float
    """How much more the recommended option costs per million tokens (levelised, positive)."""
    usd_per_month: float
    """The same as an equal monthly amount over the horizon (present value spread by annuity)."""
    share: float
    """The same over the cheaper option's cost (0.4: 40 % more)."""
    gains: tuple[Gain, ...]
    """What the recommended option does better, what weighs most first."""
    open_questions: int
    """Conditions of the cheaper option that the recommended one does not have."""
    sentence: str


@dataclass(frozen=True, slots=True)
class LimitPrice:
    """The cheapest option that only the user's own limits reject, and what keeping them costs.

    Held against the cheapest option that is known to keep every such limit, so that this and a
    ``TradeOff`` with that option add up.
    """

    option_id: str
    option_title: str
    limits: tuple[str, ...]
    """Labels of every limit that rejects it; all would have to be lifted."""
    gate_keys: tuple[str, ...]
    """The same as keys of gates."""
    option_usd_per_mtok: float
    """Levelised cost of the rejected option."""
    allowed_id: str
    """The cheapest option that keeps every limit."""
    allowed_title: str
    allowed_usd_per_mtok: float
    usd_per_mtok: float
    """What keeping the limits costs per million tokens: the difference of the two (positive)."""
    usd_per_month: float
    """The same as an equal monthly amount over the horizon (present value spread by annuity)."""
    open_questions: int
    """Conditions of the rejected option that would still have to be confirmed."""
    sentence: str
