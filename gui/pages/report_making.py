"""How a report is made in the background, and what it was made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import SignalInstance

from core.recommendation import Analysis, Recommendation
from gui.pages.report_look import ReportLook
from gui.workers import Ticket

if TYPE_CHECKING:
    from gui.view_models.session import Session

Paper = Literal["A4", "Letter"]
Build = Callable[..., bytes]
"""``build(recommendation, analysis=, paper=, progress=, cancelled=) -> bytes``."""


def build_report(recommendation: Recommendation, **options: Any) -> bytes:
    """The report's bytes; the report's machinery loads with the first call."""
    from core.report import report_bytes

    return report_bytes(recommendation, **options)


@dataclass(frozen=True, slots=True)
class Made:
    """A finished report and what it was made from."""

    recommendation: Recommendation
    analysis: Analysis | None
    paper: Paper
    language: str
    look: ReportLook
    data: bytes


def report_work(
    session: Session, build: Build, paper: Paper, code: str, look: ReportLook, told: SignalInstance
) -> Callable[[Ticket], Made]:
    """Work that makes the report of the session's answer as it stands now.

    ``told`` is emitted with the ticket and the share done.
    """
    recommendation, analysis = session.recommendation, session.analysis
    assert recommendation is not None
    in_language = session.told_in(code)

    def work(ticket: Ticket) -> Made:
        def progress(share: float, *_words: object) -> None:
            ticket.tell(told, share)

        answer, its_analysis = in_language(ticket)
        data = build(
            answer,
            analysis=its_analysis,
            paper=paper,
            progress=progress,
            cancelled=lambda: ticket.cancelled,
            **({"branding": look.branding()} if look != ReportLook() else {}),
        )
        return Made(recommendation, analysis, paper, code, look, data)

    return work
