"""Which value of an input makes a venue win?"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from core.analysis.inverse.telling import (
    NAMES,
    QuestionError,
    cheapest,
    excluded,
    field_at,
    in_a_sentence,
    priced,
    value_with_unit,
)
from core.analysis.narrow import MOST_TARIFF_USD, Narrow, Ranked
from core.analysis.search import confirmed, first, ladder
from core.assessment import Assessment, get_value, problems, with_value
from core.assessment.fields import Field
from core.notation import rounded
from core.recommendation import Answer, Option
from core.words import _

TARIFF = "economics.electricity_price_kwh"
MOST_USD = 1e12
"""Largest sum that is tried, US dollars; of electricity ``MOST_TARIFF_USD``."""
STEPS = 12
"""Values tried on either side before bisection, of a share or an input that is below zero."""


def makes_win(narrow: Narrow, path: str, venues: Sequence[str], *, by_cost: bool = False) -> Answer:
    """The value of a numeric input, nearest to the present one, at which a venue wins.

    ``venues`` are alternatives (``("public_cloud", "gpu_cloud")``: any cloud). To win is to be
    recommended or, ``by_cost``, to cost least of all feasible options. Searched over the whole
    range that the field allows, amounts up to the same worth in every currency. Raises
    ``QuestionError`` for an input that is not a number and for a venue that does not exist.
    """
    stated = narrow.recommendation.assessment
    spec = field_at(stated, path)
    if spec.kind not in ("number", "int", "share"):
        raise QuestionError(
            _("{path}: is not a number, so no value of it can be searched for").format(path=path)
        )
    unknown = [v for v in venues if v not in NAMES]
    if unknown or not venues:
        raise QuestionError(
            _("venues must be among {join}; got '{join2}'").format(
                join=", ".join(NAMES), join2=", ".join(venues)
            )
        )
    now = get_value(stated, path)
    if now is None and path == TARIFF:
        now = narrow.tariff
    wins = _("cheapest") if by_cost else _("recommended")
    question = _("What {label} makes {venues} {wins}?").format(
        label=in_a_sentence(spec), venues=_(" or ").join(_(NAMES[v]) for v in venues), wins=wins
    )
    unit = spec.unit or narrow.recommendation.currency.code
    blank = Answer("makes_win", question, "", None, unit, "", False)
    if now is None:
        text = _("There is no present value to search from: give one first.")
        return dataclasses.replace(blank, answer=text)

    def at(value: float) -> Assessment:
        return with_value(stated, path, round(value) if spec.kind == "int" else value)

    def winner(ranked: Ranked) -> Option | None:
        return cheapest(ranked.options) if by_cost else ranked.winner

    def holds(value: float, run: Callable[[Assessment], Ranked] = narrow.run_contenders) -> bool:
        best = winner(run(at(value)))
        return best is not None and best.venue in venues

    def nearest_miss(runs: list[tuple[float, Ranked]]) -> str:
        """How near the venues come to the cheapest at the ends of the range."""
        gaps = []
        for edge, ranked in runs:
            mine = cheapest([o for o in ranked.options if o.venue in venues])
            best = cheapest(ranked.options)
            if mine is not None and best is not None and mine.cost and best.cost:
                ratio = mine.cost.npv_usd / max(best.cost.npv_usd, 1e-9)
                gaps.append((ratio, edge, mine, best))
        if not gaps:
            return ""
        _ratio, edge, mine, best = min(gaps, key=lambda gap: gap[:2])
        return _(" They come nearest at {value}: there {option}, against {best}.").format(
            value=value_with_unit(spec, edge, narrow),
            option=priced(mine, narrow),
            best=priced(best, narrow),
        )

    here = winner(narrow.run_full(stated))
    if here is not None and here.venue in venues:
        text = _("{option} is {wins} already, at {now}.").format(
            option=here.title, wins=wins, now=value_with_unit(spec, now, narrow)
        )
        return dataclasses.replace(blank, answer=text, option_title=here.title)
    barred = excluded(narrow, venues, by_cost=by_cost)
    if barred:
        return dataclasses.replace(blank, answer=barred)
    if spec.money == "user":
        most = MOST_TARIFF_USD if path == TARIFF else MOST_USD
        # one figure: the end of a search is no amount that was worked out
        worth = rounded(most * narrow.recommendation.currency.per_usd, up=True, digits=1)
        top = worth if spec.maximum is None else min(spec.maximum, worth)
        spec = dataclasses.replace(spec, maximum=max(top, float(now)))
    found = [first(holds, values) for values in outward(spec, float(now))]
    turns = [turn for turn in found if turn is not None]
    if not turns:
        low, high = ends(spec, float(now))
        text = _("No value from {low} to {high}, all else as stated.").format(
            low=value_with_unit(spec, low, narrow), high=value_with_unit(spec, high, narrow)
        )
        if by_cost:
            tried = [edge for edge in (low, high) if not problems(at(edge))]
            text += nearest_miss([(edge, narrow.run_full(at(edge))) for edge in tried])
        return dataclasses.replace(blank, answer=text)
    turn = min(turns, key=lambda t: abs(t.holds - now))
    up, down = outward(spec, float(now))
    turn, verified = confirmed(
        turn,
        holds,
        lambda v: holds(v, narrow.run_full),
        up if turn.holds > now else down,
        whole=spec.kind == "int",
    )
    best = winner(narrow.run_full(at(turn.holds)))
    title = "" if best is None else best.title
    text = _("{value} instead of {now}: then {option} is {wins}.").format(
        value=value_with_unit(spec, turn.holds, narrow),
        now=value_with_unit(spec, now, narrow),
        option=title,
        wins=wins,
    )
    return dataclasses.replace(
        blank,
        answer=text,
        value=turn.holds,
        option_title=title,
        verified=verified,
    )


def ends(spec: Field, now: float) -> tuple[float, float]:
    """The range to search: the field's own, else up to a hundred times the present value."""
    low = spec.minimum or 0.0
    return low, max(now * 100.0, 1.0) if spec.maximum is None else spec.maximum


def outward(spec: Field, now: float) -> tuple[list[float], list[float]]:
    """Values to try above and below the present one, which comes first."""
    low, high = ends(spec, now)
    if spec.kind != "share" and now == low == 0.0 < high:
        # from nothing up the order of magnitude is open: even steps would all be far too large
        up, down = [now, *ladder(min(spec.step or high / 1000.0, high), high, 1.5)], [now]
    elif spec.kind == "share" or now <= 0:
        up = [now + (high - now) * i / STEPS for i in range(STEPS + 1)]
        down = [now + (low - now) * i / STEPS for i in range(STEPS + 1)]
    else:
        up, down = ladder(now, high, 1.5), ladder(now, max(low, now / 1000.0), 1.5)
        if low < down[-1] and not spec.above_minimum:
            down.append(low)
    if spec.kind == "int":
        up, down = ([float(round(v)) for v in values] for values in (up, down))
    return up, down
