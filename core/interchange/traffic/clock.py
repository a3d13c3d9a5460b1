"""Hours on the wall: local time, and how long each hour really lasted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from core.interchange.errors import DocumentError, shown
from core.interchange.traffic.times import Times
from core.words import _

if TYPE_CHECKING:
    import pandas

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
HOUR_US = 3_600_000_000
HOUR_S = 3600.0


def zone_of(name: str, file: str) -> ZoneInfo | None:
    """The time zone of an IANA name, ``None`` for none given. Raises DocumentError."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise DocumentError(
            _(
                "must be an IANA time zone such as Europe/Berlin, America/New_York or UTC; got "
                "{shown}"
            ).format(shown=shown(name)),
            file=file,
            path="time zone",
        ) from error


def wall_clock(times: Times, zone: ZoneInfo | None) -> Ints:
    """Microseconds of the local clock, shape (rows,)."""
    if not times.absolute or zone is None:
        return times.microseconds
    instants = _index(times.microseconds).tz_localize("UTC").tz_convert(zone)
    return np.array(instants.tz_localize(None), dtype="datetime64[us]").astype(np.int64)


def hours_lasted_s(hours: Ints, zone: ZoneInfo | None) -> Floats:
    """Real seconds of each local hour, shape (n,).

    Twice as many where the clock goes back over it, none where it jumps ahead. ``hours`` are whole
    hours since 1970 on the wall.
    """
    lasted = np.full(len(hours), HOUR_S)
    if zone is None:
        return lasted
    import pandas

    wall = _index(hours * HOUR_US)
    first = wall.tz_localize(zone, ambiguous=np.ones(len(hours), dtype=bool), nonexistent="NaT")
    second = wall.tz_localize(zone, ambiguous=np.zeros(len(hours), dtype=bool), nonexistent="NaT")
    lasted[np.array(pandas.isna(first))] = 0.0
    extra = np.array((second - first) / timedelta(seconds=1), dtype=np.float64)
    return np.asarray(lasted + np.nan_to_num(extra))


def hour_of_week(hours: Ints) -> Ints:
    """0 for Monday 00:00 to 167 for Sunday 23:00, of whole hours since 1970 on the wall."""
    return np.asarray((hours + 3 * 24) % 168)  # 1970-01-01 was a Thursday


def _index(microseconds: Ints) -> pandas.DatetimeIndex:
    import pandas

    return pandas.DatetimeIndex(microseconds.astype("datetime64[us]"))
