from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from core.charts.text import font_family
from core.report.text import width_of
from core.report.vector import Drawing, UnsupportedDrawingError, Words, record


def figure() -> Figure:
    return Figure(figsize=(4.0, 2.0), dpi=100)


def words(drawing: Drawing) -> dict[str, Words]:
    return {step.text: step for step in drawing.steps if isinstance(step, Words)}


def operators(drawing: Drawing) -> str:
    return "\n".join(step for step in drawing.steps if isinstance(step, str))


def text(fig: Figure, x: float, y: float, label: str, **style: object) -> None:
    fig.text(x, y, label, family=font_family(), fontsize=8.0, parse_math=False, **style)  # type: ignore[arg-type]  # styles of several types


def test_text_stays_text_at_its_place() -> None:
    fig = figure()
    text(fig, 0.5, 0.5, "Cost & <b>", va="baseline")
    text(fig, 0.25, 0.5, "up", rotation=90, weight="bold", color="#ff0000")
    found = words(record(fig))
    plain, up = found["Cost & <b>"], found["up"]
    assert (plain.x, plain.y) == pytest.approx((144.0, 72.0), abs=0.6)
    assert (plain.size, plain.face, plain.angle) == (8.0, "AdvisorSans", 0.0)
    assert (up.face, up.angle, up.colour) == ("AdvisorSans-Bold", 90.0, (1.0, 0.0, 0.0))


def test_right_aligned_text_ends_where_it_should() -> None:
    fig = figure()
    text(fig, 1.0, 0.5, "1,234 kW", ha="right")
    found = words(record(fig))["1,234 kW"]
    assert found.x + width_of(found.text, "AdvisorSans", 8.0) == pytest.approx(288.0, abs=0.1)


def test_a_rectangle_is_filled_and_stroked_in_points() -> None:
    fig = figure()
    fig.patch.set_visible(False)
    fig.add_artist(Rectangle((0.25, 0.5), 0.5, 0.25, transform=fig.transFigure,
                             facecolor="#00ff00", edgecolor="#0000ff", linewidth=2.0))  # fmt: skip
    code = operators(record(fig))
    assert "0 1 0 rg\n72 72 m\n216 72 l\n216 108 l\n72 108 l\nh\nf" in code
    assert "0 0 1 RG 2 w" in code


def test_a_quadratic_curve_is_the_same_as_a_cubic() -> None:
    fig = figure()
    fig.patch.set_visible(False)
    path = Path([(0.0, 0.0), (30.0, 60.0), (60.0, 0.0)], [Path.MOVETO, Path.CURVE3, Path.CURVE3])
    fig.add_artist(PathPatch(path, transform=None, fill=False))
    # control points at two thirds of the way to the quadratic one
    assert "0 0 m\n20 40 40 40 60 0 c" in operators(record(fig))


def test_opacity_is_kept() -> None:
    fig = figure()
    fig.add_artist(Rectangle((0, 0), 1, 1, transform=fig.transFigure, facecolor="k", alpha=0.25))
    assert any(isinstance(s, tuple) and s[0] == pytest.approx(0.25) for s in record(fig).steps)


def test_hatches_are_drawn_inside_their_shape_only() -> None:
    fig = figure()
    fig.patch.set_visible(False)
    for x, hatch in ((0.1, "////"), (0.5, "....")):
        box = Rectangle((x, 0.2), 0.2, 0.5, transform=fig.transFigure, hatch=hatch, linewidth=0,
                        facecolor="none", edgecolor="k")  # fmt: skip  # short
        fig.add_artist(box)
    lines, dots = (s for s in record(fig).steps if isinstance(s, str))
    assert "W n" in lines and lines.count(" l S") > 3
    assert dots.count("1 J") > 20 and len(dots) < 20_000


def test_what_has_no_vector_form_is_refused() -> None:
    image = figure()
    image.add_axes((0, 0, 1, 1)).imshow(np.eye(3))
    with pytest.raises(UnsupportedDrawingError, match="image"):
        record(image)
    maths = figure()
    maths.text(0.5, 0.5, "$x^2$")
    with pytest.raises(UnsupportedDrawingError, match="mathematical"):
        record(maths)
    shaded = figure()
    axes = shaded.add_axes((0, 0, 1, 1))
    axes.tripcolor([0, 1, 0.5], [0, 0, 1], [0, 1, 2], shading="gouraud")
    with pytest.raises(UnsupportedDrawingError, match="gouraud"):
        record(shaded)
