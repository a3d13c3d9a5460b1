"""How much demand fits a limit?"""

from __future__ import annotations

import dataclasses
import math

from core.analysis.inverse.keeping import Keeping
from core.analysis.inverse.telling import (
    OWN,
    QuestionError,
    cheapest,
    field_at,
    in_a_sentence,
    priced,
    value_with_unit,
    why_not,
)
from core.analysis.inverse.volume import Volume
from core.analysis.narrow import Narrow
from core.analysis.search import Turn, first, narrowed
from core.assessment import Assessment, get_value, problems, with_value
from core.decision.wording import listed, number
from core.recommendation import Answer
from core.words import _

LIMITS: dict[str, tuple[str, tuple[str, ...]]] = {
    "site.total_power_kw": ("total_power", ("on_premises",)),
    "site.feed_kva": ("feeds", ("on_premises",)),
    "site.racks": ("racks", ("on_premises",)),
    "site.rack_power_kw": ("rack_power", ("on_premises",)),
    "site.edge_site_power_kw": ("edge_power", ("edge",)),
    "economics.capex_limit": ("capex", OWN),
    "economics.opex_limit_per_year": ("opex", ()),
}
"""Limits that can be asked about -> their gate, and the venues that they are about (empty: all
that the user allows). Up-front spending is about places where everything is bought: what is
rented, a hybrid's part too, takes none, so any sum would carry any demand."""
UP_FRONT = "economics.capex_limit"

GROWING = (
    "site.total_power_kw",
    "site.feed_kva",
    "site.racks",
    "economics.capex_limit",
    "economics.opex_limit_per_year",
)
"""Limits on the whole of an option, of which more demand takes more."""


def most_demand(narrow: Narrow, path: str, limit: float) -> Answer:
    """The largest demand for which some option meets every limit, with one limit set.

    ``path`` is one of ``LIMITS``, ``limit`` in the field's unit (money in the user's currency).
    A limit of a place is asked about the venue that stands there, one of up-front spending about
    those of the user's venues where servers are bought; the other limits stay as they are. What
    is not known to keep the limit does not count. Raises ``QuestionError`` for another path and
    where the field may not hold the limit.
    """
    if path not in LIMITS:
        raise QuestionError(
            _("the limit must be one of {join}; got '{path}'").format(
                join=", ".join(LIMITS), path=path
            )
        )
    gate, venues = LIMITS[path]
    stated = narrow.recommendation.assessment
    spec = field_at(stated, path)
    whole = spec.kind == "int" and math.isfinite(limit)
    asked = with_value(stated, path, round(limit) if whole else limit)
    found = problems(asked)
    if found:
        raise QuestionError(str(found[0]))
    if path == UP_FRONT:
        venues = tuple(v for v in venues if v in stated.site.venues)
    spends = venues or path != UP_FRONT
    asked = with_value(asked, "site.venues", venues or asked.site.venues)
    volume = Volume(asked)
    keeping = Keeping(narrow, volume, gate)

    question = _("How many users fit {limit} ({label})?") if volume.whole else _(
        "How much of the demand fits {limit} ({label})?"
    )  # fmt: skip  # one question or the other
    question = question.format(
        label=in_a_sentence(spec), limit=value_with_unit(spec, limit, narrow)
    )
    blank = Answer("most_demand", question, "", None, volume.unit, "", False)
    unspent = _nothing_up_front(narrow) if path == UP_FRONT else ""
    if not spends:
        text = _("None of the venues to consider buys its servers.")
        return dataclasses.replace(blank, answer=text + unspent)
    if keeping.any(volume.now):
        up = first(lambda v: not keeping.any(v), volume.upward())
        if up is None:
            widest = keeping.best(volume.most)
            text = _(
                "Even {factor} times the stated demand, the most that is tried: {amount}, on "
                "{option}."
            ).format(
                factor=number(volume.most / volume.now, 4),
                amount=volume.told(volume.most),
                option="" if widest is None else priced(widest, narrow),
            )
            return dataclasses.replace(blank, answer=text + unspent)
        turn = Turn(holds=up.fails, fails=up.holds)
    else:
        down = first(keeping.any, volume.downward())
        if down is None:
            text = _("None: even {amount} is too much. The nearest is {why}").format(
                amount=volume.told(volume.least),
                why=why_not(narrow.run_full(volume.at(volume.least))),
            )
            return dataclasses.replace(blank, answer=text + unspent)
        turn = down
    turn = narrowed(keeping.any, turn, whole=volume.counted(turn.holds))
    option, beyond = keeping.best(turn.holds), narrow.run_full(volume.at(turn.fails))
    assert option is not None  # the turn's condition
    text = _("{amount}, on {option}. With more, the nearest is {why}").format(
        amount=volume.told(turn.holds), option=priced(option, narrow), why=why_not(beyond)
    )
    text += _by_itself(narrow, asked, path, turn.fails, value_with_unit(spec, limit, narrow))
    return dataclasses.replace(
        blank,
        answer=text + unspent,
        value=turn.holds,
        option_title=option.title,
        verified=bool(keeping.of_all(turn.holds)) and not keeping.any(turn.fails),
    )


def _nothing_up_front(narrow: Narrow) -> str:
    """The cheapest option that meets every limit and takes no money before the start, if any."""
    free = [o for o in narrow.recommendation.options if o.cost and o.cost.capex_usd <= 0.0]
    least = cheapest(free)
    if least is None:
        return ""
    return " " + _(
        "No money up front is needed at all for {option}, which serves the stated demand."
    ).format(option=priced(least, narrow))


def _by_itself(narrow: Narrow, asked: Assessment, path: str, beyond: float, limit: str) -> str:
    """What the limit would carry alone, where another one stops the demand at ``beyond`` first.

    "" where the limit itself, or one that does not grow with the demand, stops it.
    """
    others = [p for p in GROWING if p != path and get_value(asked, p) is not None]
    if not others:
        return ""
    for other in others:
        asked = with_value(asked, other, None)
    volume = Volume(asked)
    keeping = Keeping(narrow, volume, LIMITS[path][0])
    if not keeping.any(beyond):
        return ""
    up = first(lambda v: not keeping.any(v), volume.steps(beyond, volume.most))
    turn = Turn(volume.most, volume.most) if up is None else Turn(up.fails, up.holds)
    turn = narrowed(keeping.any, turn, whole=volume.counted(turn.holds), share=0.03)
    option = keeping.best(turn.holds)
    assert option is not None  # the turn's condition
    names = listed([in_a_sentence(field_at(asked, other)) for other in others])
    return " " + _(
        "Without your other limits ({others}), {limit} would carry at least {amount}, on {option}."
    ).format(
        others=names, limit=limit, amount=volume.told(turn.holds), option=priced(option, narrow)
    )
