"""Matplotlib figures as PDF drawing operators with selectable text.

A figure is drawn once on a renderer that records operators in points; the recording is replayed
on the page. Images, gouraud shading and mathematical text are refused: no chart needs them, and
silence would print a wrong figure.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from matplotlib.backend_bases import (  # noqa: TID253 - this module loads only while drawing charts
    GraphicsContextBase,
    RendererBase,
)
from matplotlib.path import Path  # noqa: TID253 - the same: a base class cannot come later

from core.report.fonts import FaceName, face_name
from core.report.text import printable, width_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text
    from matplotlib.transforms import Transform

    from core.report.pen import Pen

HATCH_TILE = 72.0
"""Side of a hatch tile in points, as on the screen."""
DOT_LIMIT = 3.0
"""Closed curves of a hatch below this size (points) are drawn as dots."""
_CAPS = {"butt": 0, "round": 1, "projecting": 2}
_BOLD = frozenset(("bold", "semibold", "demibold", "demi", "heavy", "black", "extra bold"))
_JOINS = {"miter": 0, "round": 1, "bevel": 2}


class UnsupportedDrawingError(ValueError):
    """A figure uses something that has no faithful vector form here."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text on the figure: place, angle in degrees, face, size and colour."""

    x: float
    y: float
    angle: float
    text: str
    face: FaceName
    size: float
    colour: tuple[float, float, float]


@dataclass
class Drawing:
    """A recorded figure, in points from its lower left corner."""

    width: float
    height: float
    steps: list[str | Words | tuple[float, float]] = field(default_factory=list)
    """Operators, texts, and (fill, stroke) opacities that hold for the next operators."""

    def replay(self, pen: Pen, x: float, y: float) -> None:
        """Draw with the lower left corner at (x, y)."""
        canvas = pen.canvas
        canvas.saveState()
        canvas.translate(x, y)
        for step in self.steps:
            if isinstance(step, str):
                pen.emit(step)
            elif isinstance(step, tuple):
                canvas.setFillAlpha(step[0])
                canvas.setStrokeAlpha(step[1])
            elif step.angle:
                canvas.saveState()
                canvas.translate(step.x, step.y)
                canvas.rotate(step.angle)
                pen.text(0.0, 0.0, step.text, step.face, step.size, step.colour)
                canvas.restoreState()
            else:
                pen.text(step.x, step.y, step.text, step.face, step.size, step.colour)
        canvas.restoreState()


def _num(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def _operators(path: Any, transform: Transform, **options: Any) -> str:
    """Path construction operators of a path in points."""
    cleaned = path.cleaned(transform=transform, remove_nans=True, curves=True, **options)
    points, codes = cleaned.vertices.tolist(), cleaned.codes.tolist()
    out: list[str] = []
    last, at = (0.0, 0.0), 0
    while at < len(codes):
        code, p = codes[at], points[at]
        if code == Path.MOVETO:
            out.append(f"{_num(p[0])} {_num(p[1])} m")
        elif code == Path.LINETO:
            out.append(f"{_num(p[0])} {_num(p[1])} l")
        elif code == Path.CURVE3:
            end = points[at + 1]
            # the same parabola as a cubic
            first = [last[i] + 2.0 / 3.0 * (p[i] - last[i]) for i in (0, 1)]
            second = [end[i] + 2.0 / 3.0 * (p[i] - end[i]) for i in (0, 1)]
            out.append(" ".join(map(_num, (*first, *second, *end))) + " c")
            p, at = end, at + 1
        elif code == Path.CURVE4:
            end = points[at + 2]
            out.append(" ".join(map(_num, (*p, *points[at + 1], *end))) + " c")
            p, at = end, at + 2
        elif code == Path.CLOSEPOLY:
            out.append("h")
            p = last
        else:  # Path.STOP
            break
        last, at = (p[0], p[1]), at + 1
    return "\n".join(out)


@dataclass(frozen=True, slots=True)
class HatchStroke:
    """One stroke of a hatch tile: a line, a dot (diameter above 0) or an outline."""

    box: tuple[float, float, float, float]
    points: tuple[tuple[float, ...], ...]
    codes: tuple[int, ...]
    dot: float = 0.0

    def at(self, dx: float, dy: float, reach: tuple[float, float, float, float]) -> str:
        """Operators with the tile's corner at (dx, dy); "" where it does not meet ``reach``."""
        x0, y0, x1, y1 = self.box
        if x1 + dx < reach[0] or y1 + dy < reach[1] or x0 + dx > reach[2] or y0 + dy > reach[3]:
            return ""
        if self.dot:
            place = f"{_num((x0 + x1) / 2.0 + dx)} {_num((y0 + y1) / 2.0 + dy)}"
            return f"1 J {_num(self.dot)} w {place} m {place} l S"
        out = []
        for p, code in zip(self.points, self.codes, strict=True):
            moved = " ".join(_num(v + (dx if i % 2 == 0 else dy)) for i, v in enumerate(p))
            out.append("h" if code == Path.CLOSEPOLY else f"{moved} {_OPERATORS[code]}")
        return " ".join(out) + " S"


_OPERATORS = {int(Path.MOVETO): "m", int(Path.LINETO): "l", int(Path.CURVE4): "c"}


@functools.cache
def _hatch_strokes(pattern: str) -> tuple[HatchStroke, ...]:
    """The strokes of a hatch pattern's tile in points. Small closed shapes become round dots."""
    from matplotlib.transforms import Affine2D

    hatch: Any = Path.hatch(pattern)
    strokes: list[HatchStroke] = []
    points: list[tuple[float, ...]] = []
    codes: list[int] = []

    def end() -> None:
        if len(points) < 2:
            return
        xs = [v for p in points for v in p[0::2]]
        ys = [v for p in points for v in p[1::2]]
        box = (min(xs), min(ys), max(xs), max(ys))
        side = max(box[2] - box[0], box[3] - box[1])
        curved = Path.CURVE4 in codes
        dot = side if curved and side < DOT_LIMIT else 0.0
        strokes.append(HatchStroke(box, tuple(points), tuple(codes), dot))

    for values, code in hatch.iter_segments(Affine2D().scale(HATCH_TILE), simplify=False):
        if code == Path.MOVETO:
            end()
            points, codes = [], []
        if code == Path.CURVE3:
            raise UnsupportedDrawingError("a hatch with quadratic curves")
        points.append(() if code == Path.CLOSEPOLY else tuple(float(v) for v in values))
        codes.append(int(code))
    end()
    return tuple(strokes)


class VectorRenderer(RendererBase):
    """Records what a figure draws."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.drawing = Drawing(width, height)
        self._alpha = (1.0, 1.0)
        self._heights: dict[float, tuple[float, float]] = {}

    # -- geometry of the page ----------------------------------------------------------------

    def flipy(self) -> bool:
        """PDF counts upwards, as matplotlib does."""
        return False

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Size in points."""
        return self.drawing.width, self.drawing.height

    def points_to_pixels(self, points: Any) -> Any:
        """One unit is one point."""
        return points

    # -- refused -----------------------------------------------------------------------------

    def draw_image(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise UnsupportedDrawingError("a chart contains a bitmap image; draw it with paths")

    def draw_gouraud_triangles(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise UnsupportedDrawingError("a chart contains gouraud shading; draw it with paths")

    def draw_tex(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise UnsupportedDrawingError("a chart contains TeX; write plain text")

    # -- paths -------------------------------------------------------------------------------

    def _clip(self, gc: GraphicsContextBase) -> str:
        out = ""
        box = gc.get_clip_rectangle()
        if box is not None:
            out += f"{' '.join(_num(float(v)) for v in box.bounds)} re W n\n"
        path, transform = gc.get_clip_path()
        if path is not None and transform is not None:
            out += f"{_operators(path, transform)}\nW n\n"
        return out

    def _opacity(self, fill: float, stroke: float) -> None:
        if (fill, stroke) != self._alpha:
            self._alpha = (fill, stroke)
            self.drawing.steps.append(self._alpha)

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,  # noqa: N803 - the name matplotlib calls it by
    ) -> None:
        """Fill, hatch and stroke one path."""
        face = None if rgbFace is None else tuple(float(v) for v in rgbFace)
        colour = gc.get_rgb()
        forced = gc.get_forced_alpha()
        fill = 1.0 if face is None else gc.get_alpha() if forced or len(face) < 4 else face[3]
        stroke = gc.get_alpha() if forced or len(colour) < 4 else colour[3]
        hatch = bool(gc.get_hatch())
        stroked = gc.get_linewidth() > 0 and stroke > 0
        filled = face is not None and fill > 0
        if not (stroked or filled or hatch):
            return
        width, height = self.get_canvas_width_height()
        body = _operators(
            path,
            transform,
            clip=None if filled or hatch else (-9.0, -9.0, width + 9.0, height + 9.0),
            simplify=bool(path.should_simplify) and not filled,
        )
        if not body:
            return
        self._opacity(float(fill), float(stroke))
        clip = self._clip(gc)
        if filled and face is not None:
            paint = f"{' '.join(_num3(v) for v in face[:3])} rg\n{body}\nf"
            self.drawing.steps.append(f"q\n{clip}{paint}\nQ")
        if hatch:
            self.drawing.steps.append(self._hatched(gc, path, transform, body, clip))
        if stroked:
            self.drawing.steps.append(f"q\n{clip}{self._pen(gc, colour)}{body}\nS\nQ")

    def _pen(self, gc: GraphicsContextBase, colour: Any) -> str:
        out = f"{' '.join(_num3(float(v)) for v in colour[:3])} RG {_num(gc.get_linewidth())} w "
        out += f"{_CAPS[str(gc.get_capstyle())]} J {_JOINS[str(gc.get_joinstyle())]} j "
        dashing: Any = gc.get_dashes()
        offset, dashes = dashing
        if dashes is not None and len(dashes):
            out += f"[{' '.join(_num(float(d)) for d in dashes)}] {_num(float(offset))} d "
        return out + "\n"

    def _hatched(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        body: str,
        clip: str,
    ) -> str:
        """Tiles of the hatch clipped by the shape."""
        box = path.get_extents(transform)
        shade: Any = gc.get_hatch_color()
        colour = " ".join(_num3(float(v)) for v in shade[:3])
        out = [
            f"q\n{clip}{body}\nW n",
            f"{colour} RG {colour} rg {_num(gc.get_hatch_linewidth())} w",
        ]
        tile = _hatch_strokes(str(gc.get_hatch()))
        # tiles are counted from the page's corner, so that neighbouring shapes match
        columns = range(int(box.x0 // HATCH_TILE), int(np.ceil(box.x1 / HATCH_TILE)))
        rows = range(int(box.y0 // HATCH_TILE), int(np.ceil(box.y1 / HATCH_TILE)))
        reach = (box.x0 - 1.0, box.y0 - 1.0, box.x1 + 1.0, box.y1 + 1.0)
        for column in columns:
            for row in rows:
                for stroke in tile:
                    code = stroke.at(column * HATCH_TILE, row * HATCH_TILE, reach)
                    if code:
                        out.append(code)
        out.append("Q")
        return "\n".join(out)

    # -- text --------------------------------------------------------------------------------

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Width as printed; height and descent of the face, which matplotlib's layout assumes."""
        _refuse_math(s, ismath)
        size = float(prop.get_size_in_points())
        if size not in self._heights:
            _, height, descent = super().get_text_width_height_descent("lp", prop, False)
            self._heights[size] = (float(height), float(descent))
        return (width_of(printable(s), _face_of(prop), size), *self._heights[size])

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """One line of text with its baseline's start at (x, y)."""
        _refuse_math(s, ismath)
        colour = gc.get_rgb()
        alpha = float(gc.get_alpha() if gc.get_forced_alpha() or len(colour) < 4 else colour[3])
        self._opacity(alpha, alpha)
        self.drawing.steps.append(
            Words(
                float(x),
                float(y),
                float(angle),
                printable(s).replace("\n", " "),
                _face_of(prop),
                float(prop.get_size_in_points()),
                (float(colour[0]), float(colour[1]), float(colour[2])),
            )
        )


def _face_of(prop: FontProperties) -> FaceName:
    weight = prop.get_weight()
    bold = weight in _BOLD or (isinstance(weight, int) and weight >= 600)
    return face_name(bold, prop.get_style() in ("italic", "oblique"))


def _num3(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


def _refuse_math(text: str, ismath: Any) -> None:
    if ismath:
        raise UnsupportedDrawingError(f"a chart contains mathematical text: {text!r}")


def record(figure: Figure) -> Drawing:
    """Draw a figure once. Raises UnsupportedDrawingError."""
    figure.set_dpi(72.0)
    width, height = (float(v) * 72.0 for v in figure.get_size_inches())
    renderer = VectorRenderer(width, height)
    figure.draw(renderer)
    return renderer.drawing
