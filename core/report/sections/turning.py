"""What would change the answer: other inputs, other limits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from core.decision import verdicts
from core.decision.confidence import SURE_SHARE
from core.decision.wording import lower_first, price_per_mtok
from core.notation import semicolons
from core.recommendation import Cost, Option, SmallestChange, SwitchPoint
from core.report.brief import Brief, chance
from core.report.sections.admission import needed
from core.report.text import one_line
from core.words import _, ngettext

RANGES_TOLD = 4
"""Inputs in one sentence of what was tried, so that none is cut."""
LEAST_ROOM = 40
"""Characters of a name that stay in any case."""
ROOM_FOR_ALL = 100
"""Characters for a sentence from which on more than one way to the same option is told."""
WAYS_TOLD = 3
UNFIT = frozenset({"hardware_grade", "memory"})
"""Limits of the hardware itself: no change of the site admits it."""


def changes(brief: Brief, limit: int = 0) -> list[str]:
    """Sentences: verified switch points, else the runner-up and the nearest rejected option.

    For a page with room for ``limit`` characters a sentence (0: any) names are cut, so that
    no value has to be.
    """
    answer = brief.recommendation
    points = brief.analysis.switch_points if brief.analysis else ()
    found = list(_switches(points, limit))
    if points and not found:
        found += [*_together(brief), *nothing_switches(points)]
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
    """Rejected options that would cost less than ``lead_usd``, and what would admit them.

    Only those that would lead then: others change nothing, and stand with the rejected options.
    """
    for change in searched:
        usd = change.usd_per_mtok
        leads = change.rank == 1 or brief.winner is None
        if change.changes and leads and usd is not None and usd < lead_usd:
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
    text = _(
        "Several inputs at once can change it: another option is best in {share} of the sampled "
        "futures."
    )
    return [text.format(share=chance(1.0 - sampled.win_probability))]


def _switches(points: Sequence[SwitchPoint], limit: int) -> Iterator[str]:
    """A sentence for every option that a single changed input would make the best."""
    values: dict[str, list[str]] = {}
    whys: dict[str, str] = {}
    for point in points:
        if point.switches_at is not None:
            text = _("{label} {value} (now {current})").format(
                label=one_line(lower_first(point.label), limit and max(limit, LEAST_ROOM)),
                value=point.switches_at,
                current=point.current,
            )
            values.setdefault(point.new_winner, []).append(text)
            whys.setdefault(point.new_winner, point.because)
    most = WAYS_TOLD if limit >= ROOM_FOR_ALL else 1
    for title, ways in values.items():
        winner = one_line(title, limit and max(2 * limit // 3, LEAST_ROOM))
        why = whys[title] if title else ""  # what breaks there is not told of all options
        if len(ways) == 1:
            one = (
                _("{winner} becomes best at {one}.")
                if title
                else _("No option meets every limit at {one}.")
            )
            yield _with_why("{text} {why}", one.format(winner=winner, one=ways[0]), why, limit)
            continue
        told = ways[:most] if limit else ways
        if left := len(ways) - len(told):
            told.append(ngettext("{n} other change", "{n} other changes", left).format(n=left))
        text = (
            _("{winner} becomes best at any one of: {list}.")
            if title
            else _("No option meets every limit at any one of: {list}.")
        )
        text = text.format(winner=winner, list=semicolons(told))
        yield _with_why(_("{text} At the first: {why}"), text, why, limit)


def _with_why(form: str, text: str, why: str, limit: int) -> str:
    """A switch with its reason, that of the first way, where there is room for all of it."""
    found = form.format(text=text, why=why)
    return found if why and (not limit or len(found) <= limit) else text


def _cheaper(option: Option, usd_per_mtok: float) -> bool:
    return option.cost is not None and option.cost.usd_per_mtok.base < usd_per_mtok
