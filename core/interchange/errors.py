"""What goes wrong with files: one error for documents read, one for files written."""

from __future__ import annotations

from typing import Any

SHOWN_CHARACTERS = 60


class DocumentError(ValueError):
    """A document cannot be used; the message names file, field, value and what is allowed.

    ``file`` is the document's name ("" if it has none), ``path`` the field ("" for the whole
    document), ``reason`` the rest of the sentence.
    """

    def __init__(self, reason: str, *, file: str = "", path: str = "") -> None:
        super().__init__(": ".join(part for part in (file, path, reason) if part))
        self.file = file
        self.path = path
        self.reason = reason


class UnwritableFileError(OSError):
    """A file cannot be written where it was asked for; the message says why and what helps."""


def shown(value: Any) -> str:
    """A value of untrusted origin, short and safe to print: never deep, never long."""
    if isinstance(value, dict):
        return f"an object with {len(value)} entries"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)} entries"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > 128:
        return "a number of enormous size"
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
