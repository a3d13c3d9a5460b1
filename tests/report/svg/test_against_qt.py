"""The same SVG printed by us and painted by Qt, pixel by pixel: two programs that share no code."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from reportlab.pdfgen.canvas import Canvas

from core.report.logo import checked
from core.report.pen import Pen
from core.report.style import ACCENT
from core.report.tags import Structure

WIDE, HIGH = 400, 300
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
BOX = HEAD + 'viewBox="0 0 400 300">'
STAR = "M200 20L260 180L100 80H300L140 180Z"
DRAWINGS = {
    "basic shapes": '<rect x="20" y="20" width="120" height="80" rx="18" fill="#17567d"/>'
    '<circle cx="220" cy="70" r="50" fill="rgb(200, 30, 30)"/>'
    '<ellipse cx="330" cy="70" rx="60" ry="30" fill="seagreen"/>'
    '<polygon points="40,280 120,150 200,280" fill="#fa0"/>'
    '<polyline points="220,280 260,160 300,280 340,160" fill="none" stroke="navy"'
    ' stroke-width="9" stroke-linejoin="round" stroke-linecap="round"/>'
    '<line x1="350" y1="150" x2="390" y2="290" stroke="black" stroke-width="6"/>',
    "path commands": '<path fill="#345" d="m30 40h60v40l-30 30-30-30zM130 40c20-40 60-40 80 0s60 40'
    ' 80 0V120H130z"/><path fill="none" stroke="#c30" stroke-width="5" d="M30 200q30-60 60 0t60 0'
    ' 60 0T340 200"/><path fill="#083" d="M60 230a40 25 -20 1 0 60 10zM200 240A30 30 0 0 1 260'
    ' 240 30 30 0 00 320 240L320 290H200z"/><path d="M350 40l20 0 0 20zm0 40 20 0 0 20z"/>',
    "arc flags without gaps": '<path d="M100 150a80 40 30 1150.5.5a20 20 0 01-9 60z" fill="#555"/>',
    "fill rules": f'<path d="{STAR}" fill="teal"/>'
    f'<path d="{STAR}" fill="teal" fill-rule="evenodd" transform="translate(0 130) scale(.9)"/>',
    "transforms": '<g transform="translate(100,80) rotate(30)"><rect width="80" height="40"'
    ' fill="purple"/><rect width="80" height="40" fill="none" stroke="#0a0" stroke-width="8"'
    ' transform="scale(2 .7)skewX(20)"/></g><rect x="200" y="200" width="60" height="60"'
    ' transform="rotate(45,230,230) matrix(1 0 .2 1 0 0)"/>',
    "classes": '<style>/* made by a program */ .a{fill:#e63;stroke:#222;stroke-width:4px} .b, #c'
    "{fill:#36e} .a.wide{stroke-width:14} rect{fill:#999}</style>"
    '<rect x="20" y="20" width="90" height="90"/><rect class="a" x="140" y="20" width="90"'
    ' height="90"/><rect class="b" x="260" y="20" width="90" height="90"/>'
    '<circle class="a wide" cx="80" cy="200" r="50"/><circle id="c" cx="200" cy="200" r="50"/>'
    '<circle class="b" style="fill:#111" cx="320" cy="200" r="50"/>',
    "inheritance": '<g fill="#a00" stroke="#00a" stroke-width="6"><rect x="30" y="30" width="100"'
    ' height="100"/><g fill="none"><circle cx="220" cy="80" r="50"/></g><g color="#0a5">'
    '<rect x="60" y="180" width="80" height="80" fill="currentColor" stroke="none"/></g>'
    '<rect x="200" y="180" width="80" height="80" visibility="hidden"/></g>',
    "use": '<defs><path id="p" d="M0 0h50v50z"/><g id="q"><use href="#p"/><circle cx="60" cy="60"'
    ' r="20"/></g></defs><use xlink:href="#p" x="40" y="40" fill="red"/>'
    '<use href="#q" transform="translate(150 60) scale(2)" fill="#258"/>',
    "opacity": '<rect x="30" y="30" width="200" height="150" fill="#17567d" opacity=".5"/>'
    '<circle cx="230" cy="170" r="90" fill="#c00" fill-opacity=".4"/>'
    '<path d="M30 250H370" stroke="#000" stroke-opacity=".5" stroke-width="20"/>',
    "gradients": '<defs><linearGradient id="l"><stop offset="0" stop-color="#fd0"/><stop'
    ' offset="1" stop-color="#c03"/></linearGradient><linearGradient id="m" x1="0" y1="0" x2="0"'
    ' y2="1" xlink:href="#l"/><radialGradient id="r" gradientUnits="userSpaceOnUse" cx="300"'
    ' cy="220" r="60"><stop offset="0" stop-color="white"/><stop offset=".6"'
    ' style="stop-color:#3a7"/><stop offset="100%" stop-color="#036"/></radialGradient></defs>'
    '<rect x="20" y="20" width="160" height="100" fill="url(#l)"/>'
    '<path d="M200 20h180v100z" fill="url(#m)"/>'
    '<rect x="30" y="160" width="140" height="100" rx="30" fill="url(#m)"'
    ' transform="rotate(10 100 200)"/><circle cx="300" cy="220" r="70" fill="url(#r)"/>',
    "dashes": '<g fill="none" stroke="#000"><path d="M20 40H380" stroke-width="10"'
    ' stroke-dasharray="30 10"/><path d="M20 100H380" stroke-width="8" stroke-dasharray="20"'
    ' stroke-dashoffset="-7"/><path d="M40 250L200 150 360 250" stroke-width="24"'
    ' stroke-miterlimit="2"/></g>',
    "editors' notes": '<metadata><x>1</x></metadata><title>Logo</title><defs/><g id="Layer_1">'
    '<desc>d</desc><path d="M50 50h200v200z"/></g>',
    "nothing beyond the edge": '<rect x="-500" y="100" width="5000" height="60" fill="#456"/>',
}  # fmt: skip  # drawings


def printed(svg: bytes, folder: Path) -> np.ndarray:
    """Our vectors, painted by poppler at one pixel a point."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(WIDE + 40, HIGH + 40), invariant=1)
    structure = Structure()
    pen = Pen(canvas, structure, ACCENT)
    with pen.artifact():
        checked(svg).draw(pen, 20.0, 20.0, float(WIDE), float(HIGH))
    canvas.showPage()
    canvas.save()
    (folder / "logo.pdf").write_bytes(target.getvalue())
    subprocess.run(
        ["pdftoppm", "-r", "72", "-png", "logo.pdf", "page"], cwd=folder, check=True, timeout=60
    )
    image = np.asarray(Image.open(next(folder.glob("page*.png"))).convert("RGB"), dtype=float)
    margin = np.ones(image.shape[:2], dtype=bool)
    margin[19:-19, 19:-19] = False
    assert (image[margin] == 255.0).all()  # nothing beside the box
    return image[20:-20, 20:-20]


def painted(svg: bytes) -> np.ndarray:
    """The same by Qt."""
    image = QImage(WIDE, HIGH, QImage.Format.Format_RGB888)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg)).render(painter)
    painter.end()
    rows = np.frombuffer(bytes(image.constBits()), dtype=np.uint8)
    return rows.reshape(HIGH, image.bytesPerLine())[:, : 3 * WIDE].reshape(HIGH, WIDE, 3) * 1.0


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler-utils")
@pytest.mark.parametrize("name", DRAWINGS)
def test_the_print_is_what_another_program_paints(name: str, tmp_path: Path) -> None:
    svg = (BOX + DRAWINGS[name] + "</svg>").encode()
    ours, theirs = printed(svg, tmp_path), painted(svg)
    assert (theirs < 250).any()
    off = np.abs(ours - theirs).max(axis=2)
    # edges may differ by their smoothing, on a line of pixels; areas may not
    inside = off.copy()
    for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
        inside = np.minimum(inside, np.roll(off, step, axis))
    assert inside.max() < 40.0, name
    assert off.mean() < 2.5, name


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler-utils")
@pytest.mark.parametrize(
    "sizes",
    [
        'viewBox="0 0 40 30"',
        'width="40mm" height="30mm" viewBox="-10 -10 80 60"',
        'width="400" height="300"',
        'width="100%" height="100%" viewBox="0 0 40 30"',
        'width="40" height="30" viewBox="0 0 10 60" preserveAspectRatio="none"',
    ],
)
def test_every_way_to_tell_a_size(sizes: str, tmp_path: Path) -> None:
    shape = '<circle cx="10" cy="15" r="9"/><rect x="18" y="2" width="12" height="6"/>'
    svg = f"{HEAD}{sizes}>{shape}</svg>".encode()
    logo = checked(svg)
    assert logo.width / logo.height == pytest.approx(4 / 3)
    off = np.abs(printed(svg, tmp_path) - painted(svg))
    assert off.mean() < 1.5


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler-utils")
def test_what_qt_does_not_know_is_where_it_should_be(tmp_path: Path) -> None:
    """Clipping, percentages and colours with opacity, pixel by pixel by hand."""
    svg = (
        f'{BOX}<defs><path id="s" d="M40 40h100v100h-100z"/><clipPath id="k">'
        '<use href="#s" x="20"/><circle cx="300" cy="100" r="50" clip-rule="nonzero"/></clipPath>'
        '</defs><g clip-path="url(#k)"><rect width="100%" height="30%" fill="#0066cc"/>'
        '<rect y="30%" width="100%" height="70%" fill="#fc0"/></g>'
        '<rect x="50%" y="200" width="25%" height="50" fill="#0008"/></svg>'
    )
    image = printed(svg.encode(), tmp_path)
    blue, yellow, white = (0, 102, 204), (255, 204, 0), (255, 255, 255)
    for x, y, colour in (
        (70, 50, blue), (150, 50, blue), (170, 50, white), (50, 50, white), (100, 120, yellow),
        (100, 150, white), (300, 60, blue), (300, 140, yellow), (255, 60, white), (20, 280, white),
        (250, 225, (119, 119, 119)), (190, 225, white), (310, 225, white),
    ):  # fmt: skip  # a table
        assert np.abs(image[y, x] - np.array(colour)).max() < 3, (x, y)
