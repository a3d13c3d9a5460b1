"""``run``: from an assessment file to the printed recommendation, the report and the exports."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from core.cli.inputs import catalog_for, read_assessment
from core.cli.outcome import DONE, NOT_FEASIBLE, readable_errors
from core.cli.progress import ProgressLine
from core.cli.validate import refuse_clashes
from core.words import _

ASSESSED, ANALYSED = 0.2, 0.6
"""Shares of the whole run's progress after which each stage is done."""


def load_report() -> None:
    """Import what a report is made with."""
    from core.report import load_all

    load_all()


def run(arguments: argparse.Namespace) -> int:
    """Assess the file and write what was asked for; nothing is written if the input is bad."""
    from core.interchange.files import check_writable, write_atomic

    source = Path(arguments.file)
    outputs = [Path(p) for p in (arguments.pdf, arguments.json, arguments.csv, arguments.xlsx) if p]
    progress = ProgressLine(quiet=arguments.quiet)
    with readable_errors():
        assessment = read_assessment(source, arguments.parameters)
        refuse_clashes(source, outputs)
        for path in outputs:
            check_writable(path)

        progress(0.0, _("Catalog"))
        from core.assess import assess

        as_of = arguments.as_of or date.today()
        catalog = catalog_for([(source, assessment)], as_of)
    analysis = None
    try:
        recommendation = assess(
            assessment,
            catalog,
            as_of=as_of,
            progress=progress.part(0.0, ASSESSED),
        )
        if arguments.pdf or arguments.json or arguments.xlsx:
            from core.analysis import analyse

            analysis = analyse(
                recommendation,
                catalog,
                seed=arguments.seed,
                progress=progress.part(ASSESSED, ANALYSED),
                meanwhile=load_report if arguments.pdf else None,
            )
    finally:
        progress.done()

    from core.cli.summary import summary

    with readable_errors():
        if arguments.json:
            from core.interchange.exports import results_json

            write_atomic(Path(arguments.json), results_json(recommendation, analysis))
        if arguments.csv:
            from core.interchange.exports import options_csv

            write_atomic(Path(arguments.csv), options_csv(recommendation))
        if arguments.xlsx:
            from core.interchange.workbook import workbook_bytes

            write_atomic(Path(arguments.xlsx), workbook_bytes(recommendation, analysis))
        if arguments.pdf:
            from core.report import write_report

            try:
                write_report(
                    recommendation,
                    Path(arguments.pdf),
                    analysis=analysis,
                    progress=progress.part(ANALYSED, 1.0),
                )
            finally:
                progress.done()
    print(summary(recommendation, analysis))
    return DONE if recommendation.winner else NOT_FEASIBLE
