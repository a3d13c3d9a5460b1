"""Several files of measurements at once."""

from __future__ import annotations

import json
from pathlib import Path

from core.interchange.measured import names_of, read_measured
from tests.core.interchange.benchmarks.test_benchmarks import ON_H100, VLLM


def test_files_are_named_and_of_many_how_many(tmp_path: Path) -> None:
    for number in range(1, 13):
        (tmp_path / f"run-{number}.json").write_text(json.dumps(VLLM | {"max_concurrency": number}))
    files = [tmp_path / f"run-{number}.json" for number in range(1, 13)]
    assert names_of(files[:3]) == "run-1.json, run-2.json, run-3.json"
    found = read_measured(files, ON_H100)
    assert found.name == "run-1.json … run-12.json (12)"
    assert {row.cells["concurrency"] for row in found.rows} == {str(n) for n in range(1, 13)}
    assert not found.problems
