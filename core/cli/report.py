"""``report``: the decision as a PDF, for one assessment, for many, or comparing several."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.inputs import catalog_for, read_assessment, read_comparison
from core.cli.outcome import DONE, NOT_FEASIBLE, BadInputError, printable, readable_errors
from core.cli.progress import ProgressLine, ProgressPart
from core.cli.run import load_report
from core.cli.validate import refuse_clashes
from core.words import _

if TYPE_CHECKING:
    from core.assessment import Assessment
    from core.catalog.load import Catalog
    from core.recommendation import Analysis, Recommendation
    from core.report import Branding
    from core.report.style import Paper

MOST_LOGO_BYTES = 10_000_000
"""Read at most; what can be printed is checked by the report itself."""
ASSESSED, ANALYSED = 0.25, 0.6
"""Shares of one report's progress after which each stage is done."""


@dataclass(frozen=True, slots=True)
class Look:
    """How every report of a command looks."""

    paper: Paper
    sections: tuple[str, ...] | None
    branding: Branding


@dataclass(frozen=True, slots=True)
class Engine:
    """What every answer of a command rests on beside its assessment."""

    catalog: Catalog
    as_of: date
    seed: int

    def answer(
        self, assessment: Assessment, progress: ProgressPart
    ) -> tuple[Recommendation, Analysis]:
        """The recommendation and its analysis."""
        from core.analysis import analyse
        from core.assess import assess

        found = assess(
            assessment,
            self.catalog,
            as_of=self.as_of,
            progress=progress.part(0.0, ASSESSED),
        )
        analysis = analyse(
            found,
            self.catalog,
            seed=self.seed,
            progress=progress.part(ASSESSED, ANALYSED),
            meanwhile=load_report,
        )
        return found, analysis


@dataclass(frozen=True, slots=True)
class Read:
    """An assessment, the file it is from, and what it is called."""

    source: Path
    name: str
    assessment: Assessment


def report(arguments: argparse.Namespace) -> int:
    """Write the reports; nothing is written if any input is bad."""
    from core.interchange.files import check_writable

    sources = [Path(name) for name in arguments.files]
    progress = ProgressLine(quiet=arguments.quiet)
    with readable_errors():
        look = _look(arguments)
        targets = _targets(arguments, sources)
        read = list(_read(arguments, sources))
        if arguments.compare and len(read) < 2:
            raise BadInputError(_("--compare: needs at least two assessments; got one"))
        for source in sources:
            refuse_clashes(source, targets)
        for target in targets:
            check_writable(target)
        progress(0.0, _("Catalog"))
        catalog = catalog_for([(entry.source, entry.assessment) for entry in read], arguments.as_of)
    engine = Engine(catalog, arguments.as_of or date.today(), arguments.seed)
    if arguments.compare:
        return _compared(read, targets[0], engine, look, progress)
    codes = []
    try:
        for number, (entry, target) in enumerate(zip(read, targets, strict=True)):
            part = progress.part(number / len(read), (number + 1) / len(read))
            answer, analysis = engine.answer(entry.assessment, part)
            _write(answer, analysis, target, look, part)
            codes.append(DONE if answer.winner else NOT_FEASIBLE)
            progress.done()
            print(printable(f"{target}: {answer.headline}"), flush=True)
    finally:
        progress.done()
    return max(codes)


def _compared(
    read: Sequence[Read],
    target: Path,
    engine: Engine,
    look: Look,
    progress: ProgressLine,
) -> int:
    """One report of all answers; an assessment without a title is called by its file."""
    from core.comparison.one_currency import in_one_currency
    from core.report import write_comparison

    names = [entry.name for entry in read]
    assessments, notes = in_one_currency([e.assessment for e in read], names, engine.catalog)
    answers, analyses = [], []
    try:
        for number, assessment in enumerate(assessments):
            part = progress.part(number / (len(read) + 1), (number + 1) / (len(read) + 1))
            answer, analysis = engine.answer(assessment, part)
            answers.append(answer)
            analyses.append(analysis)
        with readable_errors():
            write_comparison(
                answers,
                target,
                analyses=analyses,
                names=names,
                notes=notes,
                paper=look.paper,
                branding=look.branding,
                progress=progress.part(len(read) / (len(read) + 1), 1.0),
            )
    finally:
        progress.done()
    several = len({entry.source for entry in read}) < len(read)
    for entry, answer in zip(read, answers, strict=True):
        called = f"{entry.source}, {entry.name}" if several else str(entry.source)
        print(printable(f"{called}: {answer.headline}"))
    print(
        printable(
            _("{target}: {answers} assessments compared").format(
                target=target, answers=len(answers)
            )
        )
    )
    return DONE if all(answer.winner for answer in answers) else NOT_FEASIBLE


def _read(arguments: argparse.Namespace, sources: Sequence[Path]) -> Iterator[Read]:
    """Every assessment of the files; a kept comparison has several. Raises BadInputError."""
    from core.interchange.comparison_file import is_comparison

    for source in sources:
        if not is_comparison(source):
            assessment = read_assessment(source, arguments.parameters)
            yield Read(source, _name(source, assessment), assessment)
            continue
        kept = read_comparison(source, arguments.parameters)
        if not arguments.compare:
            raise BadInputError(
                printable(f"{source}: holds {len(kept)} assessments to compare; add --compare")
            )
        yield from (
            Read(source, each.name.strip() or _name(source, each.assessment), each.assessment)
            for each in kept
            if each.compared
        )


def _name(source: Path, assessment: Assessment) -> str:
    """The project's title, or the file's name where nobody gave it one."""
    return assessment.project.title.strip() or source.stem


def _write(
    answer: Recommendation, analysis: Analysis, target: Path, look: Look, progress: ProgressPart
) -> None:
    from core.report import write_report

    with readable_errors():
        write_report(
            answer,
            target,
            analysis=analysis,
            paper=look.paper,
            sections=look.sections,
            branding=look.branding,
            progress=progress.part(ANALYSED, 1.0),
        )


# -- what was asked for ----------------------------------------------------------------------


def _look(arguments: argparse.Namespace) -> Look:
    """Paper, sections and branding. Raises BadInputError naming the option."""
    from core.report import Branding

    branding = Branding(
        company=arguments.company,
        confidentiality=arguments.confidentiality,
        accent=arguments.accent,
        logo=_logo(arguments.logo) if arguments.logo else None,
    )
    for option, check in (
        ("--accent", branding.colour),
        ("--confidentiality", branding.line),
        ("--logo", branding.checked_logo),
    ):
        try:
            check()
        except ValueError as error:
            raise BadInputError(printable(f"{option}: {error}")) from error
    return Look(arguments.paper, _sections(arguments.sections), branding)


def _sections(text: str | None) -> tuple[str, ...] | None:
    from core.report import SECTION_KEYS

    if text is None:
        return None
    wanted = tuple(part.strip() for part in text.split(",") if part.strip())
    known = _("known are {keys}").format(keys=", ".join(SECTION_KEYS))
    if not wanted:
        raise BadInputError(_("--sections: names no section; {known}").format(known=known))
    for key in wanted:
        if key not in SECTION_KEYS:
            raise BadInputError(printable(f"--sections: '{key}' is not known; {known}"))
    return wanted


def _logo(name: str) -> bytes:
    path = Path(name)
    if not path.is_file():
        why = "is a folder" if path.is_dir() else "no such file"
        raise BadInputError(printable(f"--logo: {path}: cannot be read: {why}"))
    with path.open("rb") as file:
        return file.read(MOST_LOGO_BYTES)


def _targets(arguments: argparse.Namespace, sources: list[Path]) -> list[Path]:
    """One file per assessment: as named, or ``NAME.pdf`` in a folder or beside the assessment."""
    out = Path(arguments.pdf) if arguments.pdf else None
    if arguments.compare:
        return [_comparison_target(arguments, sources, out)]
    if len(sources) == 1 and out is not None and not out.is_dir():
        return [out]
    if out is not None and not out.is_dir():
        raise BadInputError(
            printable(f"--pdf: {out}: several reports need a folder that exists; got a file's name")
        )
    targets = [(out or source.parent) / f"{source.stem}.pdf" for source in sources]
    for number, target in enumerate(targets):
        if target in targets[:number]:
            raise BadInputError(
                printable(f"{target}: two assessments would make this report; rename one of them")
            )
    return targets


def _comparison_target(
    arguments: argparse.Namespace, sources: list[Path], out: Path | None
) -> Path:
    if arguments.sections is not None:
        raise BadInputError(_("--sections: a comparison has its own sections; leave it out"))
    if out is None:
        raise BadInputError(_("--compare: name the file to write with --pdf"))
    return out
