"""A value that is worked out where it is first read."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass

import pytest

from core.lazy import lazy


@dataclass(frozen=True)
class Square:
    side: float
    asked: list[str]

    @lazy
    def area(self) -> float:
        """In its own unit."""
        self.asked.append("area")
        return self.side**2


def test_it_is_worked_out_once_and_kept_with_each_object() -> None:
    one, other = Square(2.0, []), Square(3.0, [])
    assert one.asked == []
    assert (one.area, one.area, other.area) == (4.0, 4.0, 9.0)
    assert one.asked == ["area"]
    with pytest.raises(FrozenInstanceError):
        one.area = 5.0  # type: ignore[misc]  # what is tried
    assert Square.area.__doc__ == "In its own unit."
