"""The decision as a PDF: ``write_report`` to a file, ``report_bytes`` in memory."""

from core.report.api import SECTION_KEYS as SECTION_KEYS
from core.report.api import Branding as Branding
from core.report.api import ReportCancelledError as ReportCancelledError
from core.report.api import ReportWriteError as ReportWriteError
from core.report.api import report_bytes as report_bytes
from core.report.api import write_report as write_report
