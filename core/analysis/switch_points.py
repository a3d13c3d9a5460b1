"""Switch points: the value of one input at which another option becomes the best.

Each input is scanned outward from its present value on the hardware of the best options, the
first change of the winner is narrowed down by bisection (``search``), and both sides are then
verified by running the whole pipeline; what it does not confirm is not told.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.analysis.narrow import MOST_TARIFF_USD, Narrow, Ranked, at_load
from core.analysis.search import DIGITS, MOST_DIGITS, confirmed, first
from core.analysis.switch_reasons import because
from core.assessment import Assessment, problems, with_value
from core.assessment.fields import Field, fields_of
from core.decision.wording import number, significant, years_in_words
from core.economics.price_classes import CLASSES
from core.notation import with_currency
from core.recommendation import Recommendation, SwitchPoint
from core.words import _

PRECISION = 0.02
"""Both sides of a switch point are within this share of each other."""
CLOSE = 0.005
"""Or this near, for rates of change (half a percentage point) around zero."""
CLOSE_FTE = 0.002
"""The same for people."""


@dataclass(frozen=True)
class Dial:
    """An input that can be turned: where it stands, where it may go, how it is applied."""

    path: str
    label: str
    now: float
    tries: tuple[float, ...]
    """Values to scan, on both sides of ``now``."""
    apply: Callable[[Assessment, float], Assessment]
    show: Callable[[float], str]
    logarithmic: bool = True
    whole: bool = False
    """Only whole numbers make sense."""
    close: float = CLOSE
    """How near both sides come at least, where ``logarithmic`` is not asked."""
    moves: frozenset[str] = frozenset()
    """Keys of the cost lines that it moves, where it moves nothing else."""


def _economics(key: str) -> Callable[[Assessment, float], Assessment]:
    def apply(assessment: Assessment, value: float) -> Assessment:
        return with_value(assessment, f"economics.{key}", round(value) if key in _WHOLE else value)

    return apply


_WHOLE = frozenset(("horizon_years",))


def _answer_length(assessment: Assessment, factor: float) -> Assessment:
    workloads = tuple(
        dataclasses.replace(
            w,
            output_tokens_mean=w.output_tokens_mean * factor,
            output_tokens_p95=w.output_tokens_p95 * factor,
        )
        for w in assessment.workloads
    )
    return dataclasses.replace(assessment, workloads=workloads)


def _field_of(section: Any, key: str) -> Field:
    return dict(fields_of(section))[key]


def _field(assessment: Assessment, key: str) -> Field:
    return _field_of(assessment.economics, key)


def _times(value: float) -> str:
    # with as many figures as were tried: fewer might tell a value at which nothing changes yet
    tried = (n for n in range(DIGITS, MOST_DIGITS) if significant(value, n) == value)
    return f"{number(value, next(tried, MOST_DIGITS))} x"


def _people(value: float) -> str:
    return f"{number(value)} {_('FTE')}"


def _percent(value: float) -> str:
    return f"{number(value * 100.0)} %"


def _growth(assessment: Assessment, value: float) -> Assessment:
    """The first workload grows by ``value``, every other by as many points more or less."""
    points = value - assessment.workloads[0].growth_per_year
    least = float(_field_of(assessment.workloads[0], "growth_per_year").minimum or 0.0)
    workloads = tuple(
        dataclasses.replace(w, growth_per_year=max(w.growth_per_year + points, least))
        for w in assessment.workloads
    )
    return dataclasses.replace(assessment, workloads=workloads)


def _growth_label(assessment: Assessment) -> str:
    first, *others = assessment.workloads
    if all(w.growth_per_year == first.growth_per_year for w in others):
        return _("Growth of demand per year")
    return _("Growth of demand per year (“{workload}”; the others move with it)").format(
        workload=first.name
    )


def dials(recommendation: Recommendation, tariff_now: float | None) -> list[Dial]:
    """The inputs that are turned. ``tariff_now`` is the price in force, user's currency."""
    assessment = recommendation.assessment
    economics = assessment.economics
    code = recommendation.currency.code
    found = [
        Dial("load", _("Demand"), 1.0, (0.1, 0.4, 2.5, 10.0), at_load, _times),
        Dial("answer_length", _("Length of the answers"), 1.0, (0.25, 0.5, 2.0, 4.0),
             _answer_length, _times),
        Dial("workloads.growth_per_year", _growth_label(assessment),
             assessment.workloads[0].growth_per_year, (-0.2, 0.0, 0.5, 1.0), _growth, _percent,
             False),
        _percent_dial(assessment, "token_price_trend", (-0.5, -0.35, 0.0, 0.1), ("tokens",)),
        _percent_dial(assessment, "gpu_hour_trend", (-0.4, -0.25, 0.0, 0.1), _CLOUD),
        _percent_dial(assessment, "discount_rate", (0.0, 0.25, 0.5)),
        Dial("economics.horizon_years", _field(assessment, "horizon_years").label,
             float(economics.horizon_years), (1.0, 2.0, 3.0, 5.0, 7.0),
             _economics("horizon_years"), lambda v: years_in_words(round(v)), False, True),
        Dial("economics.minimum_staff_fte", _field(assessment, "minimum_staff_fte").label,
             economics.minimum_staff_fte, (0.0, 1.0, 2.0, 5.0),
             _economics("minimum_staff_fte"), _people, False, close=CLOSE_FTE,
             moves=frozenset(("staff",))),
        Dial("site.planning_headroom", _field_of(assessment.site, "planning_headroom").label,
             assessment.site.planning_headroom, (0.0, 0.3),
             lambda a, v: with_value(a, "site.planning_headroom", v), _percent, False),
    ]  # fmt: skip  # a table
    if tariff_now:
        most = MOST_TARIFF_USD * recommendation.currency.per_usd
        found.append(
            Dial("economics.electricity_price_kwh", _("Electricity price"), tariff_now,
                 tuple(min(tariff_now * f, most) for f in (0.3, 3.0)),
                 _economics("electricity_price_kwh"),
                 lambda v: _("{price} per kWh").format(price=with_currency(code, number(v))),
                 moves=frozenset(("energy",)))
        )  # fmt: skip  # a table
    return found


_CLOUD = tuple(key for key, kind in CLASSES.items() if kind == "cloud")


def _percent_dial(
    assessment: Assessment, key: str, tries: tuple[float, ...], moves: tuple[str, ...] = ()
) -> Dial:
    return Dial(
        f"economics.{key}",
        _field(assessment, key).label,
        getattr(assessment.economics, key),
        tries,
        _economics(key),
        _percent,
        False,
        moves=frozenset(moves),
    )


def find(narrow: Narrow, tell: Callable[[float], None]) -> tuple[SwitchPoint, ...]:
    """One switch point per input: the nearest change on either side, or none.

    Searched among the contenders; both sides of what is found are then ranked in full.
    """
    recommendation = narrow.recommendation
    priced = line_keys(recommendation)
    found = []
    turned = dials(recommendation, narrow.tariff)
    for i, dial in enumerate(turned):
        tell(i / len(turned))
        if dial.moves and not dial.moves & priced:  # a price that no option pays
            found.append(_unmoved(dial))
        else:
            found.append(_switch(narrow, dial, partial(tell, i / len(turned))))
    return tuple(sorted(found, key=lambda s: s.switches_at is None))


def line_keys(recommendation: Recommendation) -> frozenset[str]:
    """Kinds of cost line that any option pays, feasible or not."""
    every = (*recommendation.options, *recommendation.rejected)
    allowed = recommendation.assessment.site.venues
    return frozenset(
        line.key for o in every if o.cost and o.venue in allowed for line in o.cost.lines
    )


def _unmoved(dial: Dial) -> SwitchPoint:
    return SwitchPoint(dial.path, dial.label, dial.show(dial.now), None, "", False)


def _place(ranked: Ranked) -> str | None:
    """What counts as the same answer: the venue and the hardware, whatever a hybrid bursts to."""
    return None if ranked.winner is None else ranked.winner.id.split(":", 1)[0]


def _switch(narrow: Narrow, dial: Dial, tell: Callable[[], None]) -> SwitchPoint:
    assessment = narrow.recommendation.assessment
    here = _place(narrow.run_full(assessment))

    def differs(value: float, run: Callable[[Assessment], Ranked] = narrow.run_contenders) -> bool:
        tell()
        changed = dial.apply(assessment, value)
        return not problems(changed) and _place(run(changed)) != here

    found = []
    for side in (-1, 1):
        tries = [t for t in dial.tries if (t - dial.now) * side > 1e-12]
        outward = (dial.now, *sorted(tries, key=lambda t: abs(t - dial.now)))
        turn = first(differs, outward)
        if turn is not None:
            found.append((turn, outward))
    for turn, outward in sorted(found, key=lambda pair: _distance(dial, pair[0].holds)):
        # what the contenders say is told only where everything says so too
        turn, verified = confirmed(
            turn,
            differs,
            lambda value: differs(value, narrow.run_full),
            outward,
            whole=dial.whole,
            share=PRECISION,
            close=0.0 if dial.logarithmic else dial.close,
        )
        if verified:
            there = narrow.run_full(dial.apply(assessment, turn.holds))
            winner = there.winner
            return SwitchPoint(
                path=dial.path,
                label=dial.label,
                current=dial.show(dial.now),
                switches_at=dial.show(turn.holds),
                new_winner=winner.title if winner else "",
                verified=True,
                tried=_tried(dial),
                value=turn.holds,
                because=because(narrow.run_full(assessment), there, narrow.recommendation.currency),
            )
    return dataclasses.replace(_unmoved(dial), tried=_tried(dial))


def _tried(dial: Dial) -> str:
    """The range that was searched, the present value in it."""
    values = (*dial.tries, dial.now)
    return _("{low} to {high}").format(low=dial.show(min(values)), high=dial.show(max(values)))


def _distance(dial: Dial, value: float) -> float:
    if dial.logarithmic and dial.now > 0 and value > 0:
        return abs(math.log(value / dial.now))
    return abs(value - dial.now)
