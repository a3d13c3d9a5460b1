"""``calibrate``: what it prints, writes and refuses; ``validate`` with what it wrote."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from core.cli import main
from core.performance.measurement_format import COLUMNS, Row
from tests.core.performance import own_site as site


def measurement_file(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(row.cells | {"value": row.value} for row in rows)
    return path


@pytest.fixture
def slow_site(tmp_path: Path) -> Path:
    rows = site.measured(site.own(decode=0.75, overhead=1.6))
    return measurement_file(tmp_path / "own.csv", rows)


def tpot_error(file: Path, folder: Path, *more: str) -> float:
    out = folder / "summary.json"
    assert main(["validate", str(file), "--json", str(out), "--quiet", *more]) == 0
    found: float = json.loads(out.read_text("utf-8"))["families"]["tpot"]["median_ape"]
    return found


def test_a_refit_is_written_told_and_used(
    slow_site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with slow_site.open("a", encoding="utf-8") as stream:
        stream.write("broken,line\n")
    out = tmp_path / "site.json"
    when = ("--as-of", "2026-11-24", "--quiet")
    assert main(["calibrate", str(slow_site), "--out", str(out), *when]) == 0
    printed, err = capsys.readouterr()
    assert err == ""
    for words in ("before", "after", "left out", "vLLM on Hopper", "line 50", str(out)):
        assert words in printed
    stored = json.loads(out.read_text("utf-8"))
    assert (stored["file"], stored["date"], stored["values"]) == ("own.csv", "2026-11-24", 48)
    first = out.read_bytes()
    assert main(["calibrate", str(slow_site), "--out", str(out), *when]) == 0
    assert out.read_bytes() == first

    shipped = tpot_error(slow_site, tmp_path)
    own = tpot_error(slow_site, tmp_path, "--parameters", str(out))
    errors = {e["family"]: e for e in stored["errors"]}
    assert shipped == pytest.approx(errors["tpot"]["before"], abs=1e-3)
    assert own == pytest.approx(errors["tpot"]["after"], abs=1e-3)
    assert own < shipped / 2


def test_a_refit_that_does_not_help_is_told_and_not_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = measurement_file(tmp_path / "own.csv", site.measured(site.own()))
    out = tmp_path / "site.json"
    assert main(["calibrate", str(file), "--out", str(out), "--quiet"]) == 2
    printed, err = capsys.readouterr()
    assert "left out" in printed
    assert "nothing was written" in err
    assert not out.exists()


def test_too_few_measurements_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = site.measured(site.own(decode=0.5), site.MODELS[:1], ("1", "8"))
    file = measurement_file(tmp_path / "own.csv", rows)
    out = tmp_path / "site.json"
    assert main(["calibrate", str(file), "--out", str(out)]) == 2
    err = capsys.readouterr().err
    assert "6 values can be used" in err
    assert "at least 8" in err
    assert not out.exists()


@pytest.mark.parametrize("command", ["calibrate", "validate"])
def test_what_is_no_measurement_file_is_refused(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    more = ["--out", str(tmp_path / "site.json")] if command == "calibrate" else []
    assert main([command, str(file), *more]) == 2
    assert "lacks the columns" in capsys.readouterr().err
    assert main(["calibrate", str(file), "--out", str(file)]) == 2
    assert "the input too" in capsys.readouterr().err


def test_a_file_that_is_no_parameters_is_refused(
    slow_site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", str(slow_site), "--parameters", str(slow_site)]) == 2
    assert "is not JSON" in capsys.readouterr().err
