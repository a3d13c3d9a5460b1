"""From rows to hours, and from hours to the typical week."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from core.interchange.errors import DocumentError
from core.interchange.traffic.clock import HOUR_S, HOUR_US, hour_of_week, hours_lasted_s
from core.notation import local
from core.words import _

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LONGEST_SILENCE_H = 96
"""A log without a request for longer than a long weekend is taken to have a gap, not no load."""
LEAST_OF_AN_HOUR = 0.5
"""Hours seen for a smaller share (the first and last of a log) say too little."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of the record, each once: which, requests in it, seconds of it that were seen."""

    hour: Ints
    """Whole hours since 1970 on the wall."""
    requests: Floats
    seen_s: Floats
    missing: int
    """Hours between the first and the last of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Week:
    """The typical week."""

    requests_per_s: Floats
    """Shape (168,), Monday 00:00 first."""
    known: Bools
    """Where the record has that hour at all; the others were filled."""


def hours_of_log(wall: Ints, zone: ZoneInfo | None) -> Hours:
    """Hours of a request log, sorted: those without a request count as idle, long gaps do not."""
    first, last = int(wall.min()), int(wall.max())
    start = first // HOUR_US
    every = np.arange(start, last // HOUR_US + 1)
    requests = np.bincount(wall // HOUR_US - start, minlength=len(every)).astype(np.float64)
    seen = hours_lasted_s(every, zone)
    seen[0] -= first % HOUR_US / 1e6
    seen[-1] -= HOUR_S - last % HOUR_US / 1e6
    silent = _runs_of_silence(requests == 0)
    keep = (seen >= LEAST_OF_AN_HOUR * HOUR_S) & ~silent
    return Hours(every[keep], requests[keep], seen[keep], int(silent.sum()))


def _runs_of_silence(idle: Bools) -> Bools:
    """Hours that belong to a silence too long to be one."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], idle.astype(np.int8), [0]))))
    found = np.zeros(len(idle), dtype=bool)
    for start, end in edges.reshape(-1, 2).tolist():
        found[start:end] = end - start > LONGEST_SILENCE_H
    return found


def hours_of_counts(wall: Ints, counts: Floats, zone: ZoneInfo | None, file: str) -> Hours:
    """Hours of counted steps; hours without a row are unknown. Raises DocumentError."""
    step_s = _step_s(wall, file)
    hours, place = np.unique(wall // HOUR_US, return_inverse=True)
    requests = np.bincount(place, weights=counts)
    # Rows of one time stamp (a row per region) are parts of one step.
    stamps = np.unique(wall)
    steps = np.bincount(np.searchsorted(hours, stamps // HOUR_US), minlength=len(hours))
    lasted = hours_lasted_s(hours, zone)
    seen = np.minimum(steps * step_s, HOUR_S) / HOUR_S * lasted
    keep = seen >= LEAST_OF_AN_HOUR * HOUR_S
    span = np.arange(int(hours[0]), int(hours[-1]) + 1)
    possible = int((hours_lasted_s(span, zone) > 0).sum())
    return Hours(hours[keep], requests[keep], seen[keep], possible - len(hours))


def _step_s(wall: Ints, file: str) -> float:
    """Seconds from one count to the next: the commonest difference."""
    gaps = np.diff(np.unique(wall))
    if len(gaps) == 0:
        raise DocumentError(_("has counts of one time only; at least one day is needed"), file=file)
    values, times = np.unique(gaps, return_counts=True)
    step = float(values[int(np.argmax(times))]) / 1e6
    if step > HOUR_S or HOUR_S % step:
        raise DocumentError(
            _(
                "has a count every {step} seconds; counts per hour, or per shorter step "
                "that divides the hour, are needed"
            ).format(step=local(f"{step:,.6g}")),
            file=file,
        )
    return step


def week_of(hours: Hours, file: str) -> Week:
    """The mean of every hour of the week, weighted by the time it was seen.

    An hour of the week that was never seen takes the mean of the same hour of the day, on days of
    its kind (working days, weekend) if there are any. Raises DocumentError where the record has
    not even one hour of each of the 24.
    """
    place = hour_of_week(hours.hour)
    requests = np.bincount(place, weights=hours.requests, minlength=168).reshape(7, 24)
    seen = np.bincount(place, weights=hours.seen_s, minlength=168).reshape(7, 24)
    unseen = np.flatnonzero(seen.sum(axis=0) == 0)
    if len(unseen):
        covered = float(hours.seen_s.sum()) / HOUR_S
        raise DocumentError(
            _(
                "covers {covered} hours, none of them at {clock}; at least one whole day "
                "is needed to know the course of the day"
            ).format(covered=local(f"{covered:,.0f}"), clock=_clock(unseen)),
            file=file,
        )
    every_day = requests.sum(axis=0) / seen.sum(axis=0)
    week = np.empty((7, 24))
    for days in (slice(0, 5), slice(5, 7)):
        of_kind = seen[days].sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            usual = np.where(of_kind > 0, requests[days].sum(axis=0) / of_kind, every_day)
            week[days] = np.where(seen[days] > 0, requests[days] / seen[days], usual)
    rates = week.reshape(168)
    if not rates.sum() > 0:
        raise DocumentError(_("has no requests at all"), file=file)
    return Week(rates, seen.reshape(168) > 0)


def _clock(hours: Ints) -> str:
    shown = ", ".join(f"{hour:02d}:00" for hour in hours[:3].tolist())
    return shown + (f" and {len(hours) - 3} more" if len(hours) > 3 else "")
