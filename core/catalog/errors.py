"""What can be wrong with the catalog, or with a name looked up in it."""

from __future__ import annotations

from collections.abc import Sequence

MOST_SHOWN = 100
"""Characters of an unknown name that its message repeats."""


class CatalogError(ValueError):
    """A catalog table holds something impossible; the message names the place and the remedy."""

    def __init__(
        self, table: str, row: int | None, column: str | None, value: object, allowed: str
    ) -> None:
        place = table if row is None else f"{table}, line {row}"
        if column is not None:
            place += f", column '{column}'"
        super().__init__(f"{place}: {value!r} is not usable; {allowed}")
        self.table, self.row, self.column, self.value = table, row, column, value


class UnknownNameError(KeyError):
    """A name is neither an id, a name nor an alias; carries the nearest known ones."""

    def __init__(self, kind: str, name: str, suggestions: Sequence[str]) -> None:
        self.kind, self.name, self.suggestions = kind, name, tuple(suggestions)
        hint = f" Did you mean {', '.join(suggestions)}?" if suggestions else ""
        shown = name if len(name) <= MOST_SHOWN else f"{name[:MOST_SHOWN]}…"
        self.message = f"Unknown {kind} '{shown}'.{hint}"
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message
