"""The format of measurement files: columns, words that are known, and reading its rows.

A row that cannot be read is reported with its line, and the rest proceeds. Where a spelling has
one meaning only it is read so: ``Closed-Loop``, ``1,024``. Columns are separated by commas,
semicolons or tabs; decimal commas are read too, and days as spreadsheets write them. Rows of one
``point_id`` that differ in what was run are runs of their own, so that a wrong name in one of them
is told by its line.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from core.notation import typed_day
from core.performance.measurement_lines import plain_number, split_lines
from core.spreadsheet_text import Numbers, separated
from core.words import _

COLUMNS = [
    "point_id",
    "source_id",
    "version_date",
    "model",
    "weight_precision",
    "kv_precision",
    "accelerator",
    "n_accel",
    "tp",
    "pp",
    "ep",
    "dp",
    "engine",
    "isl",
    "osl",
    "concurrency",
    "scenario",
    "spec_decode",
    "metric",
    "value",
    "tier",
    "notes",
]
OWN = "own"
"""``source_id`` of own measurements: what imports of benchmark results write."""
REQUIRED = ("point_id", "model", "accelerator", "scenario", "metric", "value")
WHOLE = frozenset(("n_accel", "tp", "pp", "ep", "dp", "isl", "osl"))
"""Columns of whole numbers, or of means that are next to whole."""
NUMBERS = WHOLE | {"concurrency", "value"}
SAMPLE = 500
"""Lines by which decimal commas are told from those that set thousands apart."""
SCENARIOS = frozenset(
    [
        "closed_loop",
        "static_batch",
        "saturated_batch",
        "offline_max",
        "prefill_only",
        "decode_only",
        "open_loop_poisson",
        "mlperf_offline",
        "mlperf_server",
        "mlperf_interactive",
        "mlperf_singlestream",
        "closed_loop_disagg",
    ]
)
METRICS = frozenset(
    [
        "tpot_ms_mean",
        "tpot_ms_p50",
        "tpot_ms_p90",
        "tpot_ms_p95",
        "tpot_ms_p99",
        "itl_ms_mean",
        "itl_ms_p50",
        "itl_ms_p90",
        "itl_ms_p95",
        "itl_ms_p99",
        "ttft_ms_mean",
        "ttft_ms_p50",
        "ttft_ms_p90",
        "ttft_ms_p95",
        "ttft_ms_p99",
        "e2e_ms_mean",
        "e2e_ms_p50",
        "e2e_ms_p90",
        "e2e_ms_p95",
        "e2e_ms_p99",
        "output_tok_s",
        "output_tok_s_per_gpu",
        "total_tok_s",
        "total_tok_s_per_gpu",
        "prefill_tok_s",
        "decode_tok_s",
        "req_s",
        "power_w_accel_total",
        "power_w_per_accel",
        "power_w_system",
        "power_w_system_peak",
        "energy_j_per_output_token",
    ]
)
_RUN = tuple(
    c for c in COLUMNS if c not in ("point_id", "version_date", "metric", "value", "tier", "notes")
)
"""What the rows of one run have in common."""
SMALLEST, LARGEST = 1e-9, 1e15
"""No measured value of any metric lies outside: what does was written by mistake."""
_BETWEEN_WORDS = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One measured value."""

    line: int
    point_id: str
    """Its run; with more where a point of the file is several (a prefill and a decode)."""
    metric: str
    value: float
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that could not be used, and why."""

    line: int
    message: str


def read_rows(text: str) -> tuple[list[Row], list[Problem]]:
    """Rows of a measurement file and its malformed lines.

    Raises ValueError where the header lacks a required column or has one of the format twice.
    """
    separator, text = separated(text)
    lines = split_lines(text, separator)
    _line, header = next(lines, (1, list[str]()))
    if isinstance(header, str):
        raise ValueError(_("the heading cannot be read: {why}").format(why=header))
    header = [c.strip().lower() for c in header]
    missing = [c for c in REQUIRED if c not in header]
    if missing:
        raise ValueError(_("the file lacks the columns {join}").format(join=", ".join(missing)))
    twice = [c for c in COLUMNS if header.count(c) > 1]
    if twice:
        raise ValueError(_("the file has the columns {join} twice").format(join=", ".join(twice)))
    sample = list(islice(lines, SAMPLE))
    numbers = _numbers_of(sample, header, separator)
    rows: list[Row] = []
    problems: list[Problem] = []
    runs_of_point: dict[str, dict[tuple[str, ...], str]] = {}
    for line, found in chain(sample, lines):
        if isinstance(found, str):
            problems.append(skipped(line, found))
            continue
        cells = dict(zip(header, found, strict=False))
        short = [c for c in REQUIRED if not cells.get(c, "").strip()]
        if len(found) > len(header) or short:
            many = len(found) > len(header)
            lacking = _("no {join}").format(join=", ".join(short))
            problems.append(skipped(line, _("more cells than columns") if many else lacking))
            continue
        clean = {c: cells.get(c, "").strip() for c in COLUMNS}
        for column in ("scenario", "metric"):
            clean[column] = _BETWEEN_WORDS.sub("_", clean[column].lower())
        if numbers.unclear(clean["value"]):
            unclear = _("{text} may be a thousand or a fraction; write it without thousands apart")
            problems.append(skipped(line, unclear.format(text=clean["value"])))
            continue
        for column in NUMBERS:
            clean[column] = numbers.english(clean[column], whole=column in WHOLE)
        clean["version_date"] = typed_day(clean["version_date"])
        value = plain_number(clean["value"])
        if not math.isfinite(value) or value <= 0:
            what = _("value {text} is not a positive number")
            problems.append(skipped(line, what.format(text=repr(clean["value"][:40]))))
            continue
        if not SMALLEST <= value <= LARGEST:
            what = _("value {text} is beyond what any measurement gives")
            problems.append(skipped(line, what.format(text=repr(clean["value"][:40]))))
            continue
        point, run = clean["point_id"], tuple([clean[c] for c in _RUN])
        known = runs_of_point.setdefault(point, {run: point})
        if run not in known:
            known[run] = f"{point}|{len(known) + 1}"
        rows.append(Row(line, known[run], clean["metric"], value, clean))
    return rows, problems


def _numbers_of(
    lines: Sequence[tuple[int, list[str] | str]], header: Sequence[str], separator: str
) -> Numbers:
    """How the numbers of a file are written."""
    places = [n for n, column in enumerate(header) if column in NUMBERS]
    rows = [cells for _line, cells in lines if not isinstance(cells, str)]
    return Numbers((row[n].strip() for row in rows for n in places if n < len(row)), separator)


def skipped(line: int, why: str) -> Problem:
    """The remark on a line that is not used."""
    return Problem(line, _("line {line}: {why}; skipped").format(line=line, why=why))


def nearest_words(name: str, known: Iterable[str]) -> str:
    """`` Did you mean ...?`` with the nearest known names, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.5)
    return f". Did you mean {', '.join(near)}?" if near else f"; known are {', '.join(names)}"
