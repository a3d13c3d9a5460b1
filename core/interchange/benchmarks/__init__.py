"""Results of load generators as rows of the measurement format.

Reads what vLLM's ``bench serve`` (and SGLang's like-named fields), GuideLLM, AIPerf and GenAI-Perf
write as JSON. These files say how the load was made and what was measured, but not on what: that,
and how the model was served, is told in a ``Setup``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.interchange.benchmarks import aiperf, guidellm, vllm
from core.interchange.benchmarks.rows import (
    Measured,
    Row,
    Setup,
    SetupError,
    rows_as_csv,
    rows_of,
)
from core.interchange.errors import DocumentError
from core.interchange.files import read_bounded
from core.interchange.json_object import JsonObject
from core.interchange.strict_json import decode, parse
from core.words import N_, _

MAX_BYTES = 512 * 1024 * 1024
"""Result files may hold every request with its text."""

__all__ = [
    "ImportedBenchmarks",
    "Setup",
    "SetupError",
    "measurements_from_json",
    "read_benchmarks",
]


@dataclass(frozen=True, slots=True)
class ImportedBenchmarks:
    """Rows in the measurement format, and what was noticed on the way."""

    rows: tuple[Row, ...]
    """One metric of one run each: column name to text."""
    runs: int
    tools: tuple[str, ...]
    notes: tuple[str, ...]

    def csv(self) -> str:
        """The rows as a measurement file, which ``validate`` and ``calibrate`` read."""
        return rows_as_csv(self.rows)


Recognise = Callable[[JsonObject], bool]
Read = Callable[[JsonObject], list[Measured]]
_FORMATS: tuple[tuple[str, Recognise, Read], ...] = (
    ("GuideLLM", guidellm.recognises, guidellm.read),
    ("AIPerf or GenAI-Perf", aiperf.recognises, aiperf.read),
    ("vLLM bench serve", vllm.recognises, vllm.read),
)


def measurements_from_json(text: str, setup: Setup, *, file: str = "") -> ImportedBenchmarks:
    """The measurements of one result file's text: one JSON object, or one per line.

    Raises DocumentError where it is none of the known formats or holds nothing usable, and
    SetupError where the file does not name the model (or accelerator) and ``setup`` does not.
    """
    stem = Path(file).stem or "run"
    runs: list[Measured] = []
    tools: list[str] = []
    for result in _objects(text, file):
        for tool, recognises, read in _FORMATS:
            if recognises(result):
                runs += read(result)
                tools.append(tool)
                break
        else:
            known = ", ".join(tool for tool, _, _ in _FORMATS)
            raise DocumentError(_("is not a result of {known}").format(known=known), file=file)
    notes = [
        _("run {n}: {note}").format(n=n, note=note.told())
        for n, run in enumerate(runs, 1)
        for note in run.notes
    ]
    usable = [(n, run) for n, run in enumerate(runs, 1) if run.usable]
    if not usable:
        told = "; ".join(notes) or _("it has no runs")
        raise DocumentError(_("holds no run that can be used: {told}").format(told=told), file=file)
    rows = tuple(row for n, run in usable for row in rows_of(run, setup, f"{stem}-{n}"))
    return ImportedBenchmarks(rows, len(usable), tuple(dict.fromkeys(tools)), tuple(notes))


def read_benchmarks(paths: Sequence[str | Path], setup: Setup) -> ImportedBenchmarks:
    """The measurements of several result files together. Raises DocumentError, SetupError."""
    found = []
    stems: list[str] = []
    for path in map(Path, paths):
        text = decode(read_bounded(path, MAX_BYTES), str(path), limit=MAX_BYTES)
        found.append(measurements_from_json(text, setup, file=str(path)))
        stems.append(path.stem)
    if len(set(stems)) < len(stems):
        raise DocumentError(_("two result files have the same name; runs are told apart by it"))
    return ImportedBenchmarks(
        tuple(row for one in found for row in one.rows),
        sum(one.runs for one in found),
        tuple(dict.fromkeys(tool for one in found for tool in one.tools)),
        tuple(
            f"{path}: {note}" for path, one in zip(paths, found, strict=True) for note in one.notes
        ),
    )


def _objects(text: str, file: str) -> list[JsonObject]:
    lines = [line for line in text.splitlines() if line.strip()]
    each = len(lines) > 1 and all(
        line.strip().startswith("{") and line.strip().endswith("}") for line in lines
    )
    objects = []
    for part in lines if each else [text]:
        value = parse(
            part, file, expected=N_("a benchmark result as JSON"), infinite=True, limit=MAX_BYTES
        )
        if not isinstance(value, dict):
            raise DocumentError(_("must be a JSON object, as benchmark results are"), file=file)
        objects.append(JsonObject(value, file))
    return objects
