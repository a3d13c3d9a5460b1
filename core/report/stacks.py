"""Boxes below each other, and stacks of them beside each other."""

from __future__ import annotations

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


class ColumnsBox(Box):
    """Stacks that fill two columns, the left one first; between two of them a page may turn.

    Of all places where the second column may begin the one that leaves the columns most alike in
    height is taken, so that no page has an empty one.
    """

    def __init__(self, items: list[list[Box]], width: float) -> None:
        self.items, self.width = items, width
        ends = range(1, len(items) + 1)
        sides = min(
            ([_joined(items[:end]), _joined(items[end:])] for end in ends),
            key=lambda pair: max(stacked(boxes)[1] for boxes in pair),
        )
        self.inside = SideBySideBox(sides, width)
        self.after, self.height = self.inside.after, self.inside.height

    @property
    def first(self) -> float:
        """Height of the first stack of each column."""
        return (
            self.height if len(self.items) <= 2 else ColumnsBox(self.items[:2], self.width).height
        )

    def split(self, room: float, full: float) -> tuple[Box, Box] | None:
        """As many stacks as fit in both columns, at least one in each."""
        for end in range(len(self.items) - 1, 1, -1):
            part = ColumnsBox(self.items[:end], self.width)
            if part.height <= room + 0.01:
                return part, ColumnsBox(self.items[end:], self.width)
        return None

    def draw(self, pen: Pen, x: float, top: float) -> None:
        """Draw the left column, then the right one."""
        self.inside.draw(pen, x, top)


def _joined(items: list[list[Box]]) -> list[Box]:
    return [box for item in items for box in item]
