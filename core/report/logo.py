"""The customer's logo: checked before it is printed."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from core.notation import local
from core.words import _

MOST_BYTES = 2_000_000
MOST_PIXELS = 4_000
MM_WIDE, MM_HIGH = 45.0, 14.0


@dataclass(frozen=True, slots=True)
class Logo:
    """A checked PNG with its size in pixels."""

    data: bytes
    width: int
    height: int

    def size(self, wide: float, high: float) -> tuple[float, float]:
        """Largest size of the same shape within a width and a height."""
        scale = min(wide / self.width, high / self.height)
        return self.width * scale, self.height * scale


def checked(data: bytes) -> Logo:
    """The logo, if it is a whole PNG of a sensible size. Raises ValueError with the reason."""
    if len(data) > MOST_BYTES:
        raise ValueError(
            _("The logo has {size} MB; at most {most} MB can be printed.").format(
                size=local(f"{len(data) / 1e6:.1f}"), most=local(f"{MOST_BYTES / 1e6:.0f}")
            )
        )
    if b"<svg" in data[:2000].lower():
        raise ValueError(
            _("The logo is an SVG, which cannot be printed faithfully here: effects, style sheets "
              "and fonts would be lost. Export it as a PNG 600 to 4,000 pixels wide.")
        )  # fmt: skip  # one text
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ValueError(_("The logo is not a PNG file."))
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
    except (OSError, SyntaxError, Warning) as error:
        raise ValueError(_("The logo is damaged: it cannot be read as a PNG.")) from error
    return Logo(data, width, height)
