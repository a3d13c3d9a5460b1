"""Time stamps of a traffic file: ISO 8601, days first with points, or Unix time."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.interchange.errors import shown
from core.words import N_, _

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

EARLIEST_S, LATEST_S = 946_684_800.0, 4_102_444_800.0
"""The years 2000 to 2099: what lies outside is no time of a request."""
_UNITS_PER_S = (1.0, 1e3, 1e6, 1e9)
_SAMPLE = 100
"""Rows by which Unix time is told from ISO 8601."""
_OFFSET = re.compile(r":.*(?:[zZ]|[+-]\d\d(?::?\d\d)?)$")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
"""Dates with points have the day first in every country that writes them so."""
_WRONG = N_(
    "the time stamp must be ISO 8601 (like 2026-03-31T14:00), 31.03.2026 14:00 or Unix time, "
    "between 2000 and 2099; got {value}"
)


@dataclass(frozen=True, slots=True)
class Times:
    """Microseconds since 1970: of the instant if ``absolute``, else of the clock on the wall."""

    microseconds: Ints
    absolute: bool

    def where(self, keep: Bools) -> Times:
        """Only the chosen rows."""
        return Times(self.microseconds[keep], self.absolute)


def parse_times(cells: list[str], bad: dict[int, str]) -> Times:
    """The time stamps of a column; rows without one are added to ``bad`` by their index.

    A file has one kind: instants or wall-clock times. Rows of the rarer kind are bad too.
    """
    import pandas

    sample = cells[:_SAMPLE]
    if sum(_is_number(cell) for cell in sample) * 2 > len(sample):
        return _unix(cells, bad)
    # A comma before a fraction of a second is as good as a point (ISO 8601).
    points = [c.replace(",", ".") for c in cells] if any("," in c for c in cells) else cells
    if any(_DAY_FIRST.match(c) for c in sample):
        points = [_DAY_FIRST.sub(_year_first, c, count=1) for c in points]
    offset = np.fromiter(
        (_OFFSET.search(cell) is not None for cell in points), dtype=bool, count=len(points)
    )
    text = pandas.Series(points, dtype="str")
    parsed = pandas.to_datetime(text, format="ISO8601", utc=True, errors="coerce")
    stamps = parsed.dt.tz_localize(None).fillna(pandas.Timestamp(0))
    micro = np.array(stamps, dtype="datetime64[us]").astype(np.int64)
    missing = (micro < EARLIEST_S * 1e6) | (micro > LATEST_S * 1e6)
    absolute = bool((offset & ~missing).sum() * 2 > (~missing).sum())
    for n in np.flatnonzero(missing).tolist():
        bad.setdefault(n, _(_WRONG).format(value=shown(cells[n])))
    other = (
        _("the time stamp has no offset, which the others have; got {value}")
        if absolute
        else _("the time stamp has an offset, unlike the others; got {value}")
    )
    for n in np.flatnonzero(~missing & (offset != absolute)).tolist():
        bad.setdefault(n, other.format(value=shown(cells[n])))
    return Times(micro, absolute)


def _year_first(found: re.Match[str]) -> str:
    day, month, year = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _unix(cells: list[str], bad: dict[int, str]) -> Times:
    """Seconds, milli-, micro- or nanoseconds, whichever puts most rows into this century."""
    import pandas

    numbers = pandas.to_numeric(pandas.Series(cells, dtype="str"), errors="coerce")
    values = np.array(numbers, dtype=np.float64)

    def inside(units: float) -> Bools:
        with np.errstate(invalid="ignore"):
            found = (values >= EARLIEST_S * units) & (values <= LATEST_S * units)
        return np.asarray(found, dtype=bool)

    units = max(_UNITS_PER_S, key=lambda units: int(inside(units).sum()))
    good = inside(units)
    for n in np.flatnonzero(~good).tolist():
        bad.setdefault(n, _(_WRONG).format(value=shown(cells[n])))
    seconds = np.where(good, values / units, 0.0)
    return Times(np.asarray(np.round(seconds * 1e6), dtype=np.int64), absolute=True)
