"""Sentences for the person about files that could not be read or written."""

from __future__ import annotations

from pathlib import Path

from core.interchange.errors import DocumentError
from core.words import _


def not_saved(error: Exception, path: Path) -> str:
    """Why a file was not written; an error of writing names the file itself."""
    if isinstance(error, OSError):
        return _("Not saved: {error}. Your work is still here.").format(error=error)
    return _("{name} could not be saved: {error}. Your work is still here.").format(
        name=path.name, error=error
    )


def not_opened(error: Exception, path: Path) -> str:
    """Why a file was not read."""
    why = by_name(error) if isinstance(error, DocumentError) else f"{path.name}: {error}"
    return _("Not opened: {error}").format(error=why)


def by_name(error: Exception) -> str:
    """What is wrong with a file, called by its name: whoever chose it knows its folder."""
    if not isinstance(error, DocumentError):
        return str(error)
    return str(DocumentError(error.reason, file=Path(error.file).name, path=error.path))
