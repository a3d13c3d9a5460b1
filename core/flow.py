"""The wizard's steps as data: their order, what each asks, what is done, what blocks the next.

No window system in here: the wizard shows it, the tests walk it. Inputs are known by their
paths in the assessment (``workloads[0].targets.ttft_ms``), problems by ``core.assessment``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.assessment import Assessment, Entry, Problem, entries, get_value, problems
from core.words import _

State = Literal["done", "needs_attention", "not_yet"]
Names = Mapping[str, frozenset[str]]
N_ = str
"""Marks a text for translation that is translated where it is shown."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its key, what it is called, what it asks, and which inputs it holds."""

    key: str
    title_id: str
    question_id: str
    inputs: str = ""
    """Regular expression over input paths; "" for a step that asks nothing."""
    help_file: str = ""
    """Name of its help text in ``resources/help``."""

    @property
    def title(self) -> str:
        """What the step is called, in the language in use."""
        return _(self.title_id)

    @property
    def question(self) -> str:
        """What the step asks, in the language in use."""
        return _(self.question_id)

    def holds(self, path: str) -> bool:
        """Whether the input (or problem) with this path belongs here."""
        return bool(self.inputs) and re.match(self.inputs, path) is not None


STEPS: tuple[Step, ...] = (
    Step(
        "workload",
        N_("Workload"),
        N_("What is served, to whom, and how often?"),
        r"project\b|workloads$|workloads\[\d+\](?!\.targets\b)",
        "workload.md",
    ),
    Step(
        "targets",
        N_("Latency targets"),
        N_("How fast must answers be?"),
        r"workloads\[\d+\]\.targets\b",
        "latency_targets.md",
    ),
    Step(
        "site",
        N_("Site constraints"),
        N_("Where may it run, and what does the place offer?"),
        r"site\b|own_measurements$",
        "site_constraints.md",
    ),
    Step(
        "economics",
        N_("Economics"),
        N_("How is money counted, and what limits are there?"),
        r"economics\b",
        "economics.md",
    ),
    Step(
        "priorities",
        N_("Priorities"),
        N_("What matters how much?"),
        r"priorities\b",
        "priorities.md",
    ),
    Step("review", N_("Review"), N_("Is everything as it should be?"), help_file="review.md"),
    Step(
        "recommendation",
        N_("Recommendation"),
        N_("Where and on what to run it, and why."),
        help_file="recommendation.md",
    ),
    Step("report", N_("Report"), N_("The whole answer on paper."), help_file="report.md"),
)
KEYS = tuple(step.key for step in STEPS)

_NEEDS_EVERY_INPUT = ("review", "recommendation", "report")
"""Steps that speak of the whole assessment: any problem anywhere is theirs too."""


def step(key: str) -> Step:
    """The step with this key. Raises KeyError."""
    for item in STEPS:
        if item.key == key:
            return item
    raise KeyError(key)


def step_of(path: str) -> Step:
    """The step whose page holds the input (or problem) with this path. Raises KeyError."""
    for item in STEPS:
        if item.holds(path):
            return item
    raise KeyError(path)


def entries_of(step: Step, assessment: Assessment) -> tuple[Entry, ...]:
    """The inputs on a step's page, in page order."""
    return tuple(item for item in entries(assessment) if step.holds(item.path))


def is_visible(assessment: Assessment, item: Entry) -> bool:
    """Whether an input matters with its sibling's present value (``Field.visible_when``)."""
    if item.field.visible_when is None:
        return True
    sibling, values = item.field.visible_when
    owner = item.path.rpartition(".")[0]
    return get_value(assessment, f"{owner}.{sibling}") in values


def problems_of(
    step: Step, assessment: Assessment, names: Names | None = None
) -> tuple[Problem, ...]:
    """What is wrong on a step's page. Review and what follows it answer for every page.

    ``names`` are the catalog's ids as ``core.assessment.problems`` takes them.
    """
    return _share(step, problems(assessment, names))


def _share(step: Step, found: Sequence[Problem]) -> tuple[Problem, ...]:
    if step.key in _NEEDS_EVERY_INPUT:
        return tuple(found)
    return tuple(problem for problem in found if step.holds(problem.path))


def first_problem(
    step: Step, assessment: Assessment, names: Names | None = None
) -> tuple[Step, Problem] | None:
    """Where Next leads when it may not go on: the page and the problem; ``None`` if it may."""
    blocking = blocks_next(step, assessment, names)
    return (step_of(blocking[0].path), blocking[0]) if blocking else None


def blocks_next(
    step: Step, assessment: Assessment, names: Names | None = None
) -> tuple[Problem, ...]:
    """What must be put right before Next: the page's own problems; from Review on, all.

    An earlier page's problem blocks no other input page, so that a person can fill pages in
    any order. Nothing follows the report.
    """
    if step.key == "report":
        return ()
    return problems_of(step, assessment, names)


def may_enter(step: Step, assessment: Assessment, names: Names | None = None) -> bool:
    """Whether a step can be opened: input pages and Review always, results once nothing is wrong.

    An unfeasible assessment may be entered: its results say what is in the way.
    """
    if step.key not in ("recommendation", "report"):
        return True
    return not problems(assessment, names)


def states(
    assessment: Assessment,
    names: Names | None = None,
    *,
    visited: frozenset[str] = frozenset(),
    answered: bool = False,
    stale: bool = False,
    reported: bool = False,
    feasible: bool = True,
    known: Sequence[Problem] | None = None,
) -> dict[str, State]:
    """Every step's mark on the rail.

    ``visited``: keys of pages seen. ``answered``: a recommendation exists; ``stale``: the inputs
    changed since. ``reported``: a PDF of it was made. ``feasible``: it recommends an option.
    Untouched defaults are "not yet": they are valid, but nobody has looked at them. ``known`` are
    the problems where the caller has them.
    """
    found = problems(assessment, names) if known is None else known
    result: dict[str, State] = {}
    for item in STEPS:
        if item.key in ("recommendation", "report"):
            ready = answered if item.key == "recommendation" else answered and reported
            if ready:
                wanting = stale or bool(found) or not feasible
                result[item.key] = "needs_attention" if wanting else "done"
            else:
                result[item.key] = "not_yet"
        elif _share(item, found):
            result[item.key] = "needs_attention"
        else:
            result[item.key] = "done" if item.key in visited else "not_yet"
    return result


def state(
    step: Step,
    assessment: Assessment,
    names: Names | None = None,
    *,
    visited: frozenset[str] = frozenset(),
    answered: bool = False,
    stale: bool = False,
    reported: bool = False,
) -> State:
    """One step's mark on the rail (see ``states``)."""
    marks = states(
        assessment, names, visited=visited, answered=answered, stale=stale, reported=reported
    )
    return marks[step.key]
