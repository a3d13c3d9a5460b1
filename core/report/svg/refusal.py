"""Why a drawing is not printed, in words with a remedy."""

from __future__ import annotations

from core.words import _


class SvgRefusedError(ValueError):
    """The SVG cannot be printed faithfully; the message says why and what helps."""


def refused(reason: str) -> SvgRefusedError:
    """The error for a reason that is already a sentence."""
    return SvgRefusedError(reason)


def damaged(code: str) -> SvgRefusedError:
    """Broken content, shown as it stands in the file."""
    return SvgRefusedError(
        _("The logo is damaged: '{code}' cannot be read in the SVG.").format(code=shown(code))
    )


def unsupported(code: str) -> SvgRefusedError:
    """Something that would be lost or loaded, shown as it stands in the file."""
    return not_faithful(f"'{shown(code)}'")


def not_faithful(what: str) -> SvgRefusedError:
    """Something that would look different, in words."""
    return SvgRefusedError(
        _("The SVG logo uses {what}, which cannot be printed faithfully here. Export it as plain "
          "shapes (text as paths, no effects) or as a PNG 600 to 4,000 pixels wide.").format(
            what=what
        )
    )  # fmt: skip  # one text


class Work:
    """What reading may cost in all, since an element can be used again and again."""

    MOST = 1_500_000

    def __init__(self) -> None:
        self.spent = 0

    def spend(self, amount: int) -> None:
        """Count characters read or lines drawn. Raises SvgRefusedError beyond the bound."""
        self.spent += amount
        if self.spent > self.MOST:
            raise too_complex()


def too_complex() -> SvgRefusedError:
    """The error for a drawing beyond what a logo needs."""
    return SvgRefusedError(
        _("The SVG logo is too complex to be printed. Simplify it or export it as a PNG 600 to "
          "4,000 pixels wide.")
    )  # fmt: skip  # one text


def shown(text: str) -> str:
    """A short stretch of the file for a message: one line, 60 characters at most."""
    line = " ".join("".join(c if c.isprintable() else "?" for c in text).split())
    return f"{line[:59]}…" if len(line) > 60 else line
