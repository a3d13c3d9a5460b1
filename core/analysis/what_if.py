"""What if: a few inputs moved at once, and what becomes of the answer. Quick enough for sliders.

The contenders of a recommendation are ranked again (``at``, some tens of milliseconds); the whole
catalog is asked where the answer has to be exact (``exact``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from core.analysis.narrow import Narrow, Ranked
from core.analysis.switch_points import Dial, dials, line_keys
from core.assess import InvalidAssessmentError
from core.assess.names import catalog_of
from core.assessment import Assessment, problems
from core.catalog.load import Catalog
from core.decision.verdicts import binding_text, failures, named, rejecting, remedies
from core.decision.wording import listed, money, number, percent
from core.fleet import AVERAGE_POWER, NAMEPLATE_POWER
from core.recommendation import Currency, Option, Recommendation
from core.words import N_, _


@dataclass(frozen=True, slots=True)
class Slider:
    """An input that can be moved: where it stands and how far it goes."""

    key: str
    label: str
    now: float
    low: float
    high: float
    logarithmic: bool
    """Moved by factors rather than by differences."""
    now_text: str


@dataclass(frozen=True, slots=True)
class Effect:
    """One key result before and after; ``None`` where it is not known."""

    key: str
    label: str
    before: float | None
    after: float | None
    """In the unit of the texts; money in the user's currency."""
    before_text: str
    after_text: str
    change: float | None
    """Relative (-0.2 is 20 % less); ``None`` where either is unknown or the first is zero."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer at other inputs beside the answer as it stands."""

    moved: tuple[str, ...]
    """``Demand: 1.5 x instead of 1 x``."""
    winner_before: str
    winner_after: str
    """"" where nothing is feasible."""
    nearest_before: str
    """Where nothing is feasible as it stands: the rejected option nearest to it, held instead."""
    nearest_after: str
    """The same at the moved inputs."""
    why_none: str
    """Which limits reject then, and what the nearest option misses; "" where one is feasible."""
    still_wins: bool
    """The same venue and hardware is recommended."""
    effects: tuple[Effect, ...]
    """Of the recommended option, whichever it is then, or of the nearest where none is feasible;
    no row of what is not known of either, no rows where nothing can be built then."""
    same_option: tuple[Effect, ...]
    """Of the option recommended now, kept; empty where it cannot be built then."""
    same_option_feasible: bool
    exact: bool
    """Whether the whole catalog was asked, not only the contenders."""


@dataclass(frozen=True)
class _Result:
    """A key result: how it is read from an option and how it is told."""

    key: str
    label: str
    value: Callable[[Option], float | None]
    told: Callable[[float, Currency], str]
    is_money: bool = False


def _kw(value: float, currency: Currency) -> str:
    return f"{number(value)} kW"


RESULTS = (
    _Result("usd_per_mtok", N_("Cost per million tokens"),
            lambda o: o.cost.usd_per_mtok.base if o.cost else None, money, True),
    _Result("npv_usd", N_("Present value of all costs"),
            lambda o: o.cost.npv_usd if o.cost else None, money, True),
    _Result("capex_usd", N_("Up front"),
            lambda o: o.cost.capex_usd if o.cost else None, money, True),
    _Result("opex_first_year_usd", N_("Running cost, first year"),
            lambda o: o.cost.opex_first_year_usd if o.cost else None, money, True),
    _Result("nameplate_kw", NAMEPLATE_POWER, lambda o: o.fleet.nameplate_kw, _kw),
    _Result("average_kw", AVERAGE_POWER,
            lambda o: o.fleet.average_kw, _kw),
    _Result("accelerators", N_("Accelerators"), lambda o: float(o.fleet.accelerators),
            lambda v, c: number(v, 6)),
    _Result("utilisation", N_("Utilisation"), lambda o: o.fleet.utilisation,
            lambda v, c: percent(v)),
    _Result("kwh_per_mtok", N_("Energy per million tokens"), lambda o: o.carbon.kwh_per_mtok,
            lambda v, c: f"{number(v)} kWh"),
    _Result("total_score", N_("Score"), lambda o: o.total_score, lambda v, c: number(v)),
)  # fmt: skip  # a table


class WhatIf:
    """A recommendation whose inputs can be moved."""

    def __init__(self, recommendation: Recommendation, catalog: Catalog) -> None:
        self.recommendation = recommendation
        self._narrow = Narrow(recommendation, catalog_of(recommendation.assessment, catalog))

    @cached_property
    def _dials(self) -> dict[str, Dial]:
        return {d.path: d for d in dials(self.recommendation, self._narrow.tariff)}

    @cached_property
    def sliders(self) -> tuple[Slider, ...]:
        """The inputs that can be moved, in the order of display; none that moves nothing here."""
        paid = line_keys(self.recommendation)
        return tuple(
            Slider(
                key=d.path,
                label=d.label,
                now=d.now,
                low=min(d.now, *d.tries),
                high=max(d.now, *d.tries),
                logarithmic=d.logarithmic,
                now_text=d.show(d.now),
            )
            for d in self._dials.values()
            if not d.moves or d.moves & paid
        )

    def text(self, key: str, value: float) -> str:
        """A slider's value in words. Raises KeyError for a key that is no slider."""
        return self._dials[key].show(value)

    def moved(self, values: Mapping[str, float]) -> Assessment:
        """The assessment with some sliders moved.

        Raises KeyError for a key that is no slider and ``InvalidAssessmentError`` for a value
        that the input may not have.
        """
        assessment = self.recommendation.assessment
        for key, value in values.items():
            dial = self._dials[key]
            if value != dial.now:
                assessment = dial.apply(assessment, value)
        found = problems(assessment)
        if found:
            raise InvalidAssessmentError(found)
        return assessment

    def at(self, values: Mapping[str, float]) -> Outcome:
        """What becomes of the answer among the contenders; raises as ``moved``."""
        return self._outcome(values, self._narrow.run_contenders, exact=False)

    def exact(self, values: Mapping[str, float]) -> Outcome:
        """The same with the whole catalog."""
        return self._outcome(values, self._narrow.run_full, exact=True)

    def _outcome(
        self, values: Mapping[str, float], run: Callable[[Assessment], Ranked], *, exact: bool
    ) -> Outcome:
        assessment, stated = self.moved(values), self.recommendation
        # What contenders are read off is a little coarser: nothing moved would look like a change.
        unmoved = assessment == stated.assessment
        ranked = Ranked(stated.options, stated.rejected) if unmoved else run(assessment)
        before, after = stated.winner, ranked.winner
        kept = None if before is None else ranked.by_id().get(before.id)
        near_before = None if before is not None else _nearest(stated.rejected)
        near_after = None if after is not None else _nearest(ranked.rejected)
        return Outcome(
            moved=tuple(
                _("{label}: {value} instead of {now}").format(
                    label=d.label, value=d.show(value), now=d.show(d.now)
                )
                for key, value in values.items()
                if (d := self._dials[key]).now != value
            ),
            winner_before="" if before is None else before.title,
            winner_after="" if after is None else after.title,
            nearest_before="" if near_before is None else near_before.title,
            nearest_after="" if near_after is None else near_after.title,
            why_none="" if after is not None else _why_none(ranked.rejected, near_after),
            still_wins=_place(before) == _place(after),
            effects=self._effects(before or near_before, after or near_after),
            same_option=() if kept is None else self._effects(before, kept),
            same_option_feasible=kept is not None and kept.feasible,
            exact=exact,
        )

    def _effects(self, before: Option | None, after: Option | None) -> tuple[Effect, ...]:
        if after is None:
            return ()
        found = (_effect(result, before, after, self.recommendation.currency) for result in RESULTS)
        return tuple(e for e in found if e.before is not None or e.after is not None)


def _nearest(rejected: Sequence[Option]) -> Option | None:
    """The first that was rejected: they stand nearest first."""
    return rejected[0] if rejected else None


MOST_LIMITS = 3


def _why_none(rejected: Sequence[Option], nearest: Option | None) -> str:
    """Which limits reject, the most frequent first, and what the nearest option would take."""
    if nearest is None:
        return _("Not one could be built: more venues or other models would have to be allowed.")
    wanted = [o for o in rejected if not any(g.key == "venue" for g in failures(o.gates))]
    names = list(dict.fromkeys(named(gate) for gate, _count in rejecting(wanted or rejected)))
    missed = binding_text(nearest.gates)
    if not missed:
        return _("Nearest: {title}, of which no price is known.").format(title=nearest.title)
    told = [
        _("Limits that reject, the most frequent first: {limits}.").format(
            limits=listed(names[:MOST_LIMITS])
        ),
        _("Nearest: {title}, rejected by {limits}.").format(title=nearest.title, limits=missed),
        _("What it would take: {changes}").format(changes=remedies(nearest.gates)),
    ]
    return " ".join(told if remedies(nearest.gates) else told[:2])


def _place(option: Option | None) -> str | None:
    """Venue and hardware, whatever a hybrid bursts to."""
    return None if option is None else option.id.split(":", 1)[0]


def _effect(
    result: _Result, before: Option | None, after: Option | None, currency: Currency
) -> Effect:
    values = [None if o is None else result.value(o) for o in (before, after)]
    texts = [_("not known") if v is None else result.told(v, currency) for v in values]
    one, two = values
    factor = currency.per_usd if result.is_money else 1.0
    return Effect(
        key=result.key,
        label=_(result.label),
        before=None if one is None else one * factor,
        after=None if two is None else two * factor,
        before_text=texts[0],
        after_text=texts[1],
        change=two / one - 1.0 if one and two is not None else None,
    )
