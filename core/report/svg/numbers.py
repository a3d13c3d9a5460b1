"""Numbers, lengths and affine transforms as SVG writes them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from core.report.svg.refusal import damaged, unsupported

# no two parts of a pattern may match the same characters, else hostile text costs its square
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
LARGEST = 1e7
"""Coordinates beyond this are broken: no drawing program writes them."""
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
}
_LENGTH = re.compile(rf"\s*({NUMBER.pattern})\s*([a-z%]*)\s*")
_CALL = re.compile(r"[\s,]*([a-zA-Z]+)\s*\(([^()]*)\)\s*")


def checked(value: float, text: str) -> float:
    """The value. Raises SvgRefusedError where it is not finite or absurdly large."""
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise damaged(text)
    return value


def numbers(text: str) -> list[float]:
    """Numbers parted by white space or commas. Raises SvgRefusedError for anything else."""
    if re.sub(r"[\s,]+", "", NUMBER.sub("", text)):
        raise damaged(text)
    return [checked(float(found), text) for found in NUMBER.findall(text)]


def length(text: str, whole: float) -> float:
    """A length in user units; ``whole`` is what a percentage counts from."""
    match = _LENGTH.fullmatch(text)
    if match is None:
        raise damaged(text)
    value, unit = float(match[1]), match[2]
    if unit == "%":
        return checked(value / 100.0 * whole, text)
    if unit not in _PIXELS:
        raise unsupported(text)
    return checked(value * _PIXELS[unit], text)


@dataclass(frozen=True, slots=True)
class Matrix:
    """An affine transform: x' = a x + c y + e, y' = b x + d y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def __matmul__(self, inner: Matrix) -> Matrix:
        """First ``inner``, then this one."""
        return Matrix(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            self.a * inner.e + self.c * inner.f + self.e,
            self.b * inner.e + self.d * inner.f + self.f,
        )

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    @property
    def flat(self) -> bool:
        """Whether it squeezes everything onto a line, so that nothing is drawn."""
        return abs(self.a * self.d - self.b * self.c) < 1e-12


def transform(text: str) -> Matrix:
    """The product of a list of transforms. Raises SvgRefusedError."""
    result, at = Matrix(), 0
    while at < len(text.rstrip()):
        match = _CALL.match(text, at)
        if match is None:
            raise damaged(text)
        result = result @ _single(match[1], numbers(match[2]), text)
        at = match.end()
    return result


def _single(name: str, v: list[float], text: str) -> Matrix:
    count = len(v)
    if name == "matrix" and count == 6:
        return Matrix(*v)
    if name == "translate" and count in (1, 2):
        return Matrix(e=v[0], f=v[1] if count == 2 else 0.0)
    if name == "scale" and count in (1, 2):
        return Matrix(a=v[0], d=v[-1])
    if name == "rotate" and count in (1, 3):
        angle = math.radians(v[0])
        turned = Matrix(math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle))
        if count == 1:
            return turned
        return Matrix(e=v[1], f=v[2]) @ turned @ Matrix(e=-v[1], f=-v[2])
    if name == "skewX" and count == 1:
        return Matrix(c=math.tan(math.radians(v[0])))
    if name == "skewY" and count == 1:
        return Matrix(b=math.tan(math.radians(v[0])))
    raise damaged(text)
