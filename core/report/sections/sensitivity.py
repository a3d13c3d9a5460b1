"""How sure the answer is and what would change it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from core.charts.futures import FITTED
from core.decision.wording import lower_first
from core.notation import local, semicolons
from core.recommendation import Analysis, SwitchPoint
from core.report.brief import DASH, Brief, chance, signed_share
from core.report.content import (
    Block,
    Blocks,
    Bullets,
    Callout,
    Column,
    Heading,
    Para,
    Picture,
    Table,
)
from core.report.sections.shortening import more_in
from core.report.sections.turning import changes
from core.words import _

MOST = 12
MOST_ADMITTED = 4
"""Ways to make an option feasible where none is; the table of the rejected options has them all."""


def blocks(brief: Brief) -> Blocks:
    """The analysis, or an honest replacement from the ranges of the cost lines."""
    if brief.analysis is None:
        yield from _without(brief)
        return
    if not brief.recommendation.options:
        yield Callout(
            _("No option is feasible, so there is no lead whose sensitivity could be measured.")
        )
        yield from _what_changes(brief)
        yield from _answers(brief.analysis)
        return
    yield from _futures(brief, brief.analysis)
    yield from _tornado(brief, brief.analysis)
    yield from _switches(brief.analysis)
    yield from _answers(brief.analysis)


def _without(brief: Brief) -> Blocks:
    yield Callout(
        _(
            "The analysis that re-runs the engine over sampled futures was not part of this "
            "report, so no probabilities, tornado or switch points are shown. Below is what the "
            "answer itself contains: the range of each cost line, and the nearest alternatives."
        )
    )
    option = brief.subject
    if option is not None and option.cost is not None:
        yield Table(
            (
                Column(_("Cost line of {title}").format(title=option.title)),
                Column(_("Present value"), brief.code, "decimal"),
                Column(_("Low case"), "", "decimal"),
                Column(_("High case"), "", "decimal"),
            ),
            tuple(
                (
                    line.label,
                    brief.whole(line.present_value_usd),
                    signed_share(line.low_factor - 1.0),
                    signed_share(line.high_factor - 1.0),
                )
                for line in option.cost.lines
            ),
        )
    yield from _what_changes(brief)


def _what_changes(brief: Brief) -> Iterator[Block]:
    found = changes(brief)[:MOST]
    if brief.winner is None and brief.smallest_changes and len(found) > MOST_ADMITTED:
        left = len(found) - MOST_ADMITTED
        found = [*found[:MOST_ADMITTED], more_in(left, brief.place("rejected"))]
    if found:
        yield Heading(_("What would change the answer"), 2)
        yield Bullets(tuple(found))


def _futures(brief: Brief, analysis: Analysis) -> Blocks:
    yield Heading(_("Sampled futures"), 2)
    yield Para(
        _(
            "{n} quasi-random futures (seed {seed}) draw load, growth, lengths, what is found in "
            "the cache, prices, tariff and the engine's own error from their ranges. Regret is "
            "what choosing an option costs more, in present value, than whichever turns out "
            "cheapest, but no more than its planned cost: on average (expected) and at most in "
            "nine of ten futures (P90). The last column varies the weights of the criteria instead."
        ).format(n=local(f"{analysis.samples:,}"), seed=analysis.seed)
    )
    for text in analysis.futures:
        yield Para(text)
    if analysis.regret:
        yield Para(analysis.regret)
    yield Picture("win_probability")
    answer = brief.recommendation
    titles = {o.id: o.title for o in (*answer.options, *answer.rejected)}
    stability = dict(analysis.stability)
    rows = analysis.uncertainty[:MOST]
    ends = [(r.usd_per_mtok_p10, r.usd_per_mtok_p50, r.usd_per_mtok_p90) for r in rows]
    amount = brief.column(itertools.chain.from_iterable(ends))
    yield Table(
        (
            Column(_("Option")),
            Column("P10", f"{brief.code}/Mtok", "decimal"),
            Column("P50", f"{brief.code}/Mtok", "decimal"),
            Column("P90", f"{brief.code}/Mtok", "decimal"),
            Column(_("Best"), _("of futures"), "decimal"),
            Column(_("Expected regret"), brief.code, "decimal"),
            Column(_("P90 of regret"), brief.code, "decimal"),
            Column(_("Best"), _("weights varied"), "decimal"),
        ),
        tuple(
            (
                titles.get(row.option_id, row.option_id),
                amount(row.usd_per_mtok_p10),
                amount(row.usd_per_mtok_p50),
                amount(row.usd_per_mtok_p90),
                chance(row.win_probability),
                brief.amount(row.regret_usd),
                DASH if row.regret_p90_usd is None else brief.amount(row.regret_p90_usd),
                chance(stability.get(row.option_id)),
            )
            for row in rows
        ),
    )


def _tornado(brief: Brief, analysis: Analysis) -> Blocks:
    yield Heading(_("What moves the lead"), 2)
    second = brief.recommendation.runner_up
    if second is None or not analysis.tornado:
        yield Callout(_("There is no runner-up, so there is no lead to move."))
        return
    yield Para(
        _(
            "The lead in cost is the cost of {second} minus that of {first}, per million tokens."
        ).format(second=second.title, first=brief.winner.title if brief.winner else DASH)
        + " "
        + _lead(brief, analysis.base_gap)
        + " "
        + _(FITTED)
    )
    yield Picture("tornado")
    bars = analysis.tornado[:MOST]
    lead = brief.evenly([gap for bar in bars for gap in (bar.gap_at_low, bar.gap_at_high)])
    yield Table(
        (
            Column(_("Input")),
            Column(_("Low value")),
            Column(_("Lead there"), f"{brief.code}/Mtok", "decimal"),
            Column(_("High value")),
            Column(_("Lead there"), f"{brief.code}/Mtok", "decimal"),
        ),
        tuple(
            (
                bar.label,
                bar.low_input,
                lead(bar.gap_at_low),
                bar.high_input,
                lead(bar.gap_at_high),
            )
            for bar in bars
        ),
    )


def _lead(brief: Brief, gap: float | None) -> str:
    """What the lead at base values means: a winner need not be the cheaper of the two."""
    if gap is None:
        return ""
    if gap >= 0:
        return _(
            "At base values it is {gap}. Where it turns negative, the next option is cheaper."
        ).format(gap=brief.money(gap))
    return _(
        "At base values it is {gap}: the next option is cheaper, and the recommended one leads by "
        "its other criteria. Where the lead turns positive, the recommended one is cheaper as well."
    ).format(gap=brief.money(gap))


def _switches(analysis: Analysis) -> Blocks:
    yield Heading(_("Switch points"), 2)
    if not analysis.switch_points:
        yield Callout(_("No single input was tried for a switch of the winner."))
        return
    yield Para(
        _(
            "The value of each single input, all others kept, at which another option becomes "
            "best; verified means that the whole engine was run again on both sides of it."
        )
    )
    moving = [p for p in analysis.switch_points if p.switches_at is not None]
    still = [p for p in analysis.switch_points if p.switches_at is None]
    if moving:
        yield Picture("switch_points")
        yield _switch_table(moving)
    else:
        yield Para(_("None of the inputs tried changes the winner."))
    if still:
        tried = semicolons(
            _("{label} (now {current}, tried {range})").format(
                label=lower_first(p.label), current=p.current, range=p.tried
            )
            if p.tried
            else _("{label} (now {current}; no option pays it)").format(
                label=lower_first(p.label), current=p.current
            )
            for p in still
        )
        yield Para(_("Tried without a switch in its range: {inputs}.").format(inputs=tried))


def _switch_table(points: Sequence[SwitchPoint]) -> Table:
    return Table(
        (
            Column(_("Input")),
            Column(_("Now")),
            Column(_("Switches at")),
            Column(_("New best option")),
            Column(_("Why it wins there")),
            Column(_("Verified"), align="centre"),
        ),
        tuple(
            (
                point.label,
                point.current,
                point.switches_at or DASH,
                point.outcome or DASH,
                point.because or DASH,
                _("yes") if point.verified else _("no"),
            )
            for point in points
        ),
    )


def _answers(analysis: Analysis) -> Blocks:
    if not analysis.answers:
        return
    yield Heading(_("Asked the other way round"), 2)
    yield Para(
        _(
            "Each answer was searched by running the whole engine again, all other inputs kept; "
            "verified means that it was run on both sides of the answer."
        )
    )
    yield Table(
        (
            Column(_("Question")),
            Column(_("Answer")),
            Column(_("Verified"), align="centre"),
        ),
        tuple(
            (
                answer.question,
                answer.answer,
                DASH if answer.value is None else _("yes") if answer.verified else _("no"),
            )
            for answer in analysis.answers
        ),
    )
