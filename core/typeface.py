"""What the bundled typeface can print, and how a character that it lacks is written instead.

It has the Latin, Greek and Cyrillic letters and common signs. No typeface with Chinese, Japanese,
Korean, Arabic or Hebrew letters is bundled; a character that is lacking is told by its number in
Unicode, which anybody can look up, never by an empty box.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from itertools import groupby

FACE = "AdvisorSans-Regular.ttf"
"""One of four faces, which have the same characters."""

VARIANTS = range(0xFE00, 0xFE10)
"""Choose among shapes of the character before them, of which the typeface has one."""


@cache
def known_codes() -> frozenset[int]:
    """Numbers of the characters that the typeface has, read from its file."""
    from fontTools.ttLib import TTFont  # only where some text is not plain ASCII

    with files("resources").joinpath("fonts", FACE).open("rb") as file, TTFont(file) as font:
        return frozenset(font.getBestCmap())


def spelled(signs: Iterable[str]) -> str:
    """Characters by their numbers in Unicode: ``[U+65E5 U+672C]``."""
    return f"[{' '.join(f'U+{ord(sign):04X}' for sign in signs)}]"


def in_numbers(
    signs: Iterable[str], is_lacking: Callable[[str], bool], shown: Callable[[str], str]
) -> str:
    """A text as ``shown`` writes its characters, those beside each other that lack by numbers."""
    return "".join(
        spelled(run) if lacks else "".join(map(shown, run))
        for lacks, run in groupby(signs, key=is_lacking)
    )


def lacking(text: str) -> tuple[str, ...]:
    """The letters and signs of a text that the typeface lacks, each once, in their order.

    White space and controls have no shape of their own, and signs that choose among shapes of the
    one before them are left out where it is written.
    """
    if text.isascii():
        return ()
    known = known_codes()
    return tuple(
        dict.fromkeys(
            sign
            for sign in unicodedata.normalize("NFC", text)
            if ord(sign) not in known
            and ord(sign) not in VARIANTS
            and unicodedata.category(sign)[0] not in "CZ"
        )
    )
