"""What a traffic file says about demand: the typical week, tokens, burstiness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from core.interchange.errors import DocumentError
from core.interchange.traffic.clock import HOUR_S, HOUR_US, wall_clock, zone_of
from core.interchange.traffic.table import Skipped, TrafficTable
from core.interchange.traffic.week import Hours, Week, hours_of_counts, hours_of_log, week_of
from core.notation import local
from core.words import _

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
LEAST_GAPS = 30
"""Requests an hour must have before its burstiness is measured."""
COARSEST = 0.2
"""Step of the clock over the mean gap beyond which gaps cannot be measured."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens per request: mean, 95th percentile and coefficient of variation."""

    mean: float
    p95: float
    cv: float


@dataclass(frozen=True, slots=True)
class TrafficProfile:
    """Demand as a file shows it. ``None`` means that the file does not tell."""

    kind: str
    """``counts`` or ``request log``."""
    requests: float
    first: str
    """Local time of the first row, ISO 8601."""
    last: str
    time_zone: str
    hours_seen: float
    hours_missing: int
    weights: tuple[float, ...]
    """168 hourly weights with mean 1, Monday 00:00 first."""
    hours_of_week_seen: int
    """How many of the 168 the file has; the others were filled from the same hour of the day."""
    mean_requests_per_s: float
    """Over the typical week."""
    peak_requests_per_s: float
    """In the busiest hour of the typical week."""
    busiest_hour_requests_per_s: float
    """In the busiest hour of the record."""
    arrival_cv: float | None
    """Coefficient of variation of the time between requests within an hour."""
    input_tokens: Tokens | None
    output_tokens: Tokens | None
    skipped: tuple[Skipped, ...]
    skipped_lines: int
    notes: tuple[str, ...]


def profile_of(table: TrafficTable, time_zone: str, file: str) -> TrafficProfile:
    """The profile of a table's rows. Raises DocumentError."""
    zone = zone_of(time_zone, file)
    wall = wall_clock(table.times, zone)
    if table.counts is None:
        order = np.argsort(wall, kind="stable")
        hours = hours_of_log(wall[order], zone)
    else:
        hours = hours_of_counts(wall, table.counts, zone, file)
    seen_h = float(hours.seen_s.sum()) / HOUR_S
    if seen_h < 23.0:
        raise DocumentError(
            _(
                "covers {seen_h} hours; at least one whole day is needed to know the "
                "course of the day"
            ).format(seen_h=local(f"{seen_h:,.1f}")),
            file=file,
        )
    week = week_of(hours, file)
    mean = float(week.requests_per_s.mean())
    cv = _arrival_cv(np.sort(table.times.microseconds)) if table.counts is None else None
    log = table.counts is None
    return TrafficProfile(
        kind="request log" if log else "counts",
        requests=float(len(wall) if table.counts is None else table.counts.sum()),
        first=_iso(int(wall.min())),
        last=_iso(int(wall.max())),
        time_zone=time_zone or ("UTC" if table.times.absolute else ""),
        hours_seen=seen_h,
        hours_missing=hours.missing,
        weights=tuple((week.requests_per_s / mean).tolist()),
        hours_of_week_seen=int(week.known.sum()),
        mean_requests_per_s=mean,
        peak_requests_per_s=float(week.requests_per_s.max()),
        busiest_hour_requests_per_s=float((hours.requests / hours.seen_s).max()),
        arrival_cv=cv,
        input_tokens=_tokens(table.input_tokens),
        output_tokens=_tokens(table.output_tokens),
        skipped=table.skipped,
        skipped_lines=table.skipped_lines,
        notes=tuple(_notes(table, hours, week, time_zone, cv)),
    )


def _iso(microseconds: int) -> str:
    moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
    return moment.replace(tzinfo=None, microsecond=0).isoformat()


def _tokens(values: Floats | None) -> Tokens | None:
    if values is None or not values.mean() > 0:
        return None
    mean = float(values.mean())
    return Tokens(mean, float(np.quantile(values, 0.95)), float(values.std()) / mean)


def _arrival_cv(times: Ints) -> float | None:
    """Root of the mean squared coefficient of variation of the gaps, hours weighted by gaps.

    Within an hour, so that the course of the day does not count as burstiness. ``None`` where
    the clock of the log is too coarse, or no hour has enough requests.
    """
    hour = times // HOUR_US
    inside = hour[1:] == hour[:-1]
    gaps_us, place = np.diff(times)[inside], (hour[1:] - hour[:1])[inside]
    if len(gaps_us) == 0:
        return None
    gaps = gaps_us / 1e6
    count = np.bincount(place)
    total = np.bincount(place, weights=gaps)
    squares = np.bincount(place, weights=gaps**2)
    enough = (count >= LEAST_GAPS) & (total > 0)
    if not enough.any():
        return None
    count, mean = count[enough], total[enough] / count[enough]
    clock_step_s = float(np.gcd.reduce(gaps_us)) / 1e6
    if clock_step_s > COARSEST * float(np.average(mean, weights=count)):
        return None
    # Unbiased variance: a few dozen gaps would else look calmer than they are.
    variance = (squares[enough] - count * mean**2) / (count - 1)
    return float(np.sqrt(np.average(variance / mean**2, weights=count)))


def _notes(
    table: TrafficTable, hours: Hours, week: Week, time_zone: str, cv: float | None
) -> list[str]:
    found = []
    if not time_zone:
        found.append(
            _("Hours are those of UTC; give the users' time zone if it is another.")
            if table.times.absolute
            else _("The file names no time zone: hours are taken as the users' own.")
        )
    known = week.known.reshape(7, 24)
    if not known[5:].any():
        found.append(_("No weekend in the file: it is assumed to be like working days."))
    elif not known[:5].any():
        found.append(_("No working day in the file: they are assumed to be like the weekend."))
    elif not week.known.all():
        found.append(
            _(
                "{n} hours of the week are not in the file: they take the mean of the same hour "
                "on other days."
            ).format(n=168 - int(week.known.sum()))
        )
    if hours.missing:
        found.append(
            _("{n} hours are missing and do not count as idle.").format(
                n=local(f"{hours.missing:,}")
            )
        )
    peak = float(week.requests_per_s.max())
    busiest = float((hours.requests / hours.seen_s).max())
    if busiest > 1.1 * peak:
        found.append(
            _(
                "The busiest single hour had {share} % more requests than the busiest hour of the "
                "typical week."
            ).format(share=local(f"{100 * (busiest / peak - 1):,.0f}"))
        )
    if table.counts is None and cv is None:
        found.append(
            _(
                "Burstiness cannot be measured: too few requests in an hour, or time stamps too "
                "coarse."
            )
        )
    if table.counts is not None:
        found.append(
            _("Counts tell nothing of tokens and burstiness: those inputs stay as they are.")
        )
    else:
        found.append(
            _("How much of the prompts repeats (prefix cache) is not in a log of lengths.")
        )
    return found
