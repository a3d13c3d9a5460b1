"""Options compared: the ranked list, its costs, and the contributions behind the order."""

from __future__ import annotations

from collections.abc import Callable

from core.decision.explanation import cross_check_notices
from core.decision.trade_offs import cheaper_than_first
from core.decision.wording import years_in_words
from core.fleet import NAMEPLATE_POWER
from core.notation import local
from core.recommendation import Option
from core.report.brief import DASH, Brief, num, num_in_column
from core.report.content import Blocks, Bullets, Callout, Column, Heading, Para, Picture, Table
from core.report.sections.summary import grounds
from core.words import N_, _, ngettext

MOST = 15
MOST_BESIDE = 10
EVIDENCE = {
    "measured": N_("measured"),
    "calibrated": N_("calibrated"),
    "extrapolated": N_("extrapolated"),
}


def blocks(brief: Brief) -> Blocks:
    """Table, chart, contributions, and why each option stands where it stands."""
    answer = brief.recommendation
    if not answer.options:
        yield Callout(
            _(
                "No option meets every limit, so there is nothing to rank. The rejected options "
                "follow in their own section, nearest first."
            ),
            "warning",
        )
        yield Picture("cost_per_mtok")
        return
    shown = answer.options[:MOST]
    yield Para(
        ngettext(
            "{n} of {all} options meets every hard limit. It is the best configuration of its "
            "venue and platform; {candidates} were examined in all. Costs are levelised over "
            "{years}; low and high set every cost line to its low or high case.",
            "{n} of {all} options meet every hard limit. Each is the best configuration of its "
            "venue and platform; {candidates} were examined in all. Costs are levelised over "
            "{years}; low and high set every cost line to its low or high case.",
            len(answer.options),
        ).format(
            n=len(answer.options),
            all=len(answer.options) + len(answer.rejected),
            candidates=local(f"{answer.candidates_evaluated:,}"),
            years=years_in_words(brief.horizon),
        )
    )
    spreads = [o.cost.usd_per_mtok for o in shown if o.cost]
    costs = [usd for spread in spreads for usd in (spread.base, spread.low, spread.high)]
    yield Table(
        (
            Column("#", "", "decimal"),
            Column(_("Option")),
            Column(_("Cost"), f"{brief.code}/Mtok", "decimal"),
            Column(_("Low–high"), f"{brief.code}/Mtok", "decimal"),
            Column(_("Score"), _("of 100"), "decimal"),
            Column(_("Up front"), brief.code, "decimal"),
            Column(_(NAMEPLATE_POWER), "kW", "decimal"),
            Column(_("Deploy"), _("weeks"), "decimal"),
            Column(_("Evidence")),
        ),
        tuple(_row(brief, option, brief.column(costs)) for option in shown),
        caption=_("Feasible options, best first"),
        strong=frozenset((0,)),
        row_headings=False,
    )
    if len(answer.options) > MOST:
        left = len(answer.options) - MOST
        text = ngettext(
            "{n} further option is in the attached options.csv.",
            "{n} further options are in the attached options.csv.",
            left,
        )
        yield Para(text.format(n=left), "small")
    yield Picture("cost_per_mtok")
    yield from grounds(brief)
    if answer.trade_offs:
        yield Heading(_("Cheaper options that keep every limit"), 2)
        cheaper = cheaper_than_first(answer.options)
        if cheaper > len(answer.trade_offs):
            yield Para(
                _(
                    "{n} options that keep every limit would cost less. Told are the cheapest "
                    "that leaves no more questions open than the recommended one and, where it is "
                    "clearly cheaper, the cheapest of those that do."
                ).format(n=cheaper)
            )
        yield Bullets(tuple(t.sentence for t in answer.trade_offs))
    yield Heading(_("What the order rests on"), 2)
    yield Para(
        _(
            "The score is the weighted sum of the criteria, each 0 to 100 with fixed anchors. "
            "Of options less than a point behind the highest score the cheapest leads, and beyond "
            "twice the cost of another option points have to earn the difference. A criterion that "
            "does not apply to the cheaper of two options never puts the dearer one ahead. TOPSIS, "
            "another way of ranking, is computed beside it as a cross-check; agreement means that "
            "the order does not hang on the method."
        )
    )
    for notice in cross_check_notices(answer.options):
        yield Callout(notice.text, "warning")
    yield _contributions(shown)
    yield Picture("scores")
    yield Heading(_("Why each stands where it stands"), 2)
    yield Table(
        (Column("#", "", "decimal"), Column(_("Option")), Column(_("Reason"))),
        tuple((str(o.rank), o.title, o.why or DASH) for o in shown),
        row_headings=False,
    )


def evidence(option: Option) -> str:
    """The evidence grades of an option's workloads."""
    grades = [s.evidence for s in option.servings if s.evidence is not None]
    return ", ".join(dict.fromkeys(_(EVIDENCE[g]) for g in grades)) or _("provider's")


def _row(brief: Brief, option: Option, amount: Callable[[float | None], str]) -> tuple[str, ...]:
    cost = option.cost.usd_per_mtok if option.cost else None
    fleet = option.fleet
    return (
        str(option.rank or DASH),
        option.title,
        amount(cost.base if cost else None),
        f"{amount(cost.low)}–{amount(cost.high)}" if cost else DASH,
        _points(option.total_score),
        brief.amount(option.cost.capex_usd) if option.cost else DASH,
        num_in_column(fleet.nameplate_kw),
        num(option.weeks_to_deploy.base if option.weeks_to_deploy else None, 2),
        evidence(option),
    )


def _contributions(options: tuple[Option, ...]) -> Table:
    shown = options[:MOST_BESIDE]
    found = [{score.key: score for score in option.scores} for option in shown]
    rows = [
        (
            score.label,
            local(f"{score.weight * 100:.1f}"),
            *(_part(by_key[score.key].contribution, by_key[score.key].counted) for by_key in found),
        )
        for score in shown[0].scores
    ]
    rows.append((_("Score"), "100", *(_points(option.total_score) for option in shown)))
    rows.append((_("Cross-check (TOPSIS)"), "", *(_points(o.topsis_score) for o in shown)))
    return Table(
        (
            Column(_("Criterion")),
            Column(_("Weight"), "%", "decimal"),
            *(Column(f"# {option.rank}", "", "decimal") for option in shown),
        ),
        tuple(rows),
        caption=_(
            "Points that each criterion adds, by rank (n/a: does not apply; what is not known "
            "counts with few points)"
        ),
        strong=frozenset((len(rows) - 2,)),
    )


def _points(value: float | None) -> str:
    return DASH if value is None else local(f"{value:.1f}")


def _part(contribution: float, value: float | None) -> str:
    return _("n/a") if value is None else local(f"{contribution:.1f}")
