"""Typed access to a JSON object from a stranger: every value checked where it is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.interchange.errors import DocumentError, shown
from core.notation import local
from core.words import _

LARGEST = 10**9
LONGEST_TEXT = 1000
LONGEST_LIST = 10_000


class JsonObject:
    """Fields of an object by name; each method raises DocumentError naming the field.

    Fields go by several names in the published files: methods take all of them and use the
    first that is there. A field that is ``null`` counts as absent, as it does in those files.
    """

    def __init__(self, values: dict[str, Any], file: str = "", path: str = "") -> None:
        self._values = values
        self.file = file
        self._path = path

    def fail(self, name: str, reason: str) -> DocumentError:
        """The error to raise for a field."""
        return DocumentError(reason, file=self.file, path=f"{self._path}{name}")

    def has(self, *names: str) -> bool:
        """Whether any of the names holds a value."""
        return any(self._values.get(name) is not None for name in names)

    def found(self, *names: str) -> tuple[str, Any]:
        """(name, value) of the first name that holds a value; (first name, None) for none."""
        return next(
            ((n, self._values[n]) for n in names if self._values.get(n) is not None),
            (names[0], None),
        )

    def whole(
        self, *names: str, default: int | None = None, least: int = 1, most: int = LARGEST
    ) -> int:
        """A whole number within limits; ``default`` where the field is absent.

        A list of one and the same number (some files repeat it for every layer) is that number.
        """
        name, value = self.found(*names)
        if isinstance(value, list) and value and all(item == value[0] for item in value):
            value = value[0]
        if value is None:
            if default is None:
                raise self.fail(
                    name,
                    _("must be given: a whole number from {least} to {most}").format(
                        least=least, most=local(f"{most:,}")
                    ),
                )
            return default
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not good or value != value or not least <= value <= most or value != int(value):
            raise self.fail(
                name,
                _("must be a whole number from {least} to {most}; got {shown}").format(
                    least=least, most=local(f"{most:,}"), shown=shown(value)
                ),
            )
        return int(value)

    def number(self, *names: str, default: float) -> float:
        """A number above zero."""
        name, value = self.found(*names)
        if value is None:
            return default
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not good or not 0 < value <= LARGEST:
            raise self.fail(
                name, _("must be a number above 0; got {shown}").format(shown=shown(value))
            )
        return float(value)

    def measured(self, *names: str) -> float | None:
        """A finite number from 0; ``None`` where the field is absent."""
        name, value = self.found(*names)
        if value is None:
            return None
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not good or not 0 <= value <= 1e15:
            raise self.fail(
                name, _("must be a number from 0; got {shown}").format(shown=shown(value))
            )
        return float(value)

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false."""
        value = self._values.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.fail(
                name, _("must be true or false; got {shown}").format(shown=shown(value))
            )
        return value

    def text(self, *names: str, default: str = "") -> str:
        """A short text."""
        name, value = self.found(*names)
        if value is None:
            return default
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise self.fail(
                name,
                _("must be a text of at most {longest_text} characters; got {shown}").format(
                    longest_text=local(f"{LONGEST_TEXT:,}"), shown=shown(value)
                ),
            )
        return value

    def section(self, *names: str) -> JsonObject | None:
        """A nested object."""
        name, value = self.found(*names)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.fail(name, _("must be an object; got {shown}").format(shown=shown(value)))
        return JsonObject(value, self.file, f"{self._path}{name}.")

    def sections(self, name: str) -> list[JsonObject]:
        """The objects inside an object, or in a list, of any names; what is none is left out."""
        value = self._values.get(name)
        if isinstance(value, dict):
            inner: list[tuple[str, Any]] = [(f".{key}", item) for key, item in value.items()]
        else:
            listed = value if isinstance(value, list) else []
            inner = [(f"[{n}]", item) for n, item in enumerate(listed)]
        return [
            JsonObject(item, self.file, f"{self._path}{name}{key}.")
            for key, item in inner
            if isinstance(item, dict)
        ]

    def items(self, name: str, kind: type, length: int | None = None) -> list[Any] | None:
        """A list of values of one type, ``length`` of them; ``None`` where absent."""
        value = self._values.get(name)
        if value is None:
            return None
        what = {str: _("names"), int: _("whole numbers")}[kind]
        if not isinstance(value, list) or len(value) > LONGEST_LIST:
            raise self.fail(
                name,
                _("must be a list of {what}; got {shown}").format(what=what, shown=shown(value)),
            )
        for n, item in enumerate(value):
            if not isinstance(item, kind) or isinstance(item, bool):
                raise self.fail(
                    f"{name}[{n}]",
                    _("must be one of {what}; got {shown}").format(what=what, shown=shown(item)),
                )
        if length is not None and len(value) != length:
            raise self.fail(
                name,
                _("must have one entry per layer ({length}); it has {len}").format(
                    length=length, len=local(f"{len(value):,}")
                ),
            )
        return value

    def require(self, groups: Sequence[tuple[str, ...]]) -> list[str]:
        """Those of the groups of names of which none is there, written "a (or b, c)"."""
        return [
            group[0] + (f" (or {', '.join(group[1:])})" if len(group) > 1 else "")
            for group in groups
            if not self.has(*group)
        ]
