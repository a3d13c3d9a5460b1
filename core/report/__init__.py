"""The decision as a PDF: ``write_report`` to a file, ``report_bytes`` in memory.

``write_comparison`` and ``comparison_bytes`` put several answers beside each other.
"""

from core.report.api import SECTION_KEYS as SECTION_KEYS
from core.report.api import load_all as load_all
from core.report.api import report_bytes as report_bytes
from core.report.api import write_report as write_report
from core.report.branding import Branding as Branding
from core.report.comparison import comparison_bytes as comparison_bytes
from core.report.comparison import write_comparison as write_comparison
from core.report.document import ReportCancelledError as ReportCancelledError
from core.report.writing import ReportWriteError as ReportWriteError
