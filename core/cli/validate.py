"""``validate``: the engine's predictions beside a file of measurements."""

from __future__ import annotations

import argparse
import hashlib
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.inputs import own_measurements
from core.cli.outcome import DONE, BadInputError, printable, readable_errors
from core.cli.progress import ProgressLine
from core.words import _

if TYPE_CHECKING:
    from core.performance.measurement_format import Problem, Row

MAX_BYTES = 200 * 1024 * 1024
"""Of a measurement file; a million rows have about that."""
_GZIP = b"\x1f\x8b"
"""How a gzip file starts."""


@dataclass(frozen=True)
class Measurements:
    """A measurement file, read."""

    rows: list[Row]
    problems: list[Problem]
    """Malformed lines, each with its reason."""
    sha256: str
    """Of the bytes as they are."""


def read_measurements(path: Path) -> Measurements:
    """Rows and malformed lines of a file. Raises BadInputError or DocumentError."""
    from core.interchange.files import read_bounded
    from core.performance.measurement_format import read_rows
    from core.spreadsheet_text import decoded

    data = read_bounded(path, MAX_BYTES)
    try:
        rows, problems = read_rows(decoded(_unpacked(path, data)))
    except UnicodeDecodeError as error:
        raise BadInputError(
            _("{path}: is not text; save the table as CSV in UTF-8").format(path=path)
        ) from error
    except ValueError as error:
        raise BadInputError(printable(f"{path}: {error}")) from error
    return Measurements(rows, problems, hashlib.sha256(data).hexdigest())


def _unpacked(path: Path, data: bytes) -> bytes:
    """The text's bytes of a file that may be packed with gzip, at most ``MAX_BYTES``."""
    if not data.startswith(_GZIP):
        return data
    unpacking = zlib.decompressobj(wbits=31)  # one gzip member
    try:
        text = unpacking.decompress(data, MAX_BYTES)
    except zlib.error as error:
        raise BadInputError(_("{path}: is not a whole gzip file").format(path=path)) from error
    if unpacking.unconsumed_tail:
        raise BadInputError(
            _("{path}: holds more than {size} MB").format(path=path, size=MAX_BYTES // 2**20)
        )
    if not unpacking.eof:
        raise BadInputError(_("{path}: is not a whole gzip file").format(path=path))
    return text


def validate(arguments: argparse.Namespace) -> int:
    """Predict every row, write what was asked for, print the error table."""
    from core.interchange.exports import plain
    from core.interchange.files import check_writable, write_atomic
    from core.performance import parameters as par

    source = Path(arguments.file)
    outputs = [Path(p) for p in (arguments.predictions, arguments.json) if p]
    progress = ProgressLine(quiet=arguments.quiet)
    with readable_errors():
        refuse_clashes(source, outputs)
        for path in outputs:
            check_writable(path)
        own = own_measurements(arguments.parameters)
        given = read_measurements(source)

        progress(0.0, _("Predicting"))
        from core.catalog.load import load_catalog
        from core.performance.validate import validate as predict
        from core.performance.validation_table import text

        try:
            with par.use(par.with_own(own)):
                result = predict(
                    given.rows,
                    load_catalog(),
                    given.problems,
                    lambda share: progress(share, _("Predicting")),
                    own=own is not None,
                )
        finally:
            progress.done()
        if arguments.predictions:
            write_atomic(Path(arguments.predictions), result.predictions_csv())
        if arguments.json:
            summary = json.dumps(
                plain(result.summary()), indent=1, ensure_ascii=False, allow_nan=False
            )
            write_atomic(Path(arguments.json), summary + "\n")
    print(printable(text(result)), end="")
    return DONE


def refuse_clashes(source: Path, outputs: list[Path]) -> None:
    """No output may replace the input or another output. Raises BadInputError."""
    taken = {source.resolve(): _("the input")}
    for path in outputs:
        place = path.resolve()
        if place in taken:
            raise BadInputError(
                _("{path}: is {taken} too; give each file its own name").format(
                    path=path, taken=taken[place]
                )
            )
        taken[place] = _("another output")
