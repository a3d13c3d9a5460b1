"""Translation of fixed texts: one gettext catalogue for window, command line and report.

``_`` marks and translates a text; values go in afterwards (``_("{n} sites").format(n=3)``), so
that translators see whole sentences.
"""

from __future__ import annotations

import gettext

_state: dict[str, gettext.NullTranslations] = {"catalogue": gettext.NullTranslations()}


def use_catalogue(catalogue: gettext.NullTranslations) -> None:
    """Translate with this catalogue from now on (set once, at start-up, by window or command)."""
    _state["catalogue"] = catalogue


def _(text: str) -> str:
    """The text in the language in use; itself where there is no translation."""
    return _state["catalogue"].gettext(text) if text else text
