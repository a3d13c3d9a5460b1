"""Whose report it is: company, confidentiality, accent colour and logo."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.notation import day, local
from core.report.document import Frame
from core.report.logo import Logo, checked
from core.report.style import ACCENT, Colour, contrast, rgb
from core.report.text import one_line
from core.words import _

LEAST_CONTRAST = 4.5
"""Of the accent colour against white paper (WCAG 2 AA)."""
MOST_IN_LINE = 90
"""Characters of usual width that the foot of a page holds beside the page number."""


@dataclass(frozen=True, slots=True)
class Branding:
    """Whose report it is.

    ``accent`` is ``#rrggbb`` and must read on white paper; ``logo`` holds the bytes of a PNG
    or SVG, ``None`` where there is none.
    """

    company: str = ""
    confidentiality: str = ""
    accent: str = ""
    logo: bytes | None = None

    def colour(self) -> Colour:
        """The accent colour. Raises ValueError where it is malformed or too light to read."""
        if not self.accent:
            return ACCENT
        if not re.fullmatch(r"#?[0-9A-Fa-f]{6}", self.accent):
            raise ValueError(
                _("The accent colour is written #rrggbb, like {example}; got “{colour}”.").format(
                    example="#17567d", colour=one_line(self.accent, 20)
                )
            )
        colour = rgb(self.accent)
        found = contrast(colour, (1.0, 1.0, 1.0))
        if found < LEAST_CONTRAST:
            raise ValueError(
                _("The accent colour {colour} is too light for white paper: its contrast is "
                  "{found}, at least {least} is needed.").format(
                    colour=self.accent,
                    found=local(f"{found:.1f}"),
                    least=local(f"{LEAST_CONTRAST:g}"),
                )
            )  # fmt: skip  # one sentence
        return colour

    def line(self) -> str:
        """The line of confidentiality. Raises ValueError where the foot cannot hold it whole."""
        line = one_line(self.confidentiality)
        if len(line) > MOST_IN_LINE:
            raise ValueError(
                _("The line of confidentiality has {n} characters; at most {most} fit the foot of "
                  "a page.").format(n=len(line), most=MOST_IN_LINE)
            )  # fmt: skip  # one sentence
        return line

    def checked_logo(self) -> Logo | None:
        """The logo, where there is one. Raises ValueError where it cannot be printed."""
        return None if self.logo is None else checked(self.logo)


def frame(look: Branding, title: str, as_of: str, customer: str = "") -> Frame:
    """What stands around the text on every page."""
    return Frame(
        header=f"{_('Inference Advisor')} · {title}",
        date=_("As of {date}").format(date=day(as_of)),
        names=" · ".join(one_line(part, 120) for part in (look.company, customer) if part),
        confidentiality=look.line(),
        accent=look.colour(),
        logo=look.checked_logo(),
    )
