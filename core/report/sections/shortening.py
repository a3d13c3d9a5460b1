"""Sentences for a page of fixed room: whole ones first, then whole clauses, then words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.decision.wording import listed
from core.report.content import Words
from core.report.text import one_line
from core.words import _, ngettext

SENTENCE_END = re.compile(
    r"(?:(?<=[a-zà-ÿ0-9)%]{3})|(?<=\d[.,]\d\d)|(?<= \d\d))\.(?= [A-ZÀ-Þ])"
    r"|(?<=[a-zà-ÿ]{4})\.(?= \d)"
)
"""Behind a word or a number, not behind an abbreviation, and before a capital or a number."""
CLAUSE_END = re.compile("; ")
LONG = 3
"""A first sentence is cut where it is so many times as long as its room: by names typed in."""

ONE_CHANGE = 180
"""Characters of a change with its values, its names cut: a cut sentence never ends before them."""


Places = int | Sequence[int]
"""Number of the section that tells items in full: one for all, or one an item; 0: not printed."""


def cut(items: Sequence[str], count: int, limit: int, places: Places = 0) -> tuple[Words, ...]:
    """The first sentences, whole ones; the last says how many more there are, and where.

    An item whose first sentence is too long is left to its section: half of it would be without
    its figures. Only where all are, by names typed in, the shortest is cut.
    """
    where = _each(places, len(items))
    fitting = [n for n, text in enumerate(items) if _first_sentence(text) <= LONG * limit]
    shortest = sorted(range(len(items)), key=lambda n: _first_sentence(items[n]))
    taken = fitting[:count] or shortest[:1]
    kept: list[Words] = [with_place(whole(items[n], limit, LONG * limit), where[n]) for n in taken]
    return tuple(kept + _more([where[n] for n in range(len(items)) if n not in taken]))


def every(items: Sequence[str], limit: int, places: Places = 0) -> tuple[Words, ...]:
    """The first sentences of all of them; a section tells in full what is cut."""
    where = _each(places, len(items))
    return tuple(
        with_place(whole(text, limit, LONG * limit), place)
        for text, place in zip(items, where, strict=True)
    )


def first_of(items: Sequence[str], count: int, limit: int, places: Places = 0) -> tuple[Words, ...]:
    """Some items, none left out for its length; the last says how many more there are."""
    most, where = max(LONG * limit, ONE_CHANGE), _each(places, len(items))
    kept: list[Words] = [
        with_place(whole(text, limit, most), place)
        for text, place in zip(items[:count], where, strict=False)
    ]
    return tuple(kept + _more(where[count:]))


def with_place(text: str, place: int) -> str:
    """A text that was cut with the section where the rest of it stands."""
    if not (place and text.endswith("…")):
        return text
    return _("{text} (section {number})").format(text=text, number=place)


def _each(places: Places, count: int) -> list[int]:
    return [places] * count if isinstance(places, int) else list(places)


def _more(places: Sequence[int]) -> list[Words]:
    """That there are more items, of which each stands in one of these sections."""
    return [more_in(len(places), *sorted(set(places)))] if places else []


def more_in(count: int, *places: int) -> str:
    """That there are so many more items in these sections; 0 for one that is not printed."""
    if 0 in places:
        text = _("{n} more in the full report of this assessment.")
    else:
        text = ngettext(
            "{n} more: see section {numbers}.", "{n} more: see sections {numbers}.", len(places)
        )
    return text.format(n=count, numbers=listed([str(place) for place in places]))


def _first_sentence(text: str) -> int:
    """Characters of the first sentence."""
    line = one_line(text)
    end = SENTENCE_END.search(line)
    return end.end() if end else len(line)


def whole(text: str, limit: int, most: int | None = None) -> str:
    """As many whole sentences as ``limit`` characters hold, one at least, and "…" for the rest.

    A first sentence longer than ``most`` is cut to that between two clauses, else two words;
    without it only one of ``LONG`` times the room is, to the room.
    """
    line = one_line(text)
    if len(line) <= limit:
        return line
    ends = [m.end() for m in SENTENCE_END.finditer(line)]
    fitting = [end for end in ends if end <= limit] or ends[:1] or [len(line)]
    if fitting[-1] > (most or LONG * limit):
        return _clauses(line, most or limit)
    return line if fitting[-1] == len(line) else f"{line[: fitting[-1]]} …"


def _clauses(line: str, limit: int) -> str:
    """As many whole clauses of a sentence as fill half of the room, else as many words as fit."""
    ends = [m.end() for m in CLAUSE_END.finditer(line) if limit / 2 <= m.end() <= limit]
    return f"{line[: ends[-1]]}…" if ends else one_line(line, limit)
