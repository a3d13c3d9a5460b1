"""The smallest change that admits a rejected option, searched on the pipeline.

Failing limits are answered one after the other: the input that answers a limit is moved until
the limit holds, as little as possible, with everything sized and costed again at every try.
Beside it: the largest demand that the option would take as things stand, and the best option of
the same venue that meets every limit already.
"""

from __future__ import annotations

import dataclasses
import statistics
from collections import Counter
from collections.abc import Callable

from core.analysis.admission.case import Case, failing
from core.analysis.admission.nearest import nearest
from core.analysis.admission.remedies import FACTS, FINANCE, Remedy, Step, remedies_for
from core.analysis.admission.telling import change_of, sentence
from core.analysis.narrow import Narrow, at_load
from core.analysis.search import Turn, first, ladder, narrowed
from core.assess.names import catalog_of
from core.assessment import Assessment, problems
from core.catalog.load import Catalog
from core.decision import verdicts
from core.findings import MOST_SEARCHED_WHOLE
from core.language import speaking
from core.recommendation import Gate, Option, Recommendation, SmallestChange
from core.words import _

MOST_NEAREST, MOST_NEAREST_OF_NONE = 4, 8
"""Rejected options searched for being nearest, beside feasible ones and where there is none, and as
many more as it takes for every limit that rejects one worth a thought (``MOST_TIMES_USUAL``): a
search takes 0.1 to 1 s, and the whole analysis 5. Any other is searched where it is pointed at."""
MOST_CHEAPER = 2
MOST_TIMES_USUAL = 20.0
"""What costs so many times as half of the rejected options do is no way out, whatever would admit
it (judgement): thousands of servers, a hundred times the power."""
FEW = 2
"""Options searched where there are many workloads."""
MOST_TURNS = 24
"""Limits answered one after the other; one may have to be answered again after another."""
TIGHT = 0.998
"""What a gate says is needed is tried just short first: mostly it is the turn itself."""
LEAST_LOAD = 1.0 / 64.0
SIZED = frozenset(
    ("total_power", "feeds", "racks", "capex", "opex", "edge_power", "floor_load", "rack_power")
)
"""Limits that less demand may keep."""


def change_for(recommendation: Recommendation, catalog: Catalog, option_id: str) -> SmallestChange:
    """What would admit one rejected option, in the language of the recommendation.

    Raises KeyError where it has no such option.
    """
    with speaking(recommendation.language):
        narrow = Narrow(recommendation, catalog_of(recommendation.assessment, catalog))
        return smallest_change(narrow, recommendation.option(option_id))


def smallest_changes(narrow: Narrow, tell: Callable[[float], None]) -> tuple[SmallestChange, ...]:
    """Of the rejected options that are worth a search (``interesting``)."""
    chosen = interesting(narrow.recommendation)
    if len(narrow.recommendation.assessment.workloads) > MOST_SEARCHED_WHOLE:
        chosen = chosen[:FEW]
    found = []
    for i, option in enumerate(chosen):
        tell(i / len(chosen))
        found.append(smallest_change(narrow, option))
    return tuple(found)


def interesting(recommendation: Recommendation) -> list[Option]:
    """Rejected options worth a search: priced, at a venue to be considered.

    Where rules about data leave no such venue, those elsewhere that keep the rules too.
    The nearest of those that each limit rejects before the second nearest of any; the nearest for
    every limit that none of them fails; the nearest at every venue that offers nothing else; and
    the cheapest.
    """
    allowed = recommendation.assessment.site.venues
    winner = recommendation.winner
    elsewhere = winner is None and verdicts.rules_leave_none(recommendation.rejected)
    rejected = _worth_a_thought(
        [
            o
            for o in recommendation.rejected
            if o.cost and (o.venue in allowed or (elsewhere and verdicts.keeps_data_rules(o)))
        ]
    )
    limit = winner.cost.npv_usd if winner is not None and winner.cost is not None else 0.0
    cheaper = [o for o in rejected if o.cost and o.cost.npv_usd < limit]
    cheaper.sort(key=lambda o: (o.cost.npv_usd if o.cost else 0.0, o.id))
    most = MOST_NEAREST if winner is not None else MOST_NEAREST_OF_NONE
    nearest = _in_turns(rejected)[:most]
    nearest += _for_other_limits(rejected, nearest)
    met = {o.venue for o in (*recommendation.options, *nearest)}
    alone = [o for o in {o.venue: o for o in reversed(rejected)}.values() if o.venue not in met]
    return list({o.id: o for o in (*nearest, *alone, *cheaper[:MOST_CHEAPER])}.values())


def _worth_a_thought(rejected: list[Option]) -> list[Option]:
    """Those that do not cost many times what is usual among them."""
    costs = {o.id: o.cost.npv_usd for o in rejected if o.cost}
    usual = statistics.median(costs.values()) if costs else 0.0
    return [o for o in rejected if usual <= 0.0 or costs[o.id] <= MOST_TIMES_USUAL * usual]


def _for_other_limits(rejected: list[Option], chosen: list[Option]) -> list[Option]:
    """The first option that fails each limit which none of the ``chosen`` fails."""
    told = {key for option in chosen for key in failing(option)}
    found = []
    for option in rejected:
        limits = failing(option).keys()
        if not limits <= told:
            found.append(option)
            told |= limits
    return found


def _in_turns(rejected: list[Option]) -> list[Option]:
    """The first option that each limit rejects, then the second of each, and so on."""
    seen: Counter[str] = Counter()
    turns: list[tuple[int, Option]] = []
    for option in rejected:
        gate = verdicts.binding(option.gates)
        key = "" if gate is None else gate.key
        turns.append((seen[key], option))
        seen[key] += 1
    return [option for _turn, option in sorted(turns, key=lambda pair: pair[0])]


def smallest_change(narrow: Narrow, option: Option) -> SmallestChange:
    """What would admit one rejected option of the recommendation."""
    case = Case(narrow, option, narrow.rerunner(option))
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
    instead = nearest(option, narrow.recommendation.options)
    return SmallestChange(
        option_id=option.id,
        option_title=(admitted or option).title,  # the fleet that is admitted
        changes=tuple(change_of(step) for step in steps),
        usd_per_mtok=admitted.cost.usd_per_mtok.base if admitted and admitted.cost else None,
        rank=rank,
        load=load,
        instead="" if instead is None else instead.title,
        sentence=sentence(narrow, admitted or option, steps, obstacle, rank, load, instead),
        verified=verified,
        other_ways=tuple(tuple(map(change_of, way)) for way in _other_ways(case, stated, steps)),
    )


def _other_ways(case: Case, stated: Assessment, steps: list[Step]) -> list[list[Step]]:
    """Where leasing keeps the limit on what is spent before the start: a limit for buying."""
    others = [s for s in steps if s.remedy.path != FINANCE]
    bought = None if len(others) == len(steps) else case.run(_applied(stated, others))
    if bought is None:
        return []
    code = case.narrow.recommendation.currency.code
    ways = []
    for gate in verdicts.failures(bought.gates):
        for remedy in remedies_for(gate, bought, stated, code):
            if gate.key == "capex" and remedy.path != FINANCE:
                start, needed = remedy.values[:2]
                way = [*others, Step(remedy, needed, start)]
                if case.admitted(_applied(stated, way)):
                    ways.append(way)
    return ways


def _steps(case: Case, stated: Assessment) -> tuple[list[Step], str]:
    """The changes that admit an option, in the order of its limits; none, and why not."""
    if case.option.cost is None:
        return [], _("no price is known for it.")
    fact = next((g for g in verdicts.failures(case.option.gates) if g.key in FACTS), None)
    if fact is not None:
        return [], fact.message
    steps: list[Step] = []
    obstacle = ""
    for _turn in range(MOST_TURNS):
        option = case.run(_applied(stated, steps))
        failed = () if option is None else verdicts.failures(option.gates)
        if option is None or not failed:
            return steps, ""
        obstacle = obstacle or failed[0].message
        step = _answered(case, stated, steps, failed[0], option)
        if step is None:
            obstacle = failed[0].message
            break
        steps = _with(steps, step)
    return _together(case, stated) or [], obstacle


def _together(case: Case, stated: Assessment) -> list[Step] | None:
    """Changes of every failing limit's inputs at once, by rungs; ``None`` where one has none left.

    One limit's input that is moved just far enough can leave another's out of reach: a target
    that is only just met leaves a replica next to no load. Moved together they may be admitted.
    """
    code = case.narrow.recommendation.currency.code
    steps: list[Step] = []
    for _turn in range(MOST_TURNS):
        option = case.run(_applied(stated, steps))
        if option is None:
            return None
        failed = verdicts.failures(option.gates)
        if not failed and case.sensible(option):
            return steps
        # all kept, but too dear: a target is only just met
        remedies = [] if failed else [s.remedy for s in steps if _is_target(s.remedy)]
        for gate in failed:
            found = tuple(remedies_for(gate, option, stated, code))
            if not found:
                return None
            remedies += found
        moved = False
        for remedy in {r.path: r for r in remedies}.values():
            further = remedy.onward(_moved(steps, remedy))[1:]
            if further:
                steps = _with(steps, Step(remedy, further[0], remedy.values[0]))
                moved = True
        if not moved:
            return None
    return None


def _is_target(remedy: Remedy) -> bool:
    return ".targets." in remedy.path


def _with(steps: list[Step], step: Step) -> list[Step]:
    """The changes with one more, in place of an earlier one of the same input."""
    return [*(s for s in steps if s.remedy.path != step.remedy.path), step]


def _moved(steps: list[Step], remedy: Remedy) -> float | None:
    """Where an earlier change moved the input of a remedy."""
    return next((s.value for s in steps if s.remedy.path == remedy.path), None)


def _least(case: Case, stated: Assessment, steps: list[Step]) -> list[Step]:
    """Each change as small as it can be beside the others; those that the others spare left out.

    A later change may do more than its own limit asks: fewer servers need less of everything.
    """
    for step in list(steps):
        others = [s for s in steps if s is not step]

        def holds(value: float, step: Step = step, others: list[Step] = others) -> bool:
            return case.admitted(
                _applied(stated, [*others, dataclasses.replace(step, value=value)])
            )

        start = step.remedy.values[0]
        if others and holds(start):
            steps = others
        elif step.short == start or holds(step.short):
            turn = Turn(step.value, start)
            turn = narrowed(holds, _tight(holds, turn, step.remedy), whole=step.remedy.whole)
            least = dataclasses.replace(step, value=turn.holds, short=turn.fails)
            steps = [least if s is step else s for s in steps]
    return steps


def _answered(
    case: Case, stated: Assessment, steps: list[Step], gate: Gate, option: Option
) -> Step | None:
    """The smallest move of one input after which its limit holds and, if possible, no other breaks.

    A target that is relaxed as little as possible takes so many servers that they no longer fit
    the room: relaxing it a little more is the smaller change. An input that was moved before for
    another limit is moved on from there.
    """
    asked = _applied(stated, steps)
    before = failing(option)
    code = case.narrow.recommendation.currency.code
    remedies = tuple(remedies_for(gate, option, stated, code))
    for alone in (True, False):
        for remedy in remedies:

            def holds(value: float, remedy: Remedy = remedy, alone: bool = alone) -> bool:
                changed = remedy.apply(asked, value)
                return not problems(changed) and case.answers(
                    changed, gate.key, before, alone=alone
                )

            turn = first(holds, remedy.onward(_moved(steps, remedy)))
            if turn is not None:
                turn = narrowed(holds, _tight(holds, turn, remedy), whole=remedy.whole)
                return Step(remedy, turn.holds, turn.fails)
    return None


def _tight(holds: Callable[[float], bool], turn: Turn, remedy: Remedy) -> Turn:
    """A turn cut to just short of the value that holds, where the limit already breaks there."""
    near = turn.holds - 1.0 if remedy.whole else turn.holds * TIGHT
    if not turn.fails < near < turn.holds:
        return turn
    return Turn(near, turn.fails) if holds(near) else Turn(turn.holds, near)


def _applied(assessment: Assessment, steps: list[Step]) -> Assessment:
    for step in steps:
        assessment = step.remedy.apply(assessment, step.value)
    return assessment


def _load(case: Case, stated: Assessment) -> float | None:
    """Largest share of the demand that the option takes as things stand."""
    if not all(g.key in SIZED for g in verdicts.failures(case.option.gates)):
        return None

    def fits(load: float) -> bool:
        return case.admitted(at_load(stated, load))

    turn = first(fits, ladder(1.0, LEAST_LOAD))
    return None if turn is None else narrowed(fits, turn).holds
