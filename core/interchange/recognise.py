"""What a file that somebody hands over is, told from its name and its beginning."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Literal

from core.interchange import site_parameters
from core.performance.measurement_format import REQUIRED

Kind = Literal["document", "model", "traffic", "measurements", "parameters"]
SNIFFED = 64 * 1024
TABLES = (".csv", ".tsv", ".txt")
_OURS = re.compile(r'"inference-advisor-|"schema_version"')
_MODEL = re.compile(r'"(?:model_type|architectures|hidden_size)"\s*:')
_RESULT = re.compile(r'"(?:request_throughput|total_output_tokens|benchmarks|input_config)"\s*:')


def kind_of(path: str | Path) -> Kind:
    """What a file most likely is; a document where nothing tells, whose reader says what is wrong.

    Reads its first 64 KB and trusts nothing: whoever takes the file in checks it.
    """
    place = Path(path)
    suffix = place.suffix.lower()
    try:
        with place.open("rb") as file:
            start = file.read(SNIFFED).decode("utf-8-sig", errors="replace")
    except OSError:
        return "document"
    if suffix in TABLES:
        heads = next(csv.reader([start.lstrip().partition("\n")[0].strip()]), [])
        known = {head.strip().lower() for head in heads}
        return "measurements" if known.issuperset(REQUIRED) else "traffic"
    if suffix == ".jsonl":
        return "measurements"
    if f'"{site_parameters.FORMAT}"' in start:
        return "parameters"
    if start.startswith("%PDF-") or _OURS.search(start):
        return "document"
    if _MODEL.search(start):
        return "model"
    return "measurements" if _RESULT.search(start) else "document"
