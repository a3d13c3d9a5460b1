"""Several answers beside each other: the first page of a comparison, and its tables."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

from core.comparison import COSTS_PER_TOKEN, Comparison, Row, change_text
from core.decision.wording import figure, money
from core.notation import after_label, day, quoted, semicolons, without_currency
from core.recommendation import Analysis, OptionUncertainty
from core.report.brief import DASH, chance, num
from core.report.content import (
    Block,
    Blocks,
    Bullets,
    Callout,
    Column,
    Gap,
    Heading,
    Para,
    Picture,
    SideBySide,
    Table,
    Words,
    labelled,
    without_empty,
)
from core.report.sections.shortening import more_in
from core.report.text import one_line
from core.words import _

LEVELS = ((200, 6, 2), (200, 6, 1), (200, 6, 0), (120, 4, 0), (60, 2, 0), (40, 0, 0))
"""Ever shorter first pages: characters per sentence, items per list, charts."""
CHARTS = ("scenario_costs", "scenario_venues")
"""Of the first page, which has as many as find room."""
INPUTS, RESULTS = 1, 2
"""Numbers of the sections that tell all inputs and all results."""
SCENARIOS_A_TABLE = 4
MOST_ON_COVER = 12
DECIDING = (
    "winner", "usd_per_mtok", "npv_usd", "capex_usd", "opex_first_year_usd", "accelerators",
    "peak_kw", "weeks", "carbon_t_per_year", "confidence",
)  # fmt: skip  # a list of keys
"""Results that the first page tells where they differ, the weightiest first."""


def first_pages(comparison: Comparison, analyses: Sequence[Analysis | None] = ()) -> list[Blocks]:
    """The first page in ever shorter versions; the first that fits is printed."""
    sampled = _sampled(comparison, analyses)
    return [list(_page(comparison, sampled, *level)) for level in LEVELS]


def charts_on_first(version: int) -> tuple[str, ...]:
    """Charts that a version of the first page has."""
    return CHARTS[: LEVELS[version][-1]]


Sampled = dict[int, OptionUncertainty]
"""The recommended option over the sampled futures, by the scenario's place."""


def _sampled(comparison: Comparison, analyses: Sequence[Analysis | None]) -> Sampled:
    found: Sampled = {}
    for number, (scenario, analysis) in enumerate(
        zip(comparison.scenarios, analyses, strict=False)
    ):
        winner = scenario.recommendation.winner
        if analysis is not None and winner is not None:
            row = analysis.uncertainty_of(winner.id)
            if row is not None:
                found[number] = row
    return found


def _page(comparison: Comparison, sampled: Sampled, limit: int, count: int, charts: int) -> Blocks:
    answer = comparison.scenarios[0].recommendation
    kicker = _("Comparison of decisions · {date} · Inference Advisor {version}").format(
        date=day(answer.as_of), version=answer.version
    )
    yield Para(kicker, "muted")
    count_text = _("{n} assessments compared").format(n=len(comparison.scenarios))
    yield Para(count_text, "title")
    yield Gap(2.0)
    yield Para(one_line(_lead(comparison), 2 * limit), "lead")
    yield _overview(comparison, sampled, limit)
    if len(comparison.scenarios) > MOST_ON_COVER:
        more = len(comparison.scenarios) - MOST_ON_COVER
        yield Para(more_in(more, RESULTS), "small")
    for note in comparison.notes:
        yield Callout(note)
    if count:
        listing = partial(_list, comparison, count, limit)
        yield SideBySide(
            (
                listing(INPUTS, _("Inputs that differ"), comparison.inputs),
                listing(RESULTS, _deciding_title(comparison), _deciding(comparison)),
            )
        )
    yield from map(Picture, CHARTS[:charts])


def title_of(comparison: Comparison) -> str:
    """What the comparison is called."""
    return _("Comparison: {names}").format(names=", ".join(comparison.names))


def _lead(comparison: Comparison) -> str:
    priced = [
        (s.recommendation.winner.cost.usd_per_mtok.base, s)
        for s in comparison.scenarios
        if s.recommendation.winner and s.recommendation.winner.cost
    ]
    without = [s.name for s in comparison.scenarios if s.recommendation.winner is None]
    parts = []
    if len(priced) > 1 and not comparison.same_work:
        each = semicolons(
            f"{quoted(s.name)} {money(usd, comparison.currency)}" for usd, s in priced
        )
        parts.append(_("Cost per million tokens, each for its own work: {each}.").format(each=each))
    elif len(priced) > 1:
        priced.sort(key=lambda pair: pair[0])
        (low, least), (high, most) = priced[0], priced[-1]
        assert least.recommendation.winner is not None
        parts.append(
            _("“{name}” costs least, {low} per million tokens with {title}; “{other}” costs "
              "most, {high}.").format(
                name=least.name,
                low=money(low, comparison.currency),
                title=least.recommendation.winner.title,
                other=most.name,
                high=money(high, comparison.currency),
            )
        )  # fmt: skip  # one sentence
    if without:
        names = ", ".join(quoted(name) for name in without)
        parts.append(_("No option meets every limit in {names}.").format(names=names))
    return " ".join(parts) or _("No two assessments have a cost to compare.")


def _overview(comparison: Comparison, sampled: Sampled, limit: int) -> Table:
    """A line a scenario; the range is that of the sampled futures where there are any.

    Of different work only what can be compared.
    """
    rows = {row.key: row for row in comparison.results}
    code = comparison.currency.code

    def cell(key: str, number: int) -> str:
        return without_currency(code, rows[key].texts[number]) if key in rows else DASH

    def plain(key: str, number: int) -> str:
        return num(rows[key].values[number], 2) if key in rows else DASH

    def ends(number: int) -> tuple[str, str]:
        row = sampled.get(number)
        if not sampled:
            return cell("usd_per_mtok_low", number), cell("usd_per_mtok_high", number)
        if row is None:
            return DASH, DASH
        low, high = row.usd_per_mtok_p10, row.usd_per_mtok_p90
        return figure(comparison.money(low)), figure(comparison.money(high))

    def best(number: int) -> str:
        return chance(sampled[number].win_probability) if number in sampled else DASH

    low, high = ("P10", "P90") if sampled else (_("Low"), _("High"))
    columns: list[tuple[Column, Callable[[int], str]]] = [
        (Column("#", "", "decimal"), lambda i: str(i + 1)),
        (Column(_("Assessment")), lambda i: one_line(comparison.names[i], limit)),
        (Column(_("Recommended")), lambda i: one_line(rows["winner"].texts[i], limit)),
        (Column(_("Cost"), f"{code}/Mtok", "decimal"), partial(cell, "usd_per_mtok")),
        (Column(low, f"{code}/Mtok", "decimal"), lambda i: ends(i)[0]),
        (Column(high, f"{code}/Mtok", "decimal"), lambda i: ends(i)[1]),
    ]
    if comparison.same_work:
        columns += [
            (Column(_("Up front"), code, "decimal"), partial(cell, "capex_usd")),
            (Column(_("Peak"), "kW", "decimal"), partial(plain, "peak_kw")),
            (Column(_("Deploy"), _("weeks"), "decimal"), partial(plain, "weeks")),
        ]
    columns.append((Column(_("Best in"), _("of futures"), "decimal"), best))
    if not comparison.same_work:  # else there is no room for it, and the list beside tells it
        columns.append((Column(_("Confidence")), partial(cell, "confidence")))
    return without_empty(
        Table(
            tuple(column for column, _cell in columns),
            tuple(
                tuple(text(i) for _column, text in columns)
                for i in range(min(len(comparison.scenarios), MOST_ON_COVER))
            ),
            row_headings=False,
        )
    )


def _deciding_title(comparison: Comparison) -> str:
    if comparison.same_work:
        return _("What that changes")
    return _("Cost per million tokens, each for its own work")


def _deciding(comparison: Comparison) -> list[Row]:
    """The results that tell which is better: of different work only those per million tokens."""
    rows = {row.key: row for row in comparison.results if row.differs}
    if not comparison.same_work:
        return [row for key, row in rows.items() if key.startswith(COSTS_PER_TOKEN)]
    return [rows[key] for key in DECIDING if key in rows and comparison.comparable(rows[key])]


def _list(
    comparison: Comparison, count: int, limit: int, place: int, title: str, rows: Sequence[Row]
) -> tuple[Block, ...]:
    def each(texts: Sequence[str]) -> str:
        """An arrow tells of a change, which there is none between different work."""
        if comparison.same_work:
            return " → ".join(texts)
        return semicolons(f"#{n} {text}" for n, text in enumerate(texts, start=1))

    items: list[Words] = [
        labelled(after_label(row.label, "").rstrip(), one_line(each(row.texts), limit))
        for row in rows[:count]
    ]
    if len(rows) > count:
        items.append(more_in(len(rows) - count, place))
    return Heading(title, 2), Bullets(tuple(items) or (_("none"),), small=True)


# -- the sections ----------------------------------------------------------------------------


def inputs(comparison: Comparison) -> Blocks:
    """The inputs that differ; all others are shared."""
    if not comparison.inputs:
        yield Callout(_("All assessments have the same inputs."))
        return
    yield Para(_("Every input that the assessments do not share, in the order of the wizard."))
    yield from _tables(comparison, comparison.inputs, _("Input"), changes=False)


def results(comparison: Comparison, drawn: Collection[str] = ()) -> Blocks:
    """Key results beside each other, and the charts that the first page has not ``drawn``."""
    text = _(
        "Figures are those of each assessment's recommended option; in brackets the change "
        "against the first one, “{name}”."
    ).format(name=comparison.names[0])
    if not comparison.same_work:
        text += " " + _(
            "Changes are told for figures per token and for shares only: the assessments do not "
            "serve the same work."
        )
    yield Para(text)
    yield from _tables(comparison, comparison.results, _("Result"), changes=True)
    for key in (*CHARTS, "scenario_latency"):
        if key not in drawn:
            yield Picture(key)


def _tables(
    comparison: Comparison, rows: Sequence[Row], title: str, *, changes: bool
) -> Iterator[Block]:
    """Rows under their headings; many scenarios are spread over several tables."""
    names, count = comparison.names, len(comparison.scenarios)
    for start in range(0, count, SCENARIOS_A_TABLE):
        shown = range(start, min(start + SCENARIOS_A_TABLE, count))
        lines: list[tuple[str, ...]] = []
        groups = []
        for section, members in itertools.groupby(rows, key=lambda row: row.section):
            groups.append(len(lines))
            lines.append((section,))
            lines += [
                (row.label, *(_text(row, i, changes and comparison.comparable(row)) for i in shown))
                for row in members
            ]
        yield Table(
            (Column(title), *(Column(names[i]) for i in shown)),
            tuple(lines),
            groups=frozenset(groups),
        )


def _text(row: Row, number: int, changes: bool) -> str:
    text = row.texts[number]
    change = change_text(row, number) if changes and text != row.texts[0] else ""
    return f"{text} ({change})" if change else text
