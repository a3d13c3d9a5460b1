"""Own measurements from whatever files hold them: the CSV format or results of load generators."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.interchange.benchmarks import MAX_BYTES, Setup, measurements_from_json
from core.interchange.errors import DocumentError
from core.interchange.files import read_bounded
from core.interchange.strict_json import decode
from core.performance.measurement_format import Problem, Row, read_rows

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
    """All rows of some files: ``.csv`` in the measurement format, anything else as results.

    ``setup`` says what result files leave out. Raises DocumentError or SetupError.
    """
    rows: list[Row] = []
    problems: list[Problem] = []
    notes: list[str] = []
    digest = hashlib.sha256()
    for path in map(Path, paths):
        data = read_bounded(path, MAX_BYTES)
        digest.update(data)
        text = decode(data, str(path), limit=MAX_BYTES)
        if path.suffix.lower() != ".csv":
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


def names_of(paths: Sequence[str | Path]) -> str:
    """The files' names; of many the first, the last and how many: it is kept, in no language."""
    names = [Path(path).name for path in paths]
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    return f"{names[0]} … {names[-1]} ({len(names)})"
