"""Traffic from a CSV file: hourly counts, or a log of requests, becomes a typical week.

Two kinds of files are read, told apart by their headings:

- counts: ``timestamp,count``, a row per hour (or per shorter step that divides the hour);
- a request log: ``timestamp,input_tokens,output_tokens``, a row per request; the token columns
  may be missing.

Time stamps are ISO 8601 or Unix time (seconds to nanoseconds). Columns are separated by commas,
semicolons or tabs; decimal commas are read too. Lines that cannot be used are skipped and reported
by number.
"""

from __future__ import annotations

from pathlib import Path

from core.interchange.errors import DocumentError
from core.interchange.files import read_bounded
from core.interchange.traffic.apply import with_traffic
from core.interchange.traffic.profile import TrafficProfile, profile_of
from core.interchange.traffic.table import Skipped, read_table
from core.notation import local
from core.spreadsheet_text import decoded
from core.words import _

MAX_BYTES = 512 * 1024 * 1024

__all__ = ["Skipped", "TrafficProfile", "read_traffic", "traffic_from_csv", "with_traffic"]


def traffic_from_csv(text: str, *, file: str = "", time_zone: str = "") -> TrafficProfile:
    """The typical week of a traffic file's text.

    ``time_zone`` is an IANA name such as ``Europe/Berlin``. Time stamps with an offset (and Unix
    time) are converted to it, others are taken to be its local time; without it the former are
    counted in UTC and the latter as they stand. Raises DocumentError naming line, value and what
    is allowed: no usable columns, an unknown zone, less than a day of data, or more lines that
    cannot be read than lines that can.
    """
    return profile_of(read_table(text, file), time_zone, file)


def read_traffic(path: str | Path, *, time_zone: str = "") -> TrafficProfile:
    """The same from a file. Raises DocumentError, also where the file cannot be read."""
    file = str(path)
    data = read_bounded(Path(path), MAX_BYTES)
    try:
        text = decoded(data)
    except UnicodeDecodeError as error:
        raise DocumentError(
            _("is not text (byte {start}); save the table as CSV in UTF-8").format(
                start=local(f"{error.start:,}")
            ),
            file=file,
        ) from error
    return traffic_from_csv(text, file=file, time_zone=time_zone)
