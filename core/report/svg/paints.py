"""What a shape is filled or stroked with: a colour or a gradient."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.report.style import Colour
from core.report.svg.numbers import NUMBER, Matrix, length, transform
from core.report.svg.refusal import Work, damaged, unsupported
from core.report.svg.styles import style_of
from core.report.svg.tree import Node

MOST_LINKS = 8
"""Gradients that may take over from each other in a row."""
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_FUNCTION = re.compile(r"rgba?\(([^()]*)\)", re.IGNORECASE)
_URL = re.compile(r"url\(\s*['\"]?#([^'\")]+)['\"]?\s*\)(.*)")


@dataclass(frozen=True, slots=True)
class Solid:
    """One colour with its opacity, 0..1."""

    colour: Colour
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Gradient:
    """Colours along a line (x0, y0, x1, y1) or from a centre outwards (x, y, radius).

    ``matrix`` takes these to the shape's coordinates; positions rise from 0 to 1.
    """

    line: tuple[float, float, float, float] | None
    circle: tuple[float, float, float] | None
    matrix: Matrix
    colours: tuple[Colour, ...]
    positions: tuple[float, ...]


Paint = Solid | Gradient


def number(text: str) -> float:
    """A share, 0..1, plain or as a percentage, cut to that range."""
    match = re.fullmatch(rf"({NUMBER.pattern})(%?)", text.strip())
    if match is None:
        raise damaged(text)
    value = float(match[1]) / (100.0 if match[2] else 1.0)
    return min(max(value, 0.0), 1.0)


def colour(text: str, current: str = "black") -> Solid:
    """A colour as style sheets write it. Raises SvgRefusedError."""
    text = text.strip()
    if text.lower() == "currentcolor":
        text = current
    if text.lower() == "transparent":
        return Solid((0.0, 0.0, 0.0), 0.0)
    if _HEX.fullmatch(text):
        digits = text[1:]
        if len(digits) < 6:
            digits = "".join(2 * d for d in digits)
        values = [int(digits[i : i + 2], 16) / 255 for i in range(0, len(digits), 2)]
        return Solid((values[0], values[1], values[2]), values[3] if len(values) == 4 else 1.0)
    match = _FUNCTION.fullmatch(text)
    if match:
        parts = [part for part in re.split(r"[\s,/]+", match[1].strip()) if part]
        if len(parts) not in (3, 4):
            raise damaged(text)
        red, green, blue = (_channel(part) for part in parts[:3])
        return Solid((red, green, blue), number(parts[3]) if len(parts) == 4 else 1.0)
    from PIL import ImageColor

    named = ImageColor.colormap.get(text.lower())
    if not isinstance(named, str):
        raise unsupported(text)
    return colour(named)


def _channel(text: str) -> float:
    match = re.fullmatch(rf"({NUMBER.pattern})(%?)", text)
    if match is None:
        raise damaged(text)
    return min(max(float(match[1]) / (100.0 if match[2] else 255.0), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Palette:
    """Finds the paint that a property names."""

    by_id: Mapping[str, Node]
    width: float
    height: float
    work: Work

    def paint(
        self, text: str, style: Mapping[str, str], box: tuple[float, float, float, float] | None
    ) -> Paint | None:
        """The paint of a shape with a bounding box; ``None`` for nothing."""
        if text == "none":
            return None
        match = _URL.fullmatch(text)
        if match is None:
            if "url(" in text:
                raise unsupported(text)
            return colour(text, style["color"])
        node = self.by_id.get(match[1].strip())
        if node is None:
            raise damaged(text)
        if node.name not in ("linearGradient", "radialGradient"):
            raise unsupported(node.name)
        return self._gradient(node, box)

    def _gradient(self, node: Node, box: tuple[float, float, float, float] | None) -> Paint | None:
        given, holder = self._taken_over(node)
        colours, positions = self._stops(holder)
        if not colours:
            return None
        if given.get("spreadMethod", "pad") != "pad":
            raise unsupported(f'spreadMethod="{given["spreadMethod"]}"')
        by_box = given.get("gradientUnits", "objectBoundingBox") == "objectBoundingBox"
        matrix = transform(given.get("gradientTransform", ""))
        if by_box:
            if box is None or box[2] <= box[0] or box[3] <= box[1]:
                return None
            matrix = Matrix(box[2] - box[0], 0, 0, box[3] - box[1], box[0], box[1]) @ matrix
        wide, high = (1.0, 1.0) if by_box else (self.width, self.height)
        last = Solid(colours[-1])
        if matrix.flat:
            return None
        if node.name == "linearGradient":
            ends = (
                length(given.get("x1", "0%"), wide),
                length(given.get("y1", "0%"), high),
                length(given.get("x2", "100%"), wide),
                length(given.get("y2", "0%"), high),
            )
            if len(set(colours)) == 1 or ends[:2] == ends[2:]:
                return last
            return Gradient(ends, None, matrix, colours, positions)
        diagonal = ((wide * wide + high * high) / 2.0) ** 0.5
        x, y = length(given.get("cx", "50%"), wide), length(given.get("cy", "50%"), high)
        radius = length(given.get("r", "50%"), diagonal)
        focus = (
            length(given.get("fx", str(x)), wide),
            length(given.get("fy", str(y)), high),
        )
        off = max(abs(focus[0] - x), abs(focus[1] - y))
        if off > 1e-3 * radius or given.get("fr", "0") not in ("0", "0%"):
            raise unsupported(f"{node.name} fx, fy, fr")
        if len(set(colours)) == 1 or radius <= 0:
            return last
        return Gradient(None, (x, y, radius), matrix, colours, positions)

    def _taken_over(self, node: Node) -> tuple[dict[str, str], Node]:
        """Attributes with those of the gradients it refers to, and the one that has stops."""
        given: dict[str, str] = {}
        holder: Node | None = None
        at: Node | None = node
        for _step in range(MOST_LINKS):
            if at is None:
                break
            self.work.spend(at.weight + 20 * len(at.kids))
            given = {**at.attributes, **given}
            if holder is None and any(kid.name == "stop" for kid in at.kids):
                holder = at
            link = at.attributes.get("href", "")
            at = self.by_id.get(link[1:]) if link else None
            if link and (at is None or at.name not in ("linearGradient", "radialGradient")):
                raise damaged(link)
        if at is not None:
            raise damaged(node.attributes.get("href", node.name))
        return given, holder or node

    def _stops(self, holder: Node) -> tuple[tuple[Colour, ...], tuple[float, ...]]:
        colours: list[Colour] = []
        positions: list[float] = []
        for kid in holder.kids:
            if kid.name != "stop":
                raise unsupported(f"{holder.name} > {kid.name}")
            style = style_of(kid, {})
            solid = colour(style["stop-color"], style["color"])
            if solid.opacity * number(style["stop-opacity"]) < 0.999:
                raise unsupported("stop-opacity")
            place = number(kid.attributes.get("offset", "0"))
            colours.append(solid.colour)
            positions.append(max(place, positions[-1]) if positions else place)
        if colours and positions[0] > 0.0:
            colours.insert(0, colours[0])
            positions.insert(0, 0.0)
        if colours and positions[-1] < 1.0:
            colours.append(colours[-1])
            positions.append(1.0)
        return tuple(colours), tuple(positions)
