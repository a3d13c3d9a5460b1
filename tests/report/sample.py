"""The sample report in resources/docs, made anew (`make sample-report`)."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from core.analysis import analyse
from core.assess import assess
from core.catalog.load import load_catalog
from core.interchange.document import load
from core.report import report_bytes

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "resources" / "docs" / "sample-report.pdf"
EXAMPLE = ROOT / "resources" / "examples" / "bank_chat.json"


def fresh(as_of: date) -> bytes:
    """The bank's report as the program makes it for a day."""
    catalog = load_catalog()
    answer = assess(load(EXAMPLE), catalog, as_of=as_of)
    return report_bytes(answer, analysis=analyse(answer, catalog))


if __name__ == "__main__":
    SAMPLE.write_bytes(fresh(date.today()))
    sys.stdout.write(f"{SAMPLE.relative_to(ROOT)}\n")
