"""What would change the answer: switch points, chances, drivers, questions turned round, levers."""

from __future__ import annotations

from core.charts.futures import FITTED
from core.decision.wording import signed_percent
from core.notation import after_label, local
from core.recommendation import Analysis, Recommendation
from core.words import _
from gui.results import texts
from gui.results.document import Block, Bullets, Grid, Link, Paragraph, Section
from gui.results.overview import nothing_to_change, to_changes
from gui.results.sources import SourceList


def sensitivity_sections(
    recommendation: Recommendation, analysis: Analysis | None, sources: SourceList
) -> tuple[Section, ...]:
    """Switch points, chances of winning, drivers and tuning levers; says so where not computed."""
    if recommendation.winner is None:
        return (
            Section(
                _("What would change the answer"), "none", _admitting(recommendation, analysis)
            ),
        )
    if analysis is None:
        text = _("Uncertainty and switch points are not computed yet for these inputs.")
        return (Section(_("What would change the answer"), "none", (Paragraph(text),)),)
    names = {o.id: o.title for o in (*recommendation.options, *recommendation.rejected)}
    return tuple(
        Section(title, key, blocks)
        for title, key, blocks in (
            (_("Where another option becomes best"), "switch_points", _switches(analysis)),
            (
                _("Chances over sampled futures"),
                "chances",
                _chances(analysis, names, recommendation),
            ),
            (_("What moves the winner's lead"), "tornado", _tornado(analysis, recommendation)),
            (_("Asked the other way round"), "answers", _answers(analysis)),
            (_("Operational tuning"), "levers", _levers(analysis, sources)),
            (_("What was varied"), "ranges", _ranges(analysis)),
        )
        if blocks
    )


def _admitting(recommendation: Recommendation, analysis: Analysis | None) -> tuple[Block, ...]:
    """What would admit an option where none keeps every limit, and where to do it."""
    searched = [c.sentence for c in analysis.smallest_changes if c.changes] if analysis else []
    told = tuple(searched or recommendation.reasons)
    if not told:
        return (Paragraph(nothing_to_change()),)
    return (
        Paragraph(_("No option keeps every limit yet. This would admit one:")),
        Bullets(told),
        to_changes(),
    )


def _switches(analysis: Analysis) -> tuple[Block, ...]:
    if not analysis.switch_points:
        return (Paragraph(_("No input was found whose change would alter the answer.")),)
    heads = (
        _("Input"), _("Now"), _("Switches at"), _("Then best"), _("Verified by re-running"),
    )  # fmt: skip  # the columns stand in one line as they do on screen
    rows, whys = [], []
    for point in analysis.switch_points:
        if point.switches_at is None:
            continue
        verified = _("yes") if point.verified else texts.DASH
        best = point.outcome or texts.DASH
        rows.append((point.label, point.current, point.switches_at, best, verified))
        if point.because:
            # Long sentences: in the table they would stand in a column of two words.
            whys.append(after_label(f"{point.label}, {point.switches_at}", point.because))
    steady = [f"{p.label} ({p.current})" for p in analysis.switch_points if p.switches_at is None]
    told = _("No other option becomes best within the range tried of: {inputs}.")
    chart = Paragraph(Link(_("Chart: switch points"), "chart:switch_points"))
    return (
        *((Grid(heads, tuple(rows), frozenset((1, 2))),) if rows else ()),
        *((Paragraph(_("Why it wins there:")), Bullets(tuple(whys))) if whys else ()),
        *((Paragraph(told.format(inputs=", ".join(steady))),) if steady else ()),
        chart,
    )


def _answers(analysis: Analysis) -> tuple[Block, ...]:
    """Inverse questions: what fits a limit, what makes a venue win, what a price buys."""
    if not analysis.answers:
        return ()
    rows = tuple(
        (
            answer.question,
            answer.answer,
            texts.DASH if answer.value is None else _("yes") if answer.verified else _("no"),
        )
        for answer in analysis.answers
    )
    return (Grid((_("Question"), _("Answer"), _("Verified by re-running")), rows, frozenset()),)


def _chances(
    analysis: Analysis, names: dict[str, str], recommendation: Recommendation
) -> tuple[Block, ...]:
    if not analysis.uncertainty:
        return ()
    stable = dict(analysis.stability)
    code = recommendation.currency.code
    heads = (
        _("Option"), _("Best in"), _("P10"), _("Median, {code}/Mtok").format(code=code),
        _("P90"), _("Expected regret, {code}").format(code=code),
        _("P90 of regret, {code}").format(code=code), _("Wins under other weights"),
    )  # fmt: skip  # the columns stand in one line as they do on screen
    rows = tuple(
        (
            Link(names.get(item.option_id, item.option_id), f"option:{item.option_id}"),
            texts.chance_text(item.win_probability),
            texts.plain_amount(item.usd_per_mtok_p10, recommendation),
            texts.plain_amount(item.usd_per_mtok_p50, recommendation),
            texts.plain_amount(item.usd_per_mtok_p90, recommendation),
            texts.plain_amount(item.regret_usd, recommendation),
            texts.DASH
            if item.regret_p90_usd is None
            else texts.plain_amount(item.regret_p90_usd, recommendation),
            texts.chance_text(stable.get(item.option_id)),
        )
        for item in analysis.uncertainty
    )
    note = _("{n} sampled futures, seed {seed}.").format(
        n=local(f"{analysis.samples:,}"), seed=analysis.seed
    )
    told = tuple(Paragraph(text) for text in (*analysis.futures, analysis.regret) if text)
    return (Paragraph(note), *told, Grid(heads, rows, frozenset(range(1, 8))))


def _tornado(analysis: Analysis, recommendation: Recommendation) -> tuple[Block, ...]:
    if not analysis.tornado:
        return ()
    code = recommendation.currency.code
    heads = (
        _("Input"), _("Low"), _("High"),
        _("Lead at low, {code}/Mtok").format(code=code), _("Lead at high"),
    )  # fmt: skip  # the columns stand in one line as they do on screen
    rows = tuple(
        (
            bar.label,
            bar.low_input,
            bar.high_input,
            texts.plain_amount(bar.gap_at_low, recommendation),
            texts.plain_amount(bar.gap_at_high, recommendation),
        )
        for bar in analysis.tornado
    )
    return (
        Grid(heads, rows, frozenset(range(1, 5))),
        Paragraph(_(FITTED)),
        Paragraph(Link(_("Chart: tornado"), "chart:tornado")),
    )


def _levers(analysis: Analysis, sources: SourceList) -> tuple[Block, ...]:
    if not analysis.levers:
        return ()

    def change(value: float | None) -> str:
        return texts.DASH if value is None else signed_percent(value)

    heads = (
        _("Lever"), _("In use"), _("Cost"), "TTFT", "TPOT", _("Power"), _("Skill, 1 to 5"),
        _("Note"), _("Source"),
    )  # fmt: skip  # the columns stand in one line as they do on screen
    rows = tuple(
        (
            lever.label,
            _("yes") if lever.in_use else _("no") if lever.applies else texts.DASH,
            change(lever.cost_change),
            change(lever.ttft_change),
            change(lever.tpot_change),
            change(lever.power_change),
            str(lever.skill_level),
            lever.note or lever.published,
            sources.link(lever.provenance),
        )
        for lever in analysis.levers
    )
    return (Grid(heads, rows, frozenset(range(2, 7))),)


def _ranges(analysis: Analysis) -> tuple[Block, ...]:
    if not analysis.input_ranges:
        return ()
    heads = (_("Input"), _("Distribution"), _("Source"))
    return (Grid(heads, analysis.input_ranges),)
