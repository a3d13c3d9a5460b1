"""Why another option is the best on the far side of a switch point, from the two rankings."""

from __future__ import annotations

from core.analysis.narrow import Ranked
from core.decision import verdicts
from core.decision.leading import level, outpriced
from core.decision.standings import leads, points_of, score_of, usd_of
from core.decision.wording import money
from core.recommendation import Currency, Option, Score
from core.words import _

MOST_OF = 0.5
"""Share of all that moves towards the new first option from which one criterion tells it alone."""


def because(before: Ranked, after: Ranked, currency: Currency) -> str:
    """One sentence with its figures: a limit that is met or broken now, else what moves the points.

    "" where the first of either ranking is not known.
    """
    old, new = before.winner, after.winner
    if old is None or new is None:
        return _broken(old, after) if old is not None else _met(new, before)
    old_then, new_now = _same(old, after), _same(new, before)
    if old_then is None or not old_then.feasible:
        return _broken(old, after)
    if new_now is None or not new_now.feasible:
        return _met(new, before)
    if outpriced(new, old_then):
        text = _("{title} then costs {other} against its {own}, and its points do not earn that.")
        return _costs(text, old_then, new, currency)
    moved = _moved((old, new_now), (old_then, new), currency)
    if not (level(new, old_then) and _cheaper(new, old_then)):
        return moved
    text = _("The two are then level on points, and it is the cheaper: {own} against {other}.")
    if all(_cost(option, currency) in moved for option in (new, old_then)):
        text = _("The two are then level on points, and it is the cheaper.")  # as told before
    return f"{moved} {_costs(text, old_then, new, currency)}".strip()


def _same(option: Option, ranked: Ranked) -> Option | None:
    """The option in another ranking: the same one, else the same venue and hardware."""
    every = (*ranked.options, *ranked.rejected)
    exact = next((o for o in every if o.id == option.id), None)
    place = option.id.split(":", 1)[0]
    return exact or next((o for o in every if o.id.split(":", 1)[0] == place), None)


def _broken(option: Option, after: Ranked) -> str:
    """The limit that the present first option breaks then."""
    then = _same(option, after)
    gate = verdicts.binding(then.gates) if then is not None else None
    if then is None or gate is None:
        return ""
    text = _("{title} then fails on {limit}: {message}")
    return text.format(title=then.title, limit=verdicts.named(gate), message=gate.message)


def _met(option: Option | None, before: Ranked) -> str:
    """The limit that the new first option breaks at the present value."""
    now = None if option is None else _same(option, before)
    gate = verdicts.binding(now.gates) if now is not None else None
    if now is None or gate is None:
        return ""
    text = _("It then keeps a limit that it fails on now ({limit}): {message}")
    return text.format(limit=verdicts.named(gate), message=gate.message)


def _cheaper(one: Option, other: Option) -> bool:
    own, theirs = usd_of(one), usd_of(other)
    return own is not None and theirs is not None and own < theirs


def _costs(text: str, old: Option, new: Option, currency: Currency) -> str:
    return text.format(title=old.title, own=_cost(new, currency), other=_cost(old, currency))


def _moved(before: tuple[Option, Option], after: tuple[Option, Option], currency: Currency) -> str:
    """The criterion, or two, that bring the new first option nearer and past the old one."""
    now = {score.key: lead for lead, score, _rival in leads(before[1], before[0])}
    swings = sorted(
        (
            (lead - now.get(score.key, 0.0), score, rival)
            for lead, score, rival in leads(after[1], after[0])
        ),
        key=lambda item: (-item[0], item[1].key),
    )
    towards = [item for item in swings if item[0] > 0.0]
    if not towards:
        return ""
    whole = sum(item[0] for item in towards)
    told = towards[: 1 if towards[0][0] >= MOST_OF * whole else 2]
    parts = [_one(item[1], item[2], before, after, currency) for item in told]
    return " ".join(parts)


def _one(
    score: Score,
    rival: Score,
    before: tuple[Option, Option],
    after: tuple[Option, Option],
    currency: Currency,
) -> str:
    """What one criterion is for both, then and now; costs in money, others in points."""
    (old, new_now), (old_then, new) = before, after
    if score.key == "cost":
        text = _("Cost: {own} against {other} of {title}; now {own_now} against {other_now}.")
        own, other, own_now, other_now = (
            _cost(option, currency) for option in (new, old_then, new_now, old)
        )
        return text.format(
            own=own, other=other, own_now=own_now, other_now=other_now, title=old_then.title
        )
    was, rival_was = score_of(new_now, score.key) or score, score_of(old, score.key) or rival
    gained = abs((score.counted or 0.0) - (was.counted or 0.0))
    lost = abs((rival.counted or 0.0) - (rival_was.counted or 0.0))
    # told of the one that moved
    told, reason = (new.title, score.reason) if gained > lost else (old_then.title, rival.reason)
    text = _(
        "{title} then: {reason} {label}: {points} of 100 points against {other}; now {points_now} "
        "against {other_now}."
    )
    pairs = [(score, rival), (was, rival_was)]
    if gained <= lost:
        pairs = [(theirs, own) for own, theirs in pairs]
    (points, other), (points_now, other_now) = ((points_of(x), points_of(y)) for x, y in pairs)
    return text.format(
        title=told,
        reason=reason,
        label=score.label,
        points=points,
        other=other,
        points_now=points_now,
        other_now=other_now,
    )


def _cost(option: Option, currency: Currency) -> str:
    return money(usd_of(option) or 0.0, currency)
