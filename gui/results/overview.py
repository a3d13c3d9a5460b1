"""The answer at a glance: key figures, reasons, risks, what to confirm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.decision.tuning_words import largest_saving
from core.fleet import NAMEPLATE_POWER
from core.recommendation import Analysis, GeneralPurpose, Option, Recommendation
from core.words import _
from gui.results import texts
from gui.results.against_base import base_case_sections
from gui.results.document import Bullets, CellContent, Grid, Link, Paragraph, Section


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
        blocks = (Paragraph(nothing_to_change()),)
        sections.insert(0, Section(parts[0][0], "reasons", blocks))
    elif not found:
        sections[0] = replace(sections[0], blocks=(*sections[0].blocks, to_changes()))
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


def nothing_to_change() -> str:
    """What is left to do where not one option could be built."""
    return _("Allow more venues in the site constraints, or choose other models.")


def to_changes() -> Paragraph:
    """The way to the buttons."""
    return Paragraph(Link(_("Make such a change: smallest changes"), "tab:why_not"))


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
