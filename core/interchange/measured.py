"""Own measurements from whatever files hold them: the CSV format or results of load generators."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.interchange.benchmarks import MAX_BYTES, Setup, measurements_from_json
from core.interchange.errors import DocumentError
from core.interchange.files import read_bounded
from core.interchange.recognise import TABLES
from core.interchange.strict_json import decode
from core.notation import local
from core.performance.measurement_format import Problem, Row, read_rows
from core.spreadsheet_text import decoded
from core.words import _

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """Rows of the measurement format and what was noticed on the way."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    """Lines that could not be read."""
    notes: tuple[str, ...]
    name: str
    """The files' names, as ``names_of`` tells them."""
    sha256: str
    """Digest of the files' bytes in order."""


def read_measured(paths: Sequence[str | Path], setup: Setup) -> Measured:
    """All rows of some files: tables in the measurement format, anything else as results.

    ``setup`` says what result files leave out. Raises DocumentError or SetupError.
    """
    rows: list[Row] = []
    problems: list[Problem] = []
    notes: list[str] = []
    digest = hashlib.sha256()
    for path in map(Path, paths):
        data = read_bounded(path, MAX_BYTES)
        digest.update(data)
        if path.suffix.lower() in TABLES:
            text = _table_text(data, path)
        else:
            text = decode(data, str(path), limit=MAX_BYTES)
            found = measurements_from_json(text, setup, file=str(path))
            notes += [f"{path.name}: {note}" for note in found.notes]
            text = found.csv()
        try:
            read, wrong = read_rows(text)
        except ValueError as error:
            raise DocumentError(str(error), file=str(path)) from error
        rows += read
        problems += wrong
    return Measured(tuple(rows), tuple(problems), tuple(notes), names_of(paths), digest.hexdigest())


def _table_text(data: bytes, path: Path) -> str:
    try:
        return decoded(data)
    except UnicodeDecodeError as error:
        raise DocumentError(
            _("is not text (byte {start}); save the table as CSV in UTF-8").format(
                start=local(f"{error.start:,}")
            ),
            file=str(path),
        ) from error


def names_of(paths: Sequence[str | Path]) -> str:
    """The files' names; of many the first, the last and how many: it is kept, in no language."""
    names = [Path(path).name for path in paths]
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    return f"{names[0]} … {names[-1]} ({len(names)})"
