"""What the bundled typeface can print, and how a character that it lacks is written instead.

It has the Latin, Greek and Cyrillic letters and common signs. No typeface with Chinese, Japanese,
Korean, Arabic or Hebrew letters is bundled; a character that is lacking is told by its number in
Unicode, which anybody can look up, never by an empty box.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

FACE = "AdvisorSans-Regular.ttf"
"""One of four faces, which have the same characters."""
_SEGMENTS = 4
"""Format of the table of characters that holds those up to U+FFFF as segments (OpenType, cmap)."""


@cache
def known_codes() -> frozenset[int]:
    """Numbers of the characters that the typeface has, read from its file.

    Raises ValueError where the file has no table of characters in segments.
    """
    data = files("resources").joinpath("fonts", FACE).read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    for n in range(tables):
        tag, _sum, start, _length = struct.unpack_from(">4sIII", data, 12 + 16 * n)
        if tag == b"cmap":
            return _codes(data, start)
    raise ValueError(f"{FACE}: no table of characters")


def _codes(data: bytes, start: int) -> frozenset[int]:
    """Characters of the first table in segments; see the OpenType specification, “cmap”."""
    (count,) = struct.unpack_from(">H", data, start + 2)
    for n in range(count):
        _platform, _encoding, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * n)
        place = start + offset
        (form,) = struct.unpack_from(">H", data, place)
        if form == _SEGMENTS:
            break
    else:
        raise ValueError(f"{FACE}: no table of characters in segments")
    (double,) = struct.unpack_from(">H", data, place + 6)
    size, shape = double // 2, f">{double // 2}H"
    ends = struct.unpack_from(shape, data, place + 14)
    starts = struct.unpack_from(shape, data, place + 16 + double)
    deltas = struct.unpack_from(shape, data, place + 16 + 2 * double)
    ranges = place + 16 + 3 * double
    offsets = struct.unpack_from(shape, data, ranges)
    found = set()
    for n in range(size):
        for code in range(starts[n], ends[n] + 1):
            glyph = code
            if offsets[n]:
                at = ranges + 2 * n + offsets[n] + 2 * (code - starts[n])
                (glyph,) = struct.unpack_from(">H", data, at)
                if not glyph:
                    continue
            if (glyph + deltas[n]) % 0x10000 and code != 0xFFFF:
                found.add(code)
    return frozenset(found)


def spelled(signs: Iterable[str]) -> str:
    """Characters by their numbers in Unicode: ``[U+65E5 U+672C]``."""
    return f"[{' '.join(f'U+{ord(sign):04X}' for sign in signs)}]"


def lacking(text: str) -> tuple[str, ...]:
    """The letters and signs of a text that the typeface lacks, each once, in their order.

    White space, controls and marks that join or turn others have no shape of their own.
    """
    if text.isascii():
        return ()
    known = known_codes()
    return tuple(
        dict.fromkeys(
            sign
            for sign in unicodedata.normalize("NFC", text)
            if ord(sign) not in known and unicodedata.category(sign)[0] not in "CZM"
        )
    )
