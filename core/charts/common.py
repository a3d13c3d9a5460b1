"""Which options a chart shows, and what they are called on it."""

from __future__ import annotations

from core.recommendation import Option, Recommendation
from core.words import _

ROW_LIMIT = 12


def ranked(
    recommendation: Recommendation, chosen: Option | None = None, limit: int = ROW_LIMIT
) -> tuple[Option, ...]:
    """The options to compare: feasible ones, best first; where none is, the nearest rejected.

    The best of each venue comes before the second of any, so that twenty hosted services do not
    hide everything else. ``chosen`` is always among them, last where it would not be by rank.
    """
    options = recommendation.options or recommendation.rejected
    venues: set[str] = set()
    heads: list[int] = []
    others: list[int] = []
    for place, item in enumerate(options):
        (others if item.venue in venues else heads).append(place)
        venues.add(item.venue)
    places = sorted([*heads, *others][:limit])
    shown = [options[place] for place in places]
    if chosen is not None and all(o.id != chosen.id for o in shown):
        shown[max(limit - 1, 0) :] = [chosen]
    return tuple(shown)


def subject(recommendation: Recommendation, option: Option | None) -> Option | None:
    """The option a detail chart is about: the chosen one, else the recommended one."""
    return option if option is not None else recommendation.winner


def nothing_feasible() -> str:
    """Why a detail chart is absent."""
    return _("No option is feasible. Choose a rejected option to see its details.")


def short(option: Option) -> str:
    """An option's name on a chart, its rank before it."""
    return f"{option.rank}. {option.title}" if option.rank is not None else option.title


def per_mtok(code: str) -> str:
    """Unit of a levelised cost."""
    return _("{code} per million tokens").format(code=code)
