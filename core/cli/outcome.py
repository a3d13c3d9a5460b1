"""How a command ends, and how foreign errors become the one message a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from core.assessment import Problem
from core.words import ngettext

DONE = 0
BAD_INPUT = 2
NOT_FEASIBLE = 3
INTERRUPTED = 130


class BadInputError(Exception):
    """What was given cannot be used; the message says where, what and what is allowed."""


def printable(text: str) -> str:
    """Text safe to show on a terminal: control characters (escape sequences) are spelled out.

    The space that does not break stays: it stands between figures and units.
    """
    return "".join(
        c if c.isprintable() or c in "\n\t\u00a0" else c.encode("unicode_escape").decode()
        for c in text
    )


def describe(file: str, found: Sequence[Problem]) -> str:
    """One message for all problems of a file: the first in full, the others by name."""
    first = f"{file}: {found[0].path} ({found[0].label}): {found[0].message}"
    if len(found) == 1:
        return printable(first)
    rest = ", ".join(problem.path for problem in found[1:6])
    more = len(found) - 1
    tail = ngettext("; {more} more problem: {rest}", "; {more} more problems: {rest}", more).format(
        more=more, rest=rest
    )
    return printable(first + tail + (", …" if more > 5 else ""))


@contextmanager
def readable_errors() -> Iterator[None]:
    """Errors of files, documents and catalog as ``BadInputError``; others pass."""
    from core.catalog.errors import CatalogError
    from core.interchange.errors import DocumentError

    try:
        yield
    except BrokenPipeError:
        raise  # the reader of the output went away: no fault of the input
    except (DocumentError, CatalogError, OSError) as error:
        raise BadInputError(printable(str(error))) from error
