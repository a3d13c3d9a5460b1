"""Making a report: what to print, on which paper, and safely into a file."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.interchange.document import to_json
from core.interchange.exports import options_csv, results_json
from core.recommendation import Analysis, Recommendation
from core.report.brief import Brief
from core.report.document import (
    Cancelled,
    Composer,
    Frame,
    Progress,
    SectionPlan,
    build,
)
from core.report.document import ReportCancelledError as ReportCancelledError
from core.report.finish import Attachment, Metadata
from core.report.logo import Logo, checked
from core.report.sections import PLANS
from core.report.sections.summary import first_pages
from core.report.style import ACCENT, SHEETS, Colour, Paper, contrast, rgb
from core.report.text import one_line
from core.words import _

SECTION_KEYS = tuple(key for key, _title, _blocks in PLANS)
"""Keys that ``sections`` may name; the first page is always printed."""
ATTACHED = 8
"""Feasible, and rejected, options in the attached results."""
LEAST_CONTRAST = 4.5
"""Of the accent colour against white paper (WCAG 2 AA)."""


class ReportWriteError(OSError):
    """The report could not be written; the message names the path and the reason."""

    def __str__(self) -> str:
        return str(self.strerror or super().__str__())


@dataclass(frozen=True, slots=True)
class Branding:
    """Whose report it is.

    ``accent`` is ``#rrggbb`` and must read on white paper; ``logo`` holds the bytes of a PNG.
    """

    company: str = ""
    confidentiality: str = ""
    accent: str = ""
    logo: bytes = b""

    def colour(self) -> Colour:
        """The accent colour. Raises ValueError where it is malformed or too light to read."""
        if not self.accent:
            return ACCENT
        colour = rgb(self.accent)
        found = contrast(colour, (1.0, 1.0, 1.0))
        if found < LEAST_CONTRAST:
            raise ValueError(
                _("The accent colour {colour} is too light for white paper: its contrast is "
                  "{found:.1f}, at least {least} is needed.").format(
                    colour=self.accent, found=found, least=LEAST_CONTRAST
                )
            )  # fmt: skip  # one sentence
        return colour

    def checked_logo(self) -> Logo | None:
        """The logo, where there is one. Raises ValueError where it cannot be printed."""
        return checked(self.logo) if self.logo else None


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
    Raises ValueError for an unknown section or paper, ReportCancelledError when cancelled.
    """
    if paper not in SHEETS:
        raise ValueError(f"paper must be one of {', '.join(SHEETS)}; got '{paper}'")
    unknown = sorted(set(sections or ()) - set(SECTION_KEYS))
    if unknown:
        raise ValueError(f"unknown section '{unknown[0]}'; known are {', '.join(SECTION_KEYS)}")
    tell = progress or (lambda share, text: None)
    tell(0.0, _("First page"))
    brief = Brief(recommendation, analysis)
    look = branding or Branding()
    project = recommendation.assessment.project
    title = one_line(project.title, 200) or _("Untitled assessment")
    frame = Frame(
        header=f"{_('Inference Advisor')} · {title}",
        date=_("As of {date}").format(date=recommendation.as_of),
        footer=" · ".join(
            one_line(part, 120)
            for part in (look.company, project.customer, look.confidentiality)
            if part
        ),
        accent=look.colour(),
        logo=look.checked_logo(),
    )
    composer = Composer(brief, SHEETS[paper], frame, tell, cancelled or (lambda: False))
    plans = [
        SectionPlan(key, _(name), blocks)
        for key, name, blocks in PLANS
        if sections is None or key in sections
    ]
    metadata = Metadata(
        title=title,
        author=one_line(project.author, 200) or one_line(look.company, 200) or "Inference Advisor",
        subject=one_line(recommendation.headline, 500),
        language="en",
        producer=f"Inference Advisor {recommendation.version}",
        as_of=recommendation.as_of,
        keywords=("AI inference", "sizing", "cost per million tokens"),
    )
    made = build(
        composer, first_pages(brief), plans, metadata, _attachments(recommendation, analysis)
    )
    tell(1.0, _("Done"))
    return made


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
            results_json(_leading(recommendation), analysis).encode(),
            "/Data",
        ),
    )


def _leading(recommendation: Recommendation) -> Recommendation:
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
    target = Path(path)
    part = target.with_name(f".report-{secrets.token_hex(4)}.part")
    try:
        if target.is_dir():
            raise IsADirectoryError(21, _("it is a folder"))
        file = part.open("xb")
    except OSError as error:
        raise _write_error(target, error) from error
    try:
        with file:
            data = report_bytes(
                recommendation,
                analysis=analysis,
                paper=paper,
                sections=sections,
                progress=progress,
                cancelled=cancelled,
                branding=branding,
            )
            _store(file, data, target)
        _move(part, target)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _store(file: BinaryIO, data: bytes, target: Path) -> None:
    try:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    except OSError as error:
        raise _write_error(target, error) from error


def _move(part: Path, target: Path) -> None:
    try:
        part.replace(target)
    except PermissionError as error:
        raise ReportWriteError(
            error.errno,
            _("The report cannot be written to {path}: the file may be open in another program. "
              "Close it or choose another name.").format(path=target),
        ) from error  # fmt: skip  # one sentence
    except OSError as error:
        raise _write_error(target, error) from error


def _write_error(target: Path, error: OSError) -> ReportWriteError:
    reason = error.strerror or str(error)
    text = _("The report cannot be written to {path}: {reason}.").format(path=target, reason=reason)
    return ReportWriteError(error.errno, text)
