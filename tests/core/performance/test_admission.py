"""Closed loops whose first tokens measure a wait for a place, by Little's law on made-up runs."""

from __future__ import annotations

import pytest

from core.catalog.load import load_catalog
from core.performance.admission import Admission, admission
from core.performance.measurement_format import Row
from core.performance.measurements import runs_of
from core.performance.published_runs import stack
from core.performance.targets import fit_set
from core.performance.validate import validate
from tests.core.performance.published_rows import LLAMA_70B, row_of

CATALOG = load_catalog()
TPOT_MS = 12.0


def rows(n: int, osl: int, isl: int, ttft_ms: float, tpot_ms: float = TPOT_MS) -> list[Row]:
    """The two latencies of one run."""
    point = f"{n}-{isl}-{osl}"
    cells = {"scenario": "closed_loop", "concurrency": str(n), "osl": str(osl), "isl": str(isl)}
    values = {"ttft_ms_mean": ttft_ms, "tpot_ms_mean": tpot_ms}
    return [row_of(LLAMA_70B | cells, metric, value, point) for metric, value in values.items()]


def campaign(waiting: float) -> list[Row]:
    """Eight requests inside of which so many wait for a place: each a share waiting / n of the
    time between two completions times n, that is waiting / n x the time of a request."""
    found = []
    for isl in (1000, 2000):
        for osl in (128, 256, 512):
            served = 0.1 * isl + TPOT_MS * osl
            # wait = waiting / n x (wait + served), solved for the wait
            wait = served * waiting / (8.0 - waiting)
            found += rows(8, osl, isl, 0.1 * isl + wait)
    return found


def told(found: list[Row]) -> Admission:
    return admission(found, runs_of(found, CATALOG)[0])


@pytest.mark.parametrize(("waiting", "seen"), [(0.0, False), (0.2, False), (1.0, True)])
def test_a_single_waiting_request_shows_where_longer_answers_come_later(
    waiting: float, seen: bool
) -> None:
    found = campaign(waiting)
    assert told(found).first_token == (frozenset(r.point_id for r in found) if seen else set())
    assert not told(found).every_latency


def test_one_output_length_alone_says_nothing() -> None:
    found = [r for r in campaign(1.0) if r.cells["osl"] == "512"]
    assert not told(found).first_token


def test_a_first_token_later_than_all_prompts_take_waited_for_a_place() -> None:
    """64 prompts of 1,000 tokens: 2 x 70e9 x 64,000 FLOP at a third of 4 x 1,979 TFLOP/s, 3.4 s."""
    assert not told(rows(64, 500, 1000, 4000.0)).first_token
    late = told(rows(64, 500, 1000, 5000.0))
    assert late.first_token and not late.every_latency  # 6 s of answer follow
    assert told(rows(64, 500, 1000, 7000.0)).every_latency


def test_a_rate_beyond_the_data_sheet_is_no_rate_of_this_load() -> None:
    """512 x 8,000 tokens read in 8 s would need 2 x 70e9 x 4.1e6 FLOP: 72 of 7.9 PFLOP/s."""
    assert told(rows(512, 500, 8000, 2000.0)).every_latency


def test_such_latencies_are_in_no_fit_and_stand_apart_in_the_tables() -> None:
    found = campaign(1.0)
    runs = runs_of(found, CATALOG)[0]
    data = fit_set(found, runs, stack(list(runs.values())))
    assert set(data.metric.tolist()) == {"tpot_ms_mean"}
    checked = validate(found, CATALOG).predictions
    assert [p.saturated for p in checked] == [p.metric.startswith("ttft") for p in checked]
