"""Files are known for what they are before anybody reads them whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.assessment import Assessment, with_value
from core.interchange.document import to_json
from core.interchange.recognise import SNIFFED, Kind, kind_of, not_taken
from core.performance.measurement_format import REQUIRED

CONFIG = {"architectures": ["Qwen3ForCausalLM"], "hidden_size": 4096, "model_type": "qwen3"}
VLLM = {"date": "20260801", "completed": 10, "total_output_tokens": 900, "request_throughput": 1.5}
MEASURED = "point_id,model,accelerator,scenario,metric,value\na,b,c,d,e,1\n"


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.json", to_json(Assessment()), "document"),
        ("config.json", json.dumps(CONFIG), "model"),
        ("result.json", json.dumps(VLLM), "measurements"),
        ("guide.json", '{"args": {}, "benchmarks": [{}]}', "measurements"),
        ("perf.json", '{"input_config": {}, "request_throughput": {"avg": 1}}', "measurements"),
        ("runs.jsonl", "{}\n{}\n", "measurements"),
        ("p.json", '{"format": "inference-advisor-site-parameters"}', "parameters"),
        ("c.json", '{"format": "inference-advisor-comparison", "scenarios": []}', "document"),
        ("counts.csv", "timestamp,count\n2026-01-01T00:00,5\n", "traffic"),
        ("log.tsv", "timestamp\tinput_tokens\toutput_tokens\n", "traffic"),
        ("own.csv", MEASURED, "measurements"),
        ("own.csv", f"\ufeff{MEASURED}", "measurements"),
        ("broken.json", "{", "document"),
        ("part.csv", "point_id;model;accelerator;value\na;b;c;1\n", "measurements"),
        ("load.csv", "Datum;Anfragen\n01.03.2026;5\n", "traffic"),
        ("load.txt", "Timestamp,whatever\n", "traffic"),
        ("people.csv", "name,date,city\nA,2026-01-01,B\n", "table"),
        ("prices.csv", "product,price\n", "table"),
        ("empty.csv", "", "table"),
        ("readme.md", "# Read me\n", "unknown"),
        ("config.txt", json.dumps(CONFIG), "model"),
        ("report.pdf", "%PDF-1.7\n", "document"),
    ],
)
def test_a_file_is_told_by_its_beginning(tmp_path: Path, name: str, text: str, kind: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    assert kind_of(file) == kind


def test_what_cannot_be_read_is_left_to_its_reader(tmp_path: Path) -> None:
    assert kind_of(tmp_path / "missing.json") == "document"
    assert kind_of(tmp_path) == "document"
    binary = tmp_path / "noise.json"
    binary.write_bytes(bytes(range(256)) * 400)
    assert kind_of(binary) == "unknown"


@pytest.mark.parametrize("kind", ["table", "unknown"])
def test_a_file_of_no_kind_is_told_with_its_name_and_what_is_read(kind: Kind) -> None:
    told = not_taken(kind, "people.csv")
    assert told.startswith("people.csv ")
    assert all(word in told for word in {"table": REQUIRED, "unknown": (".json", ".csv")}[kind])


def test_only_the_beginning_counts(tmp_path: Path) -> None:
    """A document of any length is told at once, and words in its texts mislead nobody."""
    long = tmp_path / "long.json"
    long.write_text('{"x": "' + " " * SNIFFED + '", "hidden_size": 1}')
    assert kind_of(long) == "document"
    named = tmp_path / "named.json"
    titled = with_value(Assessment(), "project.title", "A title")
    named.write_text(to_json(titled).replace("A title", 'a \\"benchmarks\\": b'))
    assert kind_of(named) == "document"
