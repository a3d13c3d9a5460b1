"""Scenarios side by side: the inputs that differ, and what each of them comes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.comparison.alignment import align
from core.comparison.inputs import differing
from core.comparison.records import COSTS_PER_TOKEN as COSTS_PER_TOKEN
from core.comparison.records import DASH as DASH
from core.comparison.records import Comparison as Comparison
from core.comparison.records import Row as Row
from core.comparison.records import Scenario as Scenario
from core.comparison.results import rows
from core.comparison.table import change_text as change_text
from core.comparison.table import comparison_csv as comparison_csv
from core.decision.wording import tokens
from core.notation import quoted, semicolons
from core.recommendation import Recommendation
from core.words import _


def compare(
    recommendations: Sequence[Recommendation], names: Sequence[str] | None = None
) -> Comparison:
    """Put two or more answers beside each other; the first is what the others are held against.

    ``names`` call them, else their projects' titles do; equal names are numbered. Money is in
    the first one's currency. Raises ValueError for fewer than two answers, or where names and
    answers differ in number.
    """
    if len(recommendations) < 2:
        raise ValueError(f"a comparison needs at least two scenarios; got {len(recommendations)}")
    wanted = names or [r.assessment.project.shown_title for r in recommendations]
    called = _distinct(wanted)
    scenarios = tuple(Scenario(n, r) for n, r in zip(called, recommendations, strict=True))
    slots = align([r.assessment for r in recommendations])
    currency = recommendations[0].currency
    return Comparison(
        scenarios=scenarios,
        currency=currency,
        workloads=slots,
        inputs=differing(scenarios, slots),
        results=rows(scenarios, slots, currency),
        notes=tuple(_notes(scenarios)),
        same_work=_same_work(recommendations),
    )


SAME_TOKENS = 0.01
"""Relative difference of the yearly tokens up to which two scenarios do the same work."""


def _same_work(answers: Sequence[Recommendation]) -> bool:
    """Whether all serve the same tokens a year with the same models."""
    work = [
        (tuple(d.model_name for d in a.demand), sum(sum(d.tokens_per_year[:1]) for d in a.demand))
        for a in answers
    ]
    models, most = work[0]
    return all(m == models and abs(t - most) <= SAME_TOKENS * most for m, t in work)


def _distinct(names: Sequence[str]) -> list[str]:
    found: list[str] = []
    for wanted in names:
        base = wanted.strip() or _("Untitled assessment")
        name, number = base, 2
        while name in found:
            name, number = f"{base} ({number})", number + 1
        found.append(name)
    return found


def _notes(scenarios: Sequence[Scenario]) -> Iterator[str]:
    """What keeps the answers from being held against each other without care."""
    first = scenarios[0].recommendation
    answers = [s.recommendation for s in scenarios]
    if any(a.currency != first.currency for a in answers):
        yield _("All amounts are in {code}, the currency of “{name}”.").format(
            code=first.currency.code, name=scenarios[0].name
        )
    if any(a.as_of != first.as_of for a in answers):
        yield _("The answers hold for different days: {days}.").format(
            days=", ".join(a.as_of for a in answers)
        )
    if any(a.version != first.version for a in answers):
        yield _("The answers come from different versions of the program.")
    if not _same_work(answers):
        yield _(
            "The assessments do not serve the same work ({volumes} in the first year). Spending, "
            "power, carbon and latencies are those of each one's own work and say nothing about "
            "which is better; costs per million tokens can be compared, and differ also because "
            "the work does."
        ).format(
            volumes=semicolons(
                f"{quoted(s.name)} {tokens(sum(sum(d.tokens_per_year[:1]) for d in a.demand))}"
                for s, a in zip(scenarios, answers, strict=True)
            )
        )
    if any(a.assessment.economics.horizon_years != first.assessment.economics.horizon_years
           for a in answers):  # fmt: skip  # one question
        yield _("The horizons differ, so sums over the whole time cannot be compared; "
                "the cost per million tokens can.")  # fmt: skip  # one sentence
