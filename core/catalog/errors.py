"""What can be wrong with the catalog, or with a name looked up in it."""

from __future__ import annotations

from collections.abc import Sequence

from core.words import N_, _

MOST_SHOWN = 100
"""Characters of an unknown name that its message repeats."""


KINDS = {"model": N_("model"), "accelerator": N_("accelerator"), "currency": N_("currency")}
"""What people look up by name, in the middle of a sentence."""


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
    """A name is neither an id, a name nor an alias; carries the ids of the nearest known ones.

    ``named``: what people call these, where the message is to say that.
    """

    def __init__(
        self, kind: str, name: str, suggestions: Sequence[str], named: Sequence[str] = ()
    ) -> None:
        self.kind, self.name, self.suggestions = kind, name, tuple(suggestions)
        shown = name if len(name) <= MOST_SHOWN else f"{name[:MOST_SHOWN]}…"
        self.message = _("Unknown {kind} '{name}'.").format(
            kind=_(KINDS.get(kind, kind)), name=shown
        )
        if suggestions:
            near = ", ".join(named or suggestions)
            self.message += " " + _("Did you mean {near}?").format(near=near)
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message
