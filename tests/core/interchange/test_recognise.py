"""Files are known for what they are before anybody reads them whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.assessment import Assessment, with_value
from core.interchange.document import to_json
from core.interchange.recognise import SNIFFED, kind_of

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
        ("empty.csv", "", "traffic"),
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
    assert kind_of(binary) == "document"


def test_only_the_beginning_counts(tmp_path: Path) -> None:
    """A document of any length is told at once, and words in its texts mislead nobody."""
    long = tmp_path / "long.json"
    long.write_text('{"x": "' + " " * SNIFFED + '", "hidden_size": 1}')
    assert kind_of(long) == "document"
    named = tmp_path / "named.json"
    titled = with_value(Assessment(), "project.title", "A title")
    named.write_text(to_json(titled).replace("A title", 'a \\"benchmarks\\": b'))
    assert kind_of(named) == "document"
