"""The report that puts several answers beside each other, then tells each in short."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Sequence
from functools import partial

from core.charts.scenarios import scenario_charts
from core.comparison import Comparison, compare, comparison_csv
from core.interchange.document import to_json
from core.interchange.exports import options_csv, results_json
from core.language import ENGLISH, speaking
from core.recommendation import Analysis, Recommendation
from core.report.api import KEYWORDS, leading, sheet_of
from core.report.branding import Branding, frame
from core.report.brief import Brief
from core.report.content import Blocks, Callout, Para
from core.report.document import Cancelled, Composer, Progress, SectionPlan, build
from core.report.finish import Attachment, Metadata
from core.report.sections import scenarios, summary
from core.report.style import Paper
from core.report.text import for_metadata, one_line
from core.report.writing import write_whole
from core.words import _

LEVELS = ((700, 4, 4), (560, 4, 4), (450, 4, 4), (390, 4, 3), *summary.LEVELS)
"""Longer versions of an assessment's page first: no other section tells what is cut here."""


def comparison_bytes(
    recommendations: Sequence[Recommendation],
    *,
    analyses: Sequence[Analysis | None] | None = None,
    names: Sequence[str] | None = None,
    notes: Sequence[str] = (),
    paper: Paper = "A4",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    branding: Branding | None = None,
) -> bytes:
    """Two or more answers in one PDF; the same bytes for the same arguments.

    First what differs in inputs and results, with the charts laid over each other, then the
    short version of each. ``names`` call the answers, else their titles do; ``notes`` are
    sentences for the first page, such as at which rate an answer was converted. Raises ValueError
    for fewer than two answers, ReportCancelledError when cancelled. Speaks the first's language.
    """
    sampled = analyses or [None] * len(recommendations)
    with speaking(recommendations[0].language if recommendations else ENGLISH):
        return _comparison_bytes(
            [r.settled(a) for r, a in zip(recommendations, sampled, strict=True)],
            sampled,
            names,
            notes,
            paper,
            progress or (lambda share, text: None),
            cancelled or (lambda: False),
            branding or Branding(),
        )


def _comparison_bytes(
    recommendations: Sequence[Recommendation],
    analyses: Sequence[Analysis | None],
    names: Sequence[str] | None,
    notes: Sequence[str],
    paper: Paper,
    tell: Progress,
    cancelled: Cancelled,
    look: Branding,
) -> bytes:
    sheet = sheet_of(paper)
    compared = compare(recommendations, names)
    compared = dataclasses.replace(compared, notes=(*notes, *compared.notes))
    briefs = [Brief(r, a) for r, a in zip(recommendations, analyses, strict=True)]
    charts = {chart.key: chart for chart in scenario_charts(compared)}
    tell(0.0, _("First page"))
    title = one_line(scenarios.title_of(compared), 200)
    first = recommendations[0]
    composer = Composer(
        charts.get,
        sheet,
        frame(look, title, first.as_of),
        tell,
        cancelled,
    )
    first_page, version = composer.first_page(scenarios.first_pages(compared, analyses))
    drawn = scenarios.charts_on_first(version)
    plans = [
        SectionPlan("inputs", _("Inputs that differ"), partial(scenarios.inputs, compared)),
        SectionPlan(
            "results", _("Results side by side"), partial(scenarios.results, compared, drawn)
        ),
        *(
            SectionPlan(
                f"scenario-{n}",
                one_line(scenario.name, 80),
                partial(_short, compared, brief, LEVELS[0]),
                own_page=True,
                shorter=[partial(_short, compared, brief, level) for level in LEVELS[1:]],
            )
            for n, (scenario, brief) in enumerate(
                zip(compared.scenarios, briefs, strict=True), start=1
            )
        ),
    ]
    metadata = Metadata(
        title=for_metadata(scenarios.title_of(compared), 200),
        author=for_metadata(look.company, 200) or "Inference Advisor",
        subject=_("Decisions of {n} assessments beside each other").format(n=len(recommendations)),
        language=first.language,
        producer=f"Inference Advisor {first.version}",
        as_of=first.as_of,
        keywords=KEYWORDS,
    )
    made = build(composer, first_page, plans, metadata, tuple(_attached(compared, analyses)))
    tell(1.0, _("Done"))
    return made


def _short(compared: Comparison, brief: Brief, level: tuple[int, int, int]) -> Blocks:
    """The first page of an assessment's own report; ``level`` is one of ``LEVELS``."""
    code = compared.currency.code
    if brief.code != code:
        yield Callout(
            _(
                "Amounts of this section are in {own}, as this assessment was made; the sections "
                "before it tell them in {code}."
            ).format(own=brief.code, code=code)
        )
    told = list(summary.decision(brief, *level))
    yield from told
    if "…" in repr(told):
        text = _("Where a text ends in “…”, the full report of this assessment tells the rest.")
        yield Para(text, "muted")


def _attached(compared: Comparison, analyses: Sequence[Analysis | None]) -> Iterator[Attachment]:
    """What was compared, then inputs, options and results of every assessment."""
    yield Attachment(
        "comparison.csv",
        "text/csv",
        _("Inputs that differ and results, one a row"),
        comparison_csv(compared).encode(),
        "/Data",
    )
    for number, (scenario, analysis) in enumerate(
        zip(compared.scenarios, analyses, strict=True), start=1
    ):
        answer, name = scenario.recommendation, one_line(scenario.name, 200)
        yield Attachment(
            f"assessment-{number}.json",
            "application/json",
            _("Every input of “{name}”").format(name=name),
            to_json(answer.assessment).encode(),
            "/Source",
        )
        yield Attachment(
            f"options-{number}.csv",
            "text/csv",
            _("Every option examined for “{name}”").format(name=name),
            options_csv(answer).encode(),
            "/Data",
        )
        yield Attachment(
            f"results-{number}.json",
            "application/json",
            _("Results of the leading options of “{name}”").format(name=name),
            results_json(leading(answer), analysis).encode(),
            "/Data",
        )


def write_comparison(
    recommendations: Sequence[Recommendation],
    path: str | os.PathLike[str],
    *,
    analyses: Sequence[Analysis | None] | None = None,
    names: Sequence[str] | None = None,
    notes: Sequence[str] = (),
    paper: Paper = "A4",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    branding: Branding | None = None,
) -> None:
    """Write the comparison to ``path``, whole or not at all; arguments as above.

    Raises ReportWriteError where the place cannot be written, before the work begins.
    """
    make = partial(
        comparison_bytes,
        recommendations,
        analyses=analyses,
        names=names,
        notes=notes,
        paper=paper,
        progress=progress,
        cancelled=cancelled,
        branding=branding,
    )
    write_whole(path, make)
