"""An SVG as a list of painted outlines, and those on a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.report.pen import Pen
from core.report.svg.numbers import Matrix, length, numbers, transform
from core.report.svg.paints import Gradient, Paint, Palette, Solid, number
from core.report.svg.refusal import Work, damaged, not_faithful, refused, too_complex, unsupported
from core.report.svg.shapes import SHAPES, Outline, outline_of
from core.report.svg.styles import INHERITED, apply_styles, style_of
from core.report.svg.tree import Node, parsed
from core.words import _

MOST_VISITS = 20_000
"""Elements drawn, counted again each time one is used again."""
MOST_CLIPS = 100
"""Shapes of one clip path."""
STEP = 30
"""What a line or curve costs, in characters read."""
MOST_USES = 8
"""Elements that may use each other in a row."""
_GROUPS = frozenset(("g", "a"))
_UNDRAWN = frozenset(("defs", "style", "clipPath", "linearGradient", "radialGradient"))
_HOSTILE = frozenset(("script", "foreignObject", "handler", "listener"))
_URL = re.compile(r"url\(\s*['\"]?#([^'\")]+)['\"]?\s*\)")
_CAPS = {"butt": 0, "round": 1, "square": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}


@dataclass(frozen=True, slots=True)
class Clip:
    """An outline beyond which nothing is drawn, in the drawing's own coordinates."""

    outline: Outline
    even_odd: bool


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line is drawn, in the shape's coordinates."""

    width: float
    cap: int
    join: int
    miter: float
    dashes: tuple[float, ...]
    offset: float


@dataclass(frozen=True, slots=True)
class Painted:
    """An outline with its paint; filled, or stroked where ``stroke`` is given."""

    outline: Outline
    matrix: Matrix
    paint: Paint
    opacity: float
    even_odd: bool
    stroke: Stroke | None
    clips: tuple[Clip, ...]


@dataclass(frozen=True, slots=True)
class SvgDrawing:
    """A drawing with its size in user units; y counts downwards."""

    width: float
    height: float
    base: Matrix
    """From the drawing's coordinates to a box of this size."""
    parts: tuple[Painted, ...]

    def draw(self, pen: Pen, x: float, y: float, width: float, height: float) -> None:
        """Draw into a box of a page with its lower left corner at (x, y), in points."""
        sx, sy = width / self.width, height / self.height
        place = Matrix(sx, 0.0, 0.0, -sy, x, y + height) @ self.base
        canvas = pen.canvas
        canvas.saveState()
        pen.emit(f"{_text(x)} {_text(y)} {_text(width)} {_text(height)} re W n")
        for part in self.parts:
            canvas.saveState()
            for clip in part.clips:
                rule = "W*" if clip.even_odd else "W"
                pen.emit(f"{_operators(clip.outline.moved(place))} {rule} n")
            _paint(pen, part, place @ part.matrix)
            canvas.restoreState()
        canvas.restoreState()


def _paint(pen: Pen, part: Painted, matrix: Matrix) -> None:
    canvas = pen.canvas
    if isinstance(part.paint, Gradient):
        pen.emit(f"{_operators(part.outline.moved(matrix))} {'W*' if part.even_odd else 'W'} n")
        _shade(pen, part.paint, matrix)
        return
    canvas.setFillAlpha(part.opacity)
    canvas.setStrokeAlpha(part.opacity)
    colour = " ".join(f"{channel:.4f}" for channel in part.paint.colour)
    if part.stroke is None:
        rule = "f*" if part.even_odd else "f"
        pen.emit(f"{colour} rg {_operators(part.outline.moved(matrix))} {rule}")
        return
    stroke = part.stroke
    dashes = " ".join(_text(d) for d in stroke.dashes)
    pen.emit(
        f"{_matrix(matrix)} cm {colour} RG {_text(stroke.width)} w {stroke.cap} J {stroke.join} j "
        f"{_text(stroke.miter)} M [{dashes}] {_text(stroke.offset)} d "
        f"{_operators(part.outline)} S"
    )


def _shade(pen: Pen, gradient: Gradient, matrix: Matrix) -> None:
    from reportlab.lib.colors import Color

    colours = [Color(*colour) for colour in gradient.colours]
    pen.emit(f"{_matrix(matrix @ gradient.matrix)} cm")
    if gradient.line is not None:
        pen.canvas.linearGradient(*gradient.line, colours, gradient.positions, extend=True)
    elif gradient.circle is not None:
        pen.canvas.radialGradient(*gradient.circle, colours, gradient.positions, extend=True)


def _text(value: float) -> str:
    text = f"{value:.5f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def _matrix(m: Matrix) -> str:
    return " ".join(f"{v:.8f}" for v in (m.a, m.b, m.c, m.d, m.e, m.f))


def _operators(outline: Outline) -> str:
    return " ".join(
        " ".join([*(_text(v) for point in points for v in point), operator])
        for operator, points in outline.steps
    )


# -- reading -------------------------------------------------------------------------------------


def read_svg(data: bytes) -> SvgDrawing:
    """The drawing. Raises SvgRefusedError with the reason where it cannot be printed faithfully."""
    root = parsed(data)
    for node in root.walk():
        if node.name in _HOSTILE:
            raise unsupported(node.name)
    view, width, height, base = _size(root)
    reader = _Reader(root, view)
    reader.children(root, _Place(Matrix(), INHERITED, 1.0, (), 0))
    if not reader.parts:
        raise refused(_("The SVG logo draws nothing."))
    return SvgDrawing(width, height, base, tuple(reader.parts))


def _size(root: Node) -> tuple[tuple[float, float], float, float, Matrix]:
    """Width and height that percentages count from; those of the picture; the way between."""
    given = root.attributes
    sizes = [
        None if "%" in given.get(key, "%") or given[key] == "auto" else length(given[key], 1.0)
        for key in ("width", "height")
    ]
    box = numbers(given["viewBox"]) if "viewBox" in given else []
    if box and len(box) != 4:
        raise damaged(f'viewBox="{given["viewBox"]}"')
    if not box:
        if sizes[0] is None or sizes[1] is None:
            raise refused(_("The SVG logo tells no size: it has neither a viewBox nor a width and "
                            "height."))  # fmt: skip  # one sentence
        box = [0.0, 0.0, sizes[0], sizes[1]]
    if box[2] <= 0 or box[3] <= 0 or any(s is not None and s <= 0 for s in sizes):
        raise damaged("viewBox, width, height")
    view = (box[2], box[3])
    to_corner = Matrix(e=-box[0], f=-box[1])
    if given.get("preserveAspectRatio", "").startswith("none") and None not in sizes:
        wide, high = (s or 1.0 for s in sizes)
        return view, wide, high, Matrix(wide / box[2], 0, 0, high / box[3]) @ to_corner
    return view, box[2], box[3], to_corner


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an element stands: transform, inherited style, opacity, clipping, uses so far."""

    matrix: Matrix
    style: Mapping[str, str]
    opacity: float
    clips: tuple[Clip, ...]
    uses: int


_Draw = Callable[[_Place], None]
"""Draws something at a place."""


@dataclass
class _Reader:
    """Walks what is drawn."""

    root: Node
    view: tuple[float, float]
    parts: list[Painted] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)
    visits: int = 0
    work: Work = field(default_factory=Work)

    def __post_init__(self) -> None:
        apply_styles(self.root)
        for node in self.root.walk():
            if node.attributes.get("id"):
                self.by_id.setdefault(node.attributes["id"], node)
        self.palette = Palette(self.by_id, *self.view, self.work)

    def children(self, node: Node, place: _Place) -> None:
        """Draw an element's children, in order, with the element's own style and effects."""
        style = style_of(node, place.style)

        def draw(inner: _Place) -> None:
            for kid in node.kids:
                self.element(kid, inner)

        self._with(node, style, place, draw)

    def _with(self, node: Node, style: dict[str, str], place: _Place, draw: _Draw) -> None:
        """Draw with an element's transform, clipping and opacity."""
        if style["display"] == "none":
            return
        own = number(style["opacity"])
        inner = _Place(
            place.matrix @ transform(node.attributes.get("transform", "")),
            style,
            place.opacity * own,
            place.clips,
            place.uses,
        )
        if own == 0.0 or inner.matrix.flat:
            return
        if style["clip-path"] != "none":
            clip = self._clip(style["clip-path"], inner)
            inner = _Place(inner.matrix, style, inner.opacity, (*place.clips, clip), place.uses)
        before = len(self.parts)
        draw(inner)
        if own < 1.0 and len(self.parts) > before + 1:
            # parts that overlap would show through each other, which a transparent group forbids
            raise not_faithful(_("a common opacity for several shapes"))

    def element(self, node: Node, place: _Place) -> None:
        """Draw one element."""
        self.visits += 1
        if self.visits > MOST_VISITS:
            raise too_complex()
        self.work.spend(node.weight)
        if node.name in _UNDRAWN:
            return
        if node.name in _GROUPS:
            self.children(node, place)
        elif node.name == "use":
            self._use(node, place)
        elif node.name in SHAPES:
            self._shape(node, place)
        else:
            raise unsupported(node.name)

    def _use(self, node: Node, place: _Place) -> None:
        link = node.attributes.get("href", "")
        target = self.by_id.get(link[1:])
        if target is None or place.uses >= MOST_USES:
            raise damaged(link)
        if target.name not in SHAPES and target.name not in _GROUPS and target.name != "use":
            raise unsupported(f"use > {target.name}")
        wide, high = self.view
        shift = Matrix(
            e=length(node.attributes.get("x", "0"), wide),
            f=length(node.attributes.get("y", "0"), high),
        )
        found = target

        def draw(inner: _Place) -> None:
            moved = _Place(
                inner.matrix @ shift, inner.style, inner.opacity, inner.clips, place.uses + 1
            )
            self.element(found, moved)

        self._with(node, style_of(node, place.style), place, draw)

    def _shape(self, node: Node, place: _Place) -> None:
        if node.kids:
            raise unsupported(f"{node.name} > {node.kids[0].name}")
        style = style_of(node, place.style)
        outline = outline_of(node, *self.view)
        self.work.spend(STEP * len(outline.steps))
        if style["visibility"] != "visible" or not outline.steps:
            return
        self._with(node, style, place, lambda inner: self._paints(outline, style, inner))

    def _paints(self, outline: Outline, style: dict[str, str], place: _Place) -> None:
        box = outline.box()
        fill = self.palette.paint(style["fill"], style, box)
        # filling what has no area paints nothing in SVG, but a hairline in PDF
        if fill is not None and box is not None and box[0] < box[2] and box[1] < box[3]:
            opacity = place.opacity * number(style["fill-opacity"])
            self._add(outline, place, fill, opacity, style["fill-rule"] == "evenodd", None)
        line = self.palette.paint(style["stroke"], style, box)
        width = length(style["stroke-width"], self.view[0])
        if line is not None and width > 0:
            if isinstance(line, Gradient):
                raise unsupported(f"stroke: {style['stroke']}")
            opacity = place.opacity * number(style["stroke-opacity"])
            self._add(outline, place, line, opacity, False, self._stroke(style, width))

    def _add(
        self,
        outline: Outline,
        place: _Place,
        paint: Paint,
        opacity: float,
        even_odd: bool,
        stroke: Stroke | None,
    ) -> None:
        if isinstance(paint, Solid):
            opacity *= paint.opacity
        elif opacity < 1.0:
            raise not_faithful(_("a transparent gradient"))
        if opacity > 0:
            part = Painted(outline, place.matrix, paint, opacity, even_odd, stroke, place.clips)
            self.parts.append(part)

    def _stroke(self, style: dict[str, str], width: float) -> Stroke:
        cap, join = _CAPS.get(style["stroke-linecap"]), _JOINS.get(style["stroke-linejoin"])
        if cap is None or join is None:
            raise unsupported(f"{style['stroke-linecap']} {style['stroke-linejoin']}")
        dashes: list[float] = []
        if style["stroke-dasharray"] != "none":
            parts = re.split(r"[\s,]+", style["stroke-dasharray"].strip())
            dashes = [length(part, self.view[0]) for part in parts if part]
            if any(d < 0 for d in dashes):
                raise damaged(style["stroke-dasharray"])
            dashes = dashes * (1 + len(dashes) % 2) if sum(dashes) > 0 else []
        miter = numbers(style["stroke-miterlimit"])
        if len(miter) != 1 or miter[0] < 1:
            raise damaged(style["stroke-miterlimit"])
        offset = length(style["stroke-dashoffset"], self.view[0])
        # PDF counts the offset from 0; a negative one starts further on in the same pattern
        if dashes:
            offset %= sum(dashes)
        return Stroke(width, cap, join, miter[0], tuple(dashes), offset if dashes else 0.0)

    def _clip(self, text: str, place: _Place) -> Clip:
        """The outlines of a clip path as one."""
        match = _URL.fullmatch(text)
        node = self.by_id.get(match[1].strip()) if match else None
        if node is None or node.name != "clipPath":
            raise unsupported(f"clip-path: {text}")
        if node.attributes.get("clipPathUnits", "userSpaceOnUse") != "userSpaceOnUse":
            raise unsupported("clipPathUnits")
        style = style_of(node, place.style)
        if style["clip-path"] != "none":
            raise unsupported("clipPath { clip-path }")
        matrix = place.matrix @ transform(node.attributes.get("transform", ""))
        whole, rules = Outline(), set()
        boxes: list[tuple[float, float, float, float]] = []
        if len(node.kids) > MOST_CLIPS:
            raise too_complex()
        for kid in node.kids:
            outline, rule = self._clip_part(kid, style, matrix)
            box = outline.box()
            if box is None:
                continue
            if any(_overlap(box, other) for other in boxes):
                raise not_faithful(_("a clip path of shapes that overlap"))
            boxes.append(box)
            rules.add(rule)
            whole.steps.extend(outline.steps)
        if len(rules) > 1:
            raise unsupported("clip-rule")
        if not whole.steps:
            whole.add("m", (0.0, 0.0))  # clips everything away
        return Clip(whole, "evenodd" in rules)

    def _clip_part(
        self, node: Node, above: Mapping[str, str], matrix: Matrix
    ) -> tuple[Outline, str]:
        self.work.spend(node.weight)
        style = style_of(node, above)
        matrix = matrix @ transform(node.attributes.get("transform", ""))
        if style["clip-path"] != "none":
            raise unsupported("clipPath { clip-path }")
        if style["display"] == "none" or style["visibility"] != "visible":
            return Outline(), style["clip-rule"]
        if node.name == "use":
            wide, high = self.view
            link = node.attributes.get("href", "")
            target = self.by_id.get(link[1:])
            if target is None or target.name not in SHAPES:
                raise unsupported(f"clipPath > use {link}")
            shift = Matrix(
                e=length(node.attributes.get("x", "0"), wide),
                f=length(node.attributes.get("y", "0"), high),
            )
            return self._clip_part(target, style, matrix @ shift)
        if node.name not in SHAPES:
            raise unsupported(f"clipPath > {node.name}")
        outline = outline_of(node, *self.view)
        self.work.spend(STEP * len(outline.steps))
        return outline.moved(matrix), style["clip-rule"]


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
