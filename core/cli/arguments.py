"""What the command line understands. Commands load what they need only when they run."""

from __future__ import annotations

import argparse
from datetime import date

import core
from core.cli.help_text import OPTION, Parser
from core.cli.import_arguments import add_import
from core.language import LANGUAGES
from core.units import METRIC, SYSTEMS
from core.words import N_, _

EPILOG = N_(
    "exit codes: 0 done; 2 bad input (the message names file, field, value and what is allowed);\n"
    "3 no option meets every limit (all outputs are still written and say why)"
)


EARLIEST, LATEST = date(2020, 1, 1), date(2099, 12, 31)
"""Days that an answer may hold for: no fact of the catalog is older, no horizon ends later."""


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            _("must be a date like 2026-11-24; got {text}").format(text=repr(text))
        ) from None
    if not EARLIEST <= found <= LATEST:
        raise argparse.ArgumentTypeError(
            _("must be from {low} to {high}; got {text}").format(
                low=EARLIEST, high=LATEST, text=repr(text)
            )
        )
    return found


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(
            _("must be a whole number from {low} to {high}; got {text}").format(
                low=0, high=2**32 - 1, text=repr(text)
            )
        )
    return int(text)


def _run(arguments: argparse.Namespace) -> int:
    from core.cli.run import run

    return run(arguments)


def _report(arguments: argparse.Namespace) -> int:
    from core.cli.report import report

    return report(arguments)


def _ask(arguments: argparse.Namespace) -> int:
    from core.cli.ask import ask

    return ask(arguments)


def _new(arguments: argparse.Namespace) -> int:
    from core.cli.documents import new

    return new(arguments)


def _presets(arguments: argparse.Namespace) -> int:
    from core.cli.documents import presets

    return presets(arguments)


def _schema(arguments: argparse.Namespace) -> int:
    from core.cli.documents import print_schema

    return print_schema(arguments)


def _validate(arguments: argparse.Namespace) -> int:
    from core.cli.validate import validate

    return validate(arguments)


def _calibrate(arguments: argparse.Namespace) -> int:
    from core.cli.calibrate import calibrate

    return calibrate(arguments)


def _add_reproducible(command: argparse.ArgumentParser) -> None:
    """What fixes an answer beside its input and the version."""
    command.add_argument(
        "--as-of",
        metavar="DATE",
        type=_date,
        help=_("the day the answer holds for, like 2026-11-24 (today)"),
    )
    command.add_argument(
        "--seed", metavar="N", type=_seed, default=0, help=_("seed of the sampled futures (0)")
    )


def _add_report(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    shared: list[argparse.ArgumentParser],
) -> None:
    report = commands.add_parser(
        "report",
        parents=shared,
        allow_abbrev=False,
        help=_("write the PDF reports of one or more assessments"),
        description=_(
            "Assess every file and write its report: NAME.pdf beside NAME.json, or where "
            "--pdf says."
        ),
    )
    report.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help=_("an assessment: JSON, or a report as PDF; with --compare also a kept comparison"),
    )
    report.add_argument(
        "--pdf", metavar="OUT", help=_("the file to write; for several reports, an existing folder")
    )
    report.add_argument(
        "--compare",
        action="store_true",
        help=_("one report that puts all assessments beside each other"),
    )
    report.add_argument(
        "--sections",
        metavar="LIST",
        help=_("only these sections after the first page, such as options,cost,risks"),
    )
    report.add_argument("--paper", choices=("A4", "Letter"), default="A4", help=_("(A4)"))
    report.add_argument(
        "--company", metavar="NAME", default="", help=_("at the foot of every page")
    )
    report.add_argument(
        "--confidentiality", metavar="LINE", default="", help=_("at the foot of every page")
    )
    report.add_argument(
        "--accent", metavar="COLOUR", default="", help=_("#rrggbb, dark enough for white paper")
    )
    report.add_argument("--logo", metavar="PICTURE", help=_("on the first page: a PNG or SVG"))
    _add_reproducible(report)
    report.set_defaults(command=_report)


def _add_ask(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    shared: list[argparse.ArgumentParser],
) -> None:
    ask = commands.add_parser(
        "ask",
        parents=shared,
        allow_abbrev=False,
        help=_("ask backwards: what fits a limit, what makes a venue win, what a price buys"),
        description=_(
            "Answer inverse questions by searching over the whole computation. Without "
            "an option: the questions that every reader has."
        ),
    )
    ask.add_argument("file", metavar="FILE", help=_("the assessment: JSON, or a report as PDF"))
    ask.add_argument(
        "--fits",
        metavar="LIMIT=VALUE",
        action="append",
        help=_(
            "how much demand fits a limit, like site.total_power_kw=40 or "
            "economics.capex_limit=500000"
        ),
    )
    ask.add_argument(
        "--wins", metavar="VENUES", help=_("which value of an input makes one of these venues win")
    )
    ask.add_argument(
        "--by", metavar="INPUT", help=_("that input, like economics.electricity_price_kwh")
    )
    ask.add_argument(
        "--cheapest", action="store_true", help=_("to win is to cost least (not: be recommended)")
    )
    ask.add_argument(
        "--price", metavar="P", help=_("what this price per million tokens buys, in your currency")
    )
    ask.add_argument(
        "--as-of", metavar="DATE", type=_date, help=_("the day the answer holds for (today)")
    )
    ask.set_defaults(command=_ask)


def parser() -> argparse.ArgumentParser:
    """The parser of every command; ``command`` on its result is the function to call."""
    top: argparse.ArgumentParser = Parser(
        prog="inference-assess",
        description=_(
            "Where, and on what, to run AI inference: sizes, costs and scores every "
            "option for your workload."
        ),
        epilog=_(EPILOG),
        allow_abbrev=False,
    )
    top.add_argument(
        "--version",
        action="version",
        version=f"%(prog)s {core.__version__}",
        help=_("show the version and exit"),
    )
    commands = top.add_subparsers(title=_("commands"), required=True, metavar="COMMAND")
    quiet = argparse.ArgumentParser(add_help=False)
    quiet.add_argument("--quiet", action="store_true", help=_("no progress on the error output"))
    spoken = argparse.ArgumentParser(add_help=False)
    spoken.add_argument(
        OPTION,
        choices=tuple(LANGUAGES),
        default=argparse.SUPPRESS,  # so that one before the command holds
        help=_("of the answer, the report and the messages (en)"),
    )
    top.add_argument(
        OPTION,
        choices=tuple(LANGUAGES),
        default=argparse.SUPPRESS,
        help=_("of this help; the same before a command as behind it"),
    )
    spoken.add_argument(
        "--units",
        choices=tuple(SYSTEMS),
        default=METRIC,
        help=_("that weights, floor loads and water are written in (metric); files stay metric"),
    )
    own = argparse.ArgumentParser(add_help=False)
    own.add_argument(
        "--parameters", metavar="PARAMS", help=_("use what `calibrate` wrote for own measurements")
    )

    run = commands.add_parser(
        "run",
        parents=[quiet, spoken, own],
        allow_abbrev=False,
        help=_("assess a file and print the recommendation"),
        description=_(
            "Assess a file (JSON, or a PDF report that carries one) and print the recommendation."
        ),
    )
    run.add_argument("file", metavar="FILE", help=_("the assessment: JSON, or a report as PDF"))
    run.add_argument("--pdf", metavar="OUT", help=_("write the report"))
    run.add_argument("--json", metavar="OUT", help=_("write every result as JSON"))
    run.add_argument("--csv", metavar="OUT", help=_("write the options as CSV"))
    run.add_argument(
        "--xlsx", metavar="OUT", help=_("write a spreadsheet with the cost model as live formulas")
    )
    _add_reproducible(run)
    run.set_defaults(command=_run)

    _add_report(commands, [quiet, spoken, own])
    _add_ask(commands, [quiet, spoken, own])

    new = commands.add_parser(
        "new",
        allow_abbrev=False,
        help=_("write a new assessment to edit"),
        description=_(
            "Write a new assessment with sourced defaults. An existing file is never overwritten."
        ),
    )
    new.add_argument("--preset", metavar="P", help=_("a use case or site (see: presets)"))
    new.add_argument("out", metavar="OUT", help=_("the file to write"))
    new.set_defaults(command=_new)

    presets = commands.add_parser(
        "presets", parents=[spoken], allow_abbrev=False, help=_("list the presets")
    )
    presets.set_defaults(command=_presets)

    validate = commands.add_parser(
        "validate",
        parents=[quiet, spoken, own],
        allow_abbrev=False,
        help=_("hold the engine against measurements"),
        description=_("Predict every row of a measurement file and print the errors."),
    )
    validate.add_argument("file", metavar="MEASUREMENTS.csv", help=_("the measurements"))
    validate.add_argument("--predictions", metavar="OUT.csv", help=_("write a prediction per row"))
    validate.add_argument("--json", metavar="OUT", help=_("write the error tables as JSON"))
    validate.set_defaults(command=_validate)

    calibrate = commands.add_parser(
        "calibrate",
        parents=[quiet, spoken],
        allow_abbrev=False,
        help=_("refit the engine to your own measurements"),
        description=_(
            "Refit a few site-specific terms to a measurement file, on top of the "
            "shipped parameters, and print the errors before and after, also for each "
            "configuration "
            "left out. Writes nothing where the refit does not help."
        ),
    )
    calibrate.add_argument("file", metavar="MEASUREMENTS.csv", help=_("the measurements"))
    calibrate.add_argument(
        "--out", metavar="PARAMS", required=True, help=_("write the refitted parameters")
    )
    calibrate.add_argument(
        "--as-of",
        metavar="DATE",
        type=_date,
        help=_("the day of the refit, like 2026-11-24 (today)"),
    )
    calibrate.set_defaults(command=_calibrate)

    add_import(commands)

    schema = commands.add_parser(
        "schema", allow_abbrev=False, help=_("print the JSON Schema of assessment files")
    )
    schema.set_defaults(command=_schema)
    return top
