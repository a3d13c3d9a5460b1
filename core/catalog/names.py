"""Finding a row of the catalog by what people call it: id, name, alias, other spellings."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TypeVar

from core.catalog.errors import UnknownNameError
from core.catalog.table import Row, read_table

T = TypeVar("T")


def names_of(aliases: Mapping[str, str], called: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Lower-case id, name or alias -> id; ids win over names, names over aliases."""
    pairs = list(called)
    ids = {key for key, _ in pairs}
    found = {alias.lower(): key for alias, key in aliases.items() if key in ids}
    found |= {name.lower(): key for key, name in reversed(pairs)}
    return found | {key.lower(): key for key, _ in pairs}


def named(kind: str, name: str, table: Mapping[str, T]) -> T:
    """The row of an id as it stands. Raises ``UnknownNameError`` with the nearest ids."""
    try:
        return table[name]
    except KeyError:
        near = difflib.get_close_matches(name, table, n=3, cutoff=0.4)
        raise UnknownNameError(kind, name, near) from None


def resolved(
    kind: str,
    name: str,
    table: Mapping[str, T],
    names: Mapping[str, str],
    other_spelling: Callable[[str, Iterable[tuple[str, str]]], str | None],
) -> T:
    """The row of an id, name or alias in any case, or in what ``other_spelling`` makes of it.

    Raises ``UnknownNameError`` with the nearest known names.
    """
    if name in table:
        return table[name]
    asked = name.strip().lower()
    key = names.get(asked)
    if key is None:
        key = other_spelling(asked, names.items())
    if key is not None:
        return table[key]
    near = difflib.get_close_matches(asked, names, n=8, cutoff=0.6)
    within = [known for known in names if asked and asked in known]
    # a known name with something after it is that one rather than its like with that ending
    most_of_it = [known for known in names if 2 * len(known) > len(asked) and known in asked]
    ids = dict.fromkeys(names[n] for n in (*sorted(most_of_it, key=len)[-1:], *near, *within))
    nearest = tuple(ids)[:3]
    raise UnknownNameError(
        kind, name, nearest, [str(getattr(table[key], "name", key)) for key in nearest]
    )


def aliases_of(kind: str, known: Iterable[str]) -> dict[str, str]:
    """Alias -> id of a kind's rows in aliases.csv. Raises ``CatalogError`` for an unknown id."""
    ids, found = frozenset(known), {}
    for row in _rows():
        if row.choice("kind", ("model", "accelerator")) == kind:
            if row.text("id") not in ids:
                raise row.fail("id", f"an id of {kind}s.csv is expected")
            found[row.text("alias")] = row.text("id")
    return found


@cache
def _rows() -> list[Row]:
    """The table, read once for both kinds."""
    return read_table("aliases")
