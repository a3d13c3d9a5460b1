"""Each step's page, loaded when it is made: the first window waits for one page only."""

from __future__ import annotations

from PySide6.QtWidgets import QWizardPage

from gui.view_models.cursor import WorkloadCursor
from gui.view_models.session import Session


def make_page(key: str, session: Session, cursor: WorkloadCursor) -> QWizardPage:
    """The page of the step with this key. Raises KeyError."""
    if key == "workload":
        from gui.pages.workload import WorkloadPage

        return WorkloadPage(session, cursor)
    if key == "targets":
        from gui.pages.targets import TargetsPage

        return TargetsPage(session, cursor)
    if key == "site":
        from gui.pages.site import SitePage

        return SitePage(session)
    if key == "economics":
        from gui.pages.economics import EconomicsPage

        return EconomicsPage(session)
    if key == "priorities":
        from gui.pages.priorities import PrioritiesPage

        return PrioritiesPage(session)
    if key == "review":
        from gui.pages.review import ReviewPage

        return ReviewPage(session)
    if key == "recommendation":
        from gui.pages.recommendation import RecommendationPage

        return RecommendationPage(session)
    if key == "report":
        from gui.pages.report import ReportPage

        return ReportPage(session)
    raise KeyError(key)
