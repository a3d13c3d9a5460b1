"""Why the best option is best: its leads over the next one, else its own strengths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.decision import hosted
from core.decision.against_rejected import against_rejected
from core.decision.leading import ahead_alone, level, outpriced
from core.decision.standings import leads, points_of, score_of, times_of, usd_of
from core.decision.wording import (
    listed,
    lower_first,
    money,
    number,
    percent,
    points,
    price_per_mtok,
)
from core.notation import after_label, local
from core.recommendation import Currency, Option, Score
from core.words import N_, _, ngettext

MOST = 3
NO_WEAKNESS = 25.0
"""Points below which a lead is not told as a strength: the lowest quarter of the scale."""
SMALLEST_LEAD = 0.25
"""Points on a criterion below which it is no reason to choose anything."""
WORTH_NAMING = 40.0
"""A criterion below this many points is not named as a strength."""
TELLS_APART = 5.0
"""Points by which another option must be behind for a strength to tell the two apart."""
TOLD_SHARE = 0.5
"""Share of the other options that must be behind for a strength to be a reason."""
AS_PLAIN = 50.0
"""Below this, carbon is more than plain hardware's: less of it than a rival's is no reason."""
FULLY = 100.0
"""Below this, hardware is told to be used less, or more, than is aimed at."""
CHEAPER_SHARE = 0.25
"""Share of the other options with a known cost beyond which, if they cost less, cost is no reason:
an option that every fourth undercuts is not chosen for its cost."""
NEARLY_CHEAPEST = 1.1
"""A cost above this multiple of the cheapest option's speaks against an option."""
AHEAD = {
    "memory_bandwidth": N_("More memory bandwidth to spare"),
    "latency": N_("Further inside the latency targets"),
    "power_density": N_("Easier to power and cool"),
    "utilization": N_("Hardware used better"),
    "tuning": N_("Less tuning needed"),
    "carbon": N_("Less carbon"),
    "time": N_("In service sooner"),
    "control": N_("More control over data and model"),
}
"""A lead in words, by criterion; the cost has sentences of its own."""


def compared(ratio: float, name: str) -> str:
    """A cost ratio of at least 1 in words: ``12 % dearer than X``, ``3.4 times the cost of X``."""
    if ratio < 1.005:
        return _("level with {name}").format(name=name)
    return (
        _("{ratio} dearer than {name}").format(ratio=percent(ratio - 1.0), name=name)
        if ratio < 2
        else _("{ratio} times the cost of {name}").format(ratio=number(ratio), name=name)
    )


def reasons_of(
    best: Option,
    second: Option | None,
    options: Sequence[Option],
    currency: Currency,
    rejected: Sequence[Option] = (),
) -> tuple[str, ...]:
    """At most three sentences, the weightiest first; each tells the option from others.

    ``second`` is what it is held against, ``options`` all feasible ones, best first.
    """
    found: dict[str, str] = {}
    if second is not None:
        for lead, score, rival in leads(best, second):
            if lead < SMALLEST_LEAD or len(found) >= MOST:
                break
            if score.key != "cost" and not _is_strong(score, NO_WEAKNESS):
                continue  # less weak than another is no reason to choose it
            text = (
                _cheaper(best, second, options, currency)
                if score.key == "cost"
                else _("{get}: {reason} {points}; {rival} has {value}.").format(
                    get=_(AHEAD[score.key]) if score.key in AHEAD else score.label,
                    reason=score.reason,
                    points=_points(score),
                    rival=_named(second, best),
                    value=points_of(rival) if rival.value is None else points(rival.value),
                )
            )
            if text:
                found[score.key] = text
    # with a single option, or a lead from few criteria: its own strongest contributions
    for score in sorted(best.scores, key=lambda s: (-s.contribution, s.key)):
        if len(found) >= MOST:
            break
        if score.key in found or not _is_strong(score, WORTH_NAMING):
            continue
        text = (
            _own_cost(best, options, currency)
            if score.key == "cost"
            else _strength(score, options[1:])
        )
        if text:
            found[score.key] = text
    told = [
        *found.values(),
        *hosted.strengths(best),
        *against_rejected(options, rejected, currency),
        *_in_points(options),
    ]
    return tuple(told[:MOST])


def _is_strong(score: Score, points: float) -> bool:
    """Whether a criterion's own words speak for the option, and not against it."""
    least = {"utilization": FULLY, "carbon": AS_PLAIN}.get(score.key, points)
    return score.value is not None and score.value >= least


def _strength(score: Score, others: Sequence[Option]) -> str:
    """A strength of its own; "" where most of the others have it too."""
    if not others:
        return after_label(score.label, f"{score.reason} {_points(score)}.")
    values = [s.counted for o in others if (s := score_of(o, score.key)) is not None]
    fewer = sum(1 for v in values if v is not None and (score.value or 0.0) - v >= TELLS_APART)
    if fewer < TOLD_SHARE * len(others):
        return ""
    text = ngettext(
        "{reason} {points}; {n} of {all} other options has fewer.",
        "{reason} {points}; {n} of {all} other options have fewer.",
        fewer,
    ).format(reason=score.reason, points=_points(score), n=fewer, all=len(others))
    return after_label(score.label, text)


def _in_points(options: Sequence[Option]) -> Iterator[str]:
    """How the first stands in points."""
    best, second = options[0], options[1] if len(options) > 1 else None
    if second is not None:
        alone = ahead_alone(best, second)
        text = (
            _(
                "{points} of 100 points against {other} of the next option, which costs {times} "
                "times as much. What puts that one ahead ({criteria}) does not apply to the first; "
                "on all the rest together it is behind."
            )
            if alone
            else _(
                "{points} of 100 points against {other} of the next option, which costs {times} "
                "times as much: beyond twice the cost points have to earn it."
            )
            if outpriced(best, second)
            else _(
                "{points} of 100 points against {other} of the next option: level, and of level "
                "options the cheapest leads."
            )
            if level(best, second)
            else _("Highest score: {points} of 100 points; the next option has {other}.")
        )
        yield text.format(
            points=local(f"{best.total_score or 0.0:.1f}"),
            other=local(f"{second.total_score or 0.0:.1f}"),
            times=times_of(best, second),
            criteria=listed([lower_first(s.label) for s in alone]) if alone else "",
        )


def _named(rival: Option, best: Option) -> str:
    """What the option that is held against the winner is called."""
    if rival.venue == best.venue:
        return _("the next option")
    return _("{title} (the best option of any other venue)").format(title=rival.title)


def _points(score: Score) -> str:
    return _("{value} of 100 points").format(value=number(score.value or 0.0, 2))


def _cheaper(best: Option, second: Option, options: Sequence[Option], currency: Currency) -> str:
    """A lead in cost over the next option; "" where a price is not known."""
    own, other = usd_of(best), usd_of(second)
    if own is None or other is None:
        return ""
    cheapest, known = _cheapest(options)
    price = price_per_mtok(own, currency)
    if cheapest.id == best.id:
        following, _rest = _cheapest([o for o in options if o.id != best.id])
        shown = money(usd_of(following) or other, currency)
        text = (
            _(
                "Lowest cost: {price}, the cheapest of {known} feasible options; the next cheapest "
                "costs hardly more."
            )
            if shown == money(own, currency)
            else _(
                "Lowest cost: {price}, the cheapest of {known} feasible options; the next cheapest "
                "costs {other}."
            )
        )
        return text.format(price=price, known=known, other=shown)
    others = [usd for o in options[1:] if (usd := usd_of(o)) is not None]
    # a difference that is seen
    less = [usd for usd in others if usd < own and money(usd, currency) != money(own, currency)]
    if len(less) > CHEAPER_SHARE * len(others):
        return ""
    text = _("Cost: {price}; {rival} costs {other}.").format(
        price=price, rival=_named(second, best), other=money(other, currency)
    )
    if less:
        text += ngettext(
            " {n} of {all} other feasible options costs less and ranks lower: {title}, {low}.",
            " {n} of {all} other feasible options cost less and rank lower, the cheapest of them "
            "{title}, {low}.",
            len(less),
        ).format(
            n=local(f"{len(less):,}"),
            all=local(f"{len(options) - 1:,}"),
            title=cheapest.title,
            low=money(min(less), currency),
        )
    return text


def _own_cost(best: Option, options: Sequence[Option], currency: Currency) -> str:
    """What the option's cost is among the others; "" where that speaks for nothing."""
    own = usd_of(best)
    if own is None:
        return ""
    cheapest, known = _cheapest(options)
    text = _("Cost: {price}").format(price=price_per_mtok(own, currency))
    low = usd_of(cheapest)
    if cheapest.id == best.id:
        text += (
            _(", the cheapest of {known} feasible options").format(known=known) if known > 1 else ""
        )
    elif low and own > NEARLY_CHEAPEST * low:
        return ""
    elif low:
        text += f", {compared(own / low, _('the cheapest option'))} ({cheapest.title})"
    return f"{text}."


def _cheapest(options: Sequence[Option]) -> tuple[Option, int]:
    """The option with the lowest known cost, and how many costs are known."""
    known = [o for o in options if usd_of(o) is not None]
    return min(known, key=lambda o: (usd_of(o), o.id)), len(known)
