"""Long tables in blocks of rows, so that memory stays bounded and time in step with the rows.

The states of a queue make every row thousands of numbers wide: arrays of a hundred thousand rows
would leave the processor's caches, and cost up to twice as much per row as ten thousand do.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import numpy as np

ROWS = 2048
"""Rows of one block."""
R = TypeVar("R")


def in_blocks(n: int, work: Callable[[slice], R]) -> R:
    """``work(rows)`` done block by block of ``n`` rows, and joined.

    The result's arrays, also those inside dataclasses, tuples and dictionaries, have those rows as
    their first axis.
    """
    if n <= ROWS:
        return work(slice(0, n))
    blocks = [slice(first, first + ROWS) for first in range(0, n, ROWS)]
    return cast(R, joined([work(rows) for rows in blocks]))


def joined(parts: Sequence[Any]) -> Any:
    """Results of consecutive blocks as one."""
    first = parts[0]
    if isinstance(first, np.ndarray):
        return np.concatenate(parts)
    if dataclasses.is_dataclass(first) and not isinstance(first, type):
        names = [f.name for f in dataclasses.fields(first)]
        return type(first)(**{k: joined([getattr(p, k) for p in parts]) for k in names})
    if isinstance(first, tuple):
        return tuple(joined(items) for items in zip(*parts, strict=True))
    if isinstance(first, dict):
        return {key: joined([p[key] for p in parts]) for key in first}
    raise TypeError(f"no rows to join in a {type(first).__name__}")
