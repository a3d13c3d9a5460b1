"""``ask``: inverse questions about an assessment, answered by root search."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.inputs import catalog_for, read_assessment
from core.cli.outcome import DONE, NOT_FEASIBLE, BadInputError, printable, readable_errors
from core.cli.progress import ProgressLine, ProgressPart
from core.words import _

if TYPE_CHECKING:
    from core.analysis.narrow import Narrow
    from core.recommendation import Answer


def ask(arguments: argparse.Namespace) -> int:
    """Answer the questions asked for, or the ones that every reader has."""
    from core.assess import assess

    if bool(arguments.wins) != bool(arguments.by):
        raise BadInputError(_("--wins VENUE and --by INPUT belong together: give both or neither"))
    source = Path(arguments.file)
    progress = ProgressLine(quiet=arguments.quiet)
    with readable_errors():
        assessment = read_assessment(source, arguments.parameters)
        progress(0.0, _("Catalog"))
        catalog = catalog_for([(source, assessment)], arguments.as_of)
    try:
        recommendation = assess(
            assessment,
            catalog,
            as_of=arguments.as_of or date.today(),
            progress=progress.part(0.0, 0.2),
        )
        only_fits = arguments.fits and not arguments.wins and arguments.price is None
        if not recommendation.options and not only_fits:
            print(printable(recommendation.headline))
            return NOT_FEASIBLE

        from core.analysis.narrow import Narrow
        from core.assess.names import catalog_of

        progress(0.2, _("Search"))
        narrow = Narrow(recommendation, catalog_of(assessment, catalog))
        found = list(_answers(narrow, arguments, progress.part(0.2, 1.0)))
    finally:
        progress.done()
    print("\n".join(_told(found)))
    return DONE


def _answers(
    narrow: Narrow, arguments: argparse.Namespace, progress: ProgressPart
) -> Iterator[Answer]:
    from core.analysis import inverse

    try:
        for text in arguments.fits or ():
            path, _equals, amount = text.partition("=")
            value = _number(amount, f"--fits {path}=", narrow, path)
            yield inverse.most_demand(narrow, path, value)
        if arguments.wins:
            yield inverse.makes_win(
                narrow, arguments.by, arguments.wins.split(","), by_cost=arguments.cheapest
            )
        if arguments.price is not None:
            yield from inverse.buys(narrow, _number(arguments.price, "--price", narrow))
        if not (arguments.fits or arguments.wins or arguments.price is not None):
            yield from inverse.standard(narrow, lambda share: progress(share, _("Search")))
    except inverse.QuestionError as error:
        raise BadInputError(printable(str(error))) from error


def _number(text: str, option: str, narrow: Narrow, path: str = "") -> float:
    """A number as people write it, in the unit of the input at ``path`` (shares are 0 to 1).

    Without a path it is money in the assessment's currency. Raises BadInputError.
    """
    from core.assessment import entries
    from core.assessment.numbers import amount

    assessment = narrow.recommendation.assessment
    field = next((item.field for item in entries(assessment) if item.path == path), None)
    kind, unit = ("user", "") if field is None else (field.money, field.unit)
    currency = assessment.economics.currency if kind == "user" else kind
    found = amount(text, unit, currency=currency)
    if found is None:
        raise BadInputError(printable(f"{option}: must be a number; got '{text}'"))
    number, percent = found
    typed = float(number.scaleb(-2) if percent else number)
    return typed if field is None else typed / field.per_stored


def _told(answers: list[Answer]) -> Iterator[str]:
    """Each question once, its answers below; what re-runs did not confirm says so."""
    from core.cli.summary import paragraph

    asked = ""
    for answer in answers:
        if answer.question != asked:
            asked = answer.question
            yield asked
        doubt = "" if answer.verified or answer.value is None else _(" (not confirmed by a re-run)")
        yield paragraph(answer.answer + doubt, "  - ")
