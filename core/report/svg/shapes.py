"""Shapes as outlines: path data and the basic shapes become lines and cubic curves."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.report.svg.numbers import NUMBER, Matrix, checked, length, numbers
from core.report.svg.refusal import damaged
from core.report.svg.tree import Node

Point = tuple[float, float]
SHAPES = frozenset(("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"))
ROUND = 4.0 / 3.0 * (math.sqrt(2.0) - 1.0)
"""Handle length of a cubic curve that draws a quarter of a circle, in radii."""
_COUNTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_GAP = re.compile(r"[\s,]*")


@dataclass
class Outline:
    """Steps of a path: ``m`` and ``l`` with one point, ``c`` with three, ``h`` with none."""

    steps: list[tuple[str, tuple[Point, ...]]] = field(default_factory=list)

    def add(self, operator: str, *points: Point) -> None:
        """One more step."""
        self.steps.append((operator, points))

    def box(self) -> tuple[float, float, float, float] | None:
        """Exact bounding box (x0, y0, x1, y1); ``None`` where there is no point."""
        xs: list[float] = []
        ys: list[float] = []
        last = start = (0.0, 0.0)
        for operator, points in self.steps:
            if operator == "h":
                last = start
                continue
            if operator == "m":
                start = points[0]
            for values, axis in ((xs, 0), (ys, 1)):
                values.append(points[-1][axis])
                if operator == "c":
                    values.extend(_extremes(last[axis], *(p[axis] for p in points)))
            last = points[-1]
        return (min(xs), min(ys), max(xs), max(ys)) if xs else None

    def moved(self, matrix: Matrix) -> Outline:
        """The outline under a transform."""
        return Outline([(o, tuple(matrix.place(*p) for p in points)) for o, points in self.steps])


def _extremes(p0: float, p1: float, p2: float, p3: float) -> Iterator[float]:
    """Values of a cubic curve where it turns back, between its ends."""
    a, b, c = p3 - 3 * p2 + 3 * p1 - p0, 2 * (p2 - 2 * p1 + p0), p1 - p0
    if abs(a) < 1e-12:
        roots = [-c / b] if abs(b) > 1e-12 else []
    else:
        inside = b * b - 4 * a * c
        roots = [(-b + s * math.sqrt(inside)) / (2 * a) for s in (1, -1)] if inside >= 0 else []
    for t in roots:
        if 0 < t < 1:
            s = 1 - t
            yield s * s * s * p0 + 3 * s * s * t * p1 + 3 * s * t * t * p2 + t * t * t * p3


def outline_of(node: Node, wide: float, high: float) -> Outline:
    """The outline of a shape; percentages count from the drawing's width and height."""
    diagonal = math.hypot(wide, high) / math.sqrt(2.0)
    given = node.attributes

    def size(key: str, whole: float) -> float:
        return length(given.get(key, "0"), whole)

    if node.name == "path":
        return path_outline(given.get("d", ""))
    if node.name == "rect":
        return _rectangle(node, wide, high)
    if node.name == "circle":
        radius = size("r", diagonal)
        return _ellipse(size("cx", wide), size("cy", high), radius, radius)
    if node.name == "ellipse":
        return _ellipse(size("cx", wide), size("cy", high), size("rx", wide), size("ry", high))
    outline = Outline()
    if node.name == "line":
        outline.add("m", (size("x1", wide), size("y1", high)))
        outline.add("l", (size("x2", wide), size("y2", high)))
        return outline
    values = numbers(given.get("points", ""))
    if len(values) % 2:
        raise damaged(given["points"])
    for number in range(0, len(values), 2):
        outline.add("l" if number else "m", (values[number], values[number + 1]))
    if node.name == "polygon" and values:
        outline.add("h")
    return outline


def _rectangle(node: Node, wide: float, high: float) -> Outline:
    given = node.attributes
    x, y = length(given.get("x", "0"), wide), length(given.get("y", "0"), high)
    w, h = length(given.get("width", "0"), wide), length(given.get("height", "0"), high)
    outline = Outline()
    if w <= 0 or h <= 0:
        return outline
    corners = [given.get(key, "auto") for key in ("rx", "ry")]
    known = [None if c == "auto" else length(c, s) for c, s in zip(corners, (wide, high))]  # noqa: B905 - both have two
    rx = known[0] if known[0] is not None else known[1] or 0.0
    ry = known[1] if known[1] is not None else rx
    rx, ry = min(max(rx, 0.0), w / 2), min(max(ry, 0.0), h / 2)
    if rx == 0 or ry == 0:
        outline.add("m", (x, y))
        for corner in ((x + w, y), (x + w, y + h), (x, y + h)):
            outline.add("l", corner)
        outline.add("h")
        return outline
    kx, ky = rx * (1 - ROUND), ry * (1 - ROUND)
    outline.add("m", (x + rx, y))
    outline.add("l", (x + w - rx, y))
    outline.add("c", (x + w - kx, y), (x + w, y + ky), (x + w, y + ry))
    outline.add("l", (x + w, y + h - ry))
    outline.add("c", (x + w, y + h - ky), (x + w - kx, y + h), (x + w - rx, y + h))
    outline.add("l", (x + rx, y + h))
    outline.add("c", (x + kx, y + h), (x, y + h - ky), (x, y + h - ry))
    outline.add("l", (x, y + ry))
    outline.add("c", (x, y + ky), (x + kx, y), (x + rx, y))
    outline.add("h")
    return outline


def _ellipse(x: float, y: float, rx: float, ry: float) -> Outline:
    outline = Outline()
    if rx <= 0 or ry <= 0:
        return outline
    kx, ky = rx * ROUND, ry * ROUND
    outline.add("m", (x + rx, y))
    outline.add("c", (x + rx, y + ky), (x + kx, y + ry), (x, y + ry))
    outline.add("c", (x - kx, y + ry), (x - rx, y + ky), (x - rx, y))
    outline.add("c", (x - rx, y - ky), (x - kx, y - ry), (x, y - ry))
    outline.add("c", (x + kx, y - ry), (x + rx, y - ky), (x + rx, y))
    outline.add("h")
    return outline


# -- path data -----------------------------------------------------------------------------------


def path_outline(data: str) -> Outline:
    """The outline that path data describe. Raises SvgRefusedError where they are broken."""
    return _PathReader(data).read()


class _PathReader:
    """Reads path data from left to right (SVG 1.1, chapter 8)."""

    def __init__(self, data: str) -> None:
        self.data, self.at = data.strip(), 0
        self.outline = Outline()
        self.x = self.y = 0.0
        self.start = (0.0, 0.0)
        self.handle: tuple[str, Point] | None = None
        """Kind (``C`` or ``Q``) and last handle of the curve just drawn, for smooth ones."""

    def read(self) -> Outline:
        if self.data in ("", "none"):
            return self.outline
        if self.data[0] not in "Mm":
            raise damaged(self.data)
        while self.at < len(self.data):
            letter = self.data[self.at]
            if letter.upper() not in _COUNTS:
                raise damaged(self.data[self.at :])
            self.at += 1
            self._command(letter)
        return self.outline

    def _command(self, letter: str) -> None:
        kind, relative = letter.upper(), letter.islower()
        if kind == "Z":
            self.outline.add("h")
            self.x, self.y = self.start
            self.handle = None
            self._skip()
            return
        first = True
        while first or self._number_follows():
            if self.outline.steps and self.outline.steps[-1][0] == "h" and kind != "M":
                self.outline.add("m", (self.x, self.y))  # drawing goes on where it was closed
            self._draw(kind if first or kind != "M" else "L", relative, self._values(kind))
            first = False

    def _skip(self) -> None:
        match = _GAP.match(self.data, self.at)
        self.at = match.end() if match else self.at

    def _number_follows(self) -> bool:
        self._skip()
        return NUMBER.match(self.data, self.at) is not None

    def _values(self, kind: str) -> list[float]:
        values: list[float] = []
        for number in range(_COUNTS[kind]):
            self._skip()
            if kind == "A" and number in (3, 4):  # flags may stand without a gap: "a1 1 0 00.5.5"
                flag = self.data[self.at : self.at + 1]
                if flag not in ("0", "1"):
                    raise damaged(self.data[self.at :])
                self.at += 1
                values.append(float(flag))
                continue
            match = NUMBER.match(self.data, self.at)
            if match is None:
                raise damaged(self.data[self.at :])
            values.append(checked(float(match[0]), match[0]))
            self.at = match.end()
        return values

    def _draw(self, kind: str, relative: bool, v: list[float]) -> None:
        x, y = (self.x, self.y) if relative else (0.0, 0.0)
        handle: tuple[str, Point] | None = None
        here = (self.x, self.y)
        if kind in "ML":
            end = (x + v[0], y + v[1])
            self.outline.add(kind.lower(), end)
            if kind == "M":
                self.start = end
        elif kind == "H":
            end = (x + v[0], self.y)
            self.outline.add("l", end)
        elif kind == "V":
            end = (self.x, y + v[0])
            self.outline.add("l", end)
        elif kind == "A":
            end = (x + v[5], y + v[6])
            for points in arc(here, v[0], v[1], v[2], v[3] == 1.0, v[4] == 1.0, end):
                self.outline.add("c" if len(points) == 3 else "l", *points)
        else:
            given = [(x + v[i], y + v[i + 1]) for i in range(0, len(v), 2)]
            if kind in "ST":
                given.insert(0, self._mirrored("C" if kind == "S" else "Q"))
            end = given[-1]
            if kind in "CS":
                handle = ("C", given[1])
                self.outline.add("c", *given)
            else:
                handle = ("Q", given[0])
                self.outline.add("c", *_cubic(here, given[0], end))
        self.x, self.y = checked(end[0], self.data), checked(end[1], self.data)
        self.handle = handle

    def _mirrored(self, kind: str) -> Point:
        if self.handle is None or self.handle[0] != kind:
            return (self.x, self.y)
        hx, hy = self.handle[1]
        return (2 * self.x - hx, 2 * self.y - hy)


def _cubic(start: Point, handle: Point, end: Point) -> tuple[Point, Point, Point]:
    """A parabola as a cubic curve."""
    first = tuple(s + 2.0 / 3.0 * (h - s) for s, h in zip(start, handle, strict=True))
    second = tuple(e + 2.0 / 3.0 * (h - e) for e, h in zip(end, handle, strict=True))
    return (first[0], first[1]), (second[0], second[1]), end


def arc(
    start: Point, rx: float, ry: float, turn: float, large: bool, sweep: bool, end: Point
) -> list[tuple[Point, ...]]:
    """An elliptical arc as cubic curves of a quarter turn at most (SVG 1.1, F.6)."""
    rx, ry = abs(rx), abs(ry)
    if start == end:
        return []
    if rx < 1e-9 or ry < 1e-9:
        return [(end,)]
    angle = math.radians(turn)
    cos, sin = math.cos(angle), math.sin(angle)
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    px, py = cos * dx + sin * dy, -sin * dx + cos * dy
    need = (px / rx) ** 2 + (py / ry) ** 2
    if need > 1.0:  # too small to reach: grown until it just does
        rx, ry = rx * math.sqrt(need), ry * math.sqrt(need)
        need = 1.0
    factor = math.sqrt(max(0.0, 1.0 / need - 1.0)) * (-1.0 if large == sweep else 1.0)
    cx, cy = factor * rx * py / ry, -factor * ry * px / rx
    first = math.atan2((py - cy) / ry, (px - cx) / rx)
    swept = math.atan2((-py - cy) / ry, (-px - cx) / rx) - first
    if sweep and swept < 0:
        swept += 2 * math.pi
    elif not sweep and swept > 0:
        swept -= 2 * math.pi
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    frame = Matrix(
        cos * rx, sin * rx, -sin * ry, cos * ry,
        middle[0] + cos * cx - sin * cy, middle[1] + sin * cx + cos * cy,
    )  # fmt: skip  # rows of a matrix
    parts = max(1, math.ceil(abs(swept) / (math.pi / 2) - 1e-9))
    step = swept / parts
    reach = 4.0 / 3.0 * math.tan(step / 4.0)
    curves: list[tuple[Point, ...]] = []
    for number in range(parts):
        t0, t1 = first + number * step, first + (number + 1) * step
        c0, s0, c1, s1 = math.cos(t0), math.sin(t0), math.cos(t1), math.sin(t1)
        curves.append(
            (
                frame.place(c0 - reach * s0, s0 + reach * c0),
                frame.place(c1 + reach * s1, s1 - reach * c1),
                end if number == parts - 1 else frame.place(c1, s1),
            )
        )
    return curves
