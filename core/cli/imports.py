"""``import``: files of other programs as inputs of an assessment, or as measurements."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.outcome import DONE, BadInputError, printable, readable_errors
from core.cli.validate import refuse_clashes
from core.words import _

if TYPE_CHECKING:
    from core.assessment import Assessment
    from core.interchange.benchmarks import Setup

_ALLOWED = "allowed"
"""Speculation in the measurement format: it may have been on."""


def import_model(arguments: argparse.Namespace) -> int:
    """Show the model of a ``config.json`` and let a workload use it."""
    from core.assessment import with_custom_model, with_value
    from core.interchange.huggingface import read_model
    from core.interchange.told import model_lines

    with readable_errors():
        found = read_model(arguments.file, name=arguments.name)
        target = _Target.of(arguments)
        if target is not None:
            path = f"workloads[{target.workload}].model"
            try:
                changed = with_custom_model(target.assessment, found.model)
            except ValueError as error:
                raise BadInputError(f"{target.source}: {error}") from error
            target.write(with_value(changed, path, found.model.id))
    _show(model_lines(found), found.notes, target)
    return DONE


def import_traffic(arguments: argparse.Namespace) -> int:
    """Show the week of a traffic file and give it to a workload."""
    from core.interchange.told import skipped_lines, traffic_lines
    from core.interchange.traffic import read_traffic, with_traffic

    with readable_errors():
        found = read_traffic(arguments.file, time_zone=arguments.time_zone)
        target = _Target.of(arguments)
        if target is not None:
            target.write(with_traffic(target.assessment, target.workload, found))
    _show(traffic_lines(found), (*found.notes, *skipped_lines(found)), target)
    return DONE


def import_measurements(arguments: argparse.Namespace) -> int:
    """Turn result files into one measurement file."""
    from core.catalog.load import load_catalog
    from core.interchange.benchmarks import SetupError, read_benchmarks
    from core.interchange.files import check_writable, write_atomic

    out = Path(arguments.out)
    files = [Path(name) for name in arguments.files]
    with readable_errors():
        for file in files:
            refuse_clashes(file, [out])
        check_writable(out)
        try:
            found = read_benchmarks(files, _setup(arguments))
        except SetupError as error:
            raise BadInputError(printable(f"{error} with --model or --accelerator")) from error
        catalog = load_catalog()
        for row in found.rows:
            _known(catalog.resolve_model, row["model"], "--model")
            _known(catalog.resolve_accelerator, row["accelerator"], "--accelerator")
        write_atomic(out, found.csv())
    runs = f"{found.runs} {'run' if found.runs == 1 else 'runs'}"
    lines = [
        _("{rows} values of {runs} from {tools}").format(
            rows=len(found.rows), runs=runs, tools=" and ".join(found.tools)
        )
    ]
    _show(lines, found.notes, None)
    print(
        printable(
            _("Wrote {out}. Hold the engine against it: inference-assess validate {out}").format(
                out=out
            )
        )
    )
    return DONE


def _setup(arguments: argparse.Namespace) -> Setup:
    from core.interchange.benchmarks import Setup

    return Setup(
        accelerator=arguments.accelerator,
        model=arguments.model,
        n_accel=arguments.accelerators,
        tp=arguments.tp,
        pp=arguments.pp,
        ep=arguments.ep,
        dp=arguments.dp,
        weight_precision=arguments.weights,
        kv_precision=arguments.kv,
        engine=arguments.engine,
        spec_decode=_ALLOWED if arguments.speculative else "off",
    )


def _known(resolve: Callable[[str], object], name: str, option: str) -> None:
    """The catalog must know the name: rows of others are never answered. BadInputError."""
    from core.catalog.errors import UnknownNameError

    try:
        resolve(name)
    except UnknownNameError as error:
        raise BadInputError(printable(f"{option}: {error}")) from error


class _Target:
    """The assessment that takes an import in, and where it is written."""

    def __init__(self, source: Path, out: Path, assessment: Assessment, workload: int) -> None:
        self.source, self.out = source, out
        self.assessment, self.workload = assessment, workload

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> _Target | None:
        """What ``--into``, ``--workload`` and ``--out`` say; ``None`` without ``--into``."""
        from core.interchange.document import load
        from core.interchange.files import check_writable

        if arguments.into is None:
            for option in ("workload", "out"):
                if getattr(arguments, option) is not None:
                    raise BadInputError(
                        _("--{option}: needs --into, the assessment to change").format(
                            option=option
                        )
                    )
            return None
        source = Path(arguments.into)
        assessment = load(source)
        if arguments.out is None and source.suffix.lower() == ".pdf":
            raise BadInputError(
                _("{source}: a report is not changed; name a JSON file with --out").format(
                    source=source
                )
            )
        count = len(assessment.workloads)
        chosen = arguments.workload
        if chosen is None and count > 1:
            names = ", ".join(f"{n} {w.name}" for n, w in enumerate(assessment.workloads, 1))
            raise BadInputError(printable(f"{source}: choose with --workload one of: {names}"))
        if chosen is not None and chosen > count:
            raise BadInputError(
                _("--workload: must be from 1 to {count}; got {chosen}").format(
                    count=count, chosen=chosen
                )
            )
        out = Path(arguments.out or source)
        check_writable(out)
        return cls(source, out, assessment, (chosen or 1) - 1)

    def write(self, changed: Assessment) -> None:
        """Save the changed assessment."""
        from core.interchange.document import save

        save(changed, self.out)


def _show(lines: Sequence[str], notes: Sequence[str], target: _Target | None) -> None:
    for line in lines:
        print(printable(line))
    for note in notes:
        print(printable(f"  - {note}"))
    if target is not None:
        name = target.assessment.workloads[target.workload].name
        print(
            printable(
                _("Wrote {out}: workload {workload}, {name}.").format(
                    out=target.out, workload=target.workload + 1, name=name
                )
            )
        )
