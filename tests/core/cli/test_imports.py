"""``import``: what it shows, what it changes, what it refuses, and that it never writes half."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.assessment import Assessment, Workload
from core.cli import main
from core.interchange.document import load, save
from core.performance.measurement_format import read_rows
from tests.core.interchange.benchmarks.test_benchmarks import VLLM
from tests.core.interchange.huggingface.published import CATALOGUED

GPT_OSS = CATALOGUED["openai/gpt-oss-120b"]


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(GPT_OSS))
    return str(path)


@pytest.fixture
def traffic(tmp_path: Path) -> str:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    rows = [f"{start + timedelta(hours=n)},{3600 + 36 * (n % 24)}" for n in range(24 * 14)]
    path = tmp_path / "load.csv"
    path.write_text("\n".join(["timestamp,count", *rows, "never,1"]))
    return str(path)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.json"
    save(Assessment(workloads=(Workload(name="first"), Workload(name="second"))), path)
    return path


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(("import", *arguments)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err


def test_a_model_is_shown_and_taken_in(
    config: str, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "model", config, "--name", "Our 120B"]) == 0
    shown = capsys.readouterr().out
    assert "116.8 billion parameters, 5.71 active" in shown
    assert "window 128 in 18 of 36 layers" in shown
    into = ["--into", str(mine), "--workload", "2"]
    assert main(["import", "model", config, "--name", "Our 120B", *into]) == 0
    assert "workload 2, second" in capsys.readouterr().out
    changed = load(mine)
    assert changed.workloads[0] == Workload(name="first")
    assert changed.workloads[1].model == changed.custom_models[0].id == "custom/Our-120B"


def test_traffic_is_shown_and_taken_in(
    traffic: str, mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = mine.read_bytes()
    other = tmp_path / "other.json"
    into = ["--into", str(mine), "--workload", "1", "--out", str(other)]
    assert main(["import", "traffic", traffic, "--time-zone", "UTC", *into]) == 0
    shown = capsys.readouterr().out
    assert "1.23 requests/s in its busiest hour" in shown
    assert "line 338 skipped" in shown
    assert mine.read_bytes() == before
    workload = load(other).workloads[0]
    assert workload.peak_requests_per_s == pytest.approx(1.23)
    assert workload.custom_hours is not None
    assert len(workload.custom_hours) == 168


def test_measurements_become_a_file_that_validate_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result, out = tmp_path / "bench.json", tmp_path / "own.csv"
    result.write_text(json.dumps(VLLM))
    how = ["--accelerator", "H100-SXM-80GB", "--accelerators", "4", "--weights", "fp8"]
    assert main(["import", "measurements", str(result), "--out", str(out), *how]) == 0
    assert "15 values of 1 run from vLLM bench serve" in capsys.readouterr().out
    rows, problems = read_rows(out.read_text())
    assert (len(rows), problems) == (15, [])
    assert rows[0].cells["spec_decode"] == "off"
    assert main(["validate", str(out), "--quiet"]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["model", "none.json", "--name", "x"], ["none.json", "no such file"]),
        (["model", "{config}", "--name", " "], ["name", "1 to 200 characters"]),
        (["model", "{traffic}", "--name", "x"], ["load.csv", "is not JSON"]),
        (["model", "{config}", "--name", "x", "--out", "o.json"], ["--out", "needs --into"]),
        (["model", "{config}", "--name", "x", "--into", "{mine}"],
         ["choose with --workload", "1 first, 2 second"]),
        (["model", "{config}", "--name", "x", "--into", "{mine}", "--workload", "3"],
         ["--workload", "from 1 to 2", "got 3"]),
        (["model", "{config}", "--name", "x", "--into", "{config}"],
         ["config.json", "no assessment"]),
        (["traffic", "{config}"], ["config.json", "needs a column 'timestamp'"]),
        (["traffic", "{traffic}", "--time-zone", "Moon"], ["time zone", "'Moon'"]),
        (["measurements", "{config}", "--out", "{tmp}/o.csv"], ["is not a result of GuideLLM"]),
        (["measurements", "{bench}", "--out", "{tmp}/o.csv"],
         ["does not name the accelerator", "--accelerator"]),
        (["measurements", "{bench}", "--out", "{tmp}/o.csv", "--accelerator", "H1000"],
         ["--accelerator", "Unknown accelerator 'H1000'"]),
        (["measurements", "{bench}", "--out", "{tmp}/o.csv", "--accelerator", "H100-SXM-80GB",
          "--model", "GPT-9"], ["--model", "Unknown model 'GPT-9'"]),
        (["measurements", "{bench}", "--out", "{bench}", "--accelerator", "x"],
         ["is the input too"]),
    ],
)  # fmt: skip
def test_bad_input_ends_with_one_message_and_changes_nothing(
    arguments: list[str],
    words: list[str],
    config: str,
    traffic: str,
    mine: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bench = tmp_path / "bench.json"
    bench.write_text(json.dumps(VLLM))
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    places = {"config": config, "traffic": traffic, "mine": mine, "bench": bench, "tmp": tmp_path}
    message = refused(capsys, *(argument.format(**places) for argument in arguments))
    for word in words:
        assert word in message
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_report_is_not_changed_in_place(config: str, checkout: Path, tmp_path: Path,
                                          capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    report = tmp_path / "report.pdf"
    report.write_bytes((checkout / "resources" / "docs" / "sample-report.pdf").read_bytes())
    into = ["--into", str(report)]
    message = refused(capsys, "model", config, "--name", "x", *into)
    assert "a report is not changed; name a JSON file with --out" in message
    out = tmp_path / "mine.json"
    count = len(load(report).workloads)
    which = ["--workload", "1"] if count > 1 else []
    assert main(["import", "model", config, "--name", "x", *into, *which, "--out", str(out)]) == 0
    assert load(out).workloads[0].model == "custom/x"
