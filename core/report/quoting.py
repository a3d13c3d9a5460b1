"""Texts that stay in the language they were written in, such as the catalog's English sources."""

from __future__ import annotations

import string
from functools import cache

from core.catalog.citations import texts_of_sources
from core.catalog.source_words import source_parts
from core.catalog.token_prices import PACKAGE
from core.decision.market import SPONSORED
from core.language import ENGLISH, language
from core.notation import semicolons
from core.report.content import Run, Words
from core.words import _

SHORTEST = 12
"""Characters of a source that is looked for inside a longer text; less may be there by chance."""


@cache
def _longest_first() -> tuple[str, ...]:
    found = {SPONSORED, *(text for text in texts_of_sources() if len(text) >= SHORTEST)}
    return tuple(sorted(found, key=lambda text: (-len(text), text)))


def in_english(text: str) -> Words:
    """A text that is English whatever language the report is in."""
    return text if language() == ENGLISH or not text else (Run(text, lang=ENGLISH),)


def quoted(source: str) -> Words:
    """A source as it is printed: translated where it can be, else with the language it is in.

    Of a text that was put together in the report's language, the parts that are sources.
    """
    told = _(source)
    if told != source or language() == ENGLISH:
        return told
    if source in texts_of_sources() or source.startswith(PACKAGE):
        return _in_parts(source)
    found = next((text for text in _longest_first() if text in source), None)
    if found is None:
        return source
    before, after = source.split(found, 1)
    return tuple(_runs(before) + _runs(_in_parts(found)) + _runs(after))


def _in_parts(source: str) -> Words:
    """A source whose remarks are translated where they can be."""
    runs: list[Run] = []
    for text, is_english in source_parts(source):
        if runs:
            runs.append(Run(semicolons(("", ""))))
        runs += _runs(in_english(text) if is_english else text)
    if all(run == Run(run.text, lang=ENGLISH) for run in runs[::2]):
        return in_english(source)
    return tuple(runs)


def filled(template: str, **parts: Words) -> Words:
    """A text with ``{name}`` places, filled with parts that may be in another language."""
    runs: list[Run] = []
    for literal, name, _spec, _conversion in string.Formatter().parse(template):
        runs += _runs(literal)
        if name is not None:
            runs += _runs(parts[name])
    if all(run == Run(run.text) for run in runs):
        return "".join(run.text for run in runs)
    return tuple(runs)


def _runs(words: Words) -> list[Run]:
    if isinstance(words, str):
        return [Run(words)] if words else []
    return list(words)
