from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.report.svg.numbers import Matrix, length, transform
from core.report.svg.shapes import Outline, Point, arc, path_outline

SIZES = st.floats(0.5, 50.0)


def on_curve(start: Point, points: tuple[Point, ...], t: float) -> Point:
    p, s = (start, *points), 1 - t
    weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
    return (
        sum(w * q[0] for w, q in zip(weights, p, strict=True)),
        sum(w * q[1] for w, q in zip(weights, p, strict=True)),
    )


@given(SIZES, SIZES, st.floats(-180, 180), st.floats(0, 6.28), st.floats(0.2, 6.0), st.booleans())
def test_an_arc_lies_on_its_ellipse(
    rx: float, ry: float, turn: float, first: float, swept: float, sweep: bool
) -> None:
    angle = math.radians(turn)
    frame = Matrix(
        math.cos(angle) * rx, math.sin(angle) * rx, -math.sin(angle) * ry, math.cos(angle) * ry,
        7.0, -3.0,
    )  # fmt: skip  # rows of a matrix
    last = first + (swept if sweep else -swept)
    start = frame.place(math.cos(first), math.sin(first))
    end = frame.place(math.cos(last), math.sin(last))
    curves = arc(start, rx, ry, turn, swept > math.pi, sweep, end)
    assert curves[-1][-1] == end
    away, total, at = 0.0, 0.0, start
    for points in curves:
        for t in (0.0, 0.25, 0.5, 0.75, 1.0):
            x, y = on_curve(at, points, t)
            u = ((x - 7) * math.cos(angle) + (y + 3) * math.sin(angle)) / rx
            v = ((y + 3) * math.cos(angle) - (x - 7) * math.sin(angle)) / ry
            away = max(away, abs(math.hypot(u, v) - 1.0))
        at = points[-1]
        total += 1
    assert away < 1e-3  # a cubic curve of a quarter turn is off by 0.03 %
    assert total == pytest.approx(math.ceil(swept / (math.pi / 2)), abs=1)


def test_a_half_circle_by_hand() -> None:
    curves = arc((0.0, 0.0), 1.0, 1.0, 0.0, False, True, (2.0, 0.0))
    assert curves[0][-1] == pytest.approx((1.0, -1.0))
    # radii that are too small grow until they reach: the same half circle
    assert arc((0.0, 0.0), 0.1, 0.1, 0.0, False, True, (2.0, 0.0))[0][-1] == pytest.approx(
        (1.0, -1.0)
    )
    assert arc((0.0, 0.0), 0.0, 5.0, 0.0, False, True, (2.0, 0.0)) == [((2.0, 0.0),)]


def test_path_commands_by_hand() -> None:
    outline = path_outline("M1 2 3 4h1v-2l.5.5-1e0,0zm5 5H9")
    assert outline.steps == [
        ("m", ((1, 2),)), ("l", ((3, 4),)), ("l", ((4, 4),)), ("l", ((4, 2),)),
        ("l", ((4.5, 2.5),)), ("l", ((3.5, 2.5),)), ("h", ()), ("m", ((6, 7),)), ("l", ((9, 7),)),
    ]  # fmt: skip  # steps
    smooth = path_outline("M0 0C0 1 2 3 4 4S8 8 9 9").steps[-1][1]
    assert smooth[0] == (6, 5)  # (2, 3) mirrored at (4, 4)
    assert path_outline("M0 0zL1 1").steps[2:] == [("m", ((0, 0),)), ("l", ((1, 1),))]


def test_the_box_of_a_curve_is_exact() -> None:
    outline = Outline()
    outline.add("m", (0.0, 0.0))
    outline.add("c", (0.0, 4.0), (10.0, 4.0), (10.0, 0.0))
    assert outline.box() == pytest.approx((0.0, 0.0, 10.0, 3.0))


def test_transforms_apply_from_right_to_left() -> None:
    assert transform("translate(10 0) scale(2)").place(3, 4) == (16, 8)
    assert transform("rotate(90 1 1)").place(2, 1) == pytest.approx((1, 2))
    assert transform("matrix(1 2 3 4 5 6)").place(1, 1) == (9, 12)
    assert transform("skewX(45)").place(0, 2) == pytest.approx((2, 2))
    assert transform("").place(3, 4) == (3, 4)


def test_lengths_in_user_units_of_96_to_the_inch() -> None:
    assert length("1in", 0) == 96 and length("72pt", 0) == pytest.approx(96)
    assert length("25.4mm", 0) == pytest.approx(96) and length("10%", 50) == 5
