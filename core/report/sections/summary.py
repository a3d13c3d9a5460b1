"""The first page: enough to decide on its own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from core.decision.leading import ahead_alone, outpriced
from core.decision.wording import listed, lower_first
from core.fleet import NAMEPLATE_POWER
from core.notation import day, local
from core.recommendation import Option, Recommendation
from core.report.brief import DASH, Brief, num
from core.report.content import (
    Block,
    Blocks,
    Bullets,
    Callout,
    Column,
    Gap,
    Heading,
    Para,
    SideBySide,
    Table,
    Words,
    labelled,
)
from core.report.sections.key_figures import key_figures
from core.report.sections.prices import with_sections
from core.report.sections.shortening import cut, every, first_of, whole, with_place
from core.report.sections.turning import changes
from core.report.text import one_line
from core.typeface import lacking
from core.words import N_, _

LEVELS: tuple[tuple[int, int, int], ...] = (
    (330, 4, 4),
    (260, 4, 3),
    (260, 3, 3),
    (240, 3, 2),
    (200, 3, 2),
    (160, 2, 2),
    (120, 2, 2),
    (100, 2, 2),
    (120, 1, 2),
    (100, 1, 2),
    (85, 1, 2),
    (70, 1, 2),
    (60, 1, 2),
    (52, 1, 2),
    (45, 1, 2),
    (36, 1, 2),
    (28, 1, 2),
)
"""Ever shorter versions: characters per sentence, items in the lower lists, rows of options.

The runner-up stands beside the choice in each: without it nobody can decide on this page.
"""
LONGEST_HEADLINE = 300
"""Characters of the decision, which is cut only where somebody typed very long names."""
DOUBTS = 420
"""Characters of the doubts beyond a sentence's: they are cut between two of them, if at all."""
VERY_FEW = 40
"""Characters a sentence up to which the title and the decision are cut too."""
FEW_DOUBTS = 85
"""Characters a sentence up to which the doubts make room for reasons and risks."""
CONFIDENCE = {
    "high": N_("High confidence"),
    "medium": N_("Medium confidence"),
    "low": N_("Low confidence"),
}


def first_pages(brief: Brief) -> list[Blocks]:
    """The first page in ever shorter versions; the first that fits is printed."""
    return [list(_page(brief, *level)) for level in LEVELS]


def _page(brief: Brief, limit: int, count: int, rows: int) -> Blocks:
    answer, project = brief.recommendation, brief.recommendation.assessment.project
    kicker = _("Decision report · {date} · Inference Advisor {version}").format(
        date=day(answer.as_of), version=answer.version
    )
    yield Para(kicker, "muted")
    yield Para(one_line(project.shown_title, 110 if limit > VERY_FEW else 70), "title")
    people = [
        text.format(name=one_line(name, 80))
        for text, name in (
            (_("For {name}"), project.customer),
            (_("Prepared by {name}"), project.author),
        )
        if name
    ]
    if people:
        yield Para(" · ".join(people), "muted")
    if _lacks_characters(brief):
        yield Para(
            _(
                "[U+ and a number] stands for a character that this typeface lacks; the attached "
                "assessment keeps it."
            ),
            "muted",
        )
    yield Gap(2.0)
    yield from decision(brief, limit, count, rows)


def _lacks_characters(brief: Brief) -> bool:
    """Whether a text that a person typed holds a character that cannot be printed."""
    assessment = brief.recommendation.assessment
    project = assessment.project
    typed = (project.title, project.customer, project.author, project.notes)
    names = (workload.name for workload in assessment.workloads)
    return any(lacking(text) for text in (*typed, *names))


def decision(brief: Brief, limit: int, count: int, rows: int) -> Blocks:
    """The decision, its key figures, why, risks, what is open and what would change it.

    ``limit`` characters a sentence, ``count`` items in the lower lists, ``rows`` of leading
    options.
    """
    answer = brief.recommendation.settled(brief.analysis)
    yield Para(one_line(answer.headline, LONGEST_HEADLINE if limit > VERY_FEW else 230), "lead")
    room = limit + (DOUBTS if limit > FEW_DOUBTS else DOUBTS // 3)
    doubts = whole(answer.confidence_reason, min(limit + 120, room), room)
    yield Para(labelled(_held(answer), with_place(doubts, brief.place("options"))), "small")
    yield key_figures(brief)
    winner, rejected = brief.winner, brief.place("rejected")
    yield SideBySide(
        (
            _list(
                _("Why") if winner else _("Which limits bind the nearest option"),
                every(answer.reasons[:3], limit, brief.place("options") if winner else rejected),
            ),
            _list(
                _("Risks") if winner else _("What rejects most"),
                risks_told(brief, limit),
            ),
        )
    )
    points = brief.analysis.switch_points if brief.analysis else ()
    turned = _list(
        _("What would change the answer"),
        first_of(
            changes(brief, limit),
            min(count, 3),
            limit,
            brief.place("sensitivity") if points else rejected,
        )
        or (_("Nothing was found within the ranges tried."),),
    )
    open_ = _("Still to be confirmed")
    if answer.conditions:
        found = cut(answer.conditions, count, limit, brief.place("action"))
        yield SideBySide((_list(open_, found), turned))
    else:  # a sentence, so that the other list gets the whole width
        yield Heading(open_, 2, listed=False)
        yield Para(_("Nothing: every limit was checked with known figures."), "small")
        yield from turned
    prices = with_sections(brief)
    if prices:
        title = _("Cheaper options, and what your own limits cost")
        places = [brief.place(key) for key, _text in prices]
        yield from _list(title, cut([text for _key, text in prices], len(prices), limit, places))
    if len(answer.options) > 1:
        yield _best(brief, rows)
    if winner is None:
        yield Callout(
            _(
                "No option meets every limit, so nothing is recommended. The sections below show "
                "what each option would need."
            ),
            "warning",
        )


def _held(answer: Recommendation) -> str:
    return f"{_(CONFIDENCE[answer.confidence])}."


def grounds(brief: Brief) -> Blocks:
    """The reasons of the first page and how sure the answer is, with nothing cut."""
    answer = brief.recommendation.settled(brief.analysis)
    yield Heading(_("Why the first is recommended"), 2)
    yield Bullets(answer.reasons or (DASH,))
    yield Para(labelled(_held(answer), answer.confidence_reason))


def risks_told(brief: Brief, limit: int) -> tuple[Words, ...]:
    """What the first page with ``limit`` characters a sentence tells of the weightiest risks."""
    place = brief.place("risks" if brief.winner else "rejected")
    found = brief.recommendation.settled(brief.analysis).risks
    return every(found[:3], limit, place)


def _list(title: str, items: tuple[Words, ...]) -> tuple[Block, ...]:
    return (Heading(title, 2, listed=False), Bullets(items or (DASH,), small=True))


def _order_told(leading: Sequence[Option]) -> str:
    """Why the first option has fewer points than another."""
    first, *others = leading
    alone = next((found for other in others if (found := ahead_alone(first, other))), ())
    if alone:
        return _(
            "A dearer option has more points only through what does not apply to the first "
            "({criteria}); on all the rest together it is behind."
        ).format(criteria=listed([lower_first(s.label) for s in alone]))
    if any(outpriced(first, other) for other in others):
        return _("Beyond twice the cost of another option, points have to earn the difference.")
    return _("Of options less than a point behind the highest score the cheapest leads.")


def _best(brief: Brief, rows: int) -> Table:
    """The leading options, a line each, and why the order may not be that of the points."""
    leading = brief.recommendation.options[:rows]
    points = [o.total_score or 0.0 for o in leading]
    turned = any(after > before for before, after in itertools.pairwise(points))
    return Table(
        (
            Column("#", "", "decimal"),
            Column(_("Leading options")),
            Column(_("Cost"), f"{brief.code}/Mtok", "decimal"),
            Column(_("Score"), _("of 100"), "decimal"),
            Column(_("Up front"), brief.code, "decimal"),
            Column(_(NAMEPLATE_POWER), "kW", "decimal"),
            Column(_("Deploy"), _("weeks"), "decimal"),
        ),
        tuple(
            (
                str(o.rank or DASH),
                one_line(o.title, 110),
                brief.amount(o.cost.usd_per_mtok.base if o.cost else None),
                DASH if o.total_score is None else local(f"{o.total_score:.1f}"),
                brief.amount(o.cost.capex_usd) if o.cost else DASH,
                num(o.fleet.nameplate_kw),
                num(o.weeks_to_deploy.base if o.weeks_to_deploy else None, 2),
            )
            for o in leading
        ),
        caption=_order_told(leading) if turned else "",
        strong=frozenset((0,)),
        row_headings=False,
    )
