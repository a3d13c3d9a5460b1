"""``validate``: the engine's predictions beside a file of measurements."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from core.cli.outcome import DONE, BadInputError, printable, readable_errors
from core.cli.progress import ProgressLine


def validate(arguments: argparse.Namespace) -> int:
    """Predict every row, write what was asked for, print the error table."""
    from core.interchange.exports import plain
    from core.interchange.files import check_writable, write_atomic

    measurements = Path(arguments.file)
    outputs = [Path(p) for p in (arguments.predictions, arguments.json) if p]
    with readable_errors():
        if not measurements.is_file():
            why = "is a folder" if measurements.is_dir() else "no such file"
            raise BadInputError(f"{measurements}: cannot be read: {why}")
        refuse_clashes(measurements, outputs)
        for path in outputs:
            check_writable(path)

        from core.catalog.load import load_catalog
        from core.performance import validate as engine

        progress = ProgressLine(quiet=arguments.quiet)
        progress(0.0, "Predicting")
        try:
            result = engine.run(measurements, load_catalog())
        except UnicodeDecodeError as error:
            raise BadInputError(f"{measurements}: is not UTF-8 text; CSV files are") from error
        except (ValueError, KeyError) as error:
            raise BadInputError(printable(f"{measurements}: {error}")) from error
        finally:
            progress.done()
        if arguments.predictions:
            write_atomic(Path(arguments.predictions), result.predictions_csv())
        if arguments.json:
            summary = json.dumps(
                plain(result.summary()), indent=1, ensure_ascii=False, allow_nan=False
            )
            write_atomic(Path(arguments.json), summary + "\n")
    print(result.table_text())
    return DONE


def refuse_clashes(source: Path, outputs: list[Path]) -> None:
    """No output may replace the input or another output. Raises BadInputError."""
    taken = {source.resolve(): "the input"}
    for path in outputs:
        place = path.resolve()
        if place in taken:
            raise BadInputError(f"{path}: is {taken[place]} too; give each file its own name")
        taken[place] = "another output"
