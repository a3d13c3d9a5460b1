"""Why each option wins, loses or is rejected, in a sentence."""

from __future__ import annotations

from core.decision import verdicts
from core.decision.leading import ahead_alone, level, outpriced
from core.decision.reasons import compared
from core.decision.standings import leads, points_of, usd_of
from core.decision.wording import (
    listed,
    lower_first,
    money,
    points_apart,
    price_per_mtok,
    tenths,
    tenths_apart,
)
from core.notation import semicolons
from core.recommendation import (
    Currency,
    Option,
    Score,
)
from core.words import _


def why_wins(best: Option, second: Option | None, currency: Currency) -> str:
    """What puts the first option before the second, in points and money."""
    total = _("{total_score} of 100 points").format(total_score=tenths(best.total_score or 0.0))
    if second is None:
        return _("The only feasible option: {total}.").format(total=total)
    first = [t for t in leads(best, second) if t[0] > 0][:2]
    gained = (
        listed([f"{lower_first(own.label)}{_more(own, rival)}" for _lead, own, rival in first])
        if first
        else _("the sum of small differences")
    )
    own, other = usd_of(best), usd_of(second)
    at = (
        _(" at {own} against {other}").format(
            own=price_per_mtok(own, currency), other=money(other, currency)
        )
        if own is not None and other is not None
        else ""
    )
    if level(best, second):
        return _(
            "Level with {title}, less than a point apart{at}. Of all that are level with the "
            "highest score the cheapest leads; the others stand by their score."
        ).format(title=second.title, at=at)
    alone = ahead_alone(best, second)
    if alone:
        text = _(
            "{total} against {total_score} for {title}{at}: what puts that one ahead ({criteria}) "
            "does not apply to this option, and on all the rest together it is behind."
        )
    elif outpriced(best, second):
        text = _(
            "{total} against {total_score} for {title}{at}: beyond twice the cost of another "
            "option, every further doubling must bring points that this lead does not."
        )
    else:
        text = _("Wins with {total} against {total_score} for {title}{at}, mainly by {gained}.")
    return text.format(
        total=total,
        total_score=tenths(second.total_score or 0.0),
        title=second.title,
        at=at,
        criteria=listed([lower_first(s.label) for s in alone]) if alone else "",
        gained=gained,
    )


TOLD_POINTS = 0.05
"""Points of the total from which a criterion's share in it is told: less rounds to none."""


def why_loses(option: Option, best: Option, currency: Currency) -> str:
    """How far another option is behind the best one, and in what."""
    total, other = best.total_score or 0.0, option.total_score or 0.0
    own, lead = usd_of(option), usd_of(best)
    parts = []
    if own is not None and lead:
        if own > lead * 1.005:
            parts.append(
                _("{price} is {compared}").format(
                    price=price_per_mtok(own, currency), compared=compared(own / lead, best.title)
                )
            )
        elif own < lead * 0.995:
            parts.append(_("cheaper at {own}").format(own=price_per_mtok(own, currency)))
    worst = [t for t in leads(best, option) if t[0] >= TOLD_POINTS and t[1].key != "cost"][:1]
    for _lead, score, rival in worst:
        less = _apart(score, rival)
        text = (
            _("weaker in {label}: {value} against {value2} (−{lead_points} points)")
            if less > 0
            else _("weaker in {label}: {value} against {value2}")
        )
        parts.append(
            text.format(
                label=lower_first(score.label),
                value=points_of(rival),
                value2=points_of(score),
                lead_points=tenths(less),
            )
        )
    if level(option, best):
        if not parts:
            return _("Level with {title}.").format(title=best.title)
        return _("Level with {title}: {parts}.").format(title=best.title, parts=semicolons(parts))
    text = semicolons(parts) or _("close in every criterion")
    if outpriced(best, option):
        return _("{points} ahead, but not worth it: {text}.").format(
            points=points_apart(other, total), text=text
        )
    return _("{points} behind: {text}.").format(points=points_apart(total, other), text=text)


def _apart(score: Score, rival: Score) -> float:
    """Points that a criterion adds to the one total and not to the other, as the tables tell."""
    return tenths_apart(score.contribution, rival.contribution)


def _more(score: Score, rival: Score) -> str:
    """``(+1.5)``, or nothing where other weights of the other option hide the lead in points."""
    more = _apart(score, rival)
    return f" (+{tenths(more)})" if more > 0 else ""


def why_rejected(option: Option, best: Option | None, currency: Currency) -> str:
    """Which limits an option breaks, and its cost where it is below the best one's."""
    text = verdicts.rejection(option)
    own, lead = usd_of(option), None if best is None else usd_of(best)
    if own is not None and lead and own < lead * 0.995:
        text += _(" It would cost {own}.").format(own=price_per_mtok(own, currency))
    return text
