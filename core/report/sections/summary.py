"""The first page: enough to decide on its own."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from core.decision import verdicts
from core.decision.confidence import SURE_SHARE
from core.decision.leading import ahead_alone, cost_of, outpriced
from core.decision.tuning_words import largest_saving
from core.decision.verdicts import binding_text
from core.decision.wording import listed, lower_first, percent, price_per_mtok
from core.notation import day, local, semicolons
from core.recommendation import Cost, Option, SmallestChange, SwitchPoint
from core.report.brief import DASH, Brief, chance, num
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
from core.report.sections.admission import needed
from core.report.sections.key_figures import key_figures
from core.report.sections.shortening import cut, whole
from core.report.text import REPLACEMENT, one_line, printable
from core.words import N_, _

LEVELS: tuple[tuple[int, int, int], ...] = (
    (330, 4, 4),
    (260, 4, 3),
    (260, 3, 3),
    (240, 3, 2),
    (200, 3, 2),
    (160, 2, 2),
    (160, 1, 2),
    (100, 1, 2),
    (85, 1, 2),
    (70, 1, 2),
    (60, 1, 2),
)
"""Ever shorter versions: characters per sentence, items in the lower lists, rows of options.

The runner-up stands beside the choice in each: without it nobody can decide on this page.
"""
LONGEST_HEADLINE = 300
"""Characters of the decision, which is cut only where somebody typed very long names."""
DOUBTS = 420
"""Characters of the doubts beyond a sentence's: they are cut between two of them, if at all."""
RANGES_TOLD = 4
"""Inputs in one sentence of what was tried, so that none is cut."""
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
    yield Para(one_line(project.shown_title, 110), "title")
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
                "{sign} stands for a character that this typeface lacks; the attached assessment "
                "keeps it."
            ).format(sign=REPLACEMENT),
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
    return any(
        REPLACEMENT in printable(text) and REPLACEMENT not in text for text in (*typed, *names)
    )


def decision(brief: Brief, limit: int, count: int, rows: int) -> Blocks:
    """The decision, its key figures, why, risks, what is open and what would change it.

    ``limit`` characters a sentence, ``count`` items in the lower lists, ``rows`` of leading
    options.
    """
    answer = brief.recommendation.settled(brief.analysis)
    yield Para(one_line(answer.headline, LONGEST_HEADLINE), "lead")
    confidence = f"{_(CONFIDENCE[answer.confidence])}."
    doubts = whole(answer.confidence_reason, limit + 120, limit + DOUBTS)
    yield Para(labelled(confidence, doubts), "small")
    yield key_figures(brief)
    winner = brief.winner
    yield SideBySide(
        (
            _list(
                _("Why") if winner else _("Which limits bind the nearest option"),
                cut(answer.reasons[:3], 3, limit),
            ),
            _list(
                _("Risks") if winner else _("What rejects most"),
                cut(answer.risks[:3], 3, limit),
            ),
        )
    )
    turned = _list(
        _("What would change the answer"),
        cut(changes(brief)[:3], min(count, 3), limit)
        or (_("Nothing was found within the ranges tried."),),
    )
    open_ = _("Still to be confirmed")
    if answer.conditions:
        yield SideBySide((_list(open_, cut(answer.conditions, count, limit)), turned))
    else:  # a sentence, so that the other list gets the whole width
        yield Heading(open_, 2, listed=False)
        yield Para(_("Nothing: every limit was checked with known figures."), "small")
        yield from turned
    prices = prices_of_choice(brief)
    if prices:
        title = _("Cheaper options, and what your own limits cost")
        yield from _list(title, cut(prices, len(prices), limit))
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


def prices_of_choice(brief: Brief) -> list[str]:
    """Cheaper options that keep every limit, the cheapest that only the user's bar, and tuning."""
    answer = brief.recommendation
    found = [t.sentence for t in answer.trade_offs]
    if not found and answer.winner is not None and answer.winner.cost is not None:
        found.append(_("No other option that keeps every limit costs noticeably less."))
    found += [p.sentence for p in answer.limit_prices[:1]]
    if not answer.limit_prices:
        found.append(cheapest_rejected(brief) or _("No rejected option has a known price."))
    tuned = largest_saving(brief.analysis.levers) if brief.analysis else ""
    return [*found, tuned] if tuned else found


def cheapest_rejected(brief: Brief) -> str:
    """The rejected option with the lowest cost, what it fails on and how it compares; "".

    A hybrid of which one part alone costs less is no option that a limit keeps away.
    """
    answer, winner = brief.recommendation, brief.winner
    priced = [
        o
        for o in answer.rejected
        if o.cost is not None and {g.key for g in verdicts.failures(o.gates)} != {"split"}
    ]
    if not priced:
        return ""
    option = min(priced, key=lambda o: (cost_of(o), o.id))
    assert option.cost is not None  # only priced ones were kept
    usd = option.cost.usd_per_mtok.base
    own = None if winner is None or winner.cost is None else winner.cost.usd_per_mtok.base
    less = 1.0 - usd / own if own else 0.0
    text = (
        _("The cheapest rejected option is {title} at {price}; it fails on {limits}.")
        if less >= 0
        else _(
            "No rejected option costs less either: the cheapest of them, {title} at {price}, is "
            "{share} dearer than the recommended one; it fails on {limits}."
        )
    )
    if own and less >= 0:
        text += " " + _("That is {share} less than the recommended one.")
    return text.format(
        title=option.title,
        price=price_per_mtok(usd, answer.currency),
        limits=binding_text(option.gates),
        share=percent(abs(less)),
    )


def _list(title: str, items: tuple[Words, ...]) -> tuple[Block, ...]:
    return (Heading(title, 2, listed=False), Bullets(items or (DASH,), small=True))


def _order_told(leading: Sequence[Option]) -> str:
    """Why the first option has fewer points than another."""
    first, *others = leading
    alone = next((found for other in others if (found := ahead_alone(first, other))), ())
    if alone:
        return _(
            "A dearer option has more points only through what does not apply to the first "
            "({criteria}); on the rest it is behind."
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
            Column(_("Power"), "kW", "decimal"),
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


# -- what would change the answer ------------------------------------------------------------


def changes(brief: Brief) -> list[str]:
    """Sentences: verified switch points, else the runner-up and the nearest rejected option."""
    answer = brief.recommendation
    points = brief.analysis.switch_points if brief.analysis else ()
    found = list(_switches(points))
    if points and not found:
        found += nothing_switches(points)
        found[1:1] = _together(brief)
    second = answer.runner_up
    if second is not None and second.why and not found:
        found.append(_("{title} is next: {why}").format(title=second.title, why=second.why))
    lead = answer.winner.cost if answer.winner else None
    searched = brief.smallest_changes
    if searched:
        found += _searched(brief, searched, lead.usd_per_mtok.base if lead else math.inf)
    else:
        found += _as_gates_say(brief, lead)
    return found


def _searched(brief: Brief, searched: Sequence[SmallestChange], lead_usd: float) -> Iterator[str]:
    """Rejected options that would cost less than ``lead_usd``, and what would admit them."""
    for change in searched:
        usd = change.usd_per_mtok
        if change.changes and usd is not None and usd < lead_usd:
            yield _(
                "{title} would be admitted by {change}, then costs {cost} and ranks {n}."
            ).format(
                title=change.option_title,
                change=needed(change),
                cost=price_per_mtok(usd, brief.recommendation.currency),
                n=_("first") if change.rank == 1 else _("no. {n}").format(n=change.rank),
            )


def _as_gates_say(brief: Brief, lead: Cost | None) -> Iterator[str]:
    """The same without a search: the nearest rejected options, priced ones first."""
    answer = brief.recommendation
    rejected = sorted(answer.rejected, key=lambda o: o.cost is None)
    for option in rejected[:3] if lead is None else rejected:
        takes = verdicts.remedies(option.gates)
        unfit = any(g.key in UNFIT for g in option.gates if g.status == "fail")
        dearer = lead is not None and not _cheaper(option, lead.usd_per_mtok.base)
        if unfit or not takes or dearer:
            continue
        at = (
            price_per_mtok(option.cost.usd_per_mtok.base, answer.currency)
            if option.cost
            else _("its price is not known")
        )
        yield _("{title} ({cost}) would take: {takes}").format(
            title=option.title, cost=at, takes=takes
        )


def nothing_switches(points: Sequence[SwitchPoint]) -> Iterator[str]:
    """That no single input changes the winner, and how far each was turned, a few a sentence."""
    ranges = [
        _("{label} {range}").format(label=lower_first(p.label), range=p.tried)
        for p in points
        if p.tried
    ]
    for start in range(0, len(ranges), RANGES_TOLD):
        text = (
            _("No single input changes the winner within what was tried: {ranges}.")
            if start == 0
            else _("Nor does any of these: {ranges}.")
        )
        yield text.format(ranges=semicolons(ranges[start : start + RANGES_TOLD]))


def _together(brief: Brief) -> list[str]:
    """That several inputs at once may well change the winner, where sampled futures say so."""
    sampled = brief.uncertainty(brief.winner) if brief.winner else None
    if sampled is None or sampled.win_probability >= SURE_SHARE:
        return []
    text = _("Several at once can: another option is best in {share} of the sampled futures.")
    return [text.format(share=chance(1.0 - sampled.win_probability))]


def _switches(points: Sequence[SwitchPoint]) -> Iterator[str]:
    """A sentence for every option that a single changed input would make the best."""
    values: dict[str, list[str]] = {}
    for point in points:
        if point.switches_at is not None:
            text = _("{label} {value} (now {current})").format(
                label=lower_first(point.label), value=point.switches_at, current=point.current
            )
            values.setdefault(point.new_winner, []).append(text)
    for winner, alternatives in values.items():
        if len(alternatives) == 1:
            text = _("{winner} becomes best at {one}.")
            yield text.format(winner=winner, one=alternatives[0])
        else:
            text = _("{winner} becomes best at any one of: {list}.")
            yield text.format(winner=winner, list=semicolons(alternatives))


UNFIT = frozenset({"hardware_grade", "memory"})
"""Limits of the hardware itself: no change of the site admits it."""


def _cheaper(option: Option, usd_per_mtok: float) -> bool:
    return option.cost is not None and option.cost.usd_per_mtok.base < usd_per_mtok
