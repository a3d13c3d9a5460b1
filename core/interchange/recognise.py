"""What a file that somebody hands over is, told from its name and its beginning."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Literal

from core.interchange import site_parameters
from core.performance.measurement_format import REQUIRED
from core.spreadsheet_text import decoded, separated
from core.words import _

Kind = Literal["document", "model", "traffic", "measurements", "parameters", "table", "unknown"]
"""A ``table`` is of neither kind that is read, and ``unknown`` is nothing that is read."""
SNIFFED = 64 * 1024
TABLES = (".csv", ".tsv", ".txt")
ENOUGH = 3
"""So many of the required columns make a table one of measurements; its reader names the rest."""
_OURS = re.compile(r'"inference-advisor-|"schema_version"')
_MODEL = re.compile(r'"(?:model_type|architectures|hidden_size)"\s*:')
_RESULT = re.compile(r'"(?:request_throughput|total_output_tokens|benchmarks|input_config)"\s*:')


def kind_of(path: str | Path) -> Kind:
    """What a file most likely is.

    Reads its first 64 KB and trusts nothing: whoever takes the file in checks it. JSON that tells
    nothing, and what cannot be read at all, is a document, whose reader says what is wrong.
    """
    place = Path(path)
    suffix = place.suffix.lower()
    try:
        with place.open("rb") as file:
            start = _beginning(file.read(SNIFFED))
    except OSError:
        return "document"
    if "%PDF-" in start[:1024]:
        return "document"
    if suffix == ".jsonl":
        return "measurements"
    beginning = start.lstrip()
    if beginning[:1] not in ("{", "["):
        if suffix in TABLES:
            return _table(beginning)
        return "unknown" if beginning else "document"
    if f'"{site_parameters.FORMAT}"' in start:
        return "parameters"
    if _OURS.search(start):
        return "document"
    if _MODEL.search(start):
        return "model"
    return "measurements" if _RESULT.search(start) else "document"


def _beginning(data: bytes) -> str:
    """The text that a file begins with, cut anywhere."""
    try:
        return decoded(data[:-1] if len(data) % 2 and data[:1] in (b"\xff", b"\xfe") else data)
    except UnicodeDecodeError:
        return data.decode("utf-8-sig", errors="replace")


def _table(beginning: str) -> Kind:
    """Which table begins so."""
    # Only now: reading traffic takes what other files can do without.
    from core.interchange.traffic.headings import is_traffic

    separator, text = separated(beginning)
    first = text.lstrip().partition("\n")[0]
    heads = next(csv.reader([first.strip()], delimiter=separator), [])
    known = {head.strip().lower() for head in heads}
    if len(known.intersection(REQUIRED)) >= ENOUGH:
        return "measurements"
    return "traffic" if is_traffic(heads) else "table"


def not_taken(kind: Kind, name: str) -> str:
    """Why a ``table`` or an ``unknown`` file of this name is not opened, and what would be."""
    if kind == "table":
        return _(
            "{name} holds neither traffic nor measurements. A table of traffic has a column "
            "timestamp, one of measurements the columns {columns}."
        ).format(name=name, columns=", ".join(REQUIRED))
    return _(
        "{name} cannot be opened here. What can be: assessments (.json), reports (.pdf), tables of "
        "traffic or measurements (.csv), results of benchmarks and a model's config.json."
    ).format(name=name)
