"""Which column of a traffic file holds what, told by its heading."""

from __future__ import annotations

from collections.abc import Sequence

TIME = (
    *("timestamp", "time", "datetime", "date_time", "date", "arrival_time", "start_time", "hour"),
    *("zeitstempel", "zeit", "datum", "horodatage", "heure"),
)
MOMENT = ("timestamp", "arrival_time", "start_time", "zeitstempel", "horodatage")
"""Those that stand for an event each; a ``date`` alone heads tables of anything."""
COUNT = (
    *("count", "counts", "requests", "num_requests", "request_count", "hits"),
    *("anzahl", "anfragen", "nombre", "requêtes"),
)
INPUT = (
    *("input_tokens", "prompt_tokens", "context_tokens", "contexttokens", "request_tokens"),
    *("num_prefill_tokens", "input_length", "tokens_in"),
)
OUTPUT = (
    *("output_tokens", "completion_tokens", "generated_tokens", "generatedtokens"),
    *("response_tokens", "num_decode_tokens", "output_length", "tokens_out"),
)
_ALIASES = {"time": TIME, "count": COUNT, "input": INPUT, "output": OUTPUT}
"""Headings understood, in lower case with underscores; those of German and French tables too."""


def columns_of(row: Sequence[str]) -> dict[str, str]:
    """The heading of each kind of column in a heading row, "" where there is none.

    Headings are given as ``plain`` writes them; the kinds are time, count, input and output.
    """
    names = plain(row)
    return {
        kind: next((name for name in aliases if name in names), "")
        for kind, aliases in _ALIASES.items()
    }


def is_traffic(row: Sequence[str]) -> bool:
    """Whether a table with these headings is one of requests, as far as they tell."""
    found = columns_of(row)
    time = found.pop("time")
    return bool(time) and (time in MOMENT or any(found.values()))


def plain(row: Sequence[str]) -> list[str]:
    """Headings in lower case, with underscores between words."""
    return [cell.strip().lower().replace(" ", "_").replace("-", "_") for cell in row]
