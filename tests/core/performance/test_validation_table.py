"""The check as text: families first, then the worst groups, then what was not used."""

from __future__ import annotations

from core.performance.measurement_format import Problem
from core.performance.validate import Validation
from core.performance.validation_table import text
from tests.core.performance.made_up import prediction


def test_families_come_first_and_the_worst_groups_after() -> None:
    good = [prediction("tpot_ms_mean", 10.0, 11.0, model="Good") for _ in range(6)]
    bad = [prediction("tpot_ms_mean", 10.0, 15.0, model="Bad") for _ in range(5)]
    rare = [prediction("tpot_ms_mean", 10.0, 90.0, model="Rare") for _ in range(4)]
    lines = text(Validation((*good, *bad, *rare), ())).splitlines()
    family = next(line for line in lines if "time per output token" in line)
    # Errors 0.1 (six), 0.5 (five) and 8 (four): median 0.5, mean 35.1 / 15 = 2.34.
    assert family.split()[4:] == ["15", "50.0", "%", "234.0", "%", "800.0", "%", "1.50", "40", "%"]
    places = [n for n, line in enumerate(lines) for name in ("Bad", "Good") if name in line]
    assert "Bad" in lines[places[0]] and "Good" in lines[places[1]]
    assert not any("Rare" in line for line in lines)


def test_metrics_of_a_family_are_told_apart_where_there_are_several() -> None:
    first = [prediction("ttft_ms_mean", 10.0, 11.0)] * 3 + [prediction("ttft_ms_p50", 10.0, 15.0)]
    lines = text(Validation((*first, prediction("req_s", 10.0, 11.0)), ())).splitlines()
    for metric, cells in (("ttft_ms_mean", ["3", "10.0"]), ("ttft_ms_p50", ["1", "50.0"])):
        (line,) = (line for line in lines if line.strip().startswith(metric))
        assert line.split()[1:3] == cells
    assert not any("req_s" in line for line in lines)  # the only one of its family


def test_an_absurd_value_keeps_the_columns() -> None:
    rows = [prediction("tpot_ms_mean", 10.0, 11.0), prediction("tpot_ms_mean", 1e-300, 11.0)]
    lines = text(Validation(tuple(rows), ())).splitlines()
    family = next(line for line in lines if "time per output token" in line)
    assert len(family) == len(lines[0])
    assert "> 9999 %" in family


def test_ttft_below_saturation_is_told_apart() -> None:
    rows = [
        prediction("ttft_ms_mean", 10.0, 11.0),
        prediction("ttft_ms_mean", 10.0, 1.0, saturated=True),
    ]
    shown = text(Validation(tuple(rows), ()))
    below = next(line for line in shown.splitlines() if "below saturation" in line)
    assert below.split()[2:5] == ["1", "10.0", "%"]


def test_unanswered_rows_and_skipped_lines_are_counted_with_reasons() -> None:
    rows = [prediction("req_s", 1.0, None, reason=f"reason {n % 12}") for n in range(30)]
    problems = [Problem(n, f"line {n}: broken; skipped") for n in range(2, 27)]
    shown = text(Validation(tuple(rows), tuple(problems)))
    assert "30 rows without an answer" in shown
    assert "  3 x reason 0" in shown
    assert "  4 for other reasons" in shown
    assert "line 21: broken" in shown and "line 22" not in shown
    assert "... and 5 more lines skipped" in shown


def test_nothing_to_tell_is_an_empty_table() -> None:
    assert text(Validation((), ())).count("\n") == 1
