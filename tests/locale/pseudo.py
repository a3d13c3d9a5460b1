"""A language that nobody speaks: every text accented, half as long again and in brackets.

Whatever shows without brackets was not marked for translation; whatever does not fit here has
no room for German.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager

import core.language

CODE = "xx"
_ACCENTS = str.maketrans("aeiouAEIOUcny", "áéíóúÁÉÍÓÚçñý")
_KEPT = re.compile(r"(\{[^}]*\}|&.|;;|\*\.\w+|\n|<[^>]*>)")


def pseudo(text: str) -> str:
    """The text in the pseudo-language; placeholders, mnemonics and line ends are kept."""
    parts = _KEPT.split(text)
    accented = "".join(p if i % 2 else p.translate(_ACCENTS) for i, p in enumerate(parts))
    lead = accented[: len(accented) - len(accented.lstrip())]
    tail = accented[len(accented.rstrip()) :]
    body = accented.strip()
    longer = "~" * max(1, len(text) // 2) if " " not in body else " lörem" * (len(text) // 12 + 1)
    return f"{lead}[{body}{longer}]{tail}" if body else text


class Pseudo(gettext.NullTranslations):
    """Translates by rule."""

    def gettext(self, message: str) -> str:
        """The text in the pseudo-language."""
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form that fits, in the pseudo-language."""
        return pseudo(msgid1 if n == 1 else msgid2)


@contextmanager
def pseudo_language() -> Iterator[str]:
    """The pseudo-language is known inside a ``with`` block; gives its code."""
    load, languages = core.language._load, core.language.LANGUAGES
    core.language._load = lambda code: Pseudo() if code == CODE else load(code)
    core.language.LANGUAGES = {**languages, CODE: "Pseudo"}
    try:
        yield CODE
    finally:
        core.language._load, core.language.LANGUAGES = load, languages
