"""What ships: the stored calibration, its data, and the engine's answer to every row."""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib.resources import files
from typing import Any

from core.catalog.load import load_catalog
from core.performance.measurement_format import read_rows
from core.performance.validate import Validation, validate

MEASURED = files("resources") / "measured"


@cache
def stored() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((MEASURED / "parameters.json").read_text("utf-8"))
    return found


@cache
def sites() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((MEASURED / "sites.json").read_text("utf-8"))
    return found


@cache
def data() -> bytes:
    return gzip.decompress((MEASURED / "calibration.csv.gz").read_bytes())


@cache
def checked() -> Validation:
    """Every shipped row predicted by the engine as it is."""
    rows, problems = read_rows(data().decode())
    return validate(rows, load_catalog(), problems)
