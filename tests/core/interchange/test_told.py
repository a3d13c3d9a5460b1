"""What an import found, as people read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.interchange.told import traffic_lines
from core.interchange.traffic import read_traffic
from core.language import speaking


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("en", "2026-01-01 00:00 to 2026-01-02 23:00"),
        ("de", "01.01.2026 00:00 bis 02.01.2026 23:00"),
    ],
)
def test_when_traffic_begins_and_ends_is_told_by_the_language(
    tmp_path: Path, code: str, wanted: str
) -> None:
    hours = [f"2026-01-0{1 + hour // 24}T{hour % 24:02d}:00,5" for hour in range(48)]
    file = tmp_path / "week.csv"
    file.write_text("\n".join(["timestamp,count", *hours]), encoding="utf-8")
    with speaking(code):
        assert wanted in traffic_lines(read_traffic(str(file)))[0]
