"""Sentences for a page of fixed room: whole ones first, then whole clauses, then words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.report.content import Words
from core.report.text import one_line
from core.words import _

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


def cut(items: Sequence[str], count: int, limit: int) -> tuple[Words, ...]:
    """The first sentences, whole ones; the last says how many more there are.

    An item whose first sentence is too long is left to its section: half of it would be without
    its figures. Only where all are, by names typed in, the shortest is cut.
    """
    fitting = [text for text in items if _first_sentence(text) <= LONG * limit]
    taken = fitting[:count] or sorted(items, key=_first_sentence)[:1]
    kept: list[Words] = [whole(text, limit, LONG * limit) for text in taken]
    return tuple(kept + _more(len(items) - len(taken)))


def every(items: Sequence[str], limit: int) -> tuple[Words, ...]:
    """The first sentences of all of them; a section tells in full what is cut."""
    return tuple(whole(text, limit, LONG * limit) for text in items)


def first_of(items: Sequence[str], count: int, limit: int) -> tuple[Words, ...]:
    """Some items, none left out for its length; the last says how many more there are."""
    most = max(LONG * limit, ONE_CHANGE)
    kept: list[Words] = [whole(text, limit, most) for text in items[:count]]
    return tuple(kept + _more(len(items) - count))


def _more(left: int) -> list[Words]:
    return [_("{n} more: see the sections below.").format(n=left)] if left > 0 else []


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
