"""Matplotlib figures as PDF drawing operators with selectable text.

A figure is drawn once on a renderer that records operators in points; the recording is replayed
on the page. Images, gouraud shading and mathematical text are refused: no chart needs them, and
silence would print a wrong figure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from matplotlib.backend_bases import (  # noqa: TID253 - this module loads only while drawing charts
    GraphicsContextBase,
    RendererBase,
)
from matplotlib.path import Path  # noqa: TID253 - the same: a base class cannot come later

from core.report.fonts import FaceName, face_name
from core.report.text import printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text
    from matplotlib.transforms import Transform

    from core.report.pen import Pen

HATCH_TILE = 36.0
"""Side of a hatch tile in points."""
_CAPS = {"butt": 0, "round": 1, "projecting": 2}
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
    out: list[str] = []
    last = (0.0, 0.0)
    for points, code in path.iter_segments(transform, **options):
        p = [float(v) for v in points]
        if code == Path.MOVETO:
            out.append(f"{_num(p[0])} {_num(p[1])} m")
        elif code == Path.LINETO:
            out.append(f"{_num(p[0])} {_num(p[1])} l")
        elif code == Path.CURVE3:
            # the same parabola as a cubic
            first = [last[i] + 2.0 / 3.0 * (p[i] - last[i]) for i in (0, 1)]
            second = [p[2 + i] + 2.0 / 3.0 * (p[i] - p[2 + i]) for i in (0, 1)]
            out.append(" ".join(map(_num, (*first, *second, p[2], p[3]))) + " c")
        elif code == Path.CURVE4:
            out.append(" ".join(map(_num, p)) + " c")
        elif code == Path.CLOSEPOLY:
            out.append("h")
            continue
        last = (p[-2], p[-1])
    return "\n".join(out)


class VectorRenderer(RendererBase):
    """Records what a figure draws."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.drawing = Drawing(width, height)
        self._alpha = (1.0, 1.0)
        self._tiles: dict[str, str] = {}

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
        hatch = gc.get_hatch_path()
        stroked = gc.get_linewidth() > 0 and stroke > 0
        filled = face is not None and fill > 0
        if not (stroked or filled or hatch is not None):
            return
        width, height = self.get_canvas_width_height()
        body = _operators(
            path,
            transform,
            clip=None if filled or hatch is not None else (-9.0, -9.0, width + 9.0, height + 9.0),
            simplify=bool(path.should_simplify) and not filled,
        )
        if not body:
            return
        self._opacity(float(fill), float(stroke))
        clip = self._clip(gc)
        if filled and face is not None:
            paint = f"{' '.join(_num3(v) for v in face[:3])} rg\n{body}\nf"
            self.drawing.steps.append(f"q\n{clip}{paint}\nQ")
        if hatch is not None:
            self.drawing.steps.append(self._hatched(gc, hatch, path, transform, body, clip))
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
        hatch: Path,
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
        tile = self._tile(str(gc.get_hatch()), hatch)
        # tiles are counted from the page's corner, so that neighbouring shapes match
        columns = range(int(box.x0 // HATCH_TILE), int(np.ceil(box.x1 / HATCH_TILE)))
        rows = range(int(box.y0 // HATCH_TILE), int(np.ceil(box.y1 / HATCH_TILE)))
        for column in columns:
            for row in rows:
                place = f"1 0 0 1 {_num(column * HATCH_TILE)} {_num(row * HATCH_TILE)} cm"
                out.append(f"q {place}\n{tile}\nQ")
        out.append("Q")
        return "\n".join(out)

    def _tile(self, name: str, hatch: Path) -> str:
        """Operators of one hatch tile at the origin, made once per pattern."""
        if name not in self._tiles:
            from matplotlib.transforms import Affine2D

            codes: Any = hatch.codes
            closed = codes is not None and Path.CLOSEPOLY in codes
            lines = _operators(hatch, Affine2D().scale(HATCH_TILE))
            self._tiles[name] = f"{lines}\n{'B' if closed else 'S'}"
        return self._tiles[name]

    # -- text --------------------------------------------------------------------------------

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Size of a line in points."""
        _refuse_math(s, ismath)
        return super().get_text_width_height_descent(s, prop, False)

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
        weight, colour = prop.get_weight(), gc.get_rgb()
        bold = weight in ("bold", "semibold", "heavy", "black", "extra bold", "demibold") or (
            isinstance(weight, int) and weight >= 600
        )
        face = face_name(bold, prop.get_style() in ("italic", "oblique"))
        alpha = float(gc.get_alpha() if gc.get_forced_alpha() or len(colour) < 4 else colour[3])
        self._opacity(alpha, alpha)
        self.drawing.steps.append(
            Words(
                float(x),
                float(y),
                float(angle),
                printable(s).replace("\n", " "),
                face,
                float(prop.get_size_in_points()),
                (float(colour[0]), float(colour[1]), float(colour[2])),
            )
        )


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
