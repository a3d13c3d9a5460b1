"""Results as files for other programs, offered by the window's menu."""

from __future__ import annotations

from pathlib import Path

from core.interchange.files import write_atomic
from core.recommendation import Analysis, Recommendation


def export_options_csv(recommendation: Recommendation, path: Path) -> None:
    """Write the options as a table. Raises UnwritableFileError (an OSError) with the reason."""
    from core.interchange.exports import options_csv

    write_atomic(path, options_csv(recommendation))


def export_results_json(
    recommendation: Recommendation, path: Path, analysis: Analysis | None = None
) -> None:
    """Write the whole answer. Raises UnwritableFileError (an OSError) with the reason."""
    from core.interchange.exports import results_json

    write_atomic(path, results_json(recommendation, analysis))


def export_workbook(
    recommendation: Recommendation, path: Path, analysis: Analysis | None = None
) -> None:
    """Write the cost model as XLSX. Raises UnwritableFileError (an OSError) with the reason."""
    from core.interchange.workbook import workbook_bytes

    write_atomic(path, workbook_bytes(recommendation, analysis))
