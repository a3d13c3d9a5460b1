"""Several files of measurements at once."""

from __future__ import annotations

import json
from pathlib import Path

from core.interchange.measured import names_of, read_measured
from core.interchange.recognise import kind_of
from tests.core.interchange.benchmarks.test_benchmarks import ON_H100, VLLM
from tests.core.performance.test_validation import GOOD, text


def test_files_are_named_and_of_many_how_many(tmp_path: Path) -> None:
    for number in range(1, 13):
        (tmp_path / f"run-{number}.json").write_text(json.dumps(VLLM | {"max_concurrency": number}))
    files = [tmp_path / f"run-{number}.json" for number in range(1, 13)]
    assert names_of(files[:3]) == "run-1.json, run-2.json, run-3.json"
    found = read_measured(files, ON_H100)
    assert found.name == "run-1.json … run-12.json (12)"
    assert {row.cells["concurrency"] for row in found.rows} == {str(n) for n in range(1, 13)}
    assert not found.problems


def test_tables_are_read_whatever_they_are_saved_as(tmp_path: Path) -> None:
    rows = text(GOOD, GOOD | {"point_id": "größer", "value": "15.5"})
    for name, separator, code in (
        ("a.csv", ",", "utf-8"),
        ("b.csv", ";", "cp1252"),
        ("c.txt", "\t", "utf-16"),
        ("d.tsv", "\t", "utf-8-sig"),
    ):
        written = rows.replace(",", separator)
        if separator != ",":
            written = written.replace("15.5", "15,5")
        file = tmp_path / name
        file.write_bytes(written.encode(code))
        found = read_measured([file], ON_H100)
        assert not found.problems
        assert [row.value for row in found.rows] == [15.0, 15.5]
        assert found.rows[1].point_id == "größer"
        assert kind_of(file) == "measurements"
