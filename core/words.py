"""Translation of fixed texts: one gettext catalogue for window, command line and report.

``_`` marks and translates a text; values go in afterwards (``_("{n} sites").format(n=3)``), so
that translators see whole sentences. ``make messages`` collects what is marked here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from core.language import ENGLISH, catalogue, in_use

Told: TypeAlias = str | Callable[[], str]
"""A text, or a function that makes it: for those of which most are never read."""


def _(text: str) -> str:
    """The text in the language in use; itself where there is no translation."""
    if in_use.get() == ENGLISH or not text:  # asked tens of thousands of times for one answer
        return text
    return catalogue().gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a text that fits ``count`` in the language in use."""
    return catalogue().ngettext(one, many, count)


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a text of a table that is translated with ``_`` where it is shown."""
    return text


def told(text: Told) -> str:
    """The text itself."""
    return text if isinstance(text, str) else text()
