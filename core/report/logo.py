"""The customer's logo: checked before it is printed."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.notation import local
from core.words import _

if TYPE_CHECKING:
    from core.report.pen import Pen
    from core.report.svg import SvgDrawing

MOST_BYTES = 2_000_000
MOST_SVG_BYTES = 500_000
MOST_PIXELS = 4_000
MM_WIDE, MM_HIGH = 45.0, 14.0


@dataclass(frozen=True, slots=True)
class Logo:
    """A checked logo with its size in pixels or user units: an SVG has a ``drawing``."""

    width: float
    height: float
    data: bytes
    drawing: SvgDrawing | None = None

    def size(self, wide: float, high: float) -> tuple[float, float]:
        """Largest size of the same shape within a width and a height."""
        scale = min(wide / self.width, high / self.height)
        return self.width * scale, self.height * scale

    def draw(self, pen: Pen, x: float, y: float, wide: float, high: float) -> None:
        """Draw into a box with its lower left corner at (x, y), in points."""
        if self.drawing is not None:
            self.drawing.draw(pen, x, y, wide, high)
            return
        from reportlab.lib.utils import ImageReader

        pen.canvas.drawImage(ImageReader(io.BytesIO(self.data)), x, y, wide, high, mask="auto")


def checked(data: bytes) -> Logo:
    """The logo, if it is a whole PNG or a plain SVG of a sensible size.

    Raises ValueError with the reason.
    """
    if not data:
        raise ValueError(_("The logo's file is empty."))
    if len(data) > MOST_BYTES:
        raise ValueError(
            _("The logo has more than {most} MB, which is more than can be printed.").format(
                most=local(f"{MOST_BYTES / 1e6:.0f}")
            )
        )
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _checked_png(data)
    if _looks_like_xml(data):
        return _checked_svg(data)
    raise ValueError(_("The logo is neither a PNG nor an SVG file."))


def _looks_like_xml(data: bytes) -> bool:
    """Whether text begins with a tag, in any of the encodings of XML."""
    start = data[:200].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")
    return start.startswith(b"<")


def _checked_svg(data: bytes) -> Logo:
    if len(data) > MOST_SVG_BYTES:
        raise ValueError(
            _("The SVG logo has {size} kB; at most {most} kB can be printed.").format(
                size=local(f"{len(data) / 1e3:,.0f}"), most=local(f"{MOST_SVG_BYTES / 1e3:.0f}")
            )
        )
    from core.report.svg import read_svg

    drawing = read_svg(data)
    return Logo(drawing.width, drawing.height, data, drawing)


def _checked_png(data: bytes) -> Logo:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data)) as image:
                width, height = image.size
                if max(width, height) > MOST_PIXELS:
                    raise ValueError(
                        _("The logo has {width} x {height} pixels; at most {most} are allowed.")
                        .format(width=width, height=height, most=MOST_PIXELS)
                    )  # fmt: skip  # one sentence
                image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValueError(
            _("The logo has too many pixels; at most {most} a side are allowed.").format(
                most=MOST_PIXELS
            )
        ) from error
    except (OSError, SyntaxError, Warning) as error:
        raise ValueError(_("The logo is damaged: it cannot be read as a PNG.")) from error
    return Logo(width, height, data)
