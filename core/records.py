"""Frozen records that are made by the ten thousand.

A frozen dataclass fills itself through ``object.__setattr__``, a call for every field: for one
answer that is a hundred thousand calls, more than the arithmetic of all bills. ``quickly_made``
fills the fields while the new record still has an ordinary class of the same layout, then gives
it its frozen class. What comes out is the same record, frozen like any other.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

Record = TypeVar("Record")


def quickly_made(cls: type[Record]) -> type[Record]:
    """Give a dataclass with ``frozen=True, slots=True`` a quicker ``__init__``.

    For records whose fields are all given at the start or have a fixed default. Raises TypeError
    for any other class.
    """
    fields = dataclasses.fields(cls)  # type: ignore[arg-type]  # anything else raises TypeError
    plain = all(
        f.init and not f.kw_only and f.default_factory is dataclasses.MISSING for f in fields
    )
    slots = "__slots__" in vars(cls) and cls.__bases__ == (object,)
    if not plain or not slots or hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__qualname__} is not a plain record with slots")
    names = [f.name for f in fields]
    known: dict[str, Any] = {
        "set_class": object.__setattr__,
        "Open": type(cls.__name__, (), {"__slots__": tuple(names)}),
        "Frozen": cls,
    }
    known |= {f"default_{f.name}": f.default for f in fields}
    given = [
        n if known[f"default_{n}"] is dataclasses.MISSING else f"{n}=default_{n}" for n in names
    ]
    lines = [
        f"def __init__(self, {', '.join(given)}):",
        " set_class(self, '__class__', Open)",
        *(f" self.{name} = {name}" for name in names),
        " self.__class__ = Frozen",
    ]
    exec("\n".join(lines), known)
    known["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    cls.__init__ = known["__init__"]  # type: ignore[method-assign]  # that is the purpose
    return cls


if TYPE_CHECKING:
    changed = dataclasses.replace
else:
    _values: dict[type, attrgetter] = {}

    def changed(record, /, **changes):
        """``dataclasses.replace`` for records with several fields, in half the time."""
        cls = type(record)
        read = _values.get(cls)
        if read is None:
            read = _values[cls] = attrgetter(*cls.__match_args__)
        return cls(**{**dict(zip(cls.__match_args__, read(record), strict=True)), **changes})
