"""What ``import`` understands: a model, traffic, or measurements from files of other programs."""

from __future__ import annotations

import argparse

from core.words import _

Commands = argparse._SubParsersAction  # the type that add_subparsers answers; it has no other name


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(
            _("must be a whole number from {low} to {high}; got {text}").format(
                low=1, high=100_000, text=repr(text)
            )
        )
    return int(text)


def _model(arguments: argparse.Namespace) -> int:
    from core.cli.imports import import_model

    return import_model(arguments)


def _traffic(arguments: argparse.Namespace) -> int:
    from core.cli.imports import import_traffic

    return import_traffic(arguments)


def _measurements(arguments: argparse.Namespace) -> int:
    from core.cli.imports import import_measurements

    return import_measurements(arguments)


def _into() -> argparse.ArgumentParser:
    """Where imported inputs go."""
    into = argparse.ArgumentParser(add_help=False)
    into.add_argument(
        "--into", metavar="FILE", help=_("the assessment that takes it in (else it is only shown)")
    )
    into.add_argument(
        "--workload",
        metavar="N",
        type=_count,
        help=_("which of its workloads, from 1 (needed where there are several)"),
    )
    into.add_argument("--out", metavar="OUT", help=_("write there and leave FILE as it is"))
    return into


def add_import(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``import`` and its three kinds."""
    top = commands.add_parser(
        "import",
        allow_abbrev=False,
        help=_("take in a model, traffic or measurements from files of other programs"),
        description=_(
            "Take in a model (Hugging Face config.json), traffic (CSV) or measurements "
            "(JSON of vLLM bench serve, GuideLLM, AIPerf or GenAI-Perf)."
        ),
    )
    kinds = top.add_subparsers(title=_("kinds"), required=True, metavar="KIND")

    model = kinds.add_parser(
        "model",
        parents=[_into()],
        allow_abbrev=False,
        help=_("a model the catalog does not have"),
        description=_(
            "Read a model's shape from its config.json, count its parameters, and let a "
            "workload of an assessment use it."
        ),
    )
    model.add_argument("file", metavar="CONFIG.json", help=_("as published with the weights"))
    model.add_argument("--name", metavar="NAME", required=True, help=_("how you call the model"))
    model.set_defaults(command=_model)

    traffic = kinds.add_parser(
        "traffic",
        parents=[_into()],
        allow_abbrev=False,
        help=_("the week and the tokens of a workload"),
        description=_(
            "Read hourly counts (timestamp,count) or a request log (timestamp,"
            "input_tokens,output_tokens), and give its week, tokens and burstiness to a workload."
        ),
    )
    traffic.add_argument("file", metavar="TRAFFIC.csv", help=_("at least one whole day"))
    traffic.add_argument(
        "--time-zone", metavar="ZONE", default="", help=_("of the users, like Europe/Berlin")
    )
    traffic.set_defaults(command=_traffic)

    _add_measurements(kinds)


def _add_measurements(kinds: Commands[argparse.ArgumentParser]) -> None:
    measured = kinds.add_parser(
        "measurements",
        allow_abbrev=False,
        help=_("benchmark results as a file for validate and calibrate"),
        description=_(
            "Turn result files into measurement rows. What the files do not tell (the "
            "accelerator, how the model was served) is given here."
        ),
    )
    measured.add_argument("files", metavar="RESULT.json", nargs="+", help=_("one or more results"))
    measured.add_argument("--out", metavar="OUT.csv", required=True, help=_("the file to write"))
    measured.add_argument("--accelerator", metavar="NAME", default="", help=_("of the catalog"))
    measured.add_argument(
        "--model", metavar="NAME", default="", help=_("of the catalog (as the file names it)")
    )
    for name, what in (
        ("--accelerators", _("how many served the model (1)")),
        ("--tp", _("tensor parallel degree (all accelerators)")),
        ("--pp", _("pipeline parallel degree (1)")),
        ("--ep", _("expert parallel degree (1)")),
        ("--dp", _("data parallel degree (1)")),
    ):
        default = None if name == "--tp" else 1
        measured.add_argument(name, metavar="N", type=_count, default=default, help=what)
    measured.add_argument(
        "--weights", metavar="PRECISION", default="", help=_("such as bf16, fp8, nvfp4, int4")
    )
    measured.add_argument(
        "--kv", metavar="PRECISION", default="", help=_("of the cache: bf16, fp8")
    )
    measured.add_argument("--engine", metavar="NAME", default="vllm", help=_("(vllm)"))
    measured.add_argument(
        "--speculative", action="store_true", help=_("drafts or multi-token prediction were on")
    )
    measured.set_defaults(command=_measurements)
