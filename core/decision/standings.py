"""Two options side by side: cost, points, and what each criterion adds to a lead."""

from __future__ import annotations

from core.decision.wording import (
    number,
)
from core.recommendation import Option, Score
from core.words import _

EVIDENCE_ORDER = ("measured", "calibrated", "extrapolated")


def usd_of(option: Option) -> float | None:
    """Levelised cost in US dollars per million tokens; ``None`` where no price is known."""
    return None if option.cost is None else option.cost.usd_per_mtok.base


def times_of(best: Option, second: Option) -> str:
    """The second option's cost as a multiple of the best one's."""
    return number((usd_of(second) or 0.0) / (usd_of(best) or 1.0), 2)


def score_of(option: Option, key: str) -> Score | None:
    """The criterion with this key."""
    return next((s for s in option.scores if s.key == key), None)


def points_of(score: Score) -> str:
    """Points in a sentence; what is not known says so."""
    if score.value is None:
        return _("not known")
    # no rating is known to hundredths; rounded once: 10.52 is 11, not 10.5 and then 10
    return number(score.value if score.value >= 10.0 else round(score.value, 1), 2)


def leads(best: Option, other: Option) -> list[tuple[float, Score, Score]]:
    """Criteria by what they add to the winner's lead over another option, largest first."""
    pairs = []
    for score in best.scores:
        rival = score_of(other, score.key)
        if rival is None or score.counted is None or rival.counted is None:
            continue
        weight = (score.weight + rival.weight) / 2.0
        pairs.append((weight * (score.counted - rival.counted), score, rival))
    return sorted(pairs, key=lambda t: (-t[0], t[1].key))


def worst_evidence(option: Option) -> str | None:
    """The weakest evidence grade of an option's workloads; ``None`` for a hosted API."""
    grades = [s.evidence for s in option.servings if s.evidence is not None]
    return max(grades, key=EVIDENCE_ORDER.index) if grades else None
