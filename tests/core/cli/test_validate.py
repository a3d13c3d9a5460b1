"""``validate``: predictions beside measurements, and files that are none."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.cli import main

HEADER = (
    "point_id,source_id,version_date,model,weight_precision,kv_precision,accelerator,n_accel,tp,"
    "pp,ep,dp,engine,isl,osl,concurrency,scenario,spec_decode,metric,value,tier,notes"
)
RUN = (
    "meta-llama/Llama-3.3-70B-Instruct,fp8,fp8,H100-SXM-80GB,4,4,1,1,1,vllm,1000,1000,16,"
    "closed_loop,off"
)

UNKNOWN = RUN.replace("meta-llama/Llama-3.3", "no-one/Nothing-9")


def measurements(folder: Path, *rows: str) -> Path:
    path = folder / "measured.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return path


def test_every_row_gets_a_prediction_or_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = measurements(
        tmp_path,
        f"p1,s,2026-01-01,{RUN},tpot_ms_mean,20,1,",
        f"p1,s,2026-01-01,{RUN},ttft_ms_mean,200,1,",
        f"p2,s,2026-01-01,{UNKNOWN},tpot_ms_mean,20,1,",
    )
    out, summary = tmp_path / "p.csv", tmp_path / "s.json"
    arguments = ["--predictions", str(out), "--json", str(summary), "--quiet"]
    assert main(["validate", str(path), *arguments]) == 0
    printed, err = capsys.readouterr()
    assert err == ""
    assert "time per output token" in printed
    assert "1 rows without an answer" in printed
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["point_id"] for row in rows] == ["p1", "p1", "p2"]
    for row in rows[:2]:
        assert float(row["low"]) <= float(row["predicted"]) <= float(row["high"])
        # One byte per weight over four times 3.35 TB/s: 5.3 ms a step at the very least.
        assert float(row["predicted"]) > 70.55 / (4 * 3.35)
        assert row["reason"] == ""
    assert (rows[2]["predicted"], bool(rows[2]["reason"])) == ("", True)
    assert json.loads(summary.read_text(encoding="utf-8"))["answered"] == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"a,b\n1,2\n", "lacks the columns"), (b"", "lacks the columns"), (b"\xff\xfe\x00", "UTF-8")],
)
def test_what_is_no_measurement_file_is_refused(
    data: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(data)
    out = tmp_path / "p.csv"
    assert main(["validate", str(path), "--predictions", str(out)]) == 2
    err = capsys.readouterr().err
    assert str(path) in err
    assert words in err
    assert not out.exists()


def test_outputs_are_checked_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = measurements(tmp_path)
    assert main(["validate", str(tmp_path / "none.csv")]) == 2
    assert "no such file" in capsys.readouterr().err
    assert main(["validate", str(path), "--json", str(path)]) == 2
    assert "the input too" in capsys.readouterr().err
    assert main(["validate", str(path), "--json", str(tmp_path / "no" / "s.json")]) == 2
    assert "folder does not exist" in capsys.readouterr().err


def test_a_packed_file_is_read_like_a_plain_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = measurements(tmp_path, f"p1,s,2026-01-01,{RUN},tpot_ms_mean,20,1,")
    assert main(["validate", str(path), "--quiet"]) == 0
    plain = capsys.readouterr().out
    packed = tmp_path / "measured.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert main(["validate", str(packed), "--quiet"]) == 0
    assert capsys.readouterr().out == plain


@pytest.mark.parametrize("damage", [lambda b: b[:-20], lambda b: b[:10] + b"\xff" * 40])
def test_a_damaged_packed_file_is_refused(
    damage: Callable[[bytes], bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "measured.csv.gz"
    path.write_bytes(damage(gzip.compress((HEADER + "\n").encode() * 9)))
    assert main(["validate", str(path), "--quiet"]) == 2
    assert "not a whole gzip file" in capsys.readouterr().err


def test_a_packed_file_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.cli.validate.MAX_BYTES", 2**20)
    path = tmp_path / "measured.csv.gz"
    path.write_bytes(gzip.compress(b"x" * (2**20 + 1)))
    assert main(["validate", str(path), "--quiet"]) == 2
    assert "more than 1 MB" in capsys.readouterr().err
