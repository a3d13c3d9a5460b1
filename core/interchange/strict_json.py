"""JSON from strangers: bounded in size, no repeated keys, no NaN or Infinity, no cut-off text."""

from __future__ import annotations

import json
from typing import Any

from core.interchange.errors import DocumentError, shown
from core.notation import local
from core.words import N_, _

MAX_BYTES = 4 * 1024 * 1024
"""An assessment of 100 workloads with own hourly weights has about 0.5 MB."""

_WHY = {
    "Expecting value": N_("a value is missing"),
    "Expecting property name enclosed in double quotes": N_("a name in quotes is missing"),
    "Expecting ':' delimiter": N_("a colon is missing"),
    "Expecting ',' delimiter": N_("a comma is missing"),
    "Extra data": N_("more follows its end"),
    "Illegal trailing comma before end of object": N_("a comma too many"),
    "Illegal trailing comma before end of array": N_("a comma too many"),
    "Invalid control character at": N_("a line breaks within quotes"),
    "Invalid \\escape": N_("a backslash that means nothing"),
    "Invalid \\uXXXX escape": N_("a backslash that means nothing"),
}
"""What Python's reader says, in words that are translated."""

_MAX_DIGITS = 400
"""Longer numbers exceed what a double can hold; refusing them keeps conversion cheap."""


def decode(data: bytes, file: str = "", *, limit: int = MAX_BYTES) -> str:
    """Text of a UTF-8 file (with or without byte-order mark). Raises DocumentError."""
    if len(data) > limit:
        raise DocumentError(
            _("is too large: {size} bytes; at most {limit} are read").format(
                size=local(f"{len(data):,}"), limit=local(f"{limit:,}")
            ),
            file=file,
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(
            _("is not UTF-8 text (byte {place}); JSON files are").format(
                place=local(f"{error.start:,}")
            ),
            file=file,
        ) from error


def _number(text: str, file: str) -> int | float:
    if len(text) > _MAX_DIGITS:
        raise DocumentError(
            _("holds a number of {len} digits: {text}…").format(
                len=local(f"{len(text):,}"), text=text[:20]
            ),
            file=file,
        )
    whole = text.lstrip("-").isdigit()
    return int(text) if whole else float(text)


def _without_repeats(pairs: list[tuple[str, Any]], file: str) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _value in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # set.add answers None, which is what makes this work
        raise DocumentError(
            _("has the key {shown} twice in one object").format(shown=shown(twice)), file=file
        )
    return result


def parse(
    text: str,
    file: str = "",
    *,
    expected: str = N_("an assessment as JSON"),
    infinite: bool = False,
    limit: int = MAX_BYTES,
) -> Any:
    """The value that a JSON text holds.

    ``expected`` says in messages what should be there. ``infinite`` reads NaN and Infinity, which
    some programs write though JSON knows neither, as ``None``.

    Raises DocumentError naming line and column for anything that strict JSON does not allow,
    for repeated keys, for numbers that no double holds, and for nesting beyond reason.
    """
    if len(text) > limit:
        raise DocumentError(
            _("is too large: {len} characters; at most {limit} are read").format(
                len=local(f"{len(text):,}"), limit=local(f"{limit:,}")
            ),
            file=file,
        )

    def constant(name: str) -> None:
        if infinite:
            return
        raise DocumentError(
            _("holds {name}, which is not a number JSON knows").format(name=name), file=file
        )

    def pairs_hook(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return _without_repeats(pairs, file)

    def number(digits: str) -> int | float:
        return _number(digits, file)

    if not text.strip():
        raise DocumentError(
            _("is empty; {expected} is expected").format(expected=_(expected)), file=file
        )
    try:
        return json.loads(
            text,
            object_pairs_hook=pairs_hook,
            parse_constant=constant,
            parse_int=number,
            parse_float=number,
        )
    except json.JSONDecodeError as error:
        # A string that never ends is reported where it starts, hence the second test.
        at_end = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        what = (
            _("ends too early: it is truncated")
            if at_end
            else _("is not JSON: {why}").format(why=_(_WHY.get(error.msg, error.msg)))
        )
        place = _("line {line}, column {column}").format(line=error.lineno, column=error.colno)
        raise DocumentError(f"{what} ({place})", file=file) from error
    except RecursionError as error:
        raise DocumentError(
            _("is nested too deeply for {expected}").format(expected=_(expected)), file=file
        ) from error
