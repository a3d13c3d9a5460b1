"""The language an answer is given in: window, command line and report read one setting.

The setting belongs to the running context (``contextvars``), never to the module: a report made
in German by a worker changes nothing for the window beside it. Only words and the way numbers
are written depend on it; ids, keys and stored values never do.
"""

from __future__ import annotations

import contextlib
import gettext
import importlib.resources
from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache

DOMAIN = "inference_advisor"
ENGLISH = "en"
LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français"}
"""Language codes (ISO 639-1) and what each language calls itself."""

in_use: ContextVar[str] = ContextVar("language", default=ENGLISH)
"""The setting itself; change it with ``use_language`` or ``speaking``."""


def language() -> str:
    """The code of the language in use here."""
    return in_use.get()


def use_language(code: str) -> None:
    """Answer in this language from now on, in this context. Raises ValueError if unknown."""
    in_use.set(_known(code))


@contextlib.contextmanager
def speaking(code: str) -> Iterator[None]:
    """Answer in this language inside a ``with`` block. Raises ValueError if unknown."""
    token = in_use.set(_known(code))
    try:
        yield
    finally:
        in_use.reset(token)


def catalogue() -> gettext.NullTranslations:
    """The translations of the language in use."""
    return _load(in_use.get())


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}; got {code!r}")
    return code


@cache
def _load(code: str) -> gettext.NullTranslations:
    if code == ENGLISH:
        return gettext.NullTranslations()
    folder = importlib.resources.files("resources") / "locale"
    with (folder / f"{code}.mo").open("rb") as file:
        return gettext.GNUTranslations(file)
