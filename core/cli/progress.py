"""Progress on the error output: one moving line on a terminal, few plain lines elsewhere."""

from __future__ import annotations

import sys
import time


class ProgressLine:
    """Tells how far long work is; silent when ``quiet`` and for work done at once.

    Call it with a share (0..1) and a text. On a terminal the line is rewritten; in a log a new
    line appears per text, at most one a second.
    """

    PATIENCE_S = 0.3

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._live = sys.stderr.isatty()
        self._started = time.monotonic()
        self._last = ("", -1.0)
        self._width = 0

    def __call__(self, share: float, text: str) -> None:
        """Show the share and text."""
        now = time.monotonic()
        if self._quiet or now - self._started < self.PATIENCE_S:
            return
        percent = f"{min(max(share, 0.0), 1.0):4.0%}"
        if self._live:
            line = f"{percent}  {text}"
            print(f"\r{line:<{self._width}}", end="", file=sys.stderr, flush=True)
            self._width = len(line)
        elif text != self._last[0] and now - self._last[1] >= 1.0:
            print(f"{percent}  {text}", file=sys.stderr, flush=True)
            self._last = (text, now)

    def part(self, start: float, end: float) -> ProgressPart:
        """Progress of one stage, from ``start`` to ``end`` of the whole."""
        return ProgressPart(self, start, end)

    def done(self) -> None:
        """Clear the moving line."""
        if self._width:
            print(f"\r{'':<{self._width}}\r", end="", file=sys.stderr, flush=True)
            self._width = 0


class ProgressPart:
    """A stage of a longer piece of work: its own 0..1 becomes a part of the whole."""

    def __init__(self, whole: ProgressLine, start: float, end: float) -> None:
        self._whole, self._start, self._end = whole, start, end

    def __call__(self, share: float, text: str) -> None:
        """Show the stage's share as the whole's."""
        self._whole(self._start + (self._end - self._start) * share, text)

    def part(self, start: float, end: float) -> ProgressPart:
        """Progress of a step of this stage, from ``start`` to ``end`` of it."""
        span = self._end - self._start
        return ProgressPart(self._whole, self._start + span * start, self._start + span * end)
