"""How much demand fits a limit?"""

from __future__ import annotations

import dataclasses
import math

from core.analysis.inverse.telling import (
    QuestionError,
    field_at,
    in_a_sentence,
    priced,
    value_with_unit,
    why_not,
)
from core.analysis.inverse.volume import Volume
from core.analysis.narrow import Narrow
from core.analysis.search import Turn, first, narrowed
from core.assessment import problems, with_value
from core.recommendation import Answer, Option
from core.words import _

LIMITS: dict[str, tuple[str, tuple[str, ...]]] = {
    "site.total_power_kw": ("total_power", ("on_premises",)),
    "site.feed_kva": ("feeds", ("on_premises",)),
    "site.racks": ("racks", ("on_premises",)),
    "site.rack_power_kw": ("rack_power", ("on_premises",)),
    "site.edge_site_power_kw": ("edge_power", ("edge",)),
    "economics.capex_limit": ("capex", ()),
    "economics.opex_limit_per_year": ("opex", ()),
}
"""Limits that can be asked about -> their gate, and the venues that they are about (empty: all
that the user allows)."""


def most_demand(narrow: Narrow, path: str, limit: float) -> Answer:
    """The largest demand for which some option meets every limit, with one limit set.

    ``path`` is one of ``LIMITS``, ``limit`` in the field's unit (money in the user's currency).
    A limit of a place is asked about the venue that stands there; the other limits stay as they
    are. What is not known to keep the limit does not count. Raises ``QuestionError`` for another
    path and where the field may not hold the limit.
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
    asked = with_value(asked, "site.venues", venues or asked.site.venues)
    volume = Volume(asked)

    def best(amount: float) -> Option | None:
        options = narrow.run_full(volume.at(amount)).options
        return next((o for o in options if _keeps(o, gate)), None)

    def fits(amount: float) -> bool:
        return best(amount) is not None

    question = _("How many users fit {limit} ({label})?") if volume.whole else _(
        "How much of the demand fits {limit} ({label})?"
    )  # fmt: skip  # one question or the other
    question = question.format(
        label=in_a_sentence(spec), limit=value_with_unit(spec, limit, narrow)
    )
    blank = Answer("most_demand", question, "", None, volume.unit, "", False)
    if fits(volume.now):
        up = first(lambda v: not fits(v), volume.upward())
        if up is None:
            widest = best(volume.most)
            text = _("Even {amount}, on {option}; more was not tried.").format(
                amount=volume.told(volume.most),
                option="" if widest is None else priced(widest, narrow),
            )
            return dataclasses.replace(blank, answer=text)
        turn = Turn(holds=up.fails, fails=up.holds)
    else:
        down = first(fits, volume.downward())
        if down is None:
            text = _("None: even {amount} is too much. The nearest is {why}").format(
                amount=volume.told(volume.least),
                why=why_not(narrow.run_full(volume.at(volume.least))),
            )
            return dataclasses.replace(blank, answer=text)
        turn = down
    turn = narrowed(fits, turn, whole=volume.counted(turn.holds))
    option, beyond = best(turn.holds), narrow.run_full(volume.at(turn.fails))
    assert option is not None  # the turn's condition
    text = _("{amount}, on {option}. With more, the nearest is {why}").format(
        amount=volume.told(turn.holds), option=priced(option, narrow), why=why_not(beyond)
    )
    return dataclasses.replace(
        blank,
        answer=text,
        value=turn.holds,
        option_title=option.title,
        verified=not fits(turn.fails),
    )


def _keeps(option: Option, gate: str) -> bool:
    """Whether an option is known to keep a limit (a limit that does not concern it is kept)."""
    return all(g.status == "pass" for g in option.gates if g.key == gate)
