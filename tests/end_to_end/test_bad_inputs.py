"""Inputs at the edge of sense through the command line: a clear answer, and clean files."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import pytest

from core.assessment import Assessment, with_value
from core.cli import main
from core.interchange.document import save

AS_OF = ("--as-of", "2026-11-24", "--quiet")
OWN = {"site.venues": ("on_premises",)}
"""Only own servers: little to compute."""


def saved(folder: Path, values: dict[str, Any]) -> str:
    assessment = Assessment()
    for path, value in values.items():
        assessment = with_value(assessment, path, value)
    target = folder / "case.json"
    save(assessment, target)
    return str(target)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"site.venues": ()}, "site.venues (Venues to consider): must name at least one venue"),
        ({"workloads[0].users": 0}, "workloads[0].users (Named users): must be from 1 to"),
        (
            {
                "workloads[0].traffic_entry": "requests",
                "workloads[0].peak_requests_per_s": 0.0,
            },
            "workloads[0].peak_requests_per_s",
        ),
        ({"economics.horizon_years": 0}, "economics.horizon_years"),
        ({"economics.discount_rate": 1.01}, "economics.discount_rate"),
        ({"economics.electricity_price_kwh": -0.01}, "economics.electricity_price_kwh"),
        ({"workloads[0].custom_hours": (0.0,) * 168}, "not all zero"),
        (
            {"workloads[0].targets.e2e_ms": 100.0, "workloads[0].targets.ttft_ms": 500.0},
            "must be at least the time to first token (500 ms)",
        ),
        ({"priorities.weight_cost": -1}, "priorities.weight_cost"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    values: dict[str, Any], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = saved(tmp_path, values), tmp_path / "out.csv"
    assert main(["run", source, *AS_OF, "--csv", str(out)]) == 2
    captured = capsys.readouterr()
    assert said in captured.err and source in captured.err
    assert captured.err.count("\n") == 1 and captured.out == ""
    assert not out.exists()


EXTREME: list[tuple[dict[str, Any], int, str]] = [
    ({**OWN, "economics.electricity_price_kwh": 0.0}, 0, "Choose On-premises"),
    ({**OWN, "economics.horizon_years": 1}, 0, "over 1 year"),
    ({**OWN, "economics.discount_rate": 1.0}, 0, "Choose On-premises"),
    (
        {**OWN, "economics.capex_limit": 0.0, "economics.opex_limit_per_year": 0.0},
        3,
        "the nearest is On-premises",
    ),
    ({"site.air_gapped": True, "site.venues": ("token_api",)}, 3, "Air gap"),
    ({**OWN, "site.total_power_kw": 0.01}, 3, "Total power"),
]


@pytest.mark.parametrize(("values", "code", "said"), EXTREME)
def test_what_is_only_extreme_gets_an_answer_and_a_finite_table(
    values: dict[str, Any],
    code: int,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source, table = saved(tmp_path, values), tmp_path / "o.csv"
    assert main(["run", source, *AS_OF, "--csv", str(table)]) == code
    assert said in " ".join(capsys.readouterr().out.split())
    with table.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            for cell in row:
                try:
                    number = float(cell)
                except ValueError:
                    continue
                assert math.isfinite(number), row


@pytest.mark.full
@pytest.mark.parametrize(("values", "code", "said"), EXTREME)
def test_the_whole_analysis_of_what_is_extreme_is_finite(
    values: dict[str, Any], code: int, said: str, tmp_path: Path
) -> None:
    def refuse(text: str) -> float:
        raise AssertionError(f"{text} in the results")

    whole = tmp_path / "o.json"
    assert main(["run", saved(tmp_path, values), *AS_OF, "--json", str(whole)]) == code
    assert json.loads(whole.read_text(encoding="utf-8"), parse_constant=refuse)
