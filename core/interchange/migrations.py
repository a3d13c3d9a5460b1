"""Older documents brought up to date, one registered step per schema version.

A step takes the document of one version, as parsed JSON, and returns that of the next. The
schema is at version 1, so nothing is registered yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.assessment import SCHEMA_VERSION
from core.interchange.errors import DocumentError, shown
from core.words import _

Document = dict[str, Any]
Migration = Callable[[Document], Document]

MIGRATIONS: dict[int, Migration] = {}
"""Step from each version to the next."""


def migration(from_version: int) -> Callable[[Migration], Migration]:
    """Register a function as the step from ``from_version`` to ``from_version + 1``."""

    def register(step: Migration) -> Migration:
        if from_version in MIGRATIONS:
            raise ValueError(
                _("two migrations from schema version {from_version}").format(
                    from_version=from_version
                )
            )
        MIGRATIONS[from_version] = step
        return step

    return register


def up_to_date(
    document: Document,
    *,
    file: str = "",
    target: int = SCHEMA_VERSION,
    steps: Mapping[int, Migration] = MIGRATIONS,
) -> Document:
    """The document in the current schema.

    Raises DocumentError where the version is missing, newer than this program, or older than
    the oldest registered step.
    """
    if "schema_version" not in document:
        raise DocumentError(
            _("must be given: a whole number, at present {target}").format(target=target),
            file=file,
            path="schema_version",
        )
    version = document["schema_version"]
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise DocumentError(
            _("must be a whole number from 1 to {target}; got {shown}").format(
                target=target, shown=shown(version)
            ),
            file=file,
            path="schema_version",
        )
    if version > target:
        raise DocumentError(
            _(
                "is {version}: written by a newer version of this program, which reads up to "
                "{target}; update it to open this file"
            ).format(version=shown(version), target=target),
            file=file,
            path="schema_version",
        )
    while version < target:
        if version not in steps:
            raise DocumentError(
                _(
                    "is {version}, which this program can no longer read; it reads {min} to "
                    "{target}"
                ).format(version=version, min=min(steps, default=target), target=target),
                file=file,
                path="schema_version",
            )
        document = steps[version](document)
        version += 1
    return {**document, "schema_version": target}
