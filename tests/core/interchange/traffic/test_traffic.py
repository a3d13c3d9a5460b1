"""Traffic files: what is known of the demand that made them comes out again."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from core.assessment import Assessment, Workload, problems
from core.catalog.load import load_catalog
from core.interchange.traffic import TrafficProfile, traffic_from_csv, with_traffic
from core.venues.demand import demands_of

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
"""A Monday without a change of the clock for months."""


def counts(values: list[float], start: datetime = MONDAY, step_s: float = 3600.0) -> str:
    rows = [
        f"{(start + timedelta(seconds=n * step_s)).strftime('%Y-%m-%dT%H:%M:%SZ')},{value:g}"
        for n, value in enumerate(values)
    ]
    return "\n".join(["timestamp,count", *rows])


def log(stamps_s: np.ndarray, inputs: np.ndarray, outputs: np.ndarray) -> str:
    rows = [f"{t:.6f},{i},{o}" for t, i, o in zip(stamps_s, inputs, outputs, strict=True)]
    return "\n".join(["timestamp,input_tokens,output_tokens", *rows])


def a_week() -> list[float]:
    """Busy in office hours, quieter on weekends; every hour of the week differs."""
    return [10.0 + hour + 100.0 * (8 <= hour % 24 < 18) * (hour < 120) for hour in range(168)]


# ------------------------------------------------------------------------- the week


def test_counts_of_whole_weeks_give_their_week_back() -> None:
    week = a_week()
    found = traffic_from_csv(counts(week * 3))
    assert found.kind == "counts"
    assert np.array(found.weights) == pytest.approx(np.array(week) / np.mean(week))
    assert np.mean(found.weights) == pytest.approx(1.0)
    assert found.peak_requests_per_s == pytest.approx(max(week) / 3600)
    assert found.mean_requests_per_s == pytest.approx(np.mean(week) / 3600)
    assert found.requests == sum(week) * 3
    assert (found.hours_seen, found.hours_missing, found.hours_of_week_seen) == (504, 0, 168)
    assert found.arrival_cv is None
    assert found.input_tokens is None


def test_a_start_in_the_middle_of_the_week_shifts_nothing() -> None:
    week = a_week()
    thursday = 3 * 24 + 5
    found = traffic_from_csv(
        counts((week * 3)[thursday:], start=MONDAY + timedelta(hours=thursday))
    )
    assert np.array(found.weights) == pytest.approx(np.array(week) / np.mean(week))


@pytest.mark.parametrize("step_s", [60.0, 900.0, 1800.0])
def test_finer_steps_add_up_to_hours(step_s: float) -> None:
    week, parts = a_week(), int(3600 / step_s)
    fine = [value for value in week for _ in range(parts)]
    found = traffic_from_csv(counts(fine, step_s=step_s))
    assert found.peak_requests_per_s == pytest.approx(max(week) * parts / 3600)
    assert np.array(found.weights) == pytest.approx(np.array(week) / np.mean(week))


def test_rows_of_the_same_hour_are_parts_of_it() -> None:
    one = counts(a_week()).splitlines()
    found = traffic_from_csv("\n".join([one[0], *one[1:], *one[1:]]))
    assert found.peak_requests_per_s == pytest.approx(2 * max(a_week()) / 3600)


def test_missing_hours_are_unknown_and_not_idle() -> None:
    lines = counts([60.0] * 24 * 21).splitlines()
    kept = [line for n, line in enumerate(lines) if n % 5 != 2]
    found = traffic_from_csv("\n".join(kept))
    assert found.weights == pytest.approx([1.0] * 168)
    assert found.hours_missing == len(lines) - len(kept)
    assert any("missing and do not count as idle" in note for note in found.notes)


def test_working_days_alone_stand_for_the_weekend_and_say_so() -> None:
    days = a_week()[:120]
    found = traffic_from_csv(counts(days))
    by_day = np.array(found.weights).reshape(7, 24)
    typical = np.array(days).reshape(5, 24).mean(axis=0)
    assert by_day[5] / by_day[0, 0] == pytest.approx(typical / days[0])
    assert any("No weekend" in note for note in found.notes)


def test_a_busier_single_hour_is_told() -> None:
    week = [60.0] * 168 * 4
    week[30] = 600.0
    found = traffic_from_csv(counts(week))
    assert found.busiest_hour_requests_per_s == pytest.approx(600 / 3600)
    assert found.peak_requests_per_s == pytest.approx((600 + 3 * 60) / 4 / 3600)
    assert any("208 %" in note for note in found.notes)  # 600 over 195, less one


# --------------------------------------------------------------------- time and zones


def test_a_level_load_stays_level_where_the_clock_changes() -> None:
    """Six weeks around the end (and the start) of summer time, counted per hour in UTC."""
    for start in (datetime(2026, 10, 5, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)):
        found = traffic_from_csv(counts([3600.0] * 24 * 42, start=start), time_zone="Europe/Berlin")
        assert found.weights == pytest.approx([1.0] * 168)
        assert found.hours_missing == 0
        assert found.peak_requests_per_s == pytest.approx(1.0)


def test_wall_clock_counts_of_a_named_zone_know_the_hours_that_do_not_exist() -> None:
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 23, tzinfo=UTC)
    rows = [
        (start + timedelta(hours=n)).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S,3600")
        for n in range(24 * 14)
    ]
    found = traffic_from_csv("\n".join(["time,requests", *rows]), time_zone="Europe/Berlin")
    assert found.weights == pytest.approx([1.0] * 168)
    assert found.hours_missing == 0


def test_the_zone_moves_the_hours_to_where_the_users_are() -> None:
    week = [1.0] * 168
    week[15] = 100.0  # Monday 15:00 UTC is Tuesday 00:00 in Tokyo
    found = traffic_from_csv(counts(week * 2), time_zone="Asia/Tokyo")
    assert int(np.argmax(found.weights)) == 24
    half = traffic_from_csv(counts(week * 2), time_zone="Asia/Kolkata")  # +5:30
    assert int(np.argmax(half.weights)) == 20


def test_a_log_across_the_end_of_summer_time() -> None:
    """One request every 10 s: the doubled hour has 720, which is no higher rate."""
    start = datetime(2026, 10, 19, tzinfo=UTC).timestamp()
    stamps = start + np.arange(14 * 8640) * 10.0
    found = traffic_from_csv(
        log(stamps, np.full(len(stamps), 5), np.full(len(stamps), 5)), time_zone="Europe/Berlin"
    )
    assert found.weights == pytest.approx([1.0] * 168, rel=0.002)
    assert found.peak_requests_per_s == pytest.approx(0.1, rel=0.002)


# ------------------------------------------------------------------------ request logs


def gamma_log(cv: float, per_s: float, seconds: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    shape = 1 / cv**2
    gaps = rng.gamma(shape, 1 / (per_s * shape), size=int(per_s * seconds * 1.5) + 1000)
    stamps = np.cumsum(gaps)
    return MONDAY.timestamp() + stamps[stamps < seconds]


@pytest.mark.parametrize(("cv", "within"), [(1.0, 0.02), (3.0, 0.1), (0.5, 0.01)])
def test_burstiness_of_a_gamma_process_is_found(cv: float, within: float) -> None:
    stamps = gamma_log(cv, 0.5, 2 * 86400, seed=7)
    ones = np.ones(len(stamps), dtype=int)
    found = traffic_from_csv(log(stamps, ones, ones))
    assert found.kind == "request log"
    assert found.arrival_cv == pytest.approx(cv, abs=within)


def test_the_course_of_the_day_is_not_burstiness() -> None:
    rng = np.random.default_rng(3)
    start = MONDAY.timestamp()
    stamps = [
        start
        + hour * 3600
        + np.sort(rng.uniform(0, 3600, rng.poisson(20 + 780 * (hour % 24 > 11))))
        for hour in range(96)
    ]
    joined = np.concatenate(stamps)
    ones = np.ones(len(joined), dtype=int)
    found = traffic_from_csv(log(joined, ones, ones))
    assert found.arrival_cv == pytest.approx(1.0, abs=0.03)
    gaps = np.diff(joined)
    assert gaps.std() / gaps.mean() > 2  # what the whole log, taken as one, would say


def test_tokens_are_those_of_the_log() -> None:
    stamps = gamma_log(1.0, 0.2, 86400 * 1.1, seed=5)
    rng = np.random.default_rng(11)
    inputs = rng.integers(10, 4000, len(stamps))
    outputs = rng.integers(1, 900, len(stamps))
    found = traffic_from_csv(log(stamps, inputs, outputs))
    assert found.input_tokens is not None
    assert found.output_tokens is not None
    assert found.input_tokens.mean == pytest.approx(inputs.mean())
    assert found.output_tokens.p95 == pytest.approx(np.percentile(outputs, 95))
    assert found.output_tokens.cv == pytest.approx(outputs.std() / outputs.mean())


def test_whole_seconds_are_too_coarse_for_four_requests_a_second() -> None:
    stamps = np.floor(gamma_log(1.0, 4.0, 86400 * 1.05, seed=2))
    ones = np.ones(len(stamps), dtype=int)
    found = traffic_from_csv(log(stamps, ones, ones))
    assert found.arrival_cv is None
    assert any("too coarse" in note for note in found.notes)


def test_a_quiet_weekend_is_idle_but_a_lost_fortnight_is_not() -> None:
    def office(day: int) -> np.ndarray:
        return MONDAY.timestamp() + day * 86400 + 8 * 3600 + np.arange(3600) * 10.0

    two_weeks = [office(day) for day in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
    ends = [MONDAY.timestamp() + np.array([0.0]), MONDAY.timestamp() + np.array([14 * 86400 - 1])]
    stamps = np.sort(np.concatenate([*two_weeks, *ends]))
    ones = np.ones(len(stamps), dtype=int)
    found = traffic_from_csv(log(stamps, ones, ones))
    days = np.array(found.weights).reshape(7, 24)
    assert days[5].sum() == 0.0
    assert found.peak_requests_per_s == pytest.approx(0.1)
    assert found.hours_missing == 0

    later = np.concatenate([stamps, stamps + 28 * 86400])
    again = traffic_from_csv(log(later, np.ones(len(later)), np.ones(len(later))))
    assert again.hours_missing > 10 * 24
    assert again.peak_requests_per_s == pytest.approx(0.1)


def test_order_does_not_matter() -> None:
    stamps = gamma_log(2.0, 0.3, 86400 * 1.2, seed=9)
    ones = np.ones(len(stamps), dtype=int)
    mixed = np.random.default_rng(1).permutation(stamps)
    assert traffic_from_csv(log(mixed, ones, ones)) == traffic_from_csv(log(stamps, ones, ones))


# ------------------------------------------------------------------------- in the form


def test_the_profile_becomes_inputs_that_can_be_assessed() -> None:
    stamps = gamma_log(2.0, 0.4, 86400 * 3, seed=4)
    rng = np.random.default_rng(12)
    text = log(stamps, rng.integers(50, 2000, len(stamps)), rng.integers(10, 400, len(stamps)))
    found = traffic_from_csv(text)
    before = Assessment(workloads=(Workload(), Workload(name="other")))
    after = with_traffic(before, 1, found)
    assert after.workloads[0] == before.workloads[0]
    assert problems(after) == []
    catalog = load_catalog()
    demand = demands_of(after, catalog.models, catalog.traffic_shapes)[1]
    # what is noted of an imported figure has four digits
    assert demand.asked_hours.max() == pytest.approx(found.peak_requests_per_s, rel=5e-4)
    assert demand.asked_hours.mean() == pytest.approx(found.mean_requests_per_s, rel=5e-4)


def test_counts_leave_tokens_and_burstiness_as_they_were() -> None:
    found = traffic_from_csv(counts(a_week()))
    before = Workload(input_tokens_mean=777.0, input_tokens_p95=999.0, arrival_cv=2.5)
    after = with_traffic(Assessment(workloads=(before,)), 0, found).workloads[0]
    assert (after.input_tokens_mean, after.input_tokens_p95, after.arrival_cv) == (
        777.0,
        999.0,
        2.5,
    )
    assert after.traffic_entry == "requests"


@pytest.mark.full
def test_a_million_lines_take_seconds() -> None:
    stamps = gamma_log(1.0, 1.0, 1_000_000, seed=1)[:1_000_000]
    text = log(stamps, np.full(len(stamps), 700), np.full(len(stamps), 100))
    started = time.process_time()
    found: TrafficProfile = traffic_from_csv(text, time_zone="Europe/Berlin")
    assert time.process_time() - started < 10.0
    assert found.requests == len(stamps)
