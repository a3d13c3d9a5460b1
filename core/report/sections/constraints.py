"""The five constraints and the hard limits: scores with formulas, the bottleneck, every gate."""

from __future__ import annotations

from core.decision.rating import CONSTRAINTS, LABELS
from core.decision.standings import points_of
from core.notation import local
from core.recommendation import Gate, Option, Score
from core.report.brief import DASH, Brief
from core.report.content import (
    Blocks,
    Callout,
    Column,
    Heading,
    Para,
    Picture,
    Table,
    Words,
    labelled,
)
from core.words import N_, _

STATUS = {"pass": N_("met"), "fail": N_("broken"), "unknown": N_("to be confirmed")}
_FEW = 6


def blocks(brief: Brief) -> Blocks:
    """Radar, reasons and formulas, the options side by side, the gates."""
    yield from brief.about_subject()
    option = brief.subject
    if option is None:
        yield Callout(_("No option was examined, so no constraint is rated."))
        return
    yield Para(
        _(
            "Each constraint is rated 0 to 100 against fixed anchors, never against the other "
            "options: adding or removing an option changes no other's points. A "
            "constraint that does not apply is left out and its weight spread over the others."
        )
    )
    yield Picture("constraints_radar")
    if option.bottleneck is not None:
        yield Para(_bottleneck(option), keep=True)
    yield _reasons(option)
    others = (brief.recommendation.options or brief.recommendation.rejected)[:_FEW]
    if len(others) > 1 and any(o.bottleneck is not None for o in others):
        yield _beside(others) if brief.winner else _rejected_beside(others)
    yield Heading(_("Hard limits of {title}").format(title=option.title), 2)
    yield Para(
        _(
            "An option must break none of these. A limit that could not be checked is a condition "
            "to confirm, not a pass."
        )
    )
    yield Table(
        (Column(_("Limit")), Column(_("Status")), Column(_("What was compared"))),
        tuple(_gate(gate) for gate in option.gates),
    )


def _scores(option: Option) -> dict[str, Score]:
    return {score.key: score for score in option.scores}


def _bottleneck(option: Option) -> Words:
    score = _scores(option).get(option.bottleneck or "")
    if score is None or score.value is None:
        return ""
    label = _("Bottleneck: {label}.").format(label=score.label)
    return labelled(label, f"{points_of(score)} / 100. {score.reason}")


def _points(score: Score) -> str:
    if score.value is None:
        return _("n/a") if score.assumed is None else _("not known")
    return points_of(score)


def _reasons(option: Option) -> Table:
    found = _scores(option)
    rows = []
    for key in CONSTRAINTS:
        score = found.get(key)
        if score is None:
            rows.append((_(LABELS[key]), DASH, DASH, DASH, DASH))
            continue
        value = _points(score)
        rows.append(
            (score.label, value, local(f"{score.weight * 100:.1f}"), score.reason, score.formula)
        )
    return Table(
        (
            Column(_("Constraint")),
            Column(_("Score"), _("of 100"), "decimal"),
            Column(_("Weight"), "%", "decimal"),
            Column(_("Reason")),
            Column(_("Formula")),
        ),
        tuple(rows),
        caption=_("The five constraints of {title}").format(title=option.title),
    )


def _beside(options: tuple[Option, ...]) -> Table:
    """A row a constraint, a column an option: long names of constraints need the room."""
    found = [_scores(option) for option in options]
    return Table(
        (
            Column(_("Constraint")),
            *(Column(f"# {option.rank or DASH}", "", "decimal") for option in options),
        ),
        tuple(
            (
                _(LABELS[key]),
                *(
                    _beside_value(scores.get(key), key == option.bottleneck)
                    for scores, option in zip(found, options, strict=True)
                ),
            )
            for key in CONSTRAINTS
        ),
        caption=_("The constraints of the nearest options, by rank (*: its bottleneck)"),
    )


def _rejected_beside(options: tuple[Option, ...]) -> Table:
    """A row an option by its name: without a rank no number would tell one from another."""
    return Table(
        (Column(_("Option")), *(Column(_(LABELS[key]), "", "decimal") for key in CONSTRAINTS)),
        tuple(
            (
                option.title,
                *(
                    _beside_value(_scores(option).get(key), key == option.bottleneck)
                    for key in CONSTRAINTS
                ),
            )
            for option in options
        ),
        caption=_("The constraints of the nearest options (*: its bottleneck)"),
    )


def _beside_value(score: Score | None, bottleneck: bool) -> str:
    if score is None or score.value is None:
        return _("n/a")
    return f"{points_of(score)} *" if bottleneck else points_of(score)


def _gate(gate: Gate) -> tuple[str, ...]:
    text = gate.message
    if gate.status != "pass" and gate.remedy:
        text = f"{text} {gate.remedy}"
    return gate.label, _(STATUS[gate.status]), text
