"""``calibrate``: the engine's site-specific terms refitted to a file of own measurements."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.outcome import DONE, BadInputError, printable, readable_errors
from core.cli.progress import ProgressLine
from core.cli.validate import read_measurements, refuse_clashes
from core.words import _

if TYPE_CHECKING:
    from core.performance.measurement_format import Problem
    from core.performance.site_fit import SiteFit


def calibrate(arguments: argparse.Namespace) -> int:
    """Refit, print errors before and after, and write the parameters where they are better."""
    from core.interchange.files import check_writable
    from core.interchange.site_parameters import save

    source, out = Path(arguments.file), Path(arguments.out)
    progress = ProgressLine(quiet=arguments.quiet)
    with readable_errors():
        refuse_clashes(source, [out])
        check_writable(out)
        given = read_measurements(source)

        progress(0.0, _("Refit"))
        from core.catalog.load import load_catalog
        from core.performance.site_fit import TooFewMeasurementsError, refit
        from core.performance.validation_table import problems_text

        try:
            fitted = refit(
                given.rows,
                load_catalog(),
                file=source.name,
                date=(arguments.as_of or date.today()).isoformat(),
                data_sha256=given.sha256,
                progress=progress,
            )
        except TooFewMeasurementsError as error:
            progress.done()
            print(printable(problems_text(given.problems)), end="")
            raise BadInputError(printable(f"{source}: {error}; nothing was written")) from error
        finally:
            progress.done()
        print(account(fitted, given.problems))
        if not fitted.helps:
            raise BadInputError(
                _(
                    "{source}: configurations left out of the refit are not predicted better "
                    "than by the shipped parameters, so nothing was written; keep the shipped "
                    "ones"
                ).format(source=source)
            )
        save(fitted.own, out)
    print(
        _("Wrote {file}. Use it: inference-assess run FILE --parameters {file}").format(
            file=printable(str(out))
        )
    )
    return DONE


def account(fitted: SiteFit, malformed: Sequence[Problem]) -> str:
    """Errors before and after by metric family, the terms, and what was not used."""
    from core.performance.own_measurements import account_of
    from core.performance.validation_table import problems_text

    lines = account_of(fitted.own, fitted.left_out)
    skipped = problems_text([*malformed, *fitted.unused])
    return printable("\n".join(lines) + "\n" + (f"\n{skipped}" if skipped else ""))
