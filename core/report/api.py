"""Making a report: what to print, on which paper, and safely into a file."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from functools import partial
from importlib import import_module

from core.interchange.document import to_json
from core.interchange.exports import options_csv, results_json
from core.language import speaking
from core.recommendation import Analysis, Recommendation
from core.report.branding import Branding, frame
from core.report.brief import Brief
from core.report.document import Cancelled, Composer, Progress, SectionPlan, build
from core.report.finish import Attachment, Metadata
from core.report.fonts import faces
from core.report.sections import PLANS
from core.report.sections.summary import first_pages
from core.report.style import SHEETS, Paper, Sheet
from core.report.text import for_metadata, one_line
from core.report.writing import write_whole
from core.typeface import known_codes
from core.words import _

SECTION_KEYS = tuple(key for key, _title, _blocks in PLANS)
"""Keys that ``sections`` may name; the first page is always printed."""
ATTACHED = 8
"""Feasible, and rejected, options in the attached results."""
KEYWORDS = ("AI inference", "sizing", "cost per million tokens")


def load_all() -> None:
    """Import all that a report is made with, and read its typeface, before one is asked for.

    Takes half a second that is nobody's while a second process is still at work.
    """
    for name in ("core.report.vector", "matplotlib.figure", "reportlab.pdfgen.canvas", "pikepdf"):
        import_module(name)
    faces()
    known_codes()


def report_bytes(
    recommendation: Recommendation,
    *,
    analysis: Analysis | None = None,
    paper: Paper = "A4",
    sections: Sequence[str] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    branding: Branding | None = None,
) -> bytes:
    """The report as a PDF; the same bytes for the same arguments.

    ``sections`` chooses among ``SECTION_KEYS`` (all where ``None``), printed in that order.
    ``progress`` is told a share 0..1 and what is being done; ``cancelled`` is asked often.
    The report is in the recommendation's language. Raises ValueError for an unknown section or
    paper, ReportCancelledError when cancelled.
    """
    with speaking(recommendation.language):
        return _report_bytes(
            recommendation,
            analysis,
            paper,
            sections,
            progress or (lambda share, text: None),
            cancelled or (lambda: False),
            branding or Branding(),
        )


def _report_bytes(
    recommendation: Recommendation,
    analysis: Analysis | None,
    paper: Paper,
    sections: Sequence[str] | None,
    tell: Progress,
    cancelled: Cancelled,
    look: Branding,
) -> bytes:
    sheet = sheet_of(paper)
    unknown = sorted(set(sections or ()) - set(SECTION_KEYS))
    if unknown:
        raise ValueError(f"unknown section '{unknown[0]}'; known are {', '.join(SECTION_KEYS)}")
    tell(0.0, _("First page"))
    printed = [plan for plan in PLANS if sections is None or plan[0] in sections]
    numbers = {key: number for number, (key, *_rest) in enumerate(printed, start=1)}
    brief = Brief(recommendation, analysis, numbers)
    project = recommendation.assessment.project
    title = one_line(project.shown_title, 200)
    composer = Composer(
        brief.chart,
        sheet,
        frame(look, title, recommendation.as_of, project.customer),
        tell,
        cancelled,
    )
    first, _version = composer.first_page(first_pages(brief))
    plans = [SectionPlan(key, _(name), partial(blocks, brief)) for key, name, blocks in printed]
    metadata = Metadata(
        title=for_metadata(project.title, 200) or _("Untitled assessment"),
        author=for_metadata(project.author, 200)
        or for_metadata(look.company, 200)
        or "Inference Advisor",
        subject=for_metadata(recommendation.headline, 500),
        language=recommendation.language,
        producer=f"Inference Advisor {recommendation.version}",
        as_of=recommendation.as_of,
        keywords=KEYWORDS,
    )
    made = build(composer, first, plans, metadata, _attachments(recommendation, analysis))
    tell(1.0, _("Done"))
    return made


def sheet_of(paper: str) -> Sheet:
    """A paper's sheet. Raises ValueError where it is not known."""
    for name, sheet in SHEETS.items():
        if name == paper:
            return sheet
    raise ValueError(f"paper must be one of {', '.join(SHEETS)}; got '{paper}'")


def _attachments(
    recommendation: Recommendation, analysis: Analysis | None
) -> tuple[Attachment, ...]:
    return (
        Attachment(
            "assessment.json",
            "application/json",
            _("Every input of this report; opens in Inference Advisor"),
            to_json(recommendation.assessment).encode(),
            "/Source",
        ),
        Attachment(
            "options.csv",
            "text/csv",
            _("Every option examined, with its numbers"),
            options_csv(recommendation).encode(),
            "/Data",
        ),
        Attachment(
            "results.json",
            "application/json",
            _("Every number of the leading and of the nearest rejected options"),
            results_json(leading(recommendation), analysis).encode(),
            "/Data",
        ),
    )


def leading(recommendation: Recommendation) -> Recommendation:
    """The answer with the options that the report details; the CSV lists every one."""
    return dataclasses.replace(
        recommendation,
        options=recommendation.options[:ATTACHED],
        rejected=recommendation.rejected[:ATTACHED],
    )


def write_report(
    recommendation: Recommendation,
    path: str | os.PathLike[str],
    *,
    analysis: Analysis | None = None,
    paper: Paper = "A4",
    sections: Sequence[str] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    branding: Branding | None = None,
) -> None:
    """Write the report to ``path``, whole or not at all; arguments as in ``report_bytes``.

    Raises ReportWriteError where the place cannot be written, before the work begins.
    """
    make = partial(
        report_bytes,
        recommendation,
        analysis=analysis,
        paper=paper,
        sections=sections,
        progress=progress,
        cancelled=cancelled,
        branding=branding,
    )
    write_whole(path, make)
