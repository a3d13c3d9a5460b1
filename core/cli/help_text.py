"""Help of the command line in the language asked for; ``argparse`` itself knows only English."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

from core.language import ENGLISH, LANGUAGES
from core.words import _

OPTION = "--language"


def asked_language(words: Sequence[str]) -> str:
    """The language that the command line's words ask for, English without a known one.

    Read before they are parsed: help and errors of the parser are told in it too.
    """
    found = ENGLISH
    for i, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == OPTION:
            value = value if equals else next(iter(words[i + 1 : i + 2]), "")
            found = value if value in LANGUAGES else found
    return found


class Formatter(argparse.HelpFormatter):
    """``usage:`` in the language in use."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """As argparse's own, with a translated first word."""
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser whose headings are in the language in use; so are its commands' parsers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": Formatter, **options})
        self._positionals.title = _("positional arguments")
        self._optionals.title = _("options")
        for action in self._actions:
            if isinstance(action, argparse._HelpAction):
                action.help = _("show this help and exit")
