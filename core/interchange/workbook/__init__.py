"""The recommendation as a spreadsheet, with the cost model as live formulas.

Sheets: Summary, Options, Cost model, Assumptions, Gates, Performance, Sources. Amounts are in US
dollars, as in all exports, with the user's currency beside where an answer is given. The same
recommendation gives the same bytes.
"""

from __future__ import annotations

import io
from datetime import datetime

from core.interchange.workbook.cost_model import cost_model
from core.interchange.workbook.details import assumptions, gates, performance, sources
from core.interchange.workbook.overview import options_sheet, summary
from core.interchange.workbook.sheet import Book, one_line
from core.recommendation import Analysis, Recommendation
from core.words import _

__all__ = ["workbook_bytes"]


def workbook_bytes(recommendation: Recommendation, analysis: Analysis | None = None) -> bytes:
    """The content of an ``.xlsx`` file.

    Formulas carry the engine's own results as their stored values, so that programs that do not
    compute show the same; spreadsheets compute anew on opening. Text is always text: nothing the
    user typed becomes a formula.
    """
    import xlsxwriter

    content = io.BytesIO()
    file = xlsxwriter.Workbook(
        content,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    as_of = datetime.fromisoformat(recommendation.as_of)
    file.set_properties(
        {
            "title": one_line(recommendation.assessment.project.shown_title),
            "author": one_line(recommendation.assessment.project.author),
            "comments": _("Inference Advisor {version}").format(version=recommendation.version),
            "created": as_of,
        }
    )
    book = Book(file)
    # In the order of the tabs; the model is laid out before those who refer to it are filled.
    tabs = [
        book.sheet(_("Summary")),
        book.sheet(_("Options")),
        book.sheet(_("Cost model")),
        book.sheet(_("Assumptions")),
        book.sheet(_("Gates")),
        book.sheet(_("Performance")),
        book.sheet(_("Sources")),
    ]
    places = cost_model(tabs[2], recommendation)
    summary(tabs[0], recommendation, analysis, places)
    options_sheet(tabs[1], recommendation, places)
    assumptions(tabs[3], recommendation, analysis)
    gates(tabs[4], recommendation)
    performance(tabs[5], recommendation)
    sources(tabs[6], recommendation)
    file.close()
    return content.getvalue()
