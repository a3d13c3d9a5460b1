"""Undo and redo: a list of immutable documents and a place in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from core.assessment import Assessment

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """A document and the edit that made it."""

    assessment: Assessment
    text: str
    """What was edited, for the Edit menu."""
    path: str = ""
    """Where, so that the window can show it when undone; "" for edits of many places."""


class History:
    """Every state of a document since it was opened."""

    def __init__(self, assessment: Assessment) -> None:
        self._steps = [Step(assessment, "")]
        self._at = 0
        self._open = False

    @property
    def current(self) -> Assessment:
        """The document as it stands."""
        return self._steps[self._at].assessment

    def earlier(self) -> tuple[Assessment, ...]:
        """The states before the present one, newest first."""
        return tuple(step.assessment for step in reversed(self._steps[: self._at]))

    def push(self, step: Step, *, typing: bool = False) -> None:
        """Add an edit; keystrokes in one field become one step until ``seal``."""
        last = self._steps[self._at]
        merges = typing and self._open and self._at > 0 and step.path and last.path == step.path
        del self._steps[self._at + 1 :]
        if merges:
            self._steps[self._at] = step
        else:
            self._steps.append(step)
            self._steps = self._steps[-LONGEST:]
            self._at = len(self._steps) - 1
        self._open = typing

    def rewrite(self, change: Callable[[Assessment], Assessment]) -> None:
        """Change every state alike, which is no edit."""
        self._steps = [
            dataclasses.replace(step, assessment=change(step.assessment)) for step in self._steps
        ]

    def seal(self) -> None:
        """The next keystroke starts a new step."""
        self._open = False

    @property
    def undo_text(self) -> str | None:
        """What ``undo`` would take back; ``None`` where there is nothing."""
        return self._steps[self._at].text if self._at > 0 else None

    @property
    def redo_text(self) -> str | None:
        """What ``redo`` would do again; ``None`` where there is nothing."""
        at = self._at + 1
        return self._steps[at].text if at < len(self._steps) else None

    def undo(self) -> str:
        """Go one edit back and return its place ("" where there is none)."""
        path = self._steps[self._at].path
        if self._at > 0:
            self._at -= 1
        self._open = False
        return path

    def redo(self) -> str:
        """Go one edit forward and return its place."""
        if self._at + 1 < len(self._steps):
            self._at += 1
        self._open = False
        return self._steps[self._at].path
