"""Boxes below each other, and stacks of them beside each other."""

from __future__ import annotations

import math

from core.report.boxes import Box
from core.report.pen import Pen


def stacked(boxes: list[Box]) -> tuple[list[tuple[float, Box]], float]:
    """Offsets of boxes below each other from the first one's top, and the whole height."""
    placed, y, last = [], 0.0, 0.0
    for number, box in enumerate(boxes):
        if number:
            y += max(last, box.before)
        placed.append((y, box))
        y += box.height
        last = box.after
    return placed, y


class SideBySideBox(Box):
    """Stacks beside each other."""

    GUTTER = 16.0

    def __init__(self, stacks: list[list[Box]], width: float) -> None:
        self.stacks = [stacked(boxes) for boxes in stacks]
        self.width = width
        self.after = 6.0
        self.height = max((height for _, height in self.stacks), default=0.0)
        inside = [box for boxes in stacks for box in boxes]
        self.floats = bool(inside) and all(box.floats for box in inside)

    @classmethod
    def part_width(cls, width: float, count: int) -> float:
        """Width of one stack."""
        return (width - cls.GUTTER * (count - 1)) / count

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw stack after stack."""
        step = self.part_width(self.width, len(self.stacks)) + self.GUTTER
        for number, (placed, _) in enumerate(self.stacks):
            for offset, box in placed:
                box.draw(pen, x + number * step, top - offset)


WHOLE = 70.0
"""Height (points) that two columns may be higher for so that no table breaks between them."""
STEP = 3.0


class ColumnsBox(Box):
    """Stacks that fill two columns, the left one first; they may go on on the next page.

    The columns are made as much alike in height as their order allows, so that no page has an
    empty one; for that the last box of a stack may break, as it may at the foot of a page.
    """

    def __init__(self, items: list[list[Box]], width: float) -> None:
        self.items, self.width = items, width
        whole, broken = self._alike(breaking=False), self._alike(breaking=True)
        sides = whole if _height(whole) <= _height(broken) + WHOLE else broken
        self._set(sides)

    def _set(self, sides: list[list[Box]]) -> None:
        self.inside = SideBySideBox(sides, self.width)
        self.after, self.height = self.inside.after, self.inside.height

    def _alike(self, *, breaking: bool) -> list[list[Box]]:
        """The lowest two columns that hold everything."""
        room = sum(stacked(item)[1] for item in self.items) / 2.0
        while True:
            left, rest = _filled(self.items, room, breaking=breaking)
            right, rest = _filled(rest, room, breaking=breaking)
            if not rest:
                return [left, right]
            room += STEP

    @property
    def first(self) -> float:
        """Height of the smallest beginning of each column."""
        return max((_first(item) for item in self.items[:2]), default=0.0)

    def split(self, room: float, full: float) -> tuple[Box, Box] | None:
        """As much as fits in both columns, at least one stack or its beginning in each."""
        left, rest = _filled(self.items, room)
        right, rest = _filled(rest, room)
        if not left or not right or not rest:
            return None
        part = ColumnsBox(self.items[:1], self.width)
        part._set([left, right])
        return part, ColumnsBox(rest, self.width)

    def lower(self, room: float) -> Box | None:
        """With a table broken between the columns, where whole tables are too high."""
        sides = self._alike(breaking=True)
        if _height(sides) > room:
            return None
        made = ColumnsBox(self.items[:1], self.width)
        made._set(sides)
        return made

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw the left column, then the right one."""
        self.inside.draw(pen, x, top)


def _height(sides: list[list[Box]]) -> float:
    return max(stacked(boxes)[1] for boxes in sides)


def _first(item: list[Box]) -> float:
    """Height of the smallest beginning of a stack whose last box may break."""
    return stacked(item)[1] - item[-1].height + item[-1].first


def _filled(
    items: list[list[Box]], room: float, *, breaking: bool = True
) -> tuple[list[Box], list[list[Box]]]:
    """The stacks that fit below each other in ``room`` points, and those that are left."""
    taken: list[Box] = []
    for number, item in enumerate(items):
        height = stacked([*taken, *item])[1]
        if height > room + 0.01:
            left = room - (height - item[-1].height)
            parts = item[-1].split(left, math.inf) if breaking and left > 0 else None
            if parts is None:
                return taken, items[number:]
            return [*taken, *item[:-1], parts[0]], [[parts[1]], *items[number + 1 :]]
        taken += item
    return taken, []
