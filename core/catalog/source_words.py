"""Sources in the language in use: remarks are translated, names of works and products stay.

A source is a row of remarks between semicolons. Those that a pattern in ``core.catalog.remarks``
knows are translated with their figures; the others are names, and stay as they stand there.
"""

from __future__ import annotations

import re
from functools import cache

from core.catalog.remarks import AMOUNTS, DESCRIPTIONS, FIGURES, NAMES, PATTERNS
from core.language import ENGLISH, in_use
from core.notation import day, local, semicolons
from core.words import _

_PLACE = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_RANGE = re.compile(r"(?<=\d) to (?=(?:[A-Z]{3} )?\d)")
_BETWEEN = re.compile(r"; (?![^()]*\))")
"""Not inside brackets, where a remark names two works or has an aside."""


def source_words(source: str) -> str:
    """A source with its generic words in the language in use."""
    return semicolons(text for text, _is_english in source_parts(source))


def source_parts(source: str) -> tuple[tuple[str, bool], ...]:
    """The remarks of a source, each with whether it stays English."""
    if in_use.get() == ENGLISH or not source:
        return ((source, False),)
    whole = _(source)
    if whole != source:
        return ((whole, False),)
    return tuple(_part(part) for part in _BETWEEN.split(source))


def _part(part: str) -> tuple[str, bool]:
    if part in _without_places():
        return _(part), False
    for template, literals in _with_places():
        if not all(literal in part for literal in literals):
            continue  # no pattern is compiled before its words are there
        match = _pattern(template).fullmatch(part)
        if match is not None:
            told = _(template)
            places = match.groupdict()
            return told.format(**{k: _shown(k, v) for k, v in places.items()}), False
    return part, True


def _shown(place: str, text: str) -> str:
    """What stands in a place: days, numbers and ranges as the language writes them."""
    if place in NAMES:
        return _(text) if text in DESCRIPTIONS else text
    if day(text) != text:
        return day(text)
    to = _("{low} to {high}").format(low="", high="")
    ranged = _RANGE.sub(to, text).replace("street price", _("street price"))
    return _NUMBER.sub(lambda found: local(found[0]), ranged)


def _place(place: str) -> str:
    """What may stand in a place."""
    if place in FIGURES:
        return rf"(?P<{place}>\d[\d.,]*(?: to \d[\d.,]*)?)"
    if place == "city":
        return rf"(?P<{place}>[^\d:][^:]*?)"
    return rf"(?P<{place}>{'[A-Z]{3} ' if place in AMOUNTS else ''}.+?)"


@cache
def _pattern(template: str) -> re.Pattern[str]:
    pieces = _PLACE.split(template)
    return re.compile(
        "".join(_place(piece) if n % 2 else re.escape(piece) for n, piece in enumerate(pieces))
    )


@cache
def _without_places() -> frozenset[str]:
    return frozenset(text for text in PATTERNS if "{" not in text)


@cache
def _with_places() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Templates with what stands between their places, the longest first."""
    ordered = sorted((text for text in PATTERNS if "{" in text), key=lambda text: -len(text))
    return tuple((text, tuple(_PLACE.split(text)[::2])) for text in ordered)
