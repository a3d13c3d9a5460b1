"""The smallest change that admits a rejected option, searched on the pipeline.

Failing limits are answered one after the other: the input that answers a limit is moved until
the limit holds, as little as possible, with everything sized and costed again at every try.
Beside it: the largest demand that the option would take as things stand, and the best option of
the same venue that meets every limit already.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from core.analysis.admission.remedies import Remedy, Step, remedy_for
from core.analysis.admission.telling import change_of, sentence
from core.analysis.narrow import Narrow, at_load
from core.analysis.search import Turn, first, ladder, narrowed
from core.assessment import Assessment, problems
from core.decision import verdicts
from core.recommendation import Option, Recommendation, SmallestChange

MOST_NEAREST = 3
MOST_CHEAPER = 2
MOST_CHANGES = 6
MOST_TIMES_DEARER = 5.0
"""An admitted option may cost so many times what it is costed at as rejected (judgement)."""
LATENCY = frozenset(("ttft", "tpot", "e2e", "answer_ttft"))
LEAST_LOAD = 1.0 / 64.0
SIZED = frozenset(
    ("total_power", "feeds", "racks", "capex", "opex", "edge_power", "floor_load", "rack_power")
)
"""Limits that less demand may keep."""


@dataclass(frozen=True)
class _Case:
    """A rejected option, re-run alone."""

    narrow: Narrow
    option: Option
    run: Callable[[Assessment], Option | None]

    def sensible(self, found: Option | None) -> bool:
        """Whether the option exists and costs within reason.

        A target that is only just met leaves a replica next to no load: thousands of servers
        would "admit" it.
        """
        usd = None if found is None or found.cost is None else found.cost.usd_per_mtok.base
        now = 0.0 if self.option.cost is None else self.option.cost.usd_per_mtok.base
        return usd is not None and usd <= MOST_TIMES_DEARER * now

    def failing(self, assessment: Assessment) -> set[str]:
        """Kinds of limits that the option fails at some inputs."""
        found = self.run(assessment)
        return set() if found is None else {g.key for g in verdicts.failures(found.gates)}

    def keeps(self, assessment: Assessment, key: str, others: set[str] | None) -> bool:
        """Whether the option keeps the limits of some kind at some inputs.

        Other limits may only fail where they are among ``others`` (``None``: any may).
        """
        found = self.run(assessment)
        failing = self.failing(assessment)
        if found is None or key in failing or (others is not None and not failing <= others):
            return False
        return key not in LATENCY or self.sensible(found)

    def admitted(self, assessment: Assessment) -> bool:
        """Whether the option is feasible at some inputs."""
        found = self.run(assessment)
        return found is not None and found.feasible and self.sensible(found)


def smallest_changes(narrow: Narrow, tell: Callable[[float], None]) -> tuple[SmallestChange, ...]:
    """Of the rejected options that are nearest to feasible, and of the cheaper ones."""
    chosen = interesting(narrow.recommendation)
    found = []
    for i, option in enumerate(chosen):
        tell(i / len(chosen))
        found.append(smallest_change(narrow, option))
    return tuple(found)


def interesting(recommendation: Recommendation) -> list[Option]:
    """Rejected options worth a search: priced, at a venue to be considered; nearest, cheapest."""
    allowed = recommendation.assessment.site.venues
    rejected = [o for o in recommendation.rejected if o.cost and o.venue in allowed]
    winner = recommendation.winner
    limit = winner.cost.npv_usd if winner is not None and winner.cost is not None else 0.0
    cheaper = [o for o in rejected if o.cost and o.cost.npv_usd < limit]
    cheaper.sort(key=lambda o: (o.cost.npv_usd if o.cost else 0.0, o.id))
    named = [*rejected[:MOST_NEAREST], *cheaper[:MOST_CHEAPER]]
    return list({o.id: o for o in named}.values())


def smallest_change(narrow: Narrow, option: Option) -> SmallestChange:
    """What would admit one rejected option of the recommendation."""
    case = _Case(narrow, option, narrow.rerunner(option))
    stated = narrow.recommendation.assessment
    steps, obstacle = _steps(case, stated)
    steps = _least(case, stated, steps)
    changed = _applied(stated, steps)
    admitted = case.run(changed) if steps else None
    rank, verified = None, False
    if steps and admitted is not None:
        full = narrow.run_full(changed).options
        rank = next((o.rank for o in full if o.title == admitted.title), None)
        short = [dataclasses.replace(step, value=step.short) for step in steps]
        verified = rank is not None and not any(
            case.admitted(_applied(stated, [*steps[:i], step, *steps[i + 1 :]]))
            for i, step in enumerate(short)
        )
    load = _load(case, stated)
    instead = next((o for o in narrow.recommendation.options if o.venue == option.venue), None)
    return SmallestChange(
        option_id=option.id,
        option_title=option.title,
        changes=tuple(change_of(step) for step in steps),
        usd_per_mtok=admitted.cost.usd_per_mtok.base if admitted and admitted.cost else None,
        rank=rank,
        load=load,
        instead="" if instead is None else instead.title,
        sentence=sentence(narrow, admitted or option, steps, obstacle, rank, load, instead),
        verified=verified,
    )


def _steps(case: _Case, stated: Assessment) -> tuple[list[Step], str]:
    """The changes that admit an option, in the order of its limits; none, and why not."""
    code = case.narrow.recommendation.currency.code
    steps: list[Step] = []
    obstacle = ""
    for _turn in range(MOST_CHANGES):
        asked = _applied(stated, steps)
        option = case.run(asked)
        failed = () if option is None else verdicts.failures(option.gates)
        if option is None or not failed:
            return steps, ""
        gate = failed[0]
        obstacle = gate.message
        remedy = remedy_for(gate, option, asked, code)
        step = None if remedy is None else _answered(case, asked, gate.key, remedy)
        if step is None:
            break
        steps = [*(s for s in steps if s.remedy.path != step.remedy.path), step]
    return [], obstacle


def _least(case: _Case, stated: Assessment, steps: list[Step]) -> list[Step]:
    """Each change as small as it can be beside the others; those that the others spare left out.

    A later change may do more than its own limit asks: fewer servers need less of everything.
    """
    for step in list(steps):
        others = [s for s in steps if s is not step]

        def holds(value: float, step: Step = step, others: list[Step] = others) -> bool:
            return case.admitted(
                _applied(stated, [*others, dataclasses.replace(step, value=value)])
            )

        if others and holds(step.remedy.values[0]):
            steps = others
        elif others and holds(step.short):
            turn = Turn(step.short, step.remedy.values[0])
            turn = narrowed(holds, turn, whole=step.remedy.whole)
            steps = [dataclasses.replace(step, value=turn.holds, short=turn.fails), *others]
    return steps


def _answered(case: _Case, asked: Assessment, key: str, remedy: Remedy) -> Step | None:
    """The smallest move of one input after which its limit holds and, if possible, no other breaks.

    A target that is relaxed as little as possible takes so many servers that they no longer fit
    the room: relaxing it a little more is the smaller change.
    """
    failing = case.failing(asked)
    for others in (failing, None):

        def holds(value: float, others: set[str] | None = others) -> bool:
            changed = remedy.apply(asked, value)
            return not problems(changed) and case.keeps(changed, key, others)

        turn = first(holds, remedy.values)
        if turn is not None:
            turn = narrowed(holds, turn, whole=remedy.whole)
            return Step(remedy, turn.holds, turn.fails)
    return None


def _applied(assessment: Assessment, steps: list[Step]) -> Assessment:
    for step in steps:
        assessment = step.remedy.apply(assessment, step.value)
    return assessment


def _load(case: _Case, stated: Assessment) -> float | None:
    """Largest share of the demand that the option takes as things stand."""
    if not all(g.key in SIZED for g in verdicts.failures(case.option.gates)):
        return None

    def fits(load: float) -> bool:
        return case.admitted(at_load(stated, load))

    turn = first(fits, ladder(1.0, LEAST_LOAD))
    return None if turn is None else narrowed(fits, turn).holds
