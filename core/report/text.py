"""Literal text: what the typeface can print, and how it breaks into lines.

Whatever a user types is printed as it stands. A character that the typeface lacks, or that would
steer the layout (controls, direction marks), is told by its number.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.report.content import Run, Words
from core.report.fonts import FaceName, face_name, faces
from core.typeface import VARIANTS, in_numbers, known_codes

_STEERING = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_JOINERS = "\u200c\u200d"
"""Format characters that words and signs of some scripts are written with."""
_UNITS = (
    r"x|%|ms|s|h|kW|kWh|kVA|kg|lb|gal|GiB|GB|GB/s|MW|W|U|m²|weeks?|months?|years?|points?|tokens|mm|"
    r"FTE|million|billion|times|more|conditions?|racks?|sites?|servers?|"
    r"Wochen?|Monat(?:en?)?|Jahr(?:en?)?|Punkt(?:en?)?|VZÄ|Token|Millionen|Mrd|Mio|Tsd|"
    r"Bedingung(?:en)?|semaines?|mois|ans?|jetons|millions?|milliards?|fois"
)
_COUNT = r"[0-9.,\u202f]+ x\b"
_TIED = re.compile(
    "|".join(
        (
            rf"(?<=[0-9]) (?=(?:{_UNITS})(?![\w/]))",
            r"(?<=\b[A-Z]{3}) (?=[0-9])|(?<=[0-9]) (?=[A-Z]{3}\b)",
            r"(?<=\d x) (?=\w)|(?<=\dx) (?=[A-Z])|(?<=#\d) (?=\S)",
            rf"(?<=\d) (?=(?:to|bis|à) {_COUNT})|(?<=\b(?:to|zu)) (?={_COUNT})",
            rf"(?<=\bbis) (?=(?:zu )?{_COUNT})|(?<=[ '’]à) (?={_COUNT})",
            r"(?<=[\w)»]) (?=[:;!?»](?:\s|$))|(?<=«) (?=\w)",
        )
    )
)
"""Spaces at which no line may break: between a number and its unit or currency, within "5 to 8 x"
and "4x H200", and those that French puts inside its quotation marks and before colons."""
_TIE = "\ue000"  # private use: cannot survive ``printable``
_SOFT = re.compile(r"(?<=[/_\-:;@&=+ ])|(?<=[.,])(?![0-9])")
"""Where a word too wide for its line breaks first; a number stays in one piece."""


def printable(text: str) -> str:
    """The text with every character that the typeface cannot print by its number in brackets.

    Line feeds are kept, tabs and exotic spaces become spaces.
    """
    if _is_plain(text) or (_ordinary().issuperset(text) and unicodedata.is_normalized("NFC", text)):
        return text
    known = known_codes()

    def shown(char: str) -> str:
        wide = unicodedata.category(char) == "Zs" and ord(char) not in known
        return " " if char == "\t" or wide else char

    chars = (char for char in _clean(text) if ord(char) not in VARIANTS)
    return in_numbers(chars, functools.partial(_is_lacking, known=known), shown)


def is_whole(text: str) -> bool:
    """Whether a text is printed without a character told by its number."""
    return _is_plain(text) or not any(_is_lacking(char, known_codes()) for char in _clean(text))


def _is_plain(text: str) -> bool:
    """Whether there is nothing to look for, as in most of ten thousand texts of a report."""
    return text.isascii() and text.isprintable()


@functools.cache
def _ordinary() -> frozenset[str]:
    """What the typeface has and is printed as it stands."""
    known = known_codes()
    signs = (chr(code) for code in known if code not in VARIANTS)
    return frozenset(sign for sign in signs if not _is_lacking(sign, known) and sign not in "\t\r")


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _is_lacking(char: str, known: frozenset[int]) -> bool:
    if char in "\n\t" or ord(char) in VARIANTS:
        return False
    category = unicodedata.category(char)
    return category in _STEERING or (ord(char) not in known and category != "Zs")


def one_line(text: str, limit: int = 0) -> str:
    """The printable text on one line, cut after ``limit`` characters (0: never)."""
    line = re.sub(r"[^\S\u00a0]+", " ", printable(text)).strip()  # no-break spaces stay
    return shortened(line, limit) if limit and len(line) > limit else line


def shortened(line: str, limit: int) -> str:
    """The beginning of a line that is longer than ``limit`` characters, with a sign of the cut.

    Cut between words, where that keeps at least half of the room: never within a number, between
    a number and its unit, or within brackets.
    """
    kept = line[: limit - 1]
    tied = _TIED.sub(_TIE, line)  # sign for sign as long as the line
    ends = [n for n in range(limit - 1, limit // 2, -1) if tied[n] == " "]
    for end in ends:
        part = line[:end].rstrip(" ,;:–")
        if part.count("(") <= part.count(")") and part[-1:] not in "+−±":
            kept = part
            break
    else:
        kept = line[: ends[0]] if ends else kept
    return f"{kept.rstrip()}…"


def fitted(text: str, bold: bool, size: float, width: float) -> Line:
    """One line of a text in ``width`` points, with a sign of the cut where it is longer."""
    line = one_line(text)
    face = face_name(bold, False)
    limit = len(line)
    while limit > 1 and width_of(line, face, size) > width:
        # in proportion first, then sign by sign
        limit = min(limit - 1, int(limit * width / width_of(line, face, size)) + 1)
        line = shortened(one_line(text), limit)
    return (Piece(0.0, face, line),)


def for_metadata(text: str, limit: int = 0) -> str:
    """The text on one line as typed: what shows it has other typefaces than the page.

    Only what no file should carry goes: controls, marks that turn the direction of what follows,
    halves of characters.
    """
    kept = "".join(
        " " if char in "\n\r\t" else char
        for char in unicodedata.normalize("NFC", text)
        if char in "\n\r\t" + _JOINERS or unicodedata.category(char) not in _STEERING
    )
    line = " ".join(kept.split())
    return f"{line[: limit - 1].rstrip()}…" if limit and len(line) > limit else line


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line: offset from its left edge in points, face, text."""

    x: float
    face: FaceName
    text: str
    lang: str = ""
    """The language of the text where it is not the report's."""


Line = tuple[Piece, ...]


class Stretch(NamedTuple):
    """A printable text in one face and one language ("" for the report's)."""

    face: FaceName
    text: str
    lang: str = ""


def runs_of(words: Words, bold: bool = False, italic: bool = False) -> list[Stretch]:
    """Printable stretches with their faces."""
    runs = (Run(words),) if isinstance(words, str) else words
    return [
        Stretch(face_name(bold or run.bold, italic or run.italic), printable(run.text), run.lang)
        for run in runs
    ]


def language_of(lines: Iterable[Line]) -> str:
    """The language of all of some lines, "" where they are in the report's or in several."""
    found = {piece.lang for line in lines for piece in line if piece.text.strip()}
    return found.pop() if len(found) == 1 else ""


@functools.lru_cache(maxsize=65536)
def width_of(text: str, face: FaceName, size: float) -> float:
    """Width in points of a text that is already printable."""
    return faces()[face].width(text, size)


def _chunks(word: str, face: FaceName, size: float, width: float) -> list[str]:
    """A word too wide for a line, broken after punctuation where that helps, else anywhere."""
    font = faces()[face]
    parts: list[str] = []
    for bit in _SOFT.split(word):
        if parts and font.width(parts[-1] + bit, size) <= width:
            parts[-1] += bit
            continue
        while font.width(bit, size) > width and len(bit) > 1:
            used, count = 0.0, 0
            for char in bit:
                used += font.width(char, size)
                if used > width and count:
                    break
                count += 1
            parts.append(bit[:count])
            bit = bit[count:]
        if bit:
            parts.append(bit)
    return parts or [word]


class _Setter:
    """Collects words into lines."""

    def __init__(self, size: float, width: float) -> None:
        self.size, self.width = size, width
        self.lines: list[Line] = []
        self.pieces: list[Piece] = []
        self.x = 0.0

    def end_line(self) -> None:
        self.lines.append(tuple(self.pieces))
        self.pieces, self.x = [], 0.0

    def put(self, part: Stretch, space: bool) -> None:
        face, text, lang = part
        last = self.pieces[-1] if self.pieces else None
        if space:
            text = f" {text}"
        if last is not None and (last.face, last.lang) == (face, lang):
            merged = last.text + text
            self.pieces[-1] = Piece(last.x, face, merged, lang)
            self.x = last.x + width_of(merged, face, self.size)
        else:
            self.pieces.append(Piece(self.x, face, text, lang))
            self.x += width_of(text, face, self.size)

    def word(self, parts: list[Stretch], space: bool) -> None:
        space = space and bool(self.pieces)
        wide = sum(width_of(part.text, part.face, self.size) for part in parts)
        gap = width_of(" ", parts[0].face, self.size) if space else 0.0
        if self.x + gap + wide <= self.width + 0.01:
            for part in parts:
                self.put(part, space)
                space = False
            return
        if self.pieces and wide <= self.width:
            self.end_line()
            for part in parts:
                self.put(part, False)
            return
        if self.pieces:
            self.end_line()
        for part in parts:
            for chunk in _chunks(part.text, part.face, self.size, self.width):
                wide = width_of(chunk, part.face, self.size)
                if self.pieces and self.x + wide > self.width + 0.01:
                    self.end_line()
                self.put(part._replace(text=chunk), False)


def wrap(runs: Sequence[Stretch], size: float, width: float) -> list[Line]:
    """Lines of at most ``width`` points; at least one line."""
    setter = _Setter(size, width)
    word: list[Stretch] = []
    space = False  # is there a space before the word being collected?

    def flush() -> None:
        nonlocal word
        if word:
            setter.word([w._replace(text=w.text.replace(_TIE, " ")) for w in word], space)
            word = []

    for face, text, lang in runs:
        for token in re.split(r"([ \n])", _TIED.sub(_TIE, text)):
            if token == " ":
                flush()
                space = True
            elif token == "\n":
                flush()
                setter.end_line()
                space = False
            elif token:
                word.append(Stretch(face, token, lang))
        if text.endswith(" "):
            flush()
    flush()
    if setter.pieces or not setter.lines:
        setter.end_line()
    return setter.lines


def longest_word(text: str, face: FaceName, size: float) -> float:
    """Width of the widest unbreakable stretch of a text."""
    words = [w for w in re.split(r"[ \n]", _TIED.sub(_TIE, text)) if w]
    bits = [bit for w in words for bit in (_SOFT.split(w) if len(w) > 24 else (w,))]
    return max((width_of(b.replace(_TIE, " "), face, size) for b in bits), default=0.0)
