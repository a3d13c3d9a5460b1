"""The answer at a glance: key figures, reasons, risks, what to confirm, what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.decision.tuning_words import largest_saving
from core.decision.wording import signed_percent
from core.fleet import NAMEPLATE_POWER
from core.notation import after_label, local
from core.recommendation import Analysis, GeneralPurpose, Option, Recommendation
from core.words import _
from gui.results import texts
from gui.results.against_base import base_case_sections
from gui.results.document import Block, Bullets, CellContent, Grid, Link, Paragraph, Section
from gui.results.sources import SourceList


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number that everybody asks for first."""

    label: str
    value: str
    detail: str = ""
    target: str = "fleet"
    """Section of the option's details that tells how it is computed."""


def key_figures(
    recommendation: Recommendation, analysis: Analysis | None = None
) -> tuple[KeyFigure, ...]:
    """Cost with range, up-front spending, power, time and utilisation of the winner."""
    winner = recommendation.winner
    if winner is None:
        return ()
    return (
        _cost_figure(winner, recommendation, analysis),
        _spending_figure(winner, recommendation),
        _power_figure(winner),
        _time_figure(winner),
        KeyFigure(
            _("Utilisation"),
            texts.share_text(winner.fleet.utilisation),
            _("first-year average")
            if winner.fleet.utilisation is not None
            else _("the provider's"),
        ),
    )


def _cost_figure(
    winner: Option, recommendation: Recommendation, analysis: Analysis | None
) -> KeyFigure:
    label, cost = _("Cost per million tokens"), winner.cost
    if cost is None:
        return KeyFigure(label, texts.DASH, _("no price known"), "cost")
    detail = texts.money_range(cost.usd_per_mtok, recommendation)
    item = analysis.uncertainty_of(winner.id) if analysis else None
    if item is not None:
        detail = _("{low} to {high} in 80 % of futures").format(
            low=texts.plain_amount(item.usd_per_mtok_p10, recommendation),
            high=texts.plain_amount(item.usd_per_mtok_p90, recommendation),
        )
    value = texts.amount(cost.usd_per_mtok.base, recommendation)
    return KeyFigure(label, value, detail, "cost")


def _spending_figure(winner: Option, recommendation: Recommendation) -> KeyFigure:
    cost = winner.cost
    if cost is None:
        return KeyFigure(_("Up-front spending"), texts.DASH, target="cost")
    yearly = texts.amount(cost.opex_first_year_usd, recommendation)
    return KeyFigure(
        _("Up-front spending"),
        texts.amount(cost.capex_usd, recommendation),
        _("{amount} in year 1").format(amount=yearly),
        "cost",
    )


def _power_figure(winner: Option) -> KeyFigure:
    fleet = winner.fleet
    if fleet.facility_kw is None and fleet.nameplate_kw is None:
        return KeyFigure(_(NAMEPLATE_POWER), texts.DASH, _("no machines of your own"))
    parts = []
    if fleet.facility_kw is not None:
        parts.append(_("{kw} with cooling").format(kw=texts.value_text(fleet.facility_kw, "kW")))
    if fleet.rack_count:
        one = fleet.rack_count == 1
        parts.append(_("1 rack") if one else _("{n} racks").format(n=fleet.rack_count))
    power = texts.value_text(fleet.nameplate_kw, "kW")
    return KeyFigure(_(NAMEPLATE_POWER), power, " · ".join(parts))


def _time_figure(winner: Option) -> KeyFigure:
    weeks = winner.weeks_to_deploy
    if weeks is None:
        return KeyFigure(_("Time to deploy"), texts.DASH, target="option")
    return KeyFigure(
        _("Time to deploy"),
        texts.weeks_text(weeks).partition(" (")[0],
        _("{low} to {high}").format(
            low=texts.value_text(weeks.low), high=texts.value_text(weeks.high)
        ),
        "option",
    )


def overview_sections(
    recommendation: Recommendation, analysis: Analysis | None = None
) -> tuple[Section, ...]:
    """Why this one, what could go wrong, what is still to be confirmed."""
    found = recommendation.winner is not None
    saved = largest_saving(analysis.levers) if analysis is not None and found else ""
    parts = (
        (
            _("Why this one") if found else _("The limits that bind, and the smallest changes"),
            "reasons",
            recommendation.reasons,
        ),
        (
            _("What the choice costs"),
            "choice",
            (
                *(item.sentence for item in recommendation.trade_offs),
                *(item.sentence for item in recommendation.limit_prices),
                *((saved,) if saved else ()),
            ),
        ),
        (_("Risks") if found else _("How often each limit rejects"), "risks", recommendation.risks),
        (_("To be confirmed"), "conditions", recommendation.conditions),
    )
    sections = [Section(title, key, (Bullets(items),)) for title, key, items in parts if items]
    if not found and not recommendation.reasons:
        blocks = (Paragraph(_nothing_to_change()),)
        sections.insert(0, Section(parts[0][0], "reasons", blocks))
    elif not found:
        sections[0] = replace(sections[0], blocks=(*sections[0].blocks, _to_changes()))
    if found and not recommendation.conditions:
        text = _("Nothing: every limit could be checked.")
        sections.append(Section(_("To be confirmed"), "conditions", (Paragraph(text),)))
    sections.extend(base_case_sections(recommendation))
    sections.extend(_general_purpose(recommendation))
    for title, key, level in (
        (_("To check"), "warnings", "warning"),
        (_("Good to know"), "notices", "info"),
    ):
        told = tuple(n.text for n in recommendation.notices if n.level == level)
        if told:
            sections.append(Section(title, key, (Bullets(told),)))
    return tuple(sections)


def _nothing_to_change() -> str:
    """What is left to do where not one option could be built."""
    return _("Allow more venues in the site constraints, or choose other models.")


def _general_purpose(recommendation: Recommendation) -> Iterator[Section]:
    if not recommendation.general_purpose:
        return
    heads = (
        _("Reference"), _("Cost, {code}/Mtok").format(code=recommendation.currency.code),
        _("Ratio to the best"),
    )  # fmt: skip  # the columns stand in one line as they do on screen
    references = recommendation.general_purpose
    rows = tuple(_reference(item, recommendation) for item in references)
    yield Section(
        _("Against general-purpose hardware"),
        "general_purpose",
        (
            Grid(heads, rows, frozenset((1, 2))),
            # Long sentences: beside the figures they would stand in a column of two words.
            Bullets(tuple(text for text in map(_meaning, references) if text)),
            Paragraph(Link(_("Chart: beside the published ratio"), "chart:general_purpose")),
        ),
    )


def _reference(item: GeneralPurpose, recommendation: Recommendation) -> tuple[CellContent, ...]:
    ratio = texts.DASH if item.ratio is None else f"{texts.value_text(item.ratio)} ×"
    return (item.reference, texts.plain_amount(item.usd_per_mtok, recommendation), ratio)


def _meaning(item: GeneralPurpose) -> str:
    """What a reference is, and what is to be known about it."""
    return " ".join(f"{part.rstrip('.')}." for part in (item.definition, item.note) if part)


# -- what would change the answer ------------------------------------------------------------


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
        return (Paragraph(_nothing_to_change()),)
    return (
        Paragraph(_("No option keeps every limit yet. This would admit one:")),
        Bullets(told),
        _to_changes(),
    )


def _to_changes() -> Paragraph:
    """The way to the buttons."""
    return Paragraph(Link(_("Make such a change: smallest changes"), "tab:why_not"))


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
